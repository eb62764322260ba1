//! Correcting one's own result before its review.

use domain::batch::{Batch, BatchCommand, QualityCommand, QualityRefusal, Refusal, Second};
use domain::release::ResultValue;
use domain::rights::Action;
use leptos::prelude::*;
use store::{Person, Signing};

use super::{enter, sample, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Corrects a result that the person entered; a second analyst confirms it in the same form where the verdict changes.
///
/// # Errors
/// None of its own.
#[server(endpoint = "correct-result", input = FormPost)]
pub async fn correct_result(
    /// `batch`, `sample`, `criterion`, `result`, `sign`, `value`, `tested_on`, `reason`, `raw_data`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = correct(&form).await;
    answer(form, done).await
}

async fn correct(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CorrectResult).await?;
    let sample = sample(form, &batch)?;
    let criterion = form.text("criterion");
    let result = carried(form, "result")?;
    let mut reading = Reading::of(form);
    let value = enter::value(form, &batch, &mut reading);
    let tested_on = reading.day("tested_on", "Day of the test");
    let reason = reading.text("reason", "Reason");
    let whole = value.is_some() && tested_on.is_some();
    let with = |second| {
        BatchCommand::Quality(QualityCommand::CorrectResult {
            sample,
            criterion: criterion.to_owned(),
            result,
            value: value.clone().unwrap_or(ResultValue::Text(String::new())),
            tested_on: tested_on.unwrap_or(batch.zone().day(desk.now())),
            reason: reason.clone().unwrap_or_default(),
            raw_data: form.text("raw_data").to_owned(),
            second,
        })
    };
    if !whole {
        return Err(desk.all_refused(&batch, reading, with(None)));
    }
    let second = second(form, &desk, &batch, reading, with(None)).await?;
    desk.on_batch(&batch, form, with(second), Signing::No)
        .await?;
    Ok(shown_at(&batch, sample, criterion))
}

/// The second analyst who typed user name and password, where the correction needs one. A password is looked at only where
/// nothing else is wrong with the form; that it is empty is told with the rest.
async fn second(
    form: &Typed,
    desk: &Desk,
    batch: &Batch,
    mut reading: Reading<'_>,
    alone: BatchCommand,
) -> Result<Option<Second>, Trouble> {
    let named = !form.text("user_name").is_empty();
    let refused = match desk.would_refuse(batch, alone)? {
        Some(Refusal::Several(refusals)) => refusals,
        Some(refusal) => vec![refusal],
        None => Vec::new(),
    };
    let waits = |refusal: &Refusal| {
        matches!(
            refusal,
            Refusal::Quality(QualityRefusal::NoSecondAnalyst { .. })
        )
    };
    let needed = refused.iter().any(waits);
    let others: Vec<_> = refused
        .iter()
        .filter(|refusal| !(named && waits(refusal)))
        .flat_map(Refusal::all_words)
        .collect();
    // What no field of the form can put right is told alone.
    if reading.nothing_noted() && others.iter().any(|words| words.field.is_none()) {
        return Err(Trouble::Refused(others));
    }
    reading.note_more(others);
    if needed {
        reading.password("Password of the second analyst");
    }
    reading.finish()?;
    if !needed {
        return Ok(None);
    }
    let person = desk
        .second_person(form, batch, Action::ReviewResult)
        .await?;
    Ok(of_person(&person, &batch.harvest.site))
}

fn of_person(person: &Person, site: &str) -> Option<Second> {
    Some(Second {
        user: person.user?,
        user_name: person.user_name.clone(),
        name: person.name.clone(),
        roles: person.roles_at(site),
    })
}
