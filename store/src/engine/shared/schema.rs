//! Which steps the tables of a database went through.

use super::{Conn, HAS_STEPS, OTHER_TABLES, PARTS, text_of};
use crate::{
    Fault, Lacking, MIGRATIONS,
    migrations::{Part, TablesState, Taken, made_by},
};
use sqlx::{Row as _, migrate::Migrator};
use std::collections::BTreeSet;

const TAKEN: &str = "select version, checksum from _sqlx_migrations where success order by version";

const BROKEN_OFF: &str =
    "select version, checksum from _sqlx_migrations where not success order by version";

const LOOKING: &str = "looking at its tables";

/// The state of the tables; nothing is changed.
pub(super) async fn state(conn: &mut Conn, migrator: &Migrator) -> Result<TablesState, Fault> {
    let other = count(conn, OTHER_TABLES).await?;
    let taken = match count(conn, HAS_STEPS).await? {
        0 => None,
        _ => {
            broken_off(conn, migrator).await?;
            Some(taken(conn, TAKEN).await?)
        }
    };
    TablesState::of(taken, other, migrator)
}

async fn count(conn: &mut Conn, sql: &'static str) -> Result<i64, Fault> {
    let row = sqlx::query(sql).fetch_one(conn).await;
    row.and_then(|row| row.try_get("tables"))
        .map_err(Fault::while_(LOOKING))
}

/// Goes on only where each step of ours that was begun has ended.
async fn broken_off(conn: &mut Conn, migrator: &Migrator) -> Result<(), Fault> {
    for (number, checksum) in taken(conn, BROKEN_OFF).await? {
        let own = migrator
            .iter()
            .position(|step| step.version == number && *step.checksum == *checksum);
        if let Some(place) = own {
            return Err(Fault::BrokenOff { step: place + 1 });
        }
    }
    Ok(())
}

/// What the steps made and is not there any more.
pub(super) async fn lacking(conn: &mut Conn) -> Result<Vec<Lacking>, Fault> {
    let rows = sqlx::query(PARTS).fetch_all(conn).await;
    let rows = rows.map_err(Fault::while_(LOOKING))?;
    let mut there = BTreeSet::new();
    for row in rows {
        let kind: String = row.try_get("kind").map_err(Fault::while_(LOOKING))?;
        let name = row.try_get("name").map_err(Fault::while_(LOOKING))?;
        if let Some(part) = Part::named(&kind) {
            there.insert(Lacking { part, name });
        }
    }
    let made = made_by(MIGRATIONS.iter().map(text_of));
    Ok(made.difference(&there).cloned().collect())
}

async fn taken(conn: &mut Conn, sql: &'static str) -> Result<Taken, Fault> {
    let rows = match sqlx::query(sql).fetch_all(conn).await {
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
