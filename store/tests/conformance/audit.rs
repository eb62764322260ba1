//! Nothing is changed, and what is changed all the same is found.

use crate::place::{Place, decided, event, export, give, key, ledger, request, seven, time};
use domain::{
    ledger::{
        Entry, Finding, Payload, tree,
        verify::{Trust, verify_lines},
    },
    time::Timestamp,
};
use std::convert::Infallible;
use store::{Executed, Fault, Loaded};

pub async fn nothing_of_the_record_is_changed_or_deleted(place: &Place) {
    // P11-10e1
    let store = place.open().await;
    seven(&store).await;
    let mut attempts = vec![
        "update entry set payload = '{}' where position = 2".to_owned(),
        "update tree_hash set idx = idx".to_owned(),
        "update checkpoint set note = ''".to_owned(),
        "update command set outcome = ''".to_owned(),
    ];
    for table in ["entry", "tree_hash", "checkpoint", "command"] {
        attempts.push(format!("delete from {table}"));
        match place {
            Place::Sqlite(_) => attempts.push(format!(
                "insert or replace into {table} select * from {table} limit 1"
            )),
            Place::Postgres { .. } => attempts.push(format!("truncate {table}")),
        }
    }
    for sql in attempts {
        let refused = place.raw(&sql).await.expect_err(&sql);
        match place {
            Place::Sqlite(_) => assert!(refused.contains("append-only"), "{sql}: {refused}"),
            Place::Postgres { .. } => {
                // The owner has no right to it, and the trigger stops also who has every right.
                assert!(refused.contains("permission denied"), "{sql}: {refused}");
                let refused = place.raw_with_all_rights(&sql).await.expect_err(&sql);
                assert!(refused.contains("append-only"), "{sql}: {refused}");
            }
        }
    }
    let gap = "insert into entry select ledger, 99, stream, 99, recorded_at, actor_user, actor_name, actor_role,
        session, app_version, clock, command_id, kind, kind_version, payload, leaf_hash from entry where position = 1";
    assert!(place.raw(gap).await.unwrap_err().contains("without gaps"));
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}

pub async fn an_honest_ledger_is_clean(place: &Place) {
    let store = place.open().await;
    // An empty one proves nothing.
    let empty = store.verify(&ledger("GE")).await.unwrap();
    assert_eq!(empty.found, [Finding::NoEntries]);
    seven(&store).await;
    let findings = store.verify(&ledger("GE")).await.unwrap();
    assert_eq!(findings.found, []);
    assert_eq!(
        (findings.entries, findings.checkpoints.as_slice()),
        (7, &[3, 6, 7][..])
    );
}

pub async fn an_entry_changed_by_direct_sql_is_named(place: &Place) {
    // P11-10a2, P11-70
    let store = place.open().await;
    seven(&store).await;
    place
        .tamper("update entry set payload = '{\"n\":50}' where position = 5")
        .await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(found[0], Finding::WrongLeaf { position: 5 });
    assert!(
        matches!(
            found[1],
            Finding::BrokenSignature {
                position: 6,
                version: 3,
                ..
            }
        ),
        "{found:?}"
    );
    assert_eq!(
        found[2],
        Finding::Rewritten {
            after: Some(3),
            size: 6
        }
    );
    for sql in [
        "update entry set actor_name = 'Someone Else' where position = 1",
        "update entry set recorded_at = recorded_at + 1 where position = 1",
        "update entry set actor_user = null where position = 1",
    ] {
        place.tamper(sql).await;
        let found = store.verify(&ledger("GE")).await.unwrap().found;
        assert_eq!(found[0], Finding::WrongLeaf { position: 1 }, "{sql}");
    }
}

