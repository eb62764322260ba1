//! A page for each use-case.

mod about;
mod home;
mod not_found;

pub use about::About;
pub use home::Home;
pub use not_found::NotFound;
