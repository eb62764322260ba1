//! `cargo xtask dist`: one program with everything in it, and the licences of all that it is made of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::browser_target::{self, TARGET};
use crate::command::{cargo, read, root, run, target};
use crate::{node, tools, wasm};

/// The licences of all that the program is made of, beside the browser's files.
const NOTICES: &str = "third-party-notices.txt";

/// How it is built.
#[derive(Args)]
pub struct Options {
    /// Build for trying it out: unoptimised, in a fraction of the time.
    #[arg(long)]
    quick: bool,
}

/// Builds the browser's side, gathers the licences, builds the server with both in it, and prints where it is.
pub fn start(options: &Options) -> Result<()> {
    let build = if options.quick {
        wasm::Build::Quick
    } else {
        // Said before minutes are spent on building.
        node::ensure()?;
        wasm::Build::Small
    };
    let compiler = browser_target::ensure()?;
    println!("Building the browser's side");
    let site = wasm::build(compiler, build)?;
    if build == wasm::Build::Small {
        wasm::weigh(&site)?;
    }
    println!("Gathering the licences");
    fs::copy(root().join("LICENSE"), site.join("LICENSE.txt"))?;
    fs::write(site.join(NOTICES), notices()?)?;
    println!("Building the server with the browser's side in it");
    put_in_place(&site)?;
    let program = build_server(options.quick)?;
    let dist = target().join("dist");
    fs::create_dir_all(&dist)?;
    for (from, name) in [
        (program, "autolog"),
        (root().join("LICENSE"), "LICENSE.txt"),
        (site.join(NOTICES), NOTICES),
    ] {
        fs::copy(&from, dist.join(name))
            .with_context(|| format!("can't copy {}", from.display()))?;
    }
    let program = dist.join("autolog");
    let size = fs::metadata(&program)?.len() as f64 / 1e6;
    println!("{} ({size:.1} MB)", program.display());
    Ok(())
}

/// Where the server's build takes the browser's files from, wherever cargo builds into.
fn embedded() -> PathBuf {
    root().join("target/embedded-site")
}

/// Copies the site, with nothing left of an older one.
fn put_in_place(site: &Path) -> Result<()> {
    let into = embedded();
    if into.exists() {
        fs::remove_dir_all(&into)?;
    }
    fs::create_dir_all(into.join("pkg"))?;
    for folder in ["", "pkg"] {
        for file in fs::read_dir(site.join(folder))?.flatten() {
            // What a build remembers of itself is nothing for the browser.
            if file.path().is_file() && file.file_name() != "built-from" {
                fs::copy(file.path(), into.join(folder).join(file.file_name()))?;
            }
        }
    }
    Ok(())
}

fn build_server(quick: bool) -> Result<PathBuf> {
    let (profile, folder) = if quick {
        ("dev", "debug")
    } else {
        ("release", "release")
    };
    // A folder of its own: the program of the tests, which has no files in it, stays as it is.
    let into = target().join("embedded");
    run(cargo()
        .args(["build", "--package", "server", "--bin", "autolog"])
        .args(["--features", "embedded-site", "--profile", profile])
        .arg("--target-dir")
        .arg(&into))
    .context("the server could not be built")?;
    Ok(into.join(folder).join("autolog"))
}

/// The licences of the server's parts and of those that run in the browser, and what comes from elsewhere than cargo.
fn notices() -> Result<String> {
    tools::ABOUT.ensure()?;
    // From here on without the network: what a licence says is in the package, and is the same wherever this runs.
    run(cargo().args(["fetch", "--locked"]))?;
    let about = root().join("xtask/about");
    let config = config(&about)?;
    let mut text = fs::read_to_string(about.join("beginning.txt"))?;
    text.push_str("\n\n");
    text.push_str(&fs::read_to_string(about.join("dejavu.txt"))?);
    for (heading, manifest, features, targets) in [
        (
            "Parts of the program",
            "server/Cargo.toml",
            ["--features", "embedded-site"].as_slice(),
            None,
        ),
        (
            "Parts that run in the browser",
            "app/Cargo.toml",
            &["--no-default-features", "--features", "hydrate"],
            Some(TARGET),
        ),
    ] {
        let mut generate = Command::new("cargo");
        generate
            .current_dir(root())
            .args(["about", "generate", "--frozen", "--fail", "--config"])
            .arg(&config)
            .arg("--manifest-path")
            .arg(root().join(manifest))
            .args(features);
        if let Some(target) = targets {
            generate.args(["--target", target]);
        }
        let parts = read(generate.arg(about.join("notices.hbs")))
            .with_context(|| format!("the licences of {manifest} could not be gathered"))?;
        if !parts.contains("Used by:") {
            bail!("cargo-about named no part of {manifest}");
        }
        text.push_str(&format!("\n\n{heading}\n{}\n\n", "=".repeat(heading.len())));
        text.push_str(&parts);
    }
    Ok(text)
}

/// What cargo-about is told: the licences that `deny.toml` allows, and which parts count.
fn config(about: &Path) -> Result<PathBuf> {
    let deny = fs::read_to_string(root().join("deny.toml"))?;
    let accepted = deny
        .split_once("\n[licenses]")
        .and_then(|(_, licenses)| licenses.split_once("\nallow = ["))
        .and_then(|(_, allowed)| allowed.split_once(']'))
        .map(|(allowed, _)| allowed)
        .context("deny.toml has no list of licences that are allowed")?;
    let rest = fs::read_to_string(about.join("about.toml"))?;
    let config = target().join("about.toml");
    fs::write(&config, format!("accepted = [{accepted}]\n{rest}"))?;
    Ok(config)
}
