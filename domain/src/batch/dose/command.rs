//! What a person can ask of a batch: doses.

use crate::batch::demands::Demands;
use crate::rights::Action;
use crate::{
    identifiers::DonationNumber,
    ids::{DoseId, UnitId},
    time::Timestamp,
};
use rust_decimal::Decimal;

/// What can be asked of doses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseCommand {
    /// Prepare a dose from released units.
    PrepareDose {
        /// Its new id.
        dose: DoseId,
        /// The units to take.
        units: Vec<UnitId>,
    },
    /// Dispatch a dose.
    DispatchDose {
        /// Which.
        dose: DoseId,
        /// The recipient's subject code, read from the order.
        subject: String,
        /// The number of the donation, read from the label.
        din: DonationNumber,
        /// To whom it goes.
        destination: String,
    },
    /// Record the infusion of a dose.
    RecordInfusion {
        /// Which.
        dose: DoseId,
        /// Start.
        started_at: Timestamp,
        /// End.
        ended_at: Timestamp,
        /// Volume given, in mL.
        volume_ml: Decimal,
        /// Whether the person says that it was given although something held the dose. Without that word an infusion is
        /// refused while the batch is on hold: it must not be begun.
        given_on_hold: bool,
    },
    /// Record that a dose was destroyed.
    DestroyDose {
        /// Which.
        dose: DoseId,
        /// Why and how.
        reason: String,
    },
}

impl DoseCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            // What holds the batch refuses both where they are decided, in the list that the release page shows.
            Self::PrepareDose { .. } | Self::DispatchDose { .. } => {
                Demands::whole_record(Action::GiveDose)
            }
            // Where the dose is comes first: of one that never left, nobody asks whether it was given all the same.
            Self::RecordInfusion { .. } | Self::DestroyDose { .. } => {
                Demands::right(Action::GiveDose)
            }
        }
    }
}
