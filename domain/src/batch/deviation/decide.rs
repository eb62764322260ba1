//! Deviations: raised by anyone at work, classified, assessed and closed by QA.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Deviation, DeviationClass, DeviationCommand, DeviationEvent,
        DeviationRefusal, Disposition, InputRefusal, Meaning, ProcessingRefusal, Refusal,
        decide::{Checks, words},
    },
    ids::DeviationId,
    master_record::StepRef,
    rights::Role,
};

/// What a command on deviations does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: DeviationCommand,
    context: &Context,
    role: Role,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        DeviationCommand::RaiseDeviation {
            deviation,
            step,
            description,
        } => raise(batch, deviation, step, &description),
        DeviationCommand::ClassifyDeviation { deviation, class } => {
            classify(batch, deviation, class)
        }
        DeviationCommand::AssessDeviation {
            deviation,
            root_cause,
            impact,
        } => assess(batch, deviation, &root_cause, &impact),
        DeviationCommand::CloseDeviation { deviation, seen } => {
            close(batch, context, role, deviation, seen)
        }
    }?;
    Ok(vec![event])
}

fn raise(
    batch: &Batch,
    deviation: DeviationId,
    step: Option<StepRef>,
    description: &str,
) -> Result<BatchEvent, Refusal> {
    if batch.deviation(deviation).is_some() {
        return Err(Refusal::Input(InputRefusal::IdUsed { what: "deviation" }));
    }
    if let Some(at) = step.as_ref().filter(|at| batch.planned(at).is_none()) {
        return Err(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: at.clone(),
        }));
    }
    let description = words("description", "What happened", description)?;
    Ok(BatchEvent::Deviation(DeviationEvent::DeviationRaised {
        deviation,
        number: next_number(batch),
        step,
        description,
    }))
}

/// A dose was given although something held it: that is a deviation, whoever records it.
pub(in crate::batch) fn of_infusion_on_hold(
    batch: &Batch,
    dose: &str,
    held_by: &str,
) -> BatchEvent {
    BatchEvent::Deviation(DeviationEvent::DeviationRaised {
        deviation: own_id(batch, 0),
        number: next_number(batch),
        step: None,
        description: format!("{dose} was given while the batch was on hold: {held_by}."),
    })
}

/// The id of the `nth` deviation, from 0, that the next entry of a batch raises by itself: one that no deviation has, also
/// where somebody chose it for theirs.
pub(in crate::batch) fn own_id(batch: &Batch, nth: usize) -> DeviationId {
    let id = |salt: u64| DeviationId::raised_by(batch.id, batch.version + 1, salt);
    let mut free = (0..).map(id).filter(|id| batch.deviation(*id).is_none());
    free.nth(nth).unwrap_or_else(|| id(0))
}

/// The number of the next deviation of a batch.
fn next_number(batch: &Batch) -> String {
    number(batch, batch.deviations.len() + 1)
}

/// The number of the `nth` deviation of a batch, from 1.
pub(in crate::batch) fn number(batch: &Batch, nth: usize) -> String {
    format!("{}-D{nth}", batch.harvest.number)
}

fn classify(
    batch: &Batch,
    deviation: DeviationId,
    class: DeviationClass,
) -> Result<BatchEvent, Refusal> {
    let of = open_deviation(batch, deviation)?;
    match &of.class {
        Some((before, _)) if *before == class => {
            Err(Refusal::Input(InputRefusal::NothingChanged {
                value: class.to_string(),
            }))
        }
        _ => Ok(BatchEvent::Deviation(DeviationEvent::DeviationClassified {
            deviation,
            class,
        })),
    }
}

fn assess(
    batch: &Batch,
    deviation: DeviationId,
    root_cause: &str,
    impact: &str,
) -> Result<BatchEvent, Refusal> {
    open_deviation(batch, deviation)?;
    let mut checks = Checks::default();
    let root_cause = checks.take(words("root_cause", "Root cause", root_cause));
    let impact = checks.take(words("impact", "Impact on product and patient", impact));
    let (Some(root_cause), Some(impact)) = (root_cause, impact) else {
        return Err(checks.refused());
    };
    Ok(BatchEvent::Deviation(DeviationEvent::DeviationAssessed {
        deviation,
        root_cause,
        impact,
    }))
}

fn close(
    batch: &Batch,
    context: &Context,
    role: Role,
    deviation: DeviationId,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    let of = open_deviation(batch, deviation)?;
    let incomplete = |missing| {
        Refusal::Deviation(DeviationRefusal::DeviationIncomplete {
            number: of.number.clone(),
            missing,
        })
    };
    if of.class.is_none() {
        return Err(incomplete("it is not classified"));
    }
    if of.assessment.is_none() {
        return Err(incomplete("root cause and impact are not stated"));
    }
    let holds = batch.open_stops().any(|stop| stop.deviation == deviation);
    if holds && !matches!(batch.disposition, Disposition::Rejected { .. }) {
        return Err(incomplete("its stop still holds the batch"));
    }
    if of.raised.by.user == context.user {
        return Err(Refusal::Deviation(DeviationRefusal::OwnDeviation {
            name: context.name.clone(),
        }));
    }
    let (signature, signed) = context.sign(batch, role, Meaning::DeviationClosed, seen)?;
    Ok(BatchEvent::Deviation(DeviationEvent::DeviationClosed {
        deviation,
        signature,
        signed,
    }))
}

fn open_deviation(batch: &Batch, id: DeviationId) -> Result<&Deviation, Refusal> {
    let of = batch.deviation(id).ok_or_else(|| {
        Refusal::Deviation(DeviationRefusal::UnknownDeviation {
            batch: batch.harvest.number.clone(),
        })
    })?;
    if of.closed.is_some() {
        return Err(Refusal::Deviation(DeviationRefusal::DeviationClosed {
            number: of.number.clone(),
        }));
    }
    Ok(of)
}
