//! A database of an earlier version opens in this one, on both engines, and holds.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "conformance/place.rs"]
#[expect(dead_code, reason = "shared with the conformance suite")]
mod place;

use domain::{
    ids::BatchId,
    ledger::{Keyring, PublicKey, StreamName},
};
use place::{Place, ledger, opening};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use std::{fs, path::Path, sync::Arc};
use store::{BackupFile, Opening, Records, Shelf, Store, Transport, projector};

/// A ledger as it was in its version.
struct Ledger {
    name: &'static str,
    entries: u64,
    root: &'static str,
    checkpoints: &'static [u64],
    /// The key that signs it now.
    key: &'static str,
}

/// The versions and their ledgers.
const GOLDEN: [(&str, [Ledger; 2]); 1] = [(
    "0.1.0",
    [
        Ledger {
            name: "BA",
            entries: 97,
            root: "zAF0+2lvTu0ZzHoNrn7LJV9EnBb2sv3RcoWLW+VYh3Y=",
            checkpoints: &[1, 14, 97],
            key: "autolog/BA+c4f2ac06+ARrw4yOxtrSCcQ/C5xmfAzgVGxJA5vUqtnaAoG6y4oTs",
        },
        Ledger {
            name: "org",
            entries: 65,
            root: "oq8GnIjRYMYQPY3CrBhmswibIJJVZ4S3CYKTChmQWgQ=",
            checkpoints: &[5, 65],
            key: "autolog/org+daf986ce+Aa9todGMb7ixQ9IVPPeLGpUVm1rgF9VLU8UmFT6RhEEz",
        },
    ],
)];

async fn open(url: &str) -> Records {
    let shelf = Shelf::default();
    let opening = Opening {
        projector: projector(shelf.clone()),
        keys: Keyring::default(),
        ..opening(url)
    };
    let clock = opening.clock.clone();
    store::migrate(url, Transport::Encrypted).await.unwrap();
    let store = store::open(opening).await.unwrap();
    Records::new(store, shelf, clock, "0.1.0")
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The file of a version, made again from its SQL.
async fn made(version: &str, place: &Place) {
    let sql = fs::read_to_string(folder().join(format!("{version}.sql"))).unwrap();
    fs::File::create_new(place.url().trim_start_matches("sqlite:")).unwrap();
    let mut connection = SqliteConnection::connect(&place.url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn holds(records: &Records, version: &str) {
    let store: &Arc<dyn Store> = records.store();
    let (_, ledgers) = GOLDEN.iter().find(|(of, _)| *of == version).unwrap();
    for golden in ledgers {
        let name = golden.name;
        store.trust_key(PublicKey::parse(golden.key).unwrap());
        let findings = store.verify(&ledger(name)).await.unwrap();
        assert!(findings.is_clean(), "{version}: {findings}");
        assert_eq!(findings.entries, golden.entries);
        assert_eq!(findings.root.base64(), golden.root, "{version}, {name}");
        assert_eq!(
            findings.checkpoints, golden.checkpoints,
            "{version}, {name}"
        );
    }
    assert_eq!(records.verify_rows().await.unwrap(), []);
    let before = store.rows().await.unwrap();
    records.rebuild().await.unwrap();
    assert_eq!(store.rows().await.unwrap(), before);
    // The batch is still understood, and holds.
    let streams = store.entries(&ledger("BA"), 0, 1000).await.unwrap();
    let batch: BatchId = streams
        .iter()
        .find_map(|entry| entry.stream.batch_id())
        .unwrap();
    let (_, wrong) = store
        .held_stream(&ledger("BA"), &StreamName::batch(batch))
        .await
        .unwrap();
    assert_eq!(wrong, None);
    let batch = records.batch(batch).await.unwrap().unwrap();
    assert_eq!(batch.altered, None);
    assert_eq!(batch.harvest.number, "BA-2026-0001");
}

#[test]
fn each_golden_database_is_listed() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter_map(|file| file.strip_suffix(".sql").map(str::to_owned))
        .collect();
    files.sort();
    let listed: Vec<_> = GOLDEN.iter().map(|(version, _)| *version).collect();
    assert_eq!(files, listed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_golden_database_opens_and_holds_on_both_engines() {
    for (version, _) in GOLDEN {
        let place = Place::sqlite();
        made(version, &place).await;
        let records = open(&place.url()).await;
        holds(&records, version).await;
        // And from there to PostgreSQL.
        if let Some(other) = Place::postgres().await {
            let file = tempfile::tempdir().unwrap();
            let path = file.path().join("backup");
            let mut backup = BackupFile::create(&path).await.unwrap();
            records.store().back_up(&mut backup).await.unwrap();
            backup.finish(&path).await.unwrap();
            let restored = open(&other.url()).await;
            let mut backup = BackupFile::open(&path).await.unwrap();
            assert_eq!(restored.store().restore(&mut backup).await.unwrap(), None);
            holds(&restored, version).await;
            restored.store().close().await;
            other.drop_database().await;
        }
        records.store().close().await;
    }
}
