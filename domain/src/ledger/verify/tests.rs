#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::ledger::{entry::tests::entry, key::LedgerKey};

fn key() -> LedgerKey {
    LedgerKey::from_seed(LedgerName::parse("GE").unwrap(), &[1; 32])
}

fn trust() -> Trust {
    Trust::Keys(vec![key().public()])
}

/// A checkpoint over these entries.
fn checkpoint(entries: &[Entry]) -> String {
    let mut nodes = Nodes::new();
    for (size, entry) in (0..).zip(entries) {
        nodes.extend(tree::append(size, entry.leaf_hash(), &nodes).unwrap());
    }
    let size = entries.len() as u64;
    key().sign(size, tree::root(size, &nodes).unwrap()).note
}

/// Seven entries of two batches; the sixth signs the first three of batch 1.
fn ledger() -> Vec<Entry> {
    let mut entries = vec![
        entry(1, 1, 1, r#"{"n":1}"#),
        entry(2, 2, 1, r#"{"n":2}"#),
        entry(3, 1, 2, r#"{"n":3}"#),
        entry(4, 2, 2, r#"{"n":4}"#),
        entry(5, 1, 3, r#"{"n":5}"#),
    ];
    let leaves: Vec<_> = [0, 2, 4]
        .iter()
        .map(|i: &usize| entries[*i].leaf_hash())
        .collect();
    let digest = signed_digest(&entries[0].ledger, &entries[0].stream, &leaves);
    let payload =
        format!(r#"{{"signed":{{"version":3,"digest":"{digest}"}},"meaning":"reviewed"}}"#);
    entries.push(entry(6, 1, 4, &payload));
    entries.push(entry(7, 2, 3, r#"{"n":7}"#));
    entries
}

/// The lines of an export: checkpoints after 3 and after 6 entries.
fn lines(entries: &[Entry]) -> Vec<String> {
    let honest = ledger();
    let mut lines = vec![Line::PublicKey(key().public()).text()];
    for entry in entries {
        lines.push(entry.line());
        if [3, 6].contains(&entry.position) {
            let size = usize::try_from(entry.position).unwrap();
            lines.push(Line::Checkpoint(checkpoint(&honest[..size])).text());
        }
    }
    lines
}

fn findings(entries: &[Entry]) -> Vec<Finding> {
    verify_lines(lines(entries), trust()).found
}

#[test]
fn an_honest_export_is_clean() {
    let findings = verify_lines(lines(&ledger()), trust());
    assert_eq!(findings.found, []);
    assert_eq!(
        (findings.entries, findings.checkpoints.as_slice()),
        (7, &[3, 6][..])
    );
    assert!(verify_lines(lines(&ledger()), Trust::Embedded).is_clean());
}

#[test]
fn a_changed_entry_shows_between_two_checkpoints_and_under_the_signature() {
    // P11-10a2, P11-70
    let mut entries = ledger();
    entries[4] = entry(5, 1, 3, r#"{"n":50}"#);
    let stream = entries[4].stream.clone();
    assert_eq!(
        findings(&entries),
        [
            Finding::BrokenSignature {
                position: 6,
                stream,
                version: 3
            },
            Finding::Rewritten {
                after: Some(3),
                size: 6
            },
            Finding::SignatureWithoutCheckpoint { position: 6 },
        ]
    );
    let mut entries = ledger();
    entries[1] = entry(2, 2, 1, r#"{"n":20}"#);
    assert!(findings(&entries).contains(&Finding::Rewritten {
        after: None,
        size: 3
    }));
}

#[test]
fn an_entry_that_does_not_fit_its_kept_leaf_is_named() {
    // P11-10a2
    let mut verifier = Verifier::new(None, trust());
    for entry in ledger() {
        let kept = if entry.position == 4 {
            Hash([0; 32])
        } else {
            entry.leaf_hash()
        };
        verifier.entry(&entry, Some(kept));
    }
    verifier.checkpoint(&checkpoint(&ledger()));
    assert_eq!(
        verifier.finish().found,
        [Finding::WrongLeaf { position: 4 }]
    );
}

#[test]
fn a_removed_entry_is_a_gap_and_what_follows_keeps_its_place() {
    let mut entries = ledger();
    entries.remove(3);
    let stream = entries[1].stream.clone();
    let found = findings(&entries);
    assert_eq!(found[0], Finding::Gap { first: 4, last: 4 });
    assert_eq!(
        found[1],
        Finding::Version {
            position: 7,
            stream,
            expected: 2,
            found: 3
        }
    );
    assert_eq!(
        found[2],
        Finding::Rewritten {
            after: Some(3),
            size: 6
        }
    );
}

#[test]
fn what_follows_a_missing_entry_in_its_stream_is_not_told_as_wrong() {
    let mut entries: Vec<_> = (1..=6).map(|n| entry(n, 1, n, r#"{"n":1}"#)).collect();
    let stream = entries[0].stream.clone();
    entries.drain(1..3);
    let mut verifier = Verifier::new(None, trust());
    for entry in &entries {
        verifier.entry(entry, None);
    }
    assert_eq!(
        verifier.finish().found,
        [
            Finding::Gap { first: 2, last: 3 },
            Finding::Version {
                position: 4,
                stream,
                expected: 2,
                found: 4
            },
        ]
    );
}

#[test]
fn a_moved_or_doubled_entry_is_named() {
    let mut entries = ledger();
    entries.swap(0, 1);
    let found = findings(&entries);
    assert!(
        found.contains(&Finding::Gap { first: 1, last: 1 }),
        "{found:?}"
    );
    assert!(
        found.contains(&Finding::Order {
            position: 1,
            expected: 3
        }),
        "{found:?}"
    );

    let mut entries = ledger();
    entries.push(entries[6].clone());
    assert!(findings(&entries).contains(&Finding::Order {
        position: 7,
        expected: 8
    }));
}

#[test]
fn an_inserted_entry_is_found() {
    let mut entries = ledger();
    let other = entry(4, 9, 1, r#"{"n":0}"#);
    entries.insert(3, other);
    assert!(findings(&entries).contains(&Finding::Order {
        position: 4,
        expected: 5
    }));
}

#[test]
fn a_cut_off_end_is_found_where_it_was_signed() {
    let entries = ledger();
    let mut lines = lines(&entries[..4]);
    lines.push(Line::Checkpoint(checkpoint(&entries)).text());
    assert_eq!(
        verify_lines(lines, trust()).found,
        [Finding::CutOff {
            entries: 4,
            size: 7
        }]
    );
}

#[test]
fn a_checkpoint_under_another_key_does_not_count() {
    let other = LedgerKey::from_seed(LedgerName::parse("GE").unwrap(), &[2; 32]);
    let found = verify_lines(lines(&ledger()), Trust::Keys(vec![other.public()])).found;
    let bad = |n: u64| Finding::BadCheckpoint {
        first_lines: format!("autolog/GE {n}"),
        why: NotACheckpoint::UnknownKey,
    };
    assert_eq!(
        found,
        [
            bad(3),
            bad(6),
            Finding::SignatureWithoutCheckpoint { position: 6 }
        ]
    );
}

#[test]
fn a_checkpoint_with_a_changed_root_is_badly_signed() {
    let entries = ledger();
    let mut verifier = Verifier::new(None, trust());
    entries.iter().for_each(|entry| verifier.entry(entry, None));
    verifier.checkpoint(&checkpoint(&entries).replacen("\n7\n", "\n6\n", 1));
    let found = verifier.finish().found;
    let why = NotACheckpoint::BadSignature;
    assert_eq!(
        found[0],
        Finding::BadCheckpoint {
            first_lines: "autolog/GE 6".to_owned(),
            why
        }
    );
}

#[test]
fn a_signature_moved_to_another_batch_is_found() {
    // P11-70
    let mut entries = ledger();
    let payload = entries[5].payload.as_str().to_owned();
    entries[5] = entry(6, 2, 3, &payload);
    entries.truncate(6);
    let stream = entries[5].stream.clone();
    assert!(findings(&entries).contains(&Finding::BrokenSignature {
        position: 6,
        stream,
        version: 3
    }));
}

#[test]
fn a_signature_that_binds_nothing_or_itself_is_broken() {
    for version in [0, 2, 99] {
        let digest = signed_digest(
            &entry(1, 1, 1, "{}").ledger,
            &entry(1, 1, 1, "{}").stream,
            &[],
        );
        let payload = format!(r#"{{"signed":{{"version":{version},"digest":"{digest}"}}}}"#);
        let entries = [entry(1, 1, 1, "{}"), entry(2, 1, 2, &payload)];
        let stream = entries[0].stream.clone();
        assert!(findings(&entries).contains(&Finding::BrokenSignature {
            position: 2,
            stream,
            version
        }));
    }
}

#[test]
fn a_line_that_is_no_entry_is_named_with_its_place() {
    let mut lines = lines(&ledger());
    lines[2] = "{\"position\":2}".to_owned();
    let found = verify_lines(lines, trust()).found;
    assert!(
        matches!(found[0], Finding::NotAnEntry { position: 2, .. }),
        "{found:?}"
    );
    assert!(found.contains(&Finding::Rewritten {
        after: None,
        size: 3
    }));
}

#[test]
fn a_forged_position_far_ahead_does_not_exhaust_the_memory() {
    let entries = [entry(1, 1, 1, "{}"), entry(u64::MAX - 1, 1, 2, "{}")];
    assert_eq!(
        findings(&entries),
        [Finding::Gap {
            first: 2,
            last: u64::MAX - 2
        }]
    );
}

#[test]
fn findings_are_told_in_words() {
    let mut entries = ledger();
    entries[4] = entry(5, 1, 3, r#"{"n":50}"#);
    let text = verify_lines(lines(&entries), trust()).to_string();
    assert!(
        text.contains("between the checkpoint of 3 entries and the checkpoint of 6 entries"),
        "{text}"
    );
    assert!(
        text.contains("at least one of the entries 4 to 6"),
        "{text}"
    );
    assert!(text.ends_with("3 things are wrong."), "{text}");
    assert!(
        verify_lines(lines(&ledger()), trust())
            .to_string()
            .ends_with("Nothing wrong was found.")
    );
}
