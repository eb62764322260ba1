//! [`Ledger`]: appends, reads, checkpoints and proofs.

use super::{
    Conn, Lock, append, audit, check, clock, copy,
    engine::{Engine, commit},
    group,
    head::Tree,
    hold, lookups, read, schema,
};
use crate::{
    BackupFile, ClockView, Decide, Fault, Head, Lacking, Ledger, Outcome, Proof, Ran, Request,
    RowFinding, Sink,
};
use async_trait::async_trait;
use domain::{
    ids::CommandId,
    ledger::{
        Entry, Findings, Hash, KeyAdopted, LedgerKey, LedgerName, PublicKey, RowChange,
        SignedCheckpoint, StreamName, tree,
    },
    time::Timestamp,
};

const PING: &str = "select 1";

#[async_trait]
impl Ledger for Engine {
    async fn run(&self, request: &Request, decide: &mut Decide<'_>) -> Result<Ran, Fault> {
        group::run(self, request, decide).await
    }

    async fn outcome(&self, command: CommandId) -> Result<Option<Outcome>, Fault> {
        let done = read::command(&mut *self.snapshot().await?, command).await?;
        Ok(done.map(|done| done.outcome))
    }

    async fn stream(&self, ledger: &LedgerName, stream: &StreamName) -> Result<Vec<Entry>, Fault> {
        read::stream(&mut *self.reading().await?, ledger, stream).await
    }

    async fn held_stream(
        &self,
        ledger: &LedgerName,
        stream: &StreamName,
    ) -> Result<(Vec<Entry>, Option<String>), Fault> {
        let mut tx = self.snapshot().await?;
        let held = hold::stream(self, &mut tx, ledger, stream, true).await?;
        match held.unread {
            Some(why) if held.entries.is_empty() => Err(why),
            _ => Ok((held.entries, held.wrong)),
        }
    }

