//! What comes next for a batch, when it is due, and whom it waits for.

use super::{Awaited, BatchState};
use crate::{
    batch::{
        Batch, Blocker, Disposition, Dose, DoseState, Entry, Planned, Unit, UnitForm, UnitState,
    },
    rights::words,
    time::Timestamp,
};

words! {
    /// Whom a batch waits for.
    Needs, "whom a batch waits for" {
        /// Somebody who does the next step.
        Technician = "technician", "Technician";
        /// A second person who confirms a critical entry.
        Verifier = "verifier", "Second person";
        /// Somebody who tests, or reviews a result.
        Qc = "qc", "QC analyst";
        /// Somebody who assesses, closes or reviews.
        Qa = "qa", "QA reviewer";
        /// The Qualified Person.
        Qp = "qp", "Qualified Person";
        /// Somebody who prepares a dose, hands it over, and records what became of it.
        Pharmacist = "pharmacist", "Clinical pharmacist";
    }
}

/// What comes next: in words, when, and whom it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Next {
    /// What is to be done; `None` where nothing is.
    pub what: Option<String>,
    /// When something of the batch is due first; `None` where nothing of it is bound to a time. It is the due time of
    /// `what`, or of the cells, doses and results that wait for it.
    pub due: Option<Timestamp>,
    /// Who does it; `None` for nobody.
    pub needs: Option<Needs>,
}

impl Next {
    fn of(what: impl Into<String>, needs: Needs) -> Self {
        Self {
            what: Some(what.into()),
            due: None,
            needs: Some(needs),
        }
    }

    fn due_at(self, due: impl Into<Option<Timestamp>>) -> Self {
        Self {
            due: due.into(),
            ..self
        }
    }
}

impl Batch {
    /// What comes next.
    ///
    /// A question about the record (a deviation, an assessment, a decision) never takes the due time away: the cells, a
    /// dose on its way and a test keep their own time while people discuss.
    #[must_use]
    pub fn next(&self) -> Next {
        let next = match self.state() {
            BatchState::InProcess => self.next_in_process(),
            BatchState::AwaitingResults => self.next_result().unwrap_or_default(),
            BatchState::Hold if self.disposition == Disposition::Open => self.next_of_stop(),
            BatchState::Hold => self.next_of_held_doses(),
            BatchState::NeedsReview => self.next_before_review(),
            BatchState::AwaitingCertification => self.next_decision(),
            BatchState::Released | BatchState::Infused => self.next_of_dose(),
            BatchState::Rejected => self.next_destruction(),
            BatchState::Closed => self.next_question().unwrap_or_default(),
        };
        let clocks = [
            next.due,
            self.cells_due(),
            self.results_due(),
            self.dose_due(),
            self.units_due(),
        ];
        Next {
            due: clocks.into_iter().flatten().min(),
            ..next
        }
    }

    /// When the cells in process need somebody first.
    fn cells_due(&self) -> Option<Timestamp> {
        let works = self.disposition == Disposition::Open;
        works.then(|| self.first_due()).flatten()
    }

    /// When the first result is due, once all steps are done.
    fn results_due(&self) -> Option<Timestamp> {
        let waits = self.disposition == Disposition::Open && self.steps_over();
        waits.then(|| self.next_result()?.due).flatten()
    }

    /// When the first dose that is on its way, or about to leave, expires.
    fn dose_due(&self) -> Option<Timestamp> {
        self.doses_under_way()
            .filter_map(|dose| self.dose_expires_at(dose))
            .min()
    }

    /// When the first fresh unit in storage expires. What is frozen keeps for years and doesn't press.
    fn units_due(&self) -> Option<Timestamp> {
        self.fresh_units()
            .filter_map(|unit| self.expires_at(unit))
            .min()
    }

    fn doses_under_way(&self) -> impl Iterator<Item = &Dose> {
        self.doses.iter().filter(|dose| match dose.state {
            DoseState::Prepared | DoseState::Dispatched { .. } => true,
            DoseState::Infused { .. } | DoseState::Destroyed { .. } => false,
        })
    }

    fn fresh_units(&self) -> impl Iterator<Item = &Unit> {
        self.units
            .iter()
            .filter(|unit| unit.state == UnitState::Stored && unit.form == UnitForm::Formulated)
    }

    fn next_result(&self) -> Option<Next> {
        let awaited = self.awaited();
        let Awaited { test, entered, due } = awaited.first()?;
        let what = if *entered {
            "Review of the result of"
        } else {
            "Result of"
        };
        Some(Next::of(format!("{what} {test}"), Needs::Qc).due_at(self.zone().end_of(*due)))
    }

    fn next_in_process(&self) -> Next {
        let Some(planned) = self.next_due() else {
            return Next::default();
        };
        let title = self.step_title(&planned.at);
        if self.in_process_stop(&planned.at).is_some() {
            return self
                .next_result()
                .unwrap_or_else(|| Next::of(title, Needs::Qc));
        }
        let needs = if self.waits_for_verifier(&planned) {
            Needs::Verifier
        } else {
            Needs::Technician
        };
        Next::of(title, needs).due_at(planned.due)
    }

