//! Texts from outside: everything that the rules read of a document, a scanner, a table, a form or a ledger. Whatever
//! comes, nothing panics, what is accepted means one thing and prints back to it, and an oracle of another making agrees.
//!
//! Seeds are kept in `domain/tests/corpus`, with each input that ever went wrong; they are tried as they are in each run,
//! and changed at random. `PROPTEST_CASES` sets how often, by other seeds, `AUTOLOG_TRAP_BYTES` how
//! long the texts are that are made to cost time, memory or stack.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod corpus;
mod days;
mod documents;
mod identifiers;
mod ledger;
mod names;
mod numbers;
mod results;
