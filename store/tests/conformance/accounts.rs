//! Passwords and sessions, and how a person stands.

use crate::place::{Place, decided, event, event_with, give, ledger, request, time, user};
use domain::{
    ids::SessionId,
    ledger::{
        LedgerName, RowChange, StreamName,
        rows::{PersonRow, RoleRow},
    },
    people::{AccountState, Ending},
    rights::{Role, Standing},
    time::Timestamp,
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use store::{
    Credential, Decided, Effect, Executed, Fault, InDoubt, Loaded, Lookup, Request, SessionRow,
    Store,
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Command `id` on the account of a person.
fn of_person(id: u128, owner: u128) -> Request {
    Request {
        ledger: LedgerName::org(),
        stream: StreamName::of("person", user(owner)).unwrap(),
        ..request(id, 1)
    }
}

/// What an entry does to accounts.
pub async fn affect(
    store: &Arc<dyn Store>,
    id: u128,
    effects: Vec<Effect>,
) -> Result<Executed<Infallible>, Fault> {
    let decide = |_: &Loaded| {
        Ok(Decided {
            effects: effects.clone(),
            ..decided(vec![event("{}")])
        })
    };
    store.execute(&of_person(id, 1), decide).await
}

fn person(owner: u128, state: AccountState) -> RowChange {
    RowChange::PutPerson(PersonRow {
        user: user(owner),
        user_name: format!("person.{owner}"),
        printed_name: format!("Person {owner}"),
        state: state.code().to_owned(),
        accountable: true,
        version: 1,
        added_at: time(0),
    })
}

/// Gives a person an account that can be used, with this role alone.
pub async fn employ(store: &Arc<dyn Store>, owner: u128, site: &str, role: Role) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let id = 70_000 + u128::from(NUMBER.fetch_add(1, Ordering::Relaxed));
    let roles = RowChange::PutRoles {
        user: user(owner),
        roles: vec![RoleRow {
            site: site.to_owned(),
            role: role.code().to_owned(),
            since: time(0),
            by: "a test".to_owned(),
        }],
    };
    let decide = |loaded: &Loaded| {
        let own = Credential {
            must_change: false,
            ..credential(owner, loaded.now())
        };
        Ok::<_, Infallible>(Decided {
            effects: vec![Effect::PutCredential(own)],
            ..decided(vec![event_with(&[
                person(owner, AccountState::Active),
                roles.clone(),
            ])])
        })
    };
    let request = Request {
        in_doubt: InDoubt::Decide,
        ..of_person(id, owner)
    };
    let employed = store.execute(&request, decide).await.unwrap();
    assert!(matches!(employed, Executed::Done(_)), "{employed:?}");
}

fn credential(owner: u128, changed_at: Timestamp) -> Credential {
    Credential {
        user: user(owner),
        password_hash: "$argon2id$v=19$...".to_owned(),
        must_change: true,
        failed_attempts: 0,
        locked_at: None,
        changed_at,
    }
}

pub async fn a_credential_is_kept_counted_and_locked(place: &Place) {
    // P11-300d
    let store = place.open().await;
    let mut kept = credential(1, time(1));
    let is = async || store.credential(user(1)).await.unwrap();
    let count = async || store.count_guess(user(1), 3).await.unwrap();
    let done = async |id, effect| affect(&store, id, vec![effect]).await.unwrap();
    assert_eq!(is().await, None);
    assert_eq!(count().await, None);
    done(1, Effect::PutCredential(kept.clone())).await;
    assert_eq!(is().await, Some(kept.clone()));
    assert_eq!((count().await, count().await), (Some(1), Some(2)));
    store.forget_failures(user(1)).await.unwrap();
    for expected in [Some(1), Some(2), Some(3), None] {
        assert_eq!(count().await, expected);
    }
    let since = time(2);
    done(
        2,
        Effect::Lock {
            user: user(1),
            since,
        },
    )
    .await;
    (kept.failed_attempts, kept.locked_at) = (3, Some(since));
    assert_eq!(is().await, Some(kept.clone()));
    // A guess that was right while another one locked the account changes nothing any more.
    store.forget_failures(user(1)).await.unwrap();
    assert_eq!(is().await, Some(kept.clone()));
    // A new password doesn't unlock.
    (kept.must_change, kept.changed_at) = (false, time(3));
    kept.failed_attempts = 0;
    let unlocked = Credential {
        locked_at: None,
        ..kept.clone()
    };
    done(3, Effect::PutCredential(unlocked.clone())).await;
    assert_eq!(is().await, Some(kept));
    done(4, Effect::Unlock { user: user(1) }).await;
    assert_eq!(is().await, Some(unlocked));
    let lock = Effect::Lock {
        user: user(2),
        since,
    };
    assert!(
        affect(&store, 5, vec![lock]).await.is_err(),
        "no such account"
    );
}

pub fn session(token: &str, id: u128, owner: u128) -> SessionRow {
    SessionRow {
        token_hash: token.to_owned(),
        id: SessionId(Uuid::from_u128(id)),
        user: user(owner),
        created_at: time(i64::try_from(id).unwrap()),
        last_seen_at: time(i64::try_from(id).unwrap()),
        ended_at: None,
        ended_because: None,
    }
}

fn end(id: u128, at: i64) -> Effect {
    Effect::EndSession {
        session: SessionId(Uuid::from_u128(id)),
        at: time(at),
        because: Ending::SignedOut,
    }
}

pub async fn a_session_ends_once(place: &Place) {
    let store = place.open().await;
    let mut row = session("a", 1, 1);
    assert_eq!(store.session("a").await.unwrap(), None);
    let others = [session("b", 2, 1), session("c", 3, 2)];
    let start = [row.clone(), others[0].clone(), others[1].clone()].map(Effect::StartSession);
    affect(&store, 1, start.into()).await.unwrap();
    store.touch_session("a", time(50)).await.unwrap();
    row.last_seen_at = time(50);
    assert_eq!(store.session("a").await.unwrap(), Some(row.clone()));
    let open = async || store.open_sessions_of(user(1)).await.unwrap();
    // The one that was used longest ago first.
    assert_eq!(open().await, [others[0].clone(), row.clone()]);
    affect(&store, 2, vec![end(1, 60)]).await.unwrap();
    assert!(affect(&store, 3, vec![end(1, 70)]).await.is_err());
    assert!(affect(&store, 4, vec![end(9, 70)]).await.is_err());
    store.touch_session("a", time(80)).await.unwrap();
    (row.ended_at, row.ended_because) = (Some(time(60)), Some("signed-out".to_owned()));
    assert_eq!(store.session("a").await.unwrap(), Some(row.clone()));
    assert_eq!(open().await, [others[0].clone()]);
    let all = store.sessions_of(user(1), 10).await.unwrap();
    assert_eq!(all, [others[0].clone(), row]);
    assert_eq!(store.sessions_of(user(1), 1).await.unwrap().len(), 1);
}

pub async fn sessions_that_ended_long_ago_are_forgotten(place: &Place) {
    let store = place.open().await;
    let start = [session("a", 1, 1), session("b", 2, 1), session("c", 3, 1)];
    affect(&store, 1, start.map(Effect::StartSession).into())
        .await
        .unwrap();
    affect(&store, 2, vec![end(1, 10), end(2, 20)])
        .await
        .unwrap();
    assert_eq!(store.forget_sessions(time(20)).await.unwrap(), 1);
    assert_eq!(store.session("a").await.unwrap(), None);
    assert!(store.session("b").await.unwrap().is_some());
    assert!(store.session("c").await.unwrap().is_some());
}

/// A password, a lock, a session and their entry are all there, or none of them is.
pub async fn an_effect_is_undone_with_its_entry(place: &Place) {
    let store = place.open().await;
    let put = Effect::PutCredential(credential(1, time(1)));
    let start = Effect::StartSession(session("a", 1, 1));
    // The last one of them can't be done.
    let effects = vec![put.clone(), start.clone(), end(9, 70)];
    assert!(affect(&store, 1, effects).await.is_err());
    let person = StreamName::of("person", user(1)).unwrap();
    let entries = async || store.stream(&LedgerName::org(), &person).await.unwrap();
    assert_eq!(entries().await, []);
    assert_eq!(store.credential(user(1)).await.unwrap(), None);
    assert_eq!(store.session("a").await.unwrap(), None);
    affect(&store, 2, vec![put, start]).await.unwrap();
    assert_eq!(entries().await.len(), 1);
    assert!(store.credential(user(1)).await.unwrap().is_some());
    assert!(store.session("a").await.unwrap().is_some());
    // A command that comes twice does what it does once.
    let before = store.credential(user(1)).await.unwrap();
    let other = Effect::PutCredential(credential(1, time(7)));
    let Executed::Done(outcome) = affect(&store, 2, vec![other]).await.unwrap() else {
        panic!("not done")
    };
    assert!(outcome.repeated);
    assert_eq!(store.credential(user(1)).await.unwrap(), before);
}

pub async fn an_effect_has_an_entry(place: &Place) {
    let store = place.open().await;
    let decide = |_: &Loaded| {
        Ok::<_, Infallible>(Decided {
            effects: vec![Effect::PutCredential(credential(1, time(1)))],
            ..Decided::default()
        })
    };
    assert!(store.execute(&of_person(1, 1), decide).await.is_err());
    assert_eq!(store.credential(user(1)).await.unwrap(), None);
}

/// From two programs at the same time.
pub async fn no_number_of_guesses_is_checked_uncounted(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let put = Effect::PutCredential(credential(1, time(1)));
    affect(&stores[0], 1, vec![put]).await.unwrap();
    let mut all = JoinSet::new();
    for guess in 0..40 {
        let store = stores[guess % 2].clone();
        all.spawn(async move { store.count_guess(user(1), 5).await.unwrap() });
    }
    let mut counted: Vec<_> = all.join_all().await.into_iter().flatten().collect();
    counted.sort_unstable();
    assert_eq!(counted, [1, 2, 3, 4, 5]);
}

/// What a person does where their account can be used: otherwise it refuses. It takes its time.
async fn acts(store: Arc<dyn Store>, id: u128) -> Option<Timestamp> {
    let asked = Request {
        lookups: vec![Lookup::Standing(user(1), None)],
        ..request(id, id)
    };
    let mut at = None;
    let decide = |loaded: &Loaded| {
        let active = |one: &Standing| one.state == AccountState::Active;
        if !loaded.standing(user(1), None).is_some_and(active) {
            return Err("disabled");
        }
        std::thread::sleep(Duration::from_millis(3));
        at = Some(loaded.now());
        Ok(decided(vec![event("{}")]))
    };
    match store.execute(&asked, decide).await.unwrap() {
        Executed::Done(_) => at,
        Executed::Refused(_) => None,
        other => panic!("{other:?}"),
    }
}

async fn put(store: &Arc<dyn Store>, id: u128, state: AccountState) -> Timestamp {
    let mut at = None;
    let decide = |loaded: &Loaded| {
        at = Some(loaded.now());
        Ok::<_, Infallible>(decided(vec![event_with(&[person(1, state)])]))
    };
    store.execute(&of_person(id, 1), decide).await.unwrap();
    at.unwrap()
}

/// A person acts while another program disables their account: what they did stands before that in time, or isn't there.
pub async fn how_a_person_stands_holds_until_what_they_did_is_recorded(place: &Place) {
    let (store, other) = (place.open().await, place.open().await);
    let mut refused = 0;
    for round in 0..20_u128 {
        put(&store, 1_000 + 2 * round, AccountState::Active).await;
        let act = tokio::spawn(acts(store.clone(), round + 1));
        tokio::time::sleep(Duration::from_micros(300 * round as u64)).await;
        let disabled = put(&other, 1_001 + 2 * round, AccountState::Disabled).await;
        match act.await.unwrap() {
            Some(acted) => assert!(acted < disabled, "round {round}: {acted} after {disabled}"),
            None => refused += 1,
        }
        assert_eq!(acts(store.clone(), 500 + round).await, None);
    }
    assert!(refused < 20, "nobody ever acted");
    assert_eq!(store.verify_rows().await.unwrap(), []);
}

pub async fn who_is_disabled_in_a_shared_transaction_does_nothing_after_it(place: &Place) {
    let store = place.open().await;
    for round in 0..5_u128 {
        put(&store, 1_000 + 2 * round, AccountState::Active).await;
        let mut all = JoinSet::new();
        // The first takes its time: the others wait, and go on in its transaction, in the order in which they came.
        for nth in 0..6_u128 {
            let store = store.clone();
            let id = 100 * (round + 1) + nth;
            all.spawn(async move {
                if nth == 3 {
                    let disabled = put(&store, 1_001 + 2 * round, AccountState::Disabled);
                    return (true, Some(disabled.await));
                }
                (false, acts(store, id).await)
            });
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let done = all.join_all().await;
        let disabled = done.iter().find(|(disables, _)| *disables).unwrap().1;
        for (_, acted) in done.iter().filter(|(disables, _)| !disables) {
            assert!(
                acted.is_none() || *acted < disabled,
                "round {round}: {acted:?} after {disabled:?}"
            );
        }
        assert_eq!(acts(store.clone(), 100 * (round + 1) + 50).await, None);
    }
    let _ = give(&store, &request(9_000, 9_000), vec![event("{}")]).await;
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}
