//! `autolog document add`: a new version of a specification or master record.

use super::{new_command, read_file, told, whoever_runs_it};
use crate::config::Config;
use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use domain::site::DocumentKind;
use std::{path::PathBuf, process::ExitCode};

/// What can be done with documents.
#[derive(Subcommand, Debug)]
pub enum DocumentCommand {
    /// Adopt a version of a document. New batches run under the highest version; a version is never changed.
    Add {
        /// What kind of document it is.
        #[arg(long, value_enum)]
        kind: Kind,
        /// The document.
        file: PathBuf,
    },
}

/// A kind of document.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    /// What is done (docs/master-record-format.md).
    MasterRecord,
    /// What must hold (docs/specification-format.md).
    Specification,
}

/// Runs the command.
pub async fn run(config: &Config, command: &DocumentCommand) -> Result<ExitCode> {
    let DocumentCommand::Add { kind, file } = command;
    let kind = match kind {
        Kind::MasterRecord => DocumentKind::MasterRecord,
        Kind::Specification => DocumentKind::Specification,
    };
    let text = read_file(file)?;
    let opened = config.open_now().await?;
    let by = whoever_runs_it();
    let answer = opened
        .records
        .adopt_document(&by, new_command()?, kind, &text)
        .await;
    opened.close().await?;
    Ok(told(answer?, &format!("{kind} adopted.")))
}
