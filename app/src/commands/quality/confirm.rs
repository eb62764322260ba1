//! Confirming one's own returned result as it was entered.

use domain::batch::{BatchCommand, QualityCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Confirms a returned result as it was entered.
///
/// # Errors
/// None of its own.
#[server(endpoint = "confirm-result", input = FormPost)]
pub async fn confirm_result(
    /// `batch`, `sample`, `criterion`, `result`, `answer`.
    form: Typed,
) -> Answered {
    let done = confirm(&form).await;
    answer(form, done).await
}

async fn confirm(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CorrectResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion").to_owned();
    let mut reading = Reading::of(form);
    let Some(answer) = reading.text("answer", "What the raw data say") else {
        return Err(reading.refused());
    };
    let shown_at = shown_at(&batch, sample, &criterion);
    let what = BatchCommand::Quality(QualityCommand::ConfirmResult {
        sample,
        criterion,
        result: carried(form, "result")?,
        answer,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}
