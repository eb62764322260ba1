//! Events of the domain as they stand in the ledger: the tag of the enum is the entry's kind, its content the payload.

use super::{Entry, Event, NotAnEntry, Payload};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::value::RawValue;

/// More digits in a row than any entry of ours has, a comment included. The reader of numbers calls itself for each digit,
/// so that a longer one, which only tampering brings, would take the whole program down.
const MOST_DIGITS: usize = 5_000;

#[derive(Deserialize, Serialize)]
struct Tagged<'a> {
    kind: &'a str,
    #[serde(borrow)]
    payload: &'a RawValue,
}

impl Event {
    /// An event of an enum with `#[serde(tag = "kind", content = "payload")]`.
    ///
    /// # Errors
    /// [`NotAnEntry`] where `event` is no such enum, or its content no object.
    pub fn of<T: Serialize>(event: &T, kind_version: u16) -> Result<Self, NotAnEntry> {
        let text = serde_json::to_string(event).map_err(NotAnEntry::Json)?;
        let tagged: Tagged<'_> = serde_json::from_str(&text).map_err(NotAnEntry::Json)?;
        let payload = Payload::parse(tagged.payload.get())?;
        Ok(Self {
            kind: tagged.kind.to_owned(),
            kind_version,
            payload,
        })
    }
}

impl Entry {
    /// The event that the entry holds.
    ///
    /// # Errors
    /// [`NotAnEntry::Json`] where its kind or payload is none of `T`.
    pub fn event<T: DeserializeOwned>(&self) -> Result<T, NotAnEntry> {
        read(&self.kind, &self.payload).map_err(NotAnEntry::Json)
    }
}

/// The event of an enum with `#[serde(tag = "kind", content = "payload")]` that stands in the ledger as `kind` with
/// `payload`.
///
/// # Errors
/// Where kind or payload is none of `T`.
pub(crate) fn read<T: DeserializeOwned>(
    kind: &str,
    payload: &Payload,
) -> Result<T, serde_json::Error> {
    if longest_number(payload.as_str()) > MOST_DIGITS {
        return Err(serde_json::Error::custom(format_args!(
            "it has a number of more than {MOST_DIGITS} digits"
        )));
    }
    let payload = RawValue::from_string(payload.as_str().to_owned())?;
    let payload = &payload;
    serde_json::from_str(&serde_json::to_string(&Tagged { kind, payload })?)
}

/// How many characters of a number stand in a row, at most.
fn longest_number(text: &str) -> usize {
    let number = |sign: &u8| sign.is_ascii_digit() || matches!(sign, b'.' | b'_');
    text.as_bytes()
        .split(|sign| !number(sign))
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default()
}
