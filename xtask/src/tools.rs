//! Programs for cargo that don't come with Rust: built once, in the version that the project names.

use std::process::Command;

use anyhow::Result;

use crate::command::{cargo, read, run};

/// A program that cargo can install, with the version that the project was checked with.
#[derive(Clone, Copy)]
pub struct Tool {
    /// Its package and its program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The feature of its package without which it makes no program, where there is one.
    pub feature: Option<&'static str>,
}

/// Licences, sources, bans and advisories of the dependencies.
pub const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    feature: None,
};

/// The licences of all that the program is made of, in words.
pub const ABOUT: Tool = Tool {
    name: "cargo-about",
    version: "0.9.3",
    feature: Some("cli"),
};

/// Changes the rules on purpose, one place at a time.
pub const MUTANTS: Tool = Tool {
    name: "cargo-mutants",
    version: "27.1.0",
    feature: None,
};

impl Tool {
    /// Installs it where this version isn't there.
    pub fn ensure(self) -> Result<()> {
        let found = read(Command::new(self.name).arg("--version")).unwrap_or_default();
        if found.split_whitespace().any(|word| word == self.version) {
            return Ok(());
        }
        println!(
            "Installing {} {} with cargo (some minutes, once)",
            self.name, self.version
        );
        let what = format!("{}@{}", self.name, self.version);
        let mut install = cargo();
        install.args(["install", "--locked", &what]);
        if let Some(feature) = self.feature {
            install.args(["--features", feature]);
        }
        run(&mut install)
    }
}
