//! The door: passwords, sessions, lockout. Shown on both engines.

use super::bench::{Bench, Engine, Log, command};
use crate::{
    command::{SiteOpening, open_site},
    demo,
};
use app::door::{Refusal, STATEMENT, WRONG_PASSWORDS_ALLOWED, Whence};
use chrono::TimeDelta;
use domain::{
    ids::{CommandId, UserId},
    ledger::{Entry, LedgerName},
    master_record::BM_MSC as MASTER_RECORD,
    people::PersonCommand,
    rights::{self, Action, Role},
    specification::BM_MSC as SPECIFICATION,
};
use std::future::Future;
use store::{Answer, Person, Signing};
use tracing::instrument::WithSubscriber as _;
use uuid::Uuid;

const PASSWORD: &str = "a few words in a row";
const OTHER: &str = "other words in a row";
/// Nowhere in particular.
const HERE: Whence = Whence {
    address: None,
    session: None,
};
/// What Tom may do.
const WORK: (&str, Action) = ("GE", Action::VerifyEntry);

macro_rules! on_both {
    ($($(#[$doc:meta])* $case:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::begin(super::Engine::Sqlite).await.unwrap()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(bench) = super::begin(super::Engine::Postgres).await {
                    super::$case(bench).await;
                }
            })*
        }
    };
}

mod at_once;
mod meanwhile;
mod once_more;
mod passwords;
mod sessions;

on_both! {
    five_wrong_passwords_lock_and_only_an_administrator_unlocks
    wrong_passwords_at_signing_count_too
    an_empty_password_is_missing_and_not_wrong
    each_way_of_being_refused_costs_one_hash
    a_right_password_forgets_the_wrong_ones
    a_password_of_somebody_else_opens_nothing_but_its_own_change
    a_signature_needs_the_own_user_name_and_an_accepted_statement
}

async fn begin(engine: Engine) -> Option<Bench> {
    let bench = Bench::empty(engine).await?;
    add(&bench, 1, "anna", &[("org", Role::Administrator)], true).await;
    open_genoa(&bench).await;
    add(&bench, 2, "tom", &[("GE", Role::Technician)], true).await;
    Some(bench)
}

async fn open_genoa(bench: &Bench) {
    let site = demo::sites().unwrap().remove(0);
    let opening = SiteOpening {
        site,
        master_record: MASTER_RECORD.to_owned(),
        specification: SPECIFICATION.to_owned(),
    };
    let opened = open_site(&bench.opened, &by(), opening).await;
    assert!(matches!(opened.unwrap(), Answer::Done(_)));
}

fn must_change() -> Refusal {
    let user_name = "eva".to_owned();
    Refusal::MayNot(rights::Refusal::MustChange { user_name })
}

fn by() -> Person {
    Person::command_line("test")
}

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

async fn add(bench: &Bench, number: u128, name: &str, roles: &[(&str, Role)], own: bool) {
    let add = PersonCommand::Add {
        user_name: name.to_owned(),
        printed_name: format!("{name}, made up"),
        identity_check: "made up".to_owned(),
        roles: roles
            .iter()
            .map(|(site, role)| ((*site).to_owned(), *role))
            .collect(),
        own_password: own,
    };
    let answer = bench
        .door
        .add_account(&by(), command(), user(number), add, PASSWORD, HERE)
        .await;
    assert!(matches!(answer.unwrap(), Answer::Done(_)));
}

async fn tries(bench: &Bench, password: &str) -> Result<String, Refusal> {
    let signed_in = bench
        .door
        .sign_in("tom", password, None, HERE)
        .await
        .unwrap();
    signed_in.map(|signed_in| signed_in.token)
}

/// Somebody else sets Tom's password.
async fn reset(bench: &Bench, id: CommandId, password: &str) -> Answer {
    let by = by();
    let reset = bench.door.reset_password(&by, id, user(2), password, HERE);
    reset.await.unwrap()
}

async fn entries_of_org(bench: &Bench) -> Vec<Entry> {
    let store = bench.records().store();
    store.entries(&LedgerName::org(), 0, 1000).await.unwrap()
}

async fn kinds_in_org(bench: &Bench) -> Vec<String> {
    let entries = entries_of_org(bench).await;
    entries.into_iter().map(|entry| entry.kind).collect()
}

