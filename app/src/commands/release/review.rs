//! Signing the review of the record.

use domain::batch::{BatchCommand, ReleaseCommand};
use domain::rights::Action;
use leptos::prelude::*;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};

/// Signs that the record is complete.
///
/// # Errors
/// None of its own.
#[server(endpoint = "sign-review", input = FormPost)]
pub async fn sign_review(
    /// `batch`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = sign(&form).await;
    answer(form, done).await
}

async fn sign(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::SignReview).await?;
    let seen = carried(form, "seen")?;
    let signing = desk.confirm(form, &batch, Action::SignReview).await?;
    desk.on_batch(
        &batch,
        form,
        BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        signing,
    )
    .await?;
    Ok(shown_at(&batch, "signatures"))
}
