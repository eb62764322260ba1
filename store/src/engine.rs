//! The two engines.
//!
//! `sqlite` and `postgres` hold what differs: how a connection is made, how a writing transaction begins. Everything
//! else is written once, in `shared`: each engine has those files as modules of its own, where `super` is its
//! connection and its row.

use domain::{
    clock::{ClockState, Doubt},
    ledger::LedgerName,
    time::Timestamp,
};

mod file;
pub(crate) mod postgres;
pub(crate) mod sqlite;

/// What a writing transaction keeps others from writing meanwhile.
#[derive(Clone, Copy)]
pub(crate) enum Lock<'a> {
    /// Nothing beyond the rows that it touches.
    None,
    /// These ledgers, in order of name.
    Ledgers(&'a [&'a LedgerName]),
    /// Every ledger.
    All,
}

/// The time of an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    /// What is written as `recorded_at`.
    pub(crate) at: Timestamp,
    /// What the clock shows.
    pub(crate) shown: Timestamp,
    /// Why it isn't confirmed, where it isn't.
    pub(crate) doubt: Option<Doubt>,
}

impl Stamp {
    pub(crate) fn state(&self) -> ClockState {
        match self.doubt {
            None => ClockState::Confirmed,
            Some(_) => ClockState::NotConfirmed,
        }
    }
}
