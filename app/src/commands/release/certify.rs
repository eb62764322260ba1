//! Certifying a batch.

use domain::batch::{BatchCommand, ReleaseCommand};
use domain::rights::Action;
use leptos::prelude::*;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};

/// Certifies a batch for release.
///
/// # Errors
/// None of its own.
#[server(endpoint = "certify", input = FormPost)]
pub async fn certify_batch(
    /// `batch`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = certify(&form).await;
    answer(form, done).await
}

async fn certify(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::Certify).await?;
    let seen = carried(form, "seen")?;
    let signing = desk.confirm(form, &batch, Action::Certify).await?;
    desk.on_batch(
        &batch,
        form,
        BatchCommand::Release(ReleaseCommand::Certify { seen }),
        signing,
    )
    .await?;
    Ok(shown_at(&batch, "verdict"))
}
