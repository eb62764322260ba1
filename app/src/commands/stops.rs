//! Stops: both identifiers read again, and the lifting by QA's signature.

mod lift;
mod read_identifiers;

pub use lift::{LiftStop, lift_stop};
pub use read_identifiers::{ReadIdentifiers, read_identifiers};

use domain::batch::{Batch, Refusal, StopRefusal};
use domain::refusal::Words;

use crate::form::Typed;

/// The stop that the form is about. One that can't be read is none of this batch.
fn stop(form: &Typed, batch: &Batch) -> Result<u64, Words> {
    let unknown = |_| {
        let batch = batch.harvest.number.clone();
        Refusal::Stop(StopRefusal::UnknownStop { batch }).words()
    };
    form.text("stop").parse().map_err(unknown)
}

/// Where the record of the stop is read.
fn shown_at(batch: &Batch, stop: u64) -> String {
    format!("/batches/{}/deviations#stop-{stop}", batch.id)
}
