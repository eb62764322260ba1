//! What a person can ask of a batch: samples and results.

use crate::batch::demands::Demands;
use crate::rights::Action;
use crate::{
    batch::{InvalidationReason, Second},
    ids::SampleId,
    master_record::StepRef,
    release::ResultValue,
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What can be asked of samples and results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QualityCommand {
    /// Take a sample.
    TakeSample {
        /// Its new id.
        sample: SampleId,
        /// The step.
        step: StepRef,
        /// When; `None` means now.
        taken_at: Option<Timestamp>,
        /// Viable cells that went into it.
        viable_cells: Decimal,
    },
    /// Enter a result.
    EnterResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
    },
    /// Review another analyst's result.
    ReviewResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
    },
    /// Correct one's own result before its review.
    CorrectResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// The result as the raw data have it.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
        /// Why.
        reason: String,
        /// Where the raw data are; may be empty where the verdict stays.
        raw_data: String,
        /// The analyst who confirmed it in the same request.
        second: Option<Second>,
    },
    /// Return another analyst's result, so that they correct it or confirm it again.
    ReturnResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the reviewer had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// Why.
        reason: String,
    },
    /// Confirm one's own returned result as it was entered.
    ConfirmResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// What the analyst found in the raw data.
        answer: String,
    },
    /// Invalidate a result.
    InvalidateResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// The listed reason.
        reason: InvalidationReason,
        /// The evidence.
        evidence: String,
        /// Where the raw data are; may be empty but for a transcription error.
        raw_data: String,
    },
}

impl QualityCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::TakeSample { step, taken_at, .. } => {
                Demands::work(Action::TakeSample, step, *taken_at)
            }
            Self::EnterResult { .. } => Demands::right(Action::EnterResult),
            Self::ReviewResult { .. } => Demands::whole_record(Action::ReviewResult),
            Self::CorrectResult { second, .. } => Demands {
                whole_record: second.is_some(),
                ..Demands::right(Action::CorrectResult)
            },
            Self::ConfirmResult { .. } => Demands::whole_record(Action::CorrectResult),
            Self::ReturnResult { .. } | Self::InvalidateResult { .. } => {
                Demands::right(Action::ReviewResult)
            }
        }
    }
}
