//! What can go wrong that is nobody's fault at the page: a 500, never a refusal.

use domain::batch::ClaimKey;
use domain::ledger::{LedgerName, NotAnEntry, StreamName, tree::TreeFault};
use std::{error::Error, io};

/// A failure of the database, of what stands in it, or of the program itself.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The URL names neither SQLite nor PostgreSQL.
    #[error("the database URL must begin with sqlite: or postgres:")]
    UnknownEngine,
    /// There is no such file.
    #[error(
        "there is no database at {0}. Check --database-url and --data-dir; where the file was deleted, put a backup back \
         with autolog restore"
    )]
    NoDatabase(String),
    /// What is there is no database of SQLite.
    #[error("{path} is {what}, not a database of Autolog. Check --database-url and --data-dir")]
    NotADatabase {
        /// What the URL names.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// A database that the machine doesn't let Autolog reach as it has to.
    #[error(
        "{path} can't be {way}. Check whom it and its folder belong to: the person who runs Autolog needs the right to write in both, \
         and to read alone where nothing is added to it"
    )]
    NoWayIn {
        /// Where it is.
        path: String,
        /// What can't be done with it: read, written.
        way: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A database of which a part lies beside its file, in a folder in which nothing can be written.
    #[error(
        "{0} can't be opened where it is: SQLite has to write in its folder, and may not. Copy the file, with the -wal that \
         stands beside it, into a folder in which you may write, and name the copy"
    )]
    NoPlaceBeside(String),
    /// A URL that allows less than the command needs.
    #[error(
        "the database URL says that nothing is written, by {0}, and this command writes. Take that out of it"
    )]
    ReadByUrl(&'static str),
    /// A database without any table.
    #[error(
        "the database is empty: it has no tables and no record. Check --database-url and --data-dir; where the record was \
         removed, put a backup back with autolog restore"
    )]
    NoTables,
    /// A database of something else.
    #[error(
        "the database holds the tables of another program, and none of Autolog's. Check --database-url and --data-dir"
    )]
    OtherProgram,
    /// A step of the tables that was begun and did not end.
    #[error(
        "step {step} of the tables of this database was broken off before its end. Put the backup from before the update back \
         with autolog restore, into an empty database, and run autolog migrate again"
    )]
    BrokenOff {
        /// The step.
        step: usize,
    },
    /// Tables of an earlier version.
    #[error(
        "the tables of this database are of step {found}, this version of Autolog needs step {here}. Make a backup with the \
         version that wrote it, then run autolog migrate"
    )]
    OlderTables {
        /// The step that they are of.
        found: usize,
        /// The step that is needed.
        here: usize,
    },
    /// Tables of a later version.
    #[error(
        "the tables of this database are of step {found}, this version of Autolog knows {here} steps: a newer version wrote \
         them. Use that version"
    )]
    NewerTables {
        /// The step that they are of.
        found: usize,
        /// The last step that is known.
        here: usize,
    },
    /// Tables that this program didn't make.
    #[error(
        "the tables of this database were made by another build of Autolog: step {step} differs. Use the build that made them"
    )]
    OtherTables {
        /// The first step that differs.
        step: usize,
    },
    /// A database on another machine, in the clear.
    #[error(
        "the database on {host} is on another machine, and the record would cross the network in the clear. Add \
         ?sslmode=verify-full (or verify-ca, or require) to its URL, or say --plain-database if that is meant"
    )]
    PlainDatabase {
        /// The machine.
        host: String,
    },
    /// The database can't be reached.
    #[error("the database doesn't answer{}", .place.as_deref().map(|place| format!(" at {place}")).unwrap_or_default())]
    Down {
        /// Where it should be, without user and password.
        place: Option<String>,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The file of the database isn't the one that was opened.
    #[error(
        "the file of the database {path} was removed or replaced while Autolog was running: what is written now would be lost. \
         End Autolog, put the file back, and start again"
    )]
    FileGone {
        /// Its path.
        path: String,
    },
    /// The database failed.
    #[error("the database failed while {doing}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
    /// The tables couldn't be brought up to date.
    #[error("the tables can't be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A value in the database can't be what the program wrote.
    #[error("table {table}, column {column}, row {row}: the value is not what was written")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row, by its key.
        row: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A statement changed another number of rows than it must.
    #[error("table {table}, row {row}: {found} rows were written instead of one")]
    RowsAffected {
        /// The table.
        table: &'static str,
        /// The row, by its key.
        row: String,
        /// How many.
        found: u64,
    },
    /// A statement wrote another number of rows than it was given.
    #[error("table {table}: {found} rows were written instead of {wanted}")]
    RowsWritten {
        /// The table.
        table: &'static str,
        /// How many there were to write.
        wanted: usize,
        /// How many were written.
        found: u64,
    },
    /// Something that the record names is not there.
    #[error("{0} is not there")]
    Missing(String),
    /// A name that the database of time zones does not have.
    #[error("“{0}” is no time zone; they are named as in Europe/Rome")]
    UnknownZone(String),
    /// Something in the record can't be read.
    #[error("{what} can't be read: {why}")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// A number that doesn't fit into the database.
    #[error("{0} is too large to be kept")]
    TooLarge(u64),
    /// There is no key to sign a checkpoint of this ledger with.
    #[error("there is no key to sign the ledger {0} with")]
    NoKey(LedgerName),
    /// The key that this process signs with is no longer the ledger's.
    #[error(
        "the key of ledger {ledger} was replaced in its entry {position}: put the file of the new key, {ledger}.key, into the folder of keys"
    )]
    KeyReplaced {
        /// The ledger.
        ledger: LedgerName,
        /// The entry that adopts the new key.
        position: u64,
    },
    /// The tree of a ledger can't be computed from what is kept.
    #[error("the tree of ledger {ledger} is damaged")]
    Tree {
        /// The ledger.
        ledger: LedgerName,
        /// Why.
        #[source]
        source: TreeFault,
    },
    /// A payload that is no entry.
    #[error("an event can't be written")]
    Entry(#[from] NotAnEntry),
    /// The decision used what its request didn't ask to look up.
    #[error("the decision asked for {0}, which its request does not look up")]
    NotLookedUp(String),
    /// The rows of a stream can't be made from its entries.
    #[error("the rows of {stream} can't be made from its entries")]
    Projection {
        /// The stream.
        stream: StreamName,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The rows of two streams exclude each other.
    #[error("table {table}, row {row}: another stream holds it already")]
    Taken {
        /// The table.
        table: &'static str,
        /// The row, by its key.
        row: String,
        /// What was taken and who holds it, where a refusal can say so.
        claim: Option<Box<Taken>>,
    },
    /// The file of a backup can't be made or written.
    #[error("the backup can't be written")]
    BackupFile(#[source] io::Error),
    /// A file that can't be restored from.
    #[error("this file can't be restored: {why}")]
    NotABackup {
        /// Why.
        why: String,
    },
    /// What takes the export failed.
    #[error("the export can't be written")]
    Sink(#[source] io::Error),
}

/// What a command wanted and another holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What.
    pub key: ClaimKey,
    /// Who holds it.
    pub holder: String,
}

impl Fault {
    /// A failure of the database while `doing`.
    pub(crate) fn while_(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Whether the database can't be reached at the moment, so that nothing of what was asked is wrong.
    #[must_use]
    pub fn is_down(&self) -> bool {
        match self {
            Self::Down { .. } | Self::FileGone { .. } => true,
            Self::Database { source, .. } => matches!(
                source,
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_)
            ),
            _ => false,
        }
    }

    /// The code of SQLite for what failed.
    pub(crate) fn code_of_sqlite(&self) -> Option<String> {
        let Self::Database {
            source: sqlx::Error::Database(error),
            ..
        } = self
        else {
            return None;
        };
        error.code().map(Into::into)
    }

    /// Whether SQLite could not make what it needs beside a file: the file or its folder can't be written (8, 264, 520, 776,
    /// 1032, 1288, 1544), or it can't open something there (14 and what is finer than that).
    pub(crate) fn is_no_place_beside(&self) -> bool {
        let code = self.code_of_sqlite();
        let code: Option<u32> = code.and_then(|code| code.parse().ok());
        // The last byte is the kind, those before it say more.
        code.is_some_and(|code| matches!(code & 0xff, 8 | 14))
    }

    /// Whether another command came in between, so that the same might succeed now.
    pub(crate) fn is_conflict(&self) -> bool {
        match self {
            Self::Taken { .. } => true,
            Self::Database {
                source: sqlx::Error::Database(error),
                ..
            } => {
                // PostgreSQL: serialization failure, deadlock. SQLite: somebody wrote since this one read. Plain busy (5) is
                // none: nobody recorded anything, another program holds the lock for longer than we wait.
                let code = error.code();
                error.is_unique_violation()
                    || matches!(code.as_deref(), Some("40001" | "40P01" | "517"))
            }
            _ => false,
        }
    }
}
