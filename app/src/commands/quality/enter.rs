//! Entering a result.

use domain::batch::{Batch, BatchCommand, Refusal};
use domain::release::ResultValue;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Enters the result of a test.
///
/// # Errors
/// None of its own.
#[server(endpoint = "enter-result", input = FormPost)]
pub async fn enter_result(
    /// `batch`, `sample`, `criterion`, `sign`, `value`, `tested_on`.
    form: Typed,
) -> Answered {
    let done = enter(&form).await;
    answer(form, done).await
}

async fn enter(form: &Typed) -> Result<String, Trouble> {
    let desk = Desk::open().await?;
    let batch = desk.batch_of(form).await?;
    desk.require(Action::EnterResult, &batch.harvest.site)?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion");
    let mut reading = Reading::of(form);
    let value = value(form, &batch, &mut reading);
    let tested_on = reading.day("tested_on", "Day of the test");
    let (Some(value), Some(tested_on)) = (value, tested_on) else {
        return Err(reading.refused());
    };
    let shown_at = shown_at(&batch, sample, criterion);
    let criterion = criterion.to_owned();
    let what = BatchCommand::EnterResult {
        sample,
        criterion,
        value,
        tested_on,
    };
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}

/// The result as the specification's criterion reads it, with the sign that was chosen beside it.
fn value(form: &Typed, batch: &Batch, reading: &mut Reading<'_>) -> Option<ResultValue> {
    let specification = &batch.documents.specification;
    let Some(criterion) = specification.criterion(form.text("criterion")) else {
        // The domain refuses a test that the sample isn't for in the same words.
        let sample = form.text("sample").parse().ok();
        let sample = sample.and_then(|id| batch.sample(id));
        let sample = sample.map_or_else(String::new, |sample| sample.code.clone());
        let words = Refusal::UnknownTest { sample }.words();
        reading.note("value", words.text);
        return None;
    };
    let (sign, typed) = (form.text("sign"), form.text("value"));
    if !sign.is_empty() && typed.starts_with(['<', '>', '≤', '≥']) {
        let words = format!(
            "“{sign}” is chosen and “{typed}” has a sign of its own. Enter the bound alone."
        );
        reading.note("value", words);
        return None;
    }
    let text = if typed.is_empty() {
        String::new()
    } else {
        format!("{sign}{typed}")
    };
    reading.take("value", ResultValue::read(&text, criterion))
}
