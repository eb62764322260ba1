//! One command, one transaction.

use super::{
    Conn, Lock,
    columns::signed,
    engine::{Engine, commit},
    hold, lookups, read, rows,
};
use crate::{Decide, Decided, Fault, Loaded, Outcome, Ran, Request};
use domain::{
    ledger::{
        Entry, LedgerName, SignedCheckpoint,
        signed::signed_of,
        tree::{self, Nodes, TreeFault},
    },
    time::Timestamp,
};

const INSERT_ENTRY: &str =
    "insert into entry (ledger, position, stream, version, recorded_at, actor_user, actor_name,
    actor_role, session, app_version, command_id, kind, kind_version, payload, leaf_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const INSERT_NODE: &str = "insert into tree_hash (ledger, idx, hash) values ($1, $2, $3)";
const INSERT_CHECKPOINT: &str =
    "insert into checkpoint (ledger, size, root, note, made_at) values ($1, $2, $3, $4, $5)";
const INSERT_COMMAND: &str =
    "insert into command (command_id, ledger, stream, content_hash, first_position,
    entry_count, version, outcome) values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Runs the command; once more where another one came in between.
pub(super) async fn run(
    engine: &Engine,
    request: &Request,
    decide: &mut Decide<'_>,
) -> Result<Ran, Fault> {
    match attempt(engine, request, decide).await {
        Err(fault) if fault.is_conflict() => {
            tracing::info!(command = %request.command_id, %fault, "conflict, once more");
        }
        other => return other,
    }
    match attempt(engine, request, decide).await {
        Err(fault) if fault.is_conflict() => {
            tracing::warn!(command = %request.command_id, %fault, "conflict again, given up");
            Ok(Ran::Conflict)
        }
        other => other,
    }
}

async fn attempt(
    engine: &Engine,
    request: &Request,
    decide: &mut Decide<'_>,
) -> Result<Ran, Fault> {
    let mut tx = engine.writing(Lock::Ledger(&request.ledger)).await?;
    if let Some(done) = read::command(&mut tx, request.command_id).await? {
        let same = done.content_hash == request.content_hash
            && done.ledger == request.ledger
            && done.stream == request.stream;
        return Ok(if same {
            Ran::Done(done.outcome)
        } else {
            Ran::OtherContent
        });
    }
    let hold::Held { entries, wrong } =
        hold::stream(engine, &mut tx, &request.ledger, &request.stream).await?;
    if request
        .expected_version
        .is_some_and(|expected| expected != entries.len() as u64)
    {
        return Ok(Ran::Conflict);
    }
    let found = lookups::all(&mut tx, &request.lookups).await?;
    let loaded = Loaded::new(request, engine.now(), entries, wrong, found);
    let decided = decide(&loaded);
    if let Some(fault) = loaded.fault() {
        return Err(fault);
    }
    let Some(decided) = decided else {
        return Ok(Ran::Refused);
    };
    let outcome = record(engine, &mut tx, request, loaded, decided).await?;
    commit(tx).await?;
    Ok(Ran::Done(outcome))
}

/// Writes everything that was decided.
async fn record(
    engine: &Engine,
    conn: &mut Conn,
    request: &Request,
    loaded: Loaded,
    decided: Decided,
) -> Result<Outcome, Fault> {
    let (now, version) = (loaded.now(), loaded.version());
    let Decided {
        events,
        checkpoint,
        outcome: text,
    } = decided;
    let entry_count = events.len() as u64;
    if events.is_empty() {
        let (first_position, checkpoint) = (None, None);
        return Ok(Outcome {
            first_position,
            entry_count,
            version,
            text,
            repeated: false,
            checkpoint,
        });
    }
    let mut tree = Tree::load(conn, &request.ledger).await?;
    let first = tree.size + 1;
    let mut entries = loaded.into_entries();
    let mut wants_checkpoint = checkpoint;
    for event in events {
        // A payload that can't be read here is no signature that the verifier could accept either.
        wants_checkpoint |= !matches!(signed_of(&event.payload), Ok(None));
        let entry = Entry {
            ledger: request.ledger.clone(),
            position: tree.size + 1,
            stream: request.stream.clone(),
            version: entries.len() as u64 + 1,
            recorded_at: now,
            actor: request.actor.clone(),
            origin: request.origin.clone(),
            command_id: request.command_id,
            kind: event.kind,
            kind_version: event.kind_version,
            payload: event.payload,
        };
        append(conn, &mut tree, &entry).await?;
        entries.push(entry);
    }
    rows::apply_all(conn, &engine.project(&request.stream, &entries)?).await?;
    let checkpoint = match wants_checkpoint {
        true => Some(sign(engine, conn, &tree, now).await?),
        false => None,
    };
    let version = entries.len() as u64;
    let outcome = Outcome {
        first_position: Some(first),
        entry_count,
        version,
        text,
        repeated: false,
        checkpoint,
    };
    remember(conn, request, first, &outcome).await?;
    Ok(outcome)
}

