//! One entry of a ledger and its canonical line.

use super::{
    name::{LedgerName, StreamName},
    tree::Hash,
};
use crate::{
    clock::ClockState,
    ids::{CommandId, SessionId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// Who did it, as it was at that moment: a later change of name or role doesn't change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The account; `None` where nobody signed in did it: the command line, or the program itself.
    pub user: Option<UserId>,
    /// The full name as printed.
    pub name: String,
    /// The role in which it was done.
    pub role: String,
}

/// Where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The session; `None` where there was none, as on the command line.
    pub session: Option<SessionId>,
    /// The version of the program that wrote the entry.
    pub app_version: String,
    /// Whether the clock of the server was confirmed when it wrote the entry.
    pub clock: ClockState,
}

/// The JSON text of an event, kept exactly as it was hashed: no reader puts its keys in another order.
///
/// Always an object, in one line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// Takes a JSON text as it stands.
    ///
    /// # Errors
    /// [`NotAnEntry::Payload`] where it is no JSON object in one line.
    pub fn parse(text: impl Into<String>) -> Result<Self, NotAnEntry> {
        let raw = RawValue::from_string(text.into()).map_err(NotAnEntry::Json)?;
        Self::checked(raw)
    }

    /// Writes `value` as JSON.
    ///
    /// # Errors
    /// [`NotAnEntry`] where `value` can't be written as a JSON object.
    pub fn of<T: Serialize>(value: &T) -> Result<Self, NotAnEntry> {
        let raw = serde_json::value::to_raw_value(value).map_err(NotAnEntry::Json)?;
        Self::checked(raw)
    }

    /// The exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the payload as a `T`.
    ///
    /// # Errors
    /// The reason of `serde_json`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    fn checked(raw: Box<RawValue>) -> Result<Self, NotAnEntry> {
        let text = raw.get();
        if text.starts_with('{') && !text.contains(['\n', '\r']) {
            return Ok(Self(raw));
        }
        Err(NotAnEntry::Payload)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Payload {}

/// An event that was decided and has no place in a ledger yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened, in words of the field: `step-recorded`.
    pub kind: String,
    /// The version of this kind's payload.
    pub kind_version: u16,
    /// What is told.
    pub payload: Payload,
}

/// One fact of a ledger. It is never changed and never deleted.
///
/// The order of the fields here is the order of the keys in the canonical line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The ledger that it stands in.
    pub ledger: LedgerName,
    /// Its place in the ledger: 1, 2, 3, ... without gaps.
    pub position: u64,
    /// The stream that it belongs to.
    pub stream: StreamName,
    /// Its place in the stream: 1, 2, 3, ... without gaps.
    pub version: u64,
    /// When the server took it in.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Where it came from.
    pub origin: Origin,
    /// The command that it answers; several entries can share it.
    pub command_id: CommandId,
    /// What happened.
    pub kind: String,
    /// The version of this kind's payload.
    pub kind_version: u16,
    /// What is told.
    pub payload: Payload,
}

impl Entry {
    /// The canonical bytes: the one line of JSON that is hashed, and that an export holds. Without a line break.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        self.line().into_bytes()
    }

    /// The canonical bytes as text.
    #[must_use]
    pub fn line(&self) -> String {
        // Writing plain fields to memory has no way to fail; an empty line would fail every check that reads it.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The leaf of this entry in the tree of its ledger: SHA-256(0x00 ‖ canonical bytes).
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        Hash::of_leaf(&self.canonical())
    }

    /// Reads a canonical line.
    ///
    /// # Errors
    /// [`NotAnEntry`] where it is no entry, or where the same entry would be written with other bytes.
    pub fn from_line(line: &str) -> Result<Self, NotAnEntry> {
        let entry: Self = serde_json::from_str(line).map_err(NotAnEntry::Json)?;
        Payload::checked(entry.payload.0.clone())?;
        if entry.line() != line {
            return Err(NotAnEntry::NotCanonical);
        }
        Ok(entry)
    }
}

