//! Entries: recording, correcting, confirming, marking as not applicable.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Entry, FieldValue, InputRefusal, Planned, ProcessingEvent,
        ProcessingRefusal, Progress, Refusal, Stop, StopRefusal,
        decide::{Checks, open, words},
        processing::counts,
        stop,
    },
    clock::ClockState,
    master_record::{ActTimes, Field, Step, StepKind, StepRef},
    time::Timestamp,
    typed::{self, Takes},
};

pub(in crate::batch) fn record(
    batch: &Batch,
    context: &Context,
    at: StepRef,
    field: String,
    value: FieldValue,
    performed_at: Option<Timestamp>,
) -> Result<Vec<BatchEvent>, Refusal> {
    let planned = open_step(batch, &at)?;
    let definition = field_of(batch, &at, planned.step, &field)?;
    if let Some(entry) = batch
        .steps
        .get(&at)
        .and_then(|record| record.entries.get(&field))
    {
        return Err(Refusal::Processing(ProcessingRefusal::AlreadyRecorded {
            field,
            label: definition.label.clone(),
            value: entry.value().map_or_else(
                || "not applicable".to_owned(),
                |value| definition.shown(value),
            ),
        }));
    }
    let mut checks = Checks::default();
    let fitting = fits(definition, &value, context)
        .and_then(|()| counts::agree(batch, &at, planned.step, &field, &value));
    checks.take(fitting);
    let performed_at = checks.take(context.stated(
        "performed_at",
        "Performed at",
        performed_at,
        before(batch, &at),
    ));
    let Some(performed_at) = performed_at.filter(|_| checks.passed()) else {
        return Err(checks.refused());
    };
    let outside = outside(batch, context, definition, &value, performed_at);
    let raised = stop::decide::raised(
        batch,
        context,
        &at,
        definition,
        &value,
        outside.as_deref(),
        0,
    );
    let mut events = vec![BatchEvent::Processing(ProcessingEvent::EntryRecorded {
        step: at,
        field,
        value,
        performed_at,
        outside,
    })];
    events.extend(raised);
    Ok(events)
}

/// The limit in words that a value is outside of, for work that was performed at this moment; `None` where it is as
/// expected.
pub(in crate::batch) fn outside(
    batch: &Batch,
    context: &Context,
    field: &Field,
    value: &FieldValue,
    performed_at: Timestamp,
) -> Option<String> {
    let act = ActTimes {
        performed_at,
        collected_at: batch.harvest.collected_at,
        zone: context.zone,
    };
    field.outside(value, &act)
}

pub(in crate::batch) fn correct(
    batch: &Batch,
    context: &Context,
    at: StepRef,
    field: String,
    new: FieldValue,
    reason: &str,
) -> Result<Vec<BatchEvent>, Refusal> {
    open(batch)?;
    let (definition, entry) = recorded(batch, &at, &field)?;
    let old = entry
        .value()
        .cloned()
        .unwrap_or_else(|| FieldValue::Text("not applicable".to_owned()));
    if old == new {
        return Err(Refusal::Input(InputRefusal::NothingChanged {
            value: definition.shown(&old),
        }));
    }
    let mut checks = Checks::default();
    let step =
        batch.documents.master_record.step(&at.key).ok_or_else(|| {
            Refusal::Processing(ProcessingRefusal::UnknownStep { step: at.clone() })
        })?;
    let fitting = fits(definition, &new, context)
        .and_then(|()| counts::agree(batch, &at, step, &field, &new));
    checks.take(fitting);
    let reason = checks.take(words("reason", "Reason", reason));
    let Some(reason) = reason.filter(|_| checks.passed()) else {
        return Err(checks.refused());
    };
    let outside = outside(batch, context, definition, &new, entry.performed_at);
    let mut raised =
        stop::decide::raised(batch, context, &at, definition, &new, outside.as_deref(), 0);
    raised.extend(stop::decide::raised_again(
        batch,
        context,
        entry,
        definition,
        &stop::decide::Corrected {
            value: &new,
            outside: outside.as_deref(),
            unconfirmed: true,
        },
        0,
    ));
    let mut events = vec![BatchEvent::Processing(ProcessingEvent::EntryCorrected {
        step: at,
        field,
        old,
        new,
        reason,
        outside,
    })];
    events.extend(raised);
    Ok(events)
}

