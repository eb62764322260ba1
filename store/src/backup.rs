//! A backup: one SQLite file that holds every table, whichever engine it was taken from.
//!
//! It can be opened with `sqlite:` like any other, and goes back into either engine. The keys that sign are not in the
//! database, and so not in it (`docs/backup.md`).

use crate::{Fault, MIGRATIONS, TablesState, engine::sqlite};
use domain::ledger::RowChange;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, QueryBuilder, Row as _, Sqlite,
    SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{fmt, fs, path::Path};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    Number,
    Bytes,
    /// A number on SQLite, a boolean on PostgreSQL.
    Flag,
}

/// A value of any column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
    Flag(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(Some(text)) if text.chars().count() > 80 => {
                write!(f, "{}...", text.chars().take(80).collect::<String>())
            }
            Self::Text(Some(text)) => f.write_str(text),
            Self::Number(Some(number)) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Bytes(Some(bytes)) => write!(f, "{} bytes", bytes.len()),
            Self::Text(None) | Self::Number(None) | Self::Bytes(None) => f.write_str("empty"),
        }
    }
}

/// A table as the backup file itself describes it, which the migrations keep the same on both engines.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, Holds)>,
    /// The columns of the primary key, in its order, by their index in `columns`.
    pub(crate) key: Vec<usize>,
}

impl Table {
    /// The value of the primary key in a row.
    pub(crate) fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key
            .iter()
            .filter_map(|index| row.get(*index).cloned())
            .collect()
    }
}

/// The columns that are a number on SQLite and a boolean on PostgreSQL.
const FLAGS: [(&str, &str); 1] = [("credential", "must_change")];

const NAMES: &str = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_sqlx_%' order by rowid";
const TRIGGERS: &str = "select name, sql from sqlite_master where type = 'trigger'";
const COLUMNS: &str = "select name, type, pk from pragma_table_info($1) order by cid";

/// A backup that is written or read.
pub struct BackupFile {
    connection: SqliteConnection,
    pub(crate) tables: Vec<Table>,
    /// What keeps the record append-only, to be put back by [`Self::finish`]: a copy must also be made of a record in which
    /// somebody left a gap.
    triggers: Vec<String>,
}

