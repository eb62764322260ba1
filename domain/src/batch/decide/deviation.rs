//! Deviations: raised by anyone at work, classified, assessed and closed by QA.

use super::{Checks, words};
use crate::{
    batch::{Batch, BatchEvent, Context, Deviation, DeviationClass, Meaning, Refusal},
    ids::DeviationId,
    master_record::StepRef,
    rights::Role,
};

pub(super) fn raise(
    batch: &Batch,
    deviation: DeviationId,
    step: Option<StepRef>,
    description: &str,
) -> Result<BatchEvent, Refusal> {
    if batch.deviation(deviation).is_some() {
        return Err(Refusal::IdUsed { what: "deviation" });
    }
    if let Some(at) = step.as_ref().filter(|at| batch.planned(at).is_none()) {
        return Err(Refusal::UnknownStep { step: at.clone() });
    }
    let description = words("description", "What happened", description)?;
    let number = format!("{}-D{}", batch.harvest.number, batch.deviations.len() + 1);
    Ok(BatchEvent::DeviationRaised {
        deviation,
        number,
        step,
        description,
    })
}

pub(super) fn classify(
    batch: &Batch,
    deviation: DeviationId,
    class: DeviationClass,
) -> Result<BatchEvent, Refusal> {
    let of = open_deviation(batch, deviation)?;
    match &of.class {
        Some((before, _)) if *before == class => Err(Refusal::NothingChanged {
            value: class.to_string(),
        }),
        _ => Ok(BatchEvent::DeviationClassified { deviation, class }),
    }
}

pub(super) fn assess(
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
    Ok(BatchEvent::DeviationAssessed {
        deviation,
        root_cause,
        impact,
    })
}

pub(super) fn close(
    batch: &Batch,
    context: &Context,
    role: Role,
    deviation: DeviationId,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    let of = open_deviation(batch, deviation)?;
    let incomplete = |missing| Refusal::DeviationIncomplete {
        number: of.number.clone(),
        missing,
    };
    if of.class.is_none() {
        return Err(incomplete("it is not classified"));
    }
    if of.assessment.is_none() {
        return Err(incomplete("root cause and impact are not stated"));
    }
    if of.raised.by.user == context.user {
        return Err(Refusal::OwnDeviation {
            name: context.name.clone(),
        });
    }
    let (signature, signed) = context.sign(batch, role, Meaning::DeviationClosed, seen)?;
    Ok(BatchEvent::DeviationClosed {
        deviation,
        signature,
        signed,
    })
}

fn open_deviation(batch: &Batch, id: DeviationId) -> Result<&Deviation, Refusal> {
    let of = batch
        .deviation(id)
        .ok_or_else(|| Refusal::UnknownDeviation {
            batch: batch.harvest.number.clone(),
        })?;
    if of.closed.is_some() {
        return Err(Refusal::DeviationClosed {
            number: of.number.clone(),
        });
    }
    Ok(of)
}
