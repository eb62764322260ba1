//! Reading entries, the tree and checkpoints.

use super::{
    Conn, Db, Row,
    columns::{Columns, signed},
};
use crate::{Fault, Outcome};
use domain::{
    ids::CommandId,
    ledger::{
        Actor, Entry, Hash, KeyAdopted, LedgerName, Origin, Payload, SignedCheckpoint, StreamName,
        tree::{self, Nodes},
    },
    time::Timestamp,
};
use sqlx::QueryBuilder;
use std::collections::HashSet;

macro_rules! select_entry {
    ($rest:literal) => {
        concat!(
            "select ledger, position, stream, version, recorded_at, actor_user, actor_name, actor_role, session, ",
            "app_version, clock, command_id, kind, kind_version, payload, leaf_hash from entry ",
            $rest
        )
    };
}

const STREAM: &str = select_entry!("where ledger = $1 and stream = $2 order by version");
const STREAM_FROM: &str =
    select_entry!("where ledger = $1 and stream = $2 and version >= $3 order by version");
const ENTRIES: &str =
    select_entry!("where ledger = $1 and position > $2 order by position limit $3");
/// From one name to the next by the index: how long it takes follows from the number of ledgers, not of entries.
const LEDGERS: &str = "with recursive named (ledger) as (
        select min(ledger) from entry
        union all
        select (select min(ledger) from entry where ledger > named.ledger) from named where ledger is not null
    )
    select ledger, (select max(position) from entry where entry.ledger = named.ledger) as size
    from named where ledger is not null order by ledger";
const SIZE: &str = "select coalesce(max(position), 0) as size from entry where ledger = $1";
const STREAMS: &str =
    "select ledger, position, stream from entry where ledger = $1 and version = 1 and position > $2
    order by position limit $3";
const NODES_AT: &str = "select ledger, idx, hash from tree_hash where ledger = ";
const NODES: &str =
    "select ledger, idx, hash from tree_hash where ledger = $1 and idx > $2 order by idx limit $3";
const CHECKPOINTS: &str =
    "select ledger, size, root, note from checkpoint where ledger = $1 order by size";
const NEWEST_CHECKPOINT: &str =
    "select ledger, size, note from checkpoint where ledger = $1 order by size desc limit 1";
const CHECKPOINT_AT: &str =
    "select ledger, size, note from checkpoint where ledger = $1 and size = $2";
const OLDEST_UNCOVERED: &str =
    "select ledger, position, recorded_at from entry where ledger = $1 and position > $2
    order by position limit 1";
const COMMAND: &str =
    "select command_id, ledger, stream, content_hash, first_position, entry_count, version, outcome
    from command where command_id = $1";

const NEWEST_KEY: &str =
    select_entry!("where ledger = $1 and stream = $2 order by version desc limit 1");

/// How many rows are read at once where all of a ledger is read.
pub(super) const PAGE: u32 = 500;

pub(super) fn entry_columns(row: &Row) -> Columns<'_> {
    Columns::of(row, "entry", &["ledger", "position"])
}

pub(super) fn entry(row: &Row) -> Result<Entry, Fault> {
    let columns = entry_columns(row);
    Ok(Entry {
        ledger: columns.parsed("ledger")?,
        position: columns.number("position")?,
        stream: columns.parsed("stream")?,
        version: columns.number("version")?,
        recorded_at: columns.time("recorded_at")?,
        actor: Actor {
            user: columns.maybe_parsed("actor_user")?,
            name: columns.text("actor_name")?,
            role: columns.text("actor_role")?,
        },
        origin: Origin {
            session: columns.maybe_parsed("session")?,
            app_version: columns.text("app_version")?,
            clock: columns.parsed("clock")?,
        },
        command_id: columns.parsed("command_id")?,
        kind: columns.text("kind")?,
        kind_version: columns.number("kind_version")?,
        payload: Payload::parse(columns.text("payload")?)
            .map_err(|why| columns.wrong("payload", why))?,
    })
}

pub(super) async fn stream(
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
) -> Result<Vec<Entry>, Fault> {
    let rows = stream_rows(conn, ledger, stream).await?;
    rows.iter().map(entry).collect()
}

pub(super) async fn stream_rows(
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
) -> Result<Vec<Row>, Fault> {
    let query = sqlx::query(STREAM)
        .bind(ledger.as_str())
        .bind(stream.as_str());
    query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading a stream"))
}

/// The entries of a stream from a version on, that one included.
pub(super) async fn stream_from(
    conn: &mut Conn,
    ledger: &LedgerName,
    stream: &StreamName,
    version: u64,
) -> Result<Vec<Entry>, Fault> {
    let query = sqlx::query(STREAM_FROM)
        .bind(ledger.as_str())
        .bind(stream.as_str())
        .bind(signed(version)?);
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading a stream"))?;
    rows.iter().map(entry).collect()
}

