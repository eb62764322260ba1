//! What a durable append and `verify` cost, each beside its reference, turn by turn in the same run.
//!
//! SQLite in a file under the target folder; PostgreSQL where `AUTOLOG_BENCH_POSTGRES_URL` names a server that writes
//! durably. `AUTOLOG_BENCH_ROUNDS` says how often all is measured.

#![expect(
    clippy::disallowed_methods,
    reason = "what is measured is timed; nothing here is in a record"
)]

mod place;

use domain::{
    batch::{BatchCommand, ProcessingCommand},
    ledger::{Hash, Keyring, LedgerKey, LedgerName},
    master_record::BM_MSC as MASTER_RECORD,
    site::Site,
    specification::BM_MSC as SPECIFICATION,
};
use place::{
    Failed, SetClock, Template, ask, batch_id, command,
    course::{Hand, next},
    done, make, person, signing,
};
use sqlx::{
    Executor as _, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::{Mode, Opening, Person, Records, Shelf, Signing, Transport, projector};

/// Writers at once.
const WRITERS: u32 = 8;
/// Entries that each of them appends in a round.
const EACH: u32 = 25;
/// Entries of the ledger that is verified.
const VERIFIED: u64 = 20_000;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    // `cargo test` calls benches too, and has no use for figures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let rounds = std::env::var("AUTOLOG_BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(5);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    sqlite(folder.path(), rounds).await?;
    match std::env::var("AUTOLOG_BENCH_POSTGRES_URL") {
        Ok(server) => postgres(&server, rounds).await?,
        Err(_) => println!("PostgreSQL: not measured, AUTOLOG_BENCH_POSTGRES_URL names no server"),
    }
    Ok(())
}

