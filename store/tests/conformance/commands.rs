//! One command, one transaction, recorded once.

use crate::place::{
    Place, ask, batch, board_row, decided, donation, event, event_with, give, identifier, ledger,
    request, seven, user,
};
use domain::{
    ids::{CommandId, SessionId},
    ledger::{Hash, RowChange, StreamName},
};
use std::{collections::BTreeSet, convert::Infallible, sync::Arc};
use store::{Decided, Executed, Fault, Loaded, Lookup, Store, Taken};
use uuid::Uuid;

async fn size(store: &Arc<dyn Store>, name: &str) -> u64 {
    let heads = store.heads().await.unwrap();
    heads
        .iter()
        .find(|head| head.ledger == ledger(name))
        .map_or(0, |head| head.size)
}

pub async fn what_is_appended_reads_back_the_same(place: &Place) {
    let store = place.open().await;
    let mut request = request(1, 1);
    request.actor.name = "Zoë “T1” O\"Neil\\ \u{1f9eb}".to_owned();
    request.origin.session = Some(SessionId(Uuid::from_u128(5)));
    let payload = r#"{"z":1.50, "a":"79,9 % \u00e9 é", "b":null}"#;
    let outcome = give(&store, &request, vec![event(payload), event("{}")]).await;
    assert_eq!(
        (outcome.first_position, outcome.entry_count, outcome.version),
        (Some(1), 2, 2)
    );
    assert_eq!(outcome.text, "done");
    assert!(!outcome.repeated);

    let entries = store
        .stream(&request.ledger, &request.stream)
        .await
        .unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].payload.as_str(), payload);
    assert_eq!((entries[0].position, entries[0].version), (1, 1));
    assert_eq!((entries[1].position, entries[1].version), (2, 2));
    assert_eq!(entries[0].actor, request.actor);
    assert_eq!(entries[0].origin, request.origin);
    assert_eq!(entries[0].command_id, request.command_id);
    assert_eq!(
        store.entries(&request.ledger, 0, 10).await.unwrap(),
        entries
    );
    assert_eq!(
        store.entries(&request.ledger, 1, 10).await.unwrap(),
        entries[1..]
    );
    assert_eq!(
        store.entries(&request.ledger, 0, 1).await.unwrap(),
        entries[..1]
    );
    assert_eq!(
        store.stream(&ledger("PI"), &request.stream).await.unwrap(),
        []
    );
}

pub async fn times_keep_their_microseconds(place: &Place) {
    let store = place.open().await;
    let request = request(1, 1);
    let mut seen = None;
    let decide = |loaded: &Loaded| {
        seen = Some(loaded.now());
        Ok::<_, Infallible>(decided(vec![event("{}")]))
    };
    store.execute(&request, decide).await.unwrap();
    let entries = store
        .stream(&request.ledger, &request.stream)
        .await
        .unwrap();
    assert_eq!(Some(entries[0].recorded_at), seen);
    assert_ne!(
        entries[0].recorded_at.micros() % 1000,
        0,
        "the clock of the cases has microseconds"
    );
    assert!(store.verify(&request.ledger).await.unwrap().is_clean());
}

pub async fn a_form_that_comes_twice_is_recorded_once(place: &Place) {
    let store = place.open().await;
    let first = give(&store, &request(1, 1), vec![event("{}")]).await;
    let again = |_: &Loaded| -> Result<Decided, Infallible> {
        panic!("a command that was done is not decided again")
    };
    let second = store.execute(&request(1, 1), again).await.unwrap();
    let mut expected = first.clone();
    expected.repeated = true;
    assert_eq!(second, Executed::Done(expected.clone()));
    assert_eq!(
        store.outcome(CommandId(Uuid::from_u128(1))).await.unwrap(),
        Some(expected)
    );
    assert_eq!(
        store.outcome(CommandId(Uuid::from_u128(2))).await.unwrap(),
        None
    );
    assert_eq!(size(&store, "GE").await, 1);

    // The checkpoint that was made with it is part of the outcome.
    seven(&store).await;
    let decide = |_: &Loaded| {
        Ok::<_, Infallible>(Decided {
            events: vec![event("{}")],
            checkpoint: true,
            ..Decided::default()
        })
    };
    let Executed::Done(first) = store.execute(&request(99, 1), decide).await.unwrap() else {
        panic!()
    };
    let Executed::Done(second) = store.execute(&request(99, 1), decide).await.unwrap() else {
        panic!()
    };
    assert!(first.checkpoint.is_some());
    assert_eq!(second.checkpoint, first.checkpoint);
}

