//! A database for one case, and the commands that the cases give.

use domain::{
    batch::{ClaimKey, ClaimKind},
    ids::{BatchId, CommandId, UserId},
    ledger::{
        Actor, Entry, Event, Hash, Keyring, LedgerKey, LedgerName, Origin, Payload, RowChange,
        StreamName,
        rows::{BoardRow, ClaimRow},
    },
    time::Timestamp,
};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::{
    convert::Infallible,
    env,
    io::Write as _,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};
use store::{Decided, Executed, Loaded, Mode, Opening, Outcome, Request, Store, Transport};
use tempfile::TempDir;
use uuid::Uuid;

pub enum Place {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

static NUMBER: AtomicU32 = AtomicU32::new(0);
static TOLD: Once = Once::new();

impl Place {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A database of its own; `None`, told loudly, where no server was named.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = env::var("AUTOLOG_TEST_POSTGRES_URL") else {
            assert!(
                env::var_os("CI").is_none(),
                "AUTOLOG_TEST_POSTGRES_URL must be set where CI is"
            );
            // Past the capture of the test runner: a half that wasn't run must be seen.
            let told = "\nSKIPPED: PostgreSQL half of the conformance suite. Set AUTOLOG_TEST_POSTGRES_URL.\n\n";
            TOLD.call_once(|| std::io::stderr().write_all(told.as_bytes()).unwrap());
            return None;
        };
        let name = format!(
            "autolog_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let place = Self::Postgres {
            server,
            name: name.clone(),
        };
        place.drop_database().await;
        for sql in [
            format!("create role {name} login password '{name}'"),
            format!("create database {name} owner {name}"),
        ] {
            place.on_server(&sql).await;
        }
        Some(place)
    }

    pub async fn drop_database(&self) {
        if let Self::Postgres { name, .. } = self {
            self.on_server(&format!("drop database if exists {name} with (force)"))
                .await;
            self.on_server(&format!("drop role if exists {name}")).await;
        }
    }

    pub async fn on_server(&self, sql: &str) {
        let Self::Postgres { server, .. } = self else {
            return;
        };
        let mut connection = PgConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
    }

    /// The URL that the application opens.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!("sqlite:{}", folder.path().join("autolog.sqlite").display())
            }
            Self::Postgres { server, name } => {
                let (_, host) = server
                    .rsplit_once('@')
                    .expect("a user in AUTOLOG_TEST_POSTGRES_URL");
                let (host, _) = host.split_once('/').unwrap_or((host, ""));
                format!("postgres://{name}:{name}@{host}/{name}")
            }
        }
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        store::open(opening(&self.url())).await.unwrap()
    }

    /// Runs SQL past the store, with the rights of the application.
    pub async fn raw(&self, sql: &str) -> Result<(), String> {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(_) => {
                let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql)
                    .execute(&mut connection)
                    .await
                    .map(|_| ())
                    .map_err(|e| e.to_string())
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&self.url()).await.unwrap();
                sqlx::raw_sql(sql)
                    .execute(&mut connection)
                    .await
                    .map(|_| ())
                    .map_err(|e| e.to_string())
            }
        }
    }

    /// Runs SQL past the store, as whoever the URL of a PostgreSQL names.
    pub async fn raw_at(&self, url: &str, sql: &str) -> Result<(), String> {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .map(|_| ())
            .map_err(|e| e.to_string())
    }

    /// Runs SQL with all rights: on PostgreSQL as the superuser.
    pub async fn raw_with_all_rights(&self, sql: &str) -> Result<(), String> {
        let Self::Postgres { server, name } = self else {
            return self.raw(sql).await;
        };
        let (start, _) = server
            .rsplit_once('/')
            .expect("a database in AUTOLOG_TEST_POSTGRES_URL");
        let mut connection = PgConnection::connect(&format!("{start}/{name}"))
            .await
            .unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .map(|_| ())
            .map_err(|e| e.to_string())
    }

    /// Does what only someone who owns the machine can do: takes the triggers away, then runs `sql`.
    pub async fn tamper(&self, sql: &str) {
        let triggers = match self {
            Self::Sqlite(_) => ["stays", "is_kept", "follows"].as_slice(),
            Self::Postgres { .. } => &["stays", "follows"],
        };
        let mut drop = String::new();
        for table in ["entry", "tree_hash", "checkpoint", "command"] {
            for trigger in triggers {
                drop += &format!("drop trigger if exists {table}_{trigger}");
                if let Self::Postgres { .. } = self {
                    drop += &format!(" on {table}");
                }
                drop += ";";
            }
        }
        self.raw_with_all_rights(&drop).await.unwrap();
        self.raw_with_all_rights(sql).await.unwrap();
    }
}

/// One microsecond later each time that it is asked.
static CLOCK: AtomicI64 = AtomicI64::new(1_772_713_320_123_456);

pub fn opening(url: &str) -> Opening {
    let clock = || Timestamp::from_micros(CLOCK.fetch_add(1, Ordering::Relaxed)).unwrap();
    let keys = ["org", "GE", "PI"].map(|ledger| key(ledger, 1));
    Opening {
        url: url.to_owned(),
        mode: Mode::Create,
        transport: Transport::Encrypted,
        steady: None,
        clock: Arc::new(clock),
        keys: Keyring::new(keys),
        kept_keys: None,
        projector: Arc::new(project),
    }
}

