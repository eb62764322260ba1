//! Eight at once, from two programs, on streams of their own and on shared ones.
//!
//! `AUTOLOG_APPENDS` says how many commands each of them gives.

use crate::place::{Place, ask, event, ledger, request};
use std::{collections::BTreeMap, env, sync::Arc};
use store::{Executed, Store};

const WRITERS: u128 = 8;
/// A batch has some hundreds of entries: then the next one begins.
const IN_A_STREAM: u128 = 40;

/// What was acknowledged to one writer: command and position, in the order in which it came back.
struct Acknowledged {
    done: Vec<(u128, u64)>,
    conflicts: u32,
}

/// Gives `count` commands. Writers 0 to 3 share their streams and say which version they saw; 4 to 7 have their own; every
/// other writer is on another ledger.
async fn write(store: Arc<dyn Store>, writer: u128, count: u128) -> Acknowledged {
    let (mut done, mut conflicts) = (Vec::new(), 0);
    for number in 0..count {
        let id = writer * 1_000_000 + number + 1;
        let (part, shared) = (number / IN_A_STREAM, writer < 4);
        let stream = if shared { part } else { 1_000 * writer + part };
        let mut request = request(id, stream);
        request.ledger = ledger(if writer.is_multiple_of(2) { "GE" } else { "PI" });
        loop {
            if shared {
                let seen = store
                    .stream(&request.ledger, &request.stream)
                    .await
                    .unwrap();
                request.expected_version = Some(seen.len() as u64);
                // As a person reads a page before sending the form.
                tokio::task::yield_now().await;
            }
            match ask(&store, &request, vec![event("{}")]).await {
                Executed::Done(outcome) => {
                    assert!(!outcome.repeated);
                    done.push((id, outcome.first_position.unwrap()));
                    break;
                }
                Executed::Conflict => conflicts += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    Acknowledged { done, conflicts }
}

// P11-10a: accuracy and consistency under the work of many.
pub async fn eight_writers_lose_double_and_reorder_nothing(place: &Place) {
    let count = env::var("AUTOLOG_APPENDS").map_or(40, |count| count.parse().unwrap());
    let programs = [place.open().await, place.open().await];
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        // Two of those who share a ledger and its streams are in different programs.
        let store = programs[usize::try_from(writer / 2 % 2).unwrap()].clone();
        writers.push(tokio::spawn(write(store, writer, count)));
    }
    let mut conflicts = 0;
    let mut expected = BTreeMap::<&str, BTreeMap<u64, u128>>::new();
    for (writer, task) in writers.into_iter().enumerate() {
        let acknowledged = task.await.unwrap();
        assert_eq!(acknowledged.done.len() as u128, count);
        assert!(
            acknowledged
                .done
                .is_sorted_by_key(|(_, position)| *position),
            "writer {writer} sees its own commands in its own order"
        );
        conflicts += acknowledged.conflicts;
        let of = expected
            .entry(if writer.is_multiple_of(2) { "GE" } else { "PI" })
            .or_default();
        for (id, position) in acknowledged.done {
            assert_eq!(
                of.insert(position, id),
                None,
                "position {position} was given twice"
            );
        }
    }
    assert!(conflicts > 0, "whoever saw an older version was told");
    for (name, expected) in expected {
        let positions = 1..=4 * u64::try_from(count).unwrap();
        assert!(expected.keys().copied().eq(positions), "{name} has a gap");
        let mut after = 0;
        loop {
            let page = programs[0]
                .entries(&ledger(name), after, 500)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            for entry in &page {
                let id = expected[&entry.position];
                assert_eq!(
                    entry.command_id.0.as_u128(),
                    id,
                    "{name} / {}",
                    entry.position
                );
            }
            assert!(page.is_sorted_by_key(|entry| entry.recorded_at));
            after = last.position;
        }
        assert_eq!(after, 4 * u64::try_from(count).unwrap());
        // Versions without gaps, each stream, each leaf.
        let findings = programs[1].verify(&ledger(name)).await.unwrap();
        assert!(findings.is_clean(), "{findings}");
    }
    assert_eq!(programs[0].verify_rows().await.unwrap(), []);
}