pub async fn a_double_tap_is_recorded_once(place: &Place) {
    let store = place.open().await;
    let mut taps = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        taps.push(tokio::spawn(async move {
            give(&store, &request(1, 1), vec![event("{}")]).await
        }));
    }
    let mut recorded = 0;
    for tap in taps {
        let outcome = tap.await.unwrap();
        assert_eq!(outcome.first_position, Some(1));
        recorded += u32::from(!outcome.repeated);
    }
    assert_eq!(recorded, 1);
    assert_eq!(size(&store, "GE").await, 1);
}

pub async fn the_same_id_with_another_content_is_refused(place: &Place) {
    let store = place.open().await;
    give(&store, &request(1, 1), vec![event("{}")]).await;
    let mut other = request(1, 1);
    other.content_hash = Hash::of(b"other content");
    assert_eq!(
        ask(&store, &other, vec![event("{}")]).await,
        Executed::OtherContent
    );
    assert_eq!(
        ask(&store, &request(1, 2), vec![event("{}")]).await,
        Executed::OtherContent
    );
    let mut elsewhere = request(1, 1);
    elsewhere.ledger = ledger("PI");
    assert_eq!(
        ask(&store, &elsewhere, vec![event("{}")]).await,
        Executed::OtherContent
    );
    assert_eq!((size(&store, "GE").await, size(&store, "PI").await), (1, 0));
}

pub async fn a_refusal_records_nothing_and_uses_up_nothing(place: &Place) {
    let store = place.open().await;
    let refused = store
        .execute(&request(1, 1), |_| {
            Err::<Decided, _>("Viability is below the limit.")
        })
        .await
        .unwrap();
    assert_eq!(refused, Executed::Refused("Viability is below the limit."));
    assert_eq!(size(&store, "GE").await, 0);
    // The same form, corrected, is a new command of the same page.
    let mut corrected = request(1, 1);
    corrected.content_hash = Hash::of(b"corrected");
    assert_eq!(
        give(&store, &corrected, vec![event("{}")])
            .await
            .first_position,
        Some(1)
    );
}

pub async fn a_record_that_changed_meanwhile_is_a_conflict(place: &Place) {
    let store = place.open().await;
    let mut first = request(1, 1);
    first.expected_version = Some(0);
    give(&store, &first, vec![event("{}")]).await;
    let mut late = request(2, 1);
    late.expected_version = Some(0);
    assert_eq!(
        ask(&store, &late, vec![event("{}")]).await,
        Executed::Conflict
    );
    late.expected_version = Some(1);
    assert_eq!(give(&store, &late, vec![event("{}")]).await.version, 2);
}

