//! The ledger of Autolog and its read tables, on SQLite and PostgreSQL.
//!
//! `store` holds no rule of the field. It appends what a decision answered, keeps the Merkle tree, signs checkpoints,
//! writes the read tables in the same transaction, and reads. One command is one transaction:
//! [`execute`](trait.Store.html#method.execute) loads the stream and what the decision asked to know, calls the pure decision,
//! and keeps everything or nothing.
//!
//! Four traits, all behind one `Arc<dyn Store>`: [`Ledger`] (the record itself), [`Tables`] (rows that follow from it),
//! [`Accounts`] (passwords and sessions, outside the record), [`Forms`] (what is typed and not recorded, outside its file). The same code runs on both engines: each file
//! of `engine/shared` is a module of `engine::sqlite` and of `engine::postgres`.

mod accounts;
mod backup;
mod command;
mod engine;
mod fault;
mod finding;
mod forms;
mod ledger;
mod migrations;
mod records;
mod search;
mod tables;
pub mod zone;

pub use accounts::{Accounts, Credential, Effect, SessionRow};
pub use backup::BackupFile;
pub use command::{Decided, Executed, InDoubt, Loaded, Lookup, Outcome, Ran, Request, Times};
pub use fault::{Fault, Taken};
pub use finding::RowFinding;
pub use forms::{Forms, KeptForm, bounds};
pub use ledger::{Decide, Head, Ledger, Proof, Sink};
pub use migrations::{Lacking, MIGRATIONS, Migration, Part, TablesState};
pub use records::{
    Answer, Beside, Foreseen, Password, Person, Records, Shelf, Signing, projector, scheme_of,
};
pub use search::{FIND_PREFIX, FIND_WHOLE, SearchFilter, SearchHit};
pub use tables::{BoardFilter, RegisterFilter, Shown, Tables};

use domain::{
    clock::{ClockRecord, Doubt, Steady},
    ledger::{Entry, Keyring, LedgerKey, LedgerName, RowChange},
    time::Timestamp,
};
use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What tells the time of the record.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The pure function from all entries of one stream, in order, to the rows that follow from them.
///
/// Called by [`Ledger::rebuild`] and [`Ledger::verify_rows`], and with each append whose decision brings no rows of its own.
pub type Projector =
    Arc<dyn Fn(&[Entry]) -> Result<Vec<RowChange>, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// A clock that nobody can set, beside [`Clock`]: it counts on while the machine is suspended. Jumps of the other one are
/// measured against it.
pub type SteadyClock = Arc<dyn Fn() -> Steady + Send + Sync>;

/// What looks up the keys of a ledger where they are kept, the one that signs first. Another process may have made one since the
/// record was opened.
pub type KeptKeys =
    Arc<dyn Fn(&LedgerName) -> Result<Vec<LedgerKey>, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// What is known of the clock at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockView {
    /// What the organisation's ledger says of it.
    pub record: ClockRecord,
    /// What it shows.
    pub shown: Timestamp,
    /// Why it isn't confirmed, where it isn't.
    pub doubt: Option<Doubt>,
}

/// What may happen to a database when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is written: the record has to be there, with the tables of this version.
    Read,
    /// Rows are written: the record has to be there, with the tables of this version.
    Write,
    /// As [`Mode::Write`]; where there is no database, or one without any table, the tables are made.
    Create,
}

/// Whether a PostgreSQL on another machine is reached without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Never: `sslmode` has to be `require`, `verify-ca` or `verify-full`.
    Encrypted,
    /// The person who runs it said that the network in between is protected otherwise.
    Plain,
}

/// What a store is opened with.
#[derive(Clone)]
pub struct Opening {
    /// `sqlite:<path>` or `postgres://...`.
    pub url: String,
    /// What may happen to it.
    pub mode: Mode,
    /// How a PostgreSQL on another machine is reached.
    pub transport: Transport,
    /// The clock of `recorded_at`.
    pub clock: Clock,
    /// The clock that [`Self::clock`] is measured against; `None` where the time is told and not measured, as in the
    /// demonstration: then only entries that would go back in time are noticed.
    pub steady: Option<SteadyClock>,
    /// The keys of the ledgers; more can be given later with [`Ledger::adopt_key`].
    pub keys: Keyring,
    /// Where to look for a key that a ledger names and that is not among them; `None` where there is no such place.
    pub kept_keys: Option<KeptKeys>,
    /// What projects a stream to its rows.
    pub projector: Projector,
}

/// Opens the database. Tables of an earlier version are not touched: [`migrate`] does that.
///
/// # Errors
/// [`Fault`] where the URL is of neither engine, the database isn't there or can't be reached, holds no record, or one of
/// another version.
pub async fn open(opening: Opening) -> Result<Arc<dyn Store>, Fault> {
    match EngineKind::of(&opening.url)? {
        EngineKind::Sqlite => Ok(Arc::new(engine::sqlite::open(opening).await?)),
        EngineKind::Postgres => Ok(Arc::new(engine::postgres::open(opening).await?)),
    }
}

