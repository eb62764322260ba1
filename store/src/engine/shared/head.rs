//! A ledger as it stands while it is written to.

use super::{Conn, clock, read};
use crate::Fault;
use domain::{
    ledger::{
        Hash, LedgerName, StreamName,
        tree::{self, Nodes, TreeFault},
    },
    time::Timestamp,
};
use std::collections::HashMap;

/// The versions of so many streams are remembered at most; then it begins again.
const MOST: usize = 20_000;

/// What is known of a ledger from one transaction to the next. It holds as long as the ledger has the same size: every append
/// makes it longer.
pub(super) struct Head {
    pub(super) tree: Tree,
    /// When its last entry was recorded, once that was asked.
    pub(super) last: Option<Timestamp>,
    /// The version of the clock's record for which the next two hold.
    pub(super) clock_version: u64,
    /// Whether it has not repeated the last correction of the clock.
    pub(super) is_behind: bool,
    /// How often it has repeated one.
    pub(super) clock_entries: u64,
    versions: HashMap<StreamName, u64>,
}

impl Head {
    pub(super) async fn load(
        conn: &mut Conn,
        ledger: &LedgerName,
        size: u64,
    ) -> Result<Self, Fault> {
        Ok(Self {
            tree: Tree::load(conn, ledger, size).await?,
            last: None,
            clock_version: 0,
            is_behind: false,
            clock_entries: clock::entries(conn, ledger).await?,
            versions: HashMap::new(),
        })
    }

    /// How many entries a stream has, where that is known.
    pub(super) fn version(&self, stream: &StreamName) -> Option<u64> {
        self.versions.get(stream).copied()
    }

    pub(super) fn note_version(&mut self, stream: &StreamName, version: u64) {
        if let Some(noted) = self.versions.get_mut(stream) {
            *noted = version;
            return;
        }
        if self.versions.len() >= MOST {
            self.versions.clear();
        }
        self.versions.insert(stream.clone(), version);
    }

    pub(super) fn forget_what_is_not_needed(&mut self) {
        let needed = tree::root_needs(self.tree.size);
        self.tree.nodes.retain(|index, _| needed.contains(index));
    }
}

/// The right edge of a ledger's tree: what the next leaf and the root need.
pub(super) struct Tree {
    pub(super) ledger: LedgerName,
    pub(super) size: u64,
    nodes: Nodes,
}

impl Tree {
    pub(super) async fn load(
        conn: &mut Conn,
        ledger: &LedgerName,
        size: u64,
    ) -> Result<Self, Fault> {
        // Subtrees that the next leaf completes are among those that the root is made of.
        let nodes = read::nodes(conn, ledger, &tree::root_needs(size)).await?;
        Ok(Self {
            ledger: ledger.clone(),
            size,
            nodes,
        })
    }

    /// Takes the next leaf; the hashes that are kept with it.
    pub(super) fn push(&mut self, leaf: Hash) -> Result<Vec<(u64, Hash)>, Fault> {
        let new =
            tree::append(self.size, leaf, &self.nodes).map_err(|source| self.damaged(source))?;
        self.nodes.extend(new.iter().copied());
        self.size += 1;
        Ok(new)
    }

    pub(super) fn root(&self) -> Result<Hash, Fault> {
        tree::root(self.size, &self.nodes).map_err(|source| self.damaged(source))
    }

    fn damaged(&self, source: TreeFault) -> Fault {
        Fault::Tree {
            ledger: self.ledger.clone(),
            source,
        }
    }
}
