//! Why a command on a batch is refused: the times that people stated.

use crate::batch::refusal::Moment;

/// Why something is refused that is about the times that people stated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimesRefusal {
    /// A time after what came after.
    #[error(
        "{what} {at} is after {after_what} ({after}). Check both times; correct the later one first."
    )]
    AfterNext {
        /// What it is the time of.
        what: String,
        /// What was entered.
        at: Moment,
        /// What came after.
        after_what: String,
        /// When that was.
        after: Moment,
    },
}

impl TimesRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::AfterNext { .. } => Some("at"),
        }
    }
}