pub(in crate::batch) fn verify(
    batch: &Batch,
    context: &Context,
    at: StepRef,
    field: String,
    seen: &FieldValue,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let (definition, entry) = recorded(batch, &at, &field)?;
    let label = definition.label.clone();
    let Some(last) = entry.values.last().filter(|_| definition.critical) else {
        return Err(Refusal::Processing(ProcessingRefusal::NotCritical {
            label,
        }));
    };
    if let Some(stamp) = &entry.verified {
        return Err(Refusal::Processing(ProcessingRefusal::AlreadyVerified {
            label,
            name: stamp.by.name.clone(),
        }));
    }
    // A11-6: not by the person who entered it, nor by the one who corrected it.
    if entry
        .values
        .iter()
        .any(|value| value.stamp.by.user == context.user)
    {
        return Err(Refusal::Processing(ProcessingRefusal::OwnEntry {
            name: context.name.clone(),
        }));
    }
    if last.value != *seen {
        return Err(Refusal::Processing(ProcessingRefusal::SeenAnother {
            label,
            value: definition.shown(&last.value),
        }));
    }
    Ok(BatchEvent::Processing(ProcessingEvent::EntryVerified {
        step: at,
        field,
    }))
}

pub(in crate::batch) fn not_applicable(
    batch: &Batch,
    at: StepRef,
    field: String,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    let planned = open_step(batch, &at)?;
    let definition = field_of(batch, &at, planned.step, &field)?;
    if definition.stop.is_some() {
        return Err(Refusal::Stop(StopRefusal::StopNotApplicable {
            label: definition.label.clone(),
        }));
    }
    if batch
        .steps
        .get(&at)
        .is_some_and(|record| record.entries.contains_key(&field))
    {
        let (label, value) = (definition.label.clone(), "an entry".to_owned());
        return Err(Refusal::Processing(ProcessingRefusal::AlreadyRecorded {
            field,
            label,
            value,
        }));
    }
    Ok(BatchEvent::Processing(
        ProcessingEvent::EntryNotApplicable {
            step: at,
            field,
            reason: words("reason", "Reason", reason)?,
        },
    ))
}

/// The step, if entries can be made in it now.
pub(in crate::batch) fn open_step<'a>(
    batch: &'a Batch,
    at: &StepRef,
) -> Result<Planned<'a>, Refusal> {
    open(batch)?;
    let plan = batch.plan();
    let Some(planned) = plan.iter().find(|planned| planned.at == *at) else {
        return Err(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: at.clone(),
        }));
    };
    let title = batch.step_title(at);
    match planned.progress {
        Progress::Over => Err(Refusal::Processing(ProcessingRefusal::StepOver { title })),
        Progress::Waiting => {
            let needed =
                |one: &&Planned<'_>| one.progress == Progress::Open && batch.is_needed(one);
            let first = plan.iter().find(needed);
            let waiting_for = first.map_or_else(
                || "the step before".to_owned(),
                |one| batch.step_title(&one.at),
            );
            Err(Refusal::Processing(ProcessingRefusal::StepWaits {
                title,
                waiting_for,
            }))
        }
        Progress::Open => match batch.in_process_stop(at) {
            Some((test, point, state)) => {
                Err(Refusal::Processing(ProcessingRefusal::InProcessControl {
                    title,
                    test,
                    point,
                    state,
                }))
            }
            None => Ok(planned.clone()),
        },
    }
}

