//! Classifying a deviation.

use domain::batch::{BatchCommand, DeviationCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{deviation, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Says how grave a deviation is.
///
/// # Errors
/// None of its own.
#[server(endpoint = "classify-deviation", input = FormPost)]
pub async fn classify_deviation(
    /// `batch`, `deviation`, `class`.
    form: Typed,
) -> Answered {
    let done = classify(&form).await;
    answer(form, done).await
}

async fn classify(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CloseDeviation).await?;
    let deviation = deviation(form, &batch)?;
    let mut reading = Reading::of(form);
    let Some(class) = reading.choice("class", "Class") else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Deviation(DeviationCommand::ClassifyDeviation { deviation, class });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, deviation))
}