    async fn entries(
        &self,
        ledger: &LedgerName,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Entry>, Fault> {
        let rows = read::entry_rows(&mut *self.reading().await?, ledger, after, limit).await?;
        rows.iter().map(read::entry).collect()
    }

    async fn heads(&self) -> Result<Vec<Head>, Fault> {
        heads(&mut *self.snapshot().await?).await
    }

    async fn checkpoints(&self, ledger: &LedgerName) -> Result<Vec<SignedCheckpoint>, Fault> {
        read::checkpoints(&mut *self.reading().await?, ledger).await
    }

    async fn checkpoint(&self, ledger: &LedgerName) -> Result<Option<SignedCheckpoint>, Fault> {
        let mut tx = self.writing(Lock::Ledgers(&[ledger])).await?;
        let newest = read::newest_checkpoint(&mut tx, ledger).await?;
        let size = read::size(&mut tx, ledger).await?;
        let tree = Tree::load(&mut tx, ledger, size).await?;
        if tree.size == 0
            || newest
                .as_ref()
                .is_some_and(|newest| newest.checkpoint.size == tree.size)
        {
            return Ok(newest);
        }
        let made = append::sign(self, &mut tx, &tree, self.now()).await?;
        commit(tx).await?;
        Ok(Some(made))
    }

    async fn checkpoint_where_due(
        &self,
        moment: Timestamp,
    ) -> Result<Vec<SignedCheckpoint>, Fault> {
        let mut due = Vec::new();
        let mut tx = self.snapshot().await?;
        for head in heads(&mut tx).await? {
            let covered = head.checkpoint.map_or(0, |signed| signed.checkpoint.size);
            let oldest = read::recorded_after(&mut tx, &head.ledger, covered).await?;
            if oldest.is_some_and(|recorded| recorded < moment) {
                due.push(head.ledger);
            }
        }
        drop(tx);
        let mut made = Vec::new();
        for ledger in due {
            made.extend(self.checkpoint(&ledger).await?);
        }
        Ok(made)
    }

    async fn inclusion(
        &self,
        ledger: &LedgerName,
        position: u64,
        size: u64,
    ) -> Result<Proof, Fault> {
        let mut tx = self.snapshot().await?;
        let nodes = read::nodes(&mut tx, ledger, &tree::inclusion_needs(position, size)).await?;
        let hashes = tree::inclusion(position, size, &nodes);
        let hashes = hashes.map_err(|source| Fault::Tree {
            ledger: ledger.clone(),
            source,
        })?;
        Ok(Proof {
            root: read::root(&mut tx, ledger, size).await?,
            hashes,
        })
    }

    async fn consistency(&self, ledger: &LedgerName, old: u64, new: u64) -> Result<Proof, Fault> {
        let mut tx = self.snapshot().await?;
        let nodes = read::nodes(&mut tx, ledger, &tree::consistency_needs(old, new)).await?;
        let hashes = tree::consistency(old, new, &nodes);
        let hashes = hashes.map_err(|source| Fault::Tree {
            ledger: ledger.clone(),
            source,
        })?;
        Ok(Proof {
            root: read::root(&mut tx, ledger, new).await?,
            hashes,
        })
    }

    async fn verify_knowing(
        &self,
        ledger: &LedgerName,
        known: &[(u64, Hash)],
    ) -> Result<Findings, Fault> {
        audit::verify(self, ledger, known).await
    }

    async fn watch(&self) -> Result<Vec<Findings>, Fault> {
        audit::watch(self).await
    }

    async fn verify_rows(&self) -> Result<Vec<RowFinding>, Fault> {
        check::rows_against_entries(self).await
    }

    async fn lacking(&self) -> Result<Vec<Lacking>, Fault> {
        schema::lacking(&mut *self.reading().await?).await
    }

    async fn rebuild(&self) -> Result<u64, Fault> {
        audit::rebuild(self).await
    }

    async fn rows(&self) -> Result<Vec<RowChange>, Fault> {
        lookups::everything(&mut *self.snapshot().await?).await
    }

    async fn export(&self, ledger: &LedgerName, sink: &mut Sink<'_>) -> Result<(), Fault> {
        audit::export(self, ledger, sink).await
    }

    async fn back_up(&self, file: &mut BackupFile) -> Result<(), Fault> {
        copy::take_out(self, file).await
    }

    async fn restore(&self, file: &mut BackupFile) -> Result<Option<String>, Fault> {
        copy::put_in(self, file).await
    }

    async fn adopted_key(&self, ledger: &LedgerName) -> Result<Option<(u64, KeyAdopted)>, Fault> {
        read::adopted_key(&mut *self.reading().await?, ledger).await
    }

    fn signing_key(&self, ledger: &LedgerName) -> Option<PublicKey> {
        self.key(ledger).ok().map(|key| key.public())
    }

    fn trust_key(&self, key: PublicKey) {
        self.trust(key);
    }

    fn adopt_key(&self, key: LedgerKey) {
        self.adopt(key);
    }

    fn public_keys(&self, ledger: &LedgerName) -> Vec<PublicKey> {
        self.trusted(ledger)
    }

    async fn clock(&self) -> Result<ClockView, Fault> {
        clock::view(self, &mut *self.reading().await?).await
    }

    async fn times_beyond(
        &self,
        moment: Timestamp,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault> {
        clock::span(&mut *self.snapshot().await?, moment).await
    }

    async fn ping(&self) -> Result<(), Fault> {
        self.is_there()?;
        let answer = sqlx::query(PING).execute(&mut *self.reading().await?).await;
        answer
            .map(|_| ())
            .map_err(Fault::while_("asking the database whether it answers"))
    }

    async fn close(&self) {
        self.close_all().await;
    }
}

async fn heads(conn: &mut Conn) -> Result<Vec<Head>, Fault> {
    let mut heads = Vec::new();
    for (ledger, size) in read::ledgers(conn).await? {
        let checkpoint = read::newest_checkpoint(conn, &ledger).await?;
        heads.push(Head {
            ledger,
            size,
            checkpoint,
        });
    }
    Ok(heads)
}
