//! Where the record is, and opening it.

use crate::{
    clock, files,
    keys::{KeyFolder, make_private_folder},
    random,
};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use domain::{ids::CommandId, ledger::LedgerName};
use std::path::PathBuf;
use store::{
    Clock, Fault, Mode, Opening, Person, Records, Shelf, SteadyClock, TablesState, Transport,
    projector,
};

/// Where the record is.
#[derive(Args, Debug, Clone)]
pub struct Config {
    /// The database: sqlite:<file> or postgres://<user>:<password>@<host>/<database>.
    /// Without it, the SQLite file autolog.db in the data folder.
    #[arg(
        long,
        global = true,
        env = "AUTOLOG_DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// The folder of the SQLite file and of the ledgers' keys (in its folder keys, readable by their owner alone).
    /// Keep a copy of the keys apart from the copies of the database.
    #[arg(long, global = true, env = "AUTOLOG_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// Reach a PostgreSQL on another machine without TLS. The whole record then crosses the network in the clear.
    #[arg(long, global = true, env = "AUTOLOG_PLAIN_DATABASE")]
    pub plain_database: bool,
}

/// The record, opened.
pub struct Opened {
    /// The record.
    pub records: Records,
    /// The keys of its ledgers.
    pub keys: KeyFolder,
}

impl Config {
    /// The URL of the database.
    pub fn url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            let file = self.data_dir.join("autolog.db").display().to_string();
            // In a URL these two mean something else than in the name of a folder.
            format!("sqlite:{}", file.replace('%', "%25").replace('?', "%3F"))
        })
    }

    /// Opens the record to read it. Nothing is written or made, not even a folder.
    pub async fn open_to_read(&self) -> Result<Opened> {
        self.open(Mode::Read, Time::of_the_machine()).await
    }

    /// Opens a record that is there, to add to it or to make its read tables again.
    pub async fn open_to_change(&self) -> Result<Opened> {
        self.open(Mode::Write, Time::of_the_machine()).await
    }

    /// Opens the database to put a backup into it; an empty one is made where there is none.
    pub async fn open_to_restore(&self) -> Result<Opened> {
        self.open(Mode::Create, Time::of_the_machine()).await
    }

    async fn open(&self, mode: Mode, time: Time) -> Result<Opened> {
        let keys = KeyFolder::at(&self.data_dir);
        let (url, transport) = (self.url(), self.transport());
        let files = store::files_of(&url)?;
        if mode != Mode::Read {
            files::refuse_those_of_another(&self.data_dir, &files)?;
        }
        // What isn't a record stays as it is, and nothing is made beside it.
        store::can_be_opened(&url, mode, transport)
            .await
            .context(NOT_OPENED)?;
        if mode == Mode::Create {
            self.has_a_folder(&files)?;
            // Wherever the database is, the keys go there.
            make_private_folder(&self.data_dir)?;
        }
        if mode != Mode::Read {
            files::take_for_the_owner(&files)?;
        }
        let shelf = Shelf::default();
        let opening = Opening {
            url,
            mode,
            transport,
            clock: time.clock.clone(),
            steady: time.steady,
            keys: keys.keyring()?,
            kept_keys: Some(keys.kept_keys()),
            projector: projector(shelf.clone()),
        };
        let store = store::open(opening).await.context(NOT_OPENED)?;
        let records = Records::new(store, shelf, time.clock, env!("CARGO_PKG_VERSION"));
        Ok(Opened { records, keys })
    }

    /// Refuses to make a database in a folder that isn't there: only the data folder is made.
    fn has_a_folder(&self, files: &[PathBuf]) -> Result<()> {
        let Some(file) = files.first() else {
            return Ok(());
        };
        let folder = files::folder_of(file);
        if !folder.is_dir() && folder != self.data_dir {
            bail!(
                "there is no folder {} to make the database in. Make it first, or correct --database-url",
                folder.display()
            );
        }
        Ok(())
    }

    /// How a PostgreSQL on another machine is reached.
    pub fn transport(&self) -> Transport {
        if self.plain_database {
            Transport::Plain
        } else {
            Transport::Encrypted
        }
    }

    /// Opens the record to add to it, and begins one where there is none: every ledger has its key, the organisation's is
    /// made for an empty record. `clock` is told, and not measured.
    pub async fn open_to_write(&self, clock: Clock) -> Result<Opened> {
        let time = Time {
            clock,
            steady: None,
        };
        self.begin(time).await
    }

    /// [`Config::open_to_write`] with the machine's clock.
    pub async fn open_now(&self) -> Result<Opened> {
        self.begin(Time::of_the_machine()).await
    }

    async fn begin(&self, time: Time) -> Result<Opened> {
        self.nothing_begins_under_old_keys().await?;
        let opened = self.open(Mode::Create, time).await?;
        let ready = match self.every_ledger_has_its_key(&opened).await {
            Ok(()) => opened.begin_if_empty(),
            Err(why) => Err(why),
        };
        opened.or_close(ready).await
    }

    /// Refuses to make a database where the keys of another record are.
    async fn nothing_begins_under_old_keys(&self) -> Result<()> {
        let there = KeyFolder::at(&self.data_dir).ledgers()?;
        if there.is_empty() {
            return Ok(());
        }
        match store::tables(&self.url(), self.transport()).await {
            Err(Fault::NoDatabase(_)) | Ok(TablesState::None) => bail!(self.lost(&there)),
            // Opening says what else is wrong.
            Ok(TablesState::Current | TablesState::Older(_)) | Err(_) => Ok(()),
        }
    }

    fn lost(&self, keys: &[LedgerName]) -> String {
        format!(
            "the database holds no entry, but there are keys of ledgers in {}: {}. The record was deleted or emptied, or it is \
             another database. Put it back with autolog restore. To begin a new record, move these keys away first.",
            self.data_dir.join("keys").display(),
            names(keys)
        )
    }

    /// Opens a record that is there, to serve it.
    pub async fn open_to_serve(&self) -> Result<Opened> {
        let opened = self.open_to_change().await?;
        let ready = self.every_ledger_has_its_key(&opened).await;
        opened.or_close(ready).await
    }

    async fn every_ledger_has_its_key(&self, opened: &Opened) -> Result<()> {
        opened.end_broken_rotations().await?;
        let there = opened.keys.ledgers()?;
        let store = opened.records.store();
        let heads = store.heads().await?;
        if heads.is_empty() && !there.is_empty() {
            bail!(self.lost(&there));
        }
        for head in heads {
            if !there.contains(&head.ledger) {
                bail!(
                    "the key of ledger {} is missing. Put its file {0}.key back into {}. Where it is lost: autolog key rotate \
                     --ledger {0} --lost --reason \"<how it was lost>\" (docs/backup.md says what that means)",
                    head.ledger,
                    self.data_dir.join("keys").display()
                );
            }
            opened.tell_key(&head.ledger).await?;
        }
        Ok(())
    }
}

