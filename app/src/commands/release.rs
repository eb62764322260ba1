//! The decision on a batch, and what may leave it: exceptions, signatures, units and doses.

mod assess_exception;
mod certify;
mod destroy_dose;
mod destroy_unit;
mod dispatch_dose;
mod prepare_dose;
mod record_infusion;
mod reject;
mod review;
mod withdraw;

pub use assess_exception::{AssessException, assess_exception};
pub use certify::{CertifyBatch, certify_batch};
pub use destroy_dose::{DestroyDose, destroy_dose};
pub use destroy_unit::{DestroyUnit, destroy_unit};
pub use dispatch_dose::{DispatchDose, dispatch_dose};
pub use prepare_dose::{PrepareDose, prepare_dose};
pub use record_infusion::{RecordInfusion, record_infusion};
pub use reject::{RejectBatch, reject_batch};
pub use review::{SignReview, sign_review};
pub use withdraw::{WithdrawCertification, withdraw_certification};

use domain::batch::{Batch, DoseRefusal, Refusal};
use domain::ids::DoseId;
use domain::refusal::Words;

use crate::form::Typed;

/// The dose that the form is about. One that can't be read is none of this batch.
fn dose(form: &Typed) -> Result<DoseId, Words> {
    let unknown = |_| Refusal::Dose(DoseRefusal::UnknownDose).words();
    form.text("dose").parse().map_err(unknown)
}

/// Where on the release page it is read what was recorded.
fn shown_at(batch: &Batch, place: &str) -> String {
    format!("/batches/{}/release#{place}", batch.id)
}
