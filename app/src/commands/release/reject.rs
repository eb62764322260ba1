//! Rejecting a batch.

use domain::batch::{BatchCommand, ReleaseCommand};
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
    let reasons = reading.text("reasons", "Reason").unwrap_or_default();
    let what = BatchCommand::Release(ReleaseCommand::Reject { reasons, seen });
    let action = Action::Reject;
    let signing = desk
        .confirm_with(form, &batch, action, reading, what.clone())
        .await?;
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(shown_at(&batch, "verdict"))
}
