//! Events as they stand in the ledger: one line of each kind, kept for ever. What was written once is read and written
//! back with the same bytes.

use crate::{
    coverage::{name, variants},
    record::{Record, certified, registered, tested},
};
use domain::{
    batch::{BatchEvent, NotAnEvent, Recorded},
    ids::{CommandId, UserId},
    ledger::{Actor, Entry, Event, LedgerName, Origin, Payload, StreamName, signed::signed_of},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

const V1: &str = include_str!("../golden/batch-events-v1.jsonl");

/// The part of an entry that an event makes, in the order of the canonical line.
#[derive(Serialize, Deserialize)]
struct Line {
    kind: String,
    kind_version: u16,
    payload: Payload,
}

fn lines() -> Vec<(&'static str, Line)> {
    V1.lines()
        .map(|line| (line, serde_json::from_str(line).unwrap()))
        .collect()
}

#[test]
fn what_was_written_is_read_and_written_back_with_the_same_bytes() {
    for (text, line) in lines() {
        let event = BatchEvent::from_ledger(&line.kind, line.kind_version, &line.payload).unwrap();
        let back = Event::of(&event, BatchEvent::VERSION).unwrap();
        let back = Line {
            kind: back.kind,
            kind_version: back.kind_version,
            payload: back.payload,
        };
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }
}

#[test]
fn each_kind_of_event_has_a_line() {
    let kept: BTreeSet<_> = lines()
        .iter()
        .map(|(_, line)| {
            name(&BatchEvent::from_ledger(&line.kind, line.kind_version, &line.payload).unwrap())
        })
        .collect();
    let all = variants(
        include_str!("../../src/batch/event.rs"),
        "pub enum BatchEvent {",
    );
    assert_eq!(kept, all.into_iter().collect());
}

// P11-70: what is signed stands at the top of the payload, where the check of an export looks for it.
#[test]
fn a_signature_holds_what_it_binds_at_the_top_of_its_payload() {
    for (text, line) in lines() {
        let signed = signed_of(&line.payload).unwrap();
        assert_eq!(signed.is_some(), text.contains("\"signature\""), "{text}");
    }
}

#[test]
fn a_kind_a_payload_or_a_version_that_is_not_known_is_no_event() {
    let payload = |text: &str| Payload::parse(text).unwrap();
    let unreadable = |kind: &str, text: &str| {
        let refused = BatchEvent::from_ledger(kind, 1, &payload(text)).unwrap_err();
        assert!(
            matches!(refused, NotAnEvent::Unreadable { .. }),
            "{refused}"
        );
    };
    unreadable("thawed", "{}");
    unreadable("culture-ended", "{}");
    unreadable("culture-ended\",\"x\":\"", r#"{"reason":"x"}"#);
    let long = BatchEvent::from_ledger(&"culture-ended".repeat(1000), 1, &payload("{}"));
    assert_eq!(
        long.unwrap_err().to_string(),
        "the entry “culture-endedculture-endedculture-endedc…” is of no kind that this program knows"
    );
    let later =
        BatchEvent::from_ledger("culture-ended", 2, &payload(r#"{"reason":"x"}"#)).unwrap_err();
    assert_eq!(
        later.to_string(),
        "the entry “culture-ended” is of version 2; this program reads versions up to 1"
    );
}

fn entry(recorded: &Recorded) -> Entry {
    let event = Event::of(&recorded.event, BatchEvent::VERSION).unwrap();
    Entry {
        ledger: LedgerName::parse("GE").unwrap(),
        position: recorded.version + 100,
        stream: StreamName::parse("batch:7").unwrap(),
        version: recorded.version,
        recorded_at: recorded.at,
        actor: Actor {
            user: Some(recorded.by.user),
            name: recorded.by.name.clone(),
            role: recorded.by.role.code().to_owned(),
        },
        origin: Origin {
            session: None,
            app_version: "0.1.0".to_owned(),
            clock: domain::clock::ClockState::Confirmed,
        },
        command_id: CommandId(Uuid::from_u128(9)),
        kind: event.kind,
        kind_version: event.kind_version,
        payload: event.payload,
    }
}

#[test]
fn a_batch_folds_from_its_entries_to_the_same_state() {
    for record in [tested(), certified().withdrawn()] {
        let events: Vec<_> = record
            .events
            .iter()
            .map(|one| Recorded::from_entry(&entry(one)).unwrap())
            .collect();
        assert_eq!(events, record.events);
        let through = Record {
            events,
            ..record.clone()
        };
        assert_eq!(through.batch(), record.batch());
    }
}

#[test]
fn an_entry_of_nobody_is_no_event_of_a_batch() {
    let given = entry(&registered().events[0]);
    let of = |user: Option<UserId>, role: &str| {
        let actor = Actor {
            user,
            role: role.to_owned(),
            ..given.actor.clone()
        };
        Recorded::from_entry(&Entry {
            actor,
            ..given.clone()
        })
    };
    assert!(of(given.actor.user, "collector").is_ok());
    assert!(matches!(
        of(None, "collector"),
        Err(NotAnEvent::Nobody { .. })
    ));
    assert!(matches!(
        of(given.actor.user, "king"),
        Err(NotAnEvent::Nobody { .. })
    ));
}
