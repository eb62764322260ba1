//! The order of the steps of one batch: which are over, which one is next, when it is due.

use super::{Batch, Disposition, StepRecord, Stop};
use crate::{
    master_record::{MasterRecord, Step, StepKind, StepRef, WindowStart},
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
    /// From when it may be done, where the master record has a window. A step that waits has one only where its window
    /// counts from the collection.
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
        let mut order = Order {
            batch: self,
            plan: Vec::new(),
            open: true,
            held: false,
            before: Some(self.harvest.collected_at),
        };
        let steps = &self.master().steps;
        match self.master().culture_range() {
            None => order.run(steps, None),
            Some((first, last)) => {
                order.run(&steps[..first], None);
                for passage in 0.. {
                    order.run(&steps[first..=last], Some(passage));
                    if !order.open || self.culture_over_after(passage) {
                        break;
                    }
                }
                order.run(&steps[last + 1..], None);
            }
        }
        order.assessments(steps);
        order.plan
    }

    /// Whether the culture ends after this passage: its target is reached, it was the last, or it was ended early.
    ///
    /// What was done decides before what is computed: a count or a weight that is corrected later takes back neither a
    /// passage that was begun nor a culture that was left.
    #[must_use]
    pub fn culture_over_after(&self, passage: u16) -> bool {
        let Some(culture) = &self.master().culture else {
            return true;
        };
        if self.passage().is_some_and(|latest| latest > passage) {
            return false;
        }
        let ended = self.culture_ended.is_some_and(|ended| passage >= ended);
        if passage >= culture.maximum_passage || ended || self.culture_left() {
            return true;
        }
        let target = culture
            .target_viable_per_kg
            .checked_mul(self.harvest.weight_kg);
        let harvested = self.passage_harvest(passage);
        let reached = harvested
            .zip(target)
            .is_some_and(|(harvested, target)| harvested >= target);
        reached && passage >= culture.minimum_passage
    }

    /// Whether a step after the culture was begun.
    fn culture_left(&self) -> bool {
        let after = self.master().culture_range().map(|(_, last)| last + 1);
        let begun = |step: &Step| {
            let records = self.steps.range(StepRef::once(&step.key)..);
            // A stop may be assessed at any time: that ends no culture.
            if step.kind == StepKind::Assess {
                return false;
            }
            let mut of_step = records.take_while(|(at, _)| at.key == step.key);
            of_step.any(|(_, record)| record.is_begun())
        };
        after.is_some_and(|after| self.master().steps[after..].iter().any(begun))
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
            .find(|planned| planned.progress == Progress::Open && self.is_needed(planned))
    }

    /// Whether the batch can't go on without this step: nobody can say how often a recurring one should have happened,
    /// but one that was begun is finished.
    pub(super) fn is_needed(&self, planned: &Planned<'_>) -> bool {
        let begun = (self.steps.get(&planned.at)).is_some_and(StepRecord::is_begun);
        !planned.step.recurring || begun
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

    /// When the first step that isn't over is due. Also one that waits can be: marrow keeps from its collection, whatever
    /// has to be done before it is processed.
    #[must_use]
    pub fn first_due(&self) -> Option<Timestamp> {
        let from_collection = |planned: &Planned<'_>| {
            let window = planned.step.window.as_ref();
            window.is_some_and(|window| window.counts_from == WindowStart::Collection)
        };
        let runs = |planned: &Planned<'_>| match planned.progress {
            Progress::Over => false,
            Progress::Open => true,
            Progress::Waiting => from_collection(planned),
        };
        let plan = self.plan().into_iter().filter(runs);
        plan.filter_map(|planned| planned.due).min()
    }

    /// Whether every step is over.
    #[must_use]
    pub fn steps_over(&self) -> bool {
        self.next_step().is_none()
    }

    /// The title of a step, with its passage.
    #[must_use]
    pub fn step_title(&self, at: &StepRef) -> String {
        let title = self
            .documents
            .master_record
            .step(&at.key)
            .map_or(at.key.as_str(), |step| step.title.as_str());
        let mut words = match at.passage {
            Some(passage) => format!("P{passage} {title}"),
            None => title.to_owned(),
        };
        if let Some(nth) = at.nth {
            words.push_str(&format!(" ({nth})"));
        }
        words
    }

    /// The latest passage that was begun; `None` before the culture.
    #[must_use]
    pub fn passage(&self) -> Option<u16> {
        let begun = self.steps.iter().filter(|(_, record)| record.is_begun());
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

    /// When the marrow was collected, as long as no culture has begun and work on it goes on: its cells die by the hour.
    #[must_use]
    pub fn fresh_since(&self) -> Option<Timestamp> {
        let fresh = self.disposition == Disposition::Open
            && self.culture_began().is_none()
            && !self.culture_left()
            && self.units.is_empty();
        fresh.then_some(self.harvest.collected_at)
    }

    /// When the culture began, as long as the cells are in it: after the harvest no day of culture is counted.
    #[must_use]
    pub fn in_culture_since(&self) -> Option<Timestamp> {
        self.culture_began().filter(|_| !self.culture_left())
    }
}

