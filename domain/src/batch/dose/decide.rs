//! Doses: prepared from released units, dispatched, infused or destroyed.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Dose, DoseCommand, DoseEvent, DoseRefusal, DoseState,
        InputRefusal, InventoryRefusal, Refusal, ReleasedUnit,
        decide::{Checks, above_zero, line, one, words},
        deviation,
    },
    decimal,
    identifiers::DonationNumber,
    ids::{DoseId, UnitId},
    time::Timestamp,
    typed::Takes,
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// What a command on doses does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: DoseCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    match command {
        DoseCommand::PrepareDose { dose, units } => prepare(batch, context, dose, units).map(one),
        DoseCommand::DispatchDose {
            dose,
            subject,
            din,
            destination,
        } => dispatch(batch, context, dose, &subject, din, &destination).map(one),
        DoseCommand::RecordInfusion {
            dose,
            started_at,
            ended_at,
            volume_ml,
            given_on_hold,
        } => {
            let during = (started_at, ended_at);
            infuse(batch, context, dose, during, volume_ml, given_on_hold)
        }
        DoseCommand::DestroyDose { dose, reason } => {
            destroy(batch, context, dose, &reason).map(one)
        }
    }
}

fn prepare(
    batch: &Batch,
    context: &Context,
    dose: DoseId,
    units: Vec<UnitId>,
) -> Result<BatchEvent, Refusal> {
    batch.may_leave(context.now)?;
    if batch.dose(dose).is_some() {
        return Err(Refusal::Input(InputRefusal::IdUsed { what: "dose" }));
    }
    let units: BTreeSet<_> = units.into_iter().collect();
    if units.is_empty() {
        return Err(Refusal::Dose(DoseRefusal::NoUnitChosen));
    }
    let released = units
        .iter()
        .map(|unit| batch.released_unit(*unit, context))
        .collect::<Result<Vec<_>, _>>()?;
    let viable_cells = viable_cells(&released);
    in_window(batch, viable_cells)?;
    Ok(BatchEvent::Dose(DoseEvent::DosePrepared {
        dose,
        code: format!("{}-DOSE{}", batch.harvest.number, batch.doses.len() + 1),
        units: released.iter().map(|one| one.unit().id).collect(),
        viable_cells,
        weight_kg: batch.harvest.weight_kg,
        weighed_on: batch.harvest.weighed_on,
    }))
}

