//! Stating the root cause of a deviation and its impact.

use domain::batch::{BatchCommand, DeviationCommand};
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{deviation, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// States root cause and impact.
///
/// # Errors
/// None of its own.
#[server(endpoint = "assess-deviation", input = FormPost)]
pub async fn assess_deviation(
    /// `batch`, `deviation`, `root_cause`, `impact`.
    form: Typed,
) -> Answered {
    let done = assess(&form).await;
    answer(form, done).await
}

async fn assess(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CloseDeviation).await?;
    let deviation = deviation(form, &batch)?;
    let mut reading = Reading::of(form);
    let root_cause = reading.text("root_cause", "Root cause");
    let impact = reading.text("impact", "Impact on product and patient");
    let (Some(root_cause), Some(impact)) = (root_cause, impact) else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Deviation(DeviationCommand::AssessDeviation {
        deviation,
        root_cause,
        impact,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, deviation))
}
