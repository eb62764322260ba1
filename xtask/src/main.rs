//! Builds, runs and tests Autolog: `cargo xtask run` and `cargo xtask test`.

mod browser_target;
mod command;
mod node;
mod system;
mod wasm;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, runs and tests Autolog.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the browser's side alone.
    Site {
        /// Small instead of soon.
        #[arg(long)]
        release: bool,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Site { release } => site(release),
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
    println!("{}", site.display());
    Ok(())
}