// P11-300d, A11d-11.7
async fn five_wrong_passwords_lock_and_only_an_administrator_unlocks(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    for _ in 0..WRONG_PASSWORDS_ALLOWED {
        assert_eq!(tries(&bench, "wrong").await, Err(Refusal::Wrong));
    }
    // The same words as for a wrong password: nobody learns from them that they have guessed right.
    assert_eq!(tries(&bench, PASSWORD).await, Err(Refusal::Wrong));
    assert_eq!(bench.door.authenticate(&token).await.unwrap(), None);
    let kinds = kinds_in_org(&bench).await;
    let locked = kinds
        .iter()
        .filter(|kind| *kind == "account-locked")
        .count();
    assert_eq!(locked, 1, "{kinds:?}");
    // Nobody asked for it: it says that the program did it, and no administrator.
    let entries = entries_of_org(&bench).await;
    let lock = entries.iter().find(|entry| entry.kind == "account-locked");
    let actor = &lock.unwrap().actor;
    assert_eq!(
        (actor.user, &*actor.name, &*actor.role),
        (None, "Autolog", "program")
    );

    bench.clock.forward(TimeDelta::days(30));
    assert_eq!(
        tries(&bench, PASSWORD).await,
        Err(Refusal::Wrong),
        "time doesn't unlock"
    );
    let unlock = PersonCommand::Unlock {
        reason: "Spoke to Tom".to_owned(),
    };
    let tom = Person {
        user: Some(user(2)),
        ..by()
    };
    let answer = bench
        .door
        .on_account(&tom, command(), user(2), unlock.clone())
        .await;
    assert!(matches!(answer.unwrap(), Answer::Refused(_)));
    let answer = bench
        .door
        .on_account(&by(), command(), user(2), unlock)
        .await;
    assert!(matches!(answer.unwrap(), Answer::Done(_)));
    assert!(tries(&bench, PASSWORD).await.is_ok());
    bench.end().await;
}

// P11-200a1, P11-300d
async fn wrong_passwords_at_signing_count_too(bench: Bench) {
    let signed_in = bench
        .door
        .sign_in("tom", PASSWORD, None, HERE)
        .await
        .unwrap();
    let person = signed_in.unwrap().visitor.person;
    let accepted = bench.door.accept_statement(&person, command()).await;
    assert!(matches!(accepted.unwrap(), Answer::Done(_)));
    for _ in 0..WRONG_PASSWORDS_ALLOWED - 1 {
        let confirmed = bench
            .door
            .confirm(&person, WORK, "tom", "wrong", HERE)
            .await
            .unwrap();
        assert_eq!(confirmed, Err(Refusal::Wrong));
    }
    let second = bench
        .door
        .second_person(&person, WORK, "tom", "wrong", HERE)
        .await
        .unwrap();
    assert_eq!(second, Err(Refusal::Wrong));
    assert_eq!(tries(&bench, PASSWORD).await, Err(Refusal::Wrong));
    bench.end().await;
}

// P11-300d: nobody guesses with an empty password, so it locks nobody out.
async fn an_empty_password_is_missing_and_not_wrong(bench: Bench) {
    let signed_in = bench
        .door
        .sign_in("tom", PASSWORD, None, HERE)
        .await
        .unwrap();
    let tom = signed_in
        .unwrap_or_else(|why| panic!("{why}"))
        .visitor
        .person;
    let accepted = bench.door.accept_statement(&tom, command()).await;
    assert!(matches!(accepted.unwrap(), Answer::Done(_)));
    for _ in 0..WRONG_PASSWORDS_ALLOWED {
        assert_eq!(tries(&bench, "").await, Err(Refusal::NoPassword));
        let signing = bench
            .door
            .confirm(&tom, WORK, "tom", "", HERE)
            .await
            .unwrap();
        assert_eq!(signing, Err(Refusal::NoPassword));
        let second = bench
            .door
            .second_person(&tom, WORK, "tom", "", HERE)
            .await
            .unwrap();
        assert_eq!(second, Err(Refusal::NoPassword));
        let changed = bench
            .door
            .change_password(&tom, command(), ["", OTHER, OTHER], HERE)
            .await;
        assert_eq!(changed.unwrap(), Err(Refusal::NoPassword));
    }
    assert!(tries(&bench, PASSWORD).await.is_ok());
    bench.end().await;
}

// The time of an answer tells nobody which user names there are, or which accounts are locked: each way of being refused
// holds the password against one hash, with the same costs. (A clock would tell less, and not every time the same.)
async fn each_way_of_being_refused_costs_one_hash(bench: Bench) {
    add(&bench, 3, "lea", &[], true).await;
    add(&bench, 4, "old", &[], true).await;
    let disable = PersonCommand::Disable {
        reason: "Left".to_owned(),
    };
    let disabled = bench
        .door
        .on_account(&by(), command(), user(4), disable)
        .await;
    assert!(matches!(disabled.unwrap(), Answer::Done(_)));
    for _ in 0..WRONG_PASSWORDS_ALLOWED {
        let signed_in = bench
            .door
            .sign_in("lea", "wrong", None, HERE)
            .await
            .unwrap();
        assert!(signed_in.is_err());
    }
    for (name, password) in [
        ("tom", "wrong"),
        ("nobody-of-that-name", PASSWORD),
        ("Not a name!", PASSWORD),
        ("", PASSWORD),
        ("lea", PASSWORD),
        ("old", PASSWORD),
    ] {
        let (hashes, signed_in) = hashes_of(bench.door.sign_in(name, password, None, HERE)).await;
        assert!(signed_in.unwrap().is_err(), "{name}");
        assert_eq!(hashes, 1, "{name}");
    }
    let (hashes, signed_in) = hashes_of(bench.door.sign_in("tom", PASSWORD, None, HERE)).await;
    assert!(signed_in.unwrap().is_ok());
    assert_eq!(hashes, 1);
    bench.end().await;
}

