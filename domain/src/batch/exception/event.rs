//! What can have happened to a batch: exceptions.

use crate::batch::{Batch, effect::Effect};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of exceptions. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ExceptionEvent {
    /// An exception was assessed.
    ExceptionAssessed {
        /// The entry of the batch that made the exception.
        exception: u64,
        /// The assessment.
        assessment: String,
    },
}

impl ExceptionEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::ExceptionAssessed { .. } => Effect::beside(),
        }
    }
}
