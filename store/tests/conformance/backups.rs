//! A backup is one moment of the record, and goes back whole or not at all.

use crate::{
    accounts::{affect, session},
    place::{Place, event, give, key, ledger, opening, request, seven},
};
use domain::ledger::Findings;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{BackupFile, Effect, Fault, Store};

async fn back_up(store: &Arc<dyn Store>, path: &Path) {
    let mut file = BackupFile::create(path).await.unwrap();
    store.back_up(&mut file).await.unwrap();
    file.finish(path).await.unwrap();
}

async fn restore(store: &Arc<dyn Store>, path: &Path) -> Option<String> {
    let mut file = BackupFile::open(path).await.unwrap();
    store.restore(&mut file).await.unwrap()
}

async fn verified(store: &Arc<dyn Store>) -> Vec<Findings> {
    let mut all = Vec::new();
    for name in ["GE", "PI", "org"] {
        all.push(store.verify(&ledger(name)).await.unwrap());
    }
    all
}

/// The other engine, where there is one: a backup goes into both.
async fn places(own: &Place) -> Vec<Place> {
    let mut places = vec![Place::sqlite()];
    if let Place::Postgres { .. } = own {
        places.extend(Place::postgres().await);
    }
    places
}

// A12, P11-10c, A11-7.2
pub async fn a_backup_while_others_write_restores_to_the_same_roots(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let start = Effect::StartSession(session("a token's hash", 1, 1));
    affect(&store, 900, vec![start]).await.unwrap();
    // The first backup may come before any of the writers: a ledger that has a key has entries.
    let mut first = request(1_000, 0);
    first.ledger = ledger("PI");
    give(&store, &first, vec![event("{}")]).await;
    let going = Arc::new(AtomicBool::new(true));
    let mut writers = Vec::new();
    for writer in 0..4_u128 {
        let (store, going) = (store.clone(), going.clone());
        writers.push(tokio::spawn(async move {
            let mut given = 0;
            while going.load(Ordering::Relaxed) {
                given += 1;
                let mut request = request(1_000 * (writer + 1) + given, writer);
                request.ledger = ledger(if writer == 0 { "PI" } else { "GE" });
                give(&store, &request, vec![event("{}"), event("{}")]).await;
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut sizes = Vec::new();
    for number in 0..3 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        let path = folder.path().join(format!("{number}.backup"));
        back_up(&store, &path).await;
        let copied = store::open_backup(&path, opening("")).await.unwrap();
        let in_file = verified(&copied).await;
        assert!(in_file.iter().all(Findings::is_clean), "{in_file:?}");
        // Commands of two entries each: a half one would be odd.
        assert_eq!((in_file[0].entries - 7) % 2, 0);
        sizes.push(in_file[0].entries);
        for place in places(place).await {
            let restored = place.open().await;
            assert_eq!(restore(&restored, &path).await, None);
            assert_eq!(verified(&restored).await, in_file);
            assert_eq!(restored.rows().await.unwrap(), copied.rows().await.unwrap());
            assert_eq!(
                restored.checkpoints(&ledger("GE")).await.unwrap(),
                copied.checkpoints(&ledger("GE")).await.unwrap()
            );
            // Nobody comes back signed in, and the record goes on.
            let session = restored.session("a token's hash").await.unwrap().unwrap();
            assert_eq!(session.ended_because.as_deref(), Some("restored"));
            let next = give(&restored, &request(9_999, 1), vec![event("{}")]).await;
            assert_eq!(next.first_position, Some(in_file[0].entries + 1));
            assert!(restored.verify(&ledger("GE")).await.unwrap().is_clean());
            restored.close().await;
            place.drop_database().await;
        }
        copied.close().await;
    }
    going.store(false, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(
        sizes.is_sorted() && sizes[0] < sizes[2],
        "{sizes:?}: nobody wrote meanwhile"
    );
}

pub async fn a_backup_goes_into_an_empty_database_alone(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup");
    back_up(&store, &path).await;
    let before = verified(&store).await;
    assert_eq!(restore(&store, &path).await.as_deref(), Some("entry"));
    assert_eq!(verified(&store).await, before);
    // What is there is never written over.
    let again = BackupFile::create(&path).await.err();
    assert!(matches!(again, Some(Fault::BackupFile(_))), "{again:?}");
    let other = folder.path().join("other");
    std::fs::write(&other, "no backup").unwrap();
    let refused = BackupFile::open(&other).await.err();
    assert!(
        matches!(refused, Some(Fault::NotABackup { .. })),
        "{refused:?}"
    );
}

// A11-7.2: a thief of a backup can't sign.
pub async fn a_backup_holds_no_key_that_signs(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup");
    back_up(&store, &path).await;
    let bytes = std::fs::read(&path).unwrap();
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    assert!(holds(b"autolog/GE"), "the search finds what is there");
    let secret = key("GE", 1).secret_text();
    let base64 = secret.rsplit('+').next().unwrap();
    for what in [
        secret.as_bytes(),
        base64.as_bytes(),
        &base64.as_bytes()[4..40],
        &[1; 32],
        "01".repeat(32).as_bytes(),
        b"PRIVATE",
    ] {
        assert!(!holds(what), "{}", String::from_utf8_lossy(what));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

// A record in which somebody left a gap is evidence: it is copied as it is, and what is wrong is named in the copy.
pub async fn a_tampered_record_is_backed_up_as_it_is(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    place.tamper("delete from entry where position = 4").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup");
    back_up(&store, &path).await;
    let copied = store::open_backup(&path, opening("")).await.unwrap();
    assert_eq!(verified(&copied).await, verified(&store).await);
    assert!(!copied.verify(&ledger("GE")).await.unwrap().is_clean());
}
