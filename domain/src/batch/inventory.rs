//! Units: where they lie, and how they end.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::InventoryCommand;
pub use event::InventoryEvent;
pub use refusal::InventoryRefusal;
