//! What is decided of steps and their entries.

use super::{entry, step};
use crate::{
    batch::{Batch, BatchEvent, Context, ProcessingCommand, Refusal, decide::one},
    rights::Role,
};

/// What a command on steps and their entries does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: ProcessingCommand,
    context: &Context,
    role: Role,
) -> Result<Vec<BatchEvent>, Refusal> {
    match command {
        ProcessingCommand::RecordEntry {
            step,
            field,
            value,
            performed_at,
        } => entry::record(batch, context, step, field, value, performed_at),
        ProcessingCommand::CorrectEntry {
            step,
            field,
            value,
            reason,
        } => entry::correct(batch, context, step, field, value, &reason),
        ProcessingCommand::VerifyEntry { step, field, seen } => {
            entry::verify(batch, context, step, field, &seen).map(one)
        }
        ProcessingCommand::EntryNotApplicable {
            step,
            field,
            reason,
        } => entry::not_applicable(batch, step, field, &reason).map(one),
        ProcessingCommand::StepNotApplicable { step, reason } => {
            step::not_applicable(batch, step, &reason).map(one)
        }
        ProcessingCommand::CompleteStep {
            step,
            performed_at,
            seen,
        } => step::complete(batch, context, role, step, performed_at, seen).map(one),
        ProcessingCommand::EndCulture { reason } => step::end_culture(batch, &reason).map(one),
        ProcessingCommand::Comment { step, text } => step::comment(batch, step, &text).map(one),
    }
}
