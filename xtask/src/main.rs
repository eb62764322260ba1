//! Builds, runs and tests Autolog: `cargo xtask run` and `cargo xtask test`.

#![expect(
    clippy::disallowed_methods,
    reason = "steps are timed, and what hangs is stopped; nothing here is in a record"
)]

mod bench;
mod browser_target;
mod chromium;
mod command;
mod dist;
mod node;
mod postgres;
mod prove;
mod report;
mod run;
mod system;
mod test;
mod tools;
mod wasm;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, runs and tests Autolog. What is installed with the system's package manager is said first.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Sets up what is missing, builds, fills the demo and serves it on this machine.
    Run(run::Options),
    /// Format, lints, unit tests, both database engines, the weight of the WASM, the browser.
    Test(test::Options),
    /// The attacks of the tests with the counts at which they prove something, which takes long.
    Prove(prove::Options),
    /// Measures speed, each figure beside its reference; docs/benchmarks.md holds what came of it.
    Bench(bench::Options),
    /// Builds one program with the browser's files in it, to be handed on.
    Dist(dist::Options),
    /// Builds the browser's side alone and prints its folder.
    Site {
        /// Small instead of soon.
        #[arg(long)]
        release: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run(options) => run::start(&options),
        Task::Test(options) => test::start(&options),
        Task::Prove(options) => prove::start(&options),
        Task::Bench(options) => bench::start(&options),
        Task::Dist(options) => dist::start(&options),
        Task::Site { release } => site(release),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The reasons in one line; a stack trace says nothing to the person who runs this.
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn site(release: bool) -> Result<()> {
    let compiler = browser_target::ensure()?;
    let build = if release {
        wasm::Build::Small
    } else {
        wasm::Build::Quick
    };
    let site = wasm::build(compiler, build)?;
    if release {
        wasm::weigh(&site)?;
    }
    println!("{}", site.display());
    Ok(())
}
