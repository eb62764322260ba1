//! `autolog rebuild`: the read tables again, from the ledgers alone.

use crate::{clock, config::Config};
use anyhow::Result;
use std::process::ExitCode;

/// Runs the command.
pub async fn run(config: &Config) -> Result<ExitCode> {
    let opened = config.open(clock::of_the_machine()).await?;
    let store = opened.records.store();
    let before = store.rows().await?;
    let streams = opened.records.rebuild().await?;
    let after = store.rows().await?;
    store.close().await;
    say!("The read tables were made again from {streams} streams.");
    say!(
        "{}",
        if before == after {
            "They say the same as before."
        } else {
            "They differ from what stood there before."
        }
    );
    Ok(ExitCode::SUCCESS)
}
