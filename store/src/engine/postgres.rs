//! PostgreSQL: several sites or several servers on one database.

#![expect(
    clippy::duplicate_mod,
    reason = "one text for both engines, each with its own types"
)]

use crate::{Fault, Lacking, MIGRATIONS, Mode, Opening, TablesState, Transport};
use domain::ledger::{Hash, LedgerName};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Pool, QueryBuilder, Row as _, SqlSafeStr as _,
    Transaction,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
};
use std::str::FromStr as _;

#[path = "postgres/reach.rs"]
mod reach;
#[path = "postgres/transport.rs"]
mod transport;

#[path = "shared/accounts.rs"]
mod accounts;
#[path = "shared/append.rs"]
mod append;
#[path = "shared/audit.rs"]
mod audit;
#[path = "shared/check.rs"]
mod check;
#[path = "shared/claims.rs"]
mod claims;
#[path = "shared/clock.rs"]
mod clock;
#[path = "shared/columns.rs"]
mod columns;
#[path = "shared/copy.rs"]
mod copy;
#[path = "shared/engine.rs"]
mod engine;
#[path = "shared/forms.rs"]
mod forms;
#[path = "shared/group.rs"]
mod group;
#[path = "shared/head.rs"]
mod head;
#[path = "shared/hold.rs"]
mod hold;
#[path = "shared/keys.rs"]
mod keys;
#[path = "shared/ledger.rs"]
mod ledger;
#[path = "shared/lookups.rs"]
mod lookups;
#[path = "shared/pending.rs"]
mod pending;
#[path = "shared/read.rs"]
mod read;
#[path = "shared/rows.rs"]
mod rows;
#[path = "shared/schema.rs"]
mod schema;
#[path = "shared/search.rs"]
mod search;
#[path = "shared/standings.rs"]
mod standings;
#[path = "shared/structs.rs"]
mod structs;
#[path = "shared/tables.rs"]
mod tables;

pub(crate) use super::Lock;
pub(crate) use engine::Engine;
use pending::{Column, Insert};
pub(crate) use reach::Reach;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Conn = PgConnection;
pub(crate) type Row = PgRow;
pub(crate) type Tx = Transaction<'static, Db>;

/// How many tables the schema has beside the list of its steps; those too that this role may not read.
const OTHER_TABLES: &str = "select count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'";

/// Whether the schema has the list of its steps.
const HAS_STEPS: &str =
    "select count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname = '_sqlx_migrations'";

/// What there is in the schema: tables, indexes, functions, and the triggers that act for everybody.
const PARTS: &str =
    "select case c.relkind when 'i' then 'index' else 'table' end as kind, c.relname::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p', 'i')
    union all
    select 'trigger', t.tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and not t.tgisinternal and t.tgenabled in ('O', 'A')
    union all
    select 'function', p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = current_schema()";

/// Connections that read.
const READERS: u32 = 12;

/// Connections that write. Few of them, so that each is warm: commands share a transaction anyway.
const WRITERS: u32 = 4;

/// Opens the database of `opening.url`; makes its tables where that is meant.
pub(crate) async fn open(opening: Opening) -> Result<Engine, Fault> {
    let options = options(&opening.url, opening.transport)?;
    let options = match opening.mode {
        Mode::Read => options.options([("default_transaction_read_only", "on")]),
        Mode::Write | Mode::Create => options,
    };
    let reach = Reach::new(options.clone());
    let mut connection = reach.connect().await?;
    let state = schema::state(&mut connection, &migrator()).await?;
    connection
        .close()
        .await
        .map_err(Fault::while_("opening the database"))?;
    let connect = async |most| {
        let pool = PgPoolOptions::new().max_connections(most);
        let pool = pool.connect_with(options.clone()).await;
        pool.map_err(Fault::while_("opening the database"))
    };
    let writer = connect(WRITERS).await?;
    // A role that only serves has no right to make a table, not even one that is there.
    if state.opens(opening.mode)? {
        migrator().run(&writer).await.map_err(Fault::Migration)?;
    }
    Ok(Engine::new(connect(READERS).await?, writer, reach, opening))
}

fn options(url: &str, transport: Transport) -> Result<PgConnectOptions, Fault> {
    let options =
        PgConnectOptions::from_str(url).map_err(Fault::while_("reading the database URL"))?;
    transport::encrypted_beyond_the_machine(&options, transport)?;
    Ok(options)
}

/// The text of a step.
fn text_of(step: &crate::Migration) -> &'static str {
    step.postgres
}

