//! Stops: raised by a failing answer, lifted by the record that the master record names.

use crate::{
    batch::{
        Batch, BatchEvent, Context, DeviationEvent, Entry, FieldValue, IdentifierReading, Meaning,
        Refusal, Stop, StopCommand, StopEvent, StopRefusal,
        decide::{is_before, open, words},
        deviation,
    },
    identifiers::DonationNumber,
    master_record::{Field, LiftedBy, StepRef},
    rights::Role,
};

/// What a command on stops does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: StopCommand,
    context: &Context,
    role: Role,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        StopCommand::ReadIdentifiers { stop, subject, din } => {
            read_identifiers(batch, stop, &subject, din)
        }
        StopCommand::LiftStop {
            stop,
            evidence,
            seen,
        } => lift(batch, context, role, stop, evidence, seen),
    }?;
    Ok(vec![event])
}

/// What an entry in `field` raises, where it is a stop and the answer is outside what is expected. `before` is how many
/// stops the same act has raised already.
pub(in crate::batch) fn raised(
    batch: &Batch,
    context: &Context,
    at: &StepRef,
    field: &Field,
    value: &FieldValue,
    outside: Option<&str>,
    before: usize,
) -> Vec<BatchEvent> {
    match (&field.stop, outside) {
        (Some(lifted_by), Some(expected)) => {
            let rule = Rule {
                step: at,
                field: &field.key,
                label: &field.label,
                lifted_by,
            };
            let found = in_words(context, field, value);
            raise(batch, &rule, &found, expected, before)
        }
        (None, _) | (_, None) => Vec::new(),
    }
}

/// What a lifting entry says once it is corrected.
pub(in crate::batch) struct Corrected<'a> {
    pub(in crate::batch) value: &'a FieldValue,
    /// What was expected, where the value fails now.
    pub(in crate::batch) outside: Option<&'a str>,
    /// Whether the second person's confirmation falls with the correction.
    pub(in crate::batch) unconfirmed: bool,
}

/// What the correction of `entry` raises again: every stop that was lifted on it, where the entry would not lift it any
/// more. A stop that has held the batch again since, for the same field, is not raised another time.
pub(in crate::batch) fn raised_again(
    batch: &Batch,
    context: &Context,
    entry: &Entry,
    field: &Field,
    corrected: &Corrected<'_>,
    before: usize,
) -> Vec<BatchEvent> {
    let found = format!(
        "{} {}",
        field.label,
        in_words(context, field, corrected.value)
    );
    let (found, expected) = match corrected.outside {
        Some(expected) => (found, expected),
        None if corrected.unconfirmed && field.critical => (
            format!("{found} was corrected after it had lifted this stop"),
            "an entry that a second person confirmed",
        ),
        None => return Vec::new(),
    };
    batch
        .stops
        .iter()
        .filter(|stop| stop.rests_on(entry) && !batch.stopped_since(stop))
        .enumerate()
        .flat_map(|(nth, stop)| {
            let rule = Rule {
                step: &stop.step,
                field: &stop.field,
                label: &stop.label,
                lifted_by: &stop.lifted_by,
            };
            raise(batch, &rule, &found, expected, before + nth)
        })
        .collect()
}

/// The rule of the master record that stops.
struct Rule<'a> {
    step: &'a StepRef,
    field: &'a str,
    label: &'a str,
    lifted_by: &'a LiftedBy,
}

/// The `nth` stop, from 0, that the next entry of the batch raises, and its deviation.
fn raise(
    batch: &Batch,
    rule: &Rule<'_>,
    found: &str,
    expected: &str,
    nth: usize,
) -> Vec<BatchEvent> {
    let deviation = deviation::decide::own_id(batch, nth);
    let master_record = batch.documents.master_record.label();
    let description = format!(
        "{}: {found}, expected {expected}. This is a stop of master record {master_record}: the batch is on hold. What \
         lifts it: {}.",
        rule.label,
        batch.lift_words(rule.lifted_by)
    );
    vec![
        BatchEvent::Stop(StopEvent::StopRaised {
            step: rule.step.clone(),
            field: rule.field.to_owned(),
            entry: batch.version + 1,
            found: found.to_owned(),
            expected: expected.to_owned(),
            lifted_by: rule.lifted_by.clone(),
            master_record: batch.harvest.master_record.clone(),
            deviation,
        }),
        BatchEvent::Deviation(DeviationEvent::DeviationRaised {
            deviation,
            number: deviation::decide::number(batch, batch.deviations.len() + nth + 1),
            step: Some(rule.step.clone()),
            description,
        }),
    ]
}

fn in_words(context: &Context, field: &Field, value: &FieldValue) -> String {
    match value {
        FieldValue::Moment(at) => context.shown(*at),
        FieldValue::Number(_)
        | FieldValue::Text(_)
        | FieldValue::Choice(_)
        | FieldValue::YesNo(_)
        | FieldValue::Day(_) => field.shown(value),
    }
}

/// Both identifiers were read again. What was read is recorded also where it does not agree: QA has to know it.
fn read_identifiers(
    batch: &Batch,
    number: u64,
    subject: &str,
    din: DonationNumber,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let stop = open_stop(batch, number)?;
    if stop.lifted_by != LiftedBy::Identifiers {
        return Err(Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: stop.label.clone(),
            needed: batch.lift_words(&stop.lifted_by),
        }));
    }
    let subject = words("subject", "Subject code", subject)?;
    // As at dispatch: case is folded for comparing alone.
    let same_subject = subject.eq_ignore_ascii_case(&batch.harvest.subject);
    let agree = same_subject && din == batch.harvest.din;
    Ok(BatchEvent::Stop(StopEvent::IdentifiersRead {
        stop: number,
        subject,
        din,
        agree,
    }))
}

