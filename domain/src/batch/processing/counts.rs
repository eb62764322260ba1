//! Counts that contradict each other are refused at entry (A11d-10.1): cells don't appear from nowhere.

use crate::{
    batch::{
        Batch, FieldValue, InventoryRefusal, ProcessingRefusal, QualityRefusal, Refusal,
        growth::{sampled_of_passage, used_of_final_harvest},
    },
    decimal::grouped,
    expansion::viable_above_total,
    master_record::{Step, StepKind, StepRef},
};
use rust_decimal::Decimal;

/// Whether `value`, in `field` of the step, agrees with the other counts of the record.
pub(in crate::batch) fn agree(
    batch: &Batch,
    at: &StepRef,
    step: &Step,
    field: &str,
    value: &FieldValue,
) -> Result<(), Refusal> {
    let FieldValue::Number(number) = value else {
        return Ok(());
    };
    not_above_total(batch, at, field, *number)?;
    match step.kind {
        StepKind::Seed if field == "cells-seeded" => {
            let before = at.passage.and_then(|passage| passage.checked_sub(1));
            let harvested = before.and_then(|before| batch.passage_harvest(before));
            not_above_harvest(*number, harvested)?;
            before.map_or(Ok(()), |before| left_of_passage(batch, before, *number))
        }
        StepKind::Passage if field == "viable-cells" => {
            let next = at.passage.and_then(|passage| passage.checked_add(1));
            let seeded = next.and_then(|next| {
                let master = &batch.documents.master_record;
                let seed = master
                    .steps
                    .iter()
                    .find(|step| step.kind == StepKind::Seed)?;
                batch
                    .steps
                    .get(&StepRef::of_passage(&seed.key, next))?
                    .number("cells-seeded")
            });
            seeded.map_or(Ok(()), |seeded| not_above_harvest(seeded, Some(*number)))?;
            covers_samples(batch, at, seeded.unwrap_or_default(), *number)
        }
        StepKind::FinalHarvest => not_used_up(batch, at, field, *number),
        _ => Ok(()),
    }
}

/// More viable cells than cells, in one count.
fn not_above_total(
    batch: &Batch,
    at: &StepRef,
    field: &str,
    number: Decimal,
) -> Result<(), Refusal> {
    let other = |key: String| batch.steps.get(at).and_then(|record| record.number(&key));
    let (viable, total) = if let Some(nth) = field.strip_prefix("viable-cells") {
        (Some(number), other(format!("total-cells{nth}")))
    } else if let Some(nth) = field.strip_prefix("total-cells") {
        (other(format!("viable-cells{nth}")), Some(number))
    } else {
        return Ok(());
    };
    match viable.zip(total) {
        Some((viable, total)) if viable_above_total(viable, total) => {
            Err(Refusal::Processing(ProcessingRefusal::ViableAboveTotal {
                field: field.to_owned(),
                viable: grouped(viable),
                total: grouped(total),
            }))
        }
        _ => Ok(()),
    }
}

/// More cells seeded than the passage before gave.
fn not_above_harvest(seeded: Decimal, harvested: Option<Decimal>) -> Result<(), Refusal> {
    match harvested.filter(|harvested| seeded > *harvested) {
        Some(harvested) => Err(Refusal::Processing(ProcessingRefusal::SeededAboveHarvest {
            seeded: grouped(seeded),
            harvested: grouped(harvested),
        })),
        None => Ok(()),
    }
}

/// More cells taken from a passage than are left after its samples.
fn left_of_passage(batch: &Batch, passage: u16, wanted: Decimal) -> Result<(), Refusal> {
    match batch.viable_left_of(passage).filter(|left| wanted > *left) {
        Some(left) => Err(Refusal::Quality(QualityRefusal::TooManyOfPassage {
            field: "value",
            passage,
            wanted: grouped(wanted),
            left: grouped(left),
        })),
        None => Ok(()),
    }
}

/// A correction of a passage to fewer cells than were seeded from it and sampled.
fn covers_samples(
    batch: &Batch,
    at: &StepRef,
    seeded: Decimal,
    number: Decimal,
) -> Result<(), Refusal> {
    let Some((passage, sampled)) = at
        .passage
        .and_then(|passage| Some((passage, sampled_of_passage(batch, passage)?)))
    else {
        return Ok(());
    };
    match seeded.checked_add(sampled).unwrap_or(Decimal::MAX) {
        used if used > number => Err(Refusal::Quality(QualityRefusal::TooManyOfPassage {
            field: "value",
            passage,
            wanted: grouped(used),
            left: grouped(number),
        })),
        _ => Ok(()),
    }
}

/// A correction of the final harvest to fewer cells than are in its units and samples.
fn not_used_up(batch: &Batch, at: &StepRef, field: &str, number: Decimal) -> Result<(), Refusal> {
    let other = match field {
        "viable-cells-1" => "viable-cells-2",
        "viable-cells-2" => "viable-cells-1",
        _ => return Ok(()),
    };
    let other = batch.steps.get(at).and_then(|record| record.number(other));
    let used = used_of_final_harvest(batch);
    let mean = other.and_then(|other| other.checked_add(number)?.checked_div(Decimal::TWO));
    match used.zip(mean) {
        Some((used, mean)) if used > mean => {
            Err(Refusal::Inventory(InventoryRefusal::TooManyCells {
                field: "value",
                wanted: grouped(used),
                left: grouped(mean),
            }))
        }
        _ => Ok(()),
    }
}