fn migrator() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|m| {
        Migration::new(
            m.number,
            m.name.into(),
            MigrationType::Simple,
            m.postgres.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Connections for forms. What is typed and not recorded never waits for the record, nor the record for it.
const FORMS: u32 = 2;

/// Opens the tables of forms, which are in the same database so that two servers share them.
pub(crate) async fn open_forms(url: &str) -> Result<Pool<Db>, Fault> {
    // A page is drawn without its drafts rather than late.
    let options = PgPoolOptions::new()
        .max_connections(FORMS)
        .acquire_timeout(std::time::Duration::from_secs(3));
    // How it is reached was checked when the record was opened by the same address.
    let pool = options.connect(url).await;
    pool.map_err(Fault::while_("opening the tables of forms"))
}

/// The state of the tables of a database that is there.
pub(crate) async fn tables_state(url: &str, transport: Transport) -> Result<TablesState, Fault> {
    let mut connection = Reach::new(options(url, transport)?).connect().await?;
    schema::state(&mut connection, &migrator()).await
}

/// Goes on only where `mode` can open what is there; nothing is made or changed.
pub(crate) async fn can_be_opened(
    url: &str,
    mode: Mode,
    transport: Transport,
) -> Result<(), Fault> {
    let state = tables_state(url, transport).await?;
    state.opens(mode).map(|_| ())
}

/// What must be in a database and isn't.
pub(crate) async fn lacking(url: &str, transport: Transport) -> Result<Vec<Lacking>, Fault> {
    let mut connection = Reach::new(options(url, transport)?).connect().await?;
    schema::lacking(&mut connection).await
}

/// Brings the tables of a database that is there up to date; those of an empty one are made.
pub(crate) async fn migrate(url: &str, transport: Transport) -> Result<TablesState, Fault> {
    let state = tables_state(url, transport).await?;
    if state != TablesState::Current {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options(url, transport)?)
            .await
            .map_err(Fault::while_("opening the database"))?;
        migrator().run(&pool).await.map_err(Fault::Migration)?;
        pool.close().await;
    }
    Ok(state)
}

/// Runs the inserts, all in one statement: each way to the server and back counts. The values go as one array a column, so
/// that the statement is the same for any number of rows, and planned once.
pub(crate) async fn insert_all(conn: &mut Conn, inserts: &[Insert<'_>]) -> Result<(), Fault> {
    if inserts.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("with ");
    for insert in inserts {
        query.push(insert.table).push("_written as (insert into ");
        query.push(insert.table).push(" (");
        query.push(insert.names.join(", "));
        query.push(") select * from unnest(");
        let mut arrays = query.separated(", ");
        for column in &insert.columns {
            match column {
                Column::Text(texts) => arrays.push_bind(texts),
                Column::Number(numbers) => arrays.push_bind(numbers),
                Column::Bytes(bytes) => arrays.push_bind(bytes),
            };
        }
        query.push(") ").push(insert.again).push(" returning 1), ");
    }
    query.push("nothing as (select 1) select ");
    let mut counts = query.separated(", ");
    for Insert { table, .. } in inserts {
        counts.push(format_args!(
            "(select count(*) from {table}_written) as {table}"
        ));
    }
    let done = query.build().fetch_one(conn).await;
    let done = done.map_err(Fault::while_("recording"))?;
    for insert in inserts {
        let found: Result<i64, _> = done.try_get(insert.table);
        let found = found.map_err(Fault::while_("recording"))?;
        rows::all_written(insert.table, insert.rows, found.unsigned_abs())?;
    }
    Ok(())
}

/// Begins a transaction that writes under an advisory lock: one writer for each ledger, or one for all of them.
pub(crate) async fn begin_write(pool: &Pool<Db>, lock: Lock<'_>) -> Result<Tx, Fault> {
    let all = key("");
    // In one statement: each way to the server and back counts. Nothing but numbers is put into the text.
    let begin = match lock {
        Lock::None => "begin".to_owned(),
        Lock::Ledgers(ledgers) => {
            let org = LedgerName::org();
            let own = |ledger: &LedgerName| {
                let key = key(ledger.as_str());
                format!("; select pg_advisory_xact_lock({key})")
            };
            let mut each: String = ledgers.iter().map(|ledger| own(ledger)).collect();
            if !ledgers.contains(&&org) {
                // What a command reads of accounts holds until it is recorded: a person who changes one waits. The name of
                // the organisation's ledger comes after those of all sites, so this one too is taken in order of name.
                let key = key(org.as_str());
                each += &format!("; select pg_advisory_xact_lock_shared({key})");
            }
            format!("begin; select pg_advisory_xact_lock_shared({all}){each}")
        }
        Lock::All => format!("begin; select pg_advisory_xact_lock({all})"),
    };
    begun(pool, begin, "waiting for the writer lock").await
}

/// Begins a transaction in which every read sees the same state.
pub(crate) async fn begin_read(pool: &Pool<Db>) -> Result<Tx, Fault> {
    let begin = "begin isolation level repeatable read read only".to_owned();
    begun(pool, begin, "beginning to read").await
}

/// A transaction that was begun in a task of its own. Where the task that wants it goes away in that very moment, sqlx 0.9 gives the
/// connection back with the transaction open and its locks held; so the task waits for it in any
/// case, and drops it then.
async fn begun(pool: &Pool<Db>, begin: String, doing: &'static str) -> Result<Tx, Fault> {
    let pool = pool.clone();
    let task = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(begin)).await });
    let ended = task.await.map_err(|_| sqlx::Error::WorkerCrashed);
    ended.and_then(|begun| begun).map_err(Fault::while_(doing))
}

/// Advisory locks are numbers: the first eight bytes of a hash of the name.
fn key(ledger: &str) -> i64 {
    let hash = Hash::of(format!("autolog writer lock {ledger}").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.0[..8]);
    i64::from_be_bytes(first)
}
