//! `autolog backup` and `autolog restore`: the whole record into one file, and back.

use super::emptied::{self, Emptied};
use crate::{
    clock,
    config::{Config, Opened},
    files,
};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use domain::ledger::{Findings, LedgerName};
use std::{
    collections::BTreeSet,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use store::{BackupFile, Mode, Opening, Shelf, Store, projector};
use tempfile::TempPath;

/// Where the backup goes.
#[derive(Args, Debug)]
pub struct Options {
    /// The file to make. What is there is never written over.
    file: PathBuf,
}

/// Where the backup is.
#[derive(Args, Debug)]
pub struct RestoreOptions {
    /// The file of a backup.
    file: PathBuf,
}

/// Runs `autolog backup`.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let path = &options.file;
    // Also a link that leads nowhere is something that is there.
    if fs::symlink_metadata(path).is_ok() {
        bail!(there_already(path));
    }
    is_no_place_of_the_record(config, path)?;
    let opened = config.open_to_change().await?;
    let made = make(config, &opened, path).await;
    opened.records.store().close().await;
    let (said, clean) = made?;
    on_the_disk(path)?;
    let size = fs::metadata(path)?.len();
    // Only now: the person who listens may have gone, and the backup must be there all the same.
    say!("{}", said.trim_end());
    say!("\nThe backup is {} ({size} bytes).", path.display());
    say!(
        "The keys that sign the ledgers are not in it. They are in {}: keep a copy of that folder in another place than \
         the backups, for whoever has both can write another history and sign it.",
        config.data_dir.join("keys").display()
    );
    if !clean {
        say!(
            "The record that was copied is not as it was written, and neither is the copy. See above what is wrong."
        );
    }
    Ok(code(clean))
}

fn there_already(path: &Path) -> String {
    format!(
        "{} is there already. Name another file: a backup is never written over anything.",
        path.display()
    )
}

/// The names of what belongs to the record are not free, also where nothing stands there at the moment: SQLite would take the
/// backup for its own, and a key is read from any file in their folder.
fn is_no_place_of_the_record(config: &Config, path: &Path) -> Result<()> {
    let place = files::in_place(path);
    let keys = config.data_dir.join("keys");
    let real = keys.canonicalize().unwrap_or_else(|_| keys.clone());
    let keys = [files::in_place(&keys), real];
    let own = store::files_of(&config.url())?;
    let own = own.iter().map(|file| files::in_place(file));
    if keys.iter().any(|keys| place.starts_with(keys)) || own.into_iter().any(|own| own == place) {
        bail!(
            "{} is the name of a file of the record itself. Name another file for the backup, best on another machine or medium.",
            path.display()
        );
    }
    Ok(())
}

/// Makes the backup under a name of this run's own, checks it, and gives it its name where that is still free. What is left of
/// one that failed goes away with its folder: it must not be taken for a backup.
async fn make(config: &Config, opened: &Opened, path: &Path) -> Result<(String, bool)> {
    // A backup of a record that was emptied would take the place of a good one.
    if let Some(emptied @ Emptied::All) = emptied::look(opened).await? {
        bail!("no backup was made. {emptied}");
    }
    sign_what_is_new(opened).await?;
    let making = || format!("can't make the backup {}", path.display());
    let folder = tempfile::Builder::new()
        .prefix(".autolog-backup-")
        .tempdir_in(files::folder_of(path))
        .with_context(making)?;
    let unfinished = folder.path().join("unfinished");
    copy(opened, &unfinished).await.with_context(making)?;
    let copied = open(config, opened, &unfinished).await?;
    let checked = checked(&copied, opened).await;
    copied.close().await;
    let checked = checked?;
    let file = TempPath::try_from_path(&unfinished).with_context(making)?;
    match file.persist_noclobber(path) {
        Ok(()) => Ok(checked),
        Err(why) if why.error.kind() == ErrorKind::AlreadyExists => {
            bail!("no backup was made: {}", there_already(path))
        }
        Err(why) => Err(why.error)
            .with_context(|| format!("can't give the backup its name {}", path.display())),
    }
}

/// A checkpoint over everything, so that nothing in the copy is unsigned but what is written while it is made.
async fn sign_what_is_new(opened: &Opened) -> Result<()> {
    let store = opened.records.store();
    for head in store.heads().await? {
        let here = store.signing_key(&head.ledger);
        let told = store.adopted_key(&head.ledger).await?;
        match here {
            Some(key) if told.is_none_or(|(_, told)| told.public_key == key) => {
                store.checkpoint(&head.ledger).await?;
            }
            _ => say!(
                "The key of ledger {} is not here: its newest entries are copied without a checkpoint.",
                head.ledger
            ),
        }
    }
    Ok(())
}

