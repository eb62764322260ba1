//! What a person can ask of a batch: units.

use crate::batch::demands::{Claim, Demands};
use crate::rights::Action;
use crate::{ids::UnitId, master_record::StepRef, time::Timestamp};
use rust_decimal::Decimal;

/// What can be asked of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InventoryCommand {
    /// Store a unit.
    StoreUnit {
        /// Its new id.
        unit: UnitId,
        /// The step.
        step: StepRef,
        /// Viable cells in it.
        viable_cells: Decimal,
        /// Its volume in mL.
        volume_ml: Decimal,
        /// Where it lies.
        location: String,
        /// When; `None` means now.
        stored_at: Option<Timestamp>,
    },
    /// Record the destruction of a unit.
    DestroyUnit {
        /// Which.
        unit: UnitId,
        /// Why and how.
        reason: String,
    },
}

impl InventoryCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::StoreUnit {
                step,
                stored_at,
                location,
                ..
            } => Demands {
                claims: Claim::Position(location),
                ..Demands::work(Action::RecordEntry, step, *stored_at).keeping_alive(step)
            },
            Self::DestroyUnit { .. } => Demands::right(Action::DestroyUnit),
        }
    }
}
