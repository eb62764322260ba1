//! A lab with a record: the golden database with keys of its own, and the real program on it.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// What the browser loads, as far as the server looks at it.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site");

/// The newest golden database.
const GOLDEN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../store/tests/golden/0.1.0.sql"
);

/// The batch of its site BA.
pub fn batch() -> String {
    let sql = fs::read_to_string(GOLDEN).unwrap();
    let (_, row) = sql.split_once("INSERT INTO \"board\" VALUES('").unwrap();
    row.split('\'').next().unwrap().to_owned()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

pub struct Lab {
    data: PathBuf,
    url: String,
    /// Whether its clock was confirmed: the golden database is as old as it is.
    confirmed: OnceLock<()>,
    _folder: Option<TempDir>,
}

impl Lab {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut lab = Self::sqlite_in(folder.path());
        lab._folder = Some(folder);
        lab
    }

    pub fn sqlite_in(folder: &Path) -> Self {
        let data = folder.join("data");
        fs::create_dir(&data).unwrap();
        let file = data.join("autolog.db");
        let url = format!("sqlite:{}", file.display());
        fs::File::create_new(&file).unwrap();
        block_on(async {
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            let sql = fs::read_to_string(GOLDEN).unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        });
        let lab = Self {
            data,
            url,
            confirmed: OnceLock::new(),
            _folder: None,
        };
        let (code, said) = lab.run(&["migrate"]);
        assert_eq!(code, Some(0), "{said}");
        // The golden database comes without its keys, as a backup does.
        for ledger in ["BA", "org"] {
            let (code, said) = lab.run(&[
                "key", "rotate", "--ledger", ledger, "--lost", "--reason", "Test",
            ]);
            assert_eq!(code, Some(0), "{said}");
        }
        lab
    }

    /// The same, restored to PostgreSQL.
    pub fn postgres(postgres: &Postgres) -> Self {
        let mut lab = Self::sqlite();
        let backup = lab.data.join("backup");
        let backup = backup.to_str().unwrap();
        assert_eq!(lab.run(&["backup", backup]).0, Some(0));
        lab.url = postgres.url();
        let (code, said) = lab.run(&["restore", backup]);
        assert_eq!(code, Some(0), "{said}");
        lab
    }

    /// One without any record.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let url = format!("sqlite:{}", data.join("autolog.db").display());
        Self {
            data,
            url,
            confirmed: OnceLock::new(),
            _folder: Some(folder),
        }
    }

    /// One whose record begins today: nobody has to confirm its clock.
    pub fn of_today() -> Self {
        let lab = Self::empty();
        lab.confirmed.get_or_init(|| ());
        lab
    }

    /// From now on with its record in PostgreSQL.
    pub fn on(&mut self, postgres: &Postgres) {
        self.url = postgres.url();
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autolog"));
        command
            .arg("--data-dir")
            .arg(&self.data)
            .args(["--database-url", &self.url])
            .env("AUTOLOG_SITE", SITE);
        command
    }

    /// Runs a command of the program; its code and everything that it said.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        self.run_with(arguments, "")
    }

    /// The same, with what is typed into it.
    pub fn run_with(&self, arguments: &[&str], typed: &str) -> (Option<i32>, String) {
        let mut command = self.command();
        let command = command.args(arguments).stdin(Stdio::piped());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // What reads nothing may have ended already.
        stdin.write_all(typed.as_bytes()).ok();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (
            output.status.code(),
            said + &String::from_utf8_lossy(&output.stderr),
        )
    }

    /// Serves, and waits until it answers.
    pub fn serve(&self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let log = self.data.join("log");
        let file = fs::File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let child = self
            .command()
            .args(["serve", "--listen", &address])
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap();
        let mut server = Server { child, address };
        for _ in 0..600 {
            // It listens a moment before it serves.
            if answers(&server.address) {
                self.confirmed
                    .get_or_init(|| confirm_clock(&server.address));
                return server;
            }
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!(
                    "it ended with {status}: {}",
                    fs::read_to_string(&log).unwrap()
                );
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "it did not start within 30 s: {}",
            fs::read_to_string(&log).unwrap()
        );
    }
}

/// Two people confirm the clock, as they do where a record was not written to for more than a week.
fn confirm_clock(address: &str) {
    for person in ["qa.1", "qa.2"] {
        let name = format!("user_name={person}&password=marrow+to+vein");
        let cookie = sign_in(address, &name);
        let id = if person == "qa.1" { 1 } else { 2 };
        let form = format!(
            "command_id=00000000-0000-4000-9000-{id:012}&form=clock&page=%2F&read={}&source=phone&{name}",
            now().replace('+', "%2B")
        );
        let answer = send(address, &cookie, "/api/confirm-clock", &form);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// The time as somebody reads it from another clock.
pub fn now() -> String {
    let read = Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M+00:00"])
        .output()
        .unwrap();
    String::from_utf8(read.stdout).unwrap().trim().to_owned()
}

/// Signs in; the cookie of the session.
pub fn sign_in(address: &str, form: &str) -> String {
    let answer = send(address, "", "/api/sign-in", form);
    let cookie = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let session = value.split(';').next()?;
        (name.eq_ignore_ascii_case("set-cookie") && session.starts_with("autolog="))
            .then(|| session.to_owned())
    });
    cookie.unwrap_or_else(|| panic!("not signed in: {answer}"))
}

/// Sends a form; the whole answer.
pub fn send(address: &str, cookie: &str, path: &str, form: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn answers(address: &str) -> bool {
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        let request =
            format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)
    });
    asked.is_ok_and(|length| length > 0)
}

pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As the system ends it.
    pub fn end(mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database of its own on the server that `AUTOLOG_TEST_POSTGRES_URL` names.
pub struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    pub fn make() -> Option<Self> {
        let Ok(server) = env::var("AUTOLOG_TEST_POSTGRES_URL") else {
            assert!(
                env::var_os("CI").is_none(),
                "AUTOLOG_TEST_POSTGRES_URL must be set where CI is"
            );
            let told = "\nSKIPPED: accidents on PostgreSQL. Set AUTOLOG_TEST_POSTGRES_URL.\n\n";
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("autolog_accident_{}_{number}", std::process::id());
        let postgres = Self { server, name };
        let name = &postgres.name;
        postgres.on_server(&format!("create role {name} login password '{name}'"));
        postgres.on_server(&format!("create database {name} owner {name}"));
        Some(postgres)
    }

    pub fn url(&self) -> String {
        let (_, host) = self.server.rsplit_once('@').unwrap();
        let (host, _) = host.split_once('/').unwrap_or((host, ""));
        format!("postgres://{0}:{0}@{host}/{0}", self.name)
    }

    /// Every connection breaks, and no new one is let in.
    pub fn gone(&self) {
        let name = &self.name;
        self.on_server(&format!("alter database {name} allow_connections false"));
        self.on_server(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        ));
    }

    pub fn back(&self) {
        let name = &self.name;
        self.on_server(&format!("alter database {name} allow_connections true"));
    }

    fn on_server(&self, sql: &str) {
        block_on(async {
            let mut connection = PgConnection::connect(&self.server).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                .execute(&mut connection)
                .await
                .unwrap();
        });
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let name = self.name.clone();
        self.on_server(&format!("drop database if exists {name} with (force)"));
        self.on_server(&format!("drop role if exists {name}"));
    }
}