const NOT_OPENED: &str = "can't open the record";

/// The clocks of a record.
struct Time {
    clock: Clock,
    steady: Option<SteadyClock>,
}

impl Time {
    fn of_the_machine() -> Self {
        Self {
            clock: clock::of_the_machine(),
            steady: Some(clock::steady()),
        }
    }
}

fn names(ledgers: &[LedgerName]) -> String {
    let names: Vec<_> = ledgers.iter().map(LedgerName::as_str).collect();
    names.join(", ")
}

impl Opened {
    /// Makes the organisation's key where nothing is recorded yet.
    fn begin_if_empty(&self) -> Result<()> {
        if !self.keys.ledgers()?.contains(&LedgerName::org()) {
            self.make_key(&LedgerName::org())?;
        }
        Ok(())
    }

    /// The record where it is ready; else it is closed, so that no file is left beside the database.
    async fn or_close(self, ready: Result<()>) -> Result<Self> {
        match ready {
            Ok(()) => Ok(self),
            Err(why) => {
                self.records.store().close().await;
                Err(why)
            }
        }
    }

    /// Closes the record. Where nothing was recorded in it, as where the first command was refused, the keys made for it are
    /// taken away again: a key without entries is a record that was lost.
    pub async fn close(self) -> Result<()> {
        let store = self.records.store();
        if store.heads().await?.is_empty() {
            for ledger in self.keys.ledgers()? {
                self.keys.forget(&ledger)?;
            }
        }
        store.close().await;
        Ok(())
    }

    /// Makes the key of a ledger and signs with it from now on.
    pub fn make_key(&self, ledger: &LedgerName) -> Result<()> {
        let key = self.keys.make(ledger, &self.seed()?)?;
        self.records.store().adopt_key(key);
        Ok(())
    }

    /// Secret random bytes for a key.
    pub fn seed(&self) -> Result<[u8; 32]> {
        let mut seed = [0; 32];
        random::fill(&mut seed).context("the random source failed")?;
        Ok(seed)
    }

    /// Has the ledger say which key signs it, where it doesn't yet: the public half must outlive the file. Refuses a key
    /// that another one has taken the place of.
    pub async fn tell_key(&self, ledger: &LedgerName) -> Result<()> {
        let store = self.records.store();
        let keyring = self.keys.keyring()?;
        let key = keyring
            .signing(ledger)
            .with_context(|| format!("there is no key of ledger {ledger}"))?;
        match store.adopted_key(ledger).await? {
            Some((_, told)) if told.public_key == key.public() => {}
            Some((position, told)) => bail!(
                "the key of ledger {ledger} that is here was replaced in its entry {position}. Put the file of the key that \
                 took its place back as {ledger}.key: {}",
                told.public_key
            ),
            None => {
                let command = CommandId(random::id().context("the random source failed")?);
                let by = Person::command_line("autolog");
                self.records
                    .adopt_key(&by, command, key.clone(), FIRST_KEY)
                    .await?;
            }
        }
        Ok(())
    }

    /// A rotation that a power cut broke off is ended as the ledger says: its next key is the ledger's, or is nothing.
    pub async fn end_broken_rotations(&self) -> Result<()> {
        for ledger in self.keys.ledgers_with_a_next_key()? {
            let Some(next) = self.keys.next(&ledger)? else {
                continue;
            };
            let told = self.records.store().adopted_key(&ledger).await?;
            if told.is_some_and(|(_, told)| told.public_key == next.public()) {
                self.keys.put_in_place(&next)?;
                self.records.store().adopt_key(next);
            } else {
                self.keys.forget_next(&ledger)?;
            }
        }
        Ok(())
    }
}

/// Why the first key of a ledger signs it.
const FIRST_KEY: &str = "The first key of this ledger";
