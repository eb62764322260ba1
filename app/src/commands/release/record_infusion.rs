//! Recording an infusion.

use domain::batch::{BatchCommand, DoseCommand};
use domain::measure::Measure;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use super::{dose, shown_at};
use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Records that a dose was infused.
///
/// # Errors
/// None of its own.
#[server(endpoint = "record-infusion", input = FormPost)]
pub async fn record_infusion(
    /// `batch`, `dose`, `started_at`, `ended_at`, `volume_ml`, `given_on_hold` where it was given while the batch was on hold.
    form: Typed,
) -> Answered {
    let done = record(&form).await;
    answer(form, done).await
}

async fn record(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::GiveDose).await?;
    let zone = batch.zone();
    let now = desk.now();
    let dose = dose(form)?;
    let mut reading = Reading::of(form);
    let started_at = reading.moment("started_at", "Start of the infusion", zone, now);
    let ended_at = reading.moment("ended_at", "End of the infusion", zone, now);
    let volume_ml = reading.number("volume_ml", "Volume given", Measure::MILLILITRE);
    let given_on_hold = form.ticked("given_on_hold");
    let (Some(started_at), Some(ended_at), Some(volume_ml)) = (started_at, ended_at, volume_ml)
    else {
        let what = BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose,
            started_at: started_at.or(ended_at).unwrap_or(now),
            ended_at: ended_at.unwrap_or(now),
            volume_ml: volume_ml.unwrap_or_default(),
            given_on_hold,
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let what = BatchCommand::Dose(DoseCommand::RecordInfusion {
        dose,
        started_at,
        ended_at,
        volume_ml,
        given_on_hold,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(shown_at(&batch, &format!("dose-{dose}")))
}
