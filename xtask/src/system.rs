//! The system's package manager: what is installed is said first, and why.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{exists, read, run};

/// Whether this is Debian or a system made from it.
pub fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && exists("apt-get")
}

/// Whether this process is root.
pub fn is_root() -> Result<bool> {
    Ok(read(Command::new("id").arg("-u"))?.trim() == "0")
}

/// A command that is run as root, by `sudo` when this process isn't root itself.
pub fn as_root(program: &str) -> Result<Command> {
    if is_root()? {
        return Ok(Command::new(program));
    }
    if !exists("sudo") {
        bail!(
            "{program} must be run as root here, and there is no sudo; run it as root and start again"
        );
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    Ok(command)
}

/// Whether a Debian package is installed.
pub fn has(package: &str) -> bool {
    let asked = Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output();
    asked.is_ok_and(|answer| answer.stdout == b"installed")
}

/// Installs packages with apt-get.
pub fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    if !is_debian() {
        bail!("{purpose} needs {list}, and this system has no apt-get; install it and start again");
    }
    println!("Installing with the system's package manager, for {purpose}: {list}");
    // A list of packages that is days old names files that are gone.
    run(as_root("apt-get")?.args(["update", "-q"])).context("apt-get update")?;
    run(as_root("apt-get")?
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
    .with_context(|| format!("{list} could not be installed, which {purpose} needs"))
}

/// Finds or installs what the tests read results with: `pdftotext` for certificates, and a Python with the package
/// `cryptography` for the check of a ledger without Autolog.
pub fn ensure_readers() -> Result<()> {
    if !exists("pdftotext") {
        install(&["poppler-utils"], "reading certificates back in the tests")?;
    }
    let imports = |python: &str| {
        let asked = Command::new(python)
            .args(["-c", "import cryptography"])
            .output();
        asked.is_ok_and(|answer| answer.status.success())
    };
    if !["/usr/bin/python3", "python3"].into_iter().any(imports) {
        let purpose = "checking a ledger without Autolog in the tests";
        install(&["python3-cryptography"], purpose)?;
    }
    Ok(())
}
