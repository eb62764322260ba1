//! The Merkle tree of a ledger, by RFC 6962, and its proofs.
//!
//! The hashes of complete subtrees are kept as they come, each under its storage index. What needs some of them says
//! first which (`..._needs`), and is then given them as [`Nodes`]: so that reading them stays with the caller.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::{cell::RefCell, collections::BTreeMap, fmt};
use tlog_tiles::tlog::{self, HashReader};

/// SHA-256 of a leaf, of an inner node, or of a whole tree. Shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// SHA-256(0x00 ‖ `bytes`): the leaf of an entry with these canonical bytes.
    #[must_use]
    pub fn of_leaf(bytes: &[u8]) -> Self {
        Self(tlog::record_hash(bytes).0)
    }

    /// SHA-256(`bytes`), of what is no leaf: for example the content of a command.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        Self::from_slice(&hex::decode(text).ok()?)
    }

    /// Reads it as it stands in a checkpoint.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_slice(&BASE64_STANDARD.decode(text).ok()?)
    }

    /// As it stands in a checkpoint.
    #[must_use]
    pub fn base64(&self) -> String {
        tlog::Hash(self.0).to_string()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| D::Error::custom("not a hash of 64 hexadecimal digits"))
    }
}

/// Hashes of complete subtrees by their storage index.
pub type Nodes = BTreeMap<u64, Hash>;

/// What keeps a tree from being computed, or a proof from holding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeFault {
    /// A hash that should have been kept is not there.
    #[error("the hash with storage index {0} is missing")]
    Missing(u64),
    /// An entry beyond the end, or a tree larger than the one it should be part of.
    #[error("there is no such entry or tree: {0}")]
    Range(String),
    /// The proof doesn't lead to the root.
    #[error("the proof does not lead to the root")]
    Proof,
}

impl From<tlog::Error> for TreeFault {
    fn from(error: tlog::Error) -> Self {
        match error {
            tlog::Error::InvalidInput(text) => Self::Range(text),
            _ => Self::Proof,
        }
    }
}

/// Reads from [`Nodes`]; remembers the first that is missing, as the library's error can't say it.
struct FromNodes<'a> {
    nodes: &'a Nodes,
    missing: RefCell<Option<u64>>,
}

impl HashReader for FromNodes<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let read = |index: &u64| {
            self.nodes
                .get(index)
                .map(|hash| tlog::Hash(hash.0))
                .ok_or_else(|| {
                    self.missing.borrow_mut().get_or_insert(*index);
                    tlog::Error::IndexesNotInTree
                })
        };
        indexes.iter().map(read).collect()
    }
}

/// Notes what is asked for and answers with zeros: the indexes never depend on the hashes.
#[derive(Default)]
struct Noting(RefCell<Vec<u64>>);

impl HashReader for Noting {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        self.0.borrow_mut().extend(indexes);
        Ok(vec![tlog::Hash::default(); indexes.len()])
    }
}

