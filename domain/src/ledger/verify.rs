//! The check of a ledger from its lines alone, as anyone can do it.

use super::{
    adoption::KeyAdopted,
    checkpoint::{Checkpoint, NotACheckpoint, SignedCheckpoint},
    entry::Entry,
    key::PublicKey,
    name::{LedgerName, StreamName},
    signed::{signed_digest, signed_of},
    tree::{self, Hash, Nodes},
};
use crate::{clock::ClockEvent, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

mod finding;
mod keys;

pub use finding::{Finding, Findings};

/// A line of an export that is no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// `{"public_key":"autolog/GE+..."}`: a key whose checkpoints follow.
    PublicKey(PublicKey),
    /// `{"checkpoint":"<signed note>"}`: after the last entry that it counts.
    Checkpoint(String),
}

impl Line {
    /// The line as text, without its line break.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Where the trust in the keys comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Only these keys count: known from elsewhere, such as a paper.
    Keys(Vec<PublicKey>),
    /// The keys that the export itself names. It then proves that the export agrees with itself, not who made it.
    Embedded,
}

/// Reads a ledger entry by entry and says at the end what is wrong with it.
///
/// It looks at everything even after a first finding. A missing entry leaves its place in the tree empty, so that what
/// follows is still checked at its own place.
#[derive(Debug)]
pub struct Verifier {
    ledger: Option<LedgerName>,
    trust: Trust,
    embedded: Vec<PublicKey>,
    last: u64,
    latest: Option<Timestamp>,
    nodes: Nodes,
    streams: BTreeMap<StreamName, Vec<Hash>>,
    signatures: Vec<u64>,
    adoptions: Vec<(u64, KeyAdopted)>,
    notes: Vec<String>,
    known: Vec<(u64, Hash)>,
    found: Vec<Finding>,
}

/// A jump of positions above this is told, not filled: a forged position must not exhaust the memory.
const LARGEST_GAP: u64 = 100_000;

