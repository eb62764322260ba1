//! Returning another analyst's result.

use domain::batch::{BatchCommand, QualityCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Returns a result to the analyst who entered it.
///
/// # Errors
/// None of its own.
#[server(endpoint = "return-result", input = FormPost)]
pub async fn return_result(
    /// `batch`, `sample`, `criterion`, `result`, `reason`.
    form: Typed,
) -> Answered {
    let done = give_back(&form).await;
    answer(form, done).await
}

async fn give_back(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::ReviewResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion").to_owned();
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    let shown_at = shown_at(&batch, sample, &criterion);
    let what = BatchCommand::Quality(QualityCommand::ReturnResult {
        sample,
        criterion,
        result: carried(form, "result")?,
        reason,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}