    /// Whether all that the step lacks is the second person.
    fn waits_for_verifier(&self, planned: &Planned<'_>) -> bool {
        let Some(record) = self.steps.get(&planned.at) else {
            return false;
        };
        let entry = |key: &str| record.entries.get(key);
        let complete = planned
            .step
            .fields
            .iter()
            .all(|field| !field.required || entry(&field.key).is_some());
        let waits = |entry: &Entry| entry.verified.is_none() && entry.not_applicable.is_none();
        complete
            && planned
                .step
                .fields
                .iter()
                .any(|field| field.critical && entry(&field.key).is_some_and(waits))
    }

    /// What the cells need also now; else what ends the stop of the work.
    fn next_of_stop(&self) -> Next {
        let alive = self
            .next_due()
            .is_some_and(|planned| planned.step.keeps_alive && planned.due.is_some());
        let stop = self.open_stops().next();
        match (stop, self.failing_in_process()) {
            (Some(_), None) if alive => self.next_in_process(),
            (Some(stop), _) => Next::of(format!("Stop: {}", stop.words()), Needs::Qa),
            (None, Some(test)) => Next::of(format!("Decision: {test} fails"), Needs::Qa),
            (None, None) => self.next_in_process(),
        }
    }

    /// What lets the doses of a certified batch leave again.
    fn next_of_held_doses(&self) -> Next {
        if let Some(stop) = self.open_stops().next() {
            return Next::of(format!("Stop: {}", stop.words()), Needs::Qa);
        }
        if let Some(question) = self.next_question() {
            return question;
        }
        if let Some(deviation) = self.unknown_to_certifier() {
            let what = format!("New certification after deviation {}", deviation.number);
            return Next::of(what, Needs::Qp);
        }
        let failing = self.failing(&self.verdict()).join(", ");
        Next::of(format!("Decision: {failing} fails"), Needs::Qp)
    }

    /// What QA has to answer: an open deviation; after the certification also an exception, which is a matter of the
    /// review before it.
    fn next_question(&self) -> Option<Next> {
        if let Some(deviation) = self.open_deviations().next() {
            return Some(Next::of(
                format!("Deviation {}", deviation.number),
                Needs::Qa,
            ));
        }
        let exception = match self.disposition {
            Disposition::Certified(_) => self.unassessed_exception(),
            Disposition::Open | Disposition::Rejected { .. } => None,
        }?;
        let what = format!("Exception {}", exception.stamp.version);
        Some(Next::of(what, Needs::Qa))
    }

    /// The dose that has to go on first, by its expiry; then the fresh units; then what is left to be answered. Nothing
    /// presses while frozen units lie in the store.
    fn next_of_dose(&self) -> Next {
        let under_way = self.doses_under_way().map(|dose| {
            let what = match dose.state {
                DoseState::Dispatched { .. } => "Infusion",
                DoseState::Prepared | DoseState::Infused { .. } | DoseState::Destroyed { .. } => {
                    "Dispatch"
                }
            };
            Next::of(format!("{what} of {}", dose.code), Needs::Pharmacist)
                .due_at(self.dose_expires_at(dose))
        });
        if let Some(dose) = under_way.min_by_key(|next| (next.due.is_none(), next.due)) {
            return dose;
        }
        if self.fresh_units().next().is_some() {
            return if self.was_infused() {
                Next::of("Destruction of the units that are left", Needs::Technician)
            } else {
                Next::of("Preparation of a dose", Needs::Pharmacist)
            };
        }
        self.next_question().unwrap_or_default()
    }

    /// A dose that left under a certification that was withdrawn since: it must not be given.
    fn next_return(&self) -> Option<Next> {
        let dose = self.doses_under_way().next()?;
        let what = match dose.state {
            DoseState::Dispatched { .. } => "Return and destruction",
            DoseState::Prepared | DoseState::Infused { .. } | DoseState::Destroyed { .. } => {
                "Destruction"
            }
        };
        let what = format!("{what} of {}", dose.code);
        Some(Next::of(what, Needs::Pharmacist))
    }

    fn next_destruction(&self) -> Next {
        let stored = |unit: &&Unit| unit.state == UnitState::Stored;
        self.next_return()
            .unwrap_or_else(|| match self.units.iter().filter(stored).count() {
                1 => Next::of("Destruction of 1 unit", Needs::Technician),
                count => Next::of(format!("Destruction of {count} units"), Needs::Technician),
            })
    }

    fn next_before_review(&self) -> Next {
        if let Some(back) = self.next_return() {
            return back;
        }
        if let Some(question) = self.next_question() {
            return question;
        }
        let blockers = self.review_blockers();
        let first = |of: fn(&Blocker) -> bool| blockers.iter().find(|one| of(one));
        use Blocker::{NotVerified, SignatureVoid, StepOpen};
        if let Some(blocker) = first(|one| matches!(one, StepOpen { .. } | SignatureVoid { .. })) {
            return Next::of(sentence(blocker), Needs::Technician);
        }
        match first(|one| matches!(one, NotVerified { .. })) {
            Some(blocker) => Next::of(sentence(blocker), Needs::Verifier),
            None => Next::of("Review of the record", Needs::Qa),
        }
    }

    fn next_decision(&self) -> Next {
        if let Some(before) = self.next_return().or_else(|| self.next_question()) {
            return before;
        }
        let failing = self.failing(&self.verdict());
        if failing.is_empty() {
            Next::of("Certification", Needs::Qp)
        } else {
            Next::of(format!("Decision: {} fails", failing.join(", ")), Needs::Qp)
        }
    }
}

fn sentence(blocker: &Blocker) -> String {
    let words = blocker.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
