//! Results of tests: entered and corrected by one analyst, reviewed, returned or invalidated by another.

mod confirm;
mod correct;
mod enter;
mod give_back;
mod invalidate;
mod review;

pub use confirm::{ConfirmResult, confirm_result};
pub use correct::{CorrectResult, correct_result};
pub use enter::{EnterResult, enter_result};
pub use give_back::{ReturnResult, return_result};
pub use invalidate::{InvalidateResult, invalidate_result};
pub use review::{ReviewResult, review_result};

use domain::batch::{Batch, QualityRefusal, Refusal};
use domain::ids::SampleId;
use domain::refusal::Words;

use crate::form::Typed;
use crate::pages::row_id;

/// The sample that the form is about. One that can't be read is none of this batch.
fn sample(form: &Typed, batch: &Batch) -> Result<SampleId, Words> {
    let unknown = |_| {
        let batch = batch.harvest.number.clone();
        Refusal::Quality(QualityRefusal::UnknownSample { batch }).words()
    };
    form.text("sample").parse().map_err(unknown)
}

/// Where the record of the test is read.
fn shown_at(batch: &Batch, sample: SampleId, criterion: &str) -> String {
    format!(
        "/batches/{}/quality#{}",
        batch.id,
        row_id(sample, criterion)
    )
}
