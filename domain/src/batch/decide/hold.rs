//! What a stop does to each command: what is about to be done is refused, what keeps the cells alive and what was already
//! done is recorded and flagged.

use crate::{
    batch::{Batch, BatchCommand, Refusal, stop::stops_in_words},
    master_record::{StepKind, StepRef},
    time::Timestamp,
};

/// Whether a command may be given while stops hold the batch.
///
/// # Errors
/// [`Refusal::OnHold`]. What the release list says of an open stop refuses review, certification, preparation and dispatch
/// where they are decided; so does what holds a dose its infusion.
pub(super) fn permits(batch: &Batch, command: &BatchCommand) -> Result<(), Refusal> {
    match command {
        BatchCommand::RecordEntry {
            step, performed_at, ..
        } => at_step(batch, step, *performed_at),
        BatchCommand::CompleteStep {
            step, performed_at, ..
        } => {
            // A step that is over is signed again: nothing more is done in it.
            let over = (batch.steps.get(step)).is_some_and(|record| record.completed.is_some());
            if over {
                Ok(())
            } else {
                at_step(batch, step, *performed_at)
            }
        }
        BatchCommand::EntryNotApplicable { step, .. }
        | BatchCommand::StepNotApplicable { step, .. } => at_step(batch, step, None),
        BatchCommand::TakeSample { step, taken_at, .. } => at_step(batch, step, *taken_at),
        BatchCommand::StoreUnit {
            step, stored_at, ..
        } => at_step(batch, step, *stored_at),
        // Refused by what holds the batch, in the list that the release page shows.
        BatchCommand::SignReview { .. }
        | BatchCommand::Certify { .. }
        | BatchCommand::PrepareDose { .. }
        | BatchCommand::DispatchDose { .. } => Ok(()),
        // Where the dose is comes first: of one that never left, nobody asks whether it was given all the same.
        BatchCommand::RecordInfusion { .. } => Ok(()),
        // What is said of the record, of tests and of deviations goes on: it is how a stop is dealt with.
        BatchCommand::CorrectHarvest { .. }
        | BatchCommand::CorrectEntry { .. }
        | BatchCommand::CorrectTime { .. }
        | BatchCommand::VerifyEntry { .. }
        | BatchCommand::Comment { .. }
        | BatchCommand::EnterResult { .. }
        | BatchCommand::CorrectResult { .. }
        | BatchCommand::ReviewResult { .. }
        | BatchCommand::ReturnResult { .. }
        | BatchCommand::ConfirmResult { .. }
        | BatchCommand::InvalidateResult { .. }
        | BatchCommand::ReadIdentifiers { .. }
        | BatchCommand::LiftStop { .. }
        | BatchCommand::RaiseDeviation { .. }
        | BatchCommand::ClassifyDeviation { .. }
        | BatchCommand::AssessDeviation { .. }
        | BatchCommand::CloseDeviation { .. }
        | BatchCommand::AssessException { .. } => Ok(()),
        // Cells that can't grow further are frozen the sooner.
        BatchCommand::EndCulture { .. } => Ok(()),
        // These end what is on hold.
        BatchCommand::Reject { .. }
        | BatchCommand::WithdrawCertification { .. }
        | BatchCommand::DestroyUnit { .. }
        | BatchCommand::DestroyDose { .. } => Ok(()),
    }
}

/// Whether work in a step may be recorded now.
fn at_step(batch: &Batch, at: &StepRef, performed_at: Option<Timestamp>) -> Result<(), Refusal> {
    let Some(first) = batch.open_stops().next() else {
        return Ok(());
    };
    // A step that there isn't is refused by the command itself.
    let Some(step) = batch.documents.master_record.step(&at.key) else {
        return Ok(());
    };
    let done_before = performed_at.is_some_and(|at| at < first.raised.at);
    if step.keeps_alive || step.kind == StepKind::Assess || done_before {
        return Ok(());
    }
    Err(Refusal::OnHold {
        title: batch.step_title(at),
        held_by: stops_in_words(batch.open_stops()).unwrap_or_default(),
    })
}
