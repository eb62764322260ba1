//! What a person can ask of a batch: review, certification and rejection.

use crate::batch::demands::Demands;
use crate::rights::Action;

/// What can be asked of review, certification and rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseCommand {
    /// Sign the review of the record.
    SignReview {
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Certify the batch.
    Certify {
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Reject the batch.
    Reject {
        /// The reasons.
        reasons: String,
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Withdraw the certification.
    WithdrawCertification {
        /// Why.
        reason: String,
        /// The last event that the person had before them.
        seen: u64,
    },
}

impl ReleaseCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            // What holds the batch refuses review and certification, in the list that the release page shows.
            Self::SignReview { .. } => Demands::whole_record(Action::SignReview),
            Self::Certify { .. } => Demands::whole_record(Action::Certify),
            Self::Reject { .. } => Demands::whole_record(Action::Reject),
            Self::WithdrawCertification { .. } => {
                Demands::whole_record(Action::WithdrawCertification)
            }
        }
    }
}
