//! Assessing an exception.

use domain::batch::{BatchCommand, ExceptionCommand};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::shown_at;
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Says what an exception means for the product.
///
/// # Errors
/// None of its own.
#[server(endpoint = "assess-exception", input = FormPost)]
pub async fn assess_exception(
    /// `batch`, `exception`, `assessment`.
    form: Typed,
) -> Answered {
    let done = assess(&form).await;
    answer(form, done).await
}

async fn assess(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::AssessException).await?;
    let unknown = "This form doesn’t say which exception is meant. Open its page again.";
    let exception = form.text("exception").parse();
    let exception: u64 = exception.map_err(|_| Words::of(unknown))?;
    let mut reading = Reading::of(form);
    let Some(assessment) = reading.text("assessment", "Assessment") else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Exception(ExceptionCommand::AssessException {
        exception,
        assessment,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("exception-{exception}")))
}