pub async fn many_writers_leave_no_gap(place: &Place) {
    let store = place.open().await;
    // A second process on the same database.
    let other = place.open().await;
    let mut writers = Vec::new();
    for id in 1..=40_u128 {
        let store = if id % 2 == 0 {
            store.clone()
        } else {
            other.clone()
        };
        writers.push(tokio::spawn(async move {
            let mut request = request(id, id % 5);
            request.ledger = ledger(if id % 4 == 0 { "PI" } else { "GE" });
            give(&store, &request, vec![event("{}"), event("{}")]).await
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (name, count) in [("GE", 60_u64), ("PI", 20)] {
        let entries = store.entries(&ledger(name), 0, 1000).await.unwrap();
        let positions: Vec<_> = entries.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, (1..=count).collect::<Vec<_>>(), "{name}");
        assert!(
            entries.is_sorted_by_key(|entry| entry.recorded_at),
            "time follows the order of {name}"
        );
        let findings = store.verify(&ledger(name)).await.unwrap();
        assert!(findings.is_clean(), "{findings}");
    }
}

pub async fn an_identifier_taken_meanwhile_is_seen_by_the_second_decision(place: &Place) {
    let store = place.open().await;
    let mut writers = Vec::new();
    // Two sites have two locks; both can look before either writes.
    for (id, name) in [
        (1, "GE"),
        (2, "PI"),
        (3, "org"),
        (4, "GE"),
        (5, "PI"),
        (6, "org"),
    ] {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            let mut request = request(id, id);
            request.ledger = ledger(name);
            let key = donation("A999917123456");
            request.lookups = vec![Lookup::Claim(key.clone())];
            let decide = |loaded: &Loaded| match loaded.claim(&key) {
                Some(holder) => Err(holder.to_owned()),
                None => Ok(decided(vec![event_with(&[identifier(
                    "A999917123456",
                    id,
                )])])),
            };
            store.execute(&request, decide).await.unwrap()
        }));
    }
    let (mut done, mut refused) = (0, BTreeSet::new());
    for writer in writers {
        match writer.await.unwrap() {
            Executed::Done(_) => done += 1,
            Executed::Refused(holder) => _ = refused.insert(holder),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        (done, refused.len()),
        (1, 1),
        "one holds it, and all others are told who"
    );
}

pub async fn an_identifier_that_another_batch_holds_undoes_everything(place: &Place) {
    let store = place.open().await;
    give(
        &store,
        &request(1, 1),
        vec![event_with(&[identifier("A999917123456", 1)])],
    )
    .await;
    let before = store.rows().await.unwrap();
    let rows = [
        RowChange::PutBoard(board_row(2, "GE")),
        identifier("A999917123456", 2),
    ];
    assert_eq!(
        ask(&store, &request(2, 2), vec![event_with(&rows)]).await,
        Executed::Taken(Taken {
            key: donation("A999917123456"),
            holder: "GE-0001".to_owned()
        })
    );
    assert_eq!(size(&store, "GE").await, 1);
    assert_eq!(store.rows().await.unwrap(), before);
    assert_eq!(
        store.claim(&donation("A999917123456")).await.unwrap(),
        Some("GE-0001".to_owned())
    );
    assert_eq!(
        store.outcome(CommandId(Uuid::from_u128(2))).await.unwrap(),
        None
    );
    // The place in the ledger was not used up.
    assert_eq!(
        give(&store, &request(2, 2), vec![event("{}")])
            .await
            .first_position,
        Some(2)
    );
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}

pub async fn what_cannot_be_projected_undoes_everything(place: &Place) {
    let store = place.open().await;
    let decide = |_: &Loaded| Ok::<_, Infallible>(decided(vec![event(r#"{"rows":1}"#)]));
    let fault = store.execute(&request(1, 1), decide).await.unwrap_err();
    assert!(matches!(fault, Fault::Projection { .. }), "{fault:?}");
    assert_eq!(size(&store, "GE").await, 0);
}

pub async fn a_signature_without_a_key_undoes_everything(place: &Place) {
    let store = place.open().await;
    let mut request = request(1, 1);
    request.ledger = ledger("NOKEY");
    let decide = |_: &Loaded| {
        Ok::<_, Infallible>(decided(vec![event(
            r#"{"signed":{"version":1,"digest":"00"}}"#,
        )]))
    };
    let fault = store.execute(&request, decide).await.unwrap_err();
    assert!(matches!(fault, Fault::NoKey(_)), "{fault:?}");
    assert_eq!(size(&store, "NOKEY").await, 0);
}

pub async fn what_was_not_looked_up_undoes_everything(place: &Place) {
    let store = place.open().await;
    let decide = |loaded: &Loaded| {
        assert_eq!(loaded.claim(&donation("A999917123456")), None);
        Ok::<_, Infallible>(decided(vec![event("{}")]))
    };
    let fault = store.execute(&request(1, 1), decide).await.unwrap_err();
    assert!(matches!(fault, Fault::NotLookedUp(_)), "{fault:?}");
    assert_eq!(size(&store, "GE").await, 0);
}

pub async fn an_event_that_cannot_be_written_undoes_everything(place: &Place) {
    let store = place.open().await;
    // The first is as it should be, the second has no kind: neither is recorded.
    let decide = |loaded: &Loaded| {
        let events = [r#"{"kind":"noted","payload":{}}"#, "{}"]
            .map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        Ok::<_, Infallible>(loaded.decided(&events, 1))
    };
    let fault = store.execute(&request(1, 1), decide).await.unwrap_err();
    assert!(matches!(fault, Fault::Entry(_)), "{fault:?}");
    assert_eq!(size(&store, "GE").await, 0);
}

pub async fn a_decision_without_events_records_nothing(place: &Place) {
    let store = place.open().await;
    let outcome = give(&store, &request(1, 1), vec![]).await;
    assert_eq!(
        (outcome.first_position, outcome.entry_count, outcome.version),
        (None, 0, 0)
    );
    assert_eq!(size(&store, "GE").await, 0);
}

pub async fn a_decision_sees_what_it_looked_up(place: &Place) {
    let store = place.open().await;
    let rows = [
        RowChange::PutBoard(board_row(1, "GE")),
        identifier("A999917123456", 1),
    ];
    give(&store, &request(1, 1), vec![event_with(&rows)]).await;
    let mut request = request(2, 1);
    let (org, one) = (ledger("GE"), StreamName::batch(batch(1)));
    request.lookups = vec![
        Lookup::Stream(org.clone(), one.clone()),
        Lookup::Claim(donation("A999917123456")),
        Lookup::Claim(donation("other")),
        Lookup::BatchCount("GE".to_owned()),
        Lookup::BatchCount("PI".to_owned()),
        Lookup::RegisterCount("GE".to_owned()),
        Lookup::Person(user(1)),
        Lookup::PersonNamed("t1".to_owned()),
        Lookup::PersonCount,
        Lookup::Roles(user(1)),
        Lookup::Site("GE".to_owned()),
        Lookup::Document("specification".to_owned(), "bm-msc".to_owned(), 1),
        Lookup::LatestDocument("specification".to_owned(), "bm-msc".to_owned()),
    ];
    let decide = |loaded: &Loaded| {
        assert_eq!((loaded.entries().len(), loaded.version()), (1, 1));
        assert_eq!(loaded.stream(&org, &one), loaded.entries());
        let holder = loaded.claim(&donation("A999917123456"));
        assert_eq!(holder, Some("GE-0001"));
        assert_eq!(loaded.claim(&donation("other")), None);
        assert_eq!(
            (
                loaded.batch_count("GE"),
                loaded.batch_count("PI"),
                loaded.register_count("GE")
            ),
            (1, 0, 0)
        );
        assert_eq!(
            (
                loaded.person(user(1)),
                loaded.person_named("t1"),
                loaded.person_count()
            ),
            (None, None, 0)
        );
        assert!(loaded.roles(user(1)).is_empty());
        assert_eq!(loaded.site("GE"), None);
        assert_eq!(loaded.document("specification", "bm-msc", 1), None);
        assert_eq!(loaded.latest_document("specification", "bm-msc"), None);
        Ok::<_, Infallible>(decided(vec![event("{}")]))
    };
    store.execute(&request, decide).await.unwrap();
}
