//! What changes between a page and the transaction: it is the transaction that decides.

use super::*;
use domain::{
    batch::{BatchCommand, Harvest, ProcessingCommand},
    identifiers::{Coi, Din},
    ids::BatchId,
    people::Ending,
};
use rust_decimal::Decimal;
use std::time::Duration;
use tokio::task::JoinSet;

on_both! {
    what_ended_meanwhile_refuses_the_act_and_nothing_is_recorded
    who_is_disabled_while_they_act_has_acted_before_it_or_not_at_all
    two_administrators_who_disable_each_other_leave_one
    the_last_administrator_stays_however_many_ask_at_once
    an_administrator_who_never_signed_in_takes_nobodys_place
    a_sign_in_of_an_account_that_was_disabled_meanwhile_begins_no_session
    a_password_that_was_reset_meanwhile_opens_no_session
    a_user_name_is_given_once_to_many_who_ask_at_once
}

fn harvest(bench: &Bench) -> Harvest {
    let collected_at = bench.records().now().plus(-TimeDelta::hours(3));
    let day = collected_at.utc().date_naive();
    Harvest {
        subject: "S-001".to_owned(),
        din: Din::parse("A999926000001").unwrap().into(),
        coi: Coi::parse("CHA999926000001").ok(),
        collected_at,
        collected_by: "Collector on duty".to_owned(),
        volume_ml: Decimal::from(40),
        anticoagulant: "Heparin".to_owned(),
        consent: true,
        consent_version: "ICF 3.0".to_owned(),
        consented_on: day - TimeDelta::days(9),
        weight_kg: Decimal::from(70),
        weighed_on: day - TimeDelta::days(1),
        identity_confirmed: true,
    }
}

/// Tom, signed in, as a request of his begins.
async fn tom(bench: &Bench) -> Person {
    let signed_in = bench.door.sign_in("tom", PASSWORD, None, HERE).await;
    let signed_in = signed_in.unwrap().unwrap_or_else(|why| panic!("{why}"));
    signed_in.visitor.person
}

async fn batch_of(bench: &Bench, by: &Person) -> BatchId {
    let id = BatchId(Uuid::from_u128(77));
    let registered = bench
        .records()
        .register_harvest(by, command(), id, "GE", harvest(bench));
    assert!(matches!(registered.await.unwrap(), Answer::Done(_)));
    id
}

async fn comments(bench: &Bench, by: &Person, id: BatchId, text: &str) -> Answer {
    let comment = BatchCommand::Processing(ProcessingCommand::Comment {
        step: None,
        text: text.to_owned(),
    });
    let records = bench.records();
    let answer = records.on_batch(by, command(), id, comment, Signing::No);
    answer.await.unwrap()
}

async fn changes(bench: &Bench, by: &Person, number: u128, what: PersonCommand) -> Answer {
    let answer = bench.door.on_account(by, command(), user(number), what);
    answer.await.unwrap()
}

fn why() -> String {
    "made up".to_owned()
}

fn disable() -> PersonCommand {
    PersonCommand::Disable { reason: why() }
}

fn enable() -> PersonCommand {
    PersonCommand::Enable { reason: why() }
}

fn said(answer: &Answer) -> String {
    match answer {
        Answer::Refused(words) => words[0].text.clone(),
        Answer::Done(_) => "done".to_owned(),
    }
}