async fn sqlite(folder: &Path, rounds: u32) -> Result<(), Failed> {
    let url = format!("sqlite:{}", folder.join("record.db").display());
    // As the store opens its writer.
    let options = SqliteConnectOptions::new()
        .filename(folder.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let one = SqlitePoolOptions::new().max_connections(1);
    let bare = Bare::Sqlite(one.connect_with(options).await?);
    measure("SQLite", &url, &bare, rounds).await
}

async fn postgres(server: &str, rounds: u32) -> Result<(), Failed> {
    let (host, _) = server.rsplit_once('/').ok_or("a URL without a database")?;
    let admin = PgPool::connect(server).await?;
    for name in ["bench_record", "bench_bare"] {
        let drop = sqlx::AssertSqlSafe(format!("drop database if exists {name}"));
        admin.execute(drop).await?;
        let create = sqlx::AssertSqlSafe(format!("create database {name}"));
        admin.execute(create).await?;
    }
    let many = PgPoolOptions::new().max_connections(16);
    let bare = Bare::Postgres(many.connect(&format!("{host}/bench_bare")).await?);
    measure("PostgreSQL", &format!("{host}/bench_record"), &bare, rounds).await
}

/// The reference: the same bytes as one row of one table, committed.
#[derive(Clone)]
enum Bare {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

const TABLE: &str = "create table bare (n bigint not null primary key, line text not null)";
const INSERT: &str = "insert into bare (n, line) values ($1, $2)";

impl Bare {
    async fn make(&self) -> Result<(), Failed> {
        match self {
            Self::Sqlite(pool) => pool.execute(TABLE).await.map(|_| ())?,
            Self::Postgres(pool) => pool.execute(TABLE).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Has PostgreSQL look at how large its tables have become, as it does by itself within a minute: until then it goes by
    /// plans that it made when they were empty.
    async fn settle(&self, record: &str) -> Result<(), Failed> {
        if let Self::Postgres(_) = self {
            let record = PgPool::connect(record).await?;
            record.execute("analyze").await?;
            record.close().await;
        }
        Ok(())
    }

    async fn insert(&self, number: u64, line: &str) -> Result<(), Failed> {
        let number = i64::try_from(number)?;
        match self {
            Self::Sqlite(pool) => {
                let insert = sqlx::query(INSERT).bind(number).bind(line);
                insert.execute(pool).await.map(|_| ())?;
            }
            Self::Postgres(pool) => {
                let insert = sqlx::query(INSERT).bind(number).bind(line);
                insert.execute(pool).await.map(|_| ())?;
            }
        }
        Ok(())
    }
}

async fn measure(engine: &str, url: &str, bare: &Bare, rounds: u32) -> Result<(), Failed> {
    let clock = SetClock::new();
    let shelf = Shelf::default();
    let sites: Vec<_> = (1..=WRITERS).map(|number| format!("S{number}")).collect();
    let ledgers = sites.iter().map(String::as_str).chain(["org"]);
    let keys = ledgers
        .map(|name| Ok(LedgerKey::from_seed(LedgerName::parse(name)?, &[7; 32])))
        .collect::<Result<Vec<_>, Failed>>()?;
    let opening = Opening {
        url: url.to_owned(),
        mode: Mode::Create,
        transport: Transport::Encrypted,
        steady: None,
        clock: clock.clock(),
        keys: Keyring::new(keys),
        kept_keys: None,
        projector: projector(shelf.clone()),
    };
    let records = Records::new(store::open(opening).await?, shelf, clock.clock(), "bench");
    bare.make().await?;
    for site in &sites {
        open_site(&records, site).await?;
    }
    println!("{engine}");
    make(&records, &clock, "S1", 99, 300).await?;
    bare.settle(url).await?;
    single(&records, &clock, bare, rounds).await?;
    for (number, site) in (1..).zip(&sites) {
        make(&records, &clock, site, 1000 + number, 100).await?;
        make(&records, &clock, &sites[0], 2000 + number, 100).await?;
    }
    bare.settle(url).await?;
    at_once(&records, bare, rounds, "one ledger", 2000, |_| 0, &sites).await?;
    let own = |number: u32| number as usize;
    at_once(&records, bare, rounds, "a ledger each", 1000, own, &sites).await?;
    verify(&records, &clock, &sites[1], rounds).await?;
    records.store().close().await;
    Ok(())
}

/// Opens a site under the shipped documents; its ledger has its key already.
async fn open_site(records: &Records, code: &str) -> Result<(), Failed> {
    let by = Person::command_line("bench");
    let site = Site {
        code: code.to_owned(),
        name: "Cell lab".to_owned(),
        address: "Genoa, Italy".to_owned(),
        scheme: "isbt-128 A9999".parse()?,
        time_zone: "Europe/Rome".to_owned(),
        master_record: "BM-MSC".to_owned(),
        specification: "BM-MSC".to_owned(),
    };
    let texts = [MASTER_RECORD, SPECIFICATION].map(str::to_owned);
    let id = command("documents", code);
    done(records.adopt_documents(&by, id, &texts).await?)?;
    done(records.open_site(&by, command("site", code), site).await?)
}

/// One command at a time, and after each the bare insert of the same bytes. The batch grows as batches do.
async fn single(
    records: &Records,
    clock: &SetClock,
    bare: &Bare,
    rounds: u32,
) -> Result<(), Failed> {
    let site = "S1";
    let ledger = LedgerName::parse(site)?;
    let mut kept = [Kind::default(), Kind::default()];
    let mut inserts = Spread::default();
    for round in 0..rounds {
        let mut batch = make(records, clock, site, 100 + round, 50).await?;
        let mut append = [Spread::default(), Spread::default()];
        let mut insert = Spread::default();
        for nth in 0..100 {
            let Some((pause, hand, what)) = next(&batch, 300, clock.now()) else {
                break;
            };
            clock.set(clock.now().plus(pause));
            let (by, id) = (
                person(hand, site),
                command("single", format!("{round} {nth}")),
            );
            let signing = signing(&batch, &what);
            let binds = signing == Signing::Authenticated || what.needs_a_whole_record();
            let started = Instant::now();
            ask(records, &by, id, batch.id, what, signing).await?;
            append[usize::from(binds)].add(started.elapsed());
            batch = records.batch(batch.id).await?.ok_or("no batch")?;
            let heads = records.store().heads().await?;
            let head = heads
                .iter()
                .find(|head| head.ledger == ledger)
                .ok_or("no head")?;
            let entries = records.store().entries(&ledger, head.size - 1, 1).await?;
            let line = entries.first().ok_or("no entry")?.line();
            let started = Instant::now();
            bare.insert(head.size, &line).await?;
            insert.add(started.elapsed());
        }
        for (kind, append) in kept.iter_mut().zip(append) {
            kind.ratios.0.push(append.median() / insert.median());
            kind.appends.0.extend(append.0);
        }
        inserts.0.extend(insert.0);
    }
    println!("  one bare insert       {} ms", inserts.shown(1e3));
    let whats = ["records", "signs or verifies"];
    for (what, kind) in whats.iter().zip(kept) {
        println!("  one append that {what}: {} ms", kind.appends.shown(1e3));
        println!("  ratio                 {}", kind.ratios.shown(1.0));
    }
    Ok(())
}

/// Appends of one kind, and each round's median beside that of the bare inserts.
#[derive(Default)]
struct Kind {
    appends: Spread,
    ratios: Spread,
}

/// Eight writers at once, then eight bare ones.
async fn at_once(
    records: &Records,
    bare: &Bare,
    rounds: u32,
    how: &str,
    first: u32,
    site_of: impl Fn(u32) -> usize,
    sites: &[String],
) -> Result<(), Failed> {
    let (mut ratios, mut appends, mut inserts) =
        (Spread::default(), Spread::default(), Spread::default());
    let line = records
        .store()
        .entries(&LedgerName::parse(&sites[0])?, 200, 1)
        .await?;
    let line = line.first().ok_or("no entry")?.line();
    for round in 0..rounds {
        let mut writers = tokio::task::JoinSet::new();
        let started = Instant::now();
        for number in 0..WRITERS {
            let by = person(Hand::Technician, &sites[site_of(number)]);
            let (records, how) = (records.clone(), how.to_owned());
            writers.spawn(async move {
                for nth in 0..EACH {
                    let id = command("at once", format!("{how} {round} {number} {nth}"));
                    let what = BatchCommand::Processing(ProcessingCommand::Comment {
                        step: None,
                        text: format!("Looked at again at {nth}: nothing to be seen by the eye."),
                    });
                    let batch = batch_id(first + 1 + number);
                    ask(&records, &by, id, batch, what, Signing::No).await?;
                }
                Ok::<_, Failed>(())
            });
        }
        while let Some(ended) = writers.join_next().await {
            ended??;
        }
        let append = f64::from(WRITERS * EACH) / started.elapsed().as_secs_f64();
        let started = Instant::now();
        for number in 0..WRITERS {
            let (bare, line) = (bare.clone(), line.clone());
            let from = u64::from(first + round) * 1_000_000 + u64::from(number) * 10_000;
            writers.spawn(async move {
                for nth in 0..EACH {
                    bare.insert(from + u64::from(nth), &line).await?;
                }
                Ok::<_, Failed>(())
            });
        }
        while let Some(ended) = writers.join_next().await {
            ended??;
        }
        let insert = f64::from(WRITERS * EACH) / started.elapsed().as_secs_f64();
        ratios.0.push(append / insert);
        appends.0.push(append);
        inserts.0.push(insert);
    }
    println!("  8 writers, {how}: appends/s {}", appends.shown(1.0));
    println!("  8 bare writers        inserts/s {}", inserts.shown(1.0));
    println!("  ratio                 {}", ratios.shown(1.0));
    Ok(())
}

/// The whole check of a ledger, and SHA-256 alone over the bytes of its entries.
async fn verify(
    records: &Records,
    clock: &SetClock,
    site: &str,
    rounds: u32,
) -> Result<(), Failed> {
    let ledger = LedgerName::parse(site)?;
    let batch = make(records, clock, site, 500_000, 100).await?;
    let template = Template::of(records, batch).await?;
    for number in 1.. {
        template.copy(records, 500_000 + number, 100).await?;
        if u64::from(number) * 100 >= VERIFIED {
            break;
        }
    }
    records.store().checkpoint(&ledger).await?;
    let mut bytes = Vec::new();
    loop {
        let page = records
            .store()
            .entries(&ledger, bytes.len() as u64, 500)
            .await?;
        if page.is_empty() {
            break;
        }
        bytes.extend(page.iter().map(domain::ledger::Entry::canonical));
    }
    let (mut ratios, mut verified, mut hashed) =
        (Spread::default(), Spread::default(), Spread::default());
    for _ in 0..rounds {
        let started = Instant::now();
        let findings = records.store().verify(&ledger).await?;
        let verify = started.elapsed().as_secs_f64();
        if !findings.found.is_empty() {
            return Err(format!("{:?}", findings.found.first()).into());
        }
        let started = Instant::now();
        for bytes in &bytes {
            std::hint::black_box(Hash::of_leaf(bytes));
        }
        let hash = started.elapsed().as_secs_f64();
        ratios.0.push(verify / hash);
        verified.0.push(bytes.len() as f64 / verify);
        hashed.0.push(bytes.len() as f64 / hash);
    }
    let size: usize = bytes.iter().map(Vec::len).sum();
    println!(
        "  verify of {} entries of {} bytes: entries/s {}",
        bytes.len(),
        size / bytes.len(),
        verified.shown(1.0)
    );
    println!("  SHA-256 alone         entries/s {}", hashed.shown(1.0));
    println!("  ratio                 {}", ratios.shown(1.0));
    Ok(())
}

/// Figures that were measured.
#[derive(Default)]
struct Spread(Vec<f64>);

impl Spread {
    fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    fn median(&self) -> f64 {
        self.sorted()[self.0.len() / 2]
    }

    fn shown(&self, times: f64) -> String {
        let sorted = self.sorted();
        let [least, most] = [sorted[0], sorted[sorted.len() - 1]];
        let digits = if self.median() * times >= 100.0 { 0 } else { 2 };
        format!(
            "median {:.digits$} ({:.digits$} to {:.digits$})",
            self.median() * times,
            least * times,
            most * times
        )
    }
}
