//! The rules of Autolog, pure.
//!
//! `domain` decides ([`batch::decide`]) and folds ([`batch::Batch::apply`]). It knows no clock, no random source, no
//! database, no network and no page: time, ids and signatures come in as arguments. The same code runs in the server,
//! in the browser and on the command line.

pub mod batch;
pub mod certificate;
pub mod clock;
pub mod csv;
pub mod decimal;
pub mod demonstration;
pub mod expansion;
pub mod fit;
pub mod identifiers;
pub mod ids;
pub mod ledger;
mod look;
pub mod master_record;
pub mod measure;
pub mod people;
pub mod print;
pub mod refusal;
pub mod release;
pub mod rights;
pub mod search;
pub mod site;
pub mod specification;
pub mod text;
pub mod time;
pub mod typed;
pub mod zone;
