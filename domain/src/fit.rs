//! Whether a master record and a specification can be used together: what one of them says that the other must have.
//!
//! Each rule here keeps a batch from a dead end: begun under such a pair, it could never be released.

use crate::{
    master_record::{MasterRecord, Step, StepKind},
    specification::{Criterion, Specification, Stage},
};
use rust_decimal::Decimal;

/// Why a master record and a specification can't be used together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// They are for two products.
    #[error("the master record makes “{made}”, the specification is for “{judged}”")]
    Product {
        /// The product of the master record.
        made: String,
        /// The product of the specification.
        judged: String,
    },
    /// No step takes the sample of a criterion.
    #[error(
        "criterion “{criterion}” is tested at sample point “{point}”, and no step of the master record takes that sample \
         (it has: {known})"
    )]
    NoStep {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
        /// The sample points of the master record.
        known: String,
    },
    /// No criterion is tested in the sample of a step.
    #[error(
        "step “{step}” takes a sample at “{point}”, and no criterion of the specification is tested there"
    )]
    NoCriterion {
        /// The step's key.
        step: String,
        /// Its sample point.
        point: String,
    },
    /// A batch can go by without the sample of a criterion.
    #[error(
        "criterion “{criterion}” is tested at sample point “{point}”, which a batch can pass without a sample: {why}"
    )]
    Passed {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
        /// How.
        why: &'static str,
    },
    /// An in-process criterion that stops nothing.
    #[error(
        "criterion “{criterion}” is to be met before the next step, and no step follows the sample at “{point}”"
    )]
    StopsNothing {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
    },
    /// Units of a form without a shelf life can't be released.
    #[error("step “{step}” stores units, and the specification states no {figure} in [shelf_life]")]
    NoShelfLife {
        /// The step's key.
        step: String,
        /// The figure that is missing.
        figure: &'static str,
    },
    /// A unit is past its shelf life before a result can count that it waits for.
    #[error(
        "a pass of criterion “{criterion}” counts {days} days after sampling or later, when the units of step “{step}” are past their \
         {figure} = {life} and none could be released; lengthen the one, or shorten the other, or judge the criterion \
         after_release"
    )]
    PastShelfLife {
        /// The criterion's key.
        criterion: String,
        /// The minimum time of its method.
        days: u32,
        /// The step's key.
        step: String,
        /// The name of the shelf life.
        figure: &'static str,
        /// The shelf life.
        life: u32,
    },
    /// Nothing is stored that could be released.
    #[error("no step of the master record stores units, so there would be nothing to release")]
    NoUnits,
    /// The culture ends with less than a dose.
    #[error(
        "the culture ends at {target} viable cells per kg, which is less than the least dose of {least} cells per kg"
    )]
    BelowDose {
        /// The target of the culture.
        target: Decimal,
        /// The least dose.
        least: Decimal,
    },
}

/// Everything in which the two don't fit; nothing where they do.
#[must_use]
pub fn misfits(record: &MasterRecord, specification: &Specification) -> Vec<Misfit> {
    let mut found = Vec::new();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain(&record.product) != plain(&specification.product) {
        found.push(Misfit::Product {
            made: record.product.clone(),
            judged: specification.product.clone(),
        });
    }
    let criteria = specification.criteria.iter();
    found.extend(criteria.filter_map(|criterion| sampled(record, criterion)));
    for step in &record.steps {
        if let Some(point) = &step.sample_point
            && specification.criteria_at(point).next().is_none()
        {
            found.push(Misfit::NoCriterion {
                step: step.key.clone(),
                point: point.clone(),
            });
        }
        found.extend(shelf_life(record, step, specification));
    }
    found.extend(dose(record, specification));
    found
}