/// The state of the tables of a database; nothing is changed.
///
/// # Errors
/// [`Fault`] where the database isn't there, can't be reached, or holds something else than a record.
pub async fn tables(url: &str, transport: Transport) -> Result<TablesState, Fault> {
    match EngineKind::of(url)? {
        EngineKind::Sqlite => engine::sqlite::tables_state(url).await,
        EngineKind::Postgres => engine::postgres::tables_state(url, transport).await,
    }
}

/// Goes on only where [`open`] would find at this URL what `mode` needs. Nothing is made or changed.
///
/// # Errors
/// As [`open`].
pub async fn can_be_opened(url: &str, mode: Mode, transport: Transport) -> Result<(), Fault> {
    match EngineKind::of(url)? {
        EngineKind::Sqlite => engine::sqlite::can_be_opened(url, mode).await,
        EngineKind::Postgres => engine::postgres::can_be_opened(url, mode, transport).await,
    }
}

/// The database file of a URL first, then all that SQLite and Autolog keep beside it, whether it is there or not; nothing on
/// PostgreSQL.
///
/// # Errors
/// Where the URL can't be read.
pub fn files_of(url: &str) -> Result<Vec<PathBuf>, Fault> {
    match EngineKind::of(url)? {
        EngineKind::Sqlite => engine::sqlite::files_of(url),
        EngineKind::Postgres => Ok(Vec::new()),
    }
}

/// What the steps made and is not there any more, in a database whose tables are [`TablesState::Current`].
///
/// # Errors
/// As [`tables`].
pub async fn lacking(url: &str, transport: Transport) -> Result<Vec<Lacking>, Fault> {
    match EngineKind::of(url)? {
        EngineKind::Sqlite => engine::sqlite::lacking(url).await,
        EngineKind::Postgres => engine::postgres::lacking(url, transport).await,
    }
}

/// Brings the tables of an existing record up to date; answers the state that they were in.
///
/// # Errors
/// As [`tables`], and where a step fails: then the tables are as after the step before it.
pub async fn migrate(url: &str, transport: Transport) -> Result<TablesState, Fault> {
    match EngineKind::of(url)? {
        EngineKind::Sqlite => engine::sqlite::migrate(url).await,
        EngineKind::Postgres => engine::postgres::migrate(url, transport).await,
    }
}

enum EngineKind {
    Sqlite,
    Postgres,
}

impl EngineKind {
    fn of(url: &str) -> Result<Self, Fault> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres)
        } else {
            Err(Fault::UnknownEngine)
        }
    }
}

/// Opens a backup to check it, leaving it as it is. `opening.url` doesn't matter.
///
/// # Errors
/// [`Fault`] where it can't be opened.
pub async fn open_backup(path: &Path, opening: Opening) -> Result<Arc<dyn Store>, Fault> {
    Ok(Arc::new(engine::sqlite::open_backup(path, opening).await?))
}

/// Everything that is kept.
pub trait Store: Ledger + Tables + Accounts + Forms {}

impl<T: Ledger + Tables + Accounts + Forms> Store for T {}

impl dyn Store {
    /// Decides one command and records what was decided: everything or nothing.
    ///
    /// Under the writer lock of the ledger: a command that was already done answers with its first outcome; otherwise
    /// the stream and the request's lookups are loaded, `decide` is called with them, and its events are appended with
    /// their leaves, the rows that follow are written, and a checkpoint is signed where one is due. `decide` can be
    /// called a second time where another command of another ledger came in between.
    ///
    /// # Errors
    /// [`Fault`] where the database fails, or the program asks for what it hasn't looked up. Nothing was recorded then.
    pub async fn execute<R: Send>(
        &self,
        request: &Request,
        mut decide: impl FnMut(&Loaded) -> Result<Decided, R> + Send,
    ) -> Result<Executed<R>, Fault> {
        let mut refusal = None;
        let mut keep_refusal = |loaded: &Loaded| match decide(loaded) {
            Ok(decided) => Some(decided),
            Err(why) => {
                refusal = Some(why);
                None
            }
        };
        let ran = self.run(request, &mut keep_refusal).await?;
        Ok(match (ran, refusal) {
            (Ran::Done(outcome), _) => Executed::Done(outcome),
            (Ran::OtherContent, _) => Executed::OtherContent,
            (Ran::ClockNotConfirmed(doubt), _) => Executed::ClockNotConfirmed(doubt),
            (Ran::Taken(taken), _) => Executed::Taken(taken),
            (Ran::Refused, Some(why)) => Executed::Refused(why),
            (Ran::Conflict | Ran::Refused, _) => Executed::Conflict,
        })
    }
}