/// The sizes of ledgers, and which of these commands were done.
pub(super) async fn heads(
    conn: &mut Conn,
    ledgers: &[&LedgerName],
    asked: &[CommandId],
) -> Result<(Vec<u64>, HashSet<CommandId>), Fault> {
    // In one: on the way to another machine each statement counts more than each row.
    let mut query = QueryBuilder::<Db>::new("");
    for (nth, ledger) in (0_i64..).zip(ledgers) {
        query.push("select cast(").push(nth);
        query.push(
            " as bigint) as nth, (select coalesce(max(position), 0) from entry where ledger = ",
        );
        query.push_bind(ledger.as_str());
        query.push(") as size, cast(null as text) as command_id union all ");
    }
    query.push("select -1, 0, command_id from command where command_id in (");
    let mut list = query.separated(", ");
    for id in few_lengths(asked) {
        list.push_bind(id.to_string());
    }
    query.push(")");
    let rows = query
        .build()
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the head of a ledger"))?;
    let (mut sizes, mut done) = (vec![0; ledgers.len()], HashSet::new());
    for row in &rows {
        let columns = Columns::of(row, "command", &["command_id"]);
        match columns.maybe_parsed::<CommandId>("command_id")? {
            Some(id) => drop(done.insert(id)),
            None => sizes[columns.number::<usize>("nth")?] = columns.number("size")?,
        }
    }
    Ok((sizes, done))
}

/// The key that signs a ledger as the ledger itself says, and the position of the entry that says so; `None` where none
/// does.
pub(super) async fn adopted_key(
    conn: &mut Conn,
    ledger: &LedgerName,
) -> Result<Option<(u64, KeyAdopted)>, Fault> {
    let query = sqlx::query(NEWEST_KEY)
        .bind(ledger.as_str())
        .bind(StreamName::key(ledger).as_str().to_owned());
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading the keys of a ledger"))?;
    let Some(row) = row else { return Ok(None) };
    let entry = entry(&row)?;
    let adopted =
        KeyAdopted::of(&entry).map_err(|why| entry_columns(&row).wrong("payload", why))?;
    Ok(adopted.map(|adopted| (entry.position, adopted)))
}

/// Rows of entries as they stand, also where they can't be read as entries any more.
pub(super) async fn entry_rows(
    conn: &mut Conn,
    ledger: &LedgerName,
    after: u64,
    limit: u32,
) -> Result<Vec<Row>, Fault> {
    let query = sqlx::query(ENTRIES)
        .bind(ledger.as_str())
        .bind(signed(after)?)
        .bind(i64::from(limit));
    query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading entries"))
}

/// The names of all ledgers with their number of entries.
pub(super) async fn ledgers(conn: &mut Conn) -> Result<Vec<(LedgerName, u64)>, Fault> {
    let rows = sqlx::query(LEDGERS)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the ledgers"))?;
    let read = |row: &Row| {
        let columns = Columns::of(row, "entry", &["ledger"]);
        Ok((columns.parsed("ledger")?, columns.number("size")?))
    };
    rows.iter().map(read).collect()
}

pub(super) async fn size(conn: &mut Conn, ledger: &LedgerName) -> Result<u64, Fault> {
    let query = sqlx::query(SIZE).bind(ledger.as_str());
    let row = query
        .fetch_one(conn)
        .await
        .map_err(Fault::while_("reading the head of a ledger"))?;
    Columns::of(&row, "entry", &[]).number("size")
}

/// A page of the streams of a ledger, each with the position of its first entry, in that order; `after` the position before
/// it.
pub(super) async fn streams(
    conn: &mut Conn,
    ledger: &LedgerName,
    after: u64,
) -> Result<Vec<(u64, StreamName)>, Fault> {
    let query = sqlx::query(STREAMS)
        .bind(ledger.as_str())
        .bind(signed(after)?)
        .bind(i64::from(PAGE));
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the streams of a ledger"))?;
    let read = |row: &Row| {
        let columns = entry_columns(row);
        Ok((columns.number("position")?, columns.parsed("stream")?))
    };
    rows.iter().map(read).collect()
}

pub(super) async fn nodes(
    conn: &mut Conn,
    ledger: &LedgerName,
    indexes: &[u64],
) -> Result<Nodes, Fault> {
    if indexes.is_empty() {
        return Ok(Nodes::new());
    }
    // All at once: on the way to another machine each statement counts more than each row.
    let mut query = QueryBuilder::<Db>::new(NODES_AT);
    query.push_bind(ledger.as_str()).push(" and idx in (");
    let mut list = query.separated(", ");
    for index in few_lengths(indexes) {
        list.push_bind(signed(*index)?);
    }
    query.push(")");
    let rows = query
        .build()
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the tree"))?;
    rows.iter().map(node).collect()
}

fn node(row: &Row) -> Result<(u64, Hash), Fault> {
    let columns = Columns::of(row, "tree_hash", &["ledger", "idx"]);
    Ok((columns.number("idx")?, columns.hash("hash")?))
}

/// The same, the last one repeated until there is a power of two of them: so that a list in a statement has few lengths, and
/// the database meets few statements that are new to it.
pub(super) fn few_lengths<T>(asked: &[T]) -> impl Iterator<Item = &T> {
    let length = asked.len().next_power_of_two();
    let again = asked.iter().rev().take(1).cycle();
    asked.iter().chain(again).take(length)
}

