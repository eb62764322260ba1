//! The record itself.

use crate::{
    BackupFile, ClockView, Decided, Fault, Lacking, Loaded, Outcome, Ran, Request, RowFinding,
};
use async_trait::async_trait;
use domain::{
    ids::CommandId,
    ledger::{
        Entry, Findings, Hash, KeyAdopted, LedgerKey, LedgerName, PublicKey, RowChange,
        SignedCheckpoint, StreamName,
    },
    time::Timestamp,
};
use std::io;

/// A decision: `None` where it refuses.
pub type Decide<'a> = dyn FnMut(&Loaded) -> Option<Decided> + Send + 'a;

/// What takes the lines of an export, each without its line break.
pub type Sink<'a> = dyn FnMut(&str) -> io::Result<()> + Send + 'a;

/// A ledger as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The ledger.
    pub ledger: LedgerName,
    /// The number of its entries.
    pub size: u64,
    /// Its newest checkpoint.
    pub checkpoint: Option<SignedCheckpoint>,
}

/// A proof against a root, to be checked with `domain::ledger::tree`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The root of the (newer) tree.
    pub root: Hash,
    /// The hashes of the proof.
    pub hashes: Vec<Hash>,
}

/// The ledgers: appended to, read, checked; never changed.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// What [`execute`](trait.Store.html#method.execute) calls; use that.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    async fn run(&self, request: &Request, decide: &mut Decide<'_>) -> Result<Ran, Fault>;

    /// What a command led to, where it was done.
    ///
    /// # Errors
    /// [`Fault`].
    async fn outcome(&self, command: CommandId) -> Result<Option<Outcome>, Fault>;

    /// The entries of a stream, in order; none where there is no such stream.
    ///
    /// # Errors
    /// [`Fault`].
    async fn stream(&self, ledger: &LedgerName, stream: &StreamName) -> Result<Vec<Entry>, Fault>;

    /// The same, and the first thing that is wrong with the stream where it was changed outside Autolog: an entry isn't
    /// the one whose leaf was kept, or isn't in the tree under the newest signed checkpoint. Else what [`Self::watch`] found
    /// wrong with the ledger as a whole, or with the organisation's. Of a stream with an entry that can't be read any more, it
    /// gives those before it.
    ///
    /// # Errors
    /// [`Fault`], also where not even the first entry can be read.
    async fn held_stream(
        &self,
        ledger: &LedgerName,
        stream: &StreamName,
    ) -> Result<(Vec<Entry>, Option<String>), Fault>;

    /// Up to `limit` entries of a ledger after the position `after`, in order.
    ///
    /// # Errors
    /// [`Fault`].
    async fn entries(
        &self,
        ledger: &LedgerName,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Entry>, Fault>;

    /// Every ledger that has entries, as it stands, in order of name.
    ///
    /// # Errors
    /// [`Fault`].
    async fn heads(&self) -> Result<Vec<Head>, Fault>;

    /// All checkpoints of a ledger, in order of size.
    ///
    /// # Errors
    /// [`Fault`].
    async fn checkpoints(&self, ledger: &LedgerName) -> Result<Vec<SignedCheckpoint>, Fault>;

    /// Signs the ledger as it stands; the newest checkpoint where that says the same already; `None` where the ledger
    /// is empty.
    ///
    /// # Errors
    /// [`Fault`], [`Fault::NoKey`] among them.
    async fn checkpoint(&self, ledger: &LedgerName) -> Result<Option<SignedCheckpoint>, Fault>;

    /// Signs each ledger that holds an entry from before `moment` which no checkpoint covers. Called now and then with
    /// the moment a day ago, it keeps the rule of one checkpoint a day.
    ///
    /// # Errors
    /// [`Fault`].
    async fn checkpoint_where_due(&self, moment: Timestamp)
    -> Result<Vec<SignedCheckpoint>, Fault>;

    /// Proves that the entry at `position` is in the tree of the first `size` entries.
    ///
    /// # Errors
    /// [`Fault`]; [`Fault::Tree`] where there is no such entry or tree.
    async fn inclusion(
        &self,
        ledger: &LedgerName,
        position: u64,
        size: u64,
    ) -> Result<Proof, Fault>;

    /// Proves that the tree of `new` entries begins with the tree of `old` entries.
    ///
    /// # Errors
    /// [`Fault`]; [`Fault::Tree`] where there are no such trees.
    async fn consistency(&self, ledger: &LedgerName, old: u64, new: u64) -> Result<Proof, Fault>;

    /// Computes leaves and tree of a ledger again and checks them against what is kept and against every checkpoint.
    ///
    /// # Errors
    /// [`Fault`] where the database fails; what is wrong with the ledger is in the findings.
    async fn verify(&self, ledger: &LedgerName) -> Result<Findings, Fault> {
        self.verify_knowing(ledger, &[]).await
    }

    /// The same, also against size and root of checkpoints that are known from elsewhere.
    ///
    /// # Errors
    /// As [`Self::verify`].
    async fn verify_knowing(
        &self,
        ledger: &LedgerName,
        known: &[(u64, Hash)],
    ) -> Result<Findings, Fault>;

    /// Checks every ledger as [`Self::verify`] does, and remembers what is wrong: from then on every stream of such a ledger
    /// is told to be, until a later check finds nothing.
    ///
    /// # Errors
    /// [`Fault`] where the database fails.
    async fn watch(&self) -> Result<Vec<Findings>, Fault>;

    /// Computes the read tables again and compares them, and what is remembered of commands, with what is kept. The
    /// documents that batches run under must be on the shelf:
    /// [`Records::verify_rows`](crate::Records::verify_rows) sees to that.
    ///
    /// # Errors
    /// [`Fault`] where the database fails.
    async fn verify_rows(&self) -> Result<Vec<RowFinding>, Fault>;

    /// What the steps of the tables made and is not there any more: a table, an index, what protects the record.
    ///
    /// # Errors
    /// [`Fault`] where the database fails.
    async fn lacking(&self) -> Result<Vec<Lacking>, Fault>;

    /// Empties the read tables and makes them again from the entries alone; answers how many streams were read.
    ///
    /// # Errors
    /// [`Fault`]; the tables are then as they were.
    async fn rebuild(&self) -> Result<u64, Fault>;

    /// Everything that stands in the read tables, in a fixed order: to compare before and after a rebuild.
    ///
    /// # Errors
    /// [`Fault`].
    async fn rows(&self) -> Result<Vec<RowChange>, Fault>;

    /// Writes a ledger line by line as `docs/ledger-format.md` says: keys, entries, checkpoints.
    ///
    /// # Errors
    /// [`Fault`].
    async fn export(&self, ledger: &LedgerName, sink: &mut Sink<'_>) -> Result<(), Fault>;

    /// Writes every table into a backup, as they are at one moment, while others write on.
    ///
    /// # Errors
    /// [`Fault`]; the backup is then of no use.
    async fn back_up(&self, file: &mut BackupFile) -> Result<(), Fault>;

    /// Puts a backup into this database, which must be empty: all of it, or nothing. Answers the name of a table that
    /// holds something already, where there is one; then nothing was written. Nobody is signed in after it.
    ///
    /// # Errors
    /// [`Fault`]; nothing was written then.
    async fn restore(&self, file: &mut BackupFile) -> Result<Option<String>, Fault>;

    /// The key that signs a ledger as the ledger itself says, and the position of the entry that says so.
    ///
    /// # Errors
    /// [`Fault`].
    async fn adopted_key(&self, ledger: &LedgerName) -> Result<Option<(u64, KeyAdopted)>, Fault>;

    /// The public half of the key that this process signs a ledger with.
    fn signing_key(&self, ledger: &LedgerName) -> Option<PublicKey>;

    /// Takes the signature of a key that is known from elsewhere, such as a paper.
    fn trust_key(&self, key: PublicKey);

    /// Signs with this key from now on; the key before it stays trusted. What its ledger says of its keys is another
    /// command: [`Records::adopt_key`](crate::Records::adopt_key).
    fn adopt_key(&self, key: LedgerKey);

    /// The public keys whose signature counts for a ledger's checkpoints: what somebody else needs to check an export.
    fn public_keys(&self, ledger: &LedgerName) -> Vec<PublicKey>;

    /// What is known of the clock: whether it is confirmed, and who has read the time elsewhere.
    ///
    /// # Errors
    /// [`Fault`].
    async fn clock(&self) -> Result<ClockView, Fault>;

    /// The latest time that stands in any ledger, and the first one that is after `moment`.
    ///
    /// # Errors
    /// [`Fault`].
    async fn times_beyond(
        &self,
        moment: Timestamp,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault>;

    /// Answers where the database answers: for `/healthz`.
    ///
    /// # Errors
    /// [`Fault`].
    async fn ping(&self) -> Result<(), Fault>;

    /// Closes all connections.
    async fn close(&self);
}
