//! Lines of a ledger, events, checkpoints and keys.

use crate::corpus::{attack, seeds, short_words, traps};
use domain::{
    batch::{BatchEvent, Recorded},
    ledger::{Entry, Event, LedgerKey, LedgerName, Payload, PublicKey, SignedCheckpoint},
};

fn key() -> LedgerKey {
    LedgerKey::from_seed(LedgerName::parse("GE").unwrap(), &[1; 32])
}

fn line(text: &str) {
    let entry = match Entry::from_line(text) {
        Ok(entry) => entry,
        Err(refused) => return short_words(&refused),
    };
    // One entry has one line: what is hashed is what is read.
    assert_eq!(entry.line(), text);
    assert!(!text.contains(['\n', '\r']), "{text:?}");
    match Recorded::from_entry(&entry) {
        Ok(recorded) => {
            let event = Event::of(&recorded.event, BatchEvent::VERSION).unwrap();
            assert_eq!(event.kind, entry.kind, "{text}");
            let again = BatchEvent::from_ledger(&event.kind, 1, &event.payload).unwrap();
            assert_eq!(again, recorded.event, "{text}");
        }
        Err(refused) => short_words(&refused),
    }
}

#[test]
fn an_entry_has_one_line() {
    attack("entries", line);
    for trap in traps() {
        line(&trap);
        let entry = seeds("entries")[0].replacen(
            r#""payload":{"#,
            &format!(r#""payload":{{"x":"{trap}","#),
            1,
        );
        line(&entry);
    }
}

fn event(text: &str) {
    let Some((kind, payload)) = text.split_once(' ') else {
        return;
    };
    let Ok(payload) = Payload::parse(payload) else {
        return;
    };
    assert!(payload.as_str().starts_with('{'));
    if let Ok(event) = BatchEvent::from_ledger(kind, 1, &payload) {
        let written = Event::of(&event, BatchEvent::VERSION).unwrap();
        let again = BatchEvent::from_ledger(&written.kind, 1, &written.payload).unwrap();
        assert_eq!(again, event, "{text}");
    }
}

#[test]
fn an_event_is_written_and_read_back() {
    attack("events", event);
    let number = |text: &str| {
        format!(
            r#"entry-recorded {{"step":"a","field":"b","value":{{"number":"{text}"}},"performed_at":"2026-03-05T12:00:00.000000Z"}}"#
        )
    };
    for trap in traps() {
        event(&number(&trap));
        event(&format!("comment-added {trap}"));
    }
}

fn checkpoint(text: &str) {
    let trusted = [key().public()];
    let Ok(signed) = SignedCheckpoint::parse(text) else {
        return;
    };
    assert_eq!(signed.note, text);
    assert!(text.starts_with(&signed.checkpoint.text()), "{text:?}");
    if signed.check(&trusted).is_ok() {
        // Only what the key signed: the three checkpoints among the seeds.
        let own = [0, 3, 1000].map(|size| key().sign(size, domain::ledger::Hash([9; 32])));
        assert!(
            own.iter().any(|one| one.checkpoint == signed.checkpoint),
            "{text:?}"
        );
    }
}

#[test]
fn no_checkpoint_is_trusted_but_what_the_key_signed() {
    attack("checkpoints", checkpoint);
    for trap in traps() {
        checkpoint(&trap);
    }
    let genuine = seeds("checkpoints")
        .iter()
        .filter_map(|text| SignedCheckpoint::parse(text).ok())
        .filter(|one| one.check(&[key().public()]).is_ok())
        .count();
    assert!(
        genuine >= 3,
        "the seeds hold no checkpoint that the key signed"
    );
}

fn keys(text: &str) {
    if let Ok(public) = PublicKey::parse(text) {
        assert_eq!(public.as_str(), text);
    }
    if let Ok(secret) = LedgerKey::from_secret_text(text) {
        let again = LedgerKey::from_secret_text(&secret.secret_text()).unwrap();
        assert_eq!(again.public(), secret.public());
        // The id in the text is that of the key: another text is not taken for the same key.
        assert_eq!(secret.secret_text(), text.trim());
    }
}

#[test]
fn a_key_has_one_text() {
    attack("keys", keys);
    for trap in traps() {
        keys(&trap);
        keys(&format!("autolog/GE+{trap}"));
    }
}
