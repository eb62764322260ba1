//! Which signatures an event voids, and who made the record.

use crate::batch::{Batch, BatchEvent, By, Disposition, Meaning};

impl Batch {
    /// A later change voids what was signed before it (DI-3).
    ///
    /// - A correction in a step voids the signature of that step.
    /// - Until the batch is decided on, whatever is added to the record voids QA's review: they have not seen it. The
    ///   decision itself rests on the review and leaves it standing.
    /// - After that a deviation, a comment or a dose is added beside what was signed, and keeps doses here by itself where
    ///   it must. The withdrawal voids the certification, and with it the review; and so would a change of the record
    ///   itself, though no command makes one then.
    pub(super) fn void_signatures(&mut self, event: &BatchEvent, version: u64) {
        let decides = matches!(
            event,
            BatchEvent::Certified { .. } | BatchEvent::Rejected { .. }
        );
        let adds = self.disposition == Disposition::Open && !decides;
        let withdraws = matches!(event, BatchEvent::CertificationWithdrawn { .. });
        let changes = makes_record(event);
        let retimed = match event {
            BatchEvent::TimeCorrected { of, .. } => self.step_of_time(of),
            _ => None,
        };
        for record in &mut self.signatures {
            let voided = match record.signature.meaning {
                Meaning::Performed => match event {
                    BatchEvent::EntryCorrected { step, .. } => record.step.as_ref() == Some(step),
                    BatchEvent::TimeCorrected { .. } => retimed.is_some() && record.step == retimed,
                    _ => false,
                },
                Meaning::Reviewed => adds || withdraws || changes,
                Meaning::Certified => withdraws || changes,
                Meaning::StopLifted
                | Meaning::DeviationClosed
                | Meaning::Rejected
                | Meaning::Withdrawn => false,
            };
            if voided && record.void_since.is_none() {
                record.void_since = Some(version);
            }
        }
    }

    /// A person who makes a part of the record neither reviews nor certifies it; nor does one who destroyed a unit, though
    /// that voids nothing that was signed.
    pub(super) fn note_maker(&mut self, event: &BatchEvent, by: &By) {
        if makes_record(event) || matches!(event, BatchEvent::UnitDestroyed { .. }) {
            self.makers.insert(by.user);
        }
        if let BatchEvent::ResultCorrected {
            verdict: Some(change),
            ..
        } = event
        {
            self.makers.insert(change.second.user);
        }
    }
}

/// Whether an event is a part of the record that is reviewed. Deviations are raised and exceptions assessed by those who
/// review, too, so they are not among it.
fn makes_record(event: &BatchEvent) -> bool {
    match event {
        // When a dose was given is no part of what was certified before it was.
        BatchEvent::TimeCorrected { of, .. } => !of.is_of_infusion(),
        BatchEvent::HarvestCorrected { .. }
        | BatchEvent::EntryRecorded { .. }
        | BatchEvent::EntryCorrected { .. }
        | BatchEvent::EntryVerified { .. }
        | BatchEvent::EntryNotApplicable { .. }
        | BatchEvent::StepNotApplicable { .. }
        | BatchEvent::StepCompleted { .. }
        | BatchEvent::CultureEnded { .. }
        | BatchEvent::SampleTaken { .. }
        | BatchEvent::ResultEntered { .. }
        | BatchEvent::ResultReviewed { .. }
        | BatchEvent::ResultRejudged { .. }
        | BatchEvent::ResultCorrected { .. }
        | BatchEvent::ResultReturned { .. }
        | BatchEvent::ResultConfirmed { .. }
        | BatchEvent::ResultInvalidated { .. }
        | BatchEvent::UnitStored { .. }
        | BatchEvent::IdentifiersRead { .. } => true,
        // Who registered the harvest is a maker from the beginning, and there is nothing signed yet.
        BatchEvent::HarvestRegistered(_)
        | BatchEvent::CommentAdded { .. }
        | BatchEvent::StopRaised { .. }
        | BatchEvent::StopLifted { .. }
        | BatchEvent::DeviationRaised { .. }
        | BatchEvent::DeviationClassified { .. }
        | BatchEvent::DeviationAssessed { .. }
        | BatchEvent::DeviationClosed { .. }
        | BatchEvent::ExceptionAssessed { .. }
        | BatchEvent::ReviewSigned { .. }
        | BatchEvent::Certified { .. }
        | BatchEvent::Rejected { .. }
        | BatchEvent::CertificationWithdrawn { .. }
        | BatchEvent::UnitDestroyed { .. }
        | BatchEvent::DosePrepared { .. }
        | BatchEvent::DoseDispatched { .. }
        | BatchEvent::DoseInfused { .. }
        | BatchEvent::DoseDestroyed { .. } => false,
    }
}