async fn append(conn: &mut Conn, tree: &mut Tree, entry: &Entry) -> Result<(), Fault> {
    let leaf = entry.leaf_hash();
    let query = sqlx::query(INSERT_ENTRY)
        .bind(entry.ledger.as_str())
        .bind(signed(entry.position)?)
        .bind(entry.stream.as_str())
        .bind(signed(entry.version)?)
        .bind(entry.recorded_at.micros())
        .bind(entry.actor.user.map(|user| user.to_string()))
        .bind(&entry.actor.name)
        .bind(&entry.actor.role)
        .bind(entry.origin.session.map(|session| session.to_string()))
        .bind(&entry.origin.app_version)
        .bind(entry.command_id.to_string())
        .bind(&entry.kind)
        .bind(i64::from(entry.kind_version))
        .bind(entry.payload.as_str())
        .bind(leaf.0.to_vec());
    let done = query
        .execute(&mut *conn)
        .await
        .map_err(Fault::while_("appending an entry"))?;
    one(done.rows_affected(), "entry", || {
        format!("{} / {}", entry.ledger, entry.position)
    })?;
    for (index, hash) in tree.push(leaf)? {
        let query = sqlx::query(INSERT_NODE)
            .bind(entry.ledger.as_str())
            .bind(signed(index)?)
            .bind(hash.0.to_vec());
        let done = query
            .execute(&mut *conn)
            .await
            .map_err(Fault::while_("appending to the tree"))?;
        one(done.rows_affected(), "tree_hash", || {
            format!("{} / {index}", entry.ledger)
        })?;
    }
    Ok(())
}

async fn remember(
    conn: &mut Conn,
    request: &Request,
    first: u64,
    outcome: &Outcome,
) -> Result<(), Fault> {
    let query = sqlx::query(INSERT_COMMAND)
        .bind(request.command_id.to_string())
        .bind(request.ledger.as_str())
        .bind(request.stream.as_str())
        .bind(request.content_hash.0.to_vec())
        .bind(signed(first)?)
        .bind(signed(outcome.entry_count)?)
        .bind(signed(outcome.version)?)
        .bind(&outcome.text);
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("remembering a command"))?;
    one(done.rows_affected(), "command", || {
        request.command_id.to_string()
    })
}

/// The right edge of a ledger's tree: what the next leaf and the root need.
pub(super) struct Tree {
    pub(super) ledger: LedgerName,
    pub(super) size: u64,
    nodes: Nodes,
}

impl Tree {
    pub(super) async fn load(conn: &mut Conn, ledger: &LedgerName) -> Result<Self, Fault> {
        let size = read::size(conn, ledger).await?;
        // Subtrees that the next leaf completes are among those that the root is made of.
        let nodes = read::nodes(conn, ledger, &tree::root_needs(size)).await?;
        Ok(Self {
            ledger: ledger.clone(),
            size,
            nodes,
        })
    }

    fn push(
        &mut self,
        leaf: domain::ledger::Hash,
    ) -> Result<Vec<(u64, domain::ledger::Hash)>, Fault> {
        let new =
            tree::append(self.size, leaf, &self.nodes).map_err(|source| self.damaged(source))?;
        self.nodes.extend(new.iter().copied());
        self.size += 1;
        Ok(new)
    }

    fn damaged(&self, source: TreeFault) -> Fault {
        Fault::Tree {
            ledger: self.ledger.clone(),
            source,
        }
    }
}

/// Signs the tree as it stands and keeps the checkpoint.
///
/// A key that another one took the place of signs no more, also where this process doesn't know of it yet. Under the entry
/// that adopts a new key both sign, where the old one is here.
pub(super) async fn sign(
    engine: &Engine,
    conn: &mut Conn,
    tree: &Tree,
    now: Timestamp,
) -> Result<SignedCheckpoint, Fault> {
    let root = tree::root(tree.size, &tree.nodes).map_err(|source| tree.damaged(source))?;
    let key = engine.key(&tree.ledger)?;
    let mut signed_checkpoint = key.sign(tree.size, root);
    if let Some((position, adopted)) = read::adopted_key(conn, &tree.ledger).await? {
        if adopted.public_key != key.public() {
            let ledger = tree.ledger.clone();
            return Err(Fault::KeyReplaced { ledger, position });
        }
        let before = adopted.replaces.as_ref().filter(|_| position == tree.size);
        if let Some(before) = before.and_then(|before| engine.key_before(before)) {
            signed_checkpoint = before.sign_too(signed_checkpoint);
        }
    }
    let query = sqlx::query(INSERT_CHECKPOINT)
        .bind(tree.ledger.as_str())
        .bind(signed(tree.size)?)
        .bind(root.0.to_vec())
        .bind(&signed_checkpoint.note)
        .bind(now.micros());
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("keeping a checkpoint"))?;
    one(done.rows_affected(), "checkpoint", || {
        format!("{} / {}", tree.ledger, tree.size)
    })?;
    Ok(signed_checkpoint)
}

/// Exactly one row was written.
pub(super) fn one(
    found: u64,
    table: &'static str,
    row: impl FnOnce() -> String,
) -> Result<(), Fault> {
    if found == 1 {
        return Ok(());
    }
    Err(Fault::RowsAffected {
        table,
        row: row(),
        found,
    })
}