pub async fn a_rewritten_history_is_named_between_two_checkpoints(place: &Place) {
    // P11-10a2
    let store = place.open().await;
    seven(&store).await;
    // Whoever can write to the table can also compute the hashes again; what was signed stays.
    let mut entry = store.entries(&ledger("GE"), 3, 1).await.unwrap().remove(0);
    entry.payload = Payload::parse(r#"{"n":40}"#).unwrap();
    let hash = hex(&entry);
    let literal = match place {
        Place::Sqlite(_) => format!("x'{hash}'"),
        Place::Postgres { .. } => format!("'\\x{hash}'::bytea"),
    };
    let index = tree::leaf_index(4);
    let sql = format!(
        "update entry set payload = '{{\"n\":40}}', leaf_hash = {literal} where position = 4;
         update tree_hash set hash = {literal} where idx = {index};"
    );
    place.tamper(&sql).await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(
        found[0],
        Finding::Rewritten {
            after: Some(3),
            size: 6
        }
    );
}

fn hex(entry: &Entry) -> String {
    entry.leaf_hash().to_string()
}

pub async fn a_removed_entry_is_a_gap(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    place.tamper("delete from entry where position = 4").await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(found[0], Finding::Gap { first: 4, last: 4 });
    place.tamper("delete from entry where position >= 4").await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(
        found[0],
        Finding::CutOff {
            entries: 3,
            size: 6
        }
    );
}

pub async fn a_value_that_cannot_be_read_is_named(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    place
        .tamper("update entry set actor_user = 'nobody' where position = 2")
        .await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    let Finding::NotAnEntry { position: 2, why } = &found[0] else {
        panic!("{found:?}")
    };
    assert!(
        why.contains("table entry, column actor_user, row GE / 2"),
        "{why}"
    );
}

pub async fn a_changed_hash_of_the_tree_is_named(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let flip = match place {
        Place::Sqlite(_) => {
            "update tree_hash set hash = zeroblob(32) where idx = 2; delete from tree_hash where idx = 5"
        }
        Place::Postgres { .. } => {
            "update tree_hash set hash = decode(repeat('00', 32), 'hex') where idx = 2;
             delete from tree_hash where idx = 5"
        }
    };
    place.tamper(flip).await;
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(
        found,
        [
            Finding::WrongNode { index: 2 },
            Finding::WrongNode { index: 5 }
        ]
    );
}

/// A root must not be computed, and signed, from a hash that can't be read any more.
pub async fn nothing_is_appended_to_a_tree_that_cannot_be_read(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let short = match place {
        Place::Sqlite(_) => "x'00'",
        Place::Postgres { .. } => "'\\x00'::bytea",
    };
    place
        .tamper(&format!("update tree_hash set hash = {short}"))
        .await;
    // Who has appended before knows the tree; a writer that comes new reads it.
    let store = place.open().await;
    let decide = |_: &Loaded| Ok::<_, Infallible>(decided(vec![event("{}")]));
    let fault = store.execute(&request(8, 1), decide).await.unwrap_err();
    assert!(matches!(fault, Fault::Inconsistent { .. }), "{fault:?}");
    assert_eq!(store.entries(&ledger("GE"), 0, 10).await.unwrap().len(), 7);
    let found = store.verify(&ledger("GE")).await.unwrap().found;
    assert_eq!(found[0], Finding::WrongNode { index: 0 });
}

pub async fn an_export_verifies_without_the_database(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    // More than a page.
    for id in 100..700 {
        let events = (0..2).map(|n| event(&format!(r#"{{"n":{n}}}"#))).collect();
        give(&store, &request(id, id % 7), events).await;
    }
    store.checkpoint(&ledger("GE")).await.unwrap();
    let lines = export(&store).await;
    assert!(
        lines[0].starts_with(r#"{"public_key":"autolog/GE+"#),
        "{}",
        lines[0]
    );
    assert_eq!(
        lines[1],
        store.entries(&ledger("GE"), 0, 1).await.unwrap()[0].line()
    );
    assert!(
        lines[4].starts_with(r#"{"checkpoint":"autolog/GE\n3\n"#),
        "{}",
        lines[4]
    );
    let trust = || Trust::Keys(vec![key("GE", 1).public()]);
    let findings = verify_lines(&lines, trust());
    assert_eq!(findings.found, []);
    assert_eq!((findings.entries, findings.checkpoints.len()), (1207, 4));
    assert_eq!(findings, store.verify(&ledger("GE")).await.unwrap());

    let changed: Vec<_> = lines
        .iter()
        .map(|line| line.replace(r#""payload":{"n":4}"#, r#""payload":{"n":5}"#))
        .collect();
    assert_eq!(
        verify_lines(&changed, trust()).found,
        [
            Finding::Rewritten {
                after: Some(3),
                size: 6
            },
            // Nothing that fits confirms it any more.
            Finding::SignatureWithoutCheckpoint { position: 6 },
        ]
    );
    assert!(!verify_lines(&lines, Trust::Keys(vec![key("GE", 9).public()])).is_clean());
}

pub async fn each_checkpoint_is_consistent_with_the_ones_before(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let name = ledger("GE");
    let checkpoints = store.checkpoints(&name).await.unwrap();
    assert_eq!(
        checkpoints
            .iter()
            .map(|signed| signed.checkpoint.size)
            .collect::<Vec<_>>(),
        [3, 6, 7]
    );
    for new in &checkpoints {
        assert_eq!(new.check(&[key("GE", 1).public()]), Ok(()));
        let new = &new.checkpoint;
        for old in checkpoints
            .iter()
            .map(|signed| &signed.checkpoint)
            .filter(|old| old.size <= new.size)
        {
            let proof = store.consistency(&name, old.size, new.size).await.unwrap();
            assert_eq!(proof.root, new.root);
            let held =
                tree::check_consistency(&proof.hashes, (old.size, old.root), (new.size, new.root));
            assert_eq!(held, Ok(()));
        }
        for entry in store
            .entries(&name, 0, u32::try_from(new.size).unwrap())
            .await
            .unwrap()
        {
            let proof = store
                .inclusion(&name, entry.position, new.size)
                .await
                .unwrap();
            assert_eq!(proof.root, new.root);
            let leaf = entry.leaf_hash();
            assert_eq!(
                tree::check_inclusion(&proof.hashes, entry.position, leaf, new.size, new.root),
                Ok(())
            );
        }
    }
    assert!(store.inclusion(&name, 8, 7).await.is_err());
    assert!(store.consistency(&name, 7, 6).await.is_err());
    assert!(store.consistency(&name, 7, 8).await.is_err());
}

pub async fn a_signature_makes_a_checkpoint(place: &Place) {
    let store = place.open().await;
    give(&store, &request(1, 1), vec![event("{}")]).await;
    let sign = |loaded: &Loaded| {
        let payload = format!(
            r#"{{"signed":{{"version":1,"digest":"{}"}}}}"#,
            loaded.signed_digest()
        );
        Ok::<_, Infallible>(decided(vec![event(&payload)]))
    };
    let Executed::Done(outcome) = store.execute(&request(2, 1), sign).await.unwrap() else {
        panic!()
    };
    let made = outcome.checkpoint.unwrap();
    assert_eq!(made.checkpoint.size, 2);
    assert_eq!(store.heads().await.unwrap()[0].checkpoint, Some(made));
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}

pub async fn a_checkpoint_on_demand_is_made_once(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.checkpoint(&ledger("GE")).await.unwrap(), None);
    give(&store, &request(1, 1), vec![event("{}")]).await;
    let first = store.checkpoint(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(
        store.checkpoint(&ledger("GE")).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(store.checkpoints(&ledger("GE")).await.unwrap(), [first]);
}

pub async fn a_daily_checkpoint_is_made_where_something_is_new(place: &Place) {
    let store = place.open().await;
    give(&store, &request(1, 1), vec![event("{}")]).await;
    let recorded = store.entries(&ledger("GE"), 0, 1).await.unwrap()[0].recorded_at;
    assert_eq!(store.checkpoint_where_due(recorded).await.unwrap(), []);
    let later = Timestamp::from_micros(recorded.micros() + 1).unwrap();
    let made = store.checkpoint_where_due(later).await.unwrap();
    assert_eq!(
        made.iter()
            .map(|signed| signed.checkpoint.size)
            .collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(
        store
            .checkpoint_where_due(time(i64::from(u32::MAX) * 1_000))
            .await
            .unwrap(),
        []
    );
}

pub async fn checkpoints_before_a_new_key_still_count(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    store.adopt_key(key("GE", 2));
    give(&store, &request(8, 1), vec![event("{}")]).await;
    store.checkpoint(&ledger("GE")).await.unwrap();
    let findings = store.verify(&ledger("GE")).await.unwrap();
    assert!(findings.is_clean(), "{findings}");
    assert_eq!(findings.checkpoints, [3, 6, 7, 8]);
    let newest = store
        .checkpoints(&ledger("GE"))
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert!(newest.check(&[key("GE", 1).public()]).is_err());
    assert_eq!(newest.check(&[key("GE", 2).public()]), Ok(()));
    assert!(verify_lines(export(&store).await, Trust::Embedded).is_clean());
}

pub async fn what_was_recorded_is_there_after_reopening(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let before = export(&store).await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(store.ping().await.is_err());
    let store = place.open().await;
    assert_eq!(export(&store).await, before);
    assert_eq!(
        give(&store, &request(8, 1), vec![event("{}")])
            .await
            .first_position,
        Some(8)
    );
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
}
