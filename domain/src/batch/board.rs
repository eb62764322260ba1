//! Where a batch stands, and the rows that the board, the identifiers and the register keep of it.

use super::{
    Batch, Disposition, DoseState, Meaning, Planned, Sample, SignatureRecord, Test, Unit, UnitState,
};
use crate::{
    ledger::rows::{BoardRow, RegisterRow},
    release::{Outcome, Verdict},
    rights::words,
    time::Timestamp,
};
use chrono::NaiveDate;

words! {
    /// Where a batch stands, in one word for the board.
    BatchState, "a state of a batch" {
        /// Steps are to be done.
        InProcess = "in-process", "In process";
        /// All steps are done; results are awaited.
        AwaitingResults = "awaiting-results", "Awaiting results";
        /// Work may go on, but a deviation is open or a result fails: nothing can be released.
        Hold = "hold", "Hold";
        /// Ready for QA's review.
        NeedsReview = "needs-review", "Needs review";
        /// Reviewed; the QP decides.
        AwaitingCertification = "awaiting-certification", "Awaiting certification";
        /// Certified.
        Released = "released", "Released";
        /// Rejected.
        Rejected = "rejected", "Rejected";
        /// Every unit has ended.
        Closed = "closed", "Closed";
    }
}

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
        /// Whoever prepares a dose, hands it over, and records what became of it.
        Pharmacist = "pharmacist", "Clinical pharmacist";
    }
}

/// What comes next: in words, when, and whom it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Next {
    /// What is to be done; `None` where nothing is.
    pub what: Option<String>,
    /// Until when it is due: of what is due on a day, the last moment of that day at the site. `None` where it isn't bound
    /// to a time.
    pub due: Option<Timestamp>,
    /// Who does it; `None` for nobody.
    pub needs: Option<Needs>,
}

