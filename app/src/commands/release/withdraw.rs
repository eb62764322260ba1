//! Withdrawing a certification.

use domain::batch::{BatchCommand, ReleaseCommand};
use domain::rights::Action;
use leptos::prelude::*;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Withdraws the certification of a batch.
///
/// # Errors
/// None of its own.
#[server(endpoint = "withdraw-certification", input = FormPost)]
pub async fn withdraw_certification(
    /// `batch`, `reason`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = withdraw(&form).await;
    answer(form, done).await
}

async fn withdraw(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::WithdrawCertification).await?;
    let seen = carried(form, "seen")?;
    let mut reading = Reading::of(form);
    let reason = reading.text("reason", "Reason").unwrap_or_default();
    let what = BatchCommand::Release(ReleaseCommand::WithdrawCertification { reason, seen });
    let action = Action::WithdrawCertification;
    let signing = desk
        .confirm_with(form, &batch, action, reading, what.clone())
        .await?;
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(shown_at(&batch, "verdict"))
}
