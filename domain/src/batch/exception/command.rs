//! What a person can ask of a batch: exceptions.

use crate::batch::demands::Demands;
use crate::rights::Action;

/// What can be asked of exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExceptionCommand {
    /// Assess an exception.
    AssessException {
        /// Its number.
        exception: u64,
        /// The assessment.
        assessment: String,
    },
}

impl ExceptionCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::AssessException { .. } => Demands::right(Action::AssessException),
        }
    }
}
