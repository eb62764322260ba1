//! Which steps the tables of a database went through.

use super::{Conn, HAS_STEPS, OTHER_TABLES};
use crate::{
    Fault,
    migrations::{TablesState, Taken},
};
use sqlx::{Row as _, migrate::Migrator};

const TAKEN: &str = "select version, checksum from _sqlx_migrations where success order by version";

const LOOKING: &str = "looking at its tables";

/// The state of the tables; nothing is changed.
pub(super) async fn state(conn: &mut Conn, migrator: &Migrator) -> Result<TablesState, Fault> {
    let other = count(conn, OTHER_TABLES).await?;
    let taken = match count(conn, HAS_STEPS).await? {
        0 => None,
        _ => Some(taken(conn).await?),
    };
    TablesState::of(taken, other, migrator)
}

async fn count(conn: &mut Conn, sql: &'static str) -> Result<i64, Fault> {
    let row = sqlx::query(sql).fetch_one(conn).await;
    row.and_then(|row| row.try_get("tables"))
        .map_err(Fault::while_(LOOKING))
}

async fn taken(conn: &mut Conn) -> Result<Taken, Fault> {
    let rows = match sqlx::query(TAKEN).fetch_all(conn).await {
        Ok(rows) => rows,
        // A list of another shape is another program's.
        Err(sqlx::Error::Database(why)) if why.message().contains("column") => {
            return Err(Fault::OtherProgram);
        }
        Err(why) => return Err(Fault::while_(LOOKING)(why)),
    };
    let read = |row: &super::Row| Ok((row.try_get("version")?, row.try_get("checksum")?));
    rows.iter()
        .map(read)
        .collect::<Result<_, sqlx::Error>>()
        .map_err(|_| Fault::OtherProgram)
}