fn with<T>(
    nodes: &Nodes,
    run: impl FnOnce(&FromNodes<'_>) -> Result<T, tlog::Error>,
) -> Result<T, TreeFault> {
    let reader = FromNodes {
        nodes,
        missing: RefCell::new(None),
    };
    let answer = run(&reader);
    match reader.missing.into_inner() {
        Some(index) => Err(TreeFault::Missing(index)),
        None => Ok(answer?),
    }
}

fn noted<T>(run: impl FnOnce(&Noting) -> Result<T, tlog::Error>) -> Vec<u64> {
    let noting = Noting::default();
    // What is out of range is refused by the function that computes; here it needs nothing.
    let _ = run(&noting);
    noting.0.into_inner()
}

/// The storage indexes that [`append`] to a tree of `size` leaves reads.
#[must_use]
pub fn append_needs(size: u64) -> Vec<u64> {
    noted(|r| tlog::stored_hashes_for_record_hash(size, tlog::Hash::default(), r))
}

/// The hashes to keep when `leaf` comes after `size` others: itself, and each subtree that it completes.
///
/// # Errors
/// [`TreeFault::Missing`] where `nodes` lacks one of [`append_needs`].
pub fn append(size: u64, leaf: Hash, nodes: &Nodes) -> Result<Vec<(u64, Hash)>, TreeFault> {
    let hashes = with(nodes, |r| {
        tlog::stored_hashes_for_record_hash(size, tlog::Hash(leaf.0), r)
    })?;
    let first = tlog::stored_hash_index(0, size);
    Ok((first..)
        .zip(hashes.into_iter().map(|hash| Hash(hash.0)))
        .collect())
}

/// The storage indexes that [`root`] of a tree of `size` leaves reads.
#[must_use]
pub fn root_needs(size: u64) -> Vec<u64> {
    noted(|r| tlog::tree_hash(size, r))
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// [`TreeFault::Missing`] where `nodes` lacks one of [`root_needs`].
pub fn root(size: u64, nodes: &Nodes) -> Result<Hash, TreeFault> {
    with(nodes, |r| tlog::tree_hash(size, r)).map(|hash| Hash(hash.0))
}

/// How many hashes are kept for a tree of `size` leaves.
#[must_use]
pub fn node_count(size: u64) -> u64 {
    tlog::stored_hash_count(size)
}

/// The storage index of the leaf of the entry at `position` (from 1).
#[must_use]
pub fn leaf_index(position: u64) -> u64 {
    tlog::stored_hash_index(0, position.saturating_sub(1))
}

/// The storage indexes that [`inclusion`] reads.
#[must_use]
pub fn inclusion_needs(position: u64, size: u64) -> Vec<u64> {
    if position == 0 {
        return Vec::new();
    }
    noted(|r| tlog::prove_record(size, position - 1, r))
}

/// The proof that the entry at `position` (from 1) is in the tree of `size` leaves (RFC 6962 section 2.1.1).
///
/// # Errors
/// [`TreeFault`] where there is no such entry, or `nodes` lacks one of [`inclusion_needs`].
pub fn inclusion(position: u64, size: u64, nodes: &Nodes) -> Result<Vec<Hash>, TreeFault> {
    let index = index_of(position)?;
    with(nodes, |r| tlog::prove_record(size, index, r)).map(own)
}

/// Checks an [`inclusion`] proof.
///
/// # Errors
/// [`TreeFault`] where the entry with `leaf` is not at `position` of the tree of `size` leaves with `root`.
pub fn check_inclusion(
    proof: &[Hash],
    position: u64,
    leaf: Hash,
    size: u64,
    root: Hash,
) -> Result<(), TreeFault> {
    let index = index_of(position)?;
    Ok(tlog::check_record(
        &theirs(proof),
        size,
        tlog::Hash(root.0),
        index,
        tlog::Hash(leaf.0),
    )?)
}

/// The storage indexes that [`consistency`] reads.
#[must_use]
pub fn consistency_needs(old: u64, new: u64) -> Vec<u64> {
    noted(|r| tlog::prove_tree(new, old, r))
}

/// The proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962 section 2.1.2).
///
/// # Errors
/// [`TreeFault`] where `old` is 0 or above `new`, or `nodes` lacks one of [`consistency_needs`].
pub fn consistency(old: u64, new: u64, nodes: &Nodes) -> Result<Vec<Hash>, TreeFault> {
    with(nodes, |r| tlog::prove_tree(new, old, r)).map(own)
}

/// Checks a [`consistency`] proof between two trees, each its size and root.
///
/// # Errors
/// [`TreeFault`] where the second does not begin with the first.
pub fn check_consistency(
    proof: &[Hash],
    old: (u64, Hash),
    new: (u64, Hash),
) -> Result<(), TreeFault> {
    let (old_root, new_root) = (tlog::Hash(old.1.0), tlog::Hash(new.1.0));
    Ok(tlog::check_tree(
        &theirs(proof),
        new.0,
        new_root,
        old.0,
        old_root,
    )?)
}

fn index_of(position: u64) -> Result<u64, TreeFault> {
    position
        .checked_sub(1)
        .ok_or_else(|| TreeFault::Range("positions begin with 1".to_owned()))
}

fn own(hashes: Vec<tlog::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| Hash(hash.0)).collect()
}

fn theirs(hashes: &[Hash]) -> Vec<tlog::Hash> {
    hashes.iter().map(|hash| tlog::Hash(hash.0)).collect()
}

#[cfg(test)]
mod tests;
