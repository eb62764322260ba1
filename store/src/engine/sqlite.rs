//! SQLite: the embedded engine, one file, one writer.

#![expect(
    clippy::duplicate_mod,
    reason = "one text for both engines, each with its own types"
)]

use crate::{Fault, Lacking, MIGRATIONS, Mode, Opening, TablesState};
use sqlx::{
    ConnectOptions as _, Connection as _, Pool, QueryBuilder, SqlSafeStr as _, SqliteConnection,
    Transaction,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{
    future::Future,
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

#[path = "sqlite/form_file.rs"]
mod form_file;

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
use super::file::{self, OpenedFile};
pub(crate) use copy::{insert, page, values};
pub(crate) use engine::Engine;
#[cfg(test)]
pub(crate) use form_file::FORM_TABLES;
pub(crate) use form_file::open_forms;
use pending::{Column, Insert};
pub(crate) use rows::apply_all;

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Conn = SqliteConnection;
pub(crate) type Row = SqliteRow;
pub(crate) type Tx = Transaction<'static, Db>;

/// How long a write waits for another process, such as `autolog export`, before it fails.
const BUSY: Duration = Duration::from_secs(10);

/// How many rows are read ahead.
const ROWS_AT_ONCE: usize = 500;

/// How many tables a database has beside the list of its steps.
const OTHER_TABLES: &str = "select count(*) as tables from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> '_sqlx_migrations'";

/// Whether a database has the list of its steps.
const HAS_STEPS: &str = "select count(*) as tables from sqlite_master where type = 'table' and name = '_sqlx_migrations'";

/// What there is in a database: tables, indexes and triggers.
const PARTS: &str = "select type as kind, name from sqlite_master";

/// Opens the file of `opening.url`; makes it where that is meant.
pub(crate) async fn open(opening: Opening) -> Result<Engine, Fault> {
    let (options, state) = looked_at(&opening.url, opening.mode).await?;
    let make = state.opens(opening.mode)?;
    let path = options.get_filename().to_owned();
    let options = match opening.mode {
        // As a reader that can write: only such a one takes the files beside the database away again.
        Mode::Read => options.pragma("query_only", "on"),
        Mode::Write | Mode::Create => options
            .create_if_missing(opening.mode == Mode::Create)
            .journal_mode(SqliteJournalMode::Wal),
    };
    // One connection takes all writes of this process, in the order in which they came: threads that compete for
    // SQLite's own lock starve each other.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection)) }))
        .connect_with(options.clone())
        .await;
    let writer = writer.map_err(Fault::while_("opening the database"))?;
    if make {
        migrator().run(&writer).await.map_err(Fault::Migration)?;
    }
    let reader = SqlitePoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await;
    let reader = reader.map_err(Fault::while_("opening the database"))?;
    let reach = Reach::file(OpenedFile::at(&path));
    Ok(Engine::new(reader, writer, reach, opening))
}

fn options(url: &str) -> Result<SqliteConnectOptions, Fault> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(Fault::while_("reading the database URL"))?
        .create_if_missing(false)
        // What was answered as recorded is on the disk.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // Rows are handed over from a thread of SQLite's: with few of them at a time the two wait for each other.
        .row_buffer_size(ROWS_AT_ONCE);
    Ok(options)
}

/// The state of the tables of a file that is there.
pub(crate) async fn tables_state(url: &str) -> Result<TablesState, Fault> {
    let (_, state) = looked_at(url, Mode::Read).await?;
    Ok(state)
}

/// Goes on only where `mode` can open what is there; nothing is made or changed.
pub(crate) async fn can_be_opened(url: &str, mode: Mode) -> Result<(), Fault> {
    let (_, state) = looked_at(url, mode).await?;
    state.opens(mode).map(|_| ())
}

/// The database file of a URL, and all that belongs to it.
pub(crate) fn files_of(url: &str) -> Result<Vec<PathBuf>, Fault> {
    let options = options(url)?;
    let path = options.get_filename();
    let mut files = file::with_what_is_beside(path);
    // SQLite follows a link, and puts what it needs beside the file that the link leads to.
    match path.canonicalize() {
        Ok(real) if real != path => files.extend(file::with_what_is_beside(&real)),
        Ok(_) | Err(_) => {}
    }
    Ok(files)
}

/// What must be in a database and isn't.
pub(crate) async fn lacking(url: &str) -> Result<Vec<Lacking>, Fault> {
    let (options, _) = looked_at(url, Mode::Read).await?;
    let mut connection = looking(&options).await?;
    let lacking = schema::lacking(&mut connection).await;
    closed(connection).await?;
    lacking
}

/// How what is there can be opened, and the state of its tables.
async fn looked_at(url: &str, mode: Mode) -> Result<(SqliteConnectOptions, TablesState), Fault> {
    let options = options(url)?;
    let path = options.get_filename();
    // What it was parsed to can't be asked.
    let asked = url.split_once('?').map_or("", |(_, asked)| asked);
    let asks = |name: &str, values: &[&str]| {
        let mut pairs = form_urlencoded::parse(asked.as_bytes());
        pairs.any(|(found, value)| found == name && values.contains(&&*value))
    };
    if asks("mode", &["memory"]) {
        return Err(Fault::NotADatabase {
            path: path.display().to_string(),
            what: file::IN_MEMORY,
        });
    }
    if mode != Mode::Read {
        if asks("mode", &["ro"]) {
            return Err(Fault::ReadByUrl("mode=ro"));
        }
        if asks("immutable", &["1", "true"]) {
            return Err(Fault::ReadByUrl("immutable=1"));
        }
    }
    file::can_be_opened(path, mode)?;
    match state(&options).await {
        Err(why) if why.is_no_place_beside() => {
            if mode != Mode::Read || !file::holds_everything(path) {
                return Err(Fault::NoPlaceBeside(path.display().to_string()));
            }
            // Nobody can write here, and nothing lies beside the file: it says the same for as long as it is read.
            let still = options.clone().read_only(true).immutable(true);
            let state = state(&still).await?;
            Ok((still, state))
        }
        state => Ok((options, state?)),
    }
}

/// The state of the tables, where there is a file.
async fn state(options: &SqliteConnectOptions) -> Result<TablesState, Fault> {
    if !options.get_filename().exists() {
        return Ok(TablesState::None);
    }
    let mut connection = looking(options).await?;
    let state = schema::state(&mut connection, &migrator()).await;
    closed(connection).await?;
    state
}

/// A connection that changes nothing of what it looks at, not even how it is written.
async fn looking(options: &SqliteConnectOptions) -> Result<SqliteConnection, Fault> {
    let options = options.clone().pragma("query_only", "on");
    options
        .connect()
        .await
        .map_err(Fault::while_("opening the database"))
}

async fn closed(connection: SqliteConnection) -> Result<(), Fault> {
    connection
        .close()
        .await
        .map_err(Fault::while_("closing the database"))
}

/// Brings the tables of a file that is there up to date; those of an empty database are made.
pub(crate) async fn migrate(url: &str) -> Result<TablesState, Fault> {
    let (options, state) = looked_at(url, Mode::Write).await?;
    if state != TablesState::Current {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(Fault::while_("opening the database"))?;
        migrator().run(&pool).await.map_err(Fault::Migration)?;
        pool.close().await;
    }
    Ok(state)
}

/// Whether the database is where it was opened.
pub(crate) struct Reach(Option<OpenedFile>);

impl Reach {
    fn file(file: OpenedFile) -> Self {
        Self(Some(file))
    }

    /// Goes on only where what is written now is kept.
    pub(crate) fn is_there(&self) -> Result<(), Fault> {
        self.0.as_ref().map_or(Ok(()), OpenedFile::is_there)
    }

    /// What a connection is waited for with: a file is there at once.
    pub(crate) async fn reached<T>(
        &self,
        wait: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        wait.await
    }
}

/// Whether no transaction is open on a connection. Where the disk was full at a commit, SQLite has undone the transaction by
/// itself, but the library goes on counting it as open and begins no other one: such a connection is given up for a new one.
fn is_free(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

/// The text of a step.
fn text_of(step: &crate::Migration) -> &'static str {
    step.sqlite
}

/// What brings the tables up to date.
pub(crate) fn migrator() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|m| {
        Migration::new(
            m.number,
            m.name.into(),
            MigrationType::Simple,
            m.sqlite.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Opens a backup to read it, leaving it as it is.
pub(crate) async fn open_backup(path: &Path, opening: Opening) -> Result<Engine, Fault> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(of_backup(path)?)
        .await
        .map_err(Fault::while_("opening the backup"))?;
    Ok(Engine::new(pool.clone(), pool, Reach(None), opening))
}

/// How a backup is read: nothing is made beside it.
///
/// # Errors
/// [`Fault::NotABackup`] where there is none, or a database that somebody writes to.
pub(crate) fn of_backup(path: &Path) -> Result<SqliteConnectOptions, Fault> {
    let none = |why: String| Err(Fault::NotABackup { why });
    match file::can_be_opened(path, Mode::Read) {
        Ok(()) => {}
        Err(Fault::NoDatabase(_)) => return none("there is no such file".to_owned()),
        Err(Fault::NotADatabase { what, .. }) => return none(format!("it is {what}")),
        Err(Fault::NoWayIn { source, .. }) => return none(format!("it can't be read: {source}")),
        Err(why) => return Err(why),
    }
    if !file::holds_everything(path) {
        return none(
            "beside it stands a file with what was written to it last, so it is a database in use, or a copy of one. Make a \
             backup of it with autolog backup and --database-url, and restore that"
                .to_owned(),
        );
    }
    let options = SqliteConnectOptions::new().filename(path);
    Ok(options.read_only(true).immutable(true))
}

/// The state of the tables of a backup.
pub(crate) async fn state_of(connection: &mut SqliteConnection) -> Result<TablesState, Fault> {
    schema::state(connection, &migrator()).await
}

/// Runs the inserts, one after the other: SQLite is no further away than the next function.
pub(crate) async fn insert_all(conn: &mut Conn, inserts: &[Insert<'_>]) -> Result<(), Fault> {
    for insert in inserts {
        let mut query = QueryBuilder::new("insert into ");
        query.push(insert.table).push(" (");
        query.push(insert.names.join(", ")).push(") ");
        query.push_values(0..insert.rows, |mut values, row| {
            for column in &insert.columns {
                match column {
                    Column::Text(texts) => values.push_bind(texts[row].as_deref()),
                    Column::Number(numbers) => values.push_bind(numbers[row]),
                    Column::Bytes(bytes) => values.push_bind(bytes[row]),
                };
            }
        });
        query.push(insert.again);
        let done = query.build().execute(&mut *conn).await;
        let done = done.map_err(Fault::while_("recording"))?;
        rows::all_written(insert.table, insert.rows, done.rows_affected())?;
    }
    Ok(())
}

/// Begins a transaction that writes. SQLite has one lock for everything.
pub(crate) async fn begin_write(pool: &Pool<Db>, _lock: Lock<'_>) -> Result<Tx, Fault> {
    pool.begin_with("begin immediate")
        .await
        .map_err(Fault::while_("waiting for the writer lock"))
}

/// Begins a transaction in which every read sees the same state.
pub(crate) async fn begin_read(pool: &Pool<Db>) -> Result<Tx, Fault> {
    pool.begin()
        .await
        .map_err(Fault::while_("beginning to read"))
}
