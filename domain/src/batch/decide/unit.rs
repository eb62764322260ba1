//! Units: storing and destroying.

use super::{
    above_zero, counted,
    entry::{before, open_step},
    short_words, words,
};
use crate::{
    batch::{Batch, BatchEvent, Context, Refusal, UnitForm, UnitState, claims::position_free},
    decimal::grouped,
    identifiers::folded_position,
    ids::UnitId,
    master_record::{StepKind, StepRef},
    time::Timestamp,
};
use rust_decimal::Decimal;

/// The longest location: tank, rack, box and position in words.
const MAX_LOCATION: usize = 100;

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
    let location = short_words("location", "Location", location, MAX_LOCATION)?;
    if folded_position(&location).is_empty() {
        return Err(Refusal::Implausible {
            field: "location",
            what: "Location",
            value: format!("“{location}”"),
            rule: "it names tank, rack, box or position by letters and digits",
        });
    }
    if form == UnitForm::Frozen {
        position_free(batch, &location, &context.held)?;
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
