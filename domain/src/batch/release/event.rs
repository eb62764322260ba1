//! What can have happened to a batch: review, certification and rejection.

use crate::batch::{
    Batch, Signature, Signed,
    effect::{DecisionEffect, Effect},
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of review, certification and rejection. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ReleaseEvent {
    /// QA signed the review of the record.
    ReviewSigned {
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The QP certified the batch.
    Certified {
        /// The certificate's number, such as `GE-2026-0007-C1`.
        certificate: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The QP rejected the batch.
    Rejected {
        /// The reasons.
        reasons: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The certification was withdrawn.
    CertificationWithdrawn {
        /// Why.
        reason: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
}

impl ReleaseEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::ReviewSigned { .. } => Effect::beside(),
            Self::Certified { .. } | Self::Rejected { .. } => Effect {
                decision: DecisionEffect::Decides,
                ..Effect::beside()
            },
            Self::CertificationWithdrawn { .. } => Effect {
                decision: DecisionEffect::Withdraws,
                ..Effect::beside()
            },
        }
    }
}
