//! What comes from Node: wasm-opt and brotli.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{exists, read, root, run};

/// What rustc's WASM uses; wasm-opt is told, as a stripped file doesn't say it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Refuses to go on without Node.
pub fn ensure() -> Result<()> {
    if exists("node") && exists("npm") {
        return Ok(());
    }
    bail!(
        "Node with npm is needed and is not on the path; install Node 20 or later and start again"
    )
}

/// Installs what a folder's lock file names, unless it is there already.
pub fn install(folder: &Path) -> Result<()> {
    ensure()?;
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("no package-lock.json in {}", folder.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
        .current_dir(folder)
        // The browser is a matter of its own.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    Ok(std::fs::write(stamp, lock)?)
}

/// Makes a WASM file smaller, in place.
pub fn wasm_opt(wasm: &Path) -> Result<()> {
    let folder = root().join("xtask");
    install(&folder)?;
    run(Command::new(folder.join("node_modules/.bin/wasm-opt"))
        .arg("-Oz")
        .args(FEATURES)
        .arg(wasm)
        .arg("-o")
        .arg(wasm))
}

/// Writes a brotli copy beside a file; Node has brotli built in.
pub fn brotli(file: &Path) -> Result<()> {
    const SCRIPT: &str = "const [from, to] = process.argv.slice(1), fs = require('fs'), zlib = require('zlib'); \
        fs.writeFileSync(to, zlib.brotliCompressSync(fs.readFileSync(from)))";
    ensure()?;
    read(
        Command::new("node")
            .args(["-e", SCRIPT])
            .arg(file)
            .arg(brotli_of(file)),
    )
    .map(drop)
}

/// The name of a file's brotli copy.
pub fn brotli_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    PathBuf::from(name)
}
