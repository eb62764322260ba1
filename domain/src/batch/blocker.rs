//! What stands in the way of a review, a certification or a dispatch. The same list is shown on the release page and
//! decides; there is no way past it.

use super::{Batch, Deviation, DueTest, Sample, Test, TestResult, Unit, UnitState};
use crate::{
    ids::{DeviationId, SampleId},
    master_record::{StepKind, StepRef},
    release::{Awaits, Evidence, EvidenceState, Outcome, ResultValue, Verdict, evaluate},
    specification::{Criterion, Stage},
    time::{Timestamp, days_after},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::{collections::BTreeSet, fmt};

/// Beyond so many sums of units the search for a dose ends.
const MOST_SUMS: usize = 10_000;

/// Where on the pages a blocker is dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A step of the batch record.
    Step(StepRef),
    /// The samples and their results.
    Quality,
    /// A deviation.
    Deviation(DeviationId),
    /// A stop, on the page of the deviations.
    Stop(u64),
    /// The exceptions, on the release page.
    Exception(u64),
    /// The signatures, on the release page.
    Signatures,
}

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// The record was changed outside Autolog.
    RecordAltered {
        /// What was found.
        what: String,
    },
    /// A stop holds the batch.
    OnHold {
        /// The stop's number.
        stop: u64,
        /// What holds it.
        what: String,
        /// What lifts it.
        lifted_by: String,
    },
    /// A step is not over.
    StepOpen {
        /// Which.
        step: StepRef,
        /// Its title.
        title: String,
    },
    /// A critical entry is not confirmed by a second person.
    NotVerified {
        /// The step.
        step: StepRef,
        /// The field's label.
        label: String,
    },
    /// A signature of a step is void.
    SignatureVoid {
        /// The step.
        step: StepRef,
        /// Its title.
        title: String,
    },
    /// An exception is not assessed.
    ExceptionOpen {
        /// Its number.
        exception: u64,
        /// What it is.
        what: String,
    },
    /// A deviation is open.
    DeviationOpen {
        /// Which.
        deviation: DeviationId,
        /// Its number.
        number: String,
    },
    /// A result waits for its review.
    ResultNotReviewed {
        /// The sample's code.
        sample: String,
        /// The test.
        test: String,
    },
    /// A result was returned to its analyst, who has not answered yet.
    ResultReturned {
        /// The sample's code.
        sample: String,
        /// The test.
        test: String,
    },
    /// A criterion is not a pass.
    Criterion {
        /// The test, or the group's key.
        test: String,
        /// The sample point.
        point: String,
        /// What came of it, in a word.
        outcome: String,
    },
    /// QA's review is missing or void.
    NotReviewed,
    /// A deviation was raised after the certification: the QP did not know of it.
    CertifiedBefore {
        /// The deviation's number.
        number: String,
    },
    /// There is no unit that could be released.
    NothingToRelease,
    /// The units can't make a dose for the weight.
    NoDosePossible {
        /// The window.
        window: String,
    },
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RecordAltered { what } => write!(
                f,
                "the record was changed outside Autolog ({})",
                what.trim_end_matches('.')
            ),
            Self::OnHold {
                what, lifted_by, ..
            } => write!(f, "on hold: {what} (lifted by {lifted_by})"),
            Self::StepOpen { title, .. } => write!(f, "step {title} is not done"),
            Self::NotVerified { label, .. } => {
                write!(f, "{label} is not confirmed by a second person")
            }
            Self::SignatureVoid { title, .. } => {
                write!(
                    f,
                    "the signature of {title} is void since a later change: sign the step again"
                )
            }
            Self::ExceptionOpen { exception, what } => {
                write!(f, "exception {exception} is not assessed ({what})")
            }
            Self::DeviationOpen { number, .. } => write!(f, "deviation {number} is open"),
            Self::ResultNotReviewed { sample, test } => {
                write!(
                    f,
                    "the result of {test} (sample {sample}) is not reviewed by a second analyst"
                )
            }
            Self::ResultReturned { sample, test } => write!(
                f,
                "the result of {test} (sample {sample}) was returned: its analyst has to correct it or confirm it again"
            ),
            Self::Criterion {
                test,
                point,
                outcome,
            } => write!(f, "{test} ({point}) is {outcome}"),
            Self::NotReviewed => {
                write!(f, "QA has not signed the review, or the signature is void")
            }
            Self::CertifiedBefore { number } => write!(
                f,
                "deviation {number} was raised after the certification: a Qualified Person withdraws it and certifies anew \
                 in the knowledge of that deviation"
            ),
            Self::NothingToRelease => write!(
                f,
                "no unit of the batch is in the store and not expired: there is nothing to release"
            ),
            Self::NoDosePossible { window } => {
                write!(f, "no choice of units makes a dose of {window}")
            }
        }
    }
}

