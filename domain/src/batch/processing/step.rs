//! Steps: completing, signing again, marking as not applicable, ending the culture, comments.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Meaning, ProcessingEvent, ProcessingRefusal, Progress, Refusal,
        StopRefusal,
        decide::{open, words},
        processing::entry::{before, open_step},
        times::decide::last_done,
    },
    master_record::{Step, StepKind, StepRef, StepSignature},
    rights::Role,
    time::Timestamp,
};

pub(in crate::batch) fn complete(
    batch: &Batch,
    context: &Context,
    role: Role,
    at: StepRef,
    performed_at: Option<Timestamp>,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    let again = signature_void(batch, &at);
    let step = if again {
        open(batch)?;
        batch.documents.master_record.step(&at.key).ok_or_else(|| {
            Refusal::Processing(ProcessingRefusal::UnknownStep { step: at.clone() })
        })?
    } else {
        open_step(batch, &at)?.step
    };
    let title = batch.step_title(&at);
    nothing_missing(batch, &at, step, &title)?;
    let performed_at = match (
        again,
        batch
            .steps
            .get(&at)
            .and_then(|record| record.completed.as_ref()),
    ) {
        (true, Some(completion)) => completion.performed_at,
        _ => {
            let last = last_done(batch, &at).map(|last| (title.clone(), last));
            let earliest = last.into_iter().chain(before(batch, &at));
            let earliest = earliest.max_by_key(|(_, time)| *time);
            context.stated("performed_at", "End of the step", performed_at, earliest)?
        }
    };
    let (signature, signed) = match step.signature {
        StepSignature::None => (None, None),
        StepSignature::Performed => {
            let (signature, signed) = context.sign(batch, role, Meaning::Performed, seen)?;
            (Some(signature), Some(signed))
        }
    };
    Ok(BatchEvent::Processing(ProcessingEvent::StepCompleted {
        step: at,
        performed_at,
        signature,
        signed,
    }))
}

fn signature_void(batch: &Batch, at: &StepRef) -> bool {
    let mut of_step = batch
        .signatures
        .iter()
        .filter(|record| record.step.as_ref() == Some(at))
        .peekable();
    of_step.peek().is_some() && of_step.all(|record| record.void_since.is_some())
}

fn nothing_missing(batch: &Batch, at: &StepRef, step: &Step, title: &str) -> Result<(), Refusal> {
    let title = title.to_owned();
    let entry = |key: &str| {
        batch
            .steps
            .get(at)
            .and_then(|record| record.entries.get(key))
    };
    let missing: Vec<_> = step
        .fields
        .iter()
        .filter(|field| field.required && entry(&field.key).is_none())
        .map(|field| field.label.clone())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::Processing(ProcessingRefusal::FieldsMissing {
            title,
            fields: missing,
        }));
    }
    let unverified: Vec<_> = step
        .fields
        .iter()
        .filter(|field| {
            let waits = |entry: &crate::batch::Entry| {
                entry.verified.is_none() && entry.not_applicable.is_none()
            };
            field.critical && entry(&field.key).is_some_and(waits)
        })
        .map(|field| field.label.clone())
        .collect();
    if !unverified.is_empty() {
        return Err(Refusal::Processing(ProcessingRefusal::NotVerified {
            title,
            fields: unverified,
        }));
    }
    let stored = || batch.units.iter().any(|unit| unit.step == *at);
    match step.kind {
        StepKind::Sample if !batch.samples.iter().any(|sample| sample.step == *at) => {
            Err(Refusal::Processing(ProcessingRefusal::NoSample { title }))
        }
        StepKind::Freeze | StepKind::Formulate if !stored() => {
            Err(Refusal::Processing(ProcessingRefusal::NoUnit { title }))
        }
        StepKind::Receive
        | StepKind::Isolate
        | StepKind::Seed
        | StepKind::ChangeMedium
        | StepKind::Observe
        | StepKind::Passage
        | StepKind::FinalHarvest
        | StepKind::Sample
        | StepKind::Freeze
        | StepKind::Formulate
        | StepKind::Checklist
        | StepKind::Assess => Ok(()),
    }
}

pub(in crate::batch) fn not_applicable(
    batch: &Batch,
    at: StepRef,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    let planned = open_step(batch, &at)?;
    // Without these the record holds no cells to speak of: what was not received, seeded or counted can't go on.
    let needed = matches!(
        planned.step.kind,
        StepKind::Receive
            | StepKind::Isolate
            | StepKind::Seed
            | StepKind::Passage
            | StepKind::FinalHarvest
    );
    if needed {
        return Err(Refusal::Processing(ProcessingRefusal::WrongStep {
            title: batch.step_title(&at),
            what: "“not applicable” can be said",
        }));
    }
    // What was taken or stored has a label, which has to be held against the record.
    if let Some(made) = made_in(batch, &at) {
        return Err(Refusal::Processing(ProcessingRefusal::StepWasDone {
            title: batch.step_title(&at),
            made,
        }));
    }
    let stops = planned
        .step
        .fields
        .iter()
        .find(|field| field.stop.is_some());
    // Where no sample was taken, there is none whose label could be held against the record.
    if let Some(field) = stops.filter(|_| planned.step.kind != StepKind::Sample) {
        return Err(Refusal::Stop(StopRefusal::StopNotApplicable {
            label: field.label.clone(),
        }));
    }
    Ok(BatchEvent::Processing(ProcessingEvent::StepNotApplicable {
        step: at,
        reason: words("reason", "Reason", reason)?,
    }))
}

/// A sample or unit of a step, in words.
fn made_in(batch: &Batch, at: &StepRef) -> Option<String> {
    let sample = batch.samples.iter().find(|sample| sample.step == *at);
    let sample = sample.map(|sample| format!("sample {} was taken", sample.code));
    let unit = batch.units.iter().find(|unit| unit.step == *at);
    sample.or_else(|| unit.map(|unit| format!("unit {} was stored", unit.code)))
}

pub(in crate::batch) fn end_culture(batch: &Batch, reason: &str) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    // A culture ends between two passages: the one before is counted, the next one has no entries yet.
    let next = batch.next_step().filter(|planned| {
        let in_culture = planned.at.passage.is_some_and(|passage| passage > 0);
        let first = batch
            .documents
            .master_record
            .culture
            .as_ref()
            .map(|culture| culture.first_step.as_str());
        let untouched = batch
            .steps
            .get(&planned.at)
            .is_none_or(|record| !record.is_begun());
        in_culture
            && Some(planned.at.key.as_str()) == first
            && untouched
            && planned.progress == Progress::Open
    });
    match next {
        Some(_) => Ok(BatchEvent::Processing(ProcessingEvent::CultureEnded {
            reason: words("reason", "Reason", reason)?,
        })),
        None => Err(Refusal::Processing(ProcessingRefusal::CultureNotOpen)),
    }
}

pub(in crate::batch) fn comment(
    batch: &Batch,
    step: Option<StepRef>,
    text: &str,
) -> Result<BatchEvent, Refusal> {
    if let Some(at) = step.as_ref().filter(|at| batch.planned(at).is_none()) {
        return Err(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: at.clone(),
        }));
    }
    Ok(BatchEvent::Processing(ProcessingEvent::CommentAdded {
        step,
        text: words("text", "Comment", text)?,
    }))
}