/// The plan while it is being made.
struct Order<'a> {
    batch: &'a Batch,
    plan: Vec<Planned<'a>>,
    /// Whether every step so far is over.
    open: bool,
    /// Whether a recurring step was begun and is not finished: the step after it waits.
    held: bool,
    /// When the last work ended.
    before: Option<Timestamp>,
}

impl<'a> Order<'a> {
    /// Steps one after the other, of one passage or outside the culture.
    fn run(&mut self, steps: &'a [Step], passage: Option<u16>) {
        let happens = |step: &&Step| {
            let only = &step.only_passages;
            step.kind != StepKind::Assess
                && passage.is_none_or(|passage| only.is_empty() || only.contains(&passage))
        };
        let over = |step: &Step| {
            (self.batch.steps.get(&reference(step, passage, None))).is_some_and(StepRecord::is_over)
        };
        let steps: Vec<_> = steps.iter().filter(happens).collect();
        let next_over: Vec<_> = (1..=steps.len())
            .map(|place| {
                steps[place..]
                    .iter()
                    .find(|step| !step.recurring)
                    .is_some_and(|step| over(step))
            })
            .collect();
        for (step, next_over) in steps.into_iter().zip(next_over) {
            if step.recurring {
                self.recurring(step, passage, next_over);
            } else {
                self.once(step, passage);
            }
        }
    }

    fn once(&mut self, step: &'a Step, passage: Option<u16>) {
        let at = reference(step, passage, None);
        let record = self.batch.steps.get(&at);
        let open = self.open && !std::mem::take(&mut self.held);
        let over = record.is_some_and(StepRecord::is_over);
        let progress = match (over, open) {
            (true, _) => Progress::Over,
            (false, true) => Progress::Open,
            (false, false) => Progress::Waiting,
        };
        let before = self.before.filter(|_| open);
        self.push(at, step, progress, before);
        if over {
            self.before = record.and_then(StepRecord::performed_at).or(self.before);
        }
        self.open = open && over;
    }

    fn recurring(&mut self, step: &'a Step, passage: Option<u16>, next_over: bool) {
        let mut since = self.before;
        for nth in 1.. {
            let at = reference(step, passage, Some(nth));
            let record = self.batch.steps.get(&at);
            if let Some(record) = record.filter(|record| record.is_over()) {
                self.push(at, step, Progress::Over, since);
                // A time that was left out counts from the moment at which somebody said so.
                let left_out = record.not_applicable.as_ref().map(|why| why.stamp.at);
                since = record.performed_at().max(left_out).max(since);
                continue;
            }
            let begun = record.is_some_and(StepRecord::is_begun);
            let open = self.open && (begun || !next_over);
            self.held |= begun;
            // What only has a comment stays in sight.
            if open || record.is_some() {
                let progress = if open {
                    Progress::Open
                } else {
                    Progress::Waiting
                };
                self.push(at, step, progress, since);
            }
            break;
        }
    }

    /// Steps that assess a stop stand outside the order: one more is open as long as a stop is that it can lift, or until
    /// it is finished.
    fn assessments(&mut self, steps: &'a [Step]) {
        for step in steps.iter().filter(|step| step.kind == StepKind::Assess) {
            let lifts = |stop: &Stop| stop.is_lifted_in(&step.key);
            let wanted = self.batch.open_stops().any(lifts);
            for nth in 1.. {
                let at = reference(step, None, Some(nth));
                let record = self.batch.steps.get(&at);
                let over = record.is_some_and(StepRecord::is_over);
                if over {
                    self.push(at, step, Progress::Over, None);
                    continue;
                }
                let begun = record.is_some_and(StepRecord::is_begun);
                if wanted || begun {
                    self.push(at, step, Progress::Open, None);
                }
                break;
            }
        }
    }

    fn push(&mut self, at: StepRef, step: &'a Step, progress: Progress, before: Option<Timestamp>) {
        let window = step.window.as_ref().and_then(|window| {
            let from = match window.counts_from {
                WindowStart::Collection => Some(self.batch.harvest.collected_at),
                WindowStart::WorkBefore => before,
            };
            Some((window, from?))
        });
        self.plan.push(Planned {
            at,
            step,
            progress,
            due_from: window.map(|(window, before)| before.plus(window.from)),
            due: window.map(|(window, before)| before.plus(window.to)),
        });
    }
}

fn reference(step: &Step, passage: Option<u16>, nth: Option<u16>) -> StepRef {
    StepRef {
        key: step.key.clone(),
        passage,
        nth,
    }
}
