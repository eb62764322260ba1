//! `cargo xtask test`: everything that must hold, in one go.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::browser_target::{self, Compiler, TARGET};
use crate::command::{cargo, root, run, run_and_keep, target};
use crate::postgres::Postgres;
use crate::{chromium, node, wasm};

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
}

fn rust(report: &mut Report) {
    let Some(postgres) = report.step("PostgreSQL", postgres) else {
        return;
    };
    let (lines, _) = report.tests("tests on both engines", || {
        let mut test = cargo();
        test.args(["test", "--workspace", "--no-fail-fast"]);
        if let Some(postgres) = &postgres {
            test.env("AUTOLOG_TEST_POSTGRES_URL", postgres.url());
        }
        run_and_keep(&mut test, closes_cargo)
    });
    report.closing.extend(lines);
    if postgres.is_none() {
        report
            .closing
            .push("SKIPPED: everything on PostgreSQL, half of the store's tests".to_owned());
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
    let site = report.step("the browser's side, small", || {
        let site = wasm::build(compiler, wasm::Build::Small)?;
        wasm::weigh(&site)?;
        Ok(site)
    });
    let ready = report.step("server, Chromium and Playwright", || {
        // The whole workspace, as the tests before it: then there is nothing left to build.
        run(cargo().args(["build", "--workspace"]))?;
        chromium::ensure_pdftotext()?;
        node::install(&root().join("end2end"))?;
        chromium::ensure()
    });
    let (Some(site), Some(chromium)) = (site, ready) else {
        report.closing.push("SKIPPED: the browser tests".to_owned());
        return;
    };
    let (lines, _) = report.tests("browser tests", || {
        let mut playwright = Command::new("npx");
        playwright
            .args(["playwright", "test", "--reporter", "list"])
            .current_dir(root().join("end2end"))
            .env("AUTOLOG_BINARY", target().join("debug/autolog"))
            .env("AUTOLOG_SITE", &site);
        if let Some(chromium) = &chromium {
            playwright.env("AUTOLOG_CHROMIUM", chromium);
        }
        run_and_keep(&mut playwright, closes_playwright)
    });
    report.closing.extend(lines);
}

/// Whether a line closes a test binary that had tests, or names one that failed.
fn closes_cargo(line: &str) -> bool {
    let closes = line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed;");
    closes || line.ends_with("... FAILED")
}

/// Whether a line is one of those that Playwright ends with: `  12 passed (1.2m)`.
fn closes_playwright(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let count = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    count
        && words.next().is_some_and(|word| {
            ["passed", "failed", "flaky", "skipped", "interrupted", "did"].contains(&word)
        })
}

/// The steps with their times, and the runners' closing lines.
#[derive(Default)]
struct Report {
    steps: Vec<(String, Duration, Option<String>)>,
    closing: Vec<String>,
}

impl Report {
    fn step<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = step();
        let failure = outcome.as_ref().err().map(|error| format!("{error:#}"));
        if let Some(failure) = &failure {
            println!("FAILED: {failure}");
        }
        self.steps
            .push((name.to_owned(), started.elapsed(), failure));
        outcome.ok()
    }

    fn tests(
        &mut self,
        name: &str,
        tests: impl FnOnce() -> (Vec<String>, Result<()>),
    ) -> (Vec<String>, bool) {
        let mut lines = Vec::new();
        let passed = self.step(name, || {
            let (kept, outcome) = tests();
            lines = kept;
            outcome
        });
        (lines, passed.is_some())
    }

    fn close(self) -> Result<()> {
        println!("\n== steps");
        for (name, time, failure) in &self.steps {
            let outcome = failure
                .as_deref()
                .map_or("ok".to_owned(), |failure| format!("FAILED: {failure}"));
            println!("{:>6.1} s  {name}: {outcome}", time.as_secs_f64());
        }
        let total: Duration = self.steps.iter().map(|(_, time, _)| *time).sum();
        println!("{:>6.1} s  in all\n", total.as_secs_f64());
        for line in &self.closing {
            println!("{line}");
        }
        let failed = self
            .steps
            .iter()
            .filter(|(_, _, failure)| failure.is_some())
            .count();
        if failed > 0 {
            bail!("{failed} of {} steps failed", self.steps.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{closes_cargo, closes_playwright};

    #[test]
    fn the_closing_lines_of_the_runners_are_kept() {
        let cargo = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let failed = "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured";
        let empty = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert!(closes_cargo(cargo));
        assert!(closes_cargo(failed));
        assert!(closes_cargo(
            "test release::missing_is_never_a_pass ... FAILED"
        ));
        assert!(!closes_cargo(empty));
        for line in [
            "  12 passed (1.2m)",
            "  1 failed",
            "  2 flaky",
            "  1 did not run",
        ] {
            assert!(closes_playwright(line), "{line}");
        }
        for line in ["  ✓  1 smoke.spec.ts", "12 people passed by", "passed 12"] {
            assert!(!closes_playwright(line), "{line}");
        }
    }
}
