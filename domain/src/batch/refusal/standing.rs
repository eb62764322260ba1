//! Why a command on a batch is refused: the person and the record.

use super::Refusal;
use crate::rights::{self, Action};

/// Why something is refused that is about the person and the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StandingRefusal {
    /// No role of the person allows it.
    #[error("Your roles at this site don't allow you to {action}. Ask a person with that role.")]
    NotAllowed {
        /// What they asked for.
        action: Action,
    },
    /// The person may not act now: the account, its password or the session is not as it was.
    #[error("{0}")]
    Person(rights::Refusal),
    /// The password was not given again.
    #[error("A signature needs your user name and password again. Enter both and sign.")]
    NotAuthenticated,
    /// The server's clock can't be trusted.
    #[error(
        "The server's clock is not confirmed, and nothing was recorded. Two people have to read the time elsewhere and confirm \
         it on the page Clock. Until then only steps that keep cells alive are recorded: write the rest down on paper."
    )]
    ClockNotConfirmed,
    /// The record was changed outside Autolog.
    #[error(
        "The record of this batch was changed outside Autolog: {what} Nothing of it can be signed and no dose can leave. \
         Keep the cells, and tell QA and the person who runs Autolog: autolog verify says what was changed."
    )]
    RecordAltered {
        /// What was found.
        what: String,
    },
    /// The record changed since the page was drawn.
    #[error(
        "The record has changed since this page was opened (entry {seen}, now {version}). Read what is new, then sign."
    )]
    Stale {
        /// What the person saw.
        seen: u64,
        /// What there is.
        version: u64,
    },
    /// The batch is certified or rejected.
    #[error(
        "Batch {batch} is {state}: its record can only be read. Raise a deviation, or have the certification withdrawn."
    )]
    RecordClosed {
        /// The batch number.
        batch: String,
        /// Certified or rejected.
        state: &'static str,
    },
}

impl StandingRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotAuthenticated => Some("password"),
            Self::NotAllowed { .. }
            | Self::Person(_)
            | Self::ClockNotConfirmed
            | Self::RecordAltered { .. }
            | Self::Stale { .. }
            | Self::RecordClosed { .. } => None,
        }
    }
}

impl From<rights::Refusal> for StandingRefusal {
    fn from(why: rights::Refusal) -> Self {
        match why {
            rights::Refusal::Role { action } => Self::NotAllowed { action },
            why @ (rights::Refusal::NoAccount
            | rights::Refusal::SessionOver { .. }
            | rights::Refusal::State { .. }
            | rights::Refusal::MustChange { .. }
            | rights::Refusal::PasswordChanged { .. }
            | rights::Refusal::NotAccountable) => Self::Person(why),
        }
    }
}

impl From<rights::Refusal> for Refusal {
    fn from(why: rights::Refusal) -> Self {
        Self::Standing(why.into())
    }
}

impl Refusal {
    /// No role of the person allows `action`.
    #[must_use]
    pub fn not_allowed(action: Action) -> Self {
        Self::Standing(StandingRefusal::NotAllowed { action })
    }
}
