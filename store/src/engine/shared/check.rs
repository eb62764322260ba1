//! Whether the read tables and the table of commands say what the entries say.
//!
//! The rows are made again in a temporary SQLite database, and each kept row is looked up there: the memory that it takes
//! doesn't grow with the record.

use super::{Conn, copy, engine::Engine, read, rows};
use crate::{
    Fault, RowFinding,
    backup::{BackupFile, Table, Value},
};
use domain::ledger::{LedgerName, StreamName};
use sqlx::Row as _;

/// More of one kind are not listed one by one.
const MOST: i64 = 100;

const ENTRIES_WITHOUT_COMMAND: &str = "select e.ledger as ledger, e.position as position from entry e
    left join command c on c.command_id = e.command_id and c.ledger = e.ledger and c.stream = e.stream
    and e.position >= c.first_position and e.position < c.first_position + c.entry_count
    where c.command_id is null order by e.ledger, e.position limit $1";
const COMMANDS_WITHOUT_ENTRY: &str = "select c.command_id as command_id from command c where not exists (
    select 1 from entry e where e.ledger = c.ledger and e.position = c.first_position + c.entry_count - 1
    and e.command_id = c.command_id and e.version = c.version) order by c.command_id limit $1";

/// Everything in which the tables beside the ledger differ from it.
pub(super) async fn rows_against_entries(engine: &Engine) -> Result<Vec<RowFinding>, Fault> {
    let mut found = Vec::new();
    let mut made = BackupFile::temporary().await?;
    let mut tx = engine.snapshot().await?;
    for (ledger, _) in read::ledgers(&mut tx).await? {
        let mut after = 0;
        loop {
            let page = read::streams(&mut tx, &ledger, after).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, stream) in page {
                if let Err(why) = make(engine, &mut tx, &mut made, &ledger, &stream).await {
                    let why = super::audit::reasons(&why);
                    found.push(RowFinding::NotMade { stream, why });
                }
            }
        }
    }
    let read_tables = rows::EMPTY.map(|sql| sql.trim_start_matches("delete from "));
    let tables = made.tables.clone();
    for table in tables
        .iter()
        .filter(|table| read_tables.contains(&table.name.as_str()))
    {
        compare(&mut tx, &mut made, table, &mut found).await?;
    }
    commands(&mut tx, &mut found).await?;
    Ok(found)
}

/// Makes the rows of one stream.
async fn make(
    engine: &Engine,
    conn: &mut Conn,
    made: &mut BackupFile,
    ledger: &LedgerName,
    stream: &StreamName,
) -> Result<(), Fault> {
    let entries = read::stream(conn, ledger, stream).await?;
    made.apply(&engine.project(stream, &entries)?).await
}

/// Looks up each kept row among those that were made; what is left of them is missing.
async fn compare(
    conn: &mut Conn,
    made: &mut BackupFile,
    table: &Table,
    found: &mut Vec<RowFinding>,
) -> Result<(), Fault> {
    let mut after: Option<Vec<Value>> = None;
    loop {
        let rows = copy::page(conn, table, after.as_deref()).await?;
        let Some(last) = rows.last() else { break };
        after = Some(table.key_of(last));
        for row in rows {
            let (name, key) = (table.name.clone(), table.key_of(&row));
            match made.take(table, &key).await? {
                None => found.push(RowFinding::Extra {
                    table: name,
                    row: shown(&key),
                }),
                Some(wanted) => found.extend(differences(table, &wanted, &row)),
            }
        }
    }
    for row in made.page(table, None).await? {
        found.push(RowFinding::Missing {
            table: table.name.clone(),
            row: shown(&table.key_of(&row)),
        });
    }
    Ok(())
}

fn differences(table: &Table, wanted: &[Value], kept: &[Value]) -> Vec<RowFinding> {
    let row = shown(&table.key_of(kept));
    let columns = table.columns.iter().zip(wanted.iter().zip(kept));
    columns
        .filter(|(_, (wanted, kept))| wanted != kept)
        .map(|((column, _), (wanted, kept))| RowFinding::Changed {
            table: table.name.clone(),
            row: row.clone(),
            column: column.clone(),
            kept: kept.to_string(),
            wanted: wanted.to_string(),
        })
        .collect()
}

fn shown(key: &[Value]) -> String {
    let parts: Vec<_> = key.iter().map(ToString::to_string).collect();
    parts.join(" / ")
}

/// A command that is forgotten could be done twice; one that made nothing would not be done at all.
async fn commands(conn: &mut Conn, found: &mut Vec<RowFinding>) -> Result<(), Fault> {
    let reading = "reading the commands";
    let rows = sqlx::query(ENTRIES_WITHOUT_COMMAND)
        .bind(MOST)
        .fetch_all(&mut *conn)
        .await
        .map_err(Fault::while_(reading))?;
    for row in rows {
        let ledger: String = row.try_get("ledger").map_err(Fault::while_(reading))?;
        let position: i64 = row.try_get("position").map_err(Fault::while_(reading))?;
        found.push(RowFinding::WithoutCommand { ledger, position });
    }
    let rows = sqlx::query(COMMANDS_WITHOUT_ENTRY)
        .bind(MOST)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_(reading))?;
    for row in rows {
        let command = row.try_get("command_id").map_err(Fault::while_(reading))?;
        found.push(RowFinding::WithoutEntry { command });
    }
    Ok(())
}
