//! A page for each use-case.

mod about;
mod account;
mod audit;
mod board;
mod fault;
mod new_harvest;
mod not_found;
mod people;
mod register;
mod sign_in;

pub use about::AboutPage;
pub use account::{AccountPage, ChangePasswordPage};
pub use audit::AuditPage;
pub use board::BoardPage;
pub use fault::FaultPage;
pub use new_harvest::NewHarvestPage;
pub use not_found::NotFound;
pub use people::{PeoplePage, PersonPage};
pub use register::RegisterPage;
pub use sign_in::SignInPage;
