//! `autolog verify`: whether any ledger was changed.

use super::{emptied::Emptied, read_file};
use crate::config::{Config, Opened};
use anyhow::{Context as _, Result};
use clap::Args;
use domain::ledger::{Findings, Hash, LedgerName, PublicKey, Verifier, verify::Trust};
use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, sync::Arc};
use store::{Part, Store};

/// What is checked.
#[derive(Args, Debug)]
pub struct Options {
    /// Check this ledger alone: a site's code, or org.
    #[arg(long, value_name = "LEDGER")]
    ledger: Option<LedgerName>,
    /// Check an exported file instead of the database.
    #[arg(long, value_name = "FILE", conflicts_with = "ledger")]
    export: Option<PathBuf>,
    /// A public key that is known from elsewhere, such as a paper; can be given more than once. Without one, an exported
    /// file is checked by the keys that it names itself, which proves that it agrees with itself, not who made it; so is a
    /// ledger whose key isn't on this machine.
    #[arg(long = "key", value_name = "KEY", value_parser = public_key)]
    keys: Vec<PublicKey>,
    /// With --ledger or --export: a checkpoint that is known from elsewhere, as printed on each certificate: the number of entries, a colon, the root;
    /// can be given more than once. It shows also what somebody with the key rewrote and signed again.
    #[arg(long = "checkpoint", value_name = "SIZE:ROOT", value_parser = checkpoint)]
    checkpoints: Vec<(u64, Hash)>,
}

fn checkpoint(text: &str) -> Result<(u64, Hash), String> {
    let read = text.split_once(':').and_then(|(size, root)| {
        let root = Hash::from_base64(root).or_else(|| Hash::from_hex(root))?;
        Some((size.parse().ok()?, root))
    });
    read.ok_or_else(|| {
        "write the number of entries, a colon, and the root as it is printed".to_owned()
    })
}

fn public_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::parse(text).map_err(|why| why.to_string())
}

/// Runs the command.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let clean = match &options.export {
        Some(file) => {
            let trust = if options.keys.is_empty() {
                Trust::Embedded
            } else {
                Trust::Keys(options.keys.clone())
            };
            let mut verifier = Verifier::new(None, trust);
            for (size, root) in &options.checkpoints {
                verifier.know(*size, *root);
            }
            for line in read_file(file)?.lines() {
                verifier.line(line);
            }
            let findings = verifier.finish();
            let ledger = findings.ledger.as_ref().map(ToString::to_string);
            told(&ledger.unwrap_or_else(|| "no ledger".to_owned()), &findings)
        }
        None => in_database(config, options).await?,
    };
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn in_database(config: &Config, options: &Options) -> Result<bool> {
    let opened = config.open_to_read().await?;
    let store = opened.records.store();
    let Whole { mut clean, tables } = whole(store).await?;
    if !tables {
        store.close().await;
        return Ok(false);
    }
    let heads = store.heads().await?.into_iter().map(|head| head.ledger);
    // A ledger that was emptied has no head any more, but it has a key.
    let all: BTreeSet<_> = heads.chain(opened.keys.ledgers()?).collect();
    let ledgers: BTreeSet<LedgerName> = match &options.ledger {
        Some(ledger) => BTreeSet::from([ledger.clone()]),
        None => all.clone(),
    };
    if let Some(unknown) = ledgers.iter().find(|ledger| !all.contains(*ledger)) {
        store.close().await;
        eprintln!("There is no ledger {unknown}.");
        return Ok(false);
    }
    if ledgers.is_empty() {
        store.close().await;
        say!("{}", Emptied::All);
        return Ok(false);
    }
    for key in &options.keys {
        store.trust_key(key.clone());
    }
    for ledger in &ledgers {
        let keyless = super::key::trust_what_it_names(store, &opened, ledger).await?;
        // Each ledger has a root of its own: what is known of one says nothing of another.
        let known = match &options.ledger {
            Some(_) => options.checkpoints.as_slice(),
            None => &[],
        };
        let findings = store
            .verify_knowing(ledger, known)
            .await
            .with_context(|| format!("ledger {ledger} can't be checked"))?;
        clean &= told(ledger.as_str(), &findings);
        if keyless {
            say!(
                "  Checked with the keys that the ledger itself names, as none is here: that proves that it agrees with itself. \
                 Give the key that you know with --key."
            );
        }
    }
    if options.ledger.is_none() {
        clean &= rows(&opened).await;
    }
    store.close().await;
    Ok(clean)
}

/// Whether a database has all that the steps of its tables made.
struct Whole {
    /// All of it.
    clean: bool,
    /// At least every table: without one nothing can be checked.
    tables: bool,
}

async fn whole(store: &Arc<dyn Store>) -> Result<Whole> {
    let lacking = store.lacking().await?;
    if !lacking.is_empty() {
        say!("tables: not as Autolog made them");
    }
    for one in &lacking {
        say!("  {one}");
    }
    if !lacking.is_empty() {
        say!("  {TAKEN_AWAY}");
    }
    Ok(Whole {
        clean: lacking.is_empty(),
        tables: lacking.iter().all(|one| one.part != Part::Table),
    })
}

/// What to do where something of the tables was taken away.
pub(super) const TAKEN_AWAY: &str = "It was taken away past Autolog: find out by whom and why. Put a backup back with autolog restore, into an \
     empty database.";

/// Whether the tables beside the ledgers say what the ledgers say.
async fn rows(opened: &Opened) -> bool {
    let found = match opened.records.verify_rows().await {
        Ok(found) => found,
        Err(why) => {
            say!("read tables\n  They can't be checked: {why}.");
            return false;
        }
    };
    say!(
        "read tables: {}",
        if found.is_empty() {
            "as the ledgers say"
        } else {
            "not as the ledgers say"
        }
    );
    for finding in &found {
        say!("  {finding}");
    }
    if !found.is_empty() {
        say!("  autolog rebuild makes them again from the ledgers.");
    }
    found.is_empty()
}

fn told(ledger: &str, findings: &Findings) -> bool {
    say!(
        "{ledger}: {} entries, {} checkpoints that fit, root {}",
        findings.entries,
        findings.checkpoints.len(),
        findings.root.base64()
    );
    for finding in &findings.found {
        say!("  {finding}");
    }
    if findings.is_clean() {
        say!("  Nothing is wrong.");
    }
    findings.is_clean()
}
