//! The owner of the database can change anything in it. This changes it in every way that we can think of, at random, and
//! each change must be found and named: by `verify`, and in the export by a script that shares no code with this program.
//!
//! `AUTOLOG_TAMPERINGS` says how many changes are made on each engine; `AUTOLOG_SEED` repeats a run.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "tampering/changes.rs"]
mod changes;
#[path = "tampering/hashes.rs"]
mod hashes;
#[path = "conformance/place.rs"]
#[expect(dead_code, reason = "shared with the conformance suite")]
mod place;
#[path = "another_language/python.rs"]
mod python;

use changes::{Change, Random};
use domain::ledger::{RowChange, verify::Trust};
use place::{
    Place, board_row, decided, event, event_with, export, give, identifier, key, ledger, request,
};
use std::{collections::BTreeMap, convert::Infallible, env, fs, path::Path, sync::Arc};
use store::{Decided, Loaded, Store};

fn setting(name: &str, without: u64) -> u64 {
    env::var(name).map_or(without, |text| text.parse().unwrap())
}

/// Forty entries of five batches, some of them signatures; checkpoints at eight places, the last over everything; rows of
/// the board and identifiers.
async fn fill(store: &Arc<dyn Store>) {
    for id in 1..=40_u128 {
        let number = id % 5;
        if id % 9 == 0 {
            let sign = |loaded: &Loaded| {
                let (version, digest) = (loaded.version(), loaded.signed_digest());
                let payload = format!(
                    r#"{{"signed":{{"version":{version},"digest":"{digest}"}},"meaning":"reviewed"}}"#
                );
                Ok::<_, Infallible>(decided(vec![event(&payload)]))
            };
            store.execute(&request(id, number), sign).await.unwrap();
        } else if id <= 5 {
            let rows = [
                RowChange::PutBoard(board_row(number, "GE")),
                identifier(&format!("A99991712345{number}"), number),
            ];
            give(store, &request(id, number), vec![event_with(&rows)]).await;
        } else {
            let decide = |_: &Loaded| {
                Ok::<_, Infallible>(Decided {
                    events: vec![event(&format!(r#"{{"n":{id}}}"#))],
                    checkpoint: id % 12 == 0,
                    ..Decided::default()
                })
            };
            store.execute(&request(id, number), decide).await.unwrap();
        }
    }
    store.checkpoint(&ledger("GE")).await.unwrap();
}

async fn every_change_is_found_and_named(place: &Place, engine: &str) {
    let store = place.open().await;
    fill(&store).await;
    let lines = export(&store).await;
    changes::keep(place).await;
    let seed = setting("AUTOLOG_SEED", 1);
    let mut random = Random(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut counts = BTreeMap::<&str, u64>::new();
    let mut in_export = Vec::new();
    for number in 0..setting("AUTOLOG_TAMPERINGS", 60) {
        // Each kind in turn, then again with other numbers.
        let change = Change::nth(number);
        let tampered = change.tamper(place, &store, &mut random).await;
        let told = |found: &str| format!("{engine}, seed {seed}, {number}: {tampered:?}: {found}");
        *counts.entry(tampered.kind).or_default() += 1;
        let mut found: Vec<_> = match store.verify(&ledger("GE")).await {
            Ok(findings) => findings.found.iter().map(ToString::to_string).collect(),
            Err(why) => panic!("{}", told(&why.to_string())),
        };
        found.extend(
            store
                .verify_rows()
                .await
                .unwrap()
                .iter()
                .map(ToString::to_string),
        );
        let named = found.iter().any(|words| words.contains(&tampered.named));
        assert!(named, "{}", told(&format!("{found:#?}")));
        if tampered.in_export {
            let mut exported = Vec::new();
            let mut sink = |line: &str| {
                exported.push(line.to_owned());
                Ok(())
            };
            if store.export(&ledger("GE"), &mut sink).await.is_err() {
                // What can't be read any more can't be exported: the same done to the export of before.
                exported = tampered.in_lines(&lines);
            }
            let findings = domain::ledger::verify::verify_lines(
                &exported,
                Trust::Keys(vec![key("GE", 1).public()]),
            );
            assert!(!findings.is_clean(), "{}", told("clean in the export"));
            let file = folder.path().join(format!("{number}.jsonl"));
            fs::write(&file, exported.join("\n") + "\n").unwrap();
            in_export.push((file, told("clean for the script")));
        }
        changes::put_back(place).await;
    }
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
    assert_eq!(store.verify_rows().await.unwrap(), []);
    println!("{engine}: {counts:?}");
    by_the_script(folder.path(), &lines, &in_export);
}

/// One Python for all files: starting it takes longer than what it does.
fn by_the_script(folder: &Path, honest: &[String], files: &[(std::path::PathBuf, String)]) {
    let file = folder.join("honest.jsonl");
    fs::write(&file, honest.join("\n") + "\n").unwrap();
    let key = key("GE", 1).public();
    let arguments = ["--key", key.as_str()];
    let paths: Vec<_> = files.iter().map(|(file, _)| file.as_path()).collect();
    let Some(said) = python::run_all(&[&[file.as_path()][..], &paths].concat(), &arguments) else {
        return;
    };
    assert!(said[0].0, "{}", said[0].1);
    assert_eq!(said.len(), files.len() + 1);
    for ((clean, said), (_, told)) in said[1..].iter().zip(files) {
        assert!(!clean, "{told}");
        assert!(said.lines().count() > 1, "{told}: nothing is named: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_found_and_named_on_sqlite() {
    every_change_is_found_and_named(&Place::sqlite(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_found_and_named_on_postgresql() {
    if let Some(place) = Place::postgres().await {
        every_change_is_found_and_named(&place, "PostgreSQL").await;
        place.drop_database().await;
    }
}

// What nobody can find from the record alone, and what finds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_the_key_is_found_by_a_checkpoint_kept_elsewhere() {
    let place = Place::sqlite();
    let store = place.open().await;
    fill(&store).await;
    let paper = store.checkpoints(&ledger("GE")).await.unwrap();
    let paper = &paper[paper.len() - 1].checkpoint;
    changes::keep(&place).await;
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "rewritten and signed anew",
        "cut back to an earlier checkpoint",
    ] {
        match name {
            "rewritten and signed anew" => hashes::rewrite_with_the_key(&place, &store).await,
            _ => hashes::cut_back(&place, &store).await,
        }
        assert!(
            store.verify(&ledger("GE")).await.unwrap().is_clean(),
            "{name}"
        );
        let known = [(paper.size, paper.root)];
        let findings = store.verify_knowing(&ledger("GE"), &known).await.unwrap();
        let words: Vec<_> = findings.found.iter().map(ToString::to_string).collect();
        assert!(
            words[0].contains("not those of the checkpoint that you know"),
            "{name}: {words:?}"
        );
        let file = folder.path().join("export.jsonl");
        fs::write(&file, export(&store).await.join("\n") + "\n").unwrap();
        let known = format!("{}:{}", paper.size, paper.root.base64());
        if let Some((clean, said)) = python::run(&file, &[]) {
            assert!(clean, "{name}: {said}");
            let (clean, said) = python::run(&file, &["--checkpoint", &known]).unwrap();
            assert!(!clean && said.contains("that you know"), "{name}: {said}");
        }
        changes::put_back(&place).await;
    }
    let known = [(paper.size, paper.root)];
    let honest = store.verify_knowing(&ledger("GE"), &known).await.unwrap();
    assert!(honest.is_clean());
}
