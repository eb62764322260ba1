//! What is decided of exceptions.

use crate::{
    batch::{
        Batch, BatchEvent, Context, ExceptionCommand, ExceptionEvent, ExceptionRefusal,
        ProcessingRefusal, Refusal, decide::words,
    },
    ids::UserId,
};

/// What a command on exceptions does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: ExceptionCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        ExceptionCommand::AssessException {
            exception,
            assessment,
        } => assess_exception(batch, context, exception, &assessment),
    }?;
    Ok(vec![event])
}

fn assess_exception(
    batch: &Batch,
    context: &Context,
    number: u64,
    assessment: &str,
) -> Result<BatchEvent, Refusal> {
    let exception = batch
        .exceptions
        .iter()
        .find(|one| one.stamp.version == number)
        .ok_or_else(|| {
            Refusal::Exception(ExceptionRefusal::UnknownException {
                batch: batch.harvest.number.clone(),
                exception: number,
            })
        })?;
    if let Some((_, stamp)) = &exception.assessed {
        return Err(Refusal::Exception(ExceptionRefusal::AlreadyAssessed {
            exception: number,
            name: stamp.by.name.clone(),
        }));
    }
    if exception.stamp.by.user == context.user || confirmed_by(batch, number, context.user) {
        return Err(Refusal::Processing(ProcessingRefusal::OwnEntry {
            name: context.name.clone(),
        }));
    }
    let assessment = words("assessment", "Assessment", assessment)?;
    Ok(BatchEvent::Exception(ExceptionEvent::ExceptionAssessed {
        exception: number,
        assessment,
    }))
}

/// Whether this person confirmed, as the second analyst, the correction that made an exception.
fn confirmed_by(batch: &Batch, exception: u64, user: UserId) -> bool {
    let results = (batch.samples.iter())
        .flat_map(|sample| &sample.tests)
        .flat_map(|test| &test.results);
    results
        .flat_map(|result| &result.corrections)
        .filter(|correction| correction.stamp.version == exception)
        .filter_map(|correction| correction.verdict.as_ref())
        .any(|change| change.second.user == user)
}
