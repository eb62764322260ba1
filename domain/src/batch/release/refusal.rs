//! Why a command on a batch is refused: review, certification and rejection.

use crate::batch::Blocker;

/// Why something is refused that is about review, certification and rejection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseRefusal {
    /// Criteria, stops, deviations or exceptions block it.
    #[error("This can't be signed yet: {}.", .blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Blocked {
        /// What.
        blockers: Vec<Blocker>,
    },
    /// Something keeps the doses at the site.
    #[error("No dose can leave now: {}.", .blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    HeldBack {
        /// What.
        blockers: Vec<Blocker>,
    },
    /// One's own batch.
    #[error(
        "{name} made entries in this batch or destroyed a unit of it. The record must be reviewed and certified by people who did not make it."
    )]
    OwnRecord {
        /// Who.
        name: String,
    },
    /// One's own review.
    #[error("{name} signed the review. Another person must certify.")]
    OwnReview {
        /// Who.
        name: String,
    },
    /// Reviewed already.
    #[error("The record is already reviewed by {name}, and that signature stands.")]
    ReviewStands {
        /// By whom.
        name: String,
    },
    /// No certification that stands.
    #[error(
        "Batch {batch} is not certified. No dose leaves without the signature of a Qualified Person that stands."
    )]
    NotCertified {
        /// The batch number.
        batch: String,
    },
}

impl ReleaseRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blocked { .. }
            | Self::HeldBack { .. }
            | Self::OwnRecord { .. }
            | Self::OwnReview { .. }
            | Self::ReviewStands { .. }
            | Self::NotCertified { .. } => None,
        }
    }
}
