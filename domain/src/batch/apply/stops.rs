//! What stops do to a batch, and what is flagged while one holds it.

use crate::{
    batch::{
        Batch, BatchEvent, ExceptionKind, IdentifierReading, LiftedStop, Stamp, Stop,
        stop::stops_in_words,
    },
    ids::DoseId,
    master_record::{StepKind, StepRef},
};

impl Batch {
    pub(super) fn apply_stop(&mut self, event: BatchEvent, stamp: Stamp) {
        match event {
            BatchEvent::StopRaised {
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
            BatchEvent::IdentifiersRead {
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
            BatchEvent::StopLifted {
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
            other => self.apply_release(other, stamp),
        }
    }

    fn stop_mut(&mut self, number: u64, change: impl FnOnce(&mut Stop)) {
        if let Some(stop) = self.stops.iter_mut().find(|one| one.number() == number) {
            change(stop);
        }
    }

    /// Work in a step while the batch is on hold is flagged, once for each step since the newest stop: a culture that is kept
    /// alive for weeks makes hundreds of entries.
    pub(super) fn note_on_hold(&mut self, step: &StepRef, stamp: &Stamp) {
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

    pub(super) fn note_infused_on_hold(
        &mut self,
        dose: DoseId,
        on_hold: Option<String>,
        stamp: &Stamp,
    ) {
        let code = self.dose(dose).map(|dose| dose.code.clone());
        if let Some((dose, held_by)) = code.zip(on_hold) {
            self.except(None, ExceptionKind::InfusedOnHold { dose, held_by }, stamp);
        }
    }
}
