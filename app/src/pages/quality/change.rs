//! The forms by which a result that was typed wrong is put right before its review.

pub(super) mod confirm;
pub(super) mod correct;
pub(super) mod give_back;
