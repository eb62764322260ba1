//! `autolog spec check`: a verdict for each batch and criterion of a table of results.

use super::read_file;
use anyhow::{Context as _, Result, bail};
use clap::{Subcommand, ValueEnum};
use domain::{release::table::check_table, specification::Specification};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What can be done with a specification.
#[derive(Subcommand, Debug)]
pub enum SpecCommand {
    /// Judge a table of results: a row for each batch, a column for each test.
    ///
    /// A column is headed by the key of a criterion, or by its test where only one criterion has it; batch names the
    /// batch, weight_kg gives the body weight in kg. An empty cell is a test that was not reported, <0.05 a result of
    /// which only the bound is known. It ends with 0 where the table could be judged, whatever the verdicts, and with 2
    /// where the specification or the table can't be read; then it names line, or row and column, and the reason.
    Check {
        /// The specification (docs/specification-format.md).
        #[arg(long, value_name = "FILE.toml")]
        specification: PathBuf,
        /// The results, as CSV with a header.
        #[arg(long, value_name = "FILE.csv")]
        results: PathBuf,
        /// The form of the answer.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// A form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns to read.
    Text,
    /// One JSON object.
    Json,
}

/// Runs the command.
pub fn run(command: &SpecCommand) -> Result<ExitCode> {
    let SpecCommand::Check {
        specification,
        results,
        format,
    } = command;
    let text = read_file(specification)?;
    let parsed = Specification::parse(&text)
        .with_context(|| format!("{} is no specification", specification.display()))?;
    let (header, rows) = table(results)?;
    let report = match check_table(&parsed, &header, &rows) {
        Ok(report) => report,
        Err(refused) => {
            if *format == Format::Json {
                say!("{}", serde_json::to_string_pretty(&refused)?);
            }
            eprintln!("{} can't be judged:\n{refused}", results.display());
            return Ok(ExitCode::from(2));
        }
    };
    match format {
        Format::Text => say!("{}", report.to_string().trim_end()),
        Format::Json => say!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}

type Table = (Vec<String>, Vec<Vec<String>>);

fn table(path: &Path) -> Result<Table> {
    let text = read_file(path)?;
    // Spreadsheets put a byte order mark before the first heading.
    let text = text.trim_start_matches('\u{feff}');
    let shown = path.display();
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let mut reader = csv::ReaderBuilder::new()
        // Rows of another length are refused with their number, as every other mistake is.
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .with_context(|| format!("{shown} is no CSV table"))?
        .clone();
    if header.is_empty() {
        bail!("{shown} is empty. Its first row names the columns: batch, then the criteria.");
    }
    let rows = reader
        .records()
        .map(|record| record.map(cells))
        .collect::<Result<_, _>>()
        .with_context(|| format!("{shown} is no CSV table"))?;
    Ok((cells(header), rows))
}
