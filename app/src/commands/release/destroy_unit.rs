//! Recording that a unit was destroyed.

use domain::batch::{BatchCommand, InventoryCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Records that a unit was destroyed.
///
/// # Errors
/// None of its own.
#[server(endpoint = "destroy-unit", input = FormPost)]
pub async fn destroy_unit(
    /// `batch`, `unit`, `reason`.
    form: Typed,
) -> Answered {
    let done = destroy(&form).await;
    answer(form, done).await
}

async fn destroy(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::DestroyUnit).await?;
    let mut reading = Reading::of(form);
    let unit = reading.choice("unit", "Unit");
    let reason = reading.text("reason", "Reason");
    let (Some(unit), Some(reason)) = (unit, reason) else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Inventory(InventoryCommand::DestroyUnit { unit, reason });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("unit-{unit}")))
}
