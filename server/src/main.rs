//! The program `autolog`: the batch record and release system for autologous cells.
//!
//! Only here are an engine, a clock and a random source built. `anyhow` carries what stops a command; what a person can
//! put right while it runs is a refusal with words.

/// Prints a line. Where nobody reads any more (`autolog verify | head -1`), the command goes on to its end all the same,
/// and its exit code stays true.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

mod certificate;
mod clock;
mod command;
mod config;
mod demo;
mod files;
mod http;
mod keys;
mod log;
mod random;
mod serve;
#[cfg(test)]
mod tests;

use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    files::keep_to_the_owner();
    let arguments = command::Arguments::parse();
    log::begin(&arguments.log);
    match arguments.run().await {
        Ok(code) => code,
        Err(error) => {
            // A chain of reasons in one line each, without what is of use to a programmer alone.
            eprintln!("autolog: {error}");
            for reason in error.chain().skip(1) {
                eprintln!("  because {reason}");
            }
            ExitCode::from(2)
        }
    }
}
