//! Samples with their tests and results, and deviations.

use super::{Batch, DeviationClass, Disposition, InvalidationReason, Signature, Stamp};
use crate::{
    ids::{DeviationId, SampleId},
    master_record::StepRef,
    release::ResultValue,
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
    /// When its result is due.
    pub due: Timestamp,
    /// The results in order: at most one stands; invalidated ones stay visible.
    pub results: Vec<TestResult>,
}

impl Test {
    /// The result that counts.
    #[must_use]
    pub fn standing(&self) -> Option<&TestResult> {
        self.results
            .iter()
            .rev()
            .find(|result| result.invalidated.is_none())
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
    /// Who reviewed it and when.
    pub reviewed: Option<Stamp>,
    /// Why it doesn't count, if so.
    pub invalidated: Option<Invalidation>,
}

/// Why a result doesn't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalidation {
    /// The listed reason.
    pub reason: InvalidationReason,
    /// The evidence.
    pub evidence: String,
    /// Who and when.
    pub stamp: Stamp,
}

/// A deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Its id.
    pub id: DeviationId,
    /// Its number.
    pub number: String,
    /// The step, where it is about one.
    pub step: Option<StepRef>,
    /// What happened.
    pub description: String,
    /// Who raised it and when.
    pub raised: Stamp,
    /// How grave.
    pub class: Option<(DeviationClass, Stamp)>,
    /// Root cause, impact, and who stated them.
    pub assessment: Option<(String, String, Stamp)>,
    /// Closed by this signature.
    pub closed: Option<Signature>,
}

impl Batch {
    /// The sample with this id.
    #[must_use]
    pub fn sample(&self, id: SampleId) -> Option<&Sample> {
        self.samples.iter().find(|sample| sample.id == id)
    }

    /// The deviation with this id.
    #[must_use]
    pub fn deviation(&self, id: DeviationId) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.id == id)
    }

    /// The first deviation that was raised after the certification that stands. Who certified did not know of it, so no
    /// dose leaves on that signature, not even once QA has closed the deviation.
    #[must_use]
    pub fn unknown_to_certifier(&self) -> Option<&Deviation> {
        let Disposition::Certified(certification) = &self.disposition else {
            return None;
        };
        self.deviations
            .iter()
            .find(|deviation| deviation.raised.version > certification.version)
    }

    /// The deviations that are not closed.
    pub fn open_deviations(&self) -> impl Iterator<Item = &Deviation> {
        self.deviations
            .iter()
            .filter(|deviation| deviation.closed.is_none())
    }
}
