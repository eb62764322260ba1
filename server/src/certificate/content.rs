//! What stands where on the certificate.

mod frame;
mod opening;
mod parts;
mod sections;
mod state;

use super::{
    layout::{Flow, Mark},
    typeface::Faces,
};
use domain::certificate::Certificate;

/// The sign that marks a value changed or repeated since its first entry (A11-8.2).
const CHANGED: &str = "†";

/// All pages of a certificate.
pub(super) fn pages(certificate: &Certificate, faces: &Faces) -> Vec<Vec<Mark>> {
    let frame = frame::Frame::of(certificate, faces);
    let mut flow = Flow::new(faces, frame.head_height(), frame.foot_height());
    state::state(&mut flow, certificate);
    opening::title(&mut flow, certificate);
    opening::verdict(&mut flow, certificate);
    opening::identity(&mut flow, certificate);
    sections::results(&mut flow, certificate);
    sections::dose_and_units(&mut flow, certificate);
    sections::changes(&mut flow, certificate);
    sections::stops(&mut flow, certificate);
    sections::deviations(&mut flow, certificate);
    sections::signatures(&mut flow, certificate);
    sections::record(&mut flow, certificate);
    // Only now is it known how many pages there are.
    frame.around(flow.pages, faces)
}
