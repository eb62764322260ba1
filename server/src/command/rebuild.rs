//! `autolog rebuild`: the read tables again, from the ledgers alone.

use crate::config::Config;
use anyhow::Result;
use std::process::ExitCode;

/// Runs the command.
pub async fn run(config: &Config) -> Result<ExitCode> {
    let opened = config.open_to_change().await?;
    let store = opened.records.store();
    if store.heads().await?.is_empty() {
        store.close().await;
        eprintln!(
            "The database holds no entry at all, and nothing was made from it. Where a record was there, it was removed: put it \
             back with autolog restore."
        );
        return Ok(ExitCode::FAILURE);
    }
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
