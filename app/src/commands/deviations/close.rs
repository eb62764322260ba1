//! Closing a deviation by signature.

use domain::batch::{BatchCommand, DeviationCommand};
use domain::rights::Action;
use leptos::prelude::*;

use super::{deviation, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, carried};
use crate::form::{FormPost, Typed};

/// Closes a deviation.
///
/// # Errors
/// None of its own.
#[server(endpoint = "close-deviation", input = FormPost)]
pub async fn close_deviation(
    /// `batch`, `deviation`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = close(&form).await;
    answer(form, done).await
}

async fn close(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CloseDeviation).await?;
    let deviation = deviation(form, &batch)?;
    let seen = carried(form, "seen")?;
    let signing = desk.confirm(form, &batch, Action::CloseDeviation).await?;
    let what = BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen });
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(shown_at(&batch, deviation))
}
