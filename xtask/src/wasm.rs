//! The browser's side: WASM, its JavaScript and the styles, put together into a site.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::browser_target::{Compiler, TARGET};
use crate::command::{read, root, run, target};
use crate::node;

/// What the WASM may weigh on its way to the browser.
const BUDGET_KB: f64 = 350.0;

/// The files that are sent as brotli.
const COMPRESSED: [&str; 4] = ["wasm", "js", "css", "svg"];

/// How the browser's side is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Soon.
    Quick,
    /// Small, as it is used at work.
    Small,
}

impl Build {
    /// The folder that the server serves.
    pub fn site(self) -> PathBuf {
        target().join(match self {
            Self::Quick => "site",
            Self::Small => "site-release",
        })
    }

    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Quick => ("dev", "debug"),
            Self::Small => ("wasm-release", "wasm-release"),
        }
    }
}

/// Builds what has changed and returns the site's folder.
pub fn build(compiler: Compiler, build: Build) -> Result<PathBuf> {
    let (profile, folder) = build.profile();
    run(compiler
        .cargo()
        .args([
            "build",
            "--lib",
            "--package",
            "app",
            "--no-default-features",
            "--features",
            "hydrate",
        ])
        .args(["--target", TARGET, "--profile", profile, "--target-dir"])
        .arg(compiler.target()))
    .context("the browser's side could not be built")?;
    let wasm = compiler.target().join(TARGET).join(folder).join("app.wasm");
    let site = build.site();
    let pkg = site.join("pkg");
    let stamp = site.join("built-from");
    let fingerprint = fingerprint(&wasm)?;
    if fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint) {
        if styles(&pkg)? {
            compress(&pkg, build)?;
        }
        return Ok(site);
    }
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::create_dir_all(&pkg)?;
    bind(&wasm, &pkg, build)?;
    if build == Build::Small {
        node::wasm_opt(&pkg.join("autolog_bg.wasm"))?;
    }
    styles(&pkg)?;
    compress(&pkg, build)?;
    // Last, so that a build that was broken off is made again.
    fs::write(stamp, fingerprint)?;
    Ok(site)
}

/// Length and time of the WASM: cargo leaves the file alone when nothing has changed.
fn fingerprint(wasm: &Path) -> Result<String> {
    let metadata = fs::metadata(wasm).with_context(|| format!("no {}", wasm.display()))?;
    Ok(format!("{} {:?}", metadata.len(), metadata.modified()?))
}

fn bind(wasm: &Path, pkg: &Path, build: Build) -> Result<()> {
    let small = build == Build::Small;
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name("autolog")
        .typescript(false)
        .debug(!small)
        .remove_name_section(small)
        .remove_producers_section(small)
        .generate(pkg)
        .context("wasm-bindgen")
}

/// Copies the styles that differ from what is served; says whether there were any.
fn styles(pkg: &Path) -> Result<bool> {
    let mut changed = false;
    for file in fs::read_dir(root().join("style"))?.flatten() {
        let copy = pkg.join(file.file_name());
        if !file.path().is_file() || same(&file.path(), &copy)? {
            continue;
        }
        fs::copy(file.path(), copy)?;
        changed = true;
    }
    Ok(changed)
}

fn same(one: &Path, other: &Path) -> Result<bool> {
    Ok(other.exists() && fs::read(one)? == fs::read(other)?)
}

/// Compresses once what the server sends often; a quick build is only for this machine.
fn compress(pkg: &Path, build: Build) -> Result<()> {
    if build == Build::Quick {
        return Ok(());
    }
    for file in fs::read_dir(pkg)?.flatten() {
        let path = file.path();
        if path
            .extension()
            .is_some_and(|extension| COMPRESSED.iter().any(|one| extension == *one))
        {
            node::brotli(&path)?;
        }
    }
    Ok(())
}

/// Says what the WASM of a small build weighs, and refuses one over the budget.
pub fn weigh(site: &Path) -> Result<()> {
    let wasm = site.join("pkg/autolog_bg.wasm");
    let script = site.join("pkg/autolog.js");
    let kilobytes = |path: &Path| -> Result<f64> { Ok(fs::metadata(path)?.len() as f64 / 1000.0) };
    let brotli = kilobytes(&node::brotli_of(&wasm))?;
    println!(
        "WASM {:.0} kB, {brotli:.0} kB as brotli (limit {BUDGET_KB:.0} kB); script {:.0} kB",
        kilobytes(&wasm)?,
        kilobytes(&script)?
    );
    if brotli >= BUDGET_KB {
        bail!("the WASM weighs {brotli:.0} kB as brotli; the limit is {BUDGET_KB:.0} kB");
    }
    Ok(())
}

/// Refuses a browser's side that has grown server parts.
pub fn check_absences() -> Result<()> {
    let tree = read(
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([
                "tree",
                "--package",
                "app",
                "--no-default-features",
                "--features",
                "hydrate",
            ])
            .args([
                "--target", TARGET, "--edges", "normal", "--prefix", "none", "--format", "{p}",
            ])
            .current_dir(root()),
    )?;
    let unwanted: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| {
            [
                "leptos_router",
                "leptos_axum",
                "store",
                "sqlx",
                "tokio",
                "axum",
                "regex",
            ]
            .contains(name)
        })
        .collect();
    if !unwanted.is_empty() {
        bail!(
            "the browser's side must not contain {}",
            unwanted.join(", ")
        );
    }
    println!("No router, store, database or regular expressions in the browser's side");
    Ok(())
}
