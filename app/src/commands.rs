//! Commands: what a form asks for. Each is a server function, so a public endpoint: it asks who sends it and what they may
//! before anything else.

pub mod account;
pub mod clock;
pub mod deviations;
pub mod entry;
pub mod harvest;
pub mod papers;
pub mod people;
pub mod quality;
pub mod release;
pub mod sign_in;
pub mod step;
pub mod stops;
pub mod times;
