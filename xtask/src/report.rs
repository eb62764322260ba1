//! The steps of a run with their times, and the closing lines of the runners.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::command::run_and_keep;

/// Whether a line closes a test binary that had tests, or names one that failed.
pub fn closes_cargo(line: &str) -> bool {
    let closes = line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed;");
    closes || line.ends_with("... FAILED")
}

/// Whether a line is one of those that Playwright ends with: `  12 passed (1.2m)`.
pub fn closes_playwright(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let count = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    count
        && words.next().is_some_and(|word| {
            ["passed", "failed", "flaky", "skipped", "interrupted", "did"].contains(&word)
        })
}

/// The steps with their times, and the runners' closing lines.
#[derive(Default)]
pub struct Report {
    steps: Vec<(String, Duration, Option<String>)>,
    closing: Vec<String>,
}

impl Report {
    /// A step; what it gives, if it succeeds.
    pub fn step<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Option<T> {
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

    /// A step that runs tests; those lines of the runner that `closes` picks stand at the end of the report again.
    pub fn tests(&mut self, name: &str, runner: &mut Command, closes: fn(&str) -> bool) {
        let mut lines = Vec::new();
        self.step(name, || {
            let (kept, outcome) = run_and_keep(runner, closes);
            lines = kept;
            outcome
        });
        self.closing.extend(lines);
    }

    /// Says at the end what could not be run.
    pub fn skipped(&mut self, what: &str) {
        self.closing.push(format!("SKIPPED: {what}"));
    }

    /// Prints steps and closing lines.
    ///
    /// # Errors
    /// Where a step failed.
    pub fn close(self) -> Result<()> {
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
