//! What can have happened to a batch: doses.

use crate::batch::{Batch, effect::Effect};
use crate::{
    identifiers::DonationNumber,
    ids::{DoseId, UnitId},
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of doses. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum DoseEvent {
    /// A dose was prepared from released units.
    DosePrepared {
        /// Its id.
        dose: DoseId,
        /// Its code, such as `GE-2026-0007-DOSE1`.
        code: String,
        /// The units taken.
        units: Vec<UnitId>,
        /// Viable cells in them.
        viable_cells: Decimal,
        /// The weight that it was computed for, in kg.
        weight_kg: Decimal,
        /// The day of that weight.
        weighed_on: NaiveDate,
    },
    /// A dose left the site.
    DoseDispatched {
        /// Which.
        dose: DoseId,
        /// The subject code as read from the order.
        subject: String,
        /// The number of the donation as read from the label.
        din: DonationNumber,
        /// To whom it went.
        destination: String,
        /// When.
        dispatched_at: Timestamp,
    },
    /// A dose was infused.
    DoseInfused {
        /// Which.
        dose: DoseId,
        /// Start of the infusion.
        started_at: Timestamp,
        /// End of the infusion.
        ended_at: Timestamp,
        /// Volume given, in mL.
        volume_ml: Decimal,
        /// Why the dose should not have been given, in words, where something held it at that time.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        on_hold: Option<String>,
    },
    /// A dose was not given and was destroyed.
    DoseDestroyed {
        /// Which.
        dose: DoseId,
        /// Why and how.
        reason: String,
        /// When.
        destroyed_at: Timestamp,
    },
}

impl DoseEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::DosePrepared { .. }
            | Self::DoseDispatched { .. }
            | Self::DoseInfused { .. }
            | Self::DoseDestroyed { .. } => Effect::beside(),
        }
    }
}
