//! Backup, restore and keys by the commands themselves, as the person who runs the machine gives them (docs/backup.md).

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "accidents/lab.rs"]
#[expect(dead_code, reason = "shared with the accidents")]
mod lab;

use lab::{Lab, Postgres};
use std::{fs, path::Path};

/// The lines that tell a ledger: name, entries, root, newest checkpoint.
fn ledgers(said: &str) -> Vec<&str> {
    said.lines()
        .filter(|line| line.contains(" entries, root "))
        .collect()
}

fn restored(from: &Lab, to: &Lab) {
    let backup = from.data().join("a.backup");
    let backup = backup.to_str().unwrap();
    let (code, told) = from.run(&["backup", backup]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(ledgers(&told).len(), 2, "{told}");
    assert!(
        told.contains("The keys that sign the ledgers are not in it"),
        "{told}"
    );
    let (code, said) = to.run(&["restore", backup]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(ledgers(&said), ledgers(&told), "{said}");
    assert!(said.contains("The key of ledger BA is not here"), "{said}");
    // The server doesn't start without its keys, and says what to do.
    let (code, said) = to.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("autolog key rotate --ledger BA --lost"),
        "{said}"
    );
    let (code, said) = to.run(&["verify"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("read tables: as the ledgers say"), "{said}");
    // It goes into an empty database alone.
    let (code, said) = to.run(&["restore", backup]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("a backup goes into an empty database alone"),
        "{said}"
    );
    fs::create_dir_all(to.data().join("keys")).unwrap();
    for entry in fs::read_dir(from.data().join("keys")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.data().join("keys").join(entry.file_name())).unwrap();
    }
    to.serve().end();
}

// A11-7.2, P11-10c
#[test]
fn a_backup_is_restored_with_the_same_roots_on_sqlite() {
    restored(&Lab::sqlite(), &Lab::empty());
}

#[test]
fn a_backup_is_restored_with_the_same_roots_from_one_engine_to_the_other() {
    let (Some(one), Some(two)) = (Postgres::make(), Postgres::make()) else {
        return;
    };
    let there = Lab::postgres(&one);
    let mut back = Lab::empty();
    restored(&there, &back);
    back = Lab::empty();
    back.on(&two);
    restored(&Lab::sqlite(), &back);
}

/// Nothing of a backup that was refused or failed is left in a folder.
fn nothing_is_left(folder: &Path, but: &[&str]) {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, but);
}

#[test]
fn a_backup_is_written_over_nothing_and_takes_no_file_away() {
    let lab = Lab::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |path: &Path| lab.run(&["backup", path.to_str().unwrap()]);
    fs::write(at("there"), "somebody's").unwrap();
    fs::write(at("x.unfinished"), "somebody's").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("nowhere"), at("link")).unwrap();
    #[cfg(not(unix))]
    fs::write(at("link"), "").unwrap();
    for name in ["there", "link"] {
        let (code, said) = run(&at(name));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("is there already"), "{said}");
    }
    assert!(!at("nowhere").exists());
    let (code, said) = run(&at("x"));
    assert_eq!(code, Some(0), "{said}");
    for name in ["there", "x.unfinished"] {
        assert_eq!(fs::read(at(name)).unwrap(), b"somebody's", "{name}");
    }
    nothing_is_left(folder.path(), &["link", "there", "x", "x.unfinished"]);
    // The names of the record's own files are not free, also under another spelling.
    let data = lab.data();
    for name in [
        "autolog.db",
        "autolog.db-wal",
        "autolog.db-shm",
        "autolog.db-journal",
        "autolog.db.forms",
        "../data/autolog.db-wal",
        "keys/BA.key",
        "keys/copy",
        "keys",
    ] {
        let path = data.join(name);
        let was = fs::read(&path).ok();
        let (code, said) = run(&path);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(
            said.contains("is there already") || said.contains("a file of the record itself"),
            "{name}: {said}"
        );
        assert_eq!(fs::read(&path).ok(), was, "{name}");
    }
    assert_eq!(lab.run(&["verify"]).0, Some(0));
}

