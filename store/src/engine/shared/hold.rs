//! Whether a stream still is what was recorded: asked each time that a batch is read.
//!
//! Each entry's leaf is computed from what stands there. Once for a process it is then proven that the leaf is in the tree
//! under the newest signed checkpoint; after that it is enough that the first leaves are the same as those that were proven.

use super::{Conn, Row, audit::reasons, engine::Engine, keys, read};
use crate::Fault;
use domain::ledger::{
    Entry, Finding, Hash, LedgerName, PublicKey, SignedCheckpoint, StreamName, signed_digest,
    tree::{self, Nodes},
};
use std::collections::{BTreeSet, HashMap};

/// What was proven of streams: how many entries of each, and the digest over their leaves.
pub(super) type Proven = HashMap<(LedgerName, StreamName), (u64, String)>;

/// So many streams are remembered at most; then it begins again.
const MOST: usize = 20_000;

/// How many hashes of the tree are read at once.
const AT_ONCE: usize = 500;

/// A stream as it stands, in order of version, and the first thing that is wrong with it.
pub(super) struct Held {
    /// Those before the first that can't be read.
    pub(super) entries: Vec<Entry>,
    pub(super) wrong: Option<String>,
    /// Why there are no more of them, where one can't be read.
    pub(super) unread: Option<Fault>,
}

/// Reads a stream and checks that it holds: itself, and, as the last whole check said, its ledger. What is proven is
/// remembered where it is `committed`: what is undone later must not be missed as something that was there.
pub(super) async fn stream(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
    committed: bool,
) -> Result<Held, Fault> {
    let rows = read::stream_rows(conn, ledger, stream).await?;
    let (mut entries, mut unread) = (Vec::with_capacity(rows.len()), None);
    for row in &rows {
        match read::entry(row) {
            Ok(entry) => entries.push(entry),
            Err(why) => {
                unread = Some(why);
                break;
            }
        }
    }
    let wrong = alone(engine, conn, ledger, stream, &entries, &rows, committed).await?;
    let wrong = wrong.map(|wrong| wrong.to_string());
    let wrong = wrong.or_else(|| unread.as_ref().map(|why| format!("{}.", reasons(why))));
    let wrong = wrong.or_else(|| engine.suspicion(ledger));
    Ok(Held {
        entries,
        wrong,
        unread,
    })
}

async fn alone(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
    entries: &[Entry],
    rows: &[Row],
    committed: bool,
) -> Result<Option<Finding>, Fault> {
    let mut leaves = Vec::with_capacity(entries.len());
    for (expected, (entry, row)) in (1..).zip(entries.iter().zip(rows)) {
        let (position, found) = (entry.position, entry.version);
        let leaf = entry.leaf_hash();
        let wrong = if read::entry_columns(row).hash("leaf_hash").ok() != Some(leaf) {
            Some(Finding::WrongLeaf { position })
        } else if found != expected {
            let stream = stream.clone();
            Some(Finding::Version {
                position,
                stream,
                expected,
                found,
            })
        } else {
            None
        };
        if wrong.is_some() {
            return Ok(wrong);
        }
        leaves.push((position, leaf));
    }
    prove(engine, conn, ledger, stream, &leaves, committed).await
}

/// Proves what was not proven yet.
async fn prove(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
    leaves: &[(u64, Hash)],
    committed: bool,
) -> Result<Option<Finding>, Fault> {
    let digest = |count: usize| {
        let first: Vec<_> = leaves.iter().take(count).map(|(_, leaf)| *leaf).collect();
        signed_digest(ledger, stream, &first)
    };
    let key = (ledger.clone(), stream.clone());
    let mut done = 0;
    if let Some((count, proven)) = engine.proven(&key) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > leaves.len() {
            let position = leaves.last().map_or(0, |(position, _)| *position);
            return Ok(Some(Finding::CutOff {
                entries: position,
                size: count as u64,
            }));
        }
        // Where it is another one now, everything is proven again, and what is wrong is named.
        if digest(count) == proven {
            done = count;
        }
    }
    let new = &leaves[done..];
    if new.is_empty() {
        return Ok(None);
    }
    let Some(newest) = read::newest_checkpoint(conn, ledger).await? else {
        return kept_leaves(conn, ledger, new).await;
    };
    if check(&newest, &engine.trusted(ledger)).is_some() {
        // Before anything is said to be changed: another process may have made the key that signed.
        keys::learn(engine, conn, ledger).await?;
        if let Some(wrong) = check(&newest, &engine.trusted(ledger)) {
            return Ok(Some(wrong));
        }
    }
    let (size, root) = (newest.checkpoint.size, newest.checkpoint.root);
    let covered = new
        .iter()
        .take_while(|(position, _)| *position <= size)
        .count();
    let (covered, later) = new.split_at(covered);
    let mut indexes = BTreeSet::new();
    for (position, _) in covered {
        indexes.extend(tree::inclusion_needs(*position, size));
    }
    let nodes = nodes(conn, ledger, indexes).await?;
    for (position, leaf) in covered {
        let held = tree::inclusion(*position, size, &nodes)
            .and_then(|proof| tree::check_inclusion(&proof, *position, *leaf, size, root));
        if held.is_err() {
            let position = *position;
            return Ok(Some(Finding::NotInTree { position, size }));
        }
    }
    let wrong = kept_leaves(conn, ledger, later).await?;
    if wrong.is_none() && committed {
        let count = done + covered.len();
        engine.remember_proven(key, (count as u64, digest(count)), MOST);
    }
    Ok(wrong)
}

/// What no checkpoint covers yet must at least be the leaves of the kept tree.
async fn kept_leaves(
    conn: &mut Conn,
    ledger: &LedgerName,
    leaves: &[(u64, Hash)],
) -> Result<Option<Finding>, Fault> {
    let indexes = leaves
        .iter()
        .map(|(position, _)| tree::leaf_index(*position));
    let kept = nodes(conn, ledger, indexes.collect()).await?;
    let wrong = leaves
        .iter()
        .find(|(position, leaf)| kept.get(&tree::leaf_index(*position)) != Some(leaf));
    Ok(wrong.map(|(position, _)| Finding::WrongLeaf {
        position: *position,
    }))
}

async fn nodes(
    conn: &mut Conn,
    ledger: &LedgerName,
    indexes: BTreeSet<u64>,
) -> Result<Nodes, Fault> {
    let indexes: Vec<_> = indexes.into_iter().collect();
    let mut nodes = Nodes::new();
    for some in indexes.chunks(AT_ONCE) {
        match read::nodes(conn, ledger, some).await {
            Ok(read) => nodes.extend(read),
            // A hash that is none any more is missing: then nothing is proven by it.
            Err(Fault::Inconsistent { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(nodes)
}

/// A checkpoint that counts: well signed by a key that is trusted here.
fn check(signed: &SignedCheckpoint, trusted: &[PublicKey]) -> Option<Finding> {
    let why = signed.check(trusted).err()?;
    Some(Finding::BadCheckpoint {
        first_lines: format!(
            "{} {}",
            signed.checkpoint.ledger.origin(),
            signed.checkpoint.size
        ),
        why,
    })
}
