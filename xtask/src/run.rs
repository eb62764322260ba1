//! `cargo xtask run`: from a fresh clone to the first page.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::command::{cargo, root, run, target};
use crate::{browser_target, node, wasm};

/// How Autolog is run.
#[derive(Args)]
pub struct Options {
    /// The database; a SQLite file in the data folder if not named.
    #[arg(long, env = "AUTOLOG_DATABASE_URL")]
    database_url: Option<String>,
    /// The folder of the SQLite file and of the sites' keys.
    #[arg(long, env = "AUTOLOG_DATA_DIR", default_value = "data")]
    data_dir: PathBuf,
    /// Build small and fast, which takes longer.
    #[arg(long)]
    release: bool,
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

/// Sets up what is missing, builds, fills the demo where there is no record yet, and serves.
pub fn start(options: &Options) -> Result<()> {
    if options.release {
        // Said before minutes are spent on building.
        node::ensure()?;
    }
    let compiler = browser_target::ensure()?;
    let build = if options.release {
        wasm::Build::Small
    } else {
        wasm::Build::Quick
    };
    println!("Building the browser's side");
    let site = wasm::build(compiler, build)?;
    println!("Building the server");
    let server = build_server(options.release)?;

    let data = root().join(&options.data_dir);
    std::fs::create_dir_all(&data).with_context(|| format!("can't create {}", data.display()))?;
    let database = options
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}", data.join("autolog.db").display()));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let autolog = |subcommand: &str| {
        let mut command = Command::new(&server);
        command
            .arg(subcommand)
            .env("AUTOLOG_DATABASE_URL", &database)
            .env("AUTOLOG_DATA_DIR", &data)
            .current_dir(root());
        command
    };
    // It fills an empty record only, and prints the accounts either way.
    run(&mut autolog("demo"))?;
    println!(
        "\nAutolog: http://{address}   (Ctrl-C ends it; the record stays in {})\n",
        data.display()
    );
    let mut serve = autolog("serve");
    serve
        .env("AUTOLOG_LISTEN", address.to_string())
        .env("AUTOLOG_SITE", &site);
    // In the place of this program, so that Ctrl-C reaches the server alone.
    bail!("can't start the server: {}", serve.exec())
}

/// Builds the binary and returns where it is.
pub fn build_server(release: bool) -> Result<PathBuf> {
    let profile = if release { "release" } else { "dev" };
    run(cargo().args([
        "build",
        "--package",
        "server",
        "--bin",
        "autolog",
        "--profile",
        profile,
    ]))
    .context("the server could not be built")?;
    Ok(target()
        .join(if release { "release" } else { "debug" })
        .join("autolog"))
}
