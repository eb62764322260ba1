//! Entering a result.

use domain::batch::{Batch, BatchCommand, QualityCommand, QualityRefusal, Refusal};
use domain::release::{ResultValue, sign_of};
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
    let (desk, batch) = Desk::at_batch(form, Action::EnterResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion");
    let mut reading = Reading::of(form);
    let value = value(form, &batch, &mut reading);
    let tested_on = reading.day("tested_on", "Day of the test");
    let (Some(value), Some(tested_on)) = (&value, tested_on) else {
        let what = BatchCommand::Quality(QualityCommand::EnterResult {
            sample,
            criterion: criterion.to_owned(),
            value: value.unwrap_or(ResultValue::Text(String::new())),
            tested_on: tested_on.unwrap_or(batch.zone().day(desk.now())),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let value = value.clone();
    let shown_at = shown_at(&batch, sample, criterion);
    let criterion = criterion.to_owned();
    let what = BatchCommand::Quality(QualityCommand::EnterResult {
        sample,
        criterion,
        value,
        tested_on,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at)
}

/// The result as the specification's criterion reads it, with the sign that was chosen beside it.
pub(super) fn value(form: &Typed, batch: &Batch, reading: &mut Reading<'_>) -> Option<ResultValue> {
    let specification = &batch.documents.specification;
    let Some(criterion) = specification.criterion(form.text("criterion")) else {
        // The domain refuses a test that the sample isn't for in the same words.
        let sample = form.text("sample").parse().ok();
        let sample = sample.and_then(|id| batch.sample(id));
        let sample = sample.map_or_else(String::new, |sample| sample.code.clone());
        let words = Refusal::Quality(QualityRefusal::UnknownTest { sample }).words();
        reading.note("value", words.text);
        return None;
    };
    match bound(form.text("sign"), form.text("value")) {
        Ok(text) => reading.take("value", ResultValue::read(&text, criterion)),
        Err(why) => {
            reading.note("value", why);
            None
        }
    }
}

/// What was typed, with the sign that was chosen beside it: `<` and `0.05`.
fn bound(sign: &str, typed: &str) -> Result<String, String> {
    if !sign.is_empty() && sign_of(typed).is_some() {
        return Err(format!(
            "“{sign}” is chosen and “{typed}” has a sign of its own. Enter the bound alone."
        ));
    }
    let nothing = typed.is_empty();
    Ok(if nothing {
        String::new()
    } else {
        format!("{sign}{typed}")
    })
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn a_bound_has_one_sign_chosen_or_typed() {
        let cases = [
            ("", "0.05", Some("0.05")),
            ("", "<0.05", Some("<0.05")),
            ("<", "0.05", Some("<0.05")),
            (">=", "95", Some(">=95")),
            ("<", "", Some("")),
            ("<", "<0.05", None),
            ("<", "> 0.05", None),
            ("≥", "≤ 5", None),
            ("<", "&lt;5", None),
            ("<", "⩽5", None),
        ];
        for (sign, typed, expected) in cases {
            let read = bound(sign, typed).ok();
            assert_eq!(read.as_deref(), expected, "{sign:?} {typed:?}");
        }
    }
}
