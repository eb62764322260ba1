//! Units: storing and destroying.

use crate::{
    batch::{
        Batch, BatchEvent, Context, InputRefusal, InventoryCommand, InventoryEvent,
        InventoryRefusal, ProcessingRefusal, Refusal, UnitForm, UnitState,
        claims::position_free,
        decide::{Checks, above_zero, counted, short_words, words},
        processing::entry::{before, open_step},
    },
    decimal::grouped,
    identifiers::folded_position,
    ids::UnitId,
    master_record::{StepKind, StepRef},
    time::Timestamp,
    typed::{self, Takes},
};
use rust_decimal::Decimal;

/// What a command on units does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: InventoryCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        InventoryCommand::StoreUnit {
            unit,
            step,
            viable_cells,
            volume_ml,
            location,
            stored_at,
        } => store(
            batch,
            context,
            unit,
            step,
            viable_cells,
            volume_ml,
            &location,
            stored_at,
        ),
        InventoryCommand::DestroyUnit { unit, reason } => destroy(batch, context, unit, &reason),
    }?;
    Ok(vec![event])
}

/// The longest location: tank, rack, box and position in words.
const MAX_LOCATION: usize = 100;

#[expect(
    clippy::too_many_arguments,
    reason = "a unit has that many figures, each with its own name in the command"
)]
fn store(
    batch: &Batch,
    context: &Context,
    unit: UnitId,
    at: StepRef,
    viable_cells: Decimal,
    volume_ml: Decimal,
    location: &str,
    stored_at: Option<Timestamp>,
) -> Result<BatchEvent, Refusal> {
    let form = match open_step(batch, &at)?.step.kind {
        StepKind::Freeze => UnitForm::Frozen,
        StepKind::Formulate => UnitForm::Formulated,
        _ => {
            return Err(Refusal::Processing(ProcessingRefusal::WrongStep {
                title: batch.step_title(&at),
                what: "units are stored",
            }));
        }
    };
    if batch.unit(unit).is_some() {
        return Err(Refusal::Input(InputRefusal::IdUsed { what: "unit" }));
    }
    let mut checks = Checks::default();
    let viable_cells = checks.take(cells_of_unit(batch, viable_cells));
    let volume_ml = checks.take(above_zero("volume_ml", "Volume of the unit", volume_ml));
    let location = checks.take(free(batch, context, form, location));
    let stored_at =
        checks.take(context.stated("stored_at", "Stored at", stored_at, before(batch, &at)));
    let (Some(viable_cells), Some(volume_ml), Some(location), Some(stored_at)) =
        (viable_cells, volume_ml, location, stored_at)
    else {
        return Err(checks.refused());
    };
    let code = format!("{}-U{:02}", batch.harvest.number, batch.units.len() + 1);
    Ok(BatchEvent::Inventory(InventoryEvent::UnitStored {
        unit,
        code,
        form,
        step: at,
        viable_cells,
        volume_ml,
        location,
        stored_at,
    }))
}

/// Cells don't appear from nowhere: what is stored was harvested.
fn cells_of_unit(batch: &Batch, viable_cells: Decimal) -> Result<Decimal, Refusal> {
    let (field, what) = ("viable_cells", "Viable cells in the unit");
    above_zero(field, what, viable_cells)?;
    let viable_cells = counted(field, what, viable_cells)?;
    let left = batch.viable_left().unwrap_or_default();
    if viable_cells > left {
        let (wanted, left) = (grouped(viable_cells), grouped(left));
        return Err(Refusal::Inventory(InventoryRefusal::TooManyCells {
            field,
            wanted,
            left,
        }));
    }
    Ok(viable_cells)
}

/// A place at which no other frozen unit lies, of this batch or another.
fn free(
    batch: &Batch,
    context: &Context,
    form: UnitForm,
    location: &str,
) -> Result<String, Refusal> {
    let location = short_words("location", "Location", location, MAX_LOCATION)?;
    typed::placed(&location, "Location", Takes::Position).map_err(|why| {
        Refusal::Input(InputRefusal::NotTaken {
            field: "location",
            why,
        })
    })?;
    if folded_position(&location).is_empty() {
        return Err(Refusal::Input(InputRefusal::Implausible {
            field: "location",
            what: "Location",
            value: format!("“{location}”"),
            rule: "it names tank, rack, box or position by letters and digits",
        }));
    }
    if form == UnitForm::Frozen {
        position_free(batch, &location, &context.held)?;
    }
    Ok(location)
}

fn destroy(
    batch: &Batch,
    context: &Context,
    unit: UnitId,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    let of = batch
        .unit(unit)
        .ok_or(Refusal::Inventory(InventoryRefusal::UnknownUnit))?;
    if of.state != UnitState::Stored {
        return Err(Refusal::Inventory(InventoryRefusal::UnitEnded {
            unit: of.code.clone(),
        }));
    }
    let reason = words("reason", "Reason", reason)?;
    Ok(BatchEvent::Inventory(InventoryEvent::UnitDestroyed {
        unit,
        reason,
        destroyed_at: context.now,
    }))
}
