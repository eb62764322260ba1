//! The program's own log: for the person who runs the server. What happened to a batch is in the record, not here.

use clap::{Args, ValueEnum};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// How much is logged, and in which form.
#[derive(Args, Debug, Clone)]
pub struct LogOptions {
    /// What is logged, as a filter of tracing: info, or store=debug,info.
    #[arg(
        long,
        global = true,
        env = "AUTOLOG_LOG",
        default_value = "info,sqlx=warn"
    )]
    log: String,
    /// The form of the log, which goes to standard error.
    #[arg(
        long,
        global = true,
        env = "AUTOLOG_LOG_FORMAT",
        value_enum,
        default_value = "text"
    )]
    log_format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A line to read.
    Text,
    /// A line of JSON, to collect.
    Json,
}

/// Begins to log to standard error, so that standard output is the command's own.
pub fn begin(options: &LogOptions) {
    let filter = EnvFilter::try_new(&options.log).unwrap_or_else(|_| {
        eprintln!(
            "autolog: the log filter “{}” can't be read; info is logged",
            options.log
        );
        EnvFilter::new("info")
    });
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match options.log_format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
        Format::Json => lines.json().init(),
    }
}
