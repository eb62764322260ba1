//! A PostgreSQL for the tests: the one of `DATABASE_URL`, or a private one in a temporary folder.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command::{read, run};
use crate::system;

/// A database server that tests may fill; a private one ends with this value.
pub struct Postgres {
    url: String,
    private: Option<Private>,
}

struct Private {
    server: Child,
    folder: PathBuf,
}

impl Postgres {
    /// The server of `DATABASE_URL` if that is set, else a private one.
    pub fn start() -> Result<Self> {
        if let Ok(url) = std::env::var("DATABASE_URL")
            && url.starts_with("postgres")
        {
            println!("PostgreSQL: the one of DATABASE_URL");
            return Ok(Self { url, private: None });
        }
        if programs().is_none() {
            system::install(&["postgresql"], "testing on PostgreSQL")?;
        }
        let programs =
            programs().context("no initdb and postgres under /usr/lib/postgresql/*/bin")?;
        Self::start_private(&programs, false)
    }

    /// A private server that writes as durably as one at work, to be measured.
    pub fn start_durable() -> Result<Self> {
        if programs().is_none() {
            system::install(&["postgresql"], "measuring PostgreSQL")?;
        }
        let programs =
            programs().context("no initdb and postgres under /usr/lib/postgresql/*/bin")?;
        Self::start_private(&programs, true)
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn start_private(programs: &Path, durable: bool) -> Result<Self> {
        let user = Account::of_server()?;
        let folder = std::env::temp_dir().join(format!("autolog-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if user.is_some() {
            run(Command::new("chown").arg("postgres:postgres").arg(&folder))?;
        }
        let cluster = folder.join("cluster");
        read(
            as_user(Command::new(programs.join("initdb")), user)
                .args([
                    "--username",
                    "autolog",
                    "--auth",
                    "trust",
                    "--encoding",
                    "UTF8",
                    "--locale",
                    "C",
                    "--no-sync",
                ])
                .arg("--pgdata")
                .arg(&cluster)
                .current_dir(&folder),
        )?;
        let port = free_port()?;
        let log = fs::File::create(folder.join("log"))?;
        let server = as_user(Command::new(programs.join("postgres")), user)
            .arg("-D")
            .arg(&cluster)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
            .arg(&folder)
            // What the tests write needs to outlive no power cut; every test may have its own pool.
            .args(["-c", if durable { "fsync=on" } else { "fsync=off" }])
            .args(["-c", "max_connections=400"])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("can't start postgres")?;
        let started = Self {
            url: format!("postgres://autolog@127.0.0.1:{port}/postgres"),
            private: Some(Private { server, folder }),
        };
        started.wait(programs, port)?;
        println!("PostgreSQL: a private one on port {port}");
        Ok(started)
    }

    fn wait(&self, programs: &Path, port: u16) -> Result<()> {
        for _ in 0..150 {
            let ready = Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()?;
            if ready.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(200));
        }
        let log = self
            .private
            .as_ref()
            .map(|private| private.folder.join("log"));
        let log = log
            .and_then(|log| fs::read_to_string(log).ok())
            .unwrap_or_default();
        bail!("PostgreSQL did not start within 30 s:\n{log}")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Some(private) = &mut self.private else {
            return;
        };
        // SIGQUIT ends it at once; its folder goes anyway.
        let asked = Command::new("kill")
            .args(["-QUIT", &private.server.id().to_string()])
            .status();
        if asked.is_err() {
            private.server.kill().ok();
        }
        private.server.wait().ok();
        fs::remove_dir_all(&private.folder).ok();
    }
}

/// The account that the server runs as, where this process is root: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    fn of_server() -> Result<Option<Self>> {
        if !system::is_root()? {
            return Ok(None);
        }
        let number = |flag: &str| -> Result<u32> {
            Ok(read(Command::new("id").args([flag, "postgres"]))?
                .trim()
                .parse()?)
        };
        Ok(Some(Self {
            user: number("-u")?,
            group: number("-g")?,
        }))
    }
}

fn as_user(mut command: Command, account: Option<Account>) -> Command {
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

/// The newest installed version's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|version| {
            let number = version.file_name().to_string_lossy().parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
