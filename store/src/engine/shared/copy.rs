//! All tables out of a database into a backup, and back into an empty one.

use super::{
    Conn, Db, Lock, Row,
    engine::{Engine, commit},
};
use crate::{
    Fault,
    backup::{BackupFile, Holds, Table, Value},
};
use sqlx::{QueryBuilder, Row as _, query_builder::Separated};

/// How many rows are held at once.
const ROWS: usize = 200;

const END_SESSIONS: &str =
    "update session set ended_at = $1, ended_because = 'restored' where ended_at is null";

/// Writes every table, as they are at one moment, while others write on.
pub(super) async fn take_out(engine: &Engine, file: &mut BackupFile) -> Result<(), Fault> {
    let mut tx = engine.snapshot().await?;
    for table in file.tables.clone() {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let rows = page(&mut tx, &table, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(table.key_of(last));
            file.put(&table, &rows).await?;
        }
    }
    Ok(())
}

/// Reads every table of the backup into this database: all of it, or nothing. Answers the name of a table that isn't
/// empty, where there is one; then nothing is written.
///
/// Nobody is signed in after it: the sessions of the backup have ended. Forms that were not recorded are in no backup.
pub(super) async fn put_in(
    engine: &Engine,
    file: &mut BackupFile,
) -> Result<Option<String>, Fault> {
    let mut tx = engine.writing(Lock::All).await?;
    for table in &file.tables {
        if !page(&mut tx, table, None).await?.is_empty() {
            return Ok(Some(table.name.clone()));
        }
    }
    for table in file.tables.clone() {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let rows = file.page(&table, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(table.key_of(last));
            insert(&mut tx, &table, &rows).await?;
        }
    }
    let restoring = "ending the sessions of the backup";
    sqlx::query(END_SESSIONS)
        .bind(engine.now().micros())
        .execute(&mut *tx)
        .await
        .map_err(Fault::while_(restoring))?;
    commit(tx).await?;
    Ok(None)
}

/// The next rows of a table in the order of its key, in which the ledger's own triggers take them in again.
pub(crate) async fn page(
    conn: &mut Conn,
    table: &Table,
    after: Option<&[Value]>,
) -> Result<Vec<Vec<Value>>, Fault> {
    let names: Vec<_> = table
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let key: Vec<_> = table
        .key
        .iter()
        .filter_map(|index| names.get(*index).copied())
        .collect();
    let mut query = QueryBuilder::<Db>::new("select ");
    query
        .push(names.join(", "))
        .push(" from ")
        .push(&table.name);
    if let Some(after) = after {
        query.push(" where (").push(key.join(", ")).push(") > (");
        let mut list = query.separated(", ");
        after.iter().for_each(|value| bind(&mut list, value));
        query.push(")");
    }
    query.push(format!(" order by {} limit {ROWS}", key.join(", ")));
    let rows = query
        .build()
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading a table for the backup"))?;
    rows.iter().map(|row| values(row, table)).collect()
}

pub(crate) fn values(row: &Row, table: &Table) -> Result<Vec<Value>, Fault> {
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(index, (_, holds))| value(row, index, *holds))
        .collect::<Result<_, _>>()
        .map_err(Fault::while_("reading a row"))
}

/// Writes rows into a table.
pub(crate) async fn insert(
    conn: &mut Conn,
    table: &Table,
    rows: &[Vec<Value>],
) -> Result<(), Fault> {
    let names: Vec<_> = table
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut query = QueryBuilder::<Db>::new("insert into ");
    query
        .push(&table.name)
        .push(" (")
        .push(names.join(", "))
        .push(") ");
    query.push_values(rows, |mut list, row| {
        row.iter().for_each(|value| bind(&mut list, value));
    });
    let done = query
        .build()
        .execute(conn)
        .await
        .map_err(Fault::while_("copying a table"))?;
    if done.rows_affected() == rows.len() as u64 {
        return Ok(());
    }
    Err(Fault::Missing(format!("a row of table {}", table.name)))
}

fn bind(list: &mut Separated<'_, Db, &'static str>, value: &Value) {
    match value {
        Value::Text(text) => list.push_bind(text.clone()),
        Value::Number(number) => list.push_bind(*number),
        Value::Bytes(bytes) => list.push_bind(bytes.clone()),
        Value::Flag(flag) => list.push_bind(*flag),
    };
}

fn value(row: &Row, index: usize, holds: Holds) -> Result<Value, sqlx::Error> {
    Ok(match holds {
        Holds::Text => Value::Text(row.try_get(index)?),
        Holds::Number => Value::Number(row.try_get(index)?),
        Holds::Bytes => Value::Bytes(row.try_get(index)?),
        Holds::Flag => Value::Flag(row.try_get(index)?),
    })
}
