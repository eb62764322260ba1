//! What events of steps and their entries do to a batch.

use crate::{
    batch::{
        Batch, Comment, Completion, Entry, ExceptionKind, FieldValue, ProcessingEvent, Signature,
        Signed, Stamp, Value,
    },
    decimal,
    expansion::{Figure, expansion},
    master_record::{StepKind, StepRef},
    measure::Measure,
    time::Timestamp,
};
use rust_decimal::Decimal;
use std::sync::Arc;

impl Batch {
    pub(in crate::batch) fn apply_processing(&mut self, event: ProcessingEvent, stamp: Stamp) {
        match event {
            ProcessingEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
                outside,
            } => {
                self.entry_recorded(step, field, performed_at, value, outside, stamp);
            }
            ProcessingEvent::EntryCorrected {
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
            ProcessingEvent::EntryVerified { step, field } => {
                if let Some(entry) = self.steps.entry(step).or_default().entries.get_mut(&field) {
                    entry.verified = Some(stamp);
                }
            }
            ProcessingEvent::EntryNotApplicable {
                step,
                field,
                reason,
            } => {
                self.entry_not_applicable(step, field, reason, stamp);
            }
            ProcessingEvent::StepNotApplicable { step, reason } => {
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
            ProcessingEvent::StepCompleted {
                step,
                performed_at,
                signature,
                signed,
            } => {
                self.step_completed(step, performed_at, signature, signed, stamp);
            }
            ProcessingEvent::CultureEnded { reason } => {
                self.culture_ended = self.passage();
                self.except(None, ExceptionKind::CultureEnded { reason }, &stamp);
            }
            ProcessingEvent::CommentAdded { step, text } => {
                let comment = Comment { text, stamp };
                match step {
                    Some(step) => self.steps.entry(step).or_default().comments.push(comment),
                    None => self.comments.push(comment),
                }
            }
        }
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

    pub(in crate::batch) fn field_label(&self, step: &StepRef, key: &str) -> String {
        let field = self
            .documents
            .master_record
            .step(&step.key)
            .and_then(|step| step.field(key));
        field.map_or_else(|| key.to_owned(), |field| field.label.clone())
    }

    pub(in crate::batch) fn note_outside(
        &mut self,
        step: &StepRef,
        key: &str,
        value: &FieldValue,
        outside: Option<&str>,
        stamp: &Stamp,
    ) {
        let Some(limit) = outside else { return };
        let master = Arc::clone(&self.documents.master_record);
        let field = master.step(&step.key).and_then(|step| step.field(key));
        let kind = ExceptionKind::OutsideLimit {
            field: self.field_label(step, key),
            value: field.map_or_else(|| value.to_string(), |field| field.shown(value)),
            limit: limit.to_owned(),
        };
        self.except(Some(step), kind, stamp);
    }

    pub(in crate::batch) fn note_window(
        &mut self,
        step: &StepRef,
        performed_at: Timestamp,
        stamp: &Stamp,
    ) {
        // Most steps have none, and the order of a long batch is long.
        let definition = self.documents.master_record.step(&step.key);
        if definition.is_none_or(|step| step.window.is_none()) {
            return;
        }
        let Some((Some(from), Some(to))) = self
            .planned(step)
            .map(|planned| (planned.due_from, planned.due))
        else {
            return;
        };
        if performed_at.minute() < from.minute() || to.is_overdue(performed_at) {
            self.except(
                Some(step),
                ExceptionKind::OutsideWindow {
                    from,
                    to,
                    performed_at,
                },
                stamp,
            );
        }
    }

    /// What the counts of a finished step give: figures outside their limits, and a passage that lost cells. Looked at
    /// again when one of its entries is corrected.
    pub(in crate::batch) fn note_figures(&mut self, step: &StepRef, stamp: &Stamp) {
        let record = self.steps.get(step);
        if record.is_none_or(|record| record.completed.is_none()) {
            return;
        }
        let master = Arc::clone(&self.documents.master_record);
        let Some(definition) = master.step(&step.key) else {
            return;
        };
        for check in &definition.checks {
            let figure = (self.steps.get(step)).and_then(|record| record.computed(check.of));
            if let Some(value) = figure.filter(|value| !check.limit.admits(*value)) {
                let unit = Measure::PERCENT;
                let kind = ExceptionKind::OutsideCheck {
                    figure: check.of.label().to_owned(),
                    value: unit.after(decimal::shown(value, 1)),
                    limit: check.limit.text(unit, None, None),
                };
                self.except(Some(step), kind, stamp);
            }
        }
        self.note_loss(step, definition.kind, stamp);
    }

    /// Fewer viable cells at the end of a passage than were seeded, once both are counted.
    fn note_loss(&mut self, step: &StepRef, kind: StepKind, stamp: &Stamp) {
        let Some(passage) = step.passage else { return };
        if !matches!(kind, StepKind::Seed | StepKind::Passage)
            || self.passage_harvest(passage).is_none()
        {
            return;
        }
        // Of this passage alone: what the ones before it gave does not matter here.
        let mut counts = self.passage_counts();
        counts.retain(|counts| counts.passage == passage);
        let growth = expansion(&counts);
        if let Some(Figure::Value(doublings)) = growth.first().map(|one| one.doublings)
            && doublings < Decimal::ZERO
        {
            self.except(Some(step), ExceptionKind::CellsLost { passage }, stamp);
        }
    }
}
