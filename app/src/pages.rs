//! A page for each use-case.

mod about;
mod account;
mod audit;
mod batch;
mod board;
mod clock;
mod deviations;
mod fault;
mod marks;
mod new_harvest;
mod not_found;
mod people;
mod prints;
mod quality;
mod register;
mod release;
mod search;
pub mod sight;
mod sign_in;

pub use about::AboutPage;
pub use account::{AccountPage, ChangePasswordPage};
pub use audit::AuditPage;
pub use batch::BatchPage;
pub use board::BoardPage;
pub use clock::ClockPage;
pub use deviations::DeviationsPage;
pub use fault::FaultPage;
pub use new_harvest::NewHarvestPage;
pub use not_found::NotFound;
pub use people::{PeoplePage, PersonPage};
pub use quality::{QualityPage, row_id};
pub use register::RegisterPage;
pub use release::ReleasePage;
pub use search::SearchPage;
pub use sign_in::SignInPage;
