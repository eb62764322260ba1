//! What a person can ask of a batch: stops.

use crate::batch::demands::Demands;
use crate::identifiers::DonationNumber;
use crate::rights::Action;

/// What can be asked of stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopCommand {
    /// Read both identifiers again, for a stop on identity.
    ReadIdentifiers {
        /// The stop, by its number.
        stop: u64,
        /// The subject code, read from the order.
        subject: String,
        /// The DIN, read from the label.
        din: DonationNumber,
    },
    /// Lift a stop by signature.
    LiftStop {
        /// The stop, by its number.
        stop: u64,
        /// The entries of the batch that it rests on.
        evidence: Vec<u64>,
        /// The last event that the person had before them.
        seen: u64,
    },
}

impl StopCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::ReadIdentifiers { .. } => Demands::right(Action::ReadIdentifiers),
            Self::LiftStop { .. } => Demands::whole_record(Action::LiftStop),
        }
    }
}
