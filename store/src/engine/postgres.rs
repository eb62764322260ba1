//! PostgreSQL: several sites or several servers on one database.

#![expect(
    clippy::duplicate_mod,
    reason = "one text for both engines, each with its own types"
)]

use crate::{Fault, MIGRATIONS, Opening};
use domain::ledger::Hash;
use sqlx::{
    PgConnection, Pool, Row as _, SqlSafeStr as _, Transaction,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgPoolOptions, PgRow},
};

#[path = "shared/accounts.rs"]
mod accounts;
#[path = "shared/append.rs"]
mod append;
#[path = "shared/audit.rs"]
mod audit;
#[path = "shared/check.rs"]
mod check;
#[path = "shared/columns.rs"]
mod columns;
#[path = "shared/copy.rs"]
mod copy;
#[path = "shared/engine.rs"]
mod engine;
#[path = "shared/hold.rs"]
mod hold;
#[path = "shared/ledger.rs"]
mod ledger;
#[path = "shared/lookups.rs"]
mod lookups;
#[path = "shared/read.rs"]
mod read;
#[path = "shared/rows.rs"]
mod rows;
#[path = "shared/structs.rs"]
mod structs;
#[path = "shared/tables.rs"]
mod tables;

pub(crate) use super::Lock;
pub(crate) use engine::Engine;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Conn = PgConnection;
pub(crate) type Row = PgRow;
pub(crate) type Tx = Transaction<'static, Db>;

const TAKEN: &str = "select version, checksum from _sqlx_migrations where success order by version";
const LOCK: &str = "select pg_advisory_xact_lock($1)";
const LOCK_SHARED: &str = "select pg_advisory_xact_lock_shared($1)";

/// Opens the database of `opening.url`.
pub(crate) async fn open(opening: Opening) -> Result<Engine, Fault> {
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .connect(&opening.url)
        .await;
    let pool = pool.map_err(Fault::while_("opening the database"))?;
    let migrations = MIGRATIONS.iter().map(|m| {
        Migration::new(
            m.number,
            m.name.into(),
            MigrationType::Simple,
            m.postgres.into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    // A role that only serves has no right to make a table, not even one that is there.
    if !is_up_to_date(&pool, &migrator).await {
        migrator.run(&pool).await.map_err(Fault::Migration)?;
    }
    Ok(Engine::new(pool.clone(), pool, opening))
}

/// Whether every step was taken as it stands here, and none beyond.
async fn is_up_to_date(pool: &Pool<Db>, migrator: &Migrator) -> bool {
    let Ok(rows) = sqlx::query(TAKEN).fetch_all(pool).await else {
        return false;
    };
    let taken = rows.iter().map(|row| {
        let checksum = row.try_get::<Vec<u8>, _>("checksum").unwrap_or_default();
        (row.try_get("version").unwrap_or(0_i64), checksum)
    });
    let here = migrator
        .iter()
        .map(|step| (step.version, step.checksum.to_vec()));
    taken.eq(here)
}

/// Begins a transaction that writes under an advisory lock: one writer for each ledger, or one for all of them.
pub(crate) async fn begin_write(pool: &Pool<Db>, lock: Lock<'_>) -> Result<Tx, Fault> {
    let mut tx = pool
        .begin()
        .await
        .map_err(Fault::while_("beginning to write"))?;
    let locks = match lock {
        Lock::None => vec![],
        Lock::Ledger(ledger) => vec![(LOCK_SHARED, key("")), (LOCK, key(ledger.as_str()))],
        Lock::All => vec![(LOCK, key(""))],
    };
    for (sql, key) in locks {
        let taken = sqlx::query::<Db>(sql).bind(key).execute(&mut *tx).await;
        taken.map_err(Fault::while_("waiting for the writer lock"))?;
    }
    Ok(tx)
}

/// Begins a transaction in which every read sees the same state.
pub(crate) async fn begin_read(pool: &Pool<Db>) -> Result<Tx, Fault> {
    let begin = "begin isolation level repeatable read read only";
    pool.begin_with(begin)
        .await
        .map_err(Fault::while_("beginning to read"))
}

/// Advisory locks are numbers: the first eight bytes of a hash of the name.
fn key(ledger: &str) -> i64 {
    let hash = Hash::of(format!("autolog writer lock {ledger}").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.0[..8]);
    i64::from_be_bytes(first)
}
