//! A record that the commands themselves made, on either engine, and what is done to it from outside.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
#[path = "first.rs"]
mod first;

use first::ADMINISTRATOR;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

/// What a browser would load.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site");

/// A data folder, and the URL of the database where that isn't in it.
pub struct Place {
    folder: TempDir,
    url: Option<String>,
}

impl Place {
    /// Nothing at all: not even the data folder is there.
    pub fn nothing() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            url: None,
        }
    }

    /// The same on another database.
    pub fn on(url: String) -> Self {
        Self {
            url: Some(url),
            ..Self::nothing()
        }
    }

    /// With an administrator and a site.
    pub fn with_a_record(self) -> Self {
        let (code, said) = self.run_with(&ADMINISTRATOR, "glass heron under 44 lamps\n");
        assert_eq!(code, Some(0), "{said}");
        let (code, said) = self.run(&first::SITE);
        assert_eq!(code, Some(0), "{said}");
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn file(&self) -> PathBuf {
        self.data().join("autolog.db")
    }

    pub fn url(&self) -> String {
        let file = format!("sqlite:{}", self.file().display());
        self.url.clone().unwrap_or(file)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autolog"));
        command
            .env_remove("AUTOLOG_DATABASE_URL")
            .env("AUTOLOG_LOG", "warn")
            .env("AUTOLOG_SITE", SITE)
            .arg("--data-dir")
            .arg(self.data());
        if let Some(url) = &self.url {
            command.args(["--database-url", url]);
        }
        command.args(arguments);
        command
    }

    /// Runs a command; its code and everything that it said.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        said(&self.command(arguments).output().unwrap())
    }

    /// Begins a command that goes on by itself.
    pub fn spawn(&self, arguments: &[&str]) -> std::process::Child {
        let mut command = self.command(arguments);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> (Option<i32>, String) {
        let mut command = self.command(arguments);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut typed = child.stdin.take().unwrap();
        typed.write_all(input.as_bytes()).unwrap();
        drop(typed);
        said(&child.wait_with_output().unwrap())
    }

    /// Runs SQL outside Autolog.
    pub fn sql(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        block_on(async {
            if self.url().starts_with("sqlite:") {
                let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            } else {
                let mut connection = PgConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        });
    }

    /// What only somebody who owns the machine can do: takes the triggers of the ledger away.
    pub fn drop_triggers(&self) {
        let on = |table: &str| match self.url().starts_with("sqlite:") {
            true => String::new(),
            false => format!(" on {table}"),
        };
        for table in ["entry", "tree_hash", "checkpoint", "command"] {
            for trigger in ["stays", "is_kept", "follows"] {
                let on = on(table);
                self.sql(&format!("drop trigger if exists {table}_{trigger}{on}"));
            }
            if !self.url().starts_with("sqlite:") {
                self.sql(&format!("grant delete on {table} to current_user"));
            }
        }
    }

    /// Every file and folder, with its size.
    pub fn everything(&self) -> Vec<(PathBuf, u64)> {
        fn walk(folder: &Path, all: &mut Vec<(PathBuf, u64)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                all.push((path.clone(), fs::metadata(&path).unwrap().len()));
                if path.is_dir() {
                    walk(&path, all);
                }
            }
        }
        let mut all = Vec::new();
        walk(self.folder.path(), &mut all);
        all.retain(|(path, _)| path.is_file() || path.is_dir());
        all.sort();
        all
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (
        output.status.code(),
        said + &String::from_utf8_lossy(&output.stderr),
    )
}
