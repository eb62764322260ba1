//! `autolog key`: which key signs a ledger, and putting a new one in its place.

use super::{
    emptied::{self, Emptied},
    new_command, operator,
};
use crate::config::{Config, Opened};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use domain::{
    ledger::{KeyAdopted, LedgerName, StreamName},
    typed::{on_one_line, several_lines},
};
use std::{collections::BTreeSet, process::ExitCode, sync::Arc};
use store::{Answer, Store};

/// What can be done with keys.
#[derive(Subcommand, Debug)]
pub enum KeyCommand {
    /// List the keys of every ledger: their public halves, since which entry they sign, and why.
    ///
    /// Keep a copy on paper: with it anyone can check an export (autolog verify --export FILE --key KEY).
    List,
    /// Put a new key in the place of the one that signs a ledger, also while it is served.
    ///
    /// The ledger says so in an entry of its own, signed by the old key and the new one. What the old key signed still
    /// counts; it signs nothing after that, and its file is gone.
    Rotate(Rotate),
}

/// A new key.
#[derive(Args, Debug)]
pub struct Rotate {
    /// The ledger: a site's code, or org for accounts, sites and documents.
    #[arg(long, value_name = "LEDGER")]
    ledger: LedgerName,
    /// Why, as it is to be read in the ledger for ever.
    #[arg(long)]
    reason: String,
    /// The key that signed until now is lost: nobody can vouch for the new one. Whoever checks the ledger by the old key
    /// is told so, and has to be given the new public key by another way.
    #[arg(long)]
    lost: bool,
}

/// The longest reason that is kept.
const MAX_REASON: usize = 300;

/// Runs the command.
pub async fn run(config: &Config, command: KeyCommand) -> Result<ExitCode> {
    let (opened, code) = match command {
        KeyCommand::List => {
            let opened = config.open_to_read().await?;
            let code = list(&opened).await?;
            (opened, code)
        }
        KeyCommand::Rotate(rotate) => {
            let opened = config.open_to_change().await?;
            opened.end_broken_rotations().await?;
            let code = self::rotate(config, &opened, rotate).await?;
            (opened, code)
        }
    };
    opened.records.store().close().await;
    Ok(code)
}

async fn list(opened: &Opened) -> Result<ExitCode> {
    let store = opened.records.store();
    let heads = store.heads().await?.into_iter().map(|head| head.ledger);
    let ledgers: BTreeSet<_> = heads.collect();
    let code = match emptied::look(opened).await? {
        None => ExitCode::SUCCESS,
        Some(emptied) => {
            for ledger in opened.keys.ledgers()? {
                if !ledgers.contains(&ledger) {
                    say!("{ledger}\tits key is here, and the database holds no entry of it");
                }
            }
            if emptied == Emptied::All {
                eprintln!("{emptied}");
            }
            ExitCode::FAILURE
        }
    };
    for ledger in ledgers {
        let here = store.signing_key(&ledger);
        let told = adopted(store, &ledger).await?;
        if told.is_empty() {
            let key = here.as_ref().map_or("none is here", |key| key.as_str());
            say!("{ledger}\tnot told in the ledger yet\t{key}");
        }
        for (
            position,
            KeyAdopted {
                public_key, reason, ..
            },
        ) in told
        {
            let signs = if here.as_ref() == Some(&public_key) {
                "signs"
            } else {
                "is not here"
            };
            let reason = on_one_line(&reason);
            say!("{ledger}\tsince entry {position}\t{public_key}\t{signs}\t{reason}");
        }
    }
    Ok(code)
}

async fn rotate(config: &Config, opened: &Opened, rotate: Rotate) -> Result<ExitCode> {
    let Rotate {
        ledger,
        reason,
        lost,
    } = rotate;
    let store = opened.records.store();
    if !store
        .heads()
        .await?
        .iter()
        .any(|head| head.ledger == ledger)
    {
        eprintln!("There is no ledger {ledger}.");
        return Ok(ExitCode::FAILURE);
    }
    let reason = match several_lines(&reason, "Reason", MAX_REASON) {
        Ok(reason) => reason,
        Err(why) => {
            eprintln!("{why} It is read in the ledger for ever.");
            return Ok(ExitCode::FAILURE);
        }
    };
    let folder = config.data_dir.join("keys");
    let told = store.adopted_key(&ledger).await?;
    let here = store.signing_key(&ledger).filter(|key| {
        // A key from before an earlier rotation is as good as none.
        told.as_ref()
            .is_none_or(|(_, told)| told.public_key == *key)
    });
    match (&here, lost) {
        (None, false) => bail!(
            "the key that signs ledger {ledger} is not in {}. Put its file {ledger}.key back, or say --lost.",
            folder.display()
        ),
        (Some(_), true) => bail!(
            "the key that signs ledger {ledger} is in {}: it is not lost. Leave --lost out, so that it vouches for the new one.",
            folder.display()
        ),
        _ => {}
    }
    // The new key is on the disk before the ledger speaks of it: a power cut in between loses neither.
    let key = opened.keys.make_next(&ledger, &opened.seed()?)?;
    let public = key.public();
    let answer = opened
        .records
        .adopt_key(&operator(), new_command()?, key.clone(), &reason)
        .await?;
    if let Answer::Refused(words) = answer {
        opened.keys.forget_next(&ledger)?;
        for words in words {
            eprintln!("{}", words.text);
        }
        return Ok(ExitCode::FAILURE);
    }
    opened.keys.put_in_place(&key)?;
    say!("Ledger {ledger} is signed by a new key from now on:\n  {public}");
    if let Some(before) = here {
        say!("What the key before it signed still counts:\n  {before}");
    }
    say!(
        "Write the new public key down beside the old one, and make a new copy of {}.",
        folder.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// What a ledger says of its keys, in order.
async fn adopted(store: &Arc<dyn Store>, ledger: &LedgerName) -> Result<Vec<(u64, KeyAdopted)>> {
    let entries = store.stream(ledger, &StreamName::key(ledger)).await?;
    let read = |entry: &domain::ledger::Entry| {
        let adopted = KeyAdopted::of(entry).ok().flatten();
        adopted.map(|adopted| (entry.position, adopted))
    };
    Ok(entries.iter().filter_map(read).collect())
}

/// Where no key of a ledger is here, as on another machine, takes the keys that the ledger itself names. Whether it did.
pub(super) async fn trust_what_it_names(
    store: &Arc<dyn Store>,
    opened: &Opened,
    ledger: &LedgerName,
) -> Result<bool> {
    if opened.keys.ledgers()?.contains(ledger) || !store.public_keys(ledger).is_empty() {
        return Ok(false);
    }
    for (_, adopted) in adopted(store, ledger).await? {
        store.trust_key(adopted.public_key);
    }
    Ok(true)
}
