//! Doses: prepared, dispatched, infused, destroyed.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::DoseCommand;
pub use event::DoseEvent;
pub use refusal::DoseRefusal;