impl BackupFile {
    /// Makes a new, empty backup, readable by its owner alone. What is there is never written over.
    ///
    /// # Errors
    /// [`Fault`] where there is a file already, or it can't be made.
    pub async fn create(path: &Path) -> Result<Self, Fault> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(Fault::BackupFile)?;
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            // A backup that isn't finished is thrown away: it needs no journal, and `finish` puts it on the disk.
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .connect()
            .await
            .map_err(Fault::while_("making the backup"))?;
        sqlite::migrator()
            .run_direct(None, &mut connection, false)
            .await
            .map_err(Fault::Migration)?;
        let mut file = Self::of(connection).await?;
        file.set_triggers_aside().await?;
        Ok(file)
    }

    /// The same tables in a temporary database, which SQLite itself removes when it is closed.
    pub(crate) async fn temporary() -> Result<Self, Fault> {
        let mut connection = SqliteConnectOptions::new()
            .filename("")
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .connect()
            .await
            .map_err(Fault::while_("making a temporary database"))?;
        sqlite::migrator()
            .run_direct(None, &mut connection, false)
            .await
            .map_err(Fault::Migration)?;
        Self::of(connection).await
    }

    /// Opens a backup to read it; it is not changed.
    ///
    /// # Errors
    /// [`Fault::NotABackup`] where it is none, or one of another version of the tables.
    pub async fn open(path: &Path) -> Result<Self, Fault> {
        let none = |why: String| Fault::NotABackup { why };
        let mut connection = sqlite::of_backup(path)?
            .connect()
            .await
            .map_err(|why| none(why.to_string()))?;
        let other_step = |found: usize| {
            let here = MIGRATIONS.len();
            none(format!(
                "its tables are of step {found}, those of this program of step {here}. Restore it with the version of \
                 Autolog that made it, then open the restored database with this one"
            ))
        };
        match sqlite::state_of(&mut connection).await {
            Ok(TablesState::Current) => {}
            Ok(TablesState::Older(found)) | Err(Fault::NewerTables { found, .. }) => {
                return Err(other_step(found));
            }
            Ok(TablesState::None) => return Err(none("it is a database without any table".into())),
            Err(Fault::OtherProgram) => {
                return Err(none("it is a database of another program".into()));
            }
            Err(why @ (Fault::OtherTables { .. } | Fault::BrokenOff { .. })) => {
                return Err(none(why.to_string()));
            }
            Err(why) => return Err(none(format!("it is damaged ({why})"))),
        }
        Self::of(connection).await
    }

    /// Puts everything on the disk.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn finish(mut self, path: &Path) -> Result<(), Fault> {
        for sql in self.triggers {
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut self.connection)
                .await
                .map_err(Fault::while_("closing the backup"))?;
        }
        self.connection
            .close()
            .await
            .map_err(Fault::while_("closing the backup"))?;
        fs::File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(Fault::BackupFile)
    }

    pub(crate) async fn put(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), Fault> {
        sqlite::insert(&mut self.connection, table, rows).await
    }

    pub(crate) async fn apply(&mut self, changes: &[RowChange]) -> Result<(), Fault> {
        sqlite::apply_all(&mut self.connection, changes).await
    }

    /// The row under a key, which is taken out of the table.
    pub(crate) async fn take(
        &mut self,
        table: &Table,
        key: &[Value],
    ) -> Result<Option<Vec<Value>>, Fault> {
        let names = table.columns.iter().map(|(name, _)| name.as_str());
        let names: Vec<_> = names.collect();
        let columns = table.key.iter().filter_map(|index| names.get(*index));
        let mut query = QueryBuilder::<Sqlite>::new("delete from ");
        query.push(&table.name).push(" where ");
        let mut both = query.separated(" and ");
        for (column, value) in columns.zip(key) {
            both.push(format!("{column} = "));
            match value {
                Value::Text(text) => both.push_bind_unseparated(text.clone()),
                Value::Number(number) => both.push_bind_unseparated(*number),
                Value::Bytes(bytes) => both.push_bind_unseparated(bytes.clone()),
                Value::Flag(flag) => both.push_bind_unseparated(*flag),
            };
        }
        query.push(format!(" returning {}", names.join(", ")));
        let row = query
            .build()
            .fetch_optional(&mut self.connection)
            .await
            .map_err(Fault::while_("comparing a table"))?;
        row.map(|row| sqlite::values(&row, table)).transpose()
    }

    pub(crate) async fn page(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        sqlite::page(&mut self.connection, table, after).await
    }

    async fn of(mut connection: SqliteConnection) -> Result<Self, Fault> {
        let reading = "reading the tables of the backup";
        let names = sqlx::query(NAMES)
            .fetch_all(&mut connection)
            .await
            .map_err(Fault::while_(reading))?;
        let mut tables = Vec::new();
        for row in names {
            let name: String = row.try_get("name").map_err(Fault::while_(reading))?;
            let rows = sqlx::query(COLUMNS)
                .bind(&name)
                .fetch_all(&mut connection)
                .await
                .map_err(Fault::while_(reading))?;
            let (mut columns, mut key) = (Vec::new(), Vec::new());
            for (index, row) in rows.iter().enumerate() {
                let read = |column| row.try_get::<String, _>(column);
                let column = read("name").map_err(Fault::while_(reading))?;
                let kind = read("type").map_err(Fault::while_(reading))?;
                let place: i64 = row.try_get("pk").map_err(Fault::while_(reading))?;
                let holds = match kind.to_ascii_lowercase().as_str() {
                    _ if FLAGS.contains(&(name.as_str(), column.as_str())) => Holds::Flag,
                    "text" => Holds::Text,
                    "integer" => Holds::Number,
                    _ => Holds::Bytes,
                };
                columns.push((column, holds));
                if place > 0 {
                    key.push((place, index));
                }
            }
            key.sort_unstable();
            let key = key.into_iter().map(|(_, index)| index).collect();
            tables.push(Table { name, columns, key });
        }
        Ok(Self {
            connection,
            tables,
            triggers: Vec::new(),
        })
    }

    async fn set_triggers_aside(&mut self) -> Result<(), Fault> {
        let making = "making the backup";
        let rows = sqlx::query(TRIGGERS)
            .fetch_all(&mut self.connection)
            .await
            .map_err(Fault::while_(making))?;
        for row in rows {
            let name: String = row.try_get("name").map_err(Fault::while_(making))?;
            self.triggers
                .push(row.try_get("sql").map_err(Fault::while_(making))?);
            sqlx::raw_sql(AssertSqlSafe(format!("drop trigger {name}")))
                .execute(&mut self.connection)
                .await
                .map_err(Fault::while_(making))?;
        }
        Ok(())
    }
}
