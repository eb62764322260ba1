//! Events of the domain as they stand in the ledger: the tag of the enum is the entry's kind, its content the payload.

use super::{Entry, Event, NotAnEntry, Payload};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

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
    let payload = RawValue::from_string(payload.as_str().to_owned())?;
    let payload = &payload;
    serde_json::from_str(&serde_json::to_string(&Tagged { kind, payload })?)
}
