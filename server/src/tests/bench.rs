//! A record of its own for one test, and one client for each kind of caller.

use crate::{
    config::{Config, Opened},
    demo::{self, PASSWORD, SetClock},
    http::{
        Serving,
        public_url::{PublicUrl, PublicUrls},
        router,
        site::Site,
        work::Work,
    },
    random,
};
use app::{
    desk::AppState,
    door::{Door, SessionCookie, Whence},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::{ids::CommandId, time::Timestamp};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicU32, Ordering},
    },
};
use store::Records;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A record, a clock that the test sets, and the door and router in front of it.
pub struct Bench {
    pub opened: Opened,
    pub clock: SetClock,
    pub door: Door,
    pub router: Router,
    folder: TempDir,
    database: Option<Database>,
}

/// What is logged, kept.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A file beside the folder that is served, and what is in it.
pub const SECRET_FILE: &str = "secret.txt";
pub const SECRET: &str = "the seed of a key";

/// When the tests take place.
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-03-05T12:00:00Z").unwrap()
}

impl Bench {
    /// An empty record on one of the engines; `None`, told loudly, where there is no such engine.
    pub async fn empty(engine: Engine) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::make().await?),
        };
        Some(Self::in_folder(tempfile::tempdir().unwrap(), database, false).await)
    }

    /// The demonstration, ending at [`noon`].
    pub async fn demo() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(filled().await, folder.path());
        Self::in_folder(folder, None, false).await
    }

    /// An empty record behind a proxy with TLS.
    pub async fn secure() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), None, true).await
    }

    async fn in_folder(folder: TempDir, database: Option<Database>, secure: bool) -> Self {
        let config = Config {
            database_url: database.as_ref().map(Database::url),
            data_dir: folder.path().to_owned(),
            plain_database: false,
        };
        let clock = SetClock::at(noon());
        let opened = config.open_to_write(clock.clock()).await.unwrap();
        let cookie = SessionCookie { secure };
        let door = Door::new(
            opened.records.clone(),
            random::of_the_machine(),
            &clock.elapsed(),
            cookie,
        )
        .await
        .unwrap();
        let state = AppState {
            records: opened.records.clone(),
            door: door.clone(),
            printer: crate::certificate::printer,
        };
        // What the browser loads, and beside it what is nobody's business.
        let site = folder.path().join("site");
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(site.join("pkg/autolog.css"), "body { margin: 0 }").unwrap();
        fs::write(folder.path().join(SECRET_FILE), SECRET).unwrap();
        let serving = Serving {
            site: Site::Folder(site),
            public: public(secure),
            proxies: [].into(),
            work: Work::default(),
        };
        let router = router(&state, &serving);
        Self {
            opened,
            clock,
            door,
            router,
            folder,
            database,
        }
    }

    pub fn records(&self) -> &Records {
        &self.opened.records
    }

    /// Where its data are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A caller who is not signed in.
    pub fn nobody(&self) -> Client {
        Client {
            router: self.router.clone(),
            token: None,
        }
    }

    /// One of the demonstration's people, signed in.
    pub async fn person(&self, user_name: &str) -> Client {
        let signed_in = self
            .door
            .sign_in(user_name, PASSWORD, None, Whence::default())
            .await
            .unwrap();
        let signed_in = signed_in.unwrap_or_else(|why| panic!("{user_name}: {why}"));
        Client {
            token: Some(signed_in.token),
            ..self.nobody()
        }
    }

    /// The end of a test.
    pub async fn end(self) {
        self.records().store().close().await;
        if let Some(database) = self.database {
            database.drop().await;
        }
    }
}

/// The address under which all callers ask.
fn public(secure: bool) -> PublicUrls {
    let scheme = if secure { "https" } else { "http" };
    let url: PublicUrl = format!("{scheme}://lab.example").parse().unwrap();
    PublicUrls::of(&[url], "127.0.0.1:3000".parse().unwrap()).unwrap()
}

/// A filled demonstration that tests copy: filling it takes seconds, so it is done once in a run. It lies beside the
/// test program; what earlier runs left there is removed.
async fn filled() -> &'static Path {
    static FILLED: OnceCell<PathBuf> = OnceCell::const_new();
    FILLED
        .get_or_init(async || {
            let program = env::current_exe().unwrap();
            let beside = program.parent().unwrap();
            for entry in fs::read_dir(beside).unwrap().flatten() {
                let name = entry.file_name().into_string().unwrap_or_default();
                let run = name.strip_prefix("demo-of-run-").map(str::to_owned);
                if run.is_some_and(|run| !Path::new("/proc").join(run).exists()) {
                    fs::remove_dir_all(entry.path()).unwrap();
                }
            }
            let folder = beside.join(format!("demo-of-run-{}", std::process::id()));
            let config = Config {
                database_url: None,
                data_dir: folder.clone(),
                plain_database: false,
            };
            let clock = SetClock::at(noon());
            let opened = config.open_to_write(clock.clock()).await.unwrap();
            demo::fill(&opened, &clock, noon()).await.unwrap();
            opened.records.store().close().await;
            folder
        })
        .await
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub token: Option<String>,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as the script of a page does.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_as(path, form, "application/json").await
    }

    /// Sends a form; `accept` is what the answer may be.
    pub async fn post_as(&self, path: &str, form: &[(&str, &str)], accept: &str) -> Answer {
        let text = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post(path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(text));
        self.send(request.unwrap()).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers
            .entry(header::HOST)
            .or_insert("lab.example".parse().unwrap());
        if let Some(token) = &self.token {
            let cookie = format!("autolog={token}");
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// An id for a command that a test gives.
pub fn command() -> CommandId {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    CommandId(Uuid::from_u128(u128::from(number) << 64))
}

/// A database of its own on the server that `AUTOLOG_TEST_POSTGRES_URL` names.
struct Database {
    server: String,
    name: String,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);
static TOLD: Once = Once::new();

impl Database {
    async fn make() -> Option<Self> {
        let Ok(server) = env::var("AUTOLOG_TEST_POSTGRES_URL") else {
            assert!(
                env::var_os("CI").is_none(),
                "AUTOLOG_TEST_POSTGRES_URL must be set where CI is"
            );
            // Past the capture of the test runner: a half that wasn't run must be seen.
            let told = "\nSKIPPED: PostgreSQL half of the server's tests. Set AUTOLOG_TEST_POSTGRES_URL.\n\n";
            TOLD.call_once(|| std::io::stderr().write_all(told.as_bytes()).unwrap());
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("autolog_server_{}_{number}", std::process::id());
        let database = Self { server, name };
        let name = &database.name;
        database
            .on_server(&format!("create role {name} login password '{name}'"))
            .await;
        database
            .on_server(&format!("create database {name} owner {name}"))
            .await;
        Some(database)
    }

    fn url(&self) -> String {
        let (_, host) = self.server.rsplit_once('@').unwrap();
        let (host, _) = host.split_once('/').unwrap_or((host, ""));
        format!("postgres://{0}:{0}@{host}/{0}", self.name)
    }

    async fn drop(self) {
        let name = &self.name;
        self.on_server(&format!("drop database if exists {name} with (force)"))
            .await;
        self.on_server(&format!("drop role if exists {name}")).await;
    }

    async fn on_server(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
    }
}
