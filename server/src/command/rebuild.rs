//! `autolog rebuild`: the read tables again, from the ledgers alone.

use super::emptied;
use crate::config::Config;
use anyhow::Result;
use std::process::ExitCode;

/// Runs the command.
pub async fn run(config: &Config) -> Result<ExitCode> {
    let opened = config.open_to_change().await?;
    let store = opened.records.store();
    // The tables of a ledger without entries would be made empty, and nothing would say any more what stood in them.
    if let Some(emptied) = emptied::look(&opened).await? {
        store.close().await;
        eprintln!("{emptied}\nNothing was changed.");
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
