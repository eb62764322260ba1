//! Correcting a time that was stated.

use domain::batch::{BatchCommand, TimeOf};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use crate::answer::{Answered, answer};
use crate::commands::step::at_step;
use crate::desk::{Desk, INCOMPLETE, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Corrects the time of an entry, of the end of a step, of a sample or of a unit.
///
/// # Errors
/// None of its own.
#[server(endpoint = "correct-time", input = FormPost)]
pub async fn correct_time(
    /// `batch`, `of`, `at`, `reason`.
    form: Typed,
) -> Answered {
    let done = correct(&form).await;
    answer(form, done).await
}

async fn correct(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CorrectEntry).await?;
    let of: TimeOf = serde_json::from_str(form.text("of")).map_err(|_| Words::of(INCOMPLETE))?;
    let mut reading = Reading::of(form);
    let at = reading.moment("at", "True time", batch.zone(), desk.now());
    let reason = reading.text("reason", "Reason");
    let (Some(at), Some(reason)) = (at, reason) else {
        return Err(reading.refused());
    };
    let back = match batch.step_of_time(&of) {
        Some(step) => at_step(&batch, &step),
        None => format!("/batches/{}", batch.id),
    };
    let what = BatchCommand::CorrectTime { of, at, reason };
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(back)
}
