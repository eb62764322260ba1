//! The two engines.
//!
//! `sqlite` and `postgres` hold what differs: how a connection is made, how a writing transaction begins. Everything
//! else is written once, in `shared`: each engine has those files as modules of its own, where `super` is its
//! connection and its row.

use domain::ledger::LedgerName;

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
