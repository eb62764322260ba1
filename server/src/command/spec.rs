//! `autolog spec check`: a verdict for each batch and criterion of a table of results.

mod csv_table;

use super::read_document_file;
use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use csv_table::{CsvTable, Declared, Encoding};
use domain::{
    decimal::DecimalSign,
    release::table::{TableReading, check_table},
    specification::Specification,
};
use std::{path::PathBuf, process::ExitCode};

/// What can be done with a specification.
#[derive(Subcommand, Debug)]
pub enum SpecCommand {
    /// Judge a table of results: a row for each batch, a column for each test.
    ///
    /// A column is headed by the key of a criterion, or by its test where only one criterion has it, with its unit or
    /// without; batch names the batch, weight_kg gives the body weight in kg. An empty cell is a test that was not reported,
    /// <0.05 a result of which only the bound is known. The table is CSV, in UTF-8 or UTF-16, with commas, semicolons or tabs.
    /// Lines before the headings may declare the separator and the decimal sign: sep=; and decimal=, do. It ends with 0 where
    /// the table could be judged, whatever the verdicts, and with 2 where the specification or the table can't be read; then
    /// it names line, or row and column, and the reason.
    Check(CheckArgs),
}

/// What is judged, and how it is written.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The specification (docs/specification-format.md).
    #[arg(long, value_name = "FILE.toml")]
    specification: PathBuf,
    /// The results, as CSV with a header.
    #[arg(long, value_name = "FILE.csv")]
    results: PathBuf,
    /// The form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The decimal sign of the table. Without it a number that can be read in two ways is refused.
    #[arg(long, value_enum)]
    decimal_sign: Option<Sign>,
    /// What separates the cells of the table, where it has several of them in its headings.
    #[arg(long, value_enum)]
    separator: Option<Separator>,
    /// How the letters of the table are stored, where it is neither UTF-8 nor UTF-16 with its mark.
    #[arg(long, value_enum)]
    encoding: Option<Encoding>,
    /// Leave out the columns that the specification doesn't have; the answer names them.
    #[arg(long)]
    ignore_other_columns: bool,
}

/// A decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sign {
    /// 97.6
    Point,
    /// 97,6
    Comma,
}

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Separator {
    /// ,
    Comma,
    /// ;
    Semicolon,
    /// The tab.
    Tab,
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
    let SpecCommand::Check(args) = command;
    let text = read_document_file(&args.specification)?;
    let parsed = Specification::parse(&text)
        .with_context(|| format!("{} is no specification", args.specification.display()))?;
    let shown = args.results.display();
    let bytes = std::fs::read(&args.results).with_context(|| format!("can't read {shown}"))?;
    let declared = Declared {
        encoding: args.encoding,
        separator: args.separator,
        decimal_sign: args.decimal_sign,
    };
    let CsvTable {
        table,
        decimal_sign,
    } = csv_table::read(&bytes, declared).with_context(|| format!("{shown} is no CSV table"))?;
    let reading = TableReading {
        decimal_sign: match decimal_sign {
            None => DecimalSign::Either,
            Some(Sign::Point) => DecimalSign::Point,
            Some(Sign::Comma) => DecimalSign::Comma,
        },
        ignore_other_columns: args.ignore_other_columns,
    };
    let report = match check_table(&parsed, &table, reading) {
        Ok(report) => report,
        Err(refused) => {
            if args.format == Format::Json {
                say!("{}", serde_json::to_string_pretty(&refused)?);
            }
            eprintln!("{shown} can't be judged:\n{refused}");
            return Ok(ExitCode::from(2));
        }
    };
    match args.format {
        Format::Text => say!("{}", report.to_string().trim_end()),
        Format::Json => say!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}