impl Blocker {
    /// Where it is dealt with.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::StepOpen { step, .. }
            | Self::NotVerified { step, .. }
            | Self::SignatureVoid { step, .. } => Place::Step(step.clone()),
            Self::OnHold { stop, .. } => Place::Stop(*stop),
            Self::ExceptionOpen { exception, .. } => Place::Exception(*exception),
            Self::DeviationOpen { deviation, .. } => Place::Deviation(*deviation),
            Self::ResultNotReviewed { .. }
            | Self::ResultReturned { .. }
            | Self::Criterion { .. }
            | Self::NothingToRelease
            | Self::NoDosePossible { .. } => Place::Quality,
            Self::NotReviewed | Self::CertifiedBefore { .. } | Self::RecordAltered { .. } => {
                Place::Signatures
            }
        }
    }
}

impl Batch {
    /// The verdict on this batch by its specification.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        evaluate(
            &self.documents.specification,
            &self.evidence(),
            Some(self.harvest.weight_kg),
        )
    }

    /// What the samples say on each criterion: a standing result, or that it is awaited. Invalidated results are no
    /// evidence.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let of = |sample: &Sample, test: &Test| Evidence {
            criterion: test.criterion.clone(),
            sample: Some(sample.id),
            state: match test.standing() {
                Some(result) => EvidenceState::Result {
                    value: result.value.clone(),
                    reviewed: result.reviewed.is_some(),
                    read: Some(self.read_on(sample, result)),
                },
                None => EvidenceState::Pending { due: test.due },
            },
        };
        self.samples
            .iter()
            .flat_map(|sample| {
                sample
                    .tests
                    .iter()
                    .map(|test| (sample, test))
                    .collect::<Vec<_>>()
            })
            .map(|(sample, test)| of(sample, test))
            .collect()
    }

    /// What stands in the way of QA's review: everything but the verdict and the review itself. A batch that fails its
    /// criteria is reviewed too, so that it can be rejected on a complete record.
    #[must_use]
    pub fn review_blockers(&self) -> Vec<Blocker> {
        let mut blockers = Vec::new();
        if let Some(what) = self.altered.clone() {
            blockers.push(Blocker::RecordAltered { what });
        }
        blockers.extend(self.open_stops().map(|stop| Blocker::OnHold {
            stop: stop.number(),
            what: stop.words(),
            lifted_by: self.lift_words(&stop.lifted_by),
        }));
        self.step_blockers(&mut blockers);
        for exception in self
            .exceptions
            .iter()
            .filter(|exception| exception.assessed.is_none())
        {
            blockers.push(Blocker::ExceptionOpen {
                exception: exception.stamp.version,
                what: exception.kind.to_string(),
            });
        }
        for deviation in self.open_deviations() {
            blockers.push(Blocker::DeviationOpen {
                deviation: deviation.id,
                number: deviation.number.clone(),
            });
        }
        for sample in &self.samples {
            for test in &sample.tests {
                let waiting = test.standing().filter(|result| result.reviewed.is_none());
                if let Some(result) = waiting {
                    let (sample, test) = (sample.code.clone(), self.test_name(&test.criterion));
                    blockers.push(match result.returned() {
                        Some(_) => Blocker::ResultReturned { sample, test },
                        None => Blocker::ResultNotReviewed { sample, test },
                    });
                }
            }
        }
        blockers
    }

    fn step_blockers(&self, blockers: &mut Vec<Blocker>) {
        for planned in self.plan() {
            let record = self.steps.get(&planned.at);
            let over = record.is_some_and(super::StepRecord::is_over);
            if !over && self.is_needed(&planned) {
                blockers.push(Blocker::StepOpen {
                    step: planned.at.clone(),
                    title: self.step_title(&planned.at),
                });
            }
            for (key, entry) in record.into_iter().flat_map(|record| &record.entries) {
                let Some(field) = planned.step.field(key) else {
                    continue;
                };
                if field.critical && entry.verified.is_none() && entry.not_applicable.is_none() {
                    blockers.push(Blocker::NotVerified {
                        step: planned.at.clone(),
                        label: field.label.clone(),
                    });
                }
            }
        }
        for record in &self.signatures {
            let Some(step) = &record.step else { continue };
            let signed_again = self
                .signatures
                .iter()
                .any(|other| other.step.as_ref() == Some(step) && other.void_since.is_none());
            if record.void_since.is_some() && !signed_again {
                let blocker = Blocker::SignatureVoid {
                    step: step.clone(),
                    title: self.step_title(step),
                };
                if !blockers.contains(&blocker) {
                    blockers.push(blocker);
                }
            }
        }
    }

    /// What stands in the way of certification, and after it of each dose.
    #[must_use]
    pub fn blockers(&self, now: Timestamp) -> Vec<Blocker> {
        let mut blockers = self.review_blockers();
        let verdict = self.verdict();
        if !verdict.releasable_finally() {
            let grouped = |key: &str| self.documents.specification.group_of(key).is_some();
            for criterion in verdict
                .criteria
                .iter()
                .filter(|criterion| !grouped(&criterion.key))
            {
                if let Some(outcome) = outcome_word(&criterion.outcome) {
                    let (test, point) = (criterion.test.clone(), criterion.sample_point.clone());
                    blockers.push(Blocker::Criterion {
                        test,
                        point,
                        outcome,
                    });
                }
            }
            for group in &verdict.groups {
                if let Some(outcome) = outcome_word(&group.outcome) {
                    let test = group
                        .criteria
                        .iter()
                        .map(|key| self.test_name(key))
                        .collect::<Vec<_>>()
                        .join(" / ");
                    blockers.push(Blocker::Criterion {
                        test,
                        point: group.key.clone(),
                        outcome,
                    });
                }
            }
        }
        let closed = |deviation: &&Deviation| deviation.closed.is_some();
        // While it is open, that is said above.
        if let Some(deviation) = self.unknown_to_certifier().filter(closed) {
            let number = deviation.number.clone();
            blockers.push(Blocker::CertifiedBefore { number });
        }
        if self.doses.is_empty() {
            match &self.documents.specification.dose {
                Some(window) if !self.dose_possible(now) => {
                    let window = window.text();
                    blockers.push(Blocker::NoDosePossible { window });
                }
                None if !self.unit_left(now) => blockers.push(Blocker::NothingToRelease),
                Some(_) | None => {}
            }
        }
        if self.review().is_none() {
            blockers.push(Blocker::NotReviewed);
        }
        blockers
    }

    /// Whether a unit is in the store that has not expired.
    fn unit_left(&self, now: Timestamp) -> bool {
        let keeps = |unit: &Unit| {
            let expires_at = self.expires_at(unit);
            expires_at.is_none_or(|expires_at| now < expires_at)
        };
        (self.units.iter()).any(|unit| unit.state == UnitState::Stored && keeps(unit))
    }

    /// Whether some choice of the units that are in the store and not expired is a dose for the weight. Past
    /// [`MOST_SUMS`] different sums it is taken that one is: preparing a dose looks at the very choice.
    fn dose_possible(&self, now: Timestamp) -> bool {
        let Some(window) = &self.documents.specification.dose else {
            return true;
        };
        let there = |unit: &&Unit| {
            let keeps = self
                .expires_at(unit)
                .is_some_and(|expires_at| now < expires_at);
            unit.state == UnitState::Stored && keeps
        };
        let mut sums = BTreeSet::from([Decimal::ZERO]);
        for unit in self.units.iter().filter(there) {
            let with = |sum: &Decimal| sum.checked_add(unit.viable_cells);
            sums.extend(sums.iter().filter_map(with).collect::<Vec<_>>());
            if sums.len() > MOST_SUMS {
                return true;
            }
        }
        let permitted = |sum: &Decimal| window.permits(*sum, self.harvest.weight_kg);
        sums.iter().any(permitted)
    }

    /// The in-process criterion that stops the work after `before`, if one does: its sample step lies before and it is
    /// not a pass.
    pub(super) fn in_process_stop(&self, before: &StepRef) -> Option<(String, String, String)> {
        let first = self.in_process_stops(before).into_iter().next()?;
        Some((first.test, first.point, first.outcome))
    }

    /// All in-process criteria that stop the work after `before`.
    pub(super) fn in_process_stops(&self, before: &StepRef) -> Vec<InProcessStop> {
        let specification = &self.documents.specification;
        let plan = self.plan();
        let Some(upto) = plan.iter().position(|planned| planned.at == *before) else {
            return Vec::new();
        };
        // What a stop was raised for is looked at whatever a test says.
        if plan[upto].step.kind == StepKind::Assess {
            return Vec::new();
        }
        let points = plan[..upto].iter().filter_map(|planned| {
            let skipped = self
                .steps
                .get(&planned.at)
                .is_some_and(|record| record.not_applicable.is_some());
            let sampled = planned.step.kind == StepKind::Sample && !skipped;
            planned.step.sample_point.as_deref().filter(|_| sampled)
        });
        let points: Vec<_> = points.collect();
        // Most steps come before the first sample: what all results come to isn't asked for there.
        if points.is_empty() {
            return Vec::new();
        }
        let verdict = self.verdict();
        let stop = |point: &str, criterion: &Criterion| {
            let outcome = verdict.counted_outcome(&criterion.key)?;
            Some(InProcessStop {
                test: criterion.test.clone(),
                point: point.to_owned(),
                outcome: outcome_word(outcome)?,
                fails: *outcome == Outcome::Fail,
            })
        };
        let of_point = |point: &str| {
            let criteria = specification.criteria_at(point);
            criteria
                .filter(|one| one.stage == Stage::InProcess && !one.informative)
                .filter_map(|one| stop(point, one))
                .collect::<Vec<_>>()
        };
        points.into_iter().flat_map(of_point).collect()
    }

    /// What this one result would be by its criterion, once it is reviewed: the same rules as for the verdict on the
    /// batch, with nothing else in evidence. `None` where the sample is not for this test.
    #[must_use]
    pub fn outcome_of(
        &self,
        sample: SampleId,
        criterion: &str,
        value: &ResultValue,
        tested_on: NaiveDate,
    ) -> Option<Outcome> {
        let of = self.sample(sample)?;
        let test = of.tests.iter().find(|test| test.criterion == criterion)?;
        let stamp = of.stamp.clone();
        let result = TestResult {
            value: value.clone(),
            tested_on,
            entered: stamp.clone(),
            corrections: Vec::new(),
            returns: Vec::new(),
            reviewed: Some(stamp),
            invalidated: None,
        };
        let test = Test {
            results: vec![result],
            ..test.clone()
        };
        let sample = Sample {
            tests: vec![test],
            ..of.clone()
        };
        let alone = Self {
            samples: vec![sample],
            ..Self::begin(
                self.id,
                self.harvest.clone(),
                self.registered.clone(),
                self.documents.clone(),
            )
        };
        let verdict = alone.verdict();
        Some(verdict.criterion(criterion)?.outcome.clone())
    }

    /// A result as it was entered, with the unit of its test.
    #[must_use]
    pub fn result_shown(&self, criterion: &str, value: &ResultValue) -> String {
        match self.documents.specification.criterion(criterion) {
            Some(criterion) => criterion.unit().after(value),
            None => value.to_string(),
        }
    }

    /// The name of a criterion's test.
    #[must_use]
    pub fn test_name(&self, criterion: &str) -> String {
        self.documents
            .specification
            .criterion(criterion)
            .map_or_else(|| criterion.to_owned(), |criterion| criterion.test.clone())
    }

    /// The tests that a sample taken at `point` on this day is for, with the days on which their results are due.
    pub(super) fn tests_at(&self, point: &str, taken_on: NaiveDate) -> Vec<DueTest> {
        let due = |days: u32| days_after(taken_on, days);
        self.documents
            .specification
            .criteria_at(point)
            .map(|criterion| DueTest {
                criterion: criterion.key.clone(),
                due: due(criterion.due_days),
            })
            .collect()
    }
}

/// An in-process criterion that stops the work.
pub(super) struct InProcessStop {
    /// Its test.
    pub(super) test: String,
    /// Its sample point.
    pub(super) point: String,
    /// What came of it, in a word.
    pub(super) outcome: String,
    /// Whether it fails, and isn't only awaited.
    pub(super) fails: bool,
}

fn outcome_word(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Pass | Outcome::Informative => return None,
        Outcome::Fail => "failing".to_owned(),
        Outcome::Pending { awaits } => match awaits {
            Awaits::Result { .. } | Awaits::Review => "pending".to_owned(),
            Awaits::Time { until } => {
                format!("pending until {until}, the minimum time of its method")
            }
        },
        Outcome::Missing => "missing".to_owned(),
        Outcome::Indeterminate { why } => format!("indeterminate: {why}"),
    })
}