/// When the work before a step ended, and what that was. Recurring steps don't wait for one another: an observation
/// may be recorded after the change of medium that it came before.
pub(in crate::batch) fn before(batch: &Batch, at: &StepRef) -> Option<(String, Timestamp)> {
    let plan = batch.plan();
    let upto = plan.iter().position(|planned| planned.at == *at)?;
    if plan[upto].step.kind == StepKind::Assess {
        return before_assessment(batch, at);
    }
    let recurring = plan[upto].step.recurring;
    let counts = |one: &&Planned<'_>| !recurring || !one.step.recurring || one.at.key == at.key;
    let ended = |planned: &Planned<'_>| {
        let completed = batch.steps.get(&planned.at)?.completed.as_ref()?;
        Some((batch.step_title(&planned.at), completed.performed_at))
    };
    let last = (plan[..upto].iter().filter(counts).filter_map(ended))
        .max_by_key(|(_, performed_at)| *performed_at);
    let collection = || ("the collection".to_owned(), batch.harvest.collected_at);
    Some(last.unwrap_or_else(collection))
}

/// What an assessment comes after: what stopped the batch first, of the stops that held it when the assessment was begun.
fn before_assessment(batch: &Batch, at: &StepRef) -> Option<(String, Timestamp)> {
    let record = batch.steps.get(at);
    let entries = record
        .into_iter()
        .flat_map(|record| record.entries.values());
    let recorded = entries.filter_map(|entry| Some(entry.values.first()?.stamp.version));
    let begun = recorded.min();
    let held = |stop: &&Stop| {
        let lifted = stop.lifted.as_ref().map(|lifted| lifted.stamp.version);
        match begun {
            Some(begun) => stop.number() < begun && lifted.is_none_or(|lifted| lifted > begun),
            None => lifted.is_none(),
        }
    };
    let lifted_here = |stop: &&Stop| stop.is_lifted_in(&at.key);
    let stops = batch.stops.iter().filter(held).filter(lifted_here);
    stops
        .map(|stop| (format!("the stop “{}”", stop.label), batch.found_at(stop)))
        .min_by_key(|(_, found_at)| *found_at)
}

fn field_of<'a>(
    batch: &Batch,
    at: &StepRef,
    step: &'a Step,
    field: &str,
) -> Result<&'a Field, Refusal> {
    step.field(field).ok_or_else(|| {
        Refusal::Processing(ProcessingRefusal::UnknownField {
            title: batch.step_title(at),
            field: field.to_owned(),
        })
    })
}

fn recorded<'a>(
    batch: &'a Batch,
    at: &StepRef,
    field: &str,
) -> Result<(&'a Field, &'a Entry), Refusal> {
    let step =
        batch.documents.master_record.step(&at.key).ok_or_else(|| {
            Refusal::Processing(ProcessingRefusal::UnknownStep { step: at.clone() })
        })?;
    let definition = field_of(batch, at, step, field)?;
    let entry = batch
        .steps
        .get(at)
        .and_then(|record| record.entries.get(field));
    let entry = entry.ok_or_else(|| {
        Refusal::Processing(ProcessingRefusal::NotRecorded {
            label: definition.label.clone(),
        })
    })?;
    Ok((definition, entry))
}

fn fits(field: &Field, value: &FieldValue, context: &Context) -> Result<(), Refusal> {
    if !field.takes(value) {
        return Err(Refusal::Processing(ProcessingRefusal::WrongKind {
            field: field.key.clone(),
            label: field.label.clone(),
        }));
    }
    if let FieldValue::Text(text) = value {
        typed::placed(text, &field.label, Takes::Words).map_err(|why| {
            Refusal::Input(InputRefusal::NotTaken {
                field: "value",
                why,
            })
        })?;
    }
    // A clock that isn't confirmed says nothing of what is later.
    let later = match value {
        _ if context.clock == ClockState::NotConfirmed => None,
        FieldValue::Moment(at) if *at > context.now && !field.future => Some(context.shown(*at)),
        FieldValue::Day(day) if *day > context.today() && !field.future => Some(day.to_string()),
        _ => None,
    };
    match later {
        Some(at) => Err(Refusal::Input(InputRefusal::InFuture {
            field: "value",
            what: "The value",
            at,
        })),
        None => Ok(()),
    }
}