/// A line that is no entry.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEntry {
    /// No JSON, or not with the fields of an entry.
    #[error("the line is not an entry: {0}")]
    Json(#[source] serde_json::Error),
    /// The payload is not a JSON object in one line.
    #[error("the payload is not a JSON object in one line")]
    Payload,
    /// Other bytes than the canonical ones, for example other blanks or another order of keys.
    #[error("the line is an entry, but not written in the canonical form")]
    NotCanonical,
}

#[cfg(test)]
pub(crate) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use uuid::Uuid;

    /// An entry of the stream `batch:<stream>` in ledger `GE`.
    pub(crate) fn entry(position: u64, stream: u128, version: u64, payload: &str) -> Entry {
        Entry {
            ledger: LedgerName::parse("GE").unwrap(),
            position,
            stream: StreamName::batch(crate::ids::BatchId(Uuid::from_u128(stream))),
            version,
            recorded_at: Timestamp::parse("2026-03-05T12:22:00.000001Z").unwrap(),
            actor: Actor {
                user: Some(UserId(Uuid::from_u128(7))),
                name: "Zoë “T1” O\"Neil\u{1}".to_owned(),
                role: "technician".to_owned(),
            },
            origin: Origin {
                session: None,
                app_version: "0.1.0".to_owned(),
                clock: ClockState::Confirmed,
            },
            command_id: CommandId(Uuid::from_u128(9)),
            kind: "step-recorded".to_owned(),
            kind_version: 1,
            payload: Payload::parse(payload).unwrap(),
        }
    }

    #[test]
    fn the_canonical_line_is_one_line_with_its_keys_in_order() {
        let line = entry(1, 3, 1, r#"{"z":1, "a":"79.9 % é"}"#).line();
        assert_eq!(
            line,
            concat!(
                r#"{"ledger":"GE","position":1,"stream":"batch:00000000-0000-0000-0000-000000000003","version":1,"#,
                r#""recorded_at":"2026-03-05T12:22:00.000001Z","#,
                r#""actor":{"user":"00000000-0000-0000-0000-000000000007","name":"Zoë “T1” O\"Neil\u0001","role":"technician"},"#,
                r#""origin":{"session":null,"app_version":"0.1.0","clock":"confirmed"},"#,
                r#""command_id":"00000000-0000-0000-0000-000000000009","kind":"step-recorded","kind_version":1,"#,
                r#""payload":{"z":1, "a":"79.9 % é"}}"#,
            )
        );
    }

    #[test]
    fn a_canonical_line_reads_back_to_the_same_bytes() {
        let entry = entry(1, 3, 1, r#"{"z":1.50,"a":"\u00e9"}"#);
        let back = Entry::from_line(&entry.line()).unwrap();
        assert_eq!(back, entry);
        assert_eq!(back.canonical(), entry.canonical());
    }

    #[test]
    fn another_spelling_of_the_same_entry_is_refused() {
        let line = entry(1, 3, 1, "{}").line();
        let moved = line.replace(
            r#""kind":"step-recorded","kind_version":1"#,
            r#""kind_version":1,"kind":"step-recorded""#,
        );
        let cases = [
            line.replace(":1,", ": 1,"),
            moved,
            line.replace("000001Z", "000001+00:00"),
            format!("{line} "),
            line.replace(r#""kind""#, r#""extra":1,"kind""#),
            line.replace(r#""session":null,"#, ""),
        ];
        for case in cases {
            assert_ne!(case, line);
            assert!(Entry::from_line(&case).is_err(), "{case}");
        }
    }

    #[test]
    fn a_payload_is_an_object_in_one_line() {
        for bad in ["", "1", "[]", "null", "{", "{\"a\":\n1}", "{} {}"] {
            assert!(Payload::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Payload::parse("{\"b\":1,\"a\":2}").unwrap().as_str(),
            "{\"b\":1,\"a\":2}"
        );
    }
}
