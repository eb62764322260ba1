//! Invalidating a result for a listed reason.

use domain::batch::{BatchCommand, InvalidationReason, QualityCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Invalidates a result.
///
/// # Errors
/// None of its own.
#[server(endpoint = "invalidate-result", input = FormPost)]
pub async fn invalidate_result(
    /// `batch`, `sample`, `criterion`, `result`, `reason`, `evidence`, `raw_data`.
    form: Typed,
) -> Answered {
    let done = invalidate(&form).await;
    answer(form, done).await
}

async fn invalidate(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::ReviewResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion").to_owned();
    let mut reading = Reading::of(form);
    let reason = reading.choice("reason", "Reason");
    let evidence = reading.text("evidence", "Evidence");
    let result = carried(form, "result")?;
    let raw_data = form.text("raw_data").to_owned();
    let (Some(reason), Some(evidence)) = (reason, &evidence) else {
        let what = BatchCommand::Quality(QualityCommand::InvalidateResult {
            sample,
            criterion,
            result,
            reason: reason.unwrap_or(InvalidationReason::Procedure),
            evidence: evidence.unwrap_or_default(),
            raw_data,
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let evidence = evidence.clone();
    let shown_at = shown_at(&batch, sample, &criterion);
    let what = BatchCommand::Quality(QualityCommand::InvalidateResult {
        sample,
        criterion,
        result,
        reason,
        evidence,
        raw_data,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}
