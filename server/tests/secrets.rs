//! What must never be in a log: read from the log of a whole run of the program, at its most talkative.

#![expect(clippy::unwrap_used, reason = "tests")]

use sha2::{Digest as _, Sha256};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection,
};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};
use tempfile::TempDir;

/// The demonstration's password, which the demonstration tells everyone, but its log nobody.
const OF_DEMO: &str = "marrow to vein";
const WRONG: &str = "a guess that is wrong";
const OWN: &str = "chosen at the tablet";
const GIVEN: &str = "given by somebody else";
const FIRST: &str = "of the first administrator";
const TYPED: &str = "typed before the session ended";

/// A run on one engine: the database, and everything that was logged.
struct Run {
    data: TempDir,
    url: String,
    log: String,
    secrets: Vec<String>,
}

impl Run {
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autolog"));
        command
            .env("AUTOLOG_DATABASE_URL", &self.url)
            .env("AUTOLOG_DATA_DIR", self.data.path())
            .env(
                "AUTOLOG_SITE",
                concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site"),
            )
            .env("AUTOLOG_LOG", "trace")
            .env("AUTOLOG_LOG_FORMAT", "json");
        command
    }

    /// Runs a command that ends by itself.
    fn run(&mut self, arguments: &[&str], input: &str) {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(self.log_file())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success(), "{arguments:?}");
        self.read_log();
    }

    fn log_file(&self) -> fs::File {
        fs::File::create(self.data.path().join("log")).unwrap()
    }

    fn read_log(&mut self) {
        self.log += &fs::read_to_string(self.data.path().join("log")).unwrap();
    }

    /// Everything that is kept of a secret in the database and beside it.
    async fn kept_secrets(&mut self) {
        for file in fs::read_dir(self.data.path().join("keys")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            // Before the key stand its id and the name of the ledger.
            self.secrets
                .push(text.trim().splitn(5, '+').last().unwrap().to_owned());
        }
        for (column, table) in [
            ("password_hash", "credential"),
            ("token_hash", "session"),
            ("browser", "kept_form"),
            ("typed", "kept_form"),
        ] {
            let kept = self.column(&format!("select {column} from {table}")).await;
            assert!(!kept.is_empty(), "{table}: the journey left nothing there");
            self.secrets.extend(kept);
        }
    }

    async fn column(&self, text: &str) -> Vec<String> {
        let sql = AssertSqlSafe(text.to_owned());
        if self.url.starts_with("postgres") {
            let mut database = PgConnection::connect(&self.url).await.unwrap();
            let rows = database.fetch_all(sql).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        } else {
            // Forms lie in a file of their own.
            let url = if text.contains("kept_form") {
                let file = self.url.split('?').next().unwrap();
                format!("{file}.forms")
            } else {
                self.url.clone()
            };
            let mut database = SqliteConnection::connect(&url).await.unwrap();
            let rows = database.fetch_all(sql).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// A server, and a browser before it.
struct Served {
    child: Child,
    address: String,
    cookies: Vec<String>,
    secrets: Vec<String>,
}

impl Served {
    fn start(run: &Run) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let child = run
            .command()
            .args(["serve", "--listen", &address])
            .stdout(Stdio::null())
            .stderr(run.log_file())
            .spawn()
            .unwrap();
        let served = Self {
            child,
            address,
            cookies: Vec::new(),
            secrets: Vec::new(),
        };
        for _ in 0..300 {
            if TcpStream::connect(&served.address).is_ok() {
                return served;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("the server does not answer");
    }

    fn ask(&mut self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let cookies = self.cookies.join("; ");
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: close\r\nCookie: {cookies}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n",
            self.address
        );
        let accept = "Accept: text/html\r\n\r\n";
        stream.write_all((text + accept + body).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        for line in answer.lines().take_while(|line| !line.is_empty()) {
            let Some(cookie) = line.strip_prefix("set-cookie: ") else {
                continue;
            };
            let cookie = cookie.split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies
                .retain(|kept| !kept.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                self.cookies.push(cookie.to_owned());
                self.secrets.push(value.to_owned());
                self.secrets
                    .push(hex::encode(Sha256::digest(value.as_bytes())));
            }
        }
        answer
    }

    fn get(&mut self, path: &str) -> String {
        self.ask(&format!("GET {path}"), "")
    }

    /// Sends a plain form; the answer leads on to a page.
    fn post(&mut self, command: &str, fields: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("page", "/"), ("form", "a")])
            .append_pair(
                "command_id",
                &format!("00000000-0000-4000-8000-{:012}", self.secrets.len()),
            )
            .extend_pairs(fields)
            .finish();
        let answer = self.ask(&format!("POST /api/{command}"), &body);
        assert!(answer.starts_with("HTTP/1.1 303"), "{command}: {answer}");
        answer
    }

    fn sign_in(&mut self, user_name: &str, password: &str) -> String {
        self.post(
            "sign-in",
            &[("user_name", user_name), ("password", password)],
        )
    }

    fn end(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        self.secrets
    }
}

fn batch_on(board: &str) -> String {
    let (_, rest) = board.split_once("href=\"/batches/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Sign-in, wrong passwords, signing, a second person, a form that is kept, a new password, an account that is reset.
fn journey(served: &mut Served) {
    served.sign_in("technician.1", WRONG);
    let again = served.get("/sign-in?to=%2Faccount");
    assert!(again.contains("Sign in"));
    served.sign_in("technician.1", OF_DEMO);
    let batch = batch_on(&served.get("/"));
    let page = served.get(&format!("/batches/{batch}"));
    let (_, person) = page.split_once("name=\"person\" value=\"").unwrap();
    let person = person[..36].to_owned();
    for password in [WRONG, OF_DEMO] {
        let second = [
            ("batch", batch.as_str()),
            ("step", "receipt"),
            ("field", "room"),
            ("seen", r#"{"text":"Clean room 2"}"#),
            ("user_name", "technician.2"),
            ("password", password),
        ];
        served.post("verify-entry", &second);
    }
    let change = [
        ("password", OF_DEMO),
        ("new_password", OWN),
        ("repeated_password", OWN),
    ];
    assert!(served.post("change-password", &change).contains("/account"));
    served.post("sign-out", &[]);
    assert!(
        served
            .post(
                "comment",
                &[("batch", &batch), ("person", &person), ("text", TYPED)]
            )
            .contains("/sign-in")
    );
    served.sign_in("qa.1", OF_DEMO);
    for password in [WRONG, OF_DEMO, ""] {
        let sign = [
            ("batch", batch.as_str()),
            ("seen", "1"),
            ("user_name", "qa.1"),
            ("password", password),
        ];
        served.post("sign-review", &sign);
    }
    served.post("sign-out-everywhere", &[]);
    served.sign_in("administrator.1", OF_DEMO);
    let people = served.get("/people");
    let (person, _) = people.split_once("\">Technician 2").unwrap();
    let (_, person) = person.rsplit_once("/people/").unwrap();
    let person = person.to_owned();
    let reset = [
        ("user", person.as_str()),
        ("new_password", GIVEN),
        ("repeated_password", GIVEN),
    ];
    assert!(served.post("reset-password", &reset).contains("/people/"));
    served.sign_in("technician.2", GIVEN);
    served.get("/no-such-page?password=x");
}

async fn nothing_secret_is_logged(url: impl Fn(&Path) -> String) {
    let data = TempDir::new().unwrap();
    let url = url(data.path());
    let mut run = Run {
        data,
        url,
        log: String::new(),
        secrets: Vec::new(),
    };
    run.run(&["demo"], "");
    let add = [
        "user",
        "add",
        "anna.rossi",
        "--name",
        "Anna Rossi",
        "--identity-check",
        "made up",
        "--administrator",
        "--password-stdin",
    ];
    run.run(&add, &format!("{FIRST}\n"));
    let mut served = Served::start(&run);
    journey(&mut served);
    let of_browser = served.end();
    run.read_log();
    assert!(of_browser.len() >= 10, "sessions and marks of the journey");
    run.secrets.extend(of_browser);
    run.secrets
        .extend([OF_DEMO, WRONG, OWN, GIVEN, FIRST, TYPED].map(str::to_owned));
    // As they are in the body of a form.
    let escaped: Vec<_> = run
        .secrets
        .iter()
        .map(|secret| secret.replace(' ', "+"))
        .collect();
    run.secrets.extend(escaped);
    run.kept_secrets().await;
    if let Some(password) = run
        .url
        .split([':', '@'])
        .nth(2)
        .filter(|_| run.url.starts_with("postgres"))
    {
        run.secrets.push(password.to_owned());
    }
    assert!(
        run.log.contains("TRACE") && run.log.contains("wrong password"),
        "it was not talkative"
    );
    for secret in &run.secrets {
        assert!(secret.len() > 8, "“{secret}” could be anything");
        let found = run.log.lines().find(|line| line.contains(secret.as_str()));
        assert!(
            found.is_none(),
            "{secret} is in the log: {}",
            found.unwrap()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_token_hash_key_or_kept_form_is_in_the_log_on_sqlite() {
    nothing_secret_is_logged(|data| {
        format!("sqlite://{}?mode=rwc", data.join("autolog.db").display())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_token_hash_key_or_kept_form_is_in_the_log_on_postgres() {
    let Ok(server) = std::env::var("AUTOLOG_TEST_POSTGRES_URL") else {
        assert!(
            std::env::var_os("CI").is_none(),
            "AUTOLOG_TEST_POSTGRES_URL must be set where CI is"
        );
        return;
    };
    let name = format!("autolog_secrets_{}", std::process::id());
    let password = "of the database itself".replace(' ', "-");
    let on_server = async |sql: String| {
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    };
    on_server(format!("create role {name} login password '{password}'")).await;
    on_server(format!("create database {name} owner {name}")).await;
    let (_, host) = server.rsplit_once('@').unwrap();
    let (host, _) = host.split_once('/').unwrap_or((host, ""));
    nothing_secret_is_logged(|_| format!("postgres://{name}:{password}@{host}/{name}")).await;
    on_server(format!("drop database {name} with (force)")).await;
    on_server(format!("drop role {name}")).await;
}
