//! Typed ids, from one list: an id of one kind can't stand where another is meant.

use crate::decimal::repeated;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id of this program.")]
pub struct NotAnId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::parse_str(text).map(Self).map_err(|_| NotAnId(repeated(text)))
            }
        }
    )*};
}

ids! {
    /// One batch: one harvest of one patient, to its doses.
    BatchId
    /// One sample taken from a batch.
    SampleId
    /// One unit (bag or vial) of a batch.
    UnitId
    /// One dose: units taken for one infusion.
    DoseId
    /// One deviation of a batch.
    DeviationId
    /// One person with an account.
    UserId
    /// One session of a signed-in person.
    SessionId
    /// One thing that a person asked for, however often the form arrives.
    CommandId
}

impl DeviationId {
    /// An id of a deviation that entry `entry` of a batch raises by itself; another for each `salt`. It follows from the
    /// record, so that the same record always gives the same id.
    #[must_use]
    pub fn raised_by(batch: BatchId, entry: u64, salt: u64) -> Self {
        let name = format!("deviation {salt} raised by entry {entry}");
        Self(Uuid::new_v5(&batch.0, name.as_bytes()))
    }
}

impl CommandId {
    /// The id of the form `name` on a page that was drawn with `seed`: the same page sends the same id again, another
    /// drawing of the page sends another.
    #[must_use]
    pub fn of_form(seed: Uuid, name: &str) -> Self {
        Self(Uuid::new_v5(&seed, name.as_bytes()))
    }
}
