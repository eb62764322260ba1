//! What can have happened to a batch: samples and results.

use crate::{
    batch::{Batch, DueTest, InvalidationReason, VerdictChange, effect::Effect},
    ids::SampleId,
    master_record::StepRef,
    release::ResultValue,
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// An event of samples and results. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, VariantNames)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum QualityEvent {
    /// A sample was taken.
    SampleTaken {
        /// Its id.
        sample: SampleId,
        /// Its code on the label, such as `GE-2026-0007-S01`.
        code: String,
        /// The step at which it was taken.
        step: StepRef,
        /// The sample point of the specification.
        point: String,
        /// When it was taken.
        taken_at: Timestamp,
        /// Viable cells that went into it.
        viable_cells: Decimal,
        /// The tests that it is for.
        tests: Vec<DueTest>,
    },
    /// A result was entered.
    ResultEntered {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
    },
    /// A second analyst reviewed a result.
    ResultReviewed {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
    },
    /// A figure beside a reviewed result was corrected, and the result is judged otherwise: its review is void.
    ResultRejudged {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The verdict on the result before, in a word.
        before: String,
        /// The verdict on the result now, in a word.
        after: String,
        /// What was corrected.
        figure: String,
        /// Why.
        reason: String,
    },
    /// The analyst who entered a result corrected it before its review.
    ResultCorrected {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result before.
        old: ResultValue,
        /// The day of the test before.
        old_tested_on: NaiveDate,
        /// The result now.
        new: ResultValue,
        /// The day of the test now.
        tested_on: NaiveDate,
        /// Why.
        reason: String,
        /// Where the raw data are that show the result; always there where the verdict changes.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        raw_data: Option<String>,
        /// What the correction changes of the verdict, and who confirmed it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        verdict: Option<VerdictChange>,
    },
    /// The reviewer returned a result to the analyst who entered it.
    ResultReturned {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Why.
        reason: String,
    },
    /// The analyst confirmed a returned result as it was entered.
    ResultConfirmed {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// What the analyst found in the raw data.
        answer: String,
    },
    /// A result was invalidated for a listed reason.
    ResultInvalidated {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The listed reason.
        reason: InvalidationReason,
        /// The evidence for it.
        evidence: String,
        /// Where the raw data are; always there for a transcription error.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        raw_data: Option<String>,
    },
}

impl QualityEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(in crate::batch) fn effect(&self, _batch: &Batch) -> Effect<'_> {
        match self {
            Self::SampleTaken { step, .. } => Effect::contributed().at(step),
            Self::ResultEntered { .. }
            | Self::ResultReviewed { .. }
            | Self::ResultReturned { .. }
            | Self::ResultConfirmed { .. }
            | Self::ResultInvalidated { .. } => Effect::contributed(),
            // Of the correction of a figure beside it.
            Self::ResultRejudged { .. } => Effect::contributed().in_same_act(),
            Self::ResultCorrected { verdict, .. } => Effect {
                second_contributor: verdict.as_ref().map(|change| change.second.user),
                ..Effect::contributed()
            },
        }
    }
}
