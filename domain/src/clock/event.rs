//! What is recorded of the clock: entries of the stream `clock:<ledger>`.

use super::{Cause, Doubt};
use crate::{
    ids::UserId,
    ledger::{Hash, Signed, entry::Entry, name::CLOCK_STREAM},
    rights::Role,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// An event of the clock. The first three are in the organisation's ledger, the last one in each other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum ClockEvent {
    /// The program noticed that the clock can't be right.
    ClockDoubted(Doubt),
    /// The first of two people read the time elsewhere.
    ClockRead(ClockRead),
    /// The second one read it too: the clock is confirmed.
    ClockCorrected(ClockCorrected),
    /// Another ledger's first entry after that: the times of its entries may go back once, to this one.
    #[serde(rename = "clock-corrected-here")]
    ClockCopied(ClockCopied),
}

impl ClockEvent {
    /// The version of the shape of all kinds.
    pub const VERSION: u16 = 1;
}

/// Someone who read the time elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// The account.
    pub user: UserId,
    /// The printed name.
    pub name: String,
    /// The role in which they confirm.
    pub role: Role,
    /// The time that they read, to the minute.
    pub read: Timestamp,
    /// From what they read it.
    pub source: String,
    /// What the server's clock showed meanwhile.
    pub shown: Timestamp,
}

/// The first of the two readings: a signature over what was recorded of the clock before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRead {
    /// Who read what.
    pub reader: Reader,
    /// What it binds.
    pub signed: Signed,
}

/// The clock is confirmed: a signature of the second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockCorrected {
    /// Why it was in doubt.
    pub cause: Cause,
    /// From when on recorded times may be wrong, as they were recorded.
    pub from: Timestamp,
    /// Up to when, as they were recorded: the latest of them.
    pub to: Timestamp,
    /// Both people, in the order in which they confirmed.
    pub readers: Vec<Reader>,
    /// What it binds.
    pub signed: Signed,
}

/// Where the confirmation stands that an entry of another ledger repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedFrom {
    /// Its version in the stream `clock:org`.
    pub version: u64,
    /// Its leaf in the organisation's ledger: it can't be another one.
    pub leaf: Hash,
}

/// The same confirmation, in another ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockCopied {
    /// Why the clock was in doubt.
    pub cause: Cause,
    /// From when on recorded times may be wrong.
    pub from: Timestamp,
    /// Up to when.
    pub to: Timestamp,
    /// Both people.
    pub readers: Vec<Reader>,
    /// The entry that they signed.
    pub org: CopiedFrom,
}

impl ClockEvent {
    /// What an entry says of the clock; `None` where it is about something else.
    ///
    /// # Errors
    /// The reason, where it is about the clock and can't be read.
    pub fn of(entry: &Entry) -> Result<Option<Self>, String> {
        if entry.stream.kind() != CLOCK_STREAM {
            return Ok(None);
        }
        entry.event().map(Some).map_err(|why| why.to_string())
    }

    /// Whether the times of a ledger may go back at this event.
    #[must_use]
    pub fn lets_times_go_back(&self) -> bool {
        match self {
            Self::ClockCorrected(_) | Self::ClockCopied(_) => true,
            Self::ClockDoubted(_) | Self::ClockRead(_) => false,
        }
    }
}