// P11-10g, A11-12
async fn what_ended_meanwhile_refuses_the_act_and_nothing_is_recorded(bench: Bench) {
    let person = tom(&bench).await;
    let id = batch_of(&bench, &person).await;
    let end = |role| PersonCommand::End {
        site: "GE".to_owned(),
        role,
        reason: why(),
    };
    let grant = |role| PersonCommand::Grant {
        site: "GE".to_owned(),
        role,
    };
    let role = Role::Technician;
    let cases = [
        (vec![disable()], "is disabled", vec![enable()]),
        (vec![end(role)], "roles", vec![grant(role)]),
    ];
    for (meanwhile, words, again) in cases {
        let person = tom(&bench).await;
        for what in meanwhile {
            assert_eq!(said(&changes(&bench, &by(), 2, what).await), "done");
        }
        let size = entries_of_org(&bench).await.len();
        let answer = comments(&bench, &person, id, "too late").await;
        assert!(said(&answer).contains(words), "{answer:?}");
        // Seeing to their own account, and the beginning of a harvest, are acts too.
        let statement = bench.door.accept_statement(&person, command()).await;
        if words == "is disabled" {
            assert!(said(&statement.unwrap()).contains(words));
        }
        let other = BatchId(Uuid::from_u128(78));
        let registered =
            bench
                .records()
                .register_harvest(&person, command(), other, "GE", harvest(&bench));
        assert!(said(&registered.await.unwrap()).contains(words));
        let entries = bench.records().batch_entries(id).await.unwrap();
        assert_eq!(entries.len(), 1);
        let grown = entries_of_org(&bench).await.len() - size;
        assert_eq!(grown, usize::from(words == "roles"), "the statement alone");
        for what in again {
            assert_eq!(said(&changes(&bench, &by(), 2, what).await), "done");
        }
    }
    // The session ends: by its owner on another device, or by a new password.
    let person = tom(&bench).await;
    bench.door.sign_out_everywhere(&person).await.unwrap();
    let answer = comments(&bench, &person, id, "too late").await;
    assert!(said(&answer).contains("session"), "{answer:?}");
    let person = tom(&bench).await;
    assert_eq!(said(&reset(&bench, command(), OTHER).await), "done");
    let answer = comments(&bench, &person, id, "too late").await;
    assert!(said(&answer).contains("session"), "{answer:?}");
    assert_eq!(bench.records().batch_entries(id).await.unwrap().len(), 1);
    bench.end().await;
}

async fn who_is_disabled_while_they_act_has_acted_before_it_or_not_at_all(bench: Bench) {
    let person = tom(&bench).await;
    let id = batch_of(&bench, &person).await;
    for round in 0..20_u64 {
        let person = tom(&bench).await;
        let act = comments(&bench, &person, id, "in time?");
        let end = async {
            tokio::time::sleep(Duration::from_micros(150 * round)).await;
            changes(&bench, &by(), 2, disable()).await
        };
        let (acted, disabled) = tokio::join!(act, end);
        let Answer::Done(_) = disabled else {
            panic!("{disabled:?}")
        };
        assert!(
            matches!(&acted, Answer::Done(_)) || said(&acted).contains("disabled"),
            "{acted:?}"
        );
        // The next one of the same session is refused in any case.
        let after = comments(&bench, &person, id, "too late").await;
        assert!(said(&after).contains("disabled"), "{after:?}");
        assert_eq!(said(&changes(&bench, &by(), 2, enable()).await), "done");
    }
    let entries = bench.records().batch_entries(id).await.unwrap();
    assert!(
        !entries
            .iter()
            .any(|entry| entry.payload.as_str().contains("too late"))
    );
    bench.end().await;
}

async fn administrator(bench: &Bench, name: &str) -> Person {
    let signed_in = bench.door.sign_in(name, PASSWORD, None, HERE).await;
    let signed_in = signed_in.unwrap().unwrap_or_else(|why| panic!("{why}"));
    signed_in.visitor.person
}

async fn two_administrators_who_disable_each_other_leave_one(bench: Bench) {
    add(&bench, 3, "eva", &[("org", Role::Administrator)], true).await;
    for _ in 0..20 {
        let (anna, eva) = (
            administrator(&bench, "anna").await,
            administrator(&bench, "eva").await,
        );
        let (first, second) = tokio::join!(
            changes(&bench, &anna, 3, disable()),
            changes(&bench, &eva, 1, disable()),
        );
        let done = [&first, &second].map(|answer| matches!(answer, Answer::Done(_)));
        assert_eq!(
            done.iter().filter(|done| **done).count(),
            1,
            "{first:?} {second:?}"
        );
        let (left_out, words) = if done[0] { (3, &second) } else { (1, &first) };
        assert!(said(words).contains("is disabled"), "{words:?}");
        assert_eq!(
            said(&changes(&bench, &by(), left_out, enable()).await),
            "done"
        );
    }
    bench.end().await;
}

async fn the_last_administrator_stays_however_many_ask_at_once(bench: Bench) {
    let many = 10..20_u128;
    for number in many.clone() {
        let name = format!("adm.{}", char::from(b'a' + number as u8));
        add(&bench, number, &name, &[("org", Role::Administrator)], true).await;
    }
    let mut all = JoinSet::new();
    for number in many.chain([1]) {
        let (door, what) = (bench.door.clone(), disable());
        all.spawn(async move {
            let by = Person::command_line("test");
            door.on_account(&by, command(), user(number), what).await
        });
    }
    let answers: Vec<_> = all
        .join_all()
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let refused: Vec<_> = answers
        .iter()
        .map(said)
        .filter(|said| said != "done")
        .collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("last administrator"), "{refused:?}");
    bench.end().await;
}

