//! Deviations.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::DeviationCommand;
pub use event::DeviationEvent;
pub use refusal::DeviationRefusal;
