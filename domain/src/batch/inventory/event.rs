//! What can have happened to a batch: units.

use crate::batch::{Batch, effect::Effect};
use crate::{batch::UnitForm, ids::UnitId, master_record::StepRef, time::Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of units. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum InventoryEvent {
    /// A unit was frozen or formulated.
    UnitStored {
        /// Its id.
        unit: UnitId,
        /// Its code on the label, such as `GE-2026-0007-U01`.
        code: String,
        /// How it was made.
        form: UnitForm,
        /// The step at which it was made.
        step: StepRef,
        /// Viable cells in it.
        viable_cells: Decimal,
        /// Its volume in mL.
        volume_ml: Decimal,
        /// Where it lies: tank / rack / box / position.
        location: String,
        /// When it was stored.
        stored_at: Timestamp,
    },
    /// A unit was destroyed.
    UnitDestroyed {
        /// Which.
        unit: UnitId,
        /// Why and how.
        reason: String,
        /// When.
        destroyed_at: Timestamp,
    },
}

impl InventoryEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::UnitStored { step, .. } => Effect::contributed().at(step),
            // It voids nothing that was signed.
            Self::UnitDestroyed { .. } => Effect {
                makes_contributor: true,
                ..Effect::beside()
            },
        }
    }
}
