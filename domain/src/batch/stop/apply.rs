//! What events of stops do to a batch.

use crate::{
    batch::stop::stops_in_words,
    batch::{Batch, ExceptionKind, IdentifierReading, LiftedStop, Stamp, Stop, StopEvent},
    master_record::{StepKind, StepRef},
};

impl Batch {
    pub(in crate::batch) fn apply_stop(&mut self, event: StopEvent, stamp: Stamp) {
        match event {
            StopEvent::StopRaised {
                step,
                field,
                entry,
                found,
                expected,
                lifted_by,
                master_record,
                deviation,
            } => {
                let label = self.field_label(&step, &field);
                self.stops.push(Stop {
                    raised: stamp,
                    step,
                    field,
                    label,
                    entry,
                    found,
                    expected,
                    lifted_by,
                    master_record,
                    deviation,
                    readings: Vec::new(),
                    lifted: None,
                });
            }
            StopEvent::IdentifiersRead {
                stop,
                subject,
                din,
                agree,
            } => self.stop_mut(stop, |one| {
                one.readings.push(IdentifierReading {
                    subject,
                    din,
                    agree,
                    stamp,
                });
            }),
            StopEvent::StopLifted {
                stop,
                evidence,
                signature,
                signed,
            } => {
                let lifted = LiftedStop {
                    evidence,
                    signature: signature.clone(),
                    stamp: stamp.clone(),
                };
                self.stop_mut(stop, |one| one.lifted = Some(lifted));
                self.keep_signature(None, signature, signed, stamp.version);
            }
        }
    }

    fn stop_mut(&mut self, number: u64, change: impl FnOnce(&mut Stop)) {
        if let Some(stop) = self.stops.iter_mut().find(|one| one.number() == number) {
            change(stop);
        }
    }

    /// Work in a step while the batch is on hold is flagged, once for each step since the newest stop: a culture that is kept
    /// alive for weeks makes hundreds of entries.
    pub(in crate::batch) fn note_on_hold(&mut self, step: &StepRef, stamp: &Stamp) {
        let definition = self.documents.master_record.step(&step.key);
        if definition.is_some_and(|step| step.kind == StepKind::Assess) {
            return;
        }
        let Some(held_by) = stops_in_words(self.open_stops()) else {
            return;
        };
        let newest = self.open_stops().map(Stop::number).max();
        let noted = self.exceptions.iter().any(|one| {
            one.step.as_ref() == Some(step)
                && matches!(one.kind, ExceptionKind::OnHold { .. })
                && Some(one.stamp.version) > newest
        });
        if !noted {
            self.except(Some(step), ExceptionKind::OnHold { held_by }, stamp);
        }
    }
}
