//! Which signatures an event voids, and who made the record.

use crate::batch::{Batch, BatchEvent, By, Disposition, Meaning};

impl Batch {
    /// A later change voids what was signed before it (DI-3).
    ///
    /// - A correction in a step voids the signature of that step.
    /// - Until the batch is decided on, whatever is added to the record voids QA's review: they have not seen it. The
    ///   decision itself rests on the review and leaves it standing.
    /// - After the certification the record can't be changed ([`super::super::decide`] refuses that), and what is added
    ///   (a deviation, a dose) keeps doses here by itself where it must; only the withdrawal voids the certification, and
    ///   with it the review.
    pub(super) fn void_signatures(&mut self, event: &BatchEvent, version: u64) {
        let decides = matches!(
            event,
            BatchEvent::Certified { .. } | BatchEvent::Rejected { .. }
        );
        let adds = self.disposition == Disposition::Open && !decides;
        let withdraws = matches!(event, BatchEvent::CertificationWithdrawn { .. });
        for record in self
            .signatures
            .iter_mut()
            .filter(|record| record.void_since.is_none())
        {
            let voided = match record.signature.meaning {
                Meaning::Performed => match event {
                    BatchEvent::EntryCorrected { step, .. } => record.step.as_ref() == Some(step),
                    _ => false,
                },
                Meaning::Reviewed => adds || withdraws,
                Meaning::Certified => withdraws,
                Meaning::DeviationClosed | Meaning::Rejected | Meaning::Withdrawn => false,
            };
            if voided {
                record.void_since = Some(version);
            }
        }
    }

    /// Whoever makes a part of the record neither reviews nor certifies it. Deviations and exceptions are raised and
    /// assessed by those who review, so they are not among it.
    pub(super) fn note_maker(&mut self, event: &BatchEvent, by: &By) {
        let made = matches!(
            event,
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
                | BatchEvent::ResultInvalidated { .. }
                | BatchEvent::UnitStored { .. }
        );
        if made {
            self.makers.insert(by.user);
        }
    }
}
