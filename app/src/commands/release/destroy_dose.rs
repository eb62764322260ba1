//! Recording that a dose was not given.

use domain::batch::{BatchCommand, DoseCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{dose, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Records that a dose was destroyed.
///
/// # Errors
/// None of its own.
#[server(endpoint = "destroy-dose", input = FormPost)]
pub async fn destroy_dose(
    /// `batch`, `dose`, `reason`.
    form: Typed,
) -> Answered {
    let done = destroy(&form).await;
    answer(form, done).await
}

async fn destroy(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::GiveDose).await?;
    let dose = dose(form)?;
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Dose(DoseCommand::DestroyDose { dose, reason });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("dose-{dose}")))
}
