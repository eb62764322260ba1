//! Where a batch stands: its state, what is open beside it, and the rows that the read tables keep of it.

mod next;
mod rows;

pub use next::{Needs, Next};

use super::{Batch, Disposition, DoseState, Sample, Test, Unit, UnitState};
use crate::{
    release::{Outcome, Verdict},
    rights::words,
};
use chrono::NaiveDate;

words! {
    /// Where a batch stands, in one word for the board.
    BatchState, "a state of a batch" {
        /// Steps are to be done.
        InProcess = "in-process", "In process";
        /// All steps are done; results are awaited.
        AwaitingResults = "awaiting-results", "Awaiting results";
        /// Something stops the batch: its next step, or its doses after the certification. An open deviation alone
        /// doesn't; it is a [`BatchFlag`].
        Hold = "hold", "Hold";
        /// Ready for QA's review.
        NeedsReview = "needs-review", "Needs review";
        /// Reviewed; the QP decides.
        AwaitingCertification = "awaiting-certification", "Awaiting certification";
        /// Certified, and no dose was given yet.
        Released = "released", "Released";
        /// Certified, and at least one dose was given. Units can be left in storage.
        Infused = "infused", "Infused";
        /// Rejected; units or doses remain to be destroyed.
        Rejected = "rejected", "Rejected";
        /// Every unit has ended, and none was given.
        Closed = "closed", "Closed";
    }
}

words! {
    /// What is open about a batch beside its state.
    BatchFlag, "a flag of a batch" {
        /// A deviation is open. The work on the cells goes on.
        DeviationOpen = "deviation-open", "Deviation open";
        /// A test that counts, or a group of tests, fails.
        TestFailed = "test-failed", "Test failed";
    }
}

/// A test that a batch waits for.
struct Awaited {
    test: String,
    /// Whether the result is there and waits for its review only.
    entered: bool,
    due: NaiveDate,
}

impl Batch {
    /// Where the batch stands. It follows from the record alone, not from the time of day.
    ///
    /// A decision comes first: a rejected batch is on hold for nothing any more, and a certified one is as soon as
    /// anything came up that keeps its doses from leaving.
    #[must_use]
    pub fn state(&self) -> BatchState {
        match &self.disposition {
            Disposition::Rejected { .. } if self.every_unit_ended() => BatchState::Closed,
            Disposition::Rejected { .. } => BatchState::Rejected,
            Disposition::Certified(_) if self.every_unit_ended() && self.was_infused() => {
                BatchState::Infused
            }
            Disposition::Certified(_) if self.every_unit_ended() => BatchState::Closed,
            Disposition::Certified(_) if self.doses_are_held() => BatchState::Hold,
            Disposition::Certified(_) if self.was_infused() => BatchState::Infused,
            Disposition::Certified(_) => BatchState::Released,
            Disposition::Open if self.work_is_stopped() => BatchState::Hold,
            Disposition::Open if !self.steps_over() => BatchState::InProcess,
            Disposition::Open if !self.awaited().is_empty() => BatchState::AwaitingResults,
            Disposition::Open if self.review().is_none() => BatchState::NeedsReview,
            Disposition::Open => BatchState::AwaitingCertification,
        }
    }

    /// What is open about the batch beside its state, in the order of the list.
    #[must_use]
    pub fn flags(&self) -> Vec<BatchFlag> {
        let holds = |flag: &&BatchFlag| match flag {
            BatchFlag::DeviationOpen => self.open_deviations().next().is_some(),
            // The decision on a rejected batch was made in the knowledge of it.
            BatchFlag::TestFailed => {
                !matches!(self.disposition, Disposition::Rejected { .. })
                    && !self.failing(&self.verdict()).is_empty()
            }
        };
        BatchFlag::ALL.iter().filter(holds).copied().collect()
    }