/// Each batch has the sample of the criterion taken, and where work has to wait for it, there is work that waits.
fn sampled(record: &MasterRecord, criterion: &Criterion) -> Option<Misfit> {
    let (key, point) = (criterion.key.clone(), criterion.sample_point.clone());
    let takes = |step: &&Step| step.sample_point.as_ref() == Some(&point);
    let steps: Vec<_> = record.steps.iter().filter(takes).collect();
    if steps.is_empty() {
        let mut known: Vec<_> = record
            .steps
            .iter()
            .filter_map(|step| step.sample_point.as_deref())
            .collect();
        known.dedup();
        let known = match known.is_empty() {
            true => "none".to_owned(),
            false => known.join(", "),
        };
        return Some(Misfit::NoStep {
            criterion: key,
            point,
            known,
        });
    }
    let certain = steps
        .iter()
        .any(|step| !step.recurring && reached(record, step));
    if !certain {
        let why = match steps.iter().all(|step| step.recurring) {
            true => "a recurring step may be left out",
            false => "the culture may end before the passages in which it is taken",
        };
        return Some(Misfit::Passed {
            criterion: key,
            point,
            why,
        });
    }
    let mut in_turn = record
        .steps
        .iter()
        .filter(|step| step.kind != StepKind::Assess);
    let last = in_turn.next_back().map(|step| &step.key);
    let stops = steps.iter().any(|step| Some(&step.key) != last);
    (criterion.stage == Stage::InProcess && !stops).then_some(Misfit::StopsNothing {
        criterion: key,
        point,
    })
}

/// Whether every batch comes to the step: it happens in a passage that the culture doesn't end before, and not only
/// while the batch is on hold.
fn reached(record: &MasterRecord, step: &Step) -> bool {
    if step.kind == StepKind::Assess {
        return false;
    }
    let least = record
        .culture
        .as_ref()
        .map_or(0, |culture| culture.minimum_passage);
    step.only_passages.is_empty() || step.only_passages.iter().any(|passage| *passage <= least)
}

fn shelf_life(record: &MasterRecord, step: &Step, specification: &Specification) -> Vec<Misfit> {
    let life = specification.shelf_life.as_ref();
    // The sample is taken on the day on which the unit is stored, or before. A frozen unit is good to the end of its last
    // day; of a fresh one the hours are counted, and the first of the days may have been over in a minute.
    let (figure, stated, least): (_, _, fn(u32) -> u32) = match step.kind {
        StepKind::Freeze => (
            "frozen_days",
            life.and_then(|life| life.frozen_days),
            |days| days,
        ),
        StepKind::Formulate => (
            "formulated_hours",
            life.and_then(|life| life.formulated_hours),
            |days| days.saturating_sub(1).saturating_mul(24),
        ),
        StepKind::Receive
        | StepKind::Isolate
        | StepKind::Seed
        | StepKind::ChangeMedium
        | StepKind::Observe
        | StepKind::Passage
        | StepKind::FinalHarvest
        | StepKind::Sample
        | StepKind::Checklist
        | StepKind::Assess => return Vec::new(),
    };
    let Some(life) = stated else {
        let step = step.key.clone();
        return vec![Misfit::NoShelfLife { step, figure }];
    };
    let criteria = specification.criteria.iter();
    criteria
        .filter(|one| one.stage != Stage::AfterRelease && least(one.minimum_days) > life)
        .filter(|one| sampled_from_the_harvest(record, &one.sample_point))
        .map(|one| Misfit::PastShelfLife {
            criterion: one.key.clone(),
            days: one.minimum_days,
            step: step.key.clone(),
            figure,
            life,
        })
        .collect()
}

/// Whether the sample is taken only when the cells are out of culture: its units can't wait for a result as a culture can.
fn sampled_from_the_harvest(record: &MasterRecord, point: &str) -> bool {
    let of_kind = |step: &Step| step.kind == StepKind::FinalHarvest;
    let harvest = record.steps.iter().position(of_kind);
    let takes = |step: &Step| step.sample_point.as_deref() == Some(point);
    let first = record.steps.iter().position(takes);
    harvest
        .zip(first)
        .is_some_and(|(harvest, first)| first > harvest)
}

fn dose(record: &MasterRecord, specification: &Specification) -> Option<Misfit> {
    let stores = |step: &Step| matches!(step.kind, StepKind::Freeze | StepKind::Formulate);
    if !record.steps.iter().any(stores) {
        return Some(Misfit::NoUnits);
    }
    let (least, _) = specification.dose.as_ref()?.cells(Decimal::ONE)?;
    let target = record.culture.as_ref()?.target_viable_per_kg;
    (target < least).then_some(Misfit::BelowDose { target, least })
}

#[cfg(test)]
mod tests;
