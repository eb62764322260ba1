//! Lifting a stop by signature.

use domain::batch::{BatchCommand, StopCommand};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;

use super::{shown_at, stop};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, INCOMPLETE, Trouble, carried};
use crate::form::{FormPost, Typed};

/// A stop rests on one entry or on two readings.
const MOST_EVIDENCE: usize = 2;

/// Lifts a stop on the entries that the form names.
///
/// # Errors
/// None of its own.
#[server(endpoint = "lift-stop", input = FormPost)]
pub async fn lift_stop(
    /// `batch`, `stop`, `evidence` (numbers of entries with commas), `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = lift(&form).await;
    answer(form, done).await
}

async fn lift(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::LiftStop).await?;
    let stop = stop(form, &batch)?;
    let seen = carried(form, "seen")?;
    let evidence: Result<Vec<u64>, _> = form.text("evidence").split(',').map(str::parse).collect();
    let evidence = evidence.map_err(|_| Words::of(INCOMPLETE))?;
    if evidence.len() > MOST_EVIDENCE {
        return Err(Words::of(INCOMPLETE).into());
    }
    let signing = desk.confirm(form, &batch, Action::LiftStop).await?;
    let what = BatchCommand::Stop(StopCommand::LiftStop {
        stop,
        evidence,
        seen,
    });
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(shown_at(&batch, stop))
}
