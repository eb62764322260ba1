//! `cargo xtask test`: everything that must hold, in one go.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::browser_target::{self, Compiler, TARGET};
use crate::command::{cargo, root, run, run_within, target};
use crate::postgres::Postgres;
use crate::report::{Report, closes_cargo, closes_playwright};
use crate::{chromium, node, system, tools, wasm};

/// What is tested.
#[derive(Args)]
pub struct Options {
    /// Only a part.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, clippy, the browser target alone, documentation.
    Lint,
    /// Unit and integration tests on both database engines.
    Rust,
    /// The browser's side and its weight, journeys in Chromium.
    Browser,
}

impl Options {
    fn includes(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

/// Runs the steps, the rest also after one has failed, and fails if one did.
pub fn start(options: &Options) -> Result<()> {
    node::ensure()?;
    let compiler = browser_target::ensure()?;
    let mut report = Report::default();
    if options.includes(Part::Lint) {
        lint(&mut report, compiler);
    }
    if options.includes(Part::Rust) {
        rust(&mut report);
    }
    if options.includes(Part::Browser) {
        browser(&mut report, compiler);
    }
    report.close()
}

fn lint(report: &mut Report, compiler: Compiler) {
    report.step("format", || run(cargo().args(["fmt", "--all", "--check"])));
    report.step("clippy", || {
        run(cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]))
    });
    // On its own, so that another crate's features can't lend it a clock.
    report.step("domain alone, for the browser", || {
        run(compiler
            .cargo()
            .args([
                "check",
                "--package",
                "domain",
                "--target",
                TARGET,
                "--target-dir",
            ])
            .arg(compiler.target()))
    });
    report.step("clippy of the islands", || {
        if compiler == Compiler::Debian {
            println!("Left out: Debian's Rust for the browser comes without clippy");
            return Ok(());
        }
        run(cargo()
            .args([
                "clippy",
                "--lib",
                "--package",
                "app",
                "--no-default-features",
                "--features",
                "hydrate",
            ])
            .args(["--target", TARGET, "--", "--deny", "warnings"]))
    });
    report.step("documentation", || {
        run(cargo()
            .args([
                "doc",
                "--no-deps",
                "--package",
                "domain",
                "--package",
                "store",
            ])
            .env("RUSTDOCFLAGS", "--deny warnings"))
    });
    report.step(
        "what the browser's side must not contain",
        wasm::check_absences,
    );
    dependencies(report);
}

fn dependencies(report: &mut Report) {
    report.step("licences, sources and bans of the dependencies", || {
        tools::DENY.ensure()?;
        run(cargo().args(["deny", "check", "licenses", "sources", "bans"]))
    });
    // The list of advisories is on a server that can't be reached from everywhere.
    let fetched = report.step("the list of advisories", || {
        Ok(run_within(
            Duration::from_secs(60),
            cargo().args(["deny", "fetch", "db"]),
        )
        .inspect_err(|error| println!("THE LIST OF ADVISORIES CAN'T BE HAD HERE: {error:#}"))
        .is_ok())
    });
    if fetched == Some(true) {
        report.step("advisories", || {
            run(cargo().args(["deny", "check", "--disable-fetch", "advisories"]))
        });
    } else {
        report.skipped("advisories on the dependencies: their list can't be reached from here");
    }
}

fn rust(report: &mut Report) {
    let Some(postgres) = report.step("PostgreSQL", postgres) else {
        return;
    };
    report.step("what results are read with", system::ensure_readers);
    let mut test = cargo();
    test.args(["test", "--workspace", "--no-fail-fast"]);
    if let Some(postgres) = &postgres {
        test.env("AUTOLOG_TEST_POSTGRES_URL", postgres.url());
    }
    report.tests("tests on both engines", &mut test, closes_cargo);
    if postgres.is_none() {
        report.skipped("everything on PostgreSQL, half of the store's tests");
    }
}

/// A PostgreSQL, or none where there is none and nobody relies on the outcome.
fn postgres() -> Result<Option<Postgres>> {
    match Postgres::start() {
        Ok(postgres) => Ok(Some(postgres)),
        Err(error) if std::env::var_os("CI").is_some() => Err(error),
        Err(error) => {
            println!("NO POSTGRESQL: half of the store's tests are skipped. {error:#}");
            Ok(None)
        }
    }
}

fn browser(report: &mut Report, compiler: Compiler) {
    match playwright(report, compiler) {
        Some(mut playwright) => report.tests("browser tests", &mut playwright, closes_playwright),
        None => report.skipped("the browser tests"),
    }
}

/// The runner of the browser tests, with everything built and installed that it needs.
pub fn playwright(report: &mut Report, compiler: Compiler) -> Option<Command> {
    let site = report.step("the browser's side, small", || {
        let site = wasm::build(compiler, wasm::Build::Small)?;
        wasm::weigh(&site)?;
        Ok(site)
    });
    let chromium = report.step("server, Chromium and Playwright", || {
        // The whole workspace, as the tests before it: then there is nothing left to build.
        run(cargo().args(["build", "--workspace"]))?;
        system::ensure_readers()?;
        node::install(&root().join("end2end"))?;
        chromium::ensure()
    });
    let (site, chromium) = (site?, chromium?);
    let mut playwright = Command::new("npx");
    playwright
        .args(["playwright", "test", "--reporter", "list"])
        .current_dir(root().join("end2end"))
        .env("AUTOLOG_BINARY", target().join("debug/autolog"))
        .env("AUTOLOG_SITE", site);
    if let Some(chromium) = chromium {
        playwright.env("AUTOLOG_CHROMIUM", chromium);
    }
    Some(playwright)
}
