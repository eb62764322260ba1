//! Commands that wait at the same time share a transaction: each is still everything or nothing.

use crate::place::{
    Place, ask, batch, board_row, decided, event, event_with, give, identifier, ledger, request,
};
use domain::ledger::RowChange;
use std::{convert::Infallible, sync::Arc, time::Duration};
use store::{Decided, Executed, Fault, Loaded, Store};
use tokio::task::JoinSet;

/// How long the first decision takes: all others wait meanwhile, and go on in its transaction.
const MEANWHILE: Duration = Duration::from_millis(60);

/// Commands 1 to `count`, each for the batch of its number and for GE or PI by turns; the first takes its time, and each
/// decides what `decide` says.
async fn at_once<F>(store: &Arc<dyn Store>, count: u128, decide: F) -> Vec<(u128, Ran)>
where
    F: Fn(u128, &Loaded) -> Result<Decided, &'static str> + Copy + Send + Sync + 'static,
{
    let mut all = JoinSet::new();
    for id in 1..=count {
        let store = store.clone();
        all.spawn(async move {
            let mut request = request(id, id);
            if id % 2 == 0 {
                request.ledger = ledger("PI");
            }
            let run = store.execute(&request, |loaded| {
                if id == 1 {
                    std::thread::sleep(MEANWHILE);
                }
                decide(id, loaded)
            });
            (id, run.await)
        });
        // The first one has its turn before the others come.
        let pause = if id == 1 { 20 } else { 0 };
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    let mut ran = all.join_all().await;
    ran.sort_by_key(|(id, _)| *id);
    ran
}

type Ran = Result<Executed<&'static str>, Fault>;

async fn both_hold(store: &Arc<dyn Store>, sizes: [u64; 2]) {
    let found = ["GE", "PI"].map(ledger);
    for (ledger, size) in found.iter().zip(sizes) {
        let findings = store.verify(ledger).await.unwrap();
        assert!(findings.is_clean(), "{findings}");
        assert_eq!(findings.entries, size, "{ledger}");
    }
    assert_eq!(store.verify_rows().await.unwrap(), []);
}

pub async fn what_waits_together_is_recorded_together(place: &Place) {
    let store = place.open().await;
    let ran = at_once(&store, 12, |id, loaded| {
        assert_eq!(loaded.version(), 0);
        let row = RowChange::PutBoard(board_row(id, "GE"));
        Ok(decided(vec![event_with(&[row]), event("{}")]))
    })
    .await;
    for (id, ran) in &ran {
        let Ok(Executed::Done(done)) = ran else {
            panic!("{id}: {ran:?}")
        };
        assert_eq!(
            (done.entry_count, done.version, done.repeated),
            (2, 2, false)
        );
        let row = store.batch(batch(*id)).await.unwrap();
        assert_eq!(row, Some(board_row(*id, "GE")), "{id}");
    }
    both_hold(&store, [12, 12]).await;
}

/// One takes an identifier that another one of them has just taken.
pub async fn one_that_fails_takes_no_other_with_it(place: &Place) {
    let store = place.open().await;
    let ran = at_once(&store, 8, |id, _| {
        let code = if id == 5 { 4 } else { id };
        let row = identifier(&format!("A999926{code:06}"), id);
        Ok(decided(vec![event_with(&[row])]))
    })
    .await;
    let conflicts = ran
        .iter()
        .filter(|(_, ran)| matches!(ran, Ok(Executed::Taken(_))));
    let conflicts: Vec<_> = conflicts.map(|(id, _)| *id).collect();
    assert!(conflicts == [4] || conflicts == [5], "{ran:?}");
    let done = ran
        .iter()
        .filter(|(_, ran)| matches!(ran, Ok(Executed::Done(_))));
    assert_eq!(done.count(), 7, "{ran:?}");
    let entries = if conflicts == [4] { [4, 3] } else { [3, 4] };
    both_hold(&store, entries).await;
}

pub async fn a_refusal_among_others_refuses_itself_alone(place: &Place) {
    let store = place.open().await;
    let ran = at_once(&store, 8, |id, loaded| match id {
        3 => Err("The record is closed."),
        // What the request didn't ask for ends the command.
        6 => Ok(Decided {
            outcome: format!("{:?}", loaded.person_count()),
            ..decided(vec![event("{}")])
        }),
        _ => Ok(decided(vec![event("{}")])),
    })
    .await;
    for (id, ran) in &ran {
        let as_it_should = match id {
            3 => matches!(ran, Ok(Executed::Refused("The record is closed."))),
            6 => matches!(ran, Err(Fault::NotLookedUp(_))),
            _ => matches!(ran, Ok(Executed::Done(_))),
        };
        assert!(as_it_should, "{id}: {ran:?}");
    }
    both_hold(&store, [3, 3]).await;
}

/// Whoever gives up in the middle, as a browser that goes away, leaves nothing half-done and holds up nobody.
pub async fn whoever_gives_up_holds_up_nobody(place: &Place) {
    let store = place.open().await;
    for round in 0..20_u128 {
        let mut all = JoinSet::new();
        for id in 1..=6 {
            let (store, id) = (store.clone(), round * 10 + id);
            all.spawn(async move { give(&store, &request(id, id), vec![event("{}")]).await });
        }
        tokio::time::sleep(Duration::from_micros(100 * round as u64)).await;
        all.abort_all();
        while all.join_next().await.is_some() {}
        let after = request(1_000 + round, 1_000);
        let given = give(&store, &after, vec![event("{}")]);
        let done = tokio::time::timeout(Duration::from_secs(20), given).await;
        assert_eq!(
            done.expect("the next one is held up").version,
            round as u64 + 1
        );
    }
    let findings = store.verify(&ledger("GE")).await.unwrap();
    assert!(findings.is_clean(), "{findings}");
    assert_eq!(store.verify_rows().await.unwrap(), []);
}

/// Two programs on one database: neither goes by what the other one has changed meanwhile.
pub async fn two_programs_write_by_turns(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let mut all = JoinSet::new();
    for id in 1..=60_u128 {
        let store = stores[usize::from(id % 2 == 0)].clone();
        all.spawn(async move {
            let mut request = request(id, id % 3);
            if id % 5 == 0 {
                request.ledger = ledger("PI");
            }
            give(&store, &request, vec![event("{}")]).await
        });
    }
    let done = all.join_all().await;
    assert_eq!(done.len(), 60);
    both_hold(&stores[0], [48, 12]).await;
}

/// A decision that knows the stream up to a version sees what came after it, and nothing else is read.
pub async fn what_is_known_is_not_read_again(place: &Place) {
    let (store, other) = (place.open().await, place.open().await);
    for id in 1..=3 {
        give(&store, &request(id, 1), vec![event("{}")]).await;
    }
    let seen = |store: Arc<dyn Store>, id: u128, known: Option<u64>| async move {
        let (mut after, mut versions) = (0, Vec::new());
        let mut request = request(id, 1);
        request.known = known;
        let decide = |loaded: &Loaded| {
            after = loaded.after();
            versions = loaded.entries().iter().map(|one| one.version).collect();
            Ok::<_, Infallible>(Decided {
                rows: Some(Vec::new()),
                ..decided(vec![event("{}")])
            })
        };
        let Executed::Done(done) = store.execute(&request, decide).await.unwrap() else {
            panic!("{id} was not done")
        };
        (after, versions, done.version)
    };
    assert_eq!(seen(store.clone(), 4, Some(3)).await, (3, vec![], 4));
    assert_eq!(seen(store.clone(), 5, Some(2)).await, (2, vec![3, 4], 5));
    assert_eq!(seen(other, 6, Some(5)).await, (5, vec![], 6));
    // The other program has appended since.
    assert_eq!(seen(store.clone(), 7, Some(5)).await, (5, vec![6], 7));
    // There is no version 9: it is not believed.
    let all = (1..=7).collect();
    assert_eq!(seen(store.clone(), 8, Some(9)).await, (0, all, 8));
    let all = (1..=8).collect();
    assert_eq!(seen(store.clone(), 9, None).await, (0, all, 9));
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}

pub async fn nothing_is_signed_on_a_part_of_a_stream(place: &Place) {
    let store = place.open().await;
    give(&store, &request(1, 1), vec![event("{}")]).await;
    let mut request = request(2, 1);
    request.known = Some(1);
    let sign = |loaded: &Loaded| {
        let digest = loaded.signed_digest();
        Ok::<_, Infallible>(decided(vec![event(&format!(r#"{{"digest":"{digest}"}}"#))]))
    };
    let fault = store.execute(&request, sign).await.unwrap_err();
    assert!(matches!(fault, Fault::NotLookedUp(_)), "{fault:?}");
    // Nor are rows made of a part.
    let fault = store
        .execute(&request, |_| {
            Ok::<_, Infallible>(decided(vec![event("{}")]))
        })
        .await
        .unwrap_err();
    assert!(matches!(fault, Fault::NotLookedUp(_)), "{fault:?}");
    request.known = None;
    assert!(matches!(
        ask(&store, &request, vec![event("{}")]).await,
        Executed::Done(_)
    ));
}

/// What was read before the whole was undone is not missed afterwards as something that was cut off.
pub async fn what_was_undone_is_not_missed(place: &Place) {
    let store = place.open().await;
    give(&store, &request(100, 1), vec![event("{}")]).await;
    store.checkpoint(&ledger("GE")).await.unwrap();
    let mut all = JoinSet::new();
    for id in 1..=4_u128 {
        let store = store.clone();
        all.spawn(async move {
            let decide = |loaded: &Loaded| {
                assert_eq!(loaded.wrong(), None);
                if id == 1 {
                    std::thread::sleep(MEANWHILE);
                }
                let mut decided = decided(vec![event("{}")]);
                decided.checkpoint = true;
                // The last one fails, and all of them are undone first.
                if id == 4 {
                    decided.outcome = loaded.person_count().to_string();
                }
                Ok::<_, Infallible>(decided)
            };
            store.execute(&request(id, 1), decide).await
        });
        tokio::time::sleep(Duration::from_millis(if id == 1 { 20 } else { 2 })).await;
    }
    let ran = all.join_all().await;
    assert_eq!(ran.iter().filter(|ran| ran.is_ok()).count(), 3, "{ran:?}");
    let (name, stream) = (ledger("GE"), request(1, 1).stream);
    let (entries, wrong) = store.held_stream(&name, &stream).await.unwrap();
    assert_eq!((entries.len(), wrong), (4, None));
}
