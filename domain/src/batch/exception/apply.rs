//! What events of exceptions do to a batch.

use crate::{
    batch::{Batch, Exception, ExceptionEvent, ExceptionKind, Stamp},
    master_record::StepRef,
    time::Timestamp,
};

impl Batch {
    pub(in crate::batch) fn apply_exception(&mut self, event: ExceptionEvent, stamp: Stamp) {
        match event {
            ExceptionEvent::ExceptionAssessed {
                exception,
                assessment,
            } => {
                for one in self
                    .exceptions
                    .iter_mut()
                    .filter(|one| one.stamp.version == exception)
                {
                    one.assessed = Some((assessment.clone(), stamp.clone()));
                }
            }
        }
    }

    pub(in crate::batch) fn except(
        &mut self,
        step: Option<&StepRef>,
        kind: ExceptionKind,
        stamp: &Stamp,
    ) {
        self.exceptions.push(Exception {
            stamp: stamp.clone(),
            step: step.cloned(),
            kind,
            assessed: None,
        });
    }

    pub(in crate::batch) fn note_late(
        &mut self,
        step: Option<&StepRef>,
        performed_at: Timestamp,
        stamp: &Stamp,
    ) {
        let minutes = stamp.at.minute() - performed_at.minute();
        if minutes > self.documents.master_record.late_after.num_minutes() {
            self.except(step, ExceptionKind::Late { performed_at }, stamp);
        }
    }
}
