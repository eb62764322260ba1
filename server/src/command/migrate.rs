//! `autolog migrate`: the tables of a record as this version needs them.

use super::verify::TAKEN_AWAY;
use crate::{config::Config, files};
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
    let failed = "the tables can't be brought up to date";
    if !options.check {
        files::refuse_those_of_another(&config.data_dir, &store::files_of(&url)?)?;
    }
    let mut state = store::tables(&url, transport).await.context(failed)?;
    if !options.check {
        // It was seen to be a record, or a database for one.
        files::take_for_the_owner(&store::files_of(&url)?)?;
        state = store::migrate(&url, transport).await.context(failed)?;
    }
    if state == TablesState::Current {
        let lacking = store::lacking(&url, transport).await?;
        if !lacking.is_empty() {
            for one in lacking {
                say!("{one}");
            }
            say!("{TAKEN_AWAY}");
            return Ok(ExitCode::FAILURE);
        }
    }
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
