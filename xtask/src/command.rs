//! Starting other programs: what is run is said first, and a failure names it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How much of a long command is shown.
const LINE: usize = 200;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let xtask = std::env::var("CARGO_MANIFEST_DIR")
        .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&xtask)
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Says what is run, as one would type it.
fn say(command: &Command) {
    let words: Vec<_> = std::iter::once(short(command.get_program()))
        .chain(
            command
                .get_args()
                .map(|argument| argument.to_string_lossy().into_owned()),
        )
        .collect();
    let line = words.join(" ");
    let shown: String = line.chars().take(LINE).collect();
    eprintln!(
        "  $ {shown}{}",
        if shown.len() < line.len() { " ..." } else { "" }
    );
}

fn short(program: &OsStr) -> String {
    let path = Path::new(program);
    path.file_name()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned()
}

/// Runs a program to its end with its output on this terminal.
pub fn run(command: &mut Command) -> Result<()> {
    say(command);
    let status = command
        .status()
        .with_context(|| format!("can't start {}", short(command.get_program())))?;
    if !status.success() {
        bail!("{} ended with {status}", short(command.get_program()));
    }
    Ok(())
}

/// As [`run`], but gives up after a time, for what waits for a server that may be out of reach.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    say(command);
    let name = short(command.get_program());
    let mut child = command
        .spawn()
        .with_context(|| format!("can't start {name}"))?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("{name} ended with {status}");
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{name} was stopped after {} s", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Runs a program and returns what it prints, quietly.
pub fn read(command: &mut Command) -> Result<String> {
    let name = short(command.get_program());
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("can't start {name}"))?;
    if !output.status.success() {
        bail!("{name} ended with {}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, passes its output on line by line and returns the lines that `keep` picks.
pub fn run_and_keep(
    command: &mut Command,
    keep: impl Fn(&str) -> bool,
) -> (Vec<String>, Result<()>) {
    say(command);
    let mut kept = Vec::new();
    let outcome = pass_on(command, keep, &mut kept);
    (kept, outcome)
}

fn pass_on(
    command: &mut Command,
    keep: impl Fn(&str) -> bool,
    kept: &mut Vec<String>,
) -> Result<()> {
    let name = short(command.get_program());
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("can't start {name}"))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            if keep(&line) {
                kept.push(line);
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// Whether a program is on the path.
pub fn exists(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program is, if it is on the path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
