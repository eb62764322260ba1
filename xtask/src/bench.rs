//! `cargo xtask bench`: what things cost, each beside its reference. What came of it is in `docs/benchmarks.md`.

use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::command::{cargo, exists, read, root, run, target};
use crate::postgres::Postgres;
use crate::{browser_target, chromium, node, system, wasm};

/// What is measured. `AUTOLOG_BENCH_ROUNDS`, `AUTOLOG_BENCH_BATCHES`, `AUTOLOG_BENCH_SECONDS` and `AUTOLOG_BENCH_READS` in
/// the environment set how much.
#[derive(Args)]
pub struct Options {
    /// Only a part.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Fold, verdict and blockers.
    Rules,
    /// Appends and `verify` on both engines.
    Ledger,
    /// Pages, start, memory, certificate, the browser.
    Pages,
}

/// Measures one part after the other.
pub fn start(options: &Options) -> Result<()> {
    let includes = |part| options.only.is_none_or(|only| only == part);
    if includes(Part::Rules) {
        run(cargo().args(["bench", "--package", "domain", "--bench", "record"]))?;
    }
    if includes(Part::Ledger) {
        let postgres = Postgres::start_durable()?;
        run(cargo()
            .args(["bench", "--package", "store", "--bench", "append"])
            .env("AUTOLOG_BENCH_POSTGRES_URL", postgres.url()))?;
    }
    if includes(Part::Pages) {
        pages()?;
    }
    Ok(())
}

fn pages() -> Result<()> {
    if !exists("wrk") {
        system::install(&["wrk"], "measuring pages under load")?;
    }
    node::ensure()?;
    let site = wasm::build(browser_target::ensure()?, wasm::Build::Small)?;
    wasm::weigh(&site)?;
    let server = crate::run::build_server(true)?;
    let built = read(cargo().args([
        "bench",
        "--package",
        "store",
        "--bench",
        "fill",
        "--no-run",
        "--message-format",
        "json",
    ]))?;
    let fill = built
        .split('"')
        .find(|word| word.contains("/deps/fill-"))
        .context("cargo doesn't say where the bench fill is")?;
    let end2end = root().join("end2end");
    node::install(&end2end)?;
    let mut pages = Command::new("node");
    pages
        .arg("bench/pages.mjs")
        .current_dir(&end2end)
        .env("AUTOLOG_BINARY", server)
        .env("AUTOLOG_SITE", site)
        .env("AUTOLOG_FILL", fill)
        .env("AUTOLOG_BENCH_FOLDER", target().join("tmp"));
    if let Some(chromium) = chromium::ensure()? {
        pages.env("AUTOLOG_CHROMIUM", chromium);
    }
    std::fs::create_dir_all(target().join("tmp"))?;
    run(&mut pages)
}
