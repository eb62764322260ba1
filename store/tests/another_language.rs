//! The check `docs/verify_ledger.py`, run as it stands there: it knows nothing of this program.

#![expect(clippy::unwrap_used, reason = "tests")]

use domain::{
    ids::{BatchId, CommandId},
    ledger::{
        Actor, Entry, LedgerKey, LedgerName, Line, Origin, Payload, StreamName, signed_digest,
        tree::{self, Nodes},
    },
    time::Timestamp,
};
use std::fs;
use uuid::Uuid;

#[path = "another_language/python.rs"]
#[expect(dead_code, reason = "shared with the tampering of whole databases")]
mod python;

use python::run;

fn key(seed: u8) -> LedgerKey {
    LedgerKey::from_seed(LedgerName::parse("GE").unwrap(), &[seed; 32])
}

/// Nine entries of two batches with checkpoints over 4 and over 8; the seventh signs batch 1.
fn export() -> Vec<String> {
    let mut lines = vec![Line::PublicKey(key(1).public()).text()];
    let (mut nodes, mut streams) = (Nodes::new(), [Vec::new(), Vec::new()]);
    for position in 1..=9_u64 {
        let of = usize::from(position % 2 == 0);
        let (ledger, stream) = (
            LedgerName::parse("GE").unwrap(),
            StreamName::batch(BatchId(Uuid::from_u128(of as u128))),
        );
        let payload = if position == 7 {
            let digest = signed_digest(&ledger, &stream, &streams[of]);
            format!(r#"{{"signed":{{"version":3,"digest":"{digest}"}},"meaning":"reviewed"}}"#)
        } else {
            format!(r#"{{"n": {position}, "text":"Zoë \u00e9 \" {{}}"}}"#)
        };
        let entry = Entry {
            ledger,
            position,
            stream,
            version: streams[of].len() as u64 + 1,
            recorded_at: Timestamp::parse("2026-03-05T12:22:00.000001Z").unwrap(),
            actor: Actor {
                user: None,
                name: "Zoë \u{1} \"T1\"".to_owned(),
                role: "technician".to_owned(),
            },
            origin: Origin {
                session: None,
                app_version: "0.1.0".to_owned(),
                clock: domain::clock::ClockState::Confirmed,
            },
            command_id: CommandId(Uuid::from_u128(9)),
            kind: "step-recorded".to_owned(),
            kind_version: 1,
            payload: Payload::parse(payload).unwrap(),
        };
        let leaf = entry.leaf_hash();
        streams[of].push(leaf);
        nodes.extend(tree::append(position - 1, leaf, &nodes).unwrap());
        lines.push(entry.line());
        if position % 4 == 0 {
            let root = tree::root(position, &nodes).unwrap();
            lines.push(Line::Checkpoint(key(1).sign(position, root).note).text());
        }
    }
    lines
}

/// What the check says; `None` where there is no Python with the package `cryptography` to run it.
fn check(lines: &[String], arguments: &[&str]) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.jsonl");
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    run(&file, arguments)
}

#[test]
fn an_honest_export_holds() {
    let key = key(1).public();
    for known in [&[][..], &["--key", key.as_str()]] {
        let Some((good, said)) = check(&export(), known) else {
            return;
        };
        assert!(good, "{said}");
        assert!(
            said.contains("9 entries, 8 covered by checkpoints, 0 wrong"),
            "{said}"
        );
    }
}

#[test]
fn what_was_changed_moved_removed_or_inserted_is_found() {
    // P11-10a2, P11-70
    let line_of = |lines: &[String], position: u64| {
        let start = format!(r#"{{"ledger":"GE","position":{position},"#);
        lines
            .iter()
            .position(|line| line.starts_with(&start))
            .unwrap()
    };
    type Change = fn(&mut Vec<String>, usize);
    let cases: [(&str, u64, Change, &str); 7] = [
        (
            "changed",
            2,
            |lines, at| lines[at] = lines[at].replace("\"n\": 2", "\"n\": 3"),
            "rewritten between 0 and 4",
        ),
        (
            "changed",
            6,
            |lines, at| lines[at] = lines[at].replace("\"n\": 6", "\"n\": 7"),
            "rewritten between 4 and 8",
        ),
        (
            "under a signature",
            5,
            |lines, at| lines[at] = lines[at].replace("\"n\": 5", "\"n\": 6"),
            "entry 7: the signature",
        ),
        (
            "moved",
            1,
            |lines, at| lines.swap(at, at + 1),
            "entry 2 stands in place 1",
        ),
        (
            "removed",
            3,
            |lines, at| _ = lines.remove(at),
            "entry 4 stands in place 3",
        ),
        (
            "inserted",
            3,
            |lines, at| lines.insert(at, lines[at].clone()),
            "entry 3 stands in place 4",
        ),
        (
            "cut off",
            6,
            |lines, at| _ = lines.drain(at..at + 3),
            "there are only",
        ),
    ];
    for (name, position, change, expected) in cases {
        let mut lines = export();
        let at = line_of(&lines, position);
        change(&mut lines, at);
        let Some((good, said)) = check(&lines, &[]) else {
            return;
        };
        assert!(
            !good && said.contains(expected),
            "{name} {position}: {said}"
        );
    }
}

#[test]
fn a_time_that_goes_back_is_found_unless_the_clock_was_corrected() {
    let changed = |change: fn(&mut Entry)| {
        let mut lines = export();
        let at = lines.len() - 1;
        let mut entry = Entry::from_line(&lines[at]).unwrap();
        entry.recorded_at = Timestamp::parse("2026-03-04T12:22:00.000001Z").unwrap();
        change(&mut entry);
        lines[at] = entry.line();
        lines
    };
    let Some((good, said)) = check(&changed(|_| {}), &[]) else {
        return;
    };
    assert!(!good && said.contains("entry 9: recorded before"), "{said}");
    let corrected = changed(|entry| {
        entry.stream = StreamName::clock(&entry.ledger);
        entry.version = 1;
        entry.kind = "clock-corrected-here".to_owned();
    });
    let Some((good, said)) = check(&corrected, &[]) else {
        return;
    };
    assert!(good, "{said}");
    let Some((good, said)) = check(&[], &[]) else {
        return;
    };
    assert!(!good && said.contains("there is no entry"), "{said}");
}

#[test]
fn a_key_that_is_known_from_elsewhere_decides() {
    let Some((good, said)) = check(&export(), &["--key", key(2).public().as_str()]) else {
        return;
    };
    assert!(
        !good && said.contains("checkpoint of 4: not signed by a key of its time"),
        "{said}"
    );
}
