//! SQLite: the embedded engine, one file, one writer.

#![expect(
    clippy::duplicate_mod,
    reason = "one text for both engines, each with its own types"
)]

use crate::{Fault, MIGRATIONS, Mode, Opening, TablesState, bounds};
use sqlx::{
    ConnectOptions as _, Connection as _, Pool, QueryBuilder, SqlSafeStr as _, SqliteConnection,
    Transaction,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use std::{
    future::Future,
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

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

/// Opens the file of `opening.url`; makes it where that is meant.
pub(crate) async fn open(opening: Opening) -> Result<Engine, Fault> {
    let options = options(&opening.url)?;
    let path = options.get_filename().to_owned();
    file::can_be_opened(&path, opening.mode)?;
    let make = state(&options).await?.opens(opening.mode)?;
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
    let options = options(url)?;
    file::can_be_opened(options.get_filename(), Mode::Read)?;
    state(&options).await
}

/// The state of the tables, where there is a file; looked at by a connection that changes nothing of it, not even how it is
/// written.
async fn state(options: &SqliteConnectOptions) -> Result<TablesState, Fault> {
    if !options.get_filename().exists() {
        return Ok(TablesState::None);
    }
    let mut connection = options
        .clone()
        .pragma("query_only", "on")
        .connect()
        .await
        .map_err(Fault::while_("opening the database"))?;
    let state = schema::state(&mut connection, &migrator()).await;
    connection
        .close()
        .await
        .map_err(Fault::while_("closing the database"))?;
    state
}

/// Brings the tables of a file that is there up to date; those of an empty database are made.
pub(crate) async fn migrate(url: &str) -> Result<TablesState, Fault> {
    let state = tables_state(url).await?;
    if state != TablesState::Current {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(url)?)
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

/// Opens the file of forms beside the record's own, making it where it isn't there. It holds nothing that must outlive a
/// power cut; one that can't be read is made again.
pub(crate) async fn open_forms(url: &str) -> Result<Pool<Db>, Fault> {
    let options = SqliteConnectOptions::from_str(url).map_err(Fault::while_(FORMS))?;
    let mut path = options.get_filename().as_os_str().to_owned();
    path.push(".forms");
    let path = PathBuf::from(path);
    match connect_forms(&path).await {
        Ok(pool) => Ok(pool),
        Err(_) => {
            std::fs::remove_file(&path).ok();
            connect_forms(&path).await
        }
    }
}

const FORMS: &str = "opening the file of forms";

async fn connect_forms(path: &Path) -> Result<Pool<Db>, Fault> {
    readable_by_its_owner_alone(path).map_err(|why| Fault::while_(FORMS)(why.into()))?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .auto_vacuum(SqliteAutoVacuum::Full)
        .journal_mode(SqliteJournalMode::Truncate)
        .synchronous(SqliteSynchronous::Off)
        // Nobody fills the disk of the record with it, whatever is sent.
        .pragma("max_page_count", bounds::PAGES.to_string())
        .busy_timeout(BUSY);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection)) }))
        .connect_with(options)
        .await
        .map_err(Fault::while_(FORMS))?;
    sqlx::raw_sql(FORM_TABLES)
        .execute(&pool)
        .await
        .map_err(Fault::while_(FORMS))?;
    Ok(pool)
}

/// The tables of the file of forms; on PostgreSQL they are unlogged tables of the database.
pub(crate) const FORM_TABLES: &str = "
create table if not exists kept_form (
    form_id text not null,
    owner text not null,
    browser text null,
    created_at integer not null,
    page text not null,
    form text not null,
    typed text not null,
    primary key (form_id)
) strict;
create index if not exists kept_form_by_owner on kept_form (owner, created_at);
create table if not exists form_browser (
    browser text not null,
    person text not null,
    seen_at integer not null,
    primary key (browser, person)
) strict;
create index if not exists form_browser_by_age on form_browser (seen_at);
";

/// Makes the file where it isn't there, for no other account of the machine.
fn readable_by_its_owner_alone(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(path).map(|_| ())
}

/// Whether no transaction is open on a connection. Where the disk was full at a commit, SQLite has undone the transaction by
/// itself, but the library goes on counting it as open and begins no other one: such a connection is given up for a new one.
fn is_free(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
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
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(Fault::while_("opening the backup"))?;
    Ok(Engine::new(pool.clone(), pool, Reach(None), opening))
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
