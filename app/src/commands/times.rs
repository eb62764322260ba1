//! Correcting a time that was stated.

use domain::batch::{BatchCommand, TimeOf, TimesCommand};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use crate::answer::{Answered, answer};
use crate::commands::step::at_step;
use crate::desk::{Desk, INCOMPLETE, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Corrects the time of an entry, of the end of a step, of a sample, of a unit, of the collection or of an infusion.
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
    let of: Option<TimeOf> = serde_json::from_str(form.text("of")).ok();
    // Each time by the right to correct what it is the time of; a form without one shows nothing to anybody else.
    let action = of.as_ref().map_or(Action::CorrectEntry, TimeOf::action);
    let (desk, batch) = Desk::at_batch(form, action).await?;
    let of = of.ok_or_else(|| Words::of(INCOMPLETE))?;
    let mut reading = Reading::of(form);
    let at = reading.moment("at", "True time", batch.zone(), desk.now());
    let reason = reading.text("reason", "Reason");
    let (Some(at), Some(reason)) = (at, reason) else {
        return Err(reading.refused());
    };
    let back = match (&of, batch.step_of_time(&of)) {
        (_, Some(step)) => at_step(&batch, &step),
        (TimeOf::InfusionStart { .. } | TimeOf::InfusionEnd { .. }, None) => {
            format!("/batches/{}/release#doses", batch.id)
        }
        (TimeOf::Collection, None) => format!("/batches/{}#harvest", batch.id),
        (
            TimeOf::Entry { .. }
            | TimeOf::Step { .. }
            | TimeOf::Sample { .. }
            | TimeOf::Unit { .. },
            None,
        ) => format!("/batches/{}", batch.id),
    };
    let what = BatchCommand::Times(TimesCommand::CorrectTime { of, at, reason });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(back)
}
