//! Units: storing and destroying.

use super::{
    above_zero, counted,
    entry::{before, open_step},
    words,
};
use crate::{
    batch::{Batch, BatchEvent, Context, Refusal, Unit, UnitForm, UnitState},
    decimal::grouped,
    ids::UnitId,
    master_record::{StepKind, StepRef},
    time::Timestamp,
};
use rust_decimal::Decimal;

#[expect(
    clippy::too_many_arguments,
    reason = "a unit has that many figures, each with its own name in the command"
)]
pub(super) fn store(
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
            return Err(Refusal::WrongStep {
                title: batch.step_title(&at),
                what: "units are stored",
            });
        }
    };
    let viable_cells = above_zero("viable_cells", "Viable cells in the unit", viable_cells)?;
    if batch.unit(unit).is_some() {
        return Err(Refusal::IdUsed { what: "unit" });
    }
    let viable_cells = counted("viable_cells", "Viable cells in the unit", viable_cells)?;
    let volume_ml = above_zero("volume_ml", "Volume of the unit", volume_ml)?;
    // Cells don't appear from nowhere: what is stored was harvested.
    let left = batch.viable_left().unwrap_or_default();
    if viable_cells > left {
        let (wanted, left) = (grouped(viable_cells), grouped(left));
        return Err(Refusal::TooManyCells {
            field: "viable_cells",
            wanted,
            left,
        });
    }
    let location = words("location", "Location", location)?;
    let taken = |one: &Unit| one.location == location && one.state == UnitState::Stored;
    if form == UnitForm::Frozen && batch.units.iter().any(taken) {
        return Err(Refusal::Implausible {
            field: "location",
            what: "Location",
            value: location,
            rule: "another unit of this batch lies there",
        });
    }
    let stored_at = context.stated("stored_at", "Stored at", stored_at, before(batch, &at))?;
    let code = format!("{}-U{:02}", batch.harvest.number, batch.units.len() + 1);
    Ok(BatchEvent::UnitStored {
        unit,
        code,
        form,
        step: at,
        viable_cells,
        volume_ml,
        location,
        stored_at,
    })
}

pub(super) fn destroy(
    batch: &Batch,
    context: &Context,
    unit: UnitId,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    let of = batch.unit(unit).ok_or(Refusal::UnknownUnit)?;
    if of.state != UnitState::Stored {
        return Err(Refusal::UnitEnded {
            unit: of.code.clone(),
        });
    }
    let reason = words("reason", "Reason", reason)?;
    Ok(BatchEvent::UnitDestroyed {
        unit,
        reason,
        destroyed_at: context.now,
    })
}
