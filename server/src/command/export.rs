//! `autolog export`: a ledger as lines, with all that is needed to verify it.

use super::emptied;
use crate::config::Config;
use anyhow::{Context as _, Result};
use clap::Args;
use domain::ledger::LedgerName;
use std::{
    io::{BufWriter, Write as _},
    process::ExitCode,
};

/// What is exported.
#[derive(Args, Debug)]
pub struct Options {
    /// The ledger: a site's code, or org for accounts, sites and documents.
    #[arg(long, value_name = "LEDGER")]
    ledger: LedgerName,
}

/// Runs the command.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let opened = config.open_to_read().await?;
    let store = opened.records.store();
    let there = store
        .heads()
        .await?
        .iter()
        .any(|head| head.ledger == options.ledger);
    if !there {
        eprintln!("There is no ledger {}.", options.ledger);
        emptied::told(&opened).await?;
        return Ok(ExitCode::FAILURE);
    }
    let mut out = BufWriter::new(std::io::stdout());
    store
        .export(&options.ledger, &mut |line| writeln!(out, "{line}"))
        .await?;
    out.flush().context("the export can't be written")?;
    emptied::told(&opened).await
}
