//! Correcting a time that a person stated: of an entry, of the end of a step, of a sample, of a unit, of the
//! collection, of an infusion.

use crate::{
    batch::{
        Batch, BatchEvent, Context, DoseState, Entry, InputRefusal, JudgedAgain, ProcessingRefusal,
        Refusal, Stop, TimeOf, TimesCommand, TimesEvent, TimesRefusal, Unit, UnitState,
        decide::{open, words},
        harvest,
        processing::entry::{self, before},
        stop,
    },
    ids::DoseId,
    master_record::{ActTimes, Anchor, StepKind, StepRef},
    time::Timestamp,
};

/// What a command on stated times does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: TimesCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    match command {
        TimesCommand::CorrectTime { of, at, reason } => correct(batch, context, of, at, &reason),
    }
}

/// A time with what comes before it and after it.
struct Stated {
    old: Timestamp,
    what: String,
    before: Option<(String, Timestamp)>,
    after: Option<(String, Timestamp)>,
}

fn correct(
    batch: &Batch,
    context: &Context,
    of: TimeOf,
    new: Timestamp,
    reason: &str,
) -> Result<Vec<BatchEvent>, Refusal> {
    // When a dose was given is corrected also after the decision on the batch, which it doesn't touch.
    if !of.is_of_infusion() {
        open(batch)?;
    }
    let stated = stated(batch, &of)?;
    if new == stated.old {
        return Err(Refusal::Input(InputRefusal::NothingChanged {
            value: context.shown(stated.old),
        }));
    }
    let new = context.stated("at", "The time", Some(new), stated.before)?;
    if let Some((after_what, after)) = stated.after.filter(|(_, after)| new > *after) {
        return Err(Refusal::Times(TimesRefusal::AfterNext {
            what: stated.what,
            at: context.shown(new),
            after_what,
            after: context.shown(after),
        }));
    }
    if of == TimeOf::Collection {
        harvest::decide::collected_at(&batch.harvest, new, context)?;
    }
    let reason = words("reason", "Reason", reason)?;
    let (outside, mut raised) = judged_again(batch, context, &of, new);
    let (judged, raised_by_collection) = match of {
        TimeOf::Collection => held_against_collection(batch, context, new),
        TimeOf::Entry { .. }
        | TimeOf::Step { .. }
        | TimeOf::Sample { .. }
        | TimeOf::Unit { .. }
        | TimeOf::InfusionStart { .. }
        | TimeOf::InfusionEnd { .. } => (Vec::new(), Vec::new()),
    };
    raised.extend(raised_by_collection);
    let mut events = vec![BatchEvent::Times(TimesEvent::TimeCorrected {
        of,
        old: stated.old,
        new,
        outside,
        judged,
        reason,
    })];
    events.extend(raised);
    Ok(events)
}

/// How the value of an entry stands against its limits at the corrected time, and the stop that this raises where that
/// differs from before.
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
    let outside = entry::outside(batch, context, definition, &last.value, new);
    // What was found just so before has raised its stop. A medium that expired longer before its use than was known when
    // the stop was lifted has not.
    let newly = (outside.as_deref()).filter(|now| last.outside.as_deref() != Some(*now));
    let mut raised = stop::decide::raised(batch, context, step, definition, &last.value, newly, 0);
    // Nor does it lift a stop any more.
    raised.extend(stop::decide::raised_again(
        batch,
        context,
        entry,
        definition,
        &stop::decide::Corrected {
            value: &last.value,
            outside: newly,
            unconfirmed: true,
        },
        0,
    ));
    (outside, raised)
}

