//! What a check of a ledger can find, in words.

use crate::ledger::{
    checkpoint::NotACheckpoint,
    name::{LedgerName, StreamName},
    tree::Hash,
};
use crate::time::Timestamp;

/// The answer of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// The ledger; `None` where not even one entry was read.
    pub ledger: Option<LedgerName>,
    /// The number of entries.
    pub entries: u64,
    /// The root of their tree, computed from the entries.
    pub root: Hash,
    /// The sizes of the checkpoints that are well signed and fit, in order.
    pub checkpoints: Vec<u64>,
    /// What is wrong; empty where nothing is.
    pub found: Vec<Finding>,
}

impl Findings {
    /// Whether nothing wrong was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.found.is_empty()
    }
}

/// One thing that is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A line that can't be read.
    #[error("What stands in the place of entry {position} is not an entry: {why}.")]
    NotAnEntry {
        /// The position that it should have.
        position: u64,
        /// Why.
        why: String,
    },
    /// Times that go back without a word of why.
    #[error(
        "Entry {position} was recorded at {at}, before the entry in front of it ({before}), and no entry says that the clock \
         was corrected."
    )]
    WentBack {
        /// The position.
        position: u64,
        /// Its time.
        at: Timestamp,
        /// The time of the entry before.
        before: Timestamp,
    },
    /// An entry about the clock that can't be read.
    #[error("Entry {position} is about the clock and can't be read: {why}.")]
    UnreadableClock {
        /// The position.
        position: u64,
        /// Why.
        why: String,
    },
    /// Nothing to check.
    #[error(
        "There is no entry: the ledger was emptied, or this is another record. An empty ledger proves nothing."
    )]
    NoEntries,
    /// An entry of another ledger.
    #[error("Entry {position} belongs to ledger {found}, not to {ledger}.")]
    OtherLedger {
        /// The position.
        position: u64,
        /// The ledger that is checked.
        ledger: LedgerName,
        /// The ledger that the entry names.
        found: LedgerName,
    },
    /// Entries are missing.
    #[error("The entries {first} to {last} are missing.")]
    Gap {
        /// The first missing position.
        first: u64,
        /// The last missing position.
        last: u64,
    },
    /// An entry stands where it doesn't belong.
    #[error(
        "Entry {position} stands where entry {expected} should be: it was moved, inserted or doubled."
    )]
    Order {
        /// The position that it names.
        position: u64,
        /// The position that is next.
        expected: u64,
    },
    /// An entry's place in its stream is not the next one.
    #[error("Entry {position} is version {found} of {stream}, where version {expected} should be.")]
    Version {
        /// The position.
        position: u64,
        /// The stream.
        stream: StreamName,
        /// The version that is next.
        expected: u64,
        /// The version that it names.
        found: u64,
    },
    /// An entry is not the one that was hashed when it was recorded.
    #[error(
        "Entry {position} was altered: it does not match the hash that was kept when it was recorded."
    )]
    WrongLeaf {
        /// The position.
        position: u64,
    },
    /// An entry that is not in the tree that was signed.
    #[error(
        "Entry {position} is not the one that the checkpoint of {size} entries was signed over: it was altered."
    )]
    NotInTree {
        /// The position.
        position: u64,
        /// How many entries the checkpoint counts.
        size: u64,
    },
    /// A hash of the tree that is kept doesn't follow from the entries.
    #[error("The kept hash {index} of the tree does not follow from the entries.")]
    WrongNode {
        /// Its storage index.
        index: u64,
    },
    /// What a person signed is not what stands there now.
    #[error(
        "The signature in entry {position} does not fit the first {version} entries of {stream}: it was moved, or the record was changed under it."
    )]
    BrokenSignature {
        /// The position of the signature.
        position: u64,
        /// The stream.
        stream: StreamName,
        /// How many entries of the stream were signed.
        version: u64,
    },
    /// A signature that doesn't say what it binds.
    #[error("The signature in entry {position} of {stream} can't be read.")]
    UnreadableSignature {
        /// The position of the signature.
        position: u64,
        /// The stream.
        stream: StreamName,
    },
    /// An entry that is about a key of the ledger and can't be read.
    #[error("Entry {position} tells of a key of the ledger and can't be read: {why}.")]
    UnreadableKey {
        /// The position.
        position: u64,
        /// Why.
        why: String,
    },
    /// A signature that no checkpoint confirms.
    #[error("No checkpoint covers the signature in entry {position}.")]
    SignatureWithoutCheckpoint {
        /// The position of the signature.
        position: u64,
    },
    /// A checkpoint that can't be read, or that no trusted key signed.
    #[error("The checkpoint “{first_lines}” does not count: {why}.")]
    BadCheckpoint {
        /// Its origin and size.
        first_lines: String,
        /// Why.
        why: NotACheckpoint,
    },
    /// What is kept beside a checkpoint is not what it says.
    #[error(
        "Size or root kept beside the checkpoint of {size} entries is not what the checkpoint says."
    )]
    CheckpointColumns {
        /// The size that is kept beside it.
        size: u64,
    },
    /// A checkpoint that is known from elsewhere doesn't fit.
    #[error(
        "The first {size} entries are not those of the checkpoint that you know: another history was put in place of it."
    )]
    OtherHistory {
        /// How many entries it counts.
        size: u64,
    },
    /// A signed checkpoint counts more entries than there are.
    #[error(
        "A signed checkpoint counts {size} entries, but there are only {entries}: the end was cut off."
    )]
    CutOff {
        /// How many there are.
        entries: u64,
        /// How many were signed.
        size: u64,
    },
    /// The entries lead to another root than the one that was signed.
    #[error("{}", rewritten(*after, *size))]
    Rewritten {
        /// The size of the last checkpoint before it that still fits; `None` where none does.
        after: Option<u64>,
        /// The size of the checkpoint that doesn't fit.
        size: u64,
    },
}

fn rewritten(after: Option<u64>, size: u64) -> String {
    let (from, first) = match after {
        Some(after) => (format!("the checkpoint of {after} entries"), after + 1),
        None => ("the beginning".to_owned(), 1),
    };
    format!(
        "History was rewritten between {from} and the checkpoint of {size} entries: \
         at least one of the entries {first} to {size} is not the one that was signed."
    )
}
