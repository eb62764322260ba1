//! What runs in the browser: it sends forms without a new page, judges while one types, and keeps the clock. Never the only
//! way to do a thing: every page works as plain HTML until it is awake.

mod aid;
mod dose;

pub use aid::Aid;
pub use dose::{DoseChoice, UnitChoice};
