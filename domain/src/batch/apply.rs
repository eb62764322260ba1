//! The fold: what an event does to a batch. It decides nothing and refuses nothing: what stands in the ledger happened.

mod exceptions;
mod quality;
mod release;
mod signatures;
mod stops;
mod times;

use super::{
    Batch, BatchEvent, Comment, Completion, Entry, ExceptionKind, FieldValue, HarvestField,
    Recorded, Signature, Signed, Stamp, Value,
};
use times::NewTime;

use crate::{identifiers::Coi, master_record::StepRef, time::Timestamp};

impl Batch {
    /// Takes one event into the state.
    pub fn apply(&mut self, recorded: Recorded) {
        let Recorded {
            version,
            at,
            clock,
            by,
            event,
        } = recorded;
        let stamp = Stamp { version, at, by };
        self.void_signatures(&event, version);
        self.note_maker(&event, &stamp.by);
        self.version = version;
        self.note_clock(&event, clock, &stamp);
        match event {
            // Only the first event of a batch registers it; `begin` took that one.
            BatchEvent::HarvestRegistered(_) => {}
            BatchEvent::HarvestCorrected {
                field, new, reason, ..
            } => self.harvest_corrected(field, &new, reason, stamp),
            BatchEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
                outside,
            } => {
                self.entry_recorded(step, field, performed_at, value, outside, stamp);
            }
            BatchEvent::EntryCorrected {
                step,
                field,
                new,
                reason,
                outside,
                ..
            } => {
                let value = Value {
                    value: new,
                    stamp,
                    reason: Some(reason),
                    outside,
                };
                self.entry_corrected(step, &field, value);
            }
            BatchEvent::TimeCorrected {
                of,
                old,
                new,
                outside,
                judged,
                reason,
            } => {
                let corrected = NewTime {
                    of,
                    old,
                    new,
                    outside,
                    judged,
                    reason,
                };
                self.time_corrected(corrected, stamp);
            }
            BatchEvent::EntryVerified { step, field } => {
                if let Some(entry) = self.steps.entry(step).or_default().entries.get_mut(&field) {
                    entry.verified = Some(stamp);
                }
            }
            BatchEvent::EntryNotApplicable {
                step,
                field,
                reason,
            } => {
                self.entry_not_applicable(step, field, reason, stamp);
            }
            BatchEvent::StepNotApplicable { step, reason } => {
                self.note_on_hold(&step, &stamp);
                let what = self.step_title(&step);
                self.except(
                    Some(&step),
                    ExceptionKind::NotApplicable {
                        what,
                        reason: reason.clone(),
                    },
                    &stamp,
                );
                self.steps.entry(step).or_default().not_applicable = Some(Comment {
                    text: reason,
                    stamp,
                });
            }
            BatchEvent::StepCompleted {
                step,
                performed_at,
                signature,
                signed,
            } => {
                self.step_completed(step, performed_at, signature, signed, stamp);
            }
            BatchEvent::CultureEnded { reason } => {
                self.culture_ended = self.passage();
                self.except(None, ExceptionKind::CultureEnded { reason }, &stamp);
            }
            BatchEvent::CommentAdded { step, text } => {
                let comment = Comment { text, stamp };
                match step {
                    Some(step) => self.steps.entry(step).or_default().comments.push(comment),
                    None => self.comments.push(comment),
                }
            }
            other => self.apply_quality(other, stamp),
        }
    }

    fn harvest_corrected(&mut self, field: HarvestField, new: &str, reason: String, stamp: Stamp) {
        let harvest = &mut self.harvest;
        match field {
            HarvestField::Coi => harvest.coi = Coi::parse(new).ok(),
            HarvestField::CollectedBy => new.clone_into(&mut harvest.collected_by),
            HarvestField::Anticoagulant => new.clone_into(&mut harvest.anticoagulant),
            HarvestField::ConsentVersion => new.clone_into(&mut harvest.consent_version),
            HarvestField::Volume => harvest.volume_ml = new.parse().unwrap_or(harvest.volume_ml),
            HarvestField::Weight => harvest.weight_kg = new.parse().unwrap_or(harvest.weight_kg),
            HarvestField::WeighedOn => {
                harvest.weighed_on = new.parse().unwrap_or(harvest.weighed_on)
            }
        }
        self.except(
            None,
            ExceptionKind::Corrected {
                field: field.label().to_owned(),
                reason,
            },
            &stamp,
        );
    }

    fn entry_recorded(
        &mut self,
        step: StepRef,
        field: String,
        performed_at: Timestamp,
        value: FieldValue,
        outside: Option<String>,
        stamp: Stamp,
    ) {
        self.note_outside(&step, &field, &value, outside.as_deref(), &stamp);
        self.note_late(Some(&step), performed_at, &stamp);
        self.note_on_hold(&step, &stamp);
        let entry = Entry {
            values: vec![Value {
                value,
                stamp,
                reason: None,
                outside,
            }],
            not_applicable: None,
            performed_at,
            verified: None,
        };
        self.steps
            .entry(step)
            .or_default()
            .entries
            .insert(field, entry);
    }

    fn entry_corrected(&mut self, step: StepRef, field: &str, value: Value) {
        let label = self.field_label(&step, field);
        let stamp = value.stamp.clone();
        self.except(
            Some(&step),
            ExceptionKind::Corrected {
                field: label,
                reason: value.reason.clone().unwrap_or_default(),
            },
            &stamp,
        );
        self.note_outside(&step, field, &value.value, value.outside.as_deref(), &stamp);
        let record = self.steps.entry(step.clone()).or_default();
        if let Some(entry) = record.entries.get_mut(field) {
            entry.values.push(value);
            entry.not_applicable = None;
            entry.verified = None;
        }
        self.note_figures(&step, &stamp);
    }

    fn entry_not_applicable(&mut self, step: StepRef, field: String, reason: String, stamp: Stamp) {
        self.note_on_hold(&step, &stamp);
        let what = self.field_label(&step, &field);
        self.except(
            Some(&step),
            ExceptionKind::NotApplicable {
                what,
                reason: reason.clone(),
            },
            &stamp,
        );
        let entry = Entry {
            values: Vec::new(),
            performed_at: stamp.at,
            not_applicable: Some(Comment {
                text: reason,
                stamp,
            }),
            verified: None,
        };
        self.steps
            .entry(step)
            .or_default()
            .entries
            .insert(field, entry);
    }

    fn step_completed(
        &mut self,
        step: StepRef,
        performed_at: Timestamp,
        signature: Option<Signature>,
        signed: Option<Signed>,
        stamp: Stamp,
    ) {
        let before = (self.steps.get(&step)).and_then(|record| record.completed.clone());
        let again = before.is_some();
        if !again {
            self.note_window(&step, performed_at, &stamp);
            self.note_late(Some(&step), performed_at, &stamp);
            self.note_on_hold(&step, &stamp);
        }
        if let (Some(signature), Some(signed)) = (&signature, signed) {
            self.keep_signature(Some(step.clone()), signature.clone(), signed, stamp.version);
        }
        let record = self.steps.entry(step.clone()).or_default();
        // Signed again, a step was completed when it was completed first.
        let first = before.map(|before| (before.performed_at, before.stamp));
        let (performed_at, since) = first.unwrap_or((performed_at, stamp.clone()));
        record.completed = Some(Completion {
            performed_at,
            stamp: since,
            signature,
        });
        if !again {
            self.note_figures(&step, &stamp);
        }
    }

    pub(super) fn field_label(&self, step: &StepRef, key: &str) -> String {
        let field = self
            .documents
            .master_record
            .step(&step.key)
            .and_then(|step| step.field(key));
        field.map_or_else(|| key.to_owned(), |field| field.label.clone())
    }
}
