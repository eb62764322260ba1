//! Samples with their tests and results.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;
pub(super) mod rejudge;
mod result;
mod sample;

pub use command::QualityCommand;
pub use event::QualityEvent;
pub use refusal::QualityRefusal;

use super::{Batch, InvalidationReason, Stamp, VerdictChange};
use crate::{
    ids::SampleId,
    master_record::StepRef,
    release::{Awaits, Outcome, ReadOn, ResultValue, judge_read},
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// Its code.
    pub code: String,
    /// The step.
    pub step: StepRef,
    /// The sample point.
    pub point: String,
    /// When it was taken, as the person said.
    pub taken_at: Timestamp,
    /// Viable cells that went into it.
    pub viable_cells: Decimal,
    /// Who and when.
    pub stamp: Stamp,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// One test of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The criterion's key.
    pub criterion: String,
    /// The day on which its result is due, by the clocks of the site.
    pub due: NaiveDate,
    /// The results in order. The last one stands, unless it is invalidated; those before it stay visible: they are
    /// invalidated, or were read before the minimum time of the method.
    pub results: Vec<TestResult>,
}

impl Test {
    /// The result that counts.
    #[must_use]
    pub fn standing(&self) -> Option<&TestResult> {
        self.results
            .last()
            .filter(|result| result.invalidated.is_none())
    }

    /// The values that the standing result replaces, oldest first: those that its analyst corrected, and those that were
    /// typed wrong and entered again. A result that was invalidated for a fault of the test is another test's.
    #[must_use]
    pub fn replaced(&self) -> Vec<&ResultValue> {
        let Some(standing) = self.standing() else {
            return Vec::new();
        };
        let typed_wrong = (self.results.iter()).filter(|result| {
            let why = result.invalidated.as_ref();
            why.is_some_and(|why| !why.reason.repeats_test())
        });
        let values = typed_wrong.flat_map(|result| {
            let corrected = result.corrections.iter().map(|one| &one.old);
            corrected.chain([&result.value])
        });
        values
            .chain(standing.corrections.iter().map(|one| &one.old))
            .collect()
    }

    /// How many values the test has had: its results, and the corrections of each. A page names the value that it shows
    /// by this number, so that nobody decides on one that they did not see.
    #[must_use]
    pub fn values(&self) -> usize {
        (self.results.iter())
            .map(|result| 1 + result.corrections.len())
            .sum()
    }
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The value.
    pub value: ResultValue,
    /// The day of the test.
    pub tested_on: NaiveDate,
    /// Who entered it and when.
    pub entered: Stamp,
    /// How it was corrected before its review, in order: the first value stays visible.
    pub corrections: Vec<ResultCorrection>,
    /// How it was returned by its reviewer, in order.
    pub returns: Vec<ResultReturn>,
    /// Who reviewed it and when.
    pub reviewed: Option<Stamp>,
    /// Why it doesn't count, if so.
    pub invalidated: Option<Invalidation>,
}

impl TestResult {
    /// The value that was entered first.
    #[must_use]
    pub fn first(&self) -> &ResultValue {
        (self.corrections.first()).map_or(&self.value, |correction| &correction.old)
    }

    /// The return that the analyst has not answered yet.
    #[must_use]
    pub fn returned(&self) -> Option<&ResultReturn> {
        self.returns.last().filter(|one| one.answered.is_none())
    }
}

/// How the analyst corrected a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultCorrection {
    /// The result before.
    pub old: ResultValue,
    /// The day of the test before.
    pub old_tested_on: NaiveDate,
    /// The result after.
    pub new: ResultValue,
    /// The day of the test after.
    pub tested_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Where the raw data are.
    pub raw_data: Option<String>,
    /// What it changed of the verdict, and who confirmed it.
    pub verdict: Option<VerdictChange>,
    /// Who and when.
    pub stamp: Stamp,
}

/// A result that its reviewer returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultReturn {
    /// Why.
    pub reason: String,
    /// Who and when.
    pub stamp: Stamp,
    /// What the analyst answered, and when: a correction, or that the raw data say the same.
    pub answered: Option<(String, Stamp)>,
}

/// Why a result doesn't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalidation {
    /// The listed reason.
    pub reason: InvalidationReason,
    /// The evidence.
    pub evidence: String,
    /// Where the raw data are.
    pub raw_data: Option<String>,
    /// Who and when.
    pub stamp: Stamp,
}

impl Batch {
    /// The sample with this id.
    #[must_use]
    pub fn sample(&self, id: SampleId) -> Option<&Sample> {
        self.samples.iter().find(|sample| sample.id == id)
    }

    /// When a sample was taken and a result of it was read, as the days of the site.
    #[must_use]
    pub fn read_on(&self, sample: &Sample, result: &TestResult) -> ReadOn {
        ReadOn {
            sampled_on: self.zone().day(sample.taken_at),
            tested_on: result.tested_on,
        }
    }

    /// What a result of a sample is by its criterion, once it is reviewed. Its value, the days of sampling and reading, and
    /// the body weight decide it; `None` where the specification has no such criterion.
    #[must_use]
    pub fn judged(&self, sample: &Sample, criterion: &str, result: &TestResult) -> Option<Outcome> {
        let criterion = self.documents.specification.criterion(criterion)?;
        let weight = Some(self.harvest.weight_kg);
        let read = Some(self.read_on(sample, result));
        Some(judge_read(criterion, &result.value, read, weight).outcome)
    }

    /// Where the result that stands would pass but was read before the minimum time of its method: the first day on
    /// which a pass counts. The test is read again then.
    #[must_use]
    pub fn too_early(&self, sample: &Sample, test: &Test) -> Option<NaiveDate> {
        match self.judged(sample, &test.criterion, test.standing()?)? {
            Outcome::Pending {
                awaits: Awaits::Time { until },
            } => Some(until),
            Outcome::Pending {
                awaits: Awaits::Result { .. } | Awaits::Review,
            }
            | Outcome::Pass
            | Outcome::Fail
            | Outcome::Missing
            | Outcome::Indeterminate { .. }
            | Outcome::Informative => None,
        }
    }
}
