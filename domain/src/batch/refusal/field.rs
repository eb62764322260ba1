//! At which field of a form a refusal stands.

use super::Refusal;
use crate::refusal::{Several, Words};

impl Several for Refusal {
    fn several(refused: Vec<Self>) -> Self {
        Self::Several(refused)
    }
}

impl Refusal {
    /// The words, at the form field that they belong to.
    #[must_use]
    pub fn words(&self) -> Words {
        let text = self.to_string();
        match self.field() {
            Some(field) => Words::at(field, text),
            None => Words::of(text),
        }
    }

    /// The words of everything that was refused, each at its form field.
    #[must_use]
    pub fn all_words(&self) -> Vec<Words> {
        match self {
            Self::Several(refusals) => refusals.iter().flat_map(Self::all_words).collect(),
            one => vec![one.words()],
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Empty { field, .. }
            | Self::TooLong { field, .. }
            | Self::NotAboveZero { field, .. }
            | Self::Implausible { field, .. }
            | Self::InFuture { field, .. }
            | Self::TimeNeeded { field, .. }
            | Self::BeforePrevious { field, .. }
            | Self::TooManyCells { field, .. }
            | Self::TooManyOfPassage { field, .. }
            | Self::NotTaken { field, .. }
            | Self::WrongRecipient { field, .. } => Some(field),
            Self::WrongKind { .. }
            | Self::AlreadyRecorded { .. }
            | Self::ViableAboveTotal { .. } => Some("value"),
            Self::SeededAboveHarvest { .. } => Some("value"),
            Self::ResultUnchanged { .. } => Some("value"),
            Self::NoRawData { .. } => Some("raw_data"),
            Self::NoSecondAnalyst { .. } | Self::OwnCorrection { .. } | Self::NoAnalyst { .. } => {
                Some("user_name")
            }
            Self::AfterNext { .. } => Some("at"),
            Self::NoConsent => Some("consent"),
            Self::IdentityNotConfirmed => Some("identity_confirmed"),
            Self::DinUsed { .. } | Self::OtherScheme(_) => Some("din"),
            Self::CoiUsed { .. } | Self::SubjectHasCoi { .. } => Some("coi"),
            Self::SubjectSpelled { .. } => Some("subject"),
            Self::PositionTaken { .. } => Some("location"),
            Self::InfusionOnHold { .. } => Some("given_on_hold"),
            Self::NotAuthenticated => Some("password"),
            Self::NoUnitChosen | Self::DoseOutsideWindow { .. } => Some("units"),
            _ => None,
        }
    }
}
