//! Backup, restore and keys by the commands themselves, as whoever runs the machine gives them (docs/backup.md).

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
