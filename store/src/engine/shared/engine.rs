//! One opened database.

use super::{
    Db, Reach, Tx, begin_read, begin_write, clock::Guard, group::Queue, hold::Proven, open_forms,
};
use crate::{Fault, KeptKeys, Opening, Projector, engine::Lock};
use domain::{
    ledger::{Entry, Keyring, LedgerKey, LedgerName, PublicKey, RowChange, StreamName},
    time::Timestamp,
};
use sqlx::{Pool, pool::PoolConnection};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::OnceCell;

pub(crate) struct Engine {
    reader: Pool<Db>,
    writer: Pool<Db>,
    /// Where the database is: the forms lie beside it.
    url: String,
    /// Opened with the first form: what only reads or verifies a record makes no file.
    forms: OnceCell<Pool<Db>>,
    reach: Reach,
    guard: Guard,
    keys: RwLock<Keyring>,
    kept_keys: Option<KeptKeys>,
    projector: Projector,
    proven: Mutex<Proven>,
    suspects: Mutex<BTreeMap<LedgerName, String>>,
    queue: Arc<Queue>,
}

impl Engine {
    pub(super) fn new(reader: Pool<Db>, writer: Pool<Db>, reach: Reach, opening: Opening) -> Self {
        let Opening {
            url,
            clock,
            steady,
            keys,
            kept_keys,
            projector,
            ..
        } = opening;
        Self {
            reader,
            writer,
            url,
            forms: OnceCell::new(),
            reach,
            guard: Guard::new(clock, steady),
            keys: RwLock::new(keys),
            kept_keys,
            projector,
            proven: Mutex::default(),
            suspects: Mutex::default(),
            queue: Arc::default(),
        }
    }

    /// Remembers what the last whole check said of a ledger: what is wrong with it, or nothing.
    pub(super) fn suspect(&self, ledger: LedgerName, words: Option<String>) {
        let mut suspects = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        match words {
            Some(words) => suspects.insert(ledger, words),
            None => suspects.remove(&ledger),
        };
    }

    /// What the last whole check found wrong with a ledger, or with the one that says who may do what in it.
    pub(super) fn suspicion(&self, ledger: &LedgerName) -> Option<String> {
        let suspects = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        let org = suspects.get(&LedgerName::org());
        suspects.get(ledger).or(org).cloned()
    }

    pub(super) fn ledgers_with_a_key(&self) -> Vec<LedgerName> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.ledgers().cloned().collect()
    }

    /// What was proven of a stream.
    pub(super) fn proven(&self, stream: &(LedgerName, StreamName)) -> Option<(u64, String)> {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.get(stream).cloned()
    }

    /// Remembers what was proven of a stream; of no more than `most` streams.
    pub(super) fn remember_proven(
        &self,
        stream: (LedgerName, StreamName),
        what: (u64, String),
        most: usize,
    ) {
        let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        if proven.len() >= most {
            proven.clear();
        }
        proven.insert(stream, what);
    }

    pub(super) fn now(&self) -> Timestamp {
        self.guard.now()
    }

    /// What the clock is held against.
    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A connection for a single read.
    pub(super) async fn reading(&self) -> Result<PoolConnection<Db>, Fault> {
        let acquired = async {
            let acquired = self.reader.acquire().await;
            acquired.map_err(Fault::while_("waiting for a connection"))
        };
        self.reach.reached(acquired).await
    }

    /// A transaction for several reads that must fit together.
    pub(super) async fn snapshot(&self) -> Result<Tx, Fault> {
        self.reach.reached(begin_read(&self.reader)).await
    }

    pub(super) async fn writing(&self, lock: Lock<'_>) -> Result<Tx, Fault> {
        self.reach.is_there()?;
        self.reach.reached(begin_write(&self.writer, lock)).await
    }

    /// Goes on only where the database is the one that was opened.
    pub(super) fn is_there(&self) -> Result<(), Fault> {
        self.reach.is_there()
    }

    /// Where the forms are that are not recorded.
    pub(super) async fn forms(&self) -> Result<&Pool<Db>, Fault> {
        let opened = self.forms.get_or_try_init(|| open_forms(&self.url));
        self.reach.reached(opened).await
    }

    /// Those who wait to write.
    pub(super) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    pub(super) fn project(
        &self,
        stream: &StreamName,
        entries: &[Entry],
    ) -> Result<Vec<RowChange>, Fault> {
        (self.projector)(entries).map_err(|source| Fault::Projection {
            stream: stream.clone(),
            source,
        })
    }

    pub(super) fn key(&self, ledger: &LedgerName) -> Result<LedgerKey, Fault> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.signing(ledger)
            .cloned()
            .ok_or_else(|| Fault::NoKey(ledger.clone()))
    }

    /// The key with this public half that signed before the one of its ledger that signs now.
    pub(super) fn key_before(&self, public: &PublicKey) -> Option<LedgerKey> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.before(public).cloned()
    }

    pub(super) fn trust(&self, key: PublicKey) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.trust(key);
    }

    /// The keys of a ledger as they are kept now; none where they can't be read, which counts for nothing.
    pub(super) fn kept_keys(&self, ledger: &LedgerName) -> Vec<LedgerKey> {
        let Some(look) = &self.kept_keys else {
            return Vec::new();
        };
        look(ledger).unwrap_or_else(|error| {
            tracing::error!(%ledger, error, "the keys of a ledger can't be read");
            Vec::new()
        })
    }

    pub(super) fn learn(&self, ledger: &LedgerName, kept: Vec<LedgerKey>, named: &[PublicKey]) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.learn(ledger, kept, named);
    }

    pub(super) fn trusted(&self, ledger: &LedgerName) -> Vec<PublicKey> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .trusted(ledger)
    }

    pub(super) fn adopt(&self, key: LedgerKey) {
        self.keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .adopt(key);
    }

    pub(super) async fn close_all(&self) {
        self.reader.close().await;
        self.writer.close().await;
        if let Some(forms) = self.forms.get() {
            forms.close().await;
        }
    }
}

/// Ends a writing transaction; what it wrote is on the disk after that.
pub(super) async fn commit(tx: Tx) -> Result<(), Fault> {
    tx.commit().await.map_err(Fault::while_("committing"))
}
