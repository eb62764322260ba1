//! What is no record of Autolog's is left as it is by every command: its bytes, its rights, its folder, and what stands beside
//! it. What is one is found under each spelling of its URL.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "common/place.rs"]
#[expect(dead_code, reason = "shared with the tests of wrong paths")]
mod place;

use place::Place;
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Every command that opens a record, to read it, to change it, or to begin one.
const COMMANDS: [&[&str]; 12] = [
    &["verify"],
    &["rebuild"],
    &["backup", "/nonexistent/copy"],
    &["key", "rotate", "--ledger", "GE", "--reason", "Yearly"],
    &["user", "list"],
    &["user", "disable", "anna.rossi", "--reason", "Left"],
    &["serve", "--listen", "127.0.0.1:0"],
    &["migrate"],
    &["demo"],
    &[
        "site",
        "add",
        "GE",
        "--name",
        "Lab",
        "--address",
        "Genoa",
        "--facility",
        "A9999",
        "--time-zone",
        "Europe/Rome",
    ],
    &[
        "user",
        "add",
        "anna.rossi",
        "--name",
        "Anna Rossi",
        "--identity-check",
        "Card",
        "--administrator",
        "--password-stdin",
    ],
    &["restore", "BACKUP"],
];

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn open_to_others(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Every path in a folder with its rights and bytes.
fn everything(folder: &Path) -> Vec<(PathBuf, u32, Vec<u8>)> {
    let mut all = vec![(folder.to_owned(), mode(folder), Vec::new())];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(everything(&path));
        } else {
            all.push((path.clone(), mode(&path), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

fn backup() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("good.backup");
    let file = file.to_str().unwrap().to_owned();
    let (code, said) = Place::nothing().with_a_record().run(&["backup", &file]);
    assert_eq!(code, Some(0), "{said}");
    (folder, file)
}

// ADR 17
#[test]
fn what_is_no_record_keeps_its_rights_and_gets_no_company() {
    let (_kept, backup) = backup();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(
        at("notes.txt"),
        "notes of somebody, and longer than a header",
    )
    .unwrap();
    fs::create_dir(at("folder")).unwrap();
    let other = Place::on(format!("sqlite:{}", at("other.db").display()));
    fs::write(at("other.db"), "").unwrap();
    other.sql("pragma journal_mode = delete; create table patient (id integer)");
    for name in ["notes.txt", "other.db"] {
        open_to_others(&at(name), 0o644);
    }
    open_to_others(&at("folder"), 0o755);
    let before = everything(folder.path());
    for name in ["notes.txt", "other.db", "folder"] {
        let place = Place::on(format!("sqlite:{}", at(name).display()));
        for command in COMMANDS {
            let command = command.iter();
            let command: Vec<_> = command
                .map(|word| if *word == "BACKUP" { &backup } else { *word })
                .collect();
            let (code, said) = place.run_with(&command, "glass heron under 44 lamps\n");
            assert_eq!(code, Some(2), "{name} {command:?}: {said}");
            assert_eq!(everything(folder.path()), before, "{name} {command:?}");
            assert!(!place.data().exists(), "{name} {command:?} made a folder");
        }
    }
    // An empty file is a database to be begun, and nothing else.
    fs::write(at("empty"), "").unwrap();
    open_to_others(&at("empty"), 0o644);
    let place = Place::on(format!("sqlite:{}", at("empty").display()));
    for command in &COMMANDS[..8] {
        let (code, said) = place.run(command);
        assert_eq!(code, Some(2), "{command:?}: {said}");
        assert_eq!(mode(&at("empty")), 0o644, "{command:?}");
        assert_eq!(fs::read(at("empty")).unwrap(), b"", "{command:?}");
    }
}

#[test]
fn a_record_is_taken_for_its_owner_under_each_spelling_of_its_url() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my db.db");
    let url = format!("sqlite://{}", file.display()).replace(' ', "%20");
    let place = Place::on(url).with_a_record();
    open_to_others(&file, 0o644);
    let (_, said) = place.run(&["user", "disable", "anna.rossi", "--reason", "Left"]);
    assert!(said.contains("is now kept to its owner"), "{said}");
    assert_eq!(mode(&file), 0o600);
    open_to_others(&file, 0o644);
    assert_eq!(place.run(&["verify"]).0, Some(0));
    assert_eq!(mode(&file), 0o644, "what only reads changes nothing");
    assert_eq!(place.run(&["migrate"]).0, Some(0));
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_data_folder_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("100% of 7? days");
    let data = data.to_str().unwrap();
    let add = [COMMANDS[9], &["--data-dir", data]].concat();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_autolog"));
    let command = command.env_remove("AUTOLOG_DATABASE_URL").args(add);
    assert!(command.status().unwrap().success());
    assert!(Path::new(data).join("autolog.db").is_file());
}

#[test]
fn what_can_be_restored_is_told_in_words_and_left_as_it_is() {
    let (kept, backup) = backup();
    let at = |name: &str| kept.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("other.db"), "").unwrap();
    let other = Place::on(format!("sqlite:{}", at("other.db").display()));
    other.sql("create table patient (id integer)");
    for (path, words) in [
        (at("none"), "there is no such file"),
        (at("folder"), "it is a folder"),
        ("/dev/null".into(), "it is a device or a pipe"),
        (at("empty"), "it is an empty file"),
        (at("other.db"), "it is a database of another program"),
    ] {
        let place = Place::nothing();
        let before = everything(kept.path());
        let (code, said) = place.run(&["restore", path.to_str().unwrap()]);
        assert_eq!(code, Some(2), "{path:?}: {said}");
        assert!(said.contains(words), "{path:?}: {said}");
        assert!(!said.contains("code:"), "{path:?}: {said}");
        assert!(!place.data().exists(), "{path:?}");
        assert_eq!(everything(kept.path()), before, "{path:?}");
    }
    // A file in the other way of writing is read, and nothing stays beside it.
    Place::on(format!("sqlite:{backup}")).sql("pragma journal_mode = wal");
    let before = everything(kept.path());
    let place = Place::nothing();
    let (code, said) = place.run(&["restore", &backup]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(everything(kept.path()), before);
    // What was written last may be beside the file: without it, something would be lost without a word.
    fs::write(at("good.backup-wal"), "what was written last").unwrap();
    let (code, said) = Place::nothing().run(&["restore", &backup]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("a database in use"), "{said}");
}

#[test]
fn a_database_in_memory_or_read_only_by_its_url_is_told_in_words() {
    let record = Place::nothing().with_a_record();
    let url = record.url();
    for (more, command, words) in [
        (
            "?mode=memory",
            &["verify"] as &[&str],
            "a database in memory",
        ),
        ("?mode=memory", &["demo"], "a database in memory"),
        ("?mode=ro", &["rebuild"], "mode=ro"),
        ("?immutable=1", &["rebuild"], "immutable=1"),
    ] {
        let place = Place::on(format!("{url}{more}"));
        let (code, said) = place.run(command);
        assert!(code == Some(2) && said.contains(words), "{more}: {said}");
        assert!(!place.data().exists(), "{more} {command:?}");
    }
    let reading = Place::on(format!("{url}?mode=ro"));
    assert_eq!(reading.run(&["user", "list"]).0, Some(0));
}

/// Whether rights hold for the person who runs the tests; for root they don't.
fn rights_hold(folder: &Path) -> bool {
    fs::write(folder.join("probe"), "").is_err()
}

#[test]
fn a_record_that_nobody_may_write_is_verified_where_it_lies() {
    let place = Place::nothing().with_a_record();
    let (file, folder) = (place.file(), place.data());
    open_to_others(&file, 0o400);
    open_to_others(&folder, 0o500);
    if rights_hold(&folder) {
        let (code, said) = place.run(&["verify"]);
        assert_eq!(code, Some(0), "{said}");
        let (code, said) = place.run(&["rebuild"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("can't be written"), "{said}");
        assert!(!said.contains("code:"), "{said}");
    }
    open_to_others(&folder, 0o700);
    fs::remove_file(folder.join("probe")).ok();
}