pub fn key(ledger: &str, seed: u8) -> LedgerKey {
    LedgerKey::from_seed(LedgerName::parse(ledger).unwrap(), &[seed; 32])
}

/// In these cases each event simply holds its rows.
fn project(entries: &[Entry]) -> Result<Vec<RowChange>, Box<dyn std::error::Error + Send + Sync>> {
    #[derive(Deserialize)]
    struct Rows {
        #[serde(default)]
        rows: Vec<RowChange>,
    }
    let mut all = Vec::new();
    for entry in entries {
        all.extend(entry.payload.read::<Rows>()?.rows);
    }
    Ok(all)
}

pub fn ledger(name: &str) -> LedgerName {
    LedgerName::parse(name).unwrap()
}

pub fn batch(number: u128) -> BatchId {
    BatchId(Uuid::from_u128(number))
}

pub fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_772_713_000_000_000 + micros).unwrap()
}

/// Command `id` for the stream of batch `number` in ledger `GE`.
pub fn request(id: u128, number: u128) -> Request {
    Request {
        ledger: ledger("GE"),
        stream: StreamName::batch(batch(number)),
        command_id: CommandId(Uuid::from_u128(id)),
        content_hash: Hash::of(b"content"),
        actor: Actor {
            user: Some(user(1)),
            name: "Technician 1".to_owned(),
            role: "technician".to_owned(),
        },
        origin: Origin {
            session: None,
            app_version: "0.1.0".to_owned(),
            clock: domain::clock::ClockState::Confirmed,
        },
        expected_version: None,
        known: None,
        lookups: vec![],
        in_doubt: store::InDoubt::Refuse,
    }
}

pub fn event(payload: &str) -> Event {
    Event {
        kind: "step-recorded".to_owned(),
        kind_version: 1,
        payload: Payload::parse(payload).unwrap(),
    }
}

pub fn event_with(rows: &[RowChange]) -> Event {
    event(&serde_json::json!({ "rows": rows }).to_string())
}

pub fn decided(events: Vec<Event>) -> Decided {
    Decided {
        events,
        outcome: "done".to_owned(),
        ..Decided::default()
    }
}

/// Gives a command that nothing refuses.
pub async fn give(store: &Arc<dyn Store>, request: &Request, events: Vec<Event>) -> Outcome {
    match ask(store, request, events).await {
        Executed::Done(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

pub async fn ask(
    store: &Arc<dyn Store>,
    request: &Request,
    events: Vec<Event>,
) -> Executed<Infallible> {
    let decide = |_: &Loaded| Ok(decided(events.clone()));
    store.execute(request, decide).await.unwrap()
}

/// Seven entries of two batches with checkpoints after 3, 6 and 7; the sixth is a signature over batch 1.
pub async fn seven(store: &Arc<dyn Store>) {
    for (id, number, checkpoint) in [
        (1, 1, false),
        (2, 2, false),
        (3, 1, true),
        (4, 2, false),
        (5, 1, false),
    ] {
        let decide = |_: &Loaded| {
            let events = vec![event(&format!(r#"{{"n":{id}}}"#))];
            Ok::<_, Infallible>(Decided {
                events,
                checkpoint,
                ..Decided::default()
            })
        };
        store.execute(&request(id, number), decide).await.unwrap();
    }
    let sign = |loaded: &Loaded| {
        let (version, digest) = (loaded.version(), loaded.signed_digest());
        let payload = format!(
            r#"{{"signed":{{"version":{version},"digest":"{digest}"}},"meaning":"reviewed"}}"#
        );
        Ok::<_, Infallible>(decided(vec![event(&payload)]))
    };
    store.execute(&request(6, 1), sign).await.unwrap();
    give(store, &request(7, 2), vec![event(r#"{"n":7}"#)]).await;
    store.checkpoint(&ledger("GE")).await.unwrap();
}

/// The lines of ledger GE.
pub async fn export(store: &Arc<dyn Store>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut sink = |line: &str| {
        lines.push(line.to_owned());
        Ok(())
    };
    store.export(&ledger("GE"), &mut sink).await.unwrap();
    lines
}

pub fn board_row(number: u128, site: &str) -> BoardRow {
    BoardRow {
        batch: batch(number),
        site: site.to_owned(),
        number: format!("{site}-{number:04}"),
        subject: "S-001".to_owned(),
        din: "A999917123456".to_owned(),
        coi: None,
        state: "in-process".to_owned(),
        flags: Vec::new(),
        is_open: true,
        fresh_since: None,
        passage: Some(2),
        culture_started: Some(time(0)),
        next_step: Some("Change medium".to_owned()),
        next_due: Some(time(i64::try_from(number).unwrap())),
        needs: None,
        version: 1,
        registered_at: time(0),
    }
}

/// The claim of batch `number` on a donation number.
pub fn identifier(code: &str, number: u128) -> RowChange {
    RowChange::PutClaims {
        batch: batch(number),
        claims: vec![claim("donation", "*", code, &format!("GE-{number:04}"))],
    }
}

pub fn claim(kind: &str, scope: &str, code: &str, holder: &str) -> ClaimRow {
    ClaimRow {
        kind: kind.to_owned(),
        scope: scope.to_owned(),
        code: code.to_owned(),
        holder: holder.to_owned(),
    }
}

/// What of a donation number is claimed.
pub fn donation(code: &str) -> ClaimKey {
    ClaimKey {
        kind: ClaimKind::Donation,
        scope: "*".to_owned(),
        code: code.to_owned(),
    }
}
