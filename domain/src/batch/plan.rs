//! The order of the steps of one batch: which are over, which one is next, when it is due.

use super::{Batch, growth};
use crate::{
    master_record::{MasterRecord, Step, StepRef},
    time::Timestamp,
};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Completed or not applicable.
    Over,
    /// Open for entries now.
    Open,
    /// Waits for the steps before it.
    Waiting,
}

/// A step in the order of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<'a> {
    /// Which.
    pub at: StepRef,
    /// What the master record says of it.
    pub step: &'a Step,
    /// How far it is.
    pub progress: Progress,
    /// From when it may be done, where the master record has a window.
    pub due_from: Option<Timestamp>,
    /// Until when it should be done.
    pub due: Option<Timestamp>,
}

impl Batch {
    fn master(&self) -> &MasterRecord {
        &self.documents.master_record
    }

    /// All steps in order, as far as they can be known: those of the passages up to the one at work, then what follows
    /// the culture. A recurring step stands once for each time that it was done, and once more while it can be done.
    #[must_use]
    pub fn plan(&self) -> Vec<Planned<'_>> {
        let mut plan = Vec::new();
        let mut open = true;
        let mut before = Some(self.harvest.collected_at);
        let Some((first, last)) = self.master().culture_range() else {
            self.plan_run(
                0..self.master().steps.len(),
                None,
                &mut plan,
                &mut open,
                &mut before,
            );
            return plan;
        };
        self.plan_run(0..first, None, &mut plan, &mut open, &mut before);
        let mut passage = 0;
        loop {
            self.plan_run(
                first..last + 1,
                Some(passage),
                &mut plan,
                &mut open,
                &mut before,
            );
            if !open || self.culture_over_after(passage) {
                break;
            }
            passage += 1;
        }
        self.plan_run(
            last + 1..self.master().steps.len(),
            None,
            &mut plan,
            &mut open,
            &mut before,
        );
        plan
    }

    fn plan_run<'a>(
        &'a self,
        places: std::ops::Range<usize>,
        passage: Option<u16>,
        plan: &mut Vec<Planned<'a>>,
        open: &mut bool,
        before: &mut Option<Timestamp>,
    ) {
        let steps = &self.master().steps[places];
        for (place, step) in steps.iter().enumerate() {
            let left_out = passage.is_some_and(|p| {
                !step.only_passages.is_empty() && !step.only_passages.contains(&p)
            });
            if left_out {
                continue;
            }
            if step.recurring {
                let next_begun = steps[place + 1..]
                    .iter()
                    .find(|s| !s.recurring)
                    .is_some_and(|s| {
                        self.steps
                            .get(&reference(s, passage, None))
                            .is_some_and(super::StepRecord::is_over)
                    });
                self.plan_recurring(step, passage, *open && !next_begun, *before, plan);
                continue;
            }
            let at = reference(step, passage, None);
            let record = self.steps.get(&at);
            let over = record.is_some_and(super::StepRecord::is_over);
            let progress = match (over, *open) {
                (true, _) => Progress::Over,
                (false, true) => Progress::Open,
                (false, false) => Progress::Waiting,
            };
            let (due_from, due) = if *open {
                due(step, *before)
            } else {
                (None, None)
            };
            plan.push(Planned {
                at,
                step,
                progress,
                due_from,
                due,
            });
            if over {
                *before = record.and_then(super::StepRecord::performed_at).or(*before);
            } else {
                *open = false;
            }
        }
    }

    fn plan_recurring<'a>(
        &'a self,
        step: &'a Step,
        passage: Option<u16>,
        open: bool,
        before: Option<Timestamp>,
        plan: &mut Vec<Planned<'a>>,
    ) {
        let mut since = before;
        let mut nth = 1;
        loop {
            let at = reference(step, passage, Some(nth));
            let Some(record) = self.steps.get(&at).filter(|record| record.is_over()) else {
                break;
            };
            let (due_from, due) = due(step, since);
            since = record.performed_at().max(since);
            plan.push(Planned {
                at,
                step,
                progress: Progress::Over,
                due_from,
                due,
            });
            nth += 1;
        }
        let at = reference(step, passage, Some(nth));
        let begun = self.steps.contains_key(&at);
        if open || begun {
            let (due_from, due) = due(step, since);
            let progress = if open {
                Progress::Open
            } else {
                Progress::Waiting
            };
            plan.push(Planned {
                at,
                step,
                progress,
                due_from,
                due,
            });
        }
    }

    /// Whether the culture ends after this passage: its target is reached, it was the last, or it was ended early.
    #[must_use]
    pub fn culture_over_after(&self, passage: u16) -> bool {
        let Some(culture) = &self.master().culture else {
            return true;
        };
        if passage >= culture.maximum_passage
            || self.culture_ended.is_some_and(|ended| passage >= ended)
        {
            return true;
        }
        let target = culture
            .target_viable_per_kg
            .checked_mul(self.harvest.weight_kg);
        let harvested = growth::passage_harvest(self, passage).map(|harvest| harvest.viable);
        let reached = harvested
            .zip(target)
            .is_some_and(|(harvested, target)| harvested >= target);
        reached && passage >= culture.minimum_passage
    }

    /// The step as it stands in the plan; `None` where the batch has no such step (yet).
    #[must_use]
    pub fn planned(&self, at: &StepRef) -> Option<Planned<'_>> {
        self.plan().into_iter().find(|planned| planned.at == *at)
    }

    /// The step to be done next: the open one that the batch can't go on without.
    #[must_use]
    pub fn next_step(&self) -> Option<Planned<'_>> {
        self.plan()
            .into_iter()
            .find(|planned| planned.progress == Progress::Open && !planned.step.recurring)
    }

    /// What is due first among the open steps.
    #[must_use]
    pub fn next_due(&self) -> Option<Planned<'_>> {
        let open = self
            .plan()
            .into_iter()
            .filter(|planned| planned.progress == Progress::Open);
        open.min_by_key(|planned| (planned.due.is_none(), planned.due, planned.step.recurring))
    }

    /// Whether every step is over.
    #[must_use]
    pub fn steps_over(&self) -> bool {
        self.next_step().is_none()
    }

    /// The latest passage that was begun; `None` before the culture.
    #[must_use]
    pub fn passage(&self) -> Option<u16> {
        let begun = self
            .steps
            .iter()
            .filter(|(_, record)| record.is_over() || !record.entries.is_empty());
        begun.filter_map(|(at, _)| at.passage).max()
    }

    /// When the culture began: the seeding of its first passage.
    #[must_use]
    pub fn culture_began(&self) -> Option<Timestamp> {
        let culture = self.master().culture.as_ref()?;
        self.steps
            .get(&StepRef::of_passage(&culture.first_step, 0))?
            .completed
            .as_ref()
            .map(|done| done.performed_at)
    }
}

fn reference(step: &Step, passage: Option<u16>, nth: Option<u16>) -> StepRef {
    StepRef {
        key: step.key.clone(),
        passage,
        nth,
    }
}

fn due(step: &Step, before: Option<Timestamp>) -> (Option<Timestamp>, Option<Timestamp>) {
    match (&step.window, before) {
        (Some(window), Some(before)) => {
            (Some(before.plus(window.from)), Some(before.plus(window.to)))
        }
        _ => (None, None),
    }
}
