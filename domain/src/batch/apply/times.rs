//! A time that was corrected.

use crate::{
    batch::{Batch, ExceptionKind, Stamp, TimeOf, UnitForm},
    master_record::{StepKind, StepRef},
    time::{Timestamp, days_after},
};
use std::sync::Arc;

impl Batch {
    pub(super) fn time_corrected(
        &mut self,
        of: &TimeOf,
        new: Timestamp,
        outside: Option<String>,
        reason: String,
        stamp: Stamp,
    ) {
        let (step, field) = (self.step_of_time(of), self.time_label(of));
        let kind = ExceptionKind::Corrected { field, reason };
        self.except(step.as_ref(), kind, &stamp);
        self.note_late(step.as_ref(), new, &stamp);
        match of {
            TimeOf::Entry { step, field } => {
                let entry = (self.steps.get(step)).and_then(|record| record.entries.get(field));
                let value = entry.and_then(|entry| entry.value()).cloned();
                if let Some(value) = value {
                    self.note_outside(step, field, &value, outside.as_deref(), &stamp);
                }
                let record = self.steps.entry(step.clone()).or_default();
                if let Some(entry) = record.entries.get_mut(field) {
                    if let Some(last) = entry.values.last_mut() {
                        last.outside = outside;
                    }
                    entry.performed_at = new;
                    // Who confirmed the entry confirmed the time too.
                    entry.verified = None;
                }
            }
            TimeOf::Step { step } => {
                self.note_window(step, new, &stamp);
                let record = self.steps.entry(step.clone()).or_default();
                if let Some(completed) = &mut record.completed {
                    completed.performed_at = new;
                }
            }
            TimeOf::Sample { sample } => {
                let taken_on = self.zone().day(new);
                let specification = Arc::clone(&self.documents.specification);
                let found = self.samples.iter_mut().find(|one| one.id == *sample);
                if let Some(found) = found {
                    found.taken_at = new;
                    for test in &mut found.tests {
                        if let Some(criterion) = specification.criterion(&test.criterion) {
                            test.due = days_after(taken_on, criterion.due_days);
                        }
                    }
                }
            }
            TimeOf::Unit { unit } => {
                let found = self.units.iter_mut().find(|one| one.id == *unit);
                if let Some(found) = found {
                    found.stored_at = new;
                }
            }
        }
    }

    /// The step that a time is of.
    #[must_use]
    pub fn step_of_time(&self, of: &TimeOf) -> Option<StepRef> {
        match of {
            TimeOf::Entry { step, .. } | TimeOf::Step { step } => Some(step.clone()),
            TimeOf::Sample { sample } => self.sample(*sample).map(|one| one.step.clone()),
            TimeOf::Unit { unit } => self.unit(*unit).and_then(|one| self.made_at(one.form)),
        }
    }

    /// The step at which units of a form are made.
    fn made_at(&self, form: UnitForm) -> Option<StepRef> {
        let kind = match form {
            UnitForm::Frozen => StepKind::Freeze,
            UnitForm::Formulated => StepKind::Formulate,
        };
        let plan = self.plan();
        let made = plan.iter().find(|planned| planned.step.kind == kind);
        made.map(|planned| planned.at.clone())
    }

    /// What a time is of, in words.
    #[must_use]
    pub fn time_label(&self, of: &TimeOf) -> String {
        match of {
            TimeOf::Entry { step, field } => format!("Time of {}", self.field_label(step, field)),
            TimeOf::Step { .. } => "End of the step".to_owned(),
            TimeOf::Sample { sample } => {
                let code = self.sample(*sample).map(|one| one.code.clone());
                format!("Time of sample {}", code.unwrap_or_default())
            }
            TimeOf::Unit { unit } => {
                let code = self.unit(*unit).map(|one| one.code.clone());
                format!("Time of unit {}", code.unwrap_or_default())
            }
        }
    }
}
