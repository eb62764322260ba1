//! Accidents to the real program, under writing over HTTP: killed at any moment, a full disk, a database that is locked, gone
//! and back. What was acknowledged is there once, no half of anything is, the ledgers verify, and it goes on by itself.
//!
//! `AUTOLOG_KILLS` says how often it is killed on each engine; `AUTOLOG_SEED` repeats the moments.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "accidents/lab.rs"]
#[expect(dead_code, reason = "shared with the tests of backup and keys")]
mod lab;
#[path = "accidents/web.rs"]
mod web;

use lab::{Lab, Postgres};
use sqlx::{Connection as _, SqliteConnection};
use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};
use web::{Comment, Said};

fn setting(name: &str, without: u64) -> u64 {
    env::var(name).map_or(without, |text| text.parse().unwrap())
}

/// What was sent and what was acknowledged.
#[derive(Default)]
struct Book {
    next: AtomicU64,
    acknowledged: Mutex<BTreeSet<u64>>,
    unknown: Mutex<BTreeSet<u64>>,
}

impl Book {
    fn send(&self, address: &str, cookie: &str, number: u64) -> bool {
        self.unknown.lock().unwrap().insert(number);
        let said = web::comment(address, cookie, Comment(number));
        if said != Said::Recorded {
            return false;
        }
        self.unknown.lock().unwrap().remove(&number);
        self.acknowledged.lock().unwrap().insert(number);
        true
    }

    /// Whatever has no answer yet is sent again, as a browser does when somebody taps once more.
    fn send_again(&self, address: &str, cookie: &str) {
        let unknown = self.unknown.lock().unwrap().clone();
        for number in unknown {
            assert!(
                self.send(address, cookie, number),
                "comment {number}, sent again"
            );
        }
    }

    /// Everything that was acknowledged stands in the ledger, once.
    fn holds(&self, lab: &Lab) {
        assert_eq!(
            lab.run(&["verify"]).0,
            Some(0),
            "{}",
            lab.run(&["verify"]).1
        );
        let (_, export) = lab.run(&["export", "--ledger", "BA"]);
        for number in self.acknowledged.lock().unwrap().iter() {
            let comment = Comment(*number);
            let command = format!(r#""command_id":"{}""#, comment.command());
            assert_eq!(export.matches(&command).count(), 1, "comment {number}");
            assert_eq!(
                export.matches(&comment.text()).count(),
                1,
                "comment {number}"
            );
        }
    }
}

/// Killed at random moments while three people write.
fn killed(lab: &Lab, name: &str) {
    let seed = setting("AUTOLOG_SEED", 1);
    let (book, mut random) = (Book::default(), seed);
    let kills = setting("AUTOLOG_KILLS", 3);
    let mut cookie = None;
    for kill in 0..kills {
        let mut server = lab.serve();
        let address = server.address.clone();
        // The session outlives the program.
        let cookie = cookie.get_or_insert_with(|| web::sign_in(&address));
        book.send_again(&address, cookie);
        let going = AtomicBool::new(true);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while going.load(Ordering::Relaxed) {
                        let number = book.next.fetch_add(1, Ordering::Relaxed);
                        if !book.send(&address, cookie, number) {
                            break;
                        }
                    }
                });
            }
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            thread::sleep(Duration::from_millis(20 + (random >> 33) % 600));
            server.kill();
            going.store(false, Ordering::Relaxed);
        });
        let told = format!("{name}, seed {seed}, kill {kill}");
        let (code, said) = lab.run(&["verify"]);
        assert_eq!(code, Some(0), "{told}: {said}");
    }
    let server = lab.serve();
    book.send_again(&server.address, &cookie.unwrap());
    server.end();
    book.holds(lab);
    let count = book.acknowledged.lock().unwrap().len();
    assert!(
        count as u64 > kills,
        "{name}: only {count} comments in {kills} runs"
    );
    println!("{name}: {kills} kills, {count} comments acknowledged, all there once");
}

// P11-10b, A11-5: nothing that was recorded is lost.
#[test]
fn a_killed_server_loses_nothing_on_sqlite() {
    killed(&Lab::sqlite(), "SQLite");
}

#[test]
fn a_killed_server_loses_nothing_on_postgresql() {
    if let Some(postgres) = Postgres::make() {
        killed(&Lab::postgres(&postgres), "PostgreSQL");
    }
}

/// A file system of its own, so small that it fills up.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(folder));
        }
        let told =
            "\nSKIPPED: the full disk, a small file system can't be mounted here (needs root).\n\n";
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        None
    }

    /// Takes all the room that is left.
    fn fill(&self) -> std::path::PathBuf {
        let path = self.0.path().join("filler");
        let mut file = fs::File::create(&path).unwrap();
        let mut size = 1 << 20;
        while size > 0 {
            if file.write_all(&vec![0; size]).is_err() {
                size /= 2;
            }
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).output().ok();
    }
}

#[test]
fn a_full_disk_is_told_and_passes() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let lab = Lab::sqlite_in(disk.0.path());
    let server = lab.serve();
    let cookie = web::sign_in(&server.address);
    let book = Book::default();
    assert!(book.send(&server.address, &cookie, 0));
    let filler = disk.fill();
    // What room SQLite has in its own files is used up first.
    let failed = (1..200).find(|number| !book.send(&server.address, &cookie, *number));
    let failed = failed.expect("the disk is full");
    assert_eq!(
        web::comment(&server.address, &cookie, Comment(failed)),
        Said::Failed
    );
    told(&server.address, &cookie, failed);
    fs::remove_file(filler).unwrap();
    book.send_again(&server.address, &cookie);
    assert!(book.send(&server.address, &cookie, 1_000));
    server.end();
    book.holds(&lab);
}

/// The page that a browser without script gets claims nothing of what was recorded, and says what to do.
fn told(address: &str, cookie: &str, number: u64) {
    let page = web::comment_without_script(address, cookie, Comment(number));
    for words in [
        "Something went wrong",
        "It is not certain whether the last action was recorded",
        "then try again",
    ] {
        assert!(page.contains(words), "{page}");
    }
}

#[test]
fn a_database_that_another_program_locks_is_told_and_passes() {
    let lab = Lab::sqlite();
    let server = lab.serve();
    let cookie = web::sign_in(&server.address);
    let book = Book::default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = lab.url();
    let mut other = runtime.block_on(async {
        let mut other = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("begin immediate")
            .execute(&mut other)
            .await
            .unwrap();
        other
    });
    // Reading goes on.
    assert!(web::get(&server.address, &cookie, "/").contains("BA-2026-0001"));
    assert!(!book.send(&server.address, &cookie, 1));
    runtime
        .block_on(sqlx::raw_sql("rollback").execute(&mut other))
        .unwrap();
    book.send_again(&server.address, &cookie);
    server.end();
    book.holds(&lab);
}

#[test]
fn a_database_that_is_gone_and_back_is_told_and_passes() {
    let Some(postgres) = Postgres::make() else {
        return;
    };
    let lab = Lab::postgres(&postgres);
    let server = lab.serve();
    let cookie = web::sign_in(&server.address);
    let book = Book::default();
    assert!(book.send(&server.address, &cookie, 1));
    postgres.gone();
    assert!(!book.send(&server.address, &cookie, 2));
    told(&server.address, &cookie, 2);
    assert!(web::get(&server.address, &cookie, "/healthz").contains("doesn't answer"));
    postgres.back();
    book.send_again(&server.address, &cookie);
    assert!(web::get(&server.address, &cookie, "/healthz").contains("ok"));
    server.end();
    book.holds(&lab);
}