async fn copy(opened: &Opened, path: &Path) -> Result<()> {
    let mut file = BackupFile::create(path).await?;
    opened.records.store().back_up(&mut file).await?;
    Ok(file.finish(path).await?)
}

async fn open(config: &Config, opened: &Opened, path: &Path) -> Result<Arc<dyn Store>> {
    let opening = Opening {
        url: config.url(),
        mode: Mode::Read,
        transport: config.transport(),
        steady: None,
        clock: clock::of_the_machine(),
        keys: opened.keys.keyring()?,
        kept_keys: None,
        projector: projector(Shelf::default()),
    };
    store::open_backup(path, opening)
        .await
        .with_context(|| format!("can't read the backup {}", path.display()))
}

/// Runs `autolog restore`.
pub async fn restore(config: &Config, options: &RestoreOptions) -> Result<ExitCode> {
    let path = &options.file;
    let mut file = BackupFile::open(path)
        .await
        .with_context(|| format!("can't restore {}", path.display()))?;
    let opened = config.open_to_restore().await?;
    let store = opened.records.store();
    let there = store
        .restore(&mut file)
        .await
        .context("the backup could not be restored; nothing was written")?;
    if let Some(table) = there {
        store.close().await;
        eprintln!(
            "There is something in this database already (table {table}). Nothing was written: a backup goes into an empty \
             database alone. Name another one with --database-url or --data-dir, or move the old one away first."
        );
        return Ok(ExitCode::FAILURE);
    }
    let (said, clean) = checked(store, &opened).await?;
    say!("{}", said.trim_end());
    let missing = without_a_key(store, &opened).await?;
    store.close().await;
    say!("\nThe record of {} is restored.", path.display());
    say!("Everybody has to sign in again. What was recorded after the backup is not in it.");
    if missing.is_empty() {
        say!("The keys of all ledgers are here.");
    }
    for ledger in missing {
        say!(
            "The key of ledger {ledger} is not here: put {ledger}.key back into {}. Where it is lost: autolog key rotate \
             --ledger {ledger} --lost --reason \"<how it was lost>\" (docs/backup.md says what that means).",
            config.data_dir.join("keys").display()
        );
    }
    Ok(code(clean))
}

/// The ledgers that have entries and no key that signs.
async fn without_a_key(store: &Arc<dyn Store>, opened: &Opened) -> Result<Vec<LedgerName>> {
    let keys: BTreeSet<_> = opened.keys.ledgers()?.into_iter().collect();
    let heads = store.heads().await?.into_iter().map(|head| head.ledger);
    Ok(heads.filter(|ledger| !keys.contains(ledger)).collect())
}

/// Every ledger with its root and newest checkpoint, and what is wrong with it; and whether nothing is.
async fn checked(store: &Arc<dyn Store>, opened: &Opened) -> Result<(String, bool)> {
    let (mut said, mut clean) = (String::new(), true);
    let heads = store.heads().await?.into_iter().map(|head| head.ledger);
    // A ledger that was emptied has no head any more, but it has a key.
    let ledgers: BTreeSet<_> = heads.chain(opened.keys.ledgers()?).collect();
    for ledger in ledgers {
        let keyless = super::key::trust_what_it_names(store, opened, &ledger).await?;
        let findings = store
            .verify(&ledger)
            .await
            .with_context(|| format!("ledger {ledger} can't be checked"))?;
        clean &= findings.is_clean();
        said += &told(&ledger, &findings);
        if keyless {
            said +=
                "  Checked with the keys that the ledger itself names: none of its own is here.\n";
        }
    }
    Ok((said, clean))
}

fn told(ledger: &LedgerName, findings: &Findings) -> String {
    let newest = findings.checkpoints.last();
    let newest = newest.map_or("no checkpoint".to_owned(), |size| {
        format!("newest checkpoint over {size}")
    });
    let (entries, root) = (findings.entries, findings.root.base64());
    let wrong = findings.found.iter().map(|found| format!("  {found}\n"));
    format!("{ledger}: {entries} entries, root {root}, {newest}\n") + &wrong.collect::<String>()
}

fn code(clean: bool) -> ExitCode {
    if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The folder too: the new name must outlive a power cut.
fn on_the_disk(path: &Path) -> Result<()> {
    fs::File::open(files::folder_of(path))
        .and_then(|folder| folder.sync_all())
        .context("the backup can't be put on the disk")
}
