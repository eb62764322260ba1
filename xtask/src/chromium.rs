//! A Chromium for the browser tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::{find, root, run};
use crate::system;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// Finds or installs a Chromium; nothing where Playwright has one of its own.
pub fn ensure() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os("AUTOLOG_CHROMIUM") {
        return Ok(Some(named.into()));
    }
    if let Some(found) = NAMES.iter().find_map(|name| find(name)) {
        return Ok(Some(found));
    }
    if system::is_debian() {
        match system::install(&["chromium"], "the browser tests") {
            Ok(()) => return Ok(find("chromium")),
            Err(error) => println!("{error:#}"),
        }
    }
    println!("Downloading Chromium with Playwright, for the browser tests");
    run(Command::new("npx")
        .args(["playwright", "install", "chromium"])
        .current_dir(root().join("end2end")))?;
    Ok(None)
}
