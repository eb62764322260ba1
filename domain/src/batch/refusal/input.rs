//! Why a command on a batch is refused: what was typed.

use crate::batch::refusal::Moment;
use crate::typed::NotTaken;

/// Why something is refused that is about what was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputRefusal {
    /// A time that can't be taken from the clock.
    #[error(
        "{what}: the server's clock is not confirmed. Enter the time at which it was done, read elsewhere."
    )]
    TimeNeeded {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// A text that must be given is empty.
    #[error("{what} is empty. Write it in a few words.")]
    Empty {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// A text is too long.
    #[error("{what} has {length} characters; at most {max} are kept. Shorten it.")]
    TooLong {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// How many.
        length: usize,
        /// How many are kept.
        max: usize,
    },
    /// A figure that must be above zero is not.
    #[error("{what} must be above zero. Enter what was measured.")]
    NotAboveZero {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// A figure that can't be right.
    #[error("{what} {value} is not plausible: {rule}. Check the figure and its unit.")]
    Implausible {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// The figure.
        value: String,
        /// The rule.
        rule: &'static str,
    },
    /// What belongs into another field.
    #[error("{why}")]
    NotTaken {
        /// The form field.
        field: &'static str,
        /// What it is, and what to do.
        why: NotTaken,
    },
    /// A typed text that could not be read.
    #[error("{0}")]
    Unreadable(String),
    /// The corrected value equals the present one.
    #[error("The new value is the same as the old one ({value}). Nothing was changed.")]
    NothingChanged {
        /// The value.
        value: String,
    },
    /// A time in the future.
    #[error("{what} {at} is in the future. Enter when it was done.")]
    InFuture {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// What was entered.
        at: Moment,
    },
    /// A time before what came before.
    #[error("{what} {at} is before {before_what} ({before}). Check both times.")]
    BeforePrevious {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// What was entered.
        at: Moment,
        /// What came before.
        before_what: String,
        /// When that was.
        before: Moment,
    },
    /// The id of something new is that of something in the record.
    #[error("This {what} is in the record already. Open the page again to add another.")]
    IdUsed {
        /// What was to be added.
        what: &'static str,
    },
}

impl InputRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::TimeNeeded { field, .. }
            | Self::Empty { field, .. }
            | Self::TooLong { field, .. }
            | Self::NotAboveZero { field, .. }
            | Self::Implausible { field, .. }
            | Self::NotTaken { field, .. }
            | Self::InFuture { field, .. }
            | Self::BeforePrevious { field, .. } => Some(field),
            Self::Unreadable(_) | Self::NothingChanged { .. } | Self::IdUsed { .. } => None,
        }
    }
}
