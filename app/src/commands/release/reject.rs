//! Rejecting a batch.

use domain::batch::BatchCommand;
use domain::rights::Action;
use leptos::prelude::*;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Rejects a batch: nothing more is done with it but destroying its units.
///
/// # Errors
/// None of its own.
#[server(endpoint = "reject", input = FormPost)]
pub async fn reject_batch(
    /// `batch`, `reasons`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = reject(&form).await;
    answer(form, done).await
}

async fn reject(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::Reject).await?;
    let seen = carried(form, "seen")?;
    let mut reading = Reading::of(form);
    let reasons = reading.text("reasons", "Reason");
    reading.signature();
    let Some(reasons) = reasons.filter(|_| reading.nothing_noted()) else {
        return Err(reading.refused());
    };
    let signing = desk.confirm(form, &batch, Action::Reject).await?;
    let what = BatchCommand::Reject { reasons, seen };
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(shown_at(&batch, "verdict"))
}