impl Next {
    fn of(what: impl Into<String>, due: Option<Timestamp>, needs: Needs) -> Self {
        Self {
            what: Some(what.into()),
            due,
            needs: Some(needs),
        }
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
            Disposition::Certified(_) if self.on_hold(&self.verdict()) => BatchState::Hold,
            Disposition::Certified(_) if self.every_unit_ended() => BatchState::Closed,
            Disposition::Certified(_) => BatchState::Released,
            Disposition::Open if self.on_hold(&self.verdict()) => BatchState::Hold,
            Disposition::Open if !self.steps_over() => BatchState::InProcess,
            Disposition::Open if !self.awaited().is_empty() => BatchState::AwaitingResults,
            Disposition::Open if self.review().is_none() => BatchState::NeedsReview,
            Disposition::Open => BatchState::AwaitingCertification,
        }
    }

    /// What comes next.
    #[must_use]
    pub fn next(&self) -> Next {
        match self.state() {
            BatchState::Hold => self.next_on_hold(),
            BatchState::InProcess => self.next_in_process(),
            BatchState::AwaitingResults => self.next_result().unwrap_or_default(),
            BatchState::NeedsReview => self.next_before_review(),
            BatchState::AwaitingCertification => Next::of("Certification", None, Needs::Qp),
            BatchState::Rejected => Next::of("Destruction of the units", None, Needs::Technician),
            BatchState::Released => self.next_of_dose(),
            BatchState::Closed => Next::default(),
        }
    }

    fn on_hold(&self, verdict: &Verdict) -> bool {
        let certified = matches!(self.disposition, Disposition::Certified(_));
        let failing = !self.failing(verdict).is_empty();
        // Before a certification an exception is a matter of the review; after it, it keeps the doses here.
        let exception = certified
            && self
                .exceptions
                .iter()
                .any(|exception| exception.assessed.is_none());
        let stopped = self.open_stops().next().is_some();
        let outdated = self.unknown_to_certifier().is_some() && !self.every_unit_ended();
        stopped || failing || exception || outdated || self.open_deviations().next().is_some()
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

    fn next_result(&self) -> Option<Next> {
        let awaited = self.awaited();
        let first = awaited.first()?;
        let what = if first.entered {
            "Review of the result of"
        } else {
            "Result of"
        };
        Some(Next::of(
            format!("{what} {}", first.test),
            Some(self.zone().end_of(first.due)),
            Needs::Qc,
        ))
    }

    fn next_on_hold(&self) -> Next {
        if let Some(deviation) = self.open_deviations().next() {
            return Next::of(format!("Deviation {}", deviation.number), None, Needs::Qa);
        }
        if let Some(exception) = self.exceptions.iter().find(|one| one.assessed.is_none())
            && self.disposition != Disposition::Open
        {
            return Next::of(
                format!("Exception {}", exception.stamp.version),
                None,
                Needs::Qa,
            );
        }
        if let Some(deviation) = self.unknown_to_certifier() {
            let what = format!("New certification after deviation {}", deviation.number);
            return Next::of(what, None, Needs::Qp);
        }
        let failing = self.failing(&self.verdict()).join(", ");
        match () {
            () if !self.steps_over() => self.next_in_process(),
            () if self.review().is_none() => Next {
                what: Some(format!("{failing} fails")),
                ..self.next_before_review()
            },
            () => Next::of(format!("Decision: {failing} fails"), None, Needs::Qp),
        }
    }

    fn next_in_process(&self) -> Next {
        let Some(planned) = self.next_due() else {
            return Next::default();
        };
        let title = self.step_title(&planned.at);
        if self.in_process_stop(&planned.at).is_some() {
            return self
                .next_result()
                .unwrap_or_else(|| Next::of(title, planned.due, Needs::Qc));
        }
        let needs = if self.waits_for_verifier(&planned) {
            Needs::Verifier
        } else {
            Needs::Technician
        };
        Next::of(title, planned.due, needs)
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
        let waits =
            |entry: &super::Entry| entry.verified.is_none() && entry.not_applicable.is_none();
        complete
            && planned
                .step
                .fields
                .iter()
                .any(|field| field.critical && entry(&field.key).is_some_and(waits))
    }

    /// The dose that has to go on first, by its expiry; nothing presses while all units lie in the store.
    fn next_of_dose(&self) -> Next {
        let under_way = self.doses.iter().filter_map(|dose| {
            let what = match dose.state {
                DoseState::Prepared => "Dispatch",
                DoseState::Dispatched { .. } => "Infusion",
                DoseState::Infused { .. } | DoseState::Destroyed { .. } => return None,
            };
            let what = format!("{what} of {}", dose.code);
            Some(Next::of(
                what,
                self.dose_expires_at(dose),
                Needs::Pharmacist,
            ))
        });
        under_way.min_by_key(|next| next.due).unwrap_or_default()
    }

    fn next_before_review(&self) -> Next {
        let blockers = self.review_blockers();
        let first = |of: fn(&super::Blocker) -> bool| blockers.iter().find(|one| of(one));
        use super::Blocker::{NotVerified, SignatureVoid, StepOpen};
        if let Some(blocker) = first(|one| matches!(one, StepOpen { .. } | SignatureVoid { .. })) {
            return Next::of(sentence(blocker), None, Needs::Technician);
        }
        match first(|one| matches!(one, NotVerified { .. })) {
            Some(blocker) => Next::of(sentence(blocker), None, Needs::Verifier),
            None => Next::of("Review of the record", None, Needs::Qa),
        }
    }

    /// The row of the board.
    #[must_use]
    pub fn board_row(&self) -> BoardRow {
        let next = self.next();
        BoardRow {
            batch: self.id,
            site: self.harvest.site.clone(),
            number: self.harvest.number.clone(),
            subject: self.harvest.subject.clone(),
            din: self.harvest.din.to_string(),
            coi: self.harvest.coi.as_ref().map(ToString::to_string),
            state: self.state().code().to_owned(),
            passage: self.passage(),
            culture_started: self.in_culture_since(),
            next_step: next.what,
            next_due: next.due,
            needs: next.needs.map(|needs| needs.code().to_owned()),
            version: self.version,
            registered_at: self.registered.at,
        }
    }

    /// The lines of the certification register (A16-1.6): each certification, also one that was withdrawn since, and a
    /// rejection. A certification's number is that of its certificate, a rejection's is made the same way.
    #[must_use]
    pub fn register_rows(&self) -> Vec<RegisterRow> {
        let signed = |meaning: Meaning| {
            self.signatures
                .iter()
                .filter(move |one| one.signature.meaning == meaning)
        };
        let certified = signed(Meaning::Certified).enumerate();
        let rejected = signed(Meaning::Rejected);
        certified
            .map(|(nth, record)| self.register_row(self.certificate_number(nth + 1), record))
            .chain(
                rejected
                    .map(|record| self.register_row(format!("{}-R1", self.harvest.number), record)),
            )
            .collect()
    }

    /// The number of the `nth` certificate of this batch, from 1.
    pub(super) fn certificate_number(&self, nth: usize) -> String {
        format!("{}-C{nth}", self.harvest.number)
    }

    fn register_row(&self, certificate_number: String, record: &SignatureRecord) -> RegisterRow {
        RegisterRow {
            certificate_number,
            site: self.harvest.site.clone(),
            batch: self.id,
            batch_number: self.harvest.number.clone(),
            product: self.documents.specification.product.clone(),
            signer: record.signature.signer,
            signer_name: record.signature.name.clone(),
            signed_at: record.signature.at,
            decision: record.signature.meaning.code().to_owned(),
        }
    }
}

fn sentence(blocker: &super::Blocker) -> String {
    let words = blocker.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
