//! Raising a deviation.

use domain::batch::{BatchCommand, DeviationCommand};
use domain::ids::DeviationId;
use domain::master_record::StepRef;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, new_id};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Raises a deviation on a step, or on the batch as a whole.
///
/// # Errors
/// None of its own.
#[server(endpoint = "raise-deviation", input = FormPost)]
pub async fn raise_deviation(
    /// `batch`, `step` (`none` for the batch as a whole), `description`.
    form: Typed,
) -> Answered {
    let done = raise(&form).await;
    answer(form, done).await
}

async fn raise(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RaiseDeviation).await?;
    let mut reading = Reading::of(form);
    let step = match form.text("step") {
        "none" => Some(None),
        _ => reading.choice::<StepRef>("step", "Step").map(Some),
    };
    let description = reading.text("description", "What happened");
    let (Some(step), Some(description)) = (step, description) else {
        return Err(reading.refused());
    };
    let deviation = DeviationId(new_id(form)?);
    let what = BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
        deviation,
        step,
        description,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, deviation))
}
