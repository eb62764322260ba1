//! What a person can ask of a batch: the times that people stated.

use crate::batch::demands::Demands;
use crate::{batch::TimeOf, time::Timestamp};

/// What can be asked of the times that people stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimesCommand {
    /// Correct a time that was stated.
    CorrectTime {
        /// What it is the time of.
        of: TimeOf,
        /// The true time.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl TimesCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::CorrectTime { of, .. } => Demands::right(of.action()),
        }
    }
}
