//! What runs in the browser: small parts of a page that judge while one types, and never the
//! only way to do a thing. Each works as plain HTML until it is awake.

mod tally;

pub use tally::Tally;
