//! A record that isn't there, was deleted, emptied or is something else is told by every command, and none of them makes one.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "accidents/lab.rs"]
#[expect(dead_code, reason = "shared with the accidents")]
mod lab;
#[path = "common/place.rs"]
#[expect(dead_code, reason = "shared with the tests of the database's server")]
mod place;

use lab::Postgres;
use place::Place;
use std::fs;

/// The commands that have no record to begin.
fn readers(place: &Place) -> Vec<Vec<String>> {
    let backup = place.data().with_file_name("copy.backup");
    let backup = backup.to_str().unwrap();
    let all: [&[&str]; 14] = [
        &["verify"],
        &["verify", "--ledger", "GE"],
        &["backup", backup],
        &["rebuild"],
        &["export", "--ledger", "GE"],
        &["key", "list"],
        &["key", "rotate", "--ledger", "GE", "--reason", "Yearly"],
        &["site", "list"],
        &["user", "list"],
        &["user", "unlock", "anna.rossi", "--reason", "Seen"],
        &["document", "list"],
        &["serve", "--listen", "127.0.0.1:0"],
        &["migrate"],
        &["migrate", "--check"],
    ];
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    all.into_iter().map(owned).collect()
}

/// Each of them fails with these words, and changes no file.
fn all_say(place: &Place, words: &str) {
    let before = place.everything();
    for command in readers(place) {
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        let (code, said) = place.run(&command);
        assert!(
            matches!(code, Some(1 | 2)),
            "{command:?} ended with {code:?}: {said}"
        );
        assert!(said.contains(words), "{command:?} said: {said}");
        assert_eq!(place.everything(), before, "{command:?}");
    }
}

fn postgres() -> Option<(Postgres, Place)> {
    let postgres = Postgres::make()?;
    let place = Place::on(postgres.url());
    Some((postgres, place))
}

// A11-7.1, P11-10b
#[test]
fn nothing_is_read_from_and_nothing_is_made_of_a_path_without_a_record() {
    all_say(&Place::nothing(), "there is no database at");
}

#[test]
fn a_postgresql_without_a_record_is_told_and_stays_without() {
    let Some((_postgres, place)) = postgres() else {
        return;
    };
    for command in readers(&place) {
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        // The owner of an empty database makes its tables with this one.
        if command == ["migrate"] {
            continue;
        }
        let (code, said) = place.run(&command);
        assert!(matches!(code, Some(1 | 2)), "{command:?}: {said}");
        assert!(
            said.contains("has no tables and no record")
                || said.contains("There are no tables yet"),
            "{command:?} said: {said}"
        );
    }
    assert!(
        place.run(&["verify"]).1.contains("has no tables"),
        "none was made"
    );
    assert!(place.everything().is_empty(), "{:?}", place.everything());
    assert_eq!(place.run(&["migrate"]).0, Some(0));
    let (code, said) = place.run(&["verify"]);
    assert!(
        code == Some(1) && said.contains("no entry at all"),
        "{said}"
    );
    let gone = Place::on(format!("{}_gone", place.url()));
    let (code, said) = gone.run(&["verify"]);
    assert!(code == Some(2) && said.contains("does not exist"), "{said}");
}

#[test]
fn a_deleted_database_is_told_and_not_made_again() {
    let place = Place::nothing().with_a_record();
    for file in ["autolog.db", "autolog.db-wal", "autolog.db-shm"] {
        fs::remove_file(place.data().join(file)).ok();
    }
    all_say(&place, "there is no database at");
    // Neither does what begins a record begin another one under the keys of the old one.
    let (code, said) = place.run(&["demo"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("keys of ledgers") && said.contains("GE, org"),
        "{said}"
    );
}

fn emptied(place: &Place) {
    place.drop_triggers();
    for table in [
        "entry",
        "tree_hash",
        "checkpoint",
        "command",
        "person",
        "person_role",
        "site",
        "document",
    ] {
        place.sql(&format!("delete from {table}"));
    }
    let before = place.everything();
    for command in [
        &["verify"] as &[&str],
        &["rebuild"],
        &["key", "list"],
        &["user", "list"],
        &["site", "list"],
        &["document", "list"],
        &["export", "--ledger", "GE"],
    ] {
        let (code, said) = place.run(command);
        assert!(matches!(code, Some(1 | 2)), "{command:?}: {said}");
        assert!(
            said.contains("no entry") || said.contains("There is no ledger GE"),
            "{command:?} said: {said}"
        );
    }
    let copy = place.data().with_file_name("copy.backup");
    let (code, said) = place.run(&["backup", copy.to_str().unwrap()]);
    assert!(
        code == Some(2) && said.contains("no backup was made"),
        "{said}"
    );
    assert!(!copy.exists());
    let (code, said) = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        code == Some(2) && said.contains("deleted or emptied"),
        "{said}"
    );
    let names = |all: Vec<(std::path::PathBuf, u64)>| -> Vec<_> {
        all.into_iter().map(|(path, _)| path).collect()
    };
    assert_eq!(names(place.everything()), names(before));
}

