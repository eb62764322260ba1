//! What events of stated times do to a batch.

use crate::{
    batch::{
        Batch, DoseState, ExceptionKind, JudgedAgain, Retimed, Stamp, StepRecord, TimeOf,
        TimesEvent,
    },
    ids::DoseId,
    master_record::StepRef,
    time::{Timestamp, days_after},
};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Batch {
    pub(in crate::batch) fn apply_times(&mut self, event: TimesEvent, stamp: Stamp) {
        let TimesEvent::TimeCorrected {
            of,
            old,
            new,
            outside,
            judged,
            reason,
        } = event;
        let (step, field) = (self.step_of_time(&of), self.time_label(&of));
        let kind = ExceptionKind::Corrected {
            field,
            reason: reason.clone(),
        };
        self.except(step.as_ref(), kind, &stamp);
        match &of {
            TimeOf::Entry { step, field } => {
                self.note_late(Some(step), new, &stamp);
                self.judge_again(step, field, outside, &stamp);
                let record = self.steps.entry(step.clone()).or_default();
                if let Some(entry) = record.entries.get_mut(field) {
                    entry.performed_at = new;
                    // Who confirmed the entry confirmed the time too.
                    entry.verified = None;
                }
            }
            TimeOf::Step { step } => {
                self.note_late(Some(step), new, &stamp);
                self.note_window(step, new, &stamp);
                let record = self.steps.entry(step.clone()).or_default();
                if let Some(completed) = &mut record.completed {
                    completed.performed_at = new;
                }
            }
            TimeOf::Sample { sample } => {
                self.note_late(step.as_ref(), new, &stamp);
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
                self.note_late(step.as_ref(), new, &stamp);
                let found = self.units.iter_mut().find(|one| one.id == *unit);
                if let Some(found) = found {
                    found.stored_at = new;
                }
            }
            TimeOf::Collection => {
                let before = self.windows_of_ended();
                self.harvest.collected_at = new;
                for JudgedAgain {
                    step,
                    field,
                    outside,
                } in judged
                {
                    self.judge_again(&step, &field, outside, &stamp);
                }
                self.note_moved_windows(&before, &stamp);
            }
            TimeOf::InfusionStart { dose } => self.infusion_mut(*dose, |start, _| *start = new),
            TimeOf::InfusionEnd { dose } => {
                self.note_expiry(*dose, new, &stamp);
                self.infusion_mut(*dose, |_, end| *end = new);
            }
        }
        self.retimed.push(Retimed {
            of,
            old,
            reason,
            stamp,
        });
    }

    /// What the present value of an entry is found to be by another time.
    fn judge_again(&mut self, step: &StepRef, field: &str, outside: Option<String>, stamp: &Stamp) {
        let entry = (self.steps.get(step)).and_then(|record| record.entries.get(field));
        let value = entry.and_then(|entry| entry.value()).cloned();
        if let Some(value) = value {
            self.note_outside(step, field, &value, outside.as_deref(), stamp);
        }
        let record = self.steps.entry(step.clone()).or_default();
        let entry = record.entries.get_mut(field);
        if let Some(last) = entry.and_then(|entry| entry.values.last_mut()) {
            last.outside = outside;
        }
    }

    fn infusion_mut(&mut self, id: DoseId, change: impl FnOnce(&mut Timestamp, &mut Timestamp)) {
        let dose = self.doses.iter_mut().find(|one| one.id == id);
        if let Some(DoseState::Infused {
            started_at,
            ended_at,
            ..
        }) = dose.map(|dose| &mut dose.state)
        {
            change(started_at, ended_at);
        }
    }

    /// The windows in time of the steps that ended.
    fn windows_of_ended(&self) -> BTreeMap<StepRef, (Option<Timestamp>, Option<Timestamp>)> {
        let ended = |at: &StepRef| {
            let record = self.steps.get(at);
            record.is_some_and(|record: &StepRecord| record.completed.is_some())
        };
        self.plan()
            .into_iter()
            .filter(|planned| planned.due.is_some() && ended(&planned.at))
            .map(|planned| (planned.at, (planned.due_from, planned.due)))
            .collect()
    }

    /// Steps whose window counts from what was corrected are held against it once more.
    fn note_moved_windows(
        &mut self,
        before: &BTreeMap<StepRef, (Option<Timestamp>, Option<Timestamp>)>,
        stamp: &Stamp,
    ) {
        for (at, window) in self.windows_of_ended() {
            let completed = (self.steps.get(&at)).and_then(|record| record.completed.as_ref());
            let ended_at = completed.map(|completed| completed.performed_at);
            if let Some(ended_at) = ended_at.filter(|_| before.get(&at) != Some(&window)) {
                self.note_window(&at, ended_at, stamp);
            }
        }
    }
}