    /// Whether somebody still has work with the batch. Units that only lie in storage after a dose was given are none.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.state() {
            BatchState::InProcess
            | BatchState::AwaitingResults
            | BatchState::Hold
            | BatchState::NeedsReview
            | BatchState::AwaitingCertification
            | BatchState::Released
            | BatchState::Rejected => true,
            BatchState::Infused | BatchState::Closed => self.next().what.is_some(),
        }
    }

    /// Whether something keeps the doses of a certified batch from leaving: they go out again after a new certification
    /// or an assessment.
    fn doses_are_held(&self) -> bool {
        self.open_stops().next().is_some()
            || self.open_deviations().next().is_some()
            || self.unassessed_exception().is_some()
            || self.unknown_to_certifier().is_some()
            || !self.failing(&self.verdict()).is_empty()
    }

    /// Whether a stop of the master record isn't lifted, or the next step can't be done until something was decided. A
    /// result that is only awaited doesn't stop the work; one that fails does.
    fn work_is_stopped(&self) -> bool {
        self.open_stops().next().is_some() || self.failing_in_process().is_some()
    }

    /// The in-process test that fails and keeps the next step from being done.
    fn failing_in_process(&self) -> Option<String> {
        let next = self.next_step()?;
        let stops = self.in_process_stops(&next.at);
        stops
            .into_iter()
            .find(|stop| stop.fails)
            .map(|stop| stop.test)
    }

    /// An exception that nobody has assessed.
    fn unassessed_exception(&self) -> Option<&super::Exception> {
        self.exceptions.iter().find(|one| one.assessed.is_none())
    }

    /// What fails: the tests that count alone, and the groups.
    fn failing(&self, verdict: &Verdict) -> Vec<String> {
        let grouped = |key: &str| self.documents.specification.group_of(key).is_some();
        let criteria = verdict
            .criteria
            .iter()
            .filter(|one| one.outcome == Outcome::Fail && !grouped(&one.key));
        let groups = verdict
            .groups
            .iter()
            .filter(|one| one.outcome == Outcome::Fail);
        criteria
            .map(|one| one.test.clone())
            .chain(groups.map(|one| one.key.clone()))
            .collect()
    }

    fn was_infused(&self) -> bool {
        self.doses
            .iter()
            .any(|dose| matches!(dose.state, DoseState::Infused { .. }))
    }

    fn every_unit_ended(&self) -> bool {
        let ended = |unit: &Unit| match unit.state {
            UnitState::Stored => false,
            UnitState::Destroyed { .. } => true,
            UnitState::InDose(dose) => self.dose(dose).is_some_and(|dose| {
                matches!(
                    dose.state,
                    DoseState::Infused { .. } | DoseState::Destroyed { .. }
                )
            }),
        };
        self.units.iter().all(ended)
    }

    /// The tests that the batch waits for, the one due first at the front: results that wait for their review, and
    /// results that are to come and count (not those that are only reported, nor those of a group that passes without
    /// them).
    fn awaited(&self) -> Vec<Awaited> {
        let verdict = self.verdict();
        let pending = |test: &Test| {
            matches!(
                verdict.counted_outcome(&test.criterion),
                Some(Outcome::Pending { .. })
            )
        };
        // What was read too early waits for its next reading once it is reviewed.
        let awaits = |sample: &Sample, test: &Test| match test.standing() {
            Some(result) if result.reviewed.is_none() => Some((true, test.due)),
            Some(_) => Some((
                false,
                self.too_early(sample, test).filter(|_| pending(test))?,
            )),
            None => pending(test).then_some((false, test.due)),
        };
        let mut awaited = Vec::new();
        for sample in &self.samples {
            for test in &sample.tests {
                if let Some((entered, due)) = awaits(sample, test) {
                    awaited.push(Awaited {
                        test: self.test_name(&test.criterion),
                        entered,
                        due,
                    });
                }
            }
        }
        awaited.sort_by_key(|one| one.due);
        awaited
    }
}
