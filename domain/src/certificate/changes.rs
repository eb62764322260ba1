//! Values changed since their first entry (A11-8.2), from the events: the state of a batch forgets what a figure of the
//! harvest was before.

use super::{ChangeOnPaper, Paper};
use crate::{
    batch::{
        Batch, BatchEvent, FieldValue, HarvestEvent, HarvestField, ProcessingEvent, QualityEvent,
        Recorded, TimesEvent,
    },
    ids::SampleId,
    master_record::{Field, StepKind},
    measure::Measure,
    release::ResultValue,
};
use chrono::NaiveDate;

pub(super) fn changes(batch: &Batch, events: &[Recorded], paper: &Paper<'_>) -> Vec<ChangeOnPaper> {
    let changed = |(place, recorded): (usize, &Recorded)| {
        change(batch, recorded, paper)
            .or_else(|| typed_again(batch, &events[..place], recorded, paper))
    };
    events.iter().enumerate().filter_map(changed).collect()
}

/// A result that was entered again from the raw data, after the one before was found to be a transcription error.
fn typed_again(
    batch: &Batch,
    before: &[Recorded],
    recorded: &Recorded,
    paper: &Paper<'_>,
) -> Option<ChangeOnPaper> {
    let BatchEvent::Quality(QualityEvent::ResultEntered {
        sample,
        criterion,
        value,
        tested_on,
    }) = &recorded.event
    else {
        return None;
    };
    let mut earlier = before.iter().rev().filter(|one| match &one.event {
        BatchEvent::Quality(QualityEvent::ResultEntered {
            sample: of,
            criterion: test,
            ..
        })
        | BatchEvent::Quality(QualityEvent::ResultCorrected {
            sample: of,
            criterion: test,
            ..
        })
        | BatchEvent::Quality(QualityEvent::ResultInvalidated {
            sample: of,
            criterion: test,
            ..
        }) => (of, test) == (sample, criterion),
        _ => false,
    });
    let invalidated = earlier.next()?;
    let BatchEvent::Quality(QualityEvent::ResultInvalidated {
        reason,
        evidence,
        raw_data,
        ..
    }) = &invalidated.event
    else {
        return None;
    };
    if reason.repeats_test() {
        return None;
    }
    let (old, old_tested_on) = earlier.find_map(|one| match &one.event {
        BatchEvent::Quality(QualityEvent::ResultEntered {
            value, tested_on, ..
        }) => Some((value, tested_on)),
        BatchEvent::Quality(QualityEvent::ResultCorrected { new, tested_on, .. }) => {
            Some((new, tested_on))
        }
        _ => None,
    })?;
    let shown = |value, on| result_on(batch, criterion, value, on, old_tested_on != tested_on);
    let raw_data = raw_data.as_deref().unwrap_or_default();
    let found_by = &invalidated.by;
    Some(ChangeOnPaper {
        what: result_of(batch, *sample, criterion),
        old: shown(old, old_tested_on),
        new: shown(value, tested_on),
        reason: format!("{reason}: {evidence}; raw data: {raw_data}"),
        by: format!(
            "{}, {}; found by {}, {}",
            recorded.by.name, recorded.by.role, found_by.name, found_by.role
        ),
        at: (paper.shown)(recorded.at),
    })
}

fn result_of(batch: &Batch, sample: SampleId, criterion: &str) -> String {
    let test = batch.test_name(criterion);
    match batch.sample(sample) {
        Some(of) => format!("Result of {test}, sample {}", of.code),
        None => format!("Result of {test}"),
    }
}

/// A result with its unit, and with the day of the test where that was changed.
fn result_on(
    batch: &Batch,
    criterion: &str,
    value: &ResultValue,
    tested_on: &NaiveDate,
    with_day: bool,
) -> String {
    let shown = batch.result_shown(criterion, value);
    if with_day {
        format!("{shown}, tested on {tested_on}")
    } else {
        shown
    }
}

fn change(batch: &Batch, recorded: &Recorded, paper: &Paper<'_>) -> Option<ChangeOnPaper> {
    let (what, old, new, reason) = match &recorded.event {
        BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
            field,
            old,
            new,
            reason,
        }) => {
            let what = format!("Harvest: {field}");
            (what, with_unit(*field, old), with_unit(*field, new), reason)
        }
        BatchEvent::Processing(ProcessingEvent::EntryCorrected {
            step,
            field,
            old,
            new,
            reason,
            ..
        }) => {
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
        BatchEvent::Times(TimesEvent::TimeCorrected {
            of,
            old,
            new,
            reason,
            ..
        }) => {
            let zone = batch.zone();
            let label = batch.time_label(of);
            let what = match batch.step_of_time(of) {
                Some(step) => format!("{}: {label}", batch.step_title(&step)),
                None => label,
            };
            (what, zone.shown(*old), zone.shown(*new), reason)
        }
        BatchEvent::Quality(QualityEvent::ResultRejudged {
            sample,
            criterion,
            before,
            after,
            figure,
            reason,
        }) => {
            let judged = |verdict: &str| format!("judged {verdict}");
            return Some(ChangeOnPaper {
                what: result_of(batch, *sample, criterion),
                old: judged(before),
                new: judged(after),
                reason: format!("{figure} was corrected: {reason}"),
                by: format!("{}, {}", recorded.by.name, recorded.by.role),
                at: (paper.shown)(recorded.at),
            });
        }
        BatchEvent::Quality(QualityEvent::ResultCorrected {
            sample,
            criterion,
            old,
            old_tested_on,
            new,
            tested_on,
            reason,
            raw_data,
            verdict,
        }) => {
            let shown =
                |value, on| result_on(batch, criterion, value, on, old_tested_on != tested_on);
            let mut by = format!("{}, {}", recorded.by.name, recorded.by.role);
            let mut why = reason.clone();
            if let Some(raw_data) = raw_data {
                why = format!("{why}; raw data: {raw_data}");
            }
            if let Some(change) = verdict {
                why = format!("{why}; verdict {}, now {}", change.before, change.after);
                by = format!(
                    "{by}; confirmed by {}, {}",
                    change.second.name, change.second.role
                );
            }
            return Some(ChangeOnPaper {
                what: result_of(batch, *sample, criterion),
                old: shown(old, old_tested_on),
                new: shown(new, tested_on),
                reason: why,
                by,
                at: (paper.shown)(recorded.at),
            });
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
        HarvestField::Volume => Measure::MILLILITRE.after(value),
        HarvestField::Weight => Measure::KILOGRAM.after(value),
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
        |recorded| matches!(&recorded.event, BatchEvent::Harvest(HarvestEvent::HarvestCorrected { field, .. }) if fields.contains(field)),
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
            BatchEvent::Processing(ProcessingEvent::EntryCorrected { step, new: FieldValue::Number(_), .. }) if of_kind(&step.key)
        )
    })
}