// Their password may never have reached them.
async fn an_administrator_who_never_signed_in_takes_nobodys_place(bench: Bench) {
    add(&bench, 3, "eva", &[("org", Role::Administrator)], false).await;
    let stays = said(&changes(&bench, &by(), 1, disable()).await);
    assert!(stays.contains("anna is the last administrator"), "{stays}");
    let anna = administrator(&bench, "anna").await;
    for what in [disable(), enable()] {
        assert_eq!(said(&changes(&bench, &anna, 3, what).await), "done");
    }
    let eva = administrator(&bench, "eva").await;
    let new = [PASSWORD, OTHER, OTHER];
    let chosen = bench.door.change_password(&eva, command(), new, HERE).await;
    assert!(matches!(chosen.unwrap(), Ok(Answer::Done(_))));
    assert_eq!(said(&changes(&bench, &by(), 1, disable()).await), "done");
    let stays = said(&changes(&bench, &by(), 3, disable()).await);
    assert!(stays.contains("eva is the last administrator"), "{stays}");
    bench.end().await;
}

async fn a_sign_in_of_an_account_that_was_disabled_meanwhile_begins_no_session(bench: Bench) {
    for round in 0..10_u64 {
        let end = async {
            tokio::time::sleep(Duration::from_millis(3 * round)).await;
            changes(&bench, &by(), 2, disable()).await
        };
        let (signed_in, disabled) = tokio::join!(tries(&bench, PASSWORD), end);
        assert_eq!(said(&disabled), "done");
        if let Ok(token) = signed_in {
            assert_eq!(bench.door.authenticate(&token).await.unwrap(), None);
        }
        let sessions = bench.door.sessions_of(user(2)).await.unwrap();
        assert!(sessions.iter().all(|session| session.ended_at.is_some()));
        assert_eq!(said(&changes(&bench, &by(), 2, enable()).await), "done");
    }
    bench.end().await;
}

// The stolen password must not work once another one is set, not even where it was being checked.
async fn a_password_that_was_reset_meanwhile_opens_no_session(bench: Bench) {
    let mut passwords = [PASSWORD, OTHER];
    for round in 0..10_u64 {
        let late = async {
            tokio::time::sleep(Duration::from_millis(3 * round)).await;
            reset(&bench, command(), passwords[1]).await
        };
        let (signed_in, answer) = tokio::join!(tries(&bench, passwords[0]), late);
        assert_eq!(said(&answer), "done");
        if let Ok(token) = signed_in {
            assert_eq!(
                bench.door.authenticate(&token).await.unwrap(),
                None,
                "{round}"
            );
        }
        assert!(tries(&bench, passwords[0]).await.is_err());
        assert!(tries(&bench, passwords[1]).await.is_ok());
        bench.clock.forward(TimeDelta::minutes(2));
        passwords.reverse();
    }
    let sessions = bench.door.sessions_of(user(2)).await.unwrap();
    let because = Some(Ending::PasswordReset.code());
    let ended = sessions
        .iter()
        .filter(|one| one.ended_because.as_deref() == because);
    assert!(ended.count() >= 9);
    bench.end().await;
}

async fn a_user_name_is_given_once_to_many_who_ask_at_once(bench: Bench) {
    let mut all = JoinSet::new();
    for number in 100..120_u128 {
        let door = bench.door.clone();
        // In the same spelling, in another, and so that nobody could tell them apart.
        let user_name = ["tess.1", "TESS.1", "tess-1", "tess.l"][number as usize % 4].to_owned();
        all.spawn(async move {
            let add = PersonCommand::Add {
                user_name,
                printed_name: "Tess, made up".to_owned(),
                identity_check: "made up".to_owned(),
                roles: Vec::new(),
                own_password: true,
            };
            let by = Person::command_line("test");
            door.add_account(&by, command(), user(number), add, PASSWORD, HERE)
                .await
        });
    }
    let answers: Vec<_> = all
        .join_all()
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let done = answers
        .iter()
        .filter(|answer| matches!(answer, Answer::Done(_)));
    assert_eq!(done.count(), 1, "{answers:?}");
    bench.end().await;
}
