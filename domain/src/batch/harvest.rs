//! The harvest that a batch begins with.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::HarvestCommand;
pub use decide::{aspirate_volume, body_weight, harvest_refusals, plausible_weight, register};
pub use event::HarvestEvent;
pub use refusal::HarvestRefusal;
