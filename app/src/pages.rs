//! A page for each use-case.

mod account;
mod board;
mod fault;
mod new_harvest;
mod not_found;
mod sign_in;

pub use account::{AccountPage, ChangePasswordPage};
pub use board::BoardPage;
pub use fault::FaultPage;
pub use new_harvest::NewHarvestPage;
pub use not_found::NotFound;
pub use sign_in::SignInPage;
