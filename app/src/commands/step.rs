//! Steps: completing, signing, not applicable, ending the culture, comments, samples and units.

use domain::batch::{Batch, BatchCommand, InventoryCommand, ProcessingCommand, QualityCommand};
use domain::ids::{SampleId, UnitId};
use domain::master_record::{StepRef, StepSignature};
use domain::measure::Measure;
use domain::refusal::Words;
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use store::Signing;

use crate::answer::{Answered, answer, escaped};
use crate::desk::{Desk, Trouble, carried, new_id};
use crate::door::Often;
use crate::form::{FormPost, Typed, slug};
use crate::read::Reading;

/// Completes a step, or signs it again.
///
/// # Errors
/// None of its own.
#[server(endpoint = "complete-step", input = FormPost)]
pub async fn complete_step(
    /// `batch`, `step`, `performed_at`, `seen`; `user_name` and `password` where the step is signed.
    form: Typed,
) -> Answered {
    let done = complete(&form).await;
    answer(form, done).await
}

async fn complete(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let zone = batch.zone();
    let step = step_of(form)?;
    let mut reading = Reading::of(form);
    let performed_at = reading.moment_or_now("performed_at", "End of the step", zone, desk.now());
    let seen = carried(form, "seen")?;
    let signed = batch
        .documents
        .master_record
        .step(&step.key)
        .map(|one| one.signature);
    let what = BatchCommand::Processing(ProcessingCommand::CompleteStep {
        step,
        performed_at: performed_at.flatten(),
        seen,
    });
    let signing = match signed {
        Some(StepSignature::Performed) => {
            desk.confirm_with(form, &batch, Action::RecordEntry, reading, what.clone())
                .await?
        }
        _ => {
            reading.finish()?;
            Signing::No
        }
    };
    desk.on_batch(&batch, form, what, signing).await?;
    Ok(format!("/batches/{}#next", batch.id))
}

/// Marks a whole step as not applicable.
///
/// # Errors
/// None of its own.
#[server(endpoint = "step-not-applicable", input = FormPost)]
pub async fn step_not_applicable(
    /// `batch`, `step`, `reason`.
    form: Typed,
) -> Answered {
    let done = not_applicable(&form).await;
    answer(form, done).await
}

async fn not_applicable(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let step = step_of(form)?;
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    desk.on_batch(
        &batch,
        form,
        BatchCommand::Processing(ProcessingCommand::StepNotApplicable { step, reason }),
        Signing::No,
    )
    .await?;
    Ok(format!("/batches/{}#next", batch.id))
}

/// Ends the culture after the passage that was counted last.
///
/// # Errors
/// None of its own.
#[server(endpoint = "end-culture", input = FormPost)]
pub async fn end_culture(
    /// `batch`, `reason`.
    form: Typed,
) -> Answered {
    let done = end(&form).await;
    answer(form, done).await
}

async fn end(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    desk.on_batch(
        &batch,
        form,
        BatchCommand::Processing(ProcessingCommand::EndCulture { reason }),
        Signing::No,
    )
    .await?;
    Ok(format!("/batches/{}#next", batch.id))
}

/// Adds a comment to a step or to the batch.
///
/// # Errors
/// None of its own.
#[server(endpoint = "comment", input = FormPost)]
pub async fn comment(
    /// `batch`, `step` (empty for the batch), `text`.
    form: Typed,
) -> Answered {
    let done = add_comment(&form).await;
    answer(form, done).await
}

async fn add_comment(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::Comment).await?;
    let step = if form.text("step").is_empty() {
        None
    } else {
        Some(step_of(form)?)
    };
    let mut reading = Reading::of(form);
    let Some(text) = reading.text("text", "Comment") else {
        return Err(reading.refused());
    };
    let back = step.as_ref().map_or_else(
        || format!("/batches/{}#comments", batch.id),
        |at| at_step(&batch, at),
    );
    desk.door.may_again(&desk.person, Often::Comment)?;
    desk.on_batch(
        &batch,
        form,
        BatchCommand::Processing(ProcessingCommand::Comment { step, text }),
        Signing::No,
    )
    .await?;
    Ok(back)
}

/// Records that a sample was taken.
///
/// # Errors
/// None of its own.
#[server(endpoint = "take-sample", input = FormPost)]
pub async fn take_sample(
    /// `batch`, `step`, `taken_at`, `viable_cells`.
    form: Typed,
) -> Answered {
    let done = take(&form).await;
    answer(form, done).await
}

async fn take(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::TakeSample).await?;
    let zone = batch.zone();
    let step = step_of(form)?;
    let mut reading = Reading::of(form);
    let viable_cells = reading.number("viable_cells", "Viable cells in the sample", Measure::CELLS);
    let taken_at = reading.moment_or_now("taken_at", "Taken at", zone, desk.now());
    let sample = SampleId(new_id(form)?);
    let (Some(viable_cells), Some(taken_at)) = (viable_cells, taken_at) else {
        let what = BatchCommand::Quality(QualityCommand::TakeSample {
            sample,
            step,
            taken_at: taken_at.flatten(),
            viable_cells: viable_cells.unwrap_or_default(),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let what = BatchCommand::Quality(QualityCommand::TakeSample {
        sample,
        step: step.clone(),
        taken_at,
        viable_cells,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(at_step(&batch, &step))
}

/// Records a bag or vial that was frozen or formulated.
///
/// # Errors
/// None of its own.
#[server(endpoint = "store-unit", input = FormPost)]
pub async fn store_unit(
    /// `batch`, `step`, `viable_cells`, `volume_ml`, `location`, `stored_at`.
    form: Typed,
) -> Answered {
    let done = store(&form).await;
    answer(form, done).await
}

async fn store(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let zone = batch.zone();
    let step = step_of(form)?;
    let mut reading = Reading::of(form);
    let viable_cells = reading.number("viable_cells", "Viable cells in the unit", Measure::CELLS);
    let volume_ml = reading.number("volume_ml", "Volume of the unit", Measure::MILLILITRE);
    let location = reading.line("location", "Location", Takes::Position);
    let stored_at = reading.moment_or_now("stored_at", "Stored at", zone, desk.now());
    let unit = UnitId(new_id(form)?);
    let (Some(viable_cells), Some(volume_ml), Some(location), Some(stored_at)) =
        (viable_cells, volume_ml, &location, stored_at)
    else {
        let what = BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit,
            step,
            viable_cells: viable_cells.unwrap_or_default(),
            volume_ml: volume_ml.unwrap_or_default(),
            location: location.unwrap_or_default(),
            stored_at: stored_at.flatten(),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let location = location.clone();
    let what = BatchCommand::Inventory(InventoryCommand::StoreUnit {
        unit,
        step: step.clone(),
        viable_cells,
        volume_ml,
        location,
        stored_at,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(at_step(&batch, &step))
}

/// The step that a form is about, by its hidden field `step`.
///
/// # Errors
/// [`Trouble::Refused`].
pub fn step_of(form: &Typed) -> Result<StepRef, Trouble> {
    form.text("step")
        .parse()
        .map_err(|why: domain::master_record::NotAStep| Words::of(why.to_string()).into())
}

/// The page of the batch, open at a step.
#[must_use]
pub fn at_step(batch: &Batch, step: &StepRef) -> String {
    format!(
        "/batches/{}?step={}#{}",
        batch.id,
        escaped(&step.to_string()),
        step_id(step)
    )
}

/// The id of a step in its page.
#[must_use]
pub fn step_id(step: &StepRef) -> String {
    format!("step-{}", slug(&step.to_string()))
}
