//! Review, certification, rejection, withdrawal.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::ReleaseCommand;
pub use event::ReleaseEvent;
pub use refusal::ReleaseRefusal;
