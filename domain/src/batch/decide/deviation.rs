//! Deviations: raised by anyone at work, classified, assessed and closed by QA.

use super::{Checks, words};
use crate::{
    batch::{Batch, BatchEvent, Context, Deviation, DeviationClass, Disposition, Meaning, Refusal},
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
    Ok(BatchEvent::DeviationRaised {
        deviation,
        number: next_number(batch),
        step,
        description,
    })
}

/// A dose was given although something held it: that is a deviation, whoever records it.
pub(super) fn of_infusion_on_hold(batch: &Batch, dose: &str, held_by: &str) -> BatchEvent {
    BatchEvent::DeviationRaised {
        deviation: own_id(batch, 0),
        number: next_number(batch),
        step: None,
        description: format!("{dose} was given while the batch was on hold: {held_by}."),
    }
}

/// The id of the `nth` deviation, from 0, that the next entry of a batch raises by itself: one that no deviation has, also
/// where somebody chose it for theirs.
pub(super) fn own_id(batch: &Batch, nth: usize) -> DeviationId {
    let id = |salt: u64| DeviationId::raised_by(batch.id, batch.version + 1, salt);
    let mut free = (0..).map(id).filter(|id| batch.deviation(*id).is_none());
    free.nth(nth).unwrap_or_else(|| id(0))
}

/// The number of the next deviation of a batch.
fn next_number(batch: &Batch) -> String {
    number(batch, batch.deviations.len() + 1)
}

/// The number of the `nth` deviation of a batch, from 1.
pub(super) fn number(batch: &Batch, nth: usize) -> String {
    format!("{}-D{nth}", batch.harvest.number)
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
    let holds = batch.open_stops().any(|stop| stop.deviation == deviation);
    if holds && !matches!(batch.disposition, Disposition::Rejected { .. }) {
        return Err(incomplete("its stop still holds the batch"));
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
