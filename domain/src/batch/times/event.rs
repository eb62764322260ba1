//! What can have happened to a batch: the times that people stated.

use crate::{
    batch::{
        Batch, JudgedAgain, TimeOf,
        effect::{Effect, MovedFigure},
    },
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of the times that people stated. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum TimesEvent {
    /// A time that a person had stated was corrected.
    TimeCorrected {
        /// What it is the time of.
        of: TimeOf,
        /// The time before.
        old: Timestamp,
        /// The time now.
        new: Timestamp,
        /// The limit in words that the value of the entry is outside of by this time: an expiry, for instance.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
        /// The entries that are held against the collection and judged otherwise by its corrected time.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        judged: Vec<JudgedAgain>,
        /// Why.
        reason: String,
    },
}

impl TimesEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, batch: &Batch) -> Effect<'_> {
        match self {
            Self::TimeCorrected { of, reason, .. } => {
                // When a dose was given is no part of what was certified before it was.
                let contributed = if of.is_of_infusion() {
                    Effect::beside()
                } else {
                    Effect::contributed()
                };
                Effect {
                    voids_step: batch.step_of_time(of),
                    moved_figure: Some(MovedFigure {
                        name: batch.time_label(of),
                        reason,
                    }),
                    ..contributed
                }
            }
        }
    }
}