/// A page of the kept hashes, `after` the index before it; -1 for the first page.
pub(super) async fn node_page(
    conn: &mut Conn,
    ledger: &LedgerName,
    after: i64,
) -> Result<Vec<(u64, Hash)>, Fault> {
    let query = sqlx::query(NODES)
        .bind(ledger.as_str())
        .bind(after)
        .bind(i64::from(PAGE));
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the tree"))?;
    let read = |row: &Row| {
        let columns = Columns::of(row, "tree_hash", &["ledger", "idx"]);
        // One that isn't 32 bytes any more fits nothing; it must not keep the rest from being checked.
        let hash = columns.hash("hash").unwrap_or(Hash([0; 32]));
        Ok((columns.number("idx")?, hash))
    };
    rows.iter().map(read).collect()
}

pub(super) async fn root(conn: &mut Conn, ledger: &LedgerName, size: u64) -> Result<Hash, Fault> {
    let nodes = nodes(conn, ledger, &tree::root_needs(size)).await?;
    tree::root(size, &nodes).map_err(|source| Fault::Tree {
        ledger: ledger.clone(),
        source,
    })
}

fn checkpoint(row: &Row) -> Result<SignedCheckpoint, Fault> {
    let columns = Columns::of(row, "checkpoint", &["ledger", "size"]);
    SignedCheckpoint::parse(&columns.text("note")?).map_err(|why| columns.wrong("note", why))
}

pub(super) async fn checkpoints(
    conn: &mut Conn,
    ledger: &LedgerName,
) -> Result<Vec<SignedCheckpoint>, Fault> {
    notes_rows(conn, ledger)
        .await?
        .iter()
        .map(checkpoint)
        .collect()
}

/// A checkpoint as it is kept, also where its note can't be read any more.
pub(super) struct Kept {
    pub(super) size: u64,
    pub(super) root: Option<Hash>,
    pub(super) note: String,
}

/// The checkpoints as they are kept, in order of size.
pub(super) async fn notes(conn: &mut Conn, ledger: &LedgerName) -> Result<Vec<Kept>, Fault> {
    let read = |row: &Row| {
        let columns = Columns::of(row, "checkpoint", &["ledger", "size"]);
        Ok(Kept {
            size: columns.number("size")?,
            root: columns.hash("root").ok(),
            note: columns.text("note")?,
        })
    };
    notes_rows(conn, ledger).await?.iter().map(read).collect()
}

async fn notes_rows(conn: &mut Conn, ledger: &LedgerName) -> Result<Vec<Row>, Fault> {
    let query = sqlx::query(CHECKPOINTS).bind(ledger.as_str());
    query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the checkpoints"))
}

pub(super) async fn newest_checkpoint(
    conn: &mut Conn,
    ledger: &LedgerName,
) -> Result<Option<SignedCheckpoint>, Fault> {
    let query = sqlx::query(NEWEST_CHECKPOINT).bind(ledger.as_str());
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading the newest checkpoint"))?;
    row.as_ref().map(checkpoint).transpose()
}

/// When the first entry after the position `after` was recorded.
pub(super) async fn recorded_after(
    conn: &mut Conn,
    ledger: &LedgerName,
    after: u64,
) -> Result<Option<Timestamp>, Fault> {
    let query = sqlx::query(OLDEST_UNCOVERED)
        .bind(ledger.as_str())
        .bind(signed(after)?);
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading an entry"))?;
    row.map(|row| entry_columns(&row).time("recorded_at"))
        .transpose()
}

/// A command that was done.
#[derive(Clone)]
pub(super) struct Done {
    pub(super) ledger: LedgerName,
    pub(super) stream: StreamName,
    pub(super) content_hash: Hash,
    pub(super) outcome: Outcome,
}

pub(super) async fn command(conn: &mut Conn, id: CommandId) -> Result<Option<Done>, Fault> {
    let query = sqlx::query(COMMAND).bind(id.to_string());
    let row = query
        .fetch_optional(&mut *conn)
        .await
        .map_err(Fault::while_("reading a command"))?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of(&row, "command", &["command_id"]);
    let ledger: LedgerName = columns.parsed("ledger")?;
    let first: u64 = columns.number("first_position")?;
    let entry_count: u64 = columns.number("entry_count")?;
    let query = sqlx::query(CHECKPOINT_AT)
        .bind(ledger.as_str())
        .bind(signed(first + entry_count - 1)?);
    let note = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading a checkpoint"))?;
    let outcome = Outcome {
        first_position: Some(first),
        entry_count,
        version: columns.number("version")?,
        text: columns.text("outcome")?,
        repeated: true,
        checkpoint: note.as_ref().map(checkpoint).transpose()?,
    };
    let (stream, content_hash) = (columns.parsed("stream")?, columns.hash("content_hash")?);
    Ok(Some(Done {
        ledger,
        stream,
        content_hash,
        outcome,
    }))
}
