//! What the steps of a batch give to the arithmetic of [`crate::expansion`].

use super::{Batch, Sample, StepRecord};
use crate::{
    expansion::{PassageCounts, PassageGrowth, Seeded, expansion},
    master_record::{CheckOf, Step, StepKind, StepRef},
};
use rust_decimal::Decimal;

/// The count at the end of a passage, once its step is completed.
pub(super) fn passage_harvest(batch: &Batch, passage: u16) -> Option<Decimal> {
    let step = step_of(batch, StepKind::Passage)?;
    let record = batch.steps.get(&StepRef::of_passage(&step.key, passage))?;
    record.completed.as_ref()?;
    record.number("viable-cells")
}

/// Viable cells in the samples that were taken in a passage after its count; `None` before the count.
pub(super) fn sampled_of_passage(batch: &Batch, passage: u16) -> Option<Decimal> {
    let step = step_of(batch, StepKind::Passage)?;
    let counted = completed_as(batch, &StepRef::of_passage(&step.key, passage))?;
    let of_passage =
        |sample: &&Sample| sample.step.passage == Some(passage) && sample.stamp.version > counted;
    let samples = batch.samples.iter().filter(of_passage);
    Some(sum(samples.map(|sample| sample.viable_cells)))
}

/// Viable cells in units and in samples that were taken after the final harvest; `None` before its step is completed.
/// Also where the harvest itself has no count: what is counted later must cover them.
pub(super) fn used_of_final_harvest(batch: &Batch) -> Option<Decimal> {
    let step = step_of(batch, StepKind::FinalHarvest)?;
    let counted = completed_as(batch, &StepRef::once(&step.key))?;
    let after = |sample: &&Sample| sample.stamp.version > counted;
    let samples = batch.samples.iter().filter(after);
    let stored = batch.units.iter().map(|unit| unit.viable_cells);
    Some(sum(samples.map(|sample| sample.viable_cells).chain(stored)))
}

/// The event that completed a step first.
fn completed_as(batch: &Batch, at: &StepRef) -> Option<u64> {
    let completed = batch.steps.get(at)?.completed.as_ref()?;
    Some(completed.stamp.version)
}

/// The step of this kind, for the kinds of which a process has one.
fn step_of(batch: &Batch, kind: StepKind) -> Option<&Step> {
    let steps = &batch.documents.master_record.steps;
    steps.iter().find(|step| step.kind == kind)
}

/// What can't be added up is more than anything that was counted.
fn sum(cells: impl Iterator<Item = Decimal>) -> Decimal {
    let mut cells = cells;
    let sum = cells.try_fold(Decimal::ZERO, |sum, one| sum.checked_add(one));
    sum.unwrap_or(Decimal::MAX)
}

/// The mean of the two counts of the final harvest, once its step is completed.
pub(super) fn final_harvest(batch: &Batch) -> Option<Decimal> {
    let step = step_of(batch, StepKind::FinalHarvest)?;
    let record = batch.steps.get(&StepRef::once(&step.key))?;
    record.completed.as_ref()?;
    mean(
        record.number("viable-cells-1")?,
        record.number("viable-cells-2")?,
    )
}

fn mean(one: Decimal, other: Decimal) -> Option<Decimal> {
    one.checked_add(other)?.checked_div(Decimal::TWO)
}

/// A figure computed from the fields of a step, by the step's kind; `None` where a field is missing or nothing was
/// counted.
pub(crate) fn computed(of: CheckOf, number: &dyn Fn(&str) -> Option<Decimal>) -> Option<Decimal> {
    let both = |name: &str| mean(number(&format!("{name}-1"))?, number(&format!("{name}-2"))?);
    match of {
        CheckOf::Viability => {
            let total = number("total-cells").or_else(|| both("total-cells"))?;
            let viable = number("viable-cells").or_else(|| both("viable-cells"))?;
            crate::expansion::viability(viable, total.checked_sub(viable)?).ok()
        }
        CheckOf::CountCv => crate::expansion::coefficient_of_variation(
            number("total-cells-1")?,
            number("total-cells-2")?,
        ),
    }
}

impl StepRecord {
    /// A figure computed from this step's fields; `None` while it can't be computed.
    #[must_use]
    pub fn computed(&self, of: CheckOf) -> Option<Decimal> {
        computed(of, &|field| self.number(field))
    }
}

impl Batch {
    /// What was seeded and harvested in each passage, as far as recorded.
    #[must_use]
    pub fn passage_counts(&self) -> Vec<PassageCounts> {
        let master = &self.documents.master_record;
        let key = |kind: StepKind| {
            master
                .steps
                .iter()
                .find(|step| step.kind == kind)
                .map(|step| step.key.clone())
        };
        let (Some(seed), Some(passage_key)) = (key(StepKind::Seed), key(StepKind::Passage)) else {
            return Vec::new();
        };
        let passages = self.passage().into_iter().flat_map(|last| 0..=last);
        passages
            .filter_map(|passage| {
                let seeded = self.steps.get(&StepRef::of_passage(&seed, passage))?;
                let cells = seeded.number("cells-seeded")?;
                let harvested = self.steps.get(&StepRef::of_passage(&passage_key, passage));
                let viable = harvested.and_then(|record| record.number("viable-cells"));
                let total = harvested.and_then(|record| record.number("total-cells"));
                Some(PassageCounts {
                    passage,
                    // P0 is seeded with mononuclear cells: only few of them are MSC.
                    seeded: if passage == 0 {
                        Seeded::Mononuclear(cells)
                    } else {
                        Seeded::Viable(cells)
                    },
                    area_cm2: seeded.number("area"),
                    seeded_at: seeded.completed.as_ref().map(|done| done.performed_at),
                    harvested_viable: viable,
                    harvested_dead: total
                        .zip(viable)
                        .and_then(|(total, viable)| total.checked_sub(viable)),
                    harvested_at: harvested
                        .and_then(|record| record.completed.as_ref())
                        .map(|done| done.performed_at),
                })
            })
            .collect()
    }

    /// The growth in each passage, as far as recorded.
    #[must_use]
    pub fn growth(&self) -> Vec<PassageGrowth> {
        expansion(&self.passage_counts())
    }
}
