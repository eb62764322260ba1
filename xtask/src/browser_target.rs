//! The standard library for `wasm32-unknown-unknown`, however it can be had here.
//!
//! In this order: it is there; rustup adds it; Debian's own toolchain builds it once from its
//! sources. The last is for machines that rustup's server can't be reached from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, exists, read, root, run, run_within, target};
use crate::system;

/// The target that a browser runs.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// The compiler that has the browser's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The one that builds everything else too.
    Current,
    /// Debian's, called by its path, so that neither a linked toolchain nor an override of the
    /// checkout stays behind.
    Debian,
}

impl Compiler {
    /// A cargo that builds for the browser.
    pub fn cargo(self) -> Command {
        match self {
            Self::Current => cargo(),
            Self::Debian => {
                let mut cargo = Command::new(DEBIAN_CARGO);
                cargo
                    .current_dir(root())
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env_remove("RUSTUP_TOOLCHAIN");
                cargo
            }
        }
    }

    /// The folder that it builds into: two compilers in one folder would wipe each other's work.
    pub fn target(self) -> PathBuf {
        match self {
            Self::Current => target(),
            Self::Debian => target().join("debian-web"),
        }
    }
}

/// Finds or sets up a compiler with the browser's target.
///
/// `AUTOLOG_BROWSER_TARGET=debian` skips the first two ways, to test the third.
pub fn ensure() -> Result<Compiler> {
    if std::env::var("AUTOLOG_BROWSER_TARGET").is_ok_and(|way| way == "debian") {
        return debian();
    }
    if has_std(Path::new("rustc")) {
        return Ok(Compiler::Current);
    }
    if exists("rustup") {
        println!("Adding {TARGET} with rustup");
        let mut add = Command::new("rustup");
        add.args(["target", "add", TARGET]).current_dir(root());
        match run_within(Duration::from_secs(180), &mut add) {
            Ok(()) if has_std(Path::new("rustc")) => return Ok(Compiler::Current),
            Ok(()) => println!("rustup added {TARGET}, but rustc doesn't find it"),
            Err(error) => println!("rustup could not add {TARGET}: {error:#}"),
        }
    }
    if system::is_debian() {
        return debian();
    }
    bail!(
        "the browser's side needs the standard library for {TARGET}: \
         run `rustup target add {TARGET}`, or install it with your system's package manager"
    )
}

/// Whether a compiler has the target's standard library.
fn has_std(rustc: &Path) -> bool {
    let printed = read(
        Command::new(rustc)
            .args(["--print", "target-libdir", "--target", TARGET])
            .current_dir(root()),
    );
    let Ok(folder) = printed else { return false };
    let Ok(files) = fs::read_dir(folder.trim()) else {
        return false;
    };
    files.flatten().any(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn debian() -> Result<Compiler> {
    let rustc = Path::new(DEBIAN_RUSTC);
    if !DEBIAN_PACKAGES.iter().all(|package| system::has(package)) {
        system::install(
            &DEBIAN_PACKAGES,
            "building the browser's side with Debian's Rust",
        )?;
    }
    ensure_linker()?;
    if !has_std(rustc) {
        build_std(rustc)?;
    }
    if !has_std(rustc) {
        bail!("Debian's Rust was set up, but it has no standard library for {TARGET}");
    }
    Ok(Compiler::Debian)
}

/// Debian's `rust-lld` is a link to the linker of one LLVM version, in a package of that name
/// (`lld-22`) that none of the others asks for.
fn ensure_linker() -> Result<()> {
    let link = Path::new("/usr/bin/rust-lld");
    if link.exists() {
        return Ok(());
    }
    let package = fs::read_link(link).context("rust-web-llvm came without /usr/bin/rust-lld")?;
    let package = package.to_string_lossy();
    system::install(&[&package], "linking the browser's side with Debian's Rust")
}

/// Builds the standard library once from an empty library and puts it where rustc looks for it.
fn build_std(rustc: &Path) -> Result<()> {
    println!("Building the standard library for {TARGET} with Debian's Rust (about 40 s, once)");
    let folder = target().join("debian-web-std");
    if folder.exists() {
        // Two builds side by side would both be copied, and rustc refuses to choose.
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    // An own workspace, or cargo takes it for a lost member of the one around it.
    fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[workspace]\n",
    )?;
    fs::write(folder.join("src/lib.rs"), "")?;
    run(Compiler::Debian
        .cargo()
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "-Z",
            "build-std=std,panic_abort",
            "--target-dir",
        ])
        .arg(folder.join("target"))
        .current_dir(&folder)
        // Debian's compiler is a stable one; building std is a nightly option of cargo.
        .env("RUSTC_BOOTSTRAP", "1"))?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    let place = read(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))?;
    let place = place.trim();
    let rlibs: Vec<PathBuf> = fs::read_dir(&built)
        .with_context(|| format!("no {}", built.display()))?
        .flatten()
        .map(|file| file.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "rlib")
        })
        .collect();
    println!("Putting it into {place}");
    run(system::as_root("mkdir")?.args(["-p", place]))?;
    run(system::as_root("cp")?.args(&rlibs).arg(place))
}
