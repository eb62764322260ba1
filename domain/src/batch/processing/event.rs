//! What can have happened to a batch: the steps and what is recorded in them.

use crate::{
    batch::{Batch, FieldValue, Signature, Signed, effect::Effect},
    master_record::StepRef,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of the steps and what is recorded in them. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ProcessingEvent {
    /// A field of a step was recorded.
    EntryRecorded {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// What was entered.
        value: FieldValue,
        /// When it was done, as the person says.
        performed_at: Timestamp,
        /// The limit in words that the value is outside of, as it was judged when it was recorded; `None` where it is as
        /// expected.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
    },
    /// An entry was corrected.
    EntryCorrected {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// The value before.
        old: FieldValue,
        /// The value now.
        new: FieldValue,
        /// Why.
        reason: String,
        /// The limit in words that the value now is outside of, as for an entry.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
    },
    /// A second person confirmed a critical entry.
    EntryVerified {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
    },
    /// A field does not apply.
    EntryNotApplicable {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// Why.
        reason: String,
    },
    /// A whole step does not apply.
    StepNotApplicable {
        /// The step.
        step: StepRef,
        /// Why.
        reason: String,
    },
    /// A step was completed, or signed again after its signature became void.
    StepCompleted {
        /// The step.
        step: StepRef,
        /// When the work ended, as the person says.
        performed_at: Timestamp,
        /// The signature, where the master record asks for one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        signature: Option<Signature>,
        /// What it binds.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        signed: Option<Signed>,
    },
    /// The culture was ended before its target and before its last passage.
    CultureEnded {
        /// Why.
        reason: String,
    },
    /// A comment.
    CommentAdded {
        /// The step that it is about; none where it is about the batch.
        step: Option<StepRef>,
        /// The words.
        text: String,
    },
}

impl ProcessingEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::EntryRecorded { step, .. }
            | Self::EntryVerified { step, .. }
            | Self::EntryNotApplicable { step, .. }
            | Self::StepNotApplicable { step, .. }
            | Self::StepCompleted { step, .. } => Effect::contributed().at(step),
            Self::EntryCorrected { step, .. } => Effect {
                voids_step: Some(step.clone()),
                ..Effect::contributed().at(step)
            },
            Self::CultureEnded { .. } => Effect::contributed(),
            Self::CommentAdded { step, .. } => Effect::beside().at(step.as_ref()),
        }
    }
}
