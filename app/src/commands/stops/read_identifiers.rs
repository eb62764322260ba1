//! Reading both identifiers again, for a stop on identity.

use domain::batch::{BatchCommand, StopCommand};
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use store::Signing;

use super::{shown_at, stop};
use crate::answer::{Answered, answer};
use crate::commands::harvest::donation_like;
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Records what one person reads on order and label.
///
/// # Errors
/// None of its own.
#[server(endpoint = "read-identifiers", input = FormPost)]
pub async fn read_identifiers(
    /// `batch`, `stop`, `subject`, `din` with `check`, or what a scanner sent.
    form: Typed,
) -> Answered {
    let done = read(&form).await;
    answer(form, done).await
}

async fn read(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::ReadIdentifiers).await?;
    let stop = stop(form, &batch)?;
    let mut reading = Reading::of(form);
    let subject = reading.line("subject", "Subject code", Takes::Subject);
    let din = donation_like(&batch.harvest.din, form, &mut reading);
    let (Some(subject), Some(din)) = (subject, din) else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Stop(StopCommand::ReadIdentifiers { stop, subject, din });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, stop))
}
