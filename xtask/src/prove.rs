//! `cargo xtask prove`: the attacks of the tests once more, with the counts at which they prove something. `cargo xtask
//! test` makes each of them with a small count.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::command::{cargo, run};
use crate::postgres::Postgres;
use crate::report::{Report, closes_cargo, closes_playwright};
use crate::{browser_target, node, test, tools};

/// What is proven.
#[derive(Args)]
pub struct Options {
    /// Only a part.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// What is attacked.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Sequences of commands, every state near the disposition, texts of all kinds.
    Rules,
    /// Each rule changed on purpose: a test must fail for it.
    Mutants,
    /// Writers side by side, tampering, a server that is killed, a disk that is full.
    Ledger,
    /// A thousand requests of every type of page, twenty at a time.
    Pages,
}

/// The settings of the test targets' counts.
const RULES: [(&str, &str); 3] = [
    ("PROPTEST_CASES", "2000"),
    ("AUTOLOG_SEARCH_DEPTH", "5"),
    ("AUTOLOG_TRAP_BYTES", "10000000"),
];
const LEDGER: [(&str, &str); 3] = [
    ("AUTOLOG_APPENDS", "2000"),
    ("AUTOLOG_TAMPERINGS", "1000"),
    ("AUTOLOG_KILLS", "50"),
];
const PAGES: [(&str, &str); 1] = [("AUTOLOG_REQUESTS", "1000")];

/// Makes the attacks, the rest also after one has failed, and fails if one did.
pub fn start(options: &Options) -> Result<()> {
    let includes = |part| options.only.is_none_or(|only| only == part);
    let mut report = Report::default();
    if includes(Part::Rules) {
        let mut attack = cargo();
        // Optimised: the same time shows ten times as much.
        attack.args(["test", "--release", "--package", "domain", "--no-fail-fast"]);
        attack.args(["--test", "properties", "--test", "texts"]);
        attack.args(["--", "--nocapture"]);
        report.tests("rules", attack.envs(RULES), closes_cargo);
    }
    if includes(Part::Mutants) {
        report.step("mutants", || {
            tools::MUTANTS.ensure()?;
            // What is examined, and what is left out for which reason: .cargo/mutants.toml.
            run(cargo().args(["mutants", "--package", "domain"]))
        });
    }
    if includes(Part::Ledger)
        && let Some(postgres) = report.step("PostgreSQL", Postgres::start)
    {
        let mut attack = cargo();
        attack.args(["test", "--workspace", "--no-fail-fast"]);
        attack.args([
            "--test",
            "conformance",
            "--test",
            "tampering",
            "--test",
            "accidents",
        ]);
        attack.args(["--", "--nocapture"]);
        attack.env("AUTOLOG_TEST_POSTGRES_URL", postgres.url());
        report.tests("ledger", attack.envs(LEDGER), closes_cargo);
    }
    if includes(Part::Pages) {
        node::ensure()?;
        let compiler = browser_target::ensure()?;
        if let Some(mut attack) = test::playwright(&mut report, compiler)
            // As it serves: 44,000 pages of an unoptimised one take half an hour.
            && let Some(server) = report.step("server, optimised", || crate::run::build_server(true))
        {
            attack.arg("many-requests").envs(PAGES);
            attack.env("AUTOLOG_BINARY", server);
            report.tests("pages", &mut attack, closes_playwright);
        }
    }
    report.close()
}
