//! What can have happened to a batch: stops.

use crate::{
    batch::{Batch, DocumentRef, Signature, Signed, effect::Effect},
    identifiers::DonationNumber,
    ids::DeviationId,
    master_record::{LiftedBy, StepRef},
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of stops. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StopEvent {
    /// A failing answer to a stop of the master record put the batch on hold. What the rule was is written here: a later
    /// version of a document or of the program changes nothing of it.
    StopRaised {
        /// The step of the stop.
        step: StepRef,
        /// The field's key.
        field: String,
        /// The entry of the batch that holds the failing answer: the one before this event.
        entry: u64,
        /// The answer in words.
        found: String,
        /// What was expected, in words.
        expected: String,
        /// What lifts it.
        lifted_by: LiftedBy,
        /// The master record that makes the field a stop.
        master_record: DocumentRef,
        /// The deviation that was raised in the same act.
        deviation: DeviationId,
    },
    /// Both identifiers were read again for a stop on identity.
    IdentifiersRead {
        /// The stop, by the entry that raised the hold.
        stop: u64,
        /// The subject code as read.
        subject: String,
        /// The DIN as read.
        din: DonationNumber,
        /// Whether both are those of the batch.
        agree: bool,
    },
    /// QA lifted a stop.
    StopLifted {
        /// The stop, by the entry that raised the hold.
        stop: u64,
        /// What it rests on, by entries of the batch: the one that the master record names, or two readings of both
        /// identifiers.
        evidence: Vec<u64>,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
}

impl StopEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            // Of the entry that fails, or its correction.
            Self::StopRaised { .. } => Effect::beside().in_same_act(),
            Self::IdentifiersRead { .. } => Effect::contributed(),
            Self::StopLifted { .. } => Effect::beside(),
        }
    }
}
