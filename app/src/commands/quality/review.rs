//! Reviewing another analyst's result.

use domain::batch::{BatchCommand, QualityCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};

/// Confirms another analyst's result.
///
/// # Errors
/// None of its own.
#[server(endpoint = "review-result", input = FormPost)]
pub async fn review_result(
    /// `batch`, `sample`, `criterion`, `result`.
    form: Typed,
) -> Answered {
    let done = review(&form).await;
    answer(form, done).await
}

async fn review(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::ReviewResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion").to_owned();
    let shown_at = shown_at(&batch, sample, &criterion);
    let what = BatchCommand::Quality(QualityCommand::ReviewResult {
        sample,
        criterion,
        result: carried(form, "result")?,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}
