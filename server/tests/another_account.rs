//! A data folder has one account: any other that runs a command on it is told which one, before anything is written.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "common/first.rs"]
mod first;

use first::{ADMINISTRATOR, SITE};
use std::{
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, chown},
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

const ANOTHER: u32 = 65_534;

fn run(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_autolog"))
        .env_remove("AUTOLOG_DATABASE_URL")
        .env("AUTOLOG_DATA_DIR", data)
        .env("AUTOLOG_LOG", "warn")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // What is refused may have ended already.
    stdin.write_all(b"glass heron under 44 lamps\n").ok();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

// What root makes in the folder of the account that serves, that account can't read.
#[test]
fn nothing_is_made_in_the_data_folder_of_another_account() {
    let data = TempDir::new().unwrap();
    // Only root can give a folder away; nobody else can do the damage.
    if fs::metadata(data.path()).unwrap().uid() != 0 {
        return;
    }
    chown(data.path(), Some(ANOTHER), None).unwrap();
    for arguments in [
        &ADMINISTRATOR[..],
        &SITE,
        &["demo"],
        &["migrate"],
        &["serve"],
    ] {
        let (code, said) = run(data.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        for words in ["belongs to the account", "this runs as root", "sudo -u "] {
            assert!(said.contains(words), "{arguments:?}: {said}");
        }
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }
    // A file that another account left in one's own folder is named.
    chown(data.path(), Some(0), None).unwrap();
    let (code, said) = run(data.path(), &ADMINISTRATOR);
    assert_eq!(code, Some(0), "{said}");
    let file = data.path().join("autolog.db");
    chown(&file, Some(ANOTHER), None).unwrap();
    let (code, said) = run(data.path(), &SITE);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("sudo chown root"), "{said}");
}
