//! demo
use crate::config::Config;
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

/// The demonstration.
#[derive(Args, Debug)]
pub struct Options {}

/// Runs the command.
pub async fn run(_: &Config, _: &Options) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