/// How many passwords are held against a hash while `work` is done, as the log has it.
async fn hashes_of<T>(work: impl Future<Output = T>) -> (usize, T) {
    let log = Log::default();
    let lines = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let done = work.with_subscriber(lines).await;
    (log.text().matches("held against a hash").count(), done)
}

async fn a_right_password_forgets_the_wrong_ones(bench: Bench) {
    for _ in 0..2 {
        for _ in 0..WRONG_PASSWORDS_ALLOWED - 1 {
            assert_eq!(tries(&bench, "wrong").await, Err(Refusal::Wrong));
        }
        assert!(tries(&bench, PASSWORD).await.is_ok());
    }
    bench.end().await;
}

// P11-200a3, A11d-11.4
async fn a_password_of_somebody_else_opens_nothing_but_its_own_change(bench: Bench) {
    add(&bench, 3, "eva", &[("org", Role::Administrator)], false).await;
    let signed_in = bench
        .door
        .sign_in("eva", PASSWORD, None, HERE)
        .await
        .unwrap();
    let signed_in = signed_in.unwrap_or_else(|why| panic!("{why}"));
    let eva = signed_in.visitor;
    assert!(eva.must_change);
    assert!(!eva.person.may("org", Action::KeepAccounts));
    let signing = bench
        .door
        .confirm(
            &eva.person,
            ("org", Action::KeepAccounts),
            "eva",
            PASSWORD,
            HERE,
        )
        .await
        .unwrap();
    assert_eq!(signing, Err(must_change()));
    let accounts = ("org", Action::KeepAccounts);
    let anna = bench
        .door
        .sign_in("anna", PASSWORD, None, HERE)
        .await
        .unwrap();
    let anna = anna.unwrap_or_else(|why| panic!("{why}")).visitor.person;
    let second = bench
        .door
        .second_person(&anna, accounts, "eva", PASSWORD, HERE)
        .await
        .unwrap();
    assert_eq!(second, Err(must_change()));

    let wishes = [
        (PASSWORD, PASSWORD, PASSWORD, Refusal::SamePassword),
        (PASSWORD, "short", "short", Refusal::TooShort { length: 5 }),
        (PASSWORD, OTHER, "something else", Refusal::NotRepeated),
        ("wrong", OTHER, OTHER, Refusal::Wrong),
    ];
    for (old, new, again, refusal) in wishes {
        let changed = bench
            .door
            .change_password(&eva.person, command(), [old, new, again], HERE)
            .await;
        assert_eq!(changed.unwrap(), Err(refusal));
    }
    let changed = bench
        .door
        .change_password(&eva.person, command(), [PASSWORD, OTHER, OTHER], HERE)
        .await;
    assert!(matches!(changed.unwrap(), Ok(Answer::Done(_))));
    let eva = bench
        .door
        .authenticate(&signed_in.token)
        .await
        .unwrap()
        .unwrap();
    assert!(!eva.must_change && eva.person.may("org", Action::KeepAccounts));

    // An administrator sets it again: every session ends, and it has to be changed once more.
    let reset = bench
        .door
        .reset_password(&by(), command(), user(3), PASSWORD, HERE)
        .await;
    assert!(matches!(reset.unwrap(), Answer::Done(_)));
    assert_eq!(
        bench.door.authenticate(&signed_in.token).await.unwrap(),
        None
    );
    let again = bench
        .door
        .sign_in("eva", PASSWORD, None, HERE)
        .await
        .unwrap();
    assert!(again.is_ok_and(|eva| eva.visitor.must_change));
    bench.end().await;
}

// P11-10j, P11-200a1, A11d-13.3
async fn a_signature_needs_the_own_user_name_and_an_accepted_statement(bench: Bench) {
    let signed_in = bench
        .door
        .sign_in("tom", PASSWORD, None, HERE)
        .await
        .unwrap();
    let tom = signed_in
        .unwrap_or_else(|why| panic!("{why}"))
        .visitor
        .person;
    let confirm = async |name: &str, password: &str| {
        bench
            .door
            .confirm(&tom, WORK, name, password, HERE)
            .await
            .unwrap()
    };
    let not_accountable = Refusal::MayNot(rights::Refusal::NotAccountable);
    assert_eq!(confirm("tom", PASSWORD).await, Err(not_accountable));
    let accepted = bench.door.accept_statement(&tom, command()).await.unwrap();
    assert!(matches!(accepted, Answer::Done(_)));
    assert_eq!(confirm(" TOM ", PASSWORD).await, Ok(Signing::Authenticated));
    let signed_in = "tom".to_owned();
    assert_eq!(
        confirm("anna", PASSWORD).await,
        Err(Refusal::OtherPerson { signed_in })
    );
    assert_eq!(confirm("tom", "").await, Err(Refusal::NoPassword));
    let entries = entries_of_org(&bench).await;
    let statement = entries
        .iter()
        .find(|entry| entry.kind == "accountability-accepted")
        .unwrap();
    assert!(statement.payload.as_str().contains(STATEMENT));
    bench.end().await;
}
