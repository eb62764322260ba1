//! Why a command on a batch is refused: the harvest.

use crate::{fit::Misfit, identifiers::NotOfScheme};

/// Why something is refused that is about the harvest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HarvestRefusal {
    /// The documents in force can't be used together.
    #[error(
        "No batch can begin at this site: its specification and its master record don't fit: {}. Keep the marrow, and tell \
         QA: a version that fits must be adopted.",
        .misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    DocumentsMisfit {
        /// Why.
        misfits: Vec<Misfit>,
    },
    /// Consent was not confirmed.
    #[error("Consent is not confirmed. Marrow can't be registered without the patient's consent.")]
    NoConsent,
    /// Identity was not confirmed.
    #[error(
        "The identity check is not confirmed. Read two identifiers from the patient and from the label, then confirm."
    )]
    IdentityNotConfirmed,
    /// The number is none of the site's.
    #[error("{0}")]
    OtherScheme(NotOfScheme),
    /// The DIN is used.
    #[error(
        "Donation number {din} is already used by batch {batch}. A donation number is never used again, nor one that reads \
         like it: check the label."
    )]
    DinUsed {
        /// The number.
        din: String,
        /// By which batch.
        batch: String,
    },
    /// The chain-of-identity id belongs to another subject.
    #[error(
        "Chain-of-identity id {coi} belongs to subject {subject}; O is read as 0, I and L as 1. Check the order."
    )]
    CoiUsed {
        /// The id in its comparable form.
        coi: String,
        /// Whose it is.
        subject: String,
    },
    /// The subject has another chain-of-identity id.
    #[error(
        "This subject already has chain-of-identity id {coi}, and all donations of one therapy share it. Check subject \
         code and order; where they are right, enter {coi}."
    )]
    SubjectHasCoi {
        /// The id that the subject has.
        coi: String,
    },
    /// The subject is known by another spelling.
    #[error(
        "A subject of this site is spelled {known}, which reads the same. If it is the same patient, enter {known}; if \
         not, have the code checked by the person who gave it."
    )]
    SubjectSpelled {
        /// The spelling that is known.
        known: String,
    },
}

impl HarvestRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoConsent => Some("consent"),
            Self::IdentityNotConfirmed => Some("identity_confirmed"),
            Self::OtherScheme(_) | Self::DinUsed { .. } => Some("din"),
            Self::CoiUsed { .. } | Self::SubjectHasCoi { .. } => Some("coi"),
            Self::SubjectSpelled { .. } => Some("subject"),
            Self::DocumentsMisfit { .. } => None,
        }
    }
}