impl Verifier {
    /// Checks `ledger`; where that is `None`, the ledger of the first entry.
    #[must_use]
    pub fn new(ledger: Option<LedgerName>, trust: Trust) -> Self {
        Self {
            ledger,
            trust,
            embedded: Vec::new(),
            last: 0,
            latest: None,
            nodes: Nodes::new(),
            streams: BTreeMap::new(),
            signatures: Vec::new(),
            adoptions: Vec::new(),
            notes: Vec::new(),
            known: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Takes the next line of an export, without its line break.
    pub fn line(&mut self, text: &str) {
        match serde_json::from_str::<Line>(text) {
            Ok(Line::PublicKey(key)) => self.embedded.push(key),
            Ok(Line::Checkpoint(note)) => self.checkpoint(&note),
            Err(_) => match Entry::from_line(text) {
                Ok(entry) => self.entry(&entry, None),
                Err(why) => {
                    let (position, leaf) = (self.last + 1, Hash::of_leaf(text.as_bytes()));
                    self.unreadable(position, why.to_string(), Some(leaf));
                }
            },
        }
    }

    /// Takes the next entry; `kept` is the leaf hash that was stored beside it, where there is one.
    pub fn entry(&mut self, entry: &Entry, kept: Option<Hash>) {
        let ledger = self.ledger.get_or_insert_with(|| entry.ledger.clone());
        let position = entry.position;
        if entry.ledger != *ledger {
            let (ledger, found) = (ledger.clone(), entry.ledger.clone());
            self.found.push(Finding::OtherLedger {
                position,
                ledger,
                found,
            });
        }
        let leaf = entry.leaf_hash();
        if kept.is_some_and(|kept| kept != leaf) {
            self.found.push(Finding::WrongLeaf { position });
        }
        if self.takes_place(position) {
            self.leaf(leaf);
        }
        self.time(entry);
        self.stream(entry, leaf);
        match KeyAdopted::of(entry) {
            Ok(adopted) => self.adoptions.extend(adopted.map(|it| (position, it))),
            Err(why) => self.found.push(Finding::UnreadableKey { position, why }),
        }
    }

    /// Holds the time of an entry against that of the one before: it goes back only where two people confirmed the clock.
    fn time(&mut self, entry: &Entry) {
        let (position, at) = (entry.position, entry.recorded_at);
        let goes_back = match ClockEvent::of(entry) {
            Ok(event) => event.is_some_and(|event| event.lets_times_go_back()),
            Err(why) => {
                self.found.push(Finding::UnreadableClock { position, why });
                false
            }
        };
        if let Some(before) = self.latest.filter(|before| at < *before && !goes_back) {
            self.found.push(Finding::WentBack {
                position,
                at,
                before,
            });
        }
        self.latest = Some(at);
    }

    /// Takes note that what stands at `position` can't be read as an entry; `leaf` fills its place in the tree, if known.
    pub fn unreadable(&mut self, position: u64, why: String, leaf: Option<Hash>) {
        self.found.push(Finding::NotAnEntry { position, why });
        if self.takes_place(position) {
            self.leaf(leaf.unwrap_or(Hash([0; 32])));
        }
    }

    /// Takes a checkpoint; it may come before the entries that it counts.
    pub fn checkpoint(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    /// Takes size and root of a checkpoint that is known from elsewhere, as from a printed certificate: it holds also
    /// against somebody who has the key.
    pub fn know(&mut self, size: u64, root: Hash) {
        self.known.push((size, root));
    }

    /// The hashes of the tree so far, by storage index.
    #[must_use]
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// Checks the checkpoints against the tree and tells everything that was found.
    #[must_use]
    pub fn finish(mut self) -> Findings {
        let root = tree::root(self.last, &self.nodes).unwrap_or(Hash([0; 32]));
        if self.last == 0 && self.found.is_empty() {
            self.found.push(Finding::NoEntries);
        }
        let good = self.check_checkpoints();
        let covered = good.last().copied().unwrap_or(0);
        for (size, known) in std::mem::take(&mut self.known) {
            if size > self.last || tree::root(size, &self.nodes) != Ok(known) {
                self.found.push(Finding::OtherHistory { size });
            }
        }
        for position in self
            .signatures
            .iter()
            .copied()
            .filter(|position| *position > covered)
        {
            self.found
                .push(Finding::SignatureWithoutCheckpoint { position });
        }
        Findings {
            ledger: self.ledger,
            entries: self.last,
            root,
            checkpoints: good,
            found: self.found,
        }
    }

    /// Whether the entry has a place in the tree: its position is the next, or leaves a gap that is told.
    fn takes_place(&mut self, position: u64) -> bool {
        let expected = self.last + 1;
        if position < expected {
            self.found.push(Finding::Order { position, expected });
            return false;
        }
        if position > expected {
            self.found.push(Finding::Gap {
                first: expected,
                last: position - 1,
            });
            if position - expected > LARGEST_GAP {
                return false;
            }
            (expected..position).for_each(|_| self.leaf(Hash([0; 32])));
        }
        true
    }

    fn leaf(&mut self, leaf: Hash) {
        // All earlier nodes are there, so nothing can be missing.
        if let Ok(nodes) = tree::append(self.last, leaf, &self.nodes) {
            self.nodes.extend(nodes);
        }
        self.last += 1;
    }

    fn stream(&mut self, entry: &Entry, leaf: Hash) {
        let (position, stream) = (entry.position, entry.stream.clone());
        let leaves = self.streams.entry(stream.clone()).or_default();
        let expected = leaves.len() as u64 + 1;
        let found = entry.version;
        if found != expected {
            self.found.push(Finding::Version {
                position,
                stream: stream.clone(),
                expected,
                found,
            });
        }
        // A missing version is told once: its place stays empty, and what follows is checked at its own.
        if found > expected && found - expected <= LARGEST_GAP {
            leaves.extend((expected..found).map(|_| Hash([0; 32])));
        }
        match signed_of(&entry.payload) {
            Ok(None) => {}
            Ok(Some(signed)) => {
                self.signatures.push(position);
                let bound = usize::try_from(signed.version)
                    .ok()
                    .filter(|n| *n > 0)
                    .and_then(|n| leaves.get(..n));
                if bound.map(|bound| signed_digest(&entry.ledger, &stream, bound))
                    != Some(signed.digest)
                {
                    self.found.push(Finding::BrokenSignature {
                        position,
                        stream,
                        version: signed.version,
                    });
                }
            }
            Err(_) => self
                .found
                .push(Finding::UnreadableSignature { position, stream }),
        }
        // One that was doubled or moved has its place already, or had it earlier.
        if found >= expected {
            leaves.push(leaf);
        }
    }

    /// The sizes of the checkpoints that are well signed and fit the tree, in order.
    fn check_checkpoints(&mut self) -> Vec<u64> {
        let (mut read, notes) = (Vec::new(), std::mem::take(&mut self.notes));
        for note in &notes {
            match self.readable(note) {
                Ok(checkpoint) => read.push(checkpoint),
                Err(why) => self.bad_checkpoint(note, why),
            }
        }
        let keys = self.keys(&read);
        let mut signed = Vec::new();
        for checkpoint in read {
            match keys.check(&checkpoint) {
                Ok(()) => signed.push(checkpoint),
                Err(why) => self.bad_checkpoint(&checkpoint.note, why),
            }
        }
        signed.sort_by_key(|signed| signed.checkpoint.size);
        let mut good: Vec<u64> = Vec::new();
        let mut rewritten = false;
        for checkpoint in signed {
            let size = checkpoint.checkpoint.size;
            let fits = self.fits(&checkpoint);
            if fits {
                good.push(size);
            } else if size > self.last {
                self.found.push(Finding::CutOff {
                    entries: self.last,
                    size,
                });
            } else if !rewritten {
                self.found.push(Finding::Rewritten {
                    after: good.last().copied(),
                    size,
                });
            }
            // What was rewritten spoils each later checkpoint too; the first one is where it happened.
            rewritten = !fits;
        }
        good
    }

    fn bad_checkpoint(&mut self, note: &str, why: NotACheckpoint) {
        self.found.push(Finding::BadCheckpoint {
            first_lines: first_lines(note),
            why,
        });
    }

    fn readable(&self, note: &str) -> Result<SignedCheckpoint, NotACheckpoint> {
        let signed = SignedCheckpoint::parse(note)?;
        match &self.ledger {
            Some(ledger) if *ledger != signed.checkpoint.ledger => Err(NotACheckpoint::UnknownKey),
            _ => Ok(signed),
        }
    }

    fn fits(&self, checkpoint: &SignedCheckpoint) -> bool {
        let Checkpoint { size, root, .. } = &checkpoint.checkpoint;
        *size <= self.last && tree::root(*size, &self.nodes) == Ok(*root)
    }
}

/// Checks the lines of an export.
pub fn verify_lines<T: AsRef<str>>(lines: impl IntoIterator<Item = T>, trust: Trust) -> Findings {
    let mut verifier = Verifier::new(None, trust);
    for line in lines {
        verifier.line(line.as_ref());
    }
    verifier.finish()
}

/// Origin and size, to name a checkpoint that can't be read further.
fn first_lines(note: &str) -> String {
    note.lines()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(80)
        .collect()
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ledger = self.ledger.as_ref().map_or("?", LedgerName::as_str);
        let checkpoints = self.checkpoints.len();
        writeln!(
            f,
            "Ledger {ledger}: {} entries, {checkpoints} checkpoints hold, root {}.",
            self.entries, self.root
        )?;
        for finding in &self.found {
            writeln!(f, "- {finding}")?;
        }
        let uncovered = self.entries
            - self
                .checkpoints
                .last()
                .copied()
                .unwrap_or(0)
                .min(self.entries);
        if uncovered > 0 {
            writeln!(
                f,
                "The last {uncovered} entries are not yet covered by a checkpoint."
            )?;
        }
        match self.found.len() {
            0 => write!(f, "Nothing wrong was found."),
            1 => write!(f, "One thing is wrong."),
            count => write!(f, "{count} things are wrong."),
        }
    }
}

#[cfg(test)]
mod tests;
