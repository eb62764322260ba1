//! Correcting a time that a person stated: of an entry, of the end of a step, of a sample, of a unit.

use super::{entry::before, open, words};
use crate::{
    batch::{Batch, BatchEvent, Context, Refusal, Test, TimeOf},
    master_record::StepRef,
    time::Timestamp,
};

/// A time with what comes before it and after it.
struct Stated {
    old: Timestamp,
    what: String,
    before: Option<(String, Timestamp)>,
    after: Option<(String, Timestamp)>,
}

pub(super) fn correct(
    batch: &Batch,
    context: &Context,
    of: TimeOf,
    new: Timestamp,
    reason: &str,
) -> Result<Vec<BatchEvent>, Refusal> {
    open(batch)?;
    let stated = stated(batch, &of)?;
    if new == stated.old {
        return Err(Refusal::NothingChanged {
            value: context.shown(stated.old),
        });
    }
    let new = context.stated("at", "The time", Some(new), stated.before)?;
    if let Some((after_what, after)) = stated.after.filter(|(_, after)| new > *after) {
        return Err(Refusal::AfterNext {
            what: stated.what,
            at: context.shown(new),
            after_what,
            after: context.shown(after),
        });
    }
    let reason = words("reason", "Reason", reason)?;
    let (outside, raised) = judged_again(batch, context, &of, new);
    let mut events = vec![BatchEvent::TimeCorrected {
        of,
        old: stated.old,
        new,
        outside,
        reason,
    }];
    events.extend(raised);
    Ok(events)
}

/// The value of an entry against its limits by another time, and the stop that this raises where it is found otherwise than
/// before.
fn judged_again(
    batch: &Batch,
    context: &Context,
    of: &TimeOf,
    new: Timestamp,
) -> (Option<String>, Vec<BatchEvent>) {
    let TimeOf::Entry { step, field } = of else {
        return (None, Vec::new());
    };
    let definition = (batch.documents.master_record.step(&step.key))
        .and_then(|definition| definition.field(field));
    let entry = (batch.steps.get(step)).and_then(|record| record.entries.get(field));
    let (Some(definition), Some(entry)) = (definition, entry) else {
        return (None, Vec::new());
    };
    let Some(last) = entry.values.last() else {
        return (None, Vec::new());
    };
    let outside = super::entry::outside(batch, context, definition, &last.value, new);
    // What was found just so before has raised its stop. A medium that expired longer before its use than was known when
    // the stop was lifted has not.
    let newly = (outside.as_deref()).filter(|now| last.outside.as_deref() != Some(*now));
    let mut raised = super::stop::raised(batch, context, step, definition, &last.value, newly);
    // Nor does it lift a stop any more.
    raised.extend(super::stop::raised_again(
        batch,
        context,
        entry,
        definition,
        &last.value,
        newly,
    ));
    (outside, raised)
}

fn stated(batch: &Batch, of: &TimeOf) -> Result<Stated, Refusal> {
    let what = batch.time_label(of);
    let missing = || Refusal::NotRecorded {
        label: what.clone(),
    };
    let (old, before, after) = match of {
        TimeOf::Entry { step, field } => {
            let record = batch.steps.get(step).ok_or_else(missing)?;
            let entry = record.entries.get(field).ok_or_else(missing)?;
            if entry.not_applicable.is_some() {
                return Err(missing());
            }
            let end = record.completed.as_ref();
            let end = end.map(|end| ("the end of the step".to_owned(), end.performed_at));
            (
                entry.performed_at,
                before(batch, step),
                end.or(next(batch, step)),
            )
        }
        TimeOf::Step { step } => {
            let record = batch.steps.get(step).ok_or_else(missing)?;
            let end = record.completed.as_ref().ok_or_else(missing)?;
            let done = |entry: &&crate::batch::Entry| entry.not_applicable.is_none();
            let entries = record.entries.values().filter(done);
            let last = entries.map(|entry| entry.performed_at).max();
            let last = last.map(|last| (batch.step_title(step), last));
            let earliest = last.into_iter().chain(before(batch, step));
            let earliest = earliest.max_by_key(|(_, at)| *at);
            (end.performed_at, earliest, next(batch, step))
        }
        TimeOf::Sample { sample } => {
            let sample = batch.sample(*sample).ok_or_else(missing)?;
            let end = end_of(batch, &sample.step);
            // No test of it was made before it was taken.
            let results = sample.tests.iter().filter_map(Test::standing);
            let tested_on = results.map(|result| result.tested_on).min();
            let tested =
                tested_on.map(|on| ("the day of a test".to_owned(), batch.zone().end_of(on)));
            let after = end.into_iter().chain(tested).min_by_key(|(_, at)| *at);
            (sample.taken_at, before(batch, &sample.step), after)
        }
        TimeOf::Unit { unit } => {
            let unit = batch.unit(*unit).ok_or_else(missing)?;
            let step = batch.step_of_time(of).ok_or_else(missing)?;
            (unit.stored_at, before(batch, &step), end_of(batch, &step))
        }
    };
    Ok(Stated {
        old,
        what,
        before,
        after,
    })
}

fn end_of(batch: &Batch, step: &StepRef) -> Option<(String, Timestamp)> {
    let end = batch.steps.get(step)?.completed.as_ref()?;
    Some((batch.step_title(step), end.performed_at))
}

/// When the first step after this one ended that waited for it: a step that recurs waits for none of its kind.
fn next(batch: &Batch, at: &StepRef) -> Option<(String, Timestamp)> {
    let plan = batch.plan();
    let here = plan.iter().position(|planned| planned.at == *at)?;
    let recurring = plan[here].step.recurring;
    plan[here + 1..]
        .iter()
        .filter(|one| !recurring || !one.step.recurring || one.at.key == at.key)
        .filter_map(|one| end_of(batch, &one.at))
        .min_by_key(|(_, ended)| *ended)
}