/// The entries whose limit names the collection and that are found otherwise by its new time, and the stops that this
/// raises.
fn held_against_collection(
    batch: &Batch,
    context: &Context,
    new: Timestamp,
) -> (Vec<JudgedAgain>, Vec<BatchEvent>) {
    let (mut judged, mut raised) = (Vec::new(), Vec::new());
    let entries = batch.steps.iter().flat_map(|(step, record)| {
        let of_step = record.entries.iter();
        of_step.map(move |(key, entry)| (step, key, entry))
    });
    for (step, key, entry) in entries.filter(|(.., entry)| entry.not_applicable.is_none()) {
        let definition = (batch.documents.master_record.step(&step.key))
            .and_then(|definition| definition.field(key));
        let (Some(field), Some(last)) = (definition, entry.values.last()) else {
            continue;
        };
        let Some(within) = &field.within else {
            continue;
        };
        let bounds = within.limit.bounds();
        if !bounds.iter().any(|one| one.anchor == Anchor::CollectedAt) {
            continue;
        }
        let act = ActTimes {
            performed_at: entry.performed_at,
            collected_at: new,
            zone: context.zone,
        };
        let outside = field.outside(&last.value, &act);
        if outside == last.outside {
            continue;
        }
        let (value, found) = (&last.value, outside.as_deref());
        // Each stop comes with its deviation.
        let before = raised.len() / 2;
        raised.extend(stop::decide::raised(
            batch, context, step, field, value, found, before,
        ));
        let before = raised.len() / 2;
        // Who confirmed the entry stands by it: the entry is as it was.
        let corrected = stop::decide::Corrected {
            value,
            outside: found,
            unconfirmed: false,
        };
        raised.extend(stop::decide::raised_again(
            batch, context, entry, field, &corrected, before,
        ));
        judged.push(JudgedAgain {
            step: step.clone(),
            field: key.clone(),
            outside,
        });
    }
    (judged, raised)
}

fn stated(batch: &Batch, of: &TimeOf) -> Result<Stated, Refusal> {
    let what = batch.time_label(of);
    let missing = || {
        Refusal::Processing(ProcessingRefusal::NotRecorded {
            label: what.clone(),
        })
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
            let found = stops_before(batch, entry).chain(before(batch, step));
            let after = end.or_else(|| next(batch, step));
            let after = stops_after(batch, entry).chain(after);
            (
                entry.performed_at,
                found.max_by_key(|(_, at)| *at),
                after.min_by_key(|(_, at)| *at),
            )
        }
        TimeOf::Step { step } => {
            let record = batch.steps.get(step).ok_or_else(missing)?;
            let end = record.completed.as_ref().ok_or_else(missing)?;
            let last = done_in(batch, step).max();
            let last = last.map(|last| (batch.step_title(step), last));
            let earliest = last.into_iter().chain(before(batch, step));
            let earliest = earliest.max_by_key(|(_, at)| *at);
            (end.performed_at, earliest, next(batch, step))
        }
        TimeOf::Sample { sample } => {
            let sample = batch.sample(*sample).ok_or_else(missing)?;
            let end = end_of(batch, &sample.step).or_else(|| next(batch, &sample.step));
            // No test of it was made before it was taken: neither the one that counts nor an earlier reading.
            let results = sample.tests.iter().flat_map(|test| &test.results);
            let valid = results.filter(|result| result.invalidated.is_none());
            let tested_on = valid.map(|result| result.tested_on).min();
            let tested =
                tested_on.map(|on| ("the day of a test".to_owned(), batch.zone().end_of(on)));
            let after = end.into_iter().chain(tested).min_by_key(|(_, at)| *at);
            (sample.taken_at, before(batch, &sample.step), after)
        }
        TimeOf::Unit { unit } => {
            let unit = batch.unit(*unit).ok_or_else(missing)?;
            let end = end_of(batch, &unit.step).or_else(|| next(batch, &unit.step));
            let after = end.into_iter().chain(end_of_unit(batch, unit));
            let after = after.min_by_key(|(_, at)| *at);
            (unit.stored_at, before(batch, &unit.step), after)
        }
        TimeOf::Collection => (batch.harvest.collected_at, None, first_work(batch)),
        TimeOf::InfusionStart { dose } => {
            let given = infusion(batch, *dose).ok_or_else(missing)?;
            let dispatched = given
                .dispatched_at
                .map(|at| ("the dispatch".to_owned(), at));
            let end = ("the end of the infusion".to_owned(), given.ended_at);
            (given.started_at, dispatched, Some(end))
        }
        TimeOf::InfusionEnd { dose } => {
            let given = infusion(batch, *dose).ok_or_else(missing)?;
            let start = ("the start of the infusion".to_owned(), given.started_at);
            (given.ended_at, Some(start), None)
        }
    };
    Ok(Stated {
        old,
        what,
        before,
        after,
    })
}

/// The times of a dose that was given.
struct Infusion {
    dispatched_at: Option<Timestamp>,
    started_at: Timestamp,
    ended_at: Timestamp,
}

fn infusion(batch: &Batch, dose: DoseId) -> Option<Infusion> {
    let dose = batch.dose(dose)?;
    match dose.state {
        DoseState::Infused {
            started_at,
            ended_at,
            ..
        } => Some(Infusion {
            dispatched_at: dose.dispatched_at,
            started_at,
            ended_at,
        }),
        DoseState::Prepared | DoseState::Dispatched { .. } | DoseState::Destroyed { .. } => None,
    }
}

