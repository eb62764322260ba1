//! What is recorded of a batch while the clock of the server isn't confirmed.

use crate::{
    batch::{Batch, BatchCommand},
    master_record::StepRef,
};

/// Cells in culture don't wait for a clock: what keeps them alive is recorded, with the time at which the person says that it
/// was done. Nothing else is: no dose leaves, nothing is signed off, and no window or shelf life is judged by that clock.
pub(super) fn is_recorded(batch: &Batch, command: &BatchCommand) -> bool {
    match command {
        BatchCommand::RecordEntry { step, .. }
        | BatchCommand::VerifyEntry { step, .. }
        | BatchCommand::CompleteStep { step, .. }
        | BatchCommand::StoreUnit { step, .. } => keeps_cells_alive(batch, step),
        // Whatever else can be asked for waits: also what is added to this list of commands later.
        _ => false,
    }
}

fn keeps_cells_alive(batch: &Batch, at: &StepRef) -> bool {
    let step = batch.documents.master_record.step(&at.key);
    step.is_some_and(|step| step.keeps_alive)
}
