//! What can have happened to a batch: deviations.

use crate::{
    batch::{Batch, DeviationClass, Signature, Signed, effect::Effect},
    ids::DeviationId,
    master_record::StepRef,
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of deviations. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum DeviationEvent {
    /// A deviation was raised.
    DeviationRaised {
        /// Its id.
        deviation: DeviationId,
        /// Its number in the batch, such as `GE-2026-0007-D1`.
        number: String,
        /// The step, where it is about one.
        step: Option<StepRef>,
        /// What happened.
        description: String,
    },
    /// A deviation was classified.
    DeviationClassified {
        /// Which.
        deviation: DeviationId,
        /// How grave.
        class: DeviationClass,
    },
    /// Its root cause and its impact on the product were stated.
    DeviationAssessed {
        /// Which.
        deviation: DeviationId,
        /// The root cause.
        root_cause: String,
        /// The impact on the product and the patient.
        impact: String,
    },
    /// A deviation was closed.
    DeviationClosed {
        /// Which.
        deviation: DeviationId,
        /// By whose signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
}

impl DeviationEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            // Deviations are raised and assessed by those who review, too: they are beside the reviewed record.
            Self::DeviationRaised { .. } => Effect::beside().in_same_act(),
            Self::DeviationClassified { .. }
            | Self::DeviationAssessed { .. }
            | Self::DeviationClosed { .. } => Effect::beside(),
        }
    }
}
