//! The steps of a batch and what is recorded in them.

mod apply;
mod command;
pub(super) mod counts;
pub(super) mod decide;
pub(super) mod entry;
mod event;
mod refusal;
mod step;

pub use command::ProcessingCommand;
pub use event::ProcessingEvent;
pub use refusal::ProcessingRefusal;
