//! The ledger: what an entry is, byte by byte, and how anyone checks that none was changed.
//!
//! An [`Entry`] is one fact. Its [canonical line](Entry::canonical) is hashed to a leaf of a Merkle tree (RFC 6962,
//! [`tree`]); the tree's root is signed in a [`Checkpoint`] (C2SP `tlog-checkpoint`).
//! [`verify::Verifier`] checks all of it from the lines of an export, without a database.
//! The format is specified in `docs/ledger-format.md`.
//!
//! [`rows`] are the read tables: what `store` keeps beside the ledger so that a page finds it.

pub mod adoption;
pub mod checkpoint;
pub mod entry;
pub mod key;
pub mod name;
pub mod rows;
pub mod signed;
pub(crate) mod tagged;
pub mod tree;
pub mod verify;

pub use adoption::{KeyAdopted, KeyEvent};
pub use checkpoint::{Checkpoint, NotACheckpoint, SignedCheckpoint};
pub use entry::{Actor, Entry, Event, NotAnEntry, Origin, Payload};
pub use key::{Keyring, LedgerKey, NotAKey, PublicKey};
pub use name::{LedgerName, NotAName, StreamName};
pub use rows::RowChange;
pub use signed::{Signed, signed_digest};
pub use tree::Hash;
pub use verify::{Finding, Findings, Line, Verifier};
