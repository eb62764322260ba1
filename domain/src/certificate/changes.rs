//! Values changed since their first entry (A11-8.2), from the events: the state of a batch forgets what a figure of the
//! harvest was before.

use super::{ChangeOnPaper, Paper};
use crate::{
    batch::{Batch, BatchEvent, FieldValue, HarvestField, Recorded},
    master_record::{Field, StepKind},
    measure::Measure,
};

pub(super) fn changes(batch: &Batch, events: &[Recorded], paper: &Paper<'_>) -> Vec<ChangeOnPaper> {
    events
        .iter()
        .filter_map(|recorded| change(batch, recorded, paper))
        .collect()
}

fn change(batch: &Batch, recorded: &Recorded, paper: &Paper<'_>) -> Option<ChangeOnPaper> {
    let (what, old, new, reason) = match &recorded.event {
        BatchEvent::HarvestCorrected {
            field,
            old,
            new,
            reason,
        } => {
            let what = format!("Harvest: {field}");
            (what, with_unit(*field, old), with_unit(*field, new), reason)
        }
        BatchEvent::EntryCorrected {
            step,
            field,
            old,
            new,
            reason,
        } => {
            let definition = batch
                .documents
                .master_record
                .step(&step.key)
                .and_then(|step| step.field(field));
            let label = definition.map_or(field.as_str(), |field| field.label.as_str());
            let what = format!("{}: {label}", batch.step_title(step));
            (
                what,
                shown(definition, old, paper),
                shown(definition, new, paper),
                reason,
            )
        }
        _ => return None,
    };
    Some(ChangeOnPaper {
        what,
        old,
        new,
        reason: reason.clone(),
        by: format!("{}, {}", recorded.by.name, recorded.by.role),
        at: (paper.shown)(recorded.at),
    })
}

fn with_unit(field: HarvestField, value: &str) -> String {
    match field {
        HarvestField::Volume => Measure::Millilitre.after(value),
        HarvestField::Weight => Measure::Kilogram.after(value),
        _ => value.to_owned(),
    }
}

fn shown(field: Option<&Field>, value: &FieldValue, paper: &Paper<'_>) -> String {
    match (field, value) {
        (_, FieldValue::Moment(at)) => (paper.shown)(*at),
        (Some(field), value) => field.shown(value),
        (None, value) => value.to_string(),
    }
}

/// Whether one of these figures of the harvest was changed.
pub(super) fn of_harvest(events: &[Recorded], fields: &[HarvestField]) -> bool {
    events.iter().any(
        |recorded| matches!(&recorded.event, BatchEvent::HarvestCorrected { field, .. } if fields.contains(field)),
    )
}

/// Whether a number of a step of this kind was changed.
pub(super) fn of_step(batch: &Batch, events: &[Recorded], kind: StepKind) -> bool {
    let of_kind = |key: &str| {
        batch
            .documents
            .master_record
            .step(key)
            .is_some_and(|step| step.kind == kind)
    };
    events.iter().any(|recorded| {
        matches!(
            &recorded.event,
            BatchEvent::EntryCorrected { step, new: FieldValue::Number(_), .. } if of_kind(&step.key)
        )
    })
}
