//! The command line.

mod backup;
mod document;
mod emptied;
mod export;
mod key;
mod migrate;
mod operator;
mod rebuild;
mod site;
mod spec;
mod user;
mod verify;

pub use site::{SiteOpening, open_site};

use operator::operator;

use crate::{config::Config, demo, log::LogOptions, random, serve};
use anyhow::{Context as _, Result, bail, ensure};
use clap::{Parser, Subcommand};
use domain::{ids::CommandId, refusal::Words, specification::LONGEST_DOCUMENT};
use std::{fs::File, io::Read as _, path::Path, process::ExitCode};
use store::Answer;

/// Batch record and release system for autologous cells: one harvest, one patient, one record, from the marrow aspirate
/// to the infused dose.
#[derive(Parser, Debug)]
#[command(
    name = "autolog",
    version,
    propagate_version = true,
    after_help = "To begin:\n  \
        autolog user add anna.rossi --name \"Anna Rossi\" --identity-check \"Identity card, seen by the head of QA\" \
        --administrator\n  \
        autolog site add GE --name \"Cell lab\" --address \"Largo 1, Genoa\" --facility A9999 --time-zone Europe/Rome\n  \
        autolog serve\n\n\
        To look around with made-up patients:  autolog demo && autolog serve\n\n\
        It ends with 0 when done, 1 when something is wrong with the record or was refused, 2 when it could not run."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    config: Config,
    /// How it logs.
    #[command(flatten)]
    pub log: LogOptions,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the pages to browsers.
    ///
    /// It listens on this machine alone unless told otherwise. Before other machines reach it, put a proxy with TLS in
    /// front and say --public-url https://<name>. Ctrl-C or SIGTERM ends it after the requests at work.
    Serve(serve::Options),
    /// Fill an empty record with a demonstration: made-up people, sites and batches.
    ///
    /// Where there is a record already, it changes nothing and says so.
    Demo(demo::Options),
    /// Keep accounts.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Keep sites.
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Check, adopt, list, show and compare specifications and master records.
    #[command(subcommand)]
    Document(document::DocumentCommand),
    /// Judge results by a specification, without a record.
    #[command(subcommand)]
    Spec(spec::SpecCommand),
    /// Check that no ledger was changed: every entry, every signature, every signed checkpoint.
    ///
    /// It ends with 1 where anything is wrong and names the entry, or the two checkpoints between which history was
    /// rewritten.
    Verify(verify::Options),
    /// Copy the whole record into one file, while it is in use.
    ///
    /// The file is a SQLite database with every table, whichever engine it was taken from, and goes back into either. It is
    /// verified before it gets its name. The keys that sign are not in it (docs/backup.md).
    Backup(backup::Options),
    /// Put a backup into an empty database, and verify it there.
    Restore(backup::RestoreOptions),
    /// Keep the keys that sign the ledgers.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Bring the tables of a record up to date, after an update of Autolog. Make a backup before.
    ///
    /// No other command changes the tables of a record that is there. On PostgreSQL it is run by the role that owns them
    /// (docs/postgresql.md); there it makes those of an empty database too.
    Migrate(migrate::Options),
    /// Make the read tables again from the ledgers, for instance after a restore.
    Rebuild,
    /// Write a ledger line by line to standard output: entries, checkpoints and public keys.
    ///
    /// Anyone can check such a file, with autolog verify --export or without Autolog (docs/ledger-format.md).
    Export(export::Options),
}

impl Arguments {
    /// Runs the command.
    pub async fn run(self) -> Result<ExitCode> {
        let config = &self.config;
        match self.command {
            Command::Serve(options) => serve::run(config, &options).await,
            Command::Demo(options) => demo::run(config, &options).await,
            Command::User(command) => user::run(config, command).await,
            Command::Site(command) => site::run(config, command).await,
            Command::Document(command) => document::run(config, &command).await,
            Command::Spec(command) => spec::run(&command),
            Command::Verify(options) => verify::run(config, &options).await,
            Command::Backup(options) => backup::run(config, &options).await,
            Command::Restore(options) => backup::restore(config, &options).await,
            Command::Key(command) => key::run(config, command).await,
            Command::Migrate(options) => migrate::run(config, &options).await,
            Command::Rebuild => rebuild::run(config).await,
            Command::Export(options) => export::run(config, &options).await,
        }
    }
}

fn new_command() -> Result<CommandId> {
    random::id()
        .map(CommandId)
        .context("the random source failed")
}

/// The answer as an exit code: a refusal is told in words.
fn told(answer: Answer, done: &str) -> ExitCode {
    match answer {
        Answer::Done(_) => {
            say!("{done}");
            ExitCode::SUCCESS
        }
        Answer::Refused(words) => {
            for Words { text, .. } in words {
                eprintln!("{text}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The text of a document; of a file that is longer than a document can be, no more is read.
fn read_document_file(path: &Path) -> Result<String> {
    let shown = path.display();
    let unread = || format!("can't read {shown}");
    let file = File::open(path).with_context(unread)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_DOCUMENT as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(unread)?;
    ensure!(
        bytes.len() <= LONGEST_DOCUMENT,
        "{shown} is too long for a document: at most {LONGEST_DOCUMENT} bytes (256 kB) are read"
    );
    String::from_utf8(bytes).with_context(|| format!("{shown} is no text in UTF-8"))
}

fn read_file(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) => bail!("can't read {}: {error}", path.display()),
    }
}