#[test]
fn of_two_backups_of_one_name_one_is_made_and_whole() {
    let lab = Lab::sqlite();
    for round in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy");
        let path = path.to_str().unwrap();
        let said = std::thread::scope(|scope| {
            let runs = [0; 3].map(|_| scope.spawn(|| lab.run(&["backup", path])));
            runs.map(|run| run.join().unwrap())
        });
        let made = said.iter().filter(|(code, _)| *code == Some(0)).count();
        assert_eq!(made, 1, "round {round}: {said:?}");
        for (code, said) in said.iter().filter(|(code, _)| *code != Some(0)) {
            assert_eq!(*code, Some(2), "{said}");
            assert!(said.contains("is there already"), "{said}");
        }
        nothing_is_left(folder.path(), &["copy"]);
        let (code, said) = Lab::empty().run(&["restore", path]);
        assert_eq!(code, Some(0), "{said}");
    }
}

// Whatever gets the name while the copy is made keeps it.
#[test]
fn a_file_that_is_made_meanwhile_is_not_written_over() {
    let lab = Lab::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    let (code, said) = std::thread::scope(|scope| {
        let run = scope.spawn(|| lab.run(&["backup", path.to_str().unwrap()]));
        // The folder of the copy is there as soon as the name was found free.
        while fs::read_dir(folder.path()).unwrap().next().is_none() {
            assert!(!run.is_finished(), "it ended at once");
            std::thread::yield_now();
        }
        let made = fs::File::create_new(&path);
        let said = run.join().unwrap();
        // Where the backup was quicker, there was nothing to be seen.
        if made.is_ok() {
            said
        } else {
            (None, String::new())
        }
    });
    if let Some(code) = code {
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("no backup was made"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
    nothing_is_left(folder.path(), &["copy"]);
}

fn key(lab: &Lab, ending: &str) -> std::path::PathBuf {
    lab.data().join(format!("keys/BA.{ending}"))
}

// A11-7.2
#[test]
fn a_key_is_rotated_and_the_old_file_is_worth_nothing() {
    let lab = Lab::sqlite();
    let old = fs::read(key(&lab, "key")).unwrap();
    let rotate = ["key", "rotate", "--ledger", "BA", "--reason", "Yearly"];
    let (code, said) = lab.run(&[&rotate[..], &["--lost"]].concat());
    assert!(code == Some(2) && said.contains("it is not lost"), "{said}");
    let (code, said) = lab.run(&rotate);
    assert_eq!(code, Some(0), "{said}");
    assert_ne!(fs::read(key(&lab, "key")).unwrap(), old);
    assert!(!key(&lab, "next").exists());
    assert_eq!(lab.run(&["verify"]).0, Some(0));
    let (_, list) = lab.run(&["key", "list"]);
    let of = |list: &str| list.lines().filter(|line| line.starts_with("BA\t")).count();
    assert_eq!(of(&list), 4, "{list}");
    let new = fs::read(key(&lab, "key")).unwrap();
    fs::write(key(&lab, "key"), &old).unwrap();
    let (code, said) = lab.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("that is here was replaced in its entry"),
        "{said}"
    );
    // A rotation that a power cut broke off after the ledger spoke of the new key is ended at the next start.
    fs::rename(key(&lab, "key"), key(&lab, "key.aside")).unwrap();
    private(&key(&lab, "next"), &new);
    private(&key(&lab, "key"), &old);
    lab.serve().end();
    assert_eq!(fs::read(key(&lab, "key")).unwrap(), new);
    // Broken off before that, it is as if it had not been begun.
    private(&key(&lab, "next"), &old);
    lab.serve().end();
    assert_eq!(fs::read(key(&lab, "key")).unwrap(), new);
    assert!(!key(&lab, "next").exists());
}

fn private(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}
