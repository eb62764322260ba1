//! An event of a batch as it stands in the ledger, and back.

use super::{BatchEvent, By, Recorded};
use crate::{
    ledger::{Entry, Event, NotAnEntry, Payload},
    rights::Role,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What stands in the ledger is no event of a batch that this version of the program knows.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEvent {
    /// Of a kind, or with a payload, that is not known.
    #[error("the entry “{kind}” can't be read as an event of a batch: {source}")]
    Unreadable {
        /// The kind.
        kind: String,
        /// Why.
        source: serde_json::Error,
    },
    /// Written by a later version of the program.
    #[error(
        "the entry “{kind}” is of version {version}; this program reads versions up to {}",
        BatchEvent::VERSION
    )]
    Later {
        /// The kind.
        kind: String,
        /// The version.
        version: u16,
    },
    /// Made by no account, or in a role that there is not.
    #[error("the entry “{kind}” names no person with a role at the site")]
    Nobody {
        /// The kind.
        kind: String,
    },
}

/// The parts that `serde` writes of an event, the payload as the exact text.
#[derive(Deserialize)]
struct Tagged {
    kind: String,
    payload: Box<RawValue>,
}

impl BatchEvent {
    /// The kind that stands in the ledger: `entry-recorded`.
    ///
    /// # Errors
    /// As [`BatchEvent::to_ledger`].
    pub fn kind(&self) -> Result<String, NotAnEntry> {
        self.tagged().map(|tagged| tagged.kind)
    }

    /// The event as an append takes it.
    ///
    /// # Errors
    /// [`NotAnEntry`] where it can't be written as JSON.
    pub fn to_ledger(&self) -> Result<Event, NotAnEntry> {
        let Tagged { kind, payload } = self.tagged()?;
        Ok(Event {
            kind,
            kind_version: Self::VERSION,
            payload: Payload::parse(String::from(Box::<str>::from(payload)))?,
        })
    }

    /// The event that stands in the ledger as `kind` in `version`, with `payload`.
    ///
    /// # Errors
    /// [`NotAnEvent`] with the reason.
    pub fn from_ledger(kind: &str, version: u16, payload: &Payload) -> Result<Self, NotAnEvent> {
        if version > Self::VERSION {
            return Err(NotAnEvent::Later {
                kind: kind.to_owned(),
                version,
            });
        }
        let unreadable = |source| NotAnEvent::Unreadable {
            kind: kind.to_owned(),
            source,
        };
        let name = serde_json::to_string(kind).map_err(unreadable)?;
        let text = format!(r#"{{"kind":{name},"payload":{}}}"#, payload.as_str());
        serde_json::from_str(&text).map_err(unreadable)
    }

    fn tagged(&self) -> Result<Tagged, NotAnEntry> {
        let text = serde_json::to_string(self).map_err(NotAnEntry::Json)?;
        serde_json::from_str(&text).map_err(NotAnEntry::Json)
    }
}

impl Recorded {
    /// The event that an entry of a batch's stream holds.
    ///
    /// # Errors
    /// [`NotAnEvent`] with the reason.
    pub fn from_entry(entry: &Entry) -> Result<Self, NotAnEvent> {
        let event = BatchEvent::from_ledger(&entry.kind, entry.kind_version, &entry.payload)?;
        let nobody = || NotAnEvent::Nobody {
            kind: entry.kind.clone(),
        };
        let role: Role = entry.actor.role.parse().map_err(|_| nobody())?;
        let user = entry.actor.user.ok_or_else(nobody)?;
        let by = By {
            user,
            name: entry.actor.name.clone(),
            role,
        };
        Ok(Self {
            version: entry.version,
            at: entry.recorded_at,
            by,
            event,
        })
    }
}