/// What was found before an entry that lifted stops: what it lifted.
fn stops_before<'a>(
    batch: &'a Batch,
    entry: &'a Entry,
) -> impl Iterator<Item = (String, Timestamp)> + 'a {
    let lifted = batch.stops.iter().filter(|stop| stop.rests_on(entry));
    lifted.map(|stop| (format!("the stop “{}”", stop.label), batch.found_at(stop)))
}

/// What came after an entry that stopped the batch, or that lifted a stop: the assessment that lifted it, and QA's signature.
fn stops_after<'a>(
    batch: &'a Batch,
    entry: &'a Entry,
) -> impl Iterator<Item = (String, Timestamp)> + 'a {
    let signed = (batch.stops.iter())
        .filter(|stop| stop.rests_on(entry))
        .filter_map(|stop| {
            let lifted = stop.lifted.as_ref()?;
            Some((
                format!("the lifting of the stop “{}”", stop.label),
                lifted.stamp.at,
            ))
        });
    let answered = move |stop: &&Stop| {
        (batch.answer_to(stop)).is_some_and(|answer| std::ptr::eq(answer, entry))
    };
    let assessed = (batch.stops.iter()).filter(answered).flat_map(move |stop| {
        let entries = batch
            .steps
            .values()
            .flat_map(|record| record.entries.values());
        let lifting = entries.filter(|one| stop.rests_on(one));
        let what = format!("the assessment that lifted the stop “{}”", stop.label);
        lifting.map(move |one| (what.clone(), one.performed_at))
    });
    signed.chain(assessed)
}

/// When a unit left the store, and how.
fn end_of_unit(batch: &Batch, unit: &Unit) -> Option<(String, Timestamp)> {
    match &unit.state {
        UnitState::Stored => None,
        UnitState::InDose(dose) => {
            let dose = batch.dose(*dose)?;
            Some((
                format!("the preparation of {}", dose.code),
                dose.prepared.at,
            ))
        }
        UnitState::Destroyed { at, .. } => Some((format!("the destruction of {}", unit.code), *at)),
    }
}

/// The times of what was done in a step before its end: its entries, samples and units.
fn done_in<'a>(batch: &'a Batch, at: &'a StepRef) -> impl Iterator<Item = Timestamp> + 'a {
    let done = |entry: &&Entry| entry.not_applicable.is_none();
    let entries = (batch.steps.get(at).into_iter())
        .flat_map(|record| record.entries.values())
        .filter(done)
        .map(|entry| entry.performed_at);
    let samples = batch.samples.iter().filter(move |one| one.step == *at);
    let units = batch.units.iter().filter(move |one| one.step == *at);
    entries
        .chain(samples.map(|sample| sample.taken_at))
        .chain(units.map(|unit| unit.stored_at))
}

/// When something was done last in a step, its end left out.
pub(in crate::batch) fn last_done(batch: &Batch, at: &StepRef) -> Option<Timestamp> {
    done_in(batch, at).max()
}

/// When something was done first in a step.
fn first_done(batch: &Batch, at: &StepRef) -> Option<(String, Timestamp)> {
    let end = end_of(batch, at).map(|(_, end)| end);
    let first = done_in(batch, at).chain(end).min()?;
    Some((batch.step_title(at), first))
}

/// What was done first with the marrow.
fn first_work(batch: &Batch) -> Option<(String, Timestamp)> {
    let of_steps = batch.steps.keys().filter_map(|at| first_done(batch, at));
    of_steps.min_by_key(|(_, at)| *at)
}

fn end_of(batch: &Batch, step: &StepRef) -> Option<(String, Timestamp)> {
    let end = batch.steps.get(step)?.completed.as_ref()?;
    Some((batch.step_title(step), end.performed_at))
}

/// What was done first of the work that waited for this step: a step that recurs is waited for by none of its kind, and the
/// assessment of a stop neither waits nor is waited for.
fn next(batch: &Batch, at: &StepRef) -> Option<(String, Timestamp)> {
    let plan = batch.plan();
    let here = plan.iter().position(|planned| planned.at == *at)?;
    let step = plan[here].step;
    if step.kind == StepKind::Assess {
        return None;
    }
    plan[here + 1..]
        .iter()
        .filter(|one| one.step.kind != StepKind::Assess)
        .filter(|one| !step.recurring || !one.step.recurring || one.at.key == at.key)
        .filter_map(|one| first_done(batch, &one.at))
        .min_by_key(|(_, first)| *first)
}