// P11-10a2
#[test]
fn an_emptied_database_is_a_finding_on_sqlite() {
    emptied(&Place::nothing().with_a_record());
}

#[test]
fn an_emptied_database_is_a_finding_on_postgresql() {
    if let Some((_postgres, place)) = postgres() {
        emptied(&place.with_a_record());
    }
}

fn one_ledger_emptied(place: &Place) {
    let (code, said) = place.run(&["verify", "--ledger", "NOPE"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("There is no ledger NOPE"), "{said}");
    assert_eq!(place.run(&["verify"]).0, Some(0));
    place.drop_triggers();
    for table in ["entry", "tree_hash", "checkpoint", "command"] {
        place.sql(&format!("delete from {table} where ledger = 'GE'"));
    }
    for command in [&["verify"] as &[&str], &["verify", "--ledger", "GE"]] {
        let (code, said) = place.run(command);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("There is no entry"), "{said}");
    }
    let (code, said) = place.run(&["key", "list"]);
    assert!(
        code == Some(1) && said.contains("GE\tits key is here"),
        "{said}"
    );
    // What the read tables still say is told, and that it can't be trusted.
    for (command, told) in [
        (&["user", "list"] as &[&str], "anna.rossi"),
        (&["site", "list"], "GE\tCell lab"),
        (&["document", "list"], "BM-MSC"),
        (&["document", "show", "specification:BM-MSC", "1"], "BM-MSC"),
        (&["export", "--ledger", "org"], "anna.rossi"),
    ] {
        let (code, said) = place.run(command);
        assert_eq!(code, Some(1), "{command:?}: {said}");
        assert!(
            said.contains(told) && said.contains("holds no entry of GE, whose key is here"),
            "{command:?}: {said}"
        );
    }
    let (code, said) = place.run(&["rebuild"]);
    assert!(
        code == Some(1) && said.contains("Nothing was changed"),
        "{said}"
    );
    // The copy is evidence, and says what is missing.
    let copy = place.data().with_file_name("copy.backup");
    let (code, said) = place.run(&["backup", copy.to_str().unwrap()]);
    assert!(
        code == Some(1) && said.contains("There is no entry"),
        "{said}"
    );
}

#[test]
fn a_key_without_entries_is_a_finding_on_sqlite() {
    one_ledger_emptied(&Place::nothing().with_a_record());
}

#[test]
fn a_key_without_entries_is_a_finding_on_postgresql() {
    if let Some((_postgres, place)) = postgres() {
        one_ledger_emptied(&place.with_a_record());
    }
}

#[test]
fn what_is_no_database_of_autolog_is_told_in_words() {
    let place = Place::nothing();
    fs::create_dir(place.data()).unwrap();
    let file = place.file();
    fs::write(&file, "").unwrap();
    all_say(&place, "an empty file");
    fs::write(&file, "short").unwrap();
    all_say(&place, "a file of another kind");
    fs::write(&file, "not a database at all, but longer").unwrap();
    all_say(&place, "a file of another kind");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    all_say(&place, "a folder");
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "").unwrap();
    place.sql("create table patient (id integer)");
    all_say(&place, "the tables of another program");
}

