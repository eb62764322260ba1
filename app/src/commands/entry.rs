//! Entries of a step: recording, confirming, correcting, marking as not applicable.

use domain::batch::{Batch, BatchCommand, FieldValue, ProcessingCommand};
use domain::master_record::{Field, FieldKind, StepRef};
use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::Signing;

use crate::answer::{Answered, answer};
use crate::commands::step::{at_step, step_of};
use crate::desk::{Desk, INCOMPLETE, Trouble};
use crate::form::{FormPost, Typed};
use crate::read::Reading;
use crate::zone::Zone;

/// Records a field of a step.
///
/// # Errors
/// None of its own.
#[server(endpoint = "record-entry", input = FormPost)]
pub async fn record_entry(
    /// `batch`, `step`, `field`, `value`, `performed_at`.
    form: Typed,
) -> Answered {
    let done = record(&form).await;
    answer(form, done).await
}

async fn record(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let zone = batch.zone();
    let (step, field) = field_of(&batch, form)?;
    let mut reading = Reading::of(form);
    let value = value(&desk, field, zone, form, &mut reading);
    let performed_at = reading.moment_or_now("performed_at", "Performed at", zone, desk.now());
    let (Some(value), Some(performed_at)) = (&value, performed_at) else {
        let what = BatchCommand::Processing(ProcessingCommand::RecordEntry {
            step,
            field: field.key.clone(),
            value: value.unwrap_or(FieldValue::Text(String::new())),
            performed_at: performed_at.flatten(),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let value = value.clone();
    let field = field.key.clone();
    let what = BatchCommand::Processing(ProcessingCommand::RecordEntry {
        step: step.clone(),
        field,
        value,
        performed_at,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(at_step(&batch, &step))
}

/// Corrects an entry.
///
/// # Errors
/// None of its own.
#[server(endpoint = "correct-entry", input = FormPost)]
pub async fn correct_entry(
    /// `batch`, `step`, `field`, `value`, `reason`.
    form: Typed,
) -> Answered {
    let done = correct(&form).await;
    answer(form, done).await
}

async fn correct(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CorrectEntry).await?;
    let zone = batch.zone();
    let (step, field) = field_of(&batch, form)?;
    let mut reading = Reading::of(form);
    let value = value(&desk, field, zone, form, &mut reading);
    let reason = reading.text("reason", "Reason");
    let (Some(value), Some(reason)) = (&value, &reason) else {
        let what = BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step,
            field: field.key.clone(),
            value: value.unwrap_or(FieldValue::Text(String::new())),
            reason: reason.unwrap_or_default(),
        });
        return Err(desk.all_refused(&batch, reading, what));
    };
    let (value, reason) = (value.clone(), reason.clone());
    let what = BatchCommand::Processing(ProcessingCommand::CorrectEntry {
        step: step.clone(),
        field: field.key.clone(),
        value,
        reason,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(at_step(&batch, &step))
}

/// A second person confirms a critical entry on the tablet of the first, with their own user name and password.
///
/// # Errors
/// None of its own.
#[server(endpoint = "verify-entry", input = FormPost)]
pub async fn verify_entry(
    /// `batch`, `step`, `field`, `seen`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = verify(&form).await;
    answer(form, done).await
}

async fn verify(form: &Typed) -> Result<String, Trouble> {
    // A11-6: both may confirm entries here, or no password is checked.
    let (desk, batch) = Desk::at_batch(form, Action::VerifyEntry).await?;
    let (step, field) = field_of(&batch, form)?;
    let seen: FieldValue =
        serde_json::from_str(form.text("seen")).map_err(|_| Words::of(INCOMPLETE))?;
    let mut reading = Reading::of(form);
    reading.text("user_name", "User name of the second person");
    reading.password("Password of the second person");
    reading.finish()?;
    let second = desk
        .second_person(form, &batch, Action::VerifyEntry)
        .await?;
    let what = BatchCommand::Processing(ProcessingCommand::VerifyEntry {
        step: step.clone(),
        field: field.key.clone(),
        seen,
    });
    // The domain refuses the one who made the entry.
    desk.on_batch_as(&second, &batch, form, what, Signing::No)
        .await?;
    Ok(at_step(&batch, &step))
}

/// Marks a field as not applicable.
///
/// # Errors
/// None of its own.
#[server(endpoint = "entry-not-applicable", input = FormPost)]
pub async fn entry_not_applicable(
    /// `batch`, `step`, `field`, `reason`.
    form: Typed,
) -> Answered {
    let done = not_applicable(&form).await;
    answer(form, done).await
}

async fn not_applicable(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::RecordEntry).await?;
    let (step, field) = field_of(&batch, form)?;
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
        step: step.clone(),
        field: field.key.clone(),
        reason,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(at_step(&batch, &step))
}

/// The step and the field that a form is about.
fn field_of<'a>(batch: &'a Batch, form: &Typed) -> Result<(StepRef, &'a Field), Trouble> {
    let step = step_of(form)?;
    let field = batch
        .documents
        .master_record
        .step(&step.key)
        .and_then(|one| one.field(form.text("field")));
    let words = || {
        Words::of("This step has no such field, and nothing was recorded. Open the batch again.")
    };
    Ok((step, field.ok_or_else(words)?))
}

/// What was typed as the value of a field.
fn value(
    desk: &Desk,
    field: &Field,
    zone: Zone,
    form: &Typed,
    reading: &mut Reading,
) -> Option<FieldValue> {
    let text = form.text("value");
    if field.kind == FieldKind::Moment && !text.is_empty() {
        // Read here, so that an hour that was there twice is told from one that can't be read.
        return reading
            .moment("value", &field.label, zone, desk.now())
            .map(FieldValue::Moment);
    }
    let no_moment = |text: &str| {
        Err(domain::time::NotATime {
            text: text.to_owned(),
        })
    };
    reading.take("value", field.read(text, &no_moment))
}
