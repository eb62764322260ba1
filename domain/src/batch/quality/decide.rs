//! What is decided of samples and results.

use super::{result, sample};
use crate::batch::{Batch, BatchEvent, Context, QualityCommand, Refusal};

/// What a command on samples and results does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: QualityCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        QualityCommand::TakeSample {
            sample,
            step,
            taken_at,
            viable_cells,
        } => sample::take(batch, context, sample, step, taken_at, viable_cells),
        QualityCommand::EnterResult {
            sample,
            criterion,
            value,
            tested_on,
        } => sample::enter(batch, context, sample, criterion, value, tested_on),
        QualityCommand::ReviewResult {
            sample,
            criterion,
            result,
        } => result::review(batch, context, (sample, criterion, result)),
        QualityCommand::CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason,
            raw_data,
            second,
        } => result::correct(
            batch,
            context,
            (sample, criterion, result),
            (value, tested_on),
            &reason,
            &raw_data,
            second.as_ref(),
        ),
        QualityCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason,
        } => result::give_back(batch, context, (sample, criterion, result), &reason),
        QualityCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer,
        } => result::confirm(batch, context, (sample, criterion, result), &answer),
        QualityCommand::InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence,
            raw_data,
        } => result::invalidate(
            batch,
            context,
            (sample, criterion, result),
            reason,
            &evidence,
            &raw_data,
        ),
    }?;
    Ok(vec![event])
}
