//! `autolog migrate`: the tables of a record as this version needs them.

use crate::config::Config;
use anyhow::{Context as _, Result};
use clap::Args;
use std::process::ExitCode;
use store::{MIGRATIONS, TablesState};

/// What is done with the tables.
#[derive(Args, Debug)]
pub struct Options {
    /// Change nothing; end with 1 where there is something to do.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let (url, transport) = (config.url(), config.transport());
    let state = if options.check {
        store::tables(&url, transport).await
    } else {
        store::migrate(&url, transport).await
    };
    let state = state.context("the tables can't be brought up to date")?;
    let needed = MIGRATIONS.len();
    let done = match (state, options.check) {
        (TablesState::Current, _) => {
            say!("The tables are up to date (step {needed}). Nothing was changed.");
            true
        }
        (TablesState::Older(found), true) => {
            say!(
                "The tables are of step {found}, this version needs step {needed}. Make a backup, then run autolog migrate."
            );
            false
        }
        (TablesState::None, true) => {
            say!("There are no tables yet, this version needs {needed} steps.");
            false
        }
        (TablesState::Older(found), false) => {
            say!("The tables were brought from step {found} to step {needed}.");
            true
        }
        (TablesState::None, false) => {
            say!("The tables were made (step {needed}). The record is empty.");
            true
        }
    };
    Ok(if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
