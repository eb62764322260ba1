//! Preparing a dose from released units.

use domain::batch::{BatchCommand, DoseCommand, InventoryRefusal, Refusal};
use domain::ids::{DoseId, UnitId};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, new_id};
use crate::form::{FormPost, Typed};

/// Prepares a dose.
///
/// # Errors
/// None of its own.
#[server(endpoint = "prepare-dose", input = FormPost)]
pub async fn prepare_dose(
    /// `batch`, and `units` for each unit that is taken.
    form: Typed,
) -> Answered {
    let done = prepare(&form).await;
    answer(form, done).await
}

async fn prepare(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::GiveDose).await?;
    let unknown = |_| Refusal::Inventory(InventoryRefusal::UnknownUnit).words();
    let unit = |text: &str| text.parse::<UnitId>().map_err(unknown);
    let units = form.all("units").into_iter().map(unit);
    let units = units.collect::<Result<Vec<_>, Words>>()?;
    let dose = DoseId(new_id(form)?);
    let what = BatchCommand::Dose(DoseCommand::PrepareDose { dose, units });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("dose-{dose}")))
}