fn viable_cells(released: &[ReleasedUnit<'_>]) -> Decimal {
    released.iter().map(|one| one.unit().viable_cells).sum()
}

/// Whether so many viable cells are a dose for the patient's weight as it is recorded now.
fn in_window(batch: &Batch, viable: Decimal) -> Result<(), Refusal> {
    let weight = batch.harvest.weight_kg;
    match &batch.documents.specification.dose {
        Some(window) if !window.permits(viable, weight) => {
            let per_kg = viable
                .checked_div(weight)
                .and_then(|cells| cells.checked_div(Decimal::from(1_000_000)));
            Err(Refusal::Dose(DoseRefusal::DoseOutsideWindow {
                viable: decimal::grouped(viable),
                weight: weight.to_string(),
                per_kg: decimal::shown(per_kg.unwrap_or_default(), 2),
                window: window.text(),
            }))
        }
        _ => Ok(()),
    }
}

fn dispatch(
    batch: &Batch,
    context: &Context,
    dose: DoseId,
    subject: &str,
    din: DonationNumber,
    destination: &str,
) -> Result<BatchEvent, Refusal> {
    let of = dose_of(batch, dose)?;
    batch.may_leave(context.now)?;
    if of.state != DoseState::Prepared {
        return Err(wrong_state(of, "prepared and still at the site"));
    }
    not_expired(batch, context, of)?;
    // The weight may have been corrected since the dose was prepared.
    in_window(batch, of.viable_cells)?;
    // ATMP-9: identity is confirmed at each transfer, by two identifiers.
    let mut checks = Checks::default();
    let subject = subject.trim();
    // A keyboard may change the case of letters and nothing else; what was typed is what is recorded.
    if !subject.eq_ignore_ascii_case(&batch.harvest.subject) {
        checks.refuse(Refusal::Dose(DoseRefusal::WrongRecipient {
            field: "subject",
            what: "Subject code",
            given: subject.to_owned(),
        }));
    }
    if din != batch.harvest.din {
        checks.refuse(Refusal::Dose(DoseRefusal::WrongRecipient {
            field: "din",
            what: batch.harvest.din.name(),
            given: din.to_string(),
        }));
    }
    let destination = checks.take(line(
        "destination",
        "Destination",
        destination,
        Takes::Words,
    ));
    let Some(destination) = destination.filter(|_| checks.passed()) else {
        return Err(checks.refused());
    };
    let subject = subject.to_owned();
    Ok(BatchEvent::Dose(DoseEvent::DoseDispatched {
        dose,
        subject,
        din,
        destination,
        dispatched_at: context.now,
    }))
}

fn infuse(
    batch: &Batch,
    context: &Context,
    dose: DoseId,
    (started_at, ended_at): (Timestamp, Timestamp),
    volume_ml: Decimal,
    given_on_hold: bool,
) -> Result<Vec<BatchEvent>, Refusal> {
    let of = dose_of(batch, dose)?;
    let DoseState::Dispatched { at, .. } = of.state else {
        return Err(wrong_state(of, "dispatched"));
    };
    let on_hold = batch.dose_held_by(context.now);
    if let Some(held_by) = on_hold.clone().filter(|_| !given_on_hold) {
        return Err(Refusal::Dose(DoseRefusal::InfusionOnHold { held_by }));
    }
    let dispatched = Some(("the dispatch".to_owned(), at));
    let mut checks = Checks::default();
    let start = Some(("its start".to_owned(), started_at));
    let started_at = checks.take(context.stated(
        "started_at",
        "Start of the infusion",
        Some(started_at),
        dispatched,
    ));
    let ended = context.stated("ended_at", "End of the infusion", Some(ended_at), start);
    let ended_at = checks.take(ended);
    let volume_ml = checks.take(above_zero("volume_ml", "Volume given", volume_ml));
    let (Some(started_at), Some(ended_at), Some(volume_ml)) = (started_at, ended_at, volume_ml)
    else {
        return Err(checks.refused());
    };
    let raised = (on_hold.as_ref())
        .map(|held_by| deviation::decide::of_infusion_on_hold(batch, &of.code, held_by));
    let mut events = vec![BatchEvent::Dose(DoseEvent::DoseInfused {
        dose,
        started_at,
        ended_at,
        volume_ml,
        on_hold,
    })];
    events.extend(raised);
    Ok(events)
}

fn destroy(
    batch: &Batch,
    context: &Context,
    dose: DoseId,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    let of = dose_of(batch, dose)?;
    match of.state {
        DoseState::Prepared | DoseState::Dispatched { .. } => {
            let reason = words("reason", "Reason", reason)?;
            Ok(BatchEvent::Dose(DoseEvent::DoseDestroyed {
                dose,
                reason,
                destroyed_at: context.now,
            }))
        }
        _ => Err(wrong_state(of, "prepared or dispatched")),
    }
}

fn dose_of(batch: &Batch, id: DoseId) -> Result<&Dose, Refusal> {
    batch
        .dose(id)
        .ok_or(Refusal::Dose(DoseRefusal::UnknownDose))
}

fn not_expired(batch: &Batch, context: &Context, dose: &Dose) -> Result<(), Refusal> {
    match batch
        .dose_expires_at(dose)
        .filter(|expires_at| context.now >= *expires_at)
    {
        Some(at) => Err(Refusal::Inventory(InventoryRefusal::Expired {
            what: dose.code.clone(),
            at: context.shown(at),
        })),
        None => Ok(()),
    }
}

fn wrong_state(dose: &Dose, wanted: &'static str) -> Refusal {
    let state = match dose.state {
        DoseState::Prepared => "prepared and still at the site",
        DoseState::Dispatched { .. } => "dispatched",
        DoseState::Infused { .. } => "already infused",
        DoseState::Destroyed { .. } => "destroyed",
    };
    Refusal::Dose(DoseRefusal::DoseState {
        dose: dose.code.clone(),
        state,
        wanted,
    })
}
