//! Deviations: raised, classified, assessed, closed by signature.

mod assess;
mod classify;
mod close;
mod raise;

pub use assess::{AssessDeviation, assess_deviation};
pub use classify::{ClassifyDeviation, classify_deviation};
pub use close::{CloseDeviation, close_deviation};
pub use raise::{RaiseDeviation, raise_deviation};

use domain::batch::{Batch, DeviationRefusal, Refusal};
use domain::ids::DeviationId;
use domain::refusal::Words;

use crate::form::Typed;

/// The deviation that the form is about. One that can't be read is none of this batch.
fn deviation(form: &Typed, batch: &Batch) -> Result<DeviationId, Words> {
    let unknown = |_| {
        let batch = batch.harvest.number.clone();
        Refusal::Deviation(DeviationRefusal::UnknownDeviation { batch }).words()
    };
    form.text("deviation").parse().map_err(unknown)
}

/// Where the record of the deviation is read.
fn shown_at(batch: &Batch, deviation: DeviationId) -> String {
    format!("/batches/{}/deviations#deviation-{deviation}", batch.id)
}
