//! What can have happened to a batch: the harvest.

use crate::batch::{
    Batch, HarvestField, Registered,
    effect::{Effect, MovedFigure},
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of the harvest. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum HarvestEvent {
    /// The harvest was registered; the batch exists.
    HarvestRegistered(Box<Registered>),
    /// A figure of the harvest was corrected.
    HarvestCorrected {
        /// Which.
        field: HarvestField,
        /// As it was, in words of the record.
        old: String,
        /// As it is.
        new: String,
        /// Why.
        reason: String,
    },
}

impl HarvestEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            // Who registered the harvest contributes from the beginning, and there is nothing signed yet.
            Self::HarvestRegistered(_) => Effect::beside(),
            Self::HarvestCorrected { field, reason, .. } => Effect {
                moved_figure: Some(MovedFigure {
                    name: field.label().to_owned(),
                    reason,
                }),
                ..Effect::contributed()
            },
        }
    }
}