/// QA lifts a stop on what the master record names for it.
fn lift(
    batch: &Batch,
    context: &Context,
    role: Role,
    number: u64,
    evidence: Vec<u64>,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let stop = open_stop(batch, number)?;
    if stop.raised.by.user == context.user {
        return Err(own(context));
    }
    let otherwise = || {
        Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: stop.label.clone(),
            needed: batch.lift_words(&stop.lifted_by),
        })
    };
    match &stop.lifted_by {
        LiftedBy::Nothing => return Err(otherwise()),
        LiftedBy::Entry { step, field } => {
            let [entry] = evidence.as_slice() else {
                return Err(otherwise());
            };
            let found = (entry_at(batch, step, field, *entry)).ok_or_else(otherwise)?;
            passes(batch, context, stop, found)?;
            let by_them = |stamp: &crate::batch::Stamp| stamp.by.user == context.user;
            let own_entry = found.entry.values.iter().any(|value| by_them(&value.stamp))
                || found.entry.verified.as_ref().is_some_and(by_them);
            if own_entry {
                return Err(own(context));
            }
        }
        LiftedBy::Identifiers => {
            let readings = two_readings(stop, &evidence).ok_or_else(otherwise)?;
            if readings.iter().any(|one| one.stamp.by.user == context.user) {
                return Err(own(context));
            }
        }
    }
    let (signature, signed) = context.sign(batch, role, Meaning::StopLifted, seen)?;
    Ok(BatchEvent::Stop(StopEvent::StopLifted {
        stop: number,
        evidence,
        signature,
        signed,
    }))
}

fn own(context: &Context) -> Refusal {
    Refusal::Stop(StopRefusal::OwnStop {
        name: context.name.clone(),
    })
}

/// An entry that could lift a stop, with its field.
#[derive(Clone, Copy)]
struct Found<'a> {
    field: &'a Field,
    entry: &'a Entry,
}

/// The entry of this field whose present value is the one with this number.
fn entry_at<'a>(batch: &'a Batch, step: &str, field: &str, number: u64) -> Option<Found<'a>> {
    let definition = batch.documents.master_record.step(step)?.field(field)?;
    let of_step = batch.steps.iter().filter(|(at, _)| at.key == step);
    let entry = of_step
        .filter_map(|(_, record)| record.entries.get(field))
        .find(|entry| {
            let present = entry
                .values
                .last()
                .filter(|_| entry.not_applicable.is_none());
            present.is_some_and(|value| value.stamp.version == number)
        })?;
    Some(Found {
        field: definition,
        entry,
    })
}

/// Whether an entry lifts a stop: recorded after it, of a time not before what stopped the batch, passing, and confirmed
/// where it is critical.
fn passes(batch: &Batch, context: &Context, stop: &Stop, found: Found<'_>) -> Result<(), Refusal> {
    let Found { field, entry } = found;
    let made_after =
        (entry.values.first()).is_some_and(|first| first.stamp.version > stop.number());
    if !made_after {
        return Err(Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: stop.label.clone(),
            needed: batch.lift_words(&stop.lifted_by),
        }));
    }
    let found_at = batch.found_at(stop);
    if is_before(entry.performed_at, found_at) {
        return Err(Refusal::Stop(StopRefusal::LiftingEntryBefore {
            label: field.label.clone(),
            at: context.shown(entry.performed_at),
            stop: stop.label.clone(),
            raised: context.shown(found_at),
        }));
    }
    if let Some(outside) = entry.values.last().and_then(|value| value.outside.clone()) {
        return Err(Refusal::Stop(StopRefusal::LiftingEntryFails {
            label: field.label.clone(),
            value: (entry.value()).map_or_else(String::new, |value| field.shown(value)),
            expected: outside,
        }));
    }
    if field.critical && entry.verified.is_none() {
        return Err(Refusal::Stop(StopRefusal::LiftingEntryNotVerified {
            label: field.label.clone(),
        }));
    }
    Ok(())
}

/// The two readings that these numbers name: both agree, none was made before one that did not, by two people.
fn two_readings<'a>(stop: &'a Stop, evidence: &[u64]) -> Option<[&'a IdentifierReading; 2]> {
    let [first, second] = evidence else {
        return None;
    };
    let reading =
        |number: &u64| (stop.agreeing_readings().iter()).find(|one| one.stamp.version == *number);
    let (first, second) = (reading(first)?, reading(second)?);
    (first.stamp.by.user != second.stamp.by.user).then_some([first, second])
}

fn open_stop(batch: &Batch, number: u64) -> Result<&Stop, Refusal> {
    let stop = batch.stop(number).ok_or_else(|| {
        Refusal::Stop(StopRefusal::UnknownStop {
            batch: batch.harvest.number.clone(),
        })
    })?;
    match &stop.lifted {
        Some(lifted) => Err(Refusal::Stop(StopRefusal::StopLifted {
            label: stop.label.clone(),
            name: lifted.signature.name.clone(),
        })),
        None => Ok(stop),
    }
}
