//! What a person can ask of a batch: the harvest.

use crate::batch::HarvestField;
use crate::batch::demands::{Claim, Demands};
use crate::rights::Action;

/// What can be asked of the harvest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HarvestCommand {
    /// Correct a figure of the harvest.
    CorrectHarvest {
        /// Which.
        field: HarvestField,
        /// The new value as typed.
        value: String,
        /// Why.
        reason: String,
    },
}

impl HarvestCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::CorrectHarvest { field, value, .. } => Demands {
                claims: match field {
                    HarvestField::Coi => Claim::Coi(value),
                    HarvestField::CollectedBy
                    | HarvestField::Anticoagulant
                    | HarvestField::ConsentVersion
                    | HarvestField::Volume
                    | HarvestField::Weight
                    | HarvestField::WeighedOn => Claim::Nothing,
                },
                ..Demands::right(Action::CorrectHarvest)
            },
        }
    }
}
