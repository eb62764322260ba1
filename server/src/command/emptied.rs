//! A record that was emptied: one place decides it for every command that reads, and has the words for it.

use crate::config::Opened;
use anyhow::Result;
use domain::ledger::LedgerName;
use std::{collections::BTreeSet, fmt, process::ExitCode};

/// What was emptied. Each ledger has its first entries before anything else is recorded in it, so one that has a key and no
/// entry had some.
#[derive(Debug, PartialEq, Eq)]
pub enum Emptied {
    /// There is no entry at all.
    All,
    /// There is none of these ledgers, and their keys are here.
    Ledgers(Vec<LedgerName>),
}

impl fmt::Display for Emptied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str(
                "The database holds no entry at all. Where a record was there, it was removed: put it back with autolog restore.",
            ),
            Self::Ledgers(ledgers) => {
                let names: Vec<_> = ledgers.iter().map(LedgerName::as_str).collect();
                write!(
                    f,
                    "The database holds no entry of {}, whose key is here: it was emptied, and what is told of the record can't be \
                     trusted. See autolog verify; put the record back with autolog restore.",
                    names.join(", ")
                )
            }
        }
    }
}

/// What was emptied of a record, where something was.
pub async fn look(opened: &Opened) -> Result<Option<Emptied>> {
    let heads = opened.records.store().heads().await?;
    if heads.is_empty() {
        return Ok(Some(Emptied::All));
    }
    let there: BTreeSet<_> = heads.into_iter().map(|head| head.ledger).collect();
    let mut without = opened.keys.ledgers()?;
    without.retain(|ledger| !there.contains(ledger));
    Ok((!without.is_empty()).then_some(Emptied::Ledgers(without)))
}

/// Ends a command that told something of the record: with 1 and words where that was emptied.
pub async fn told(opened: &Opened) -> Result<ExitCode> {
    let emptied = look(opened).await;
    opened.records.store().close().await;
    Ok(match emptied? {
        None => ExitCode::SUCCESS,
        Some(emptied) => {
            eprintln!("{emptied}");
            ExitCode::FAILURE
        }
    })
}