#[test]
fn tables_of_another_version_are_told_and_only_migrate_changes_them() {
    let place = Place::nothing().with_a_record();
    let newest = store::MIGRATIONS.last().unwrap();
    place.sql("create table kept as select * from _sqlx_migrations");
    place.sql("insert into _sqlx_migrations select 9999, 'later', installed_on, success, checksum, execution_time from kept where version = 1");
    all_say(&place, "a newer version wrote them");
    place.sql("delete from _sqlx_migrations where version = 9999");
    place.sql("update _sqlx_migrations set checksum = x'00' where version = 2");
    all_say(&place, "step 2 differs");
    place.sql("update _sqlx_migrations set checksum = (select checksum from kept where version = 2) where version = 2");
    let older = format!(
        "delete from _sqlx_migrations where version = {}",
        newest.number
    );
    place.sql(&older);
    let before = place.everything();
    for command in readers(&place) {
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        if command == ["migrate"] {
            continue;
        }
        let (code, said) = place.run(&command);
        assert!(matches!(code, Some(1 | 2)), "{command:?}: {said}");
        assert!(said.contains("autolog migrate"), "{command:?} said: {said}");
    }
    assert_eq!(place.everything(), before);
}

#[test]
fn a_step_that_was_broken_off_is_told_as_what_it_is() {
    let place = Place::nothing().with_a_record();
    place.sql("update _sqlx_migrations set success = false where version = 7");
    all_say(
        &place,
        "step 7 of the tables of this database was broken off",
    );
}

/// Each of these is a part of the record that was taken away outside Autolog.
fn taken_away(place: &Place, parts: &[(&str, &str)]) {
    let (code, said) = place.run(&["migrate", "--check"]);
    assert_eq!(code, Some(0), "{said}");
    let mut missing = Vec::new();
    for (sql, words) in parts {
        place.sql(sql);
        missing.push(*words);
        for command in [
            &["migrate", "--check"] as &[&str],
            &["migrate"],
            &["verify"],
        ] {
            let (code, said) = place.run(command);
            assert_eq!(code, Some(1), "{command:?}: {said}");
            for words in &missing {
                assert!(said.contains(words), "{command:?}: {said}");
            }
        }
    }
}

#[test]
fn a_part_of_the_tables_that_was_taken_away_is_a_finding_on_sqlite() {
    let place = Place::nothing().with_a_record();
    taken_away(
        &place,
        &[
            ("drop index board_open", "The index board_open is missing."),
            (
                "drop trigger entry_is_kept",
                "The trigger entry_is_kept is missing.",
            ),
            (
                "drop table search_term",
                "The table search_term is missing.",
            ),
            ("drop table entry", "The table entry is missing."),
        ],
    );
}

#[test]
fn a_part_of_the_tables_that_was_taken_away_is_a_finding_on_postgresql() {
    let Some((_postgres, place)) = postgres() else {
        return;
    };
    let place = place.with_a_record();
    taken_away(
        &place,
        &[
            ("drop index board_open", "The index board_open is missing."),
            (
                "alter table command disable trigger command_stays",
                "The trigger command_stays is missing.",
            ),
            (
                "drop trigger entry_stays on entry",
                "The trigger entry_stays is missing.",
            ),
            (
                "drop table search_term",
                "The table search_term is missing.",
            ),
        ],
    );
}

#[test]
fn a_refused_first_command_leaves_no_key_behind() {
    let place = Place::nothing();
    let add = [
        "user",
        "add",
        "anna.rossi",
        "--name",
        "Anna Rossi",
        "--identity-check",
        "Card",
        "--administrator",
        "--password-stdin",
    ];
    let (code, said) = place.run_with(&add, "short\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(!place.data().join("keys/org.key").exists());
    let (code, said) = place.run_with(&add, "glass heron under 44 lamps\n");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(place.run(&["verify"]).0, Some(0));
}

#[test]
fn an_export_without_an_entry_proves_nothing() {
    let place = Place::nothing();
    let file = place.data().with_file_name("empty.jsonl");
    fs::write(&file, "").unwrap();
    let (code, said) = place.run(&["verify", "--export", file.to_str().unwrap()]);
    assert!(
        code == Some(1) && said.contains("There is no entry"),
        "{said}"
    );
}
