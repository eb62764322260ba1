//! The words of steps and their entries.

use super::{Said, Words};
use crate::{
    batch::audit::AuditGroup,
    batch::{ProcessingEvent, Signature, Signed},
    master_record::StepRef,
    time::Timestamp,
};

impl Words<'_> {
    pub(super) fn of_processing(&self, event: &ProcessingEvent) -> Said {
        match event {
            ProcessingEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
                ..
            } => Said::of(AuditGroup::Entries, "Entry recorded")
                .at(step.clone())
                .field(self.label(step, field))
                .after(self.value(step, field, value))
                .performed(*performed_at),
            ProcessingEvent::EntryCorrected {
                step,
                field,
                old,
                new,
                reason,
                ..
            } => Said::of(AuditGroup::Corrections, "Entry corrected")
                .at(step.clone())
                .field(self.label(step, field))
                .before(self.value(step, field, old))
                .after(self.value(step, field, new))
                .why(reason.as_str()),
            ProcessingEvent::EntryVerified { step, field } => {
                let value = self.present(step, field).unwrap_or_default();
                Said::of(AuditGroup::Entries, "Entry verified by a second person")
                    .at(step.clone())
                    .field(self.label(step, field))
                    .after(format!("verified: {value}"))
            }
            ProcessingEvent::EntryNotApplicable {
                step,
                field,
                reason,
            } => Said::of(AuditGroup::Entries, "Entry marked as not applicable")
                .at(step.clone())
                .field(self.label(step, field))
                .before(self.present(step, field))
                .after("not applicable")
                .why(reason.as_str()),
            ProcessingEvent::StepNotApplicable { step, reason } => {
                Said::of(AuditGroup::Steps, "Step marked as not applicable")
                    .at(step.clone())
                    .after("not applicable")
                    .why(reason.as_str())
            }
            ProcessingEvent::StepCompleted {
                step,
                performed_at,
                signature,
                signed,
            } => self.step_completed(step, *performed_at, signature.as_ref().zip(signed.as_ref())),
            ProcessingEvent::CultureEnded { reason } => {
                let passage = self.batch.passage();
                let last = passage.map_or_else(String::new, |passage| format!(" after P{passage}"));
                Said::of(AuditGroup::Steps, "Culture ended before its target")
                    .after(format!("ended{last}"))
                    .why(reason.as_str())
            }
            ProcessingEvent::CommentAdded { step, text } => {
                Said::of(AuditGroup::Comments, "Comment added")
                    .at(step.clone())
                    .after(text.as_str())
            }
        }
    }

    fn step_completed(
        &self,
        step: &StepRef,
        performed_at: Timestamp,
        signed: Option<(&Signature, &Signed)>,
    ) -> Said {
        let record = self.batch.steps.get(step);
        let again = record.is_some_and(|record| record.completed.is_some());
        let what = match (again, signed.is_some()) {
            (true, _) => "Step signed again",
            (false, true) => "Step completed and signed",
            (false, false) => "Step completed",
        };
        let said = Said::of(AuditGroup::Steps, what)
            .at(step.clone())
            .performed(performed_at);
        match signed {
            Some((signature, signed)) => said.after(self.signature(signature, signed)),
            None => said.after("completed"),
        }
    }
}
