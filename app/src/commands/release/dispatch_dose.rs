//! Dispatching a dose.

use domain::batch::{BatchCommand, DoseCommand};
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use store::Signing;

use super::{dose, shown_at};
use crate::answer::{Answered, answer};
use crate::commands::harvest::donation_like;
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Sends a dose to its patient, after both identifiers of the recipient were read again.
///
/// # Errors
/// None of its own.
#[server(endpoint = "dispatch-dose", input = FormPost)]
pub async fn dispatch_dose(
    /// `batch`, `dose`, `subject`, `din` with `check`, or what a scanner sent, `destination`.
    form: Typed,
) -> Answered {
    let done = dispatch(&form).await;
    answer(form, done).await
}

async fn dispatch(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::GiveDose).await?;
    let dose = dose(form)?;
    let mut reading = Reading::of(form);
    let subject = reading.line("subject", "Subject code", Takes::Subject);
    let din = donation_like(&batch.harvest.din, form, &mut reading);
    let destination = reading.line("destination", "Destination", Takes::Words);
    let (Some(subject), Some(din), Some(destination)) = (&subject, &din, &destination) else {
        let what = BatchCommand::Dose(DoseCommand::DispatchDose {
            dose,
            subject: subject.unwrap_or_default(),
            din: din.unwrap_or_else(|| batch.harvest.din.clone()),
            destination: destination.unwrap_or_default(),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let (subject, din, destination) = (subject.clone(), din.clone(), destination.clone());
    let what = BatchCommand::Dose(DoseCommand::DispatchDose {
        dose,
        subject,
        din,
        destination,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("dose-{dose}")))
}
