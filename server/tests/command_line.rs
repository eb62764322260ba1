//! The program as it is called from the command line.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "common/first.rs"]
mod first;

use first::{ADMINISTRATOR, SITE};
use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

fn autolog(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autolog"));
    command
        .env_remove("AUTOLOG_DATABASE_URL")
        .env("AUTOLOG_DATA_DIR", data)
        .env("AUTOLOG_LOG", "warn");
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    autolog(data).args(arguments).output().unwrap()
}

fn run_with_input(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = autolog(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn without_an_account_nothing_is_served_and_it_says_what_to_do() {
    let data = TempDir::new().unwrap();
    let served = run(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(served.status.code(), Some(2));
    assert!(
        err(&served).contains("autolog user add"),
        "{}",
        err(&served)
    );
}

// A program without the browser's files is half a program: its pages would come without styles and scripts.
#[test]
fn without_the_browsers_files_nothing_is_served_and_it_says_what_to_run() {
    let data = TempDir::new().unwrap();
    let added = run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n");
    assert_eq!(added.status.code(), Some(0), "{}", err(&added));
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let served = run(data.path(), &serve);
    assert_eq!(served.status.code(), Some(2));
    for words in ["cargo xtask dist", "--site"] {
        assert!(err(&served).contains(words), "{}", err(&served));
    }
    let elsewhere = data.path().display().to_string();
    let served = run(data.path(), &[&serve[..], &["--site", &elsewhere]].concat());
    assert_eq!(served.status.code(), Some(2));
    let said = err(&served);
    assert!(
        said.contains(&elsewhere) && said.contains("pkg/autolog.js"),
        "{said}"
    );
}

#[test]
fn nothing_is_served_to_other_machines_in_the_clear_by_oversight() {
    let data = TempDir::new().unwrap();
    let served = run(data.path(), &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(served.status.code(), Some(2));
    assert!(
        err(&served).contains("--public-url https://"),
        "{}",
        err(&served)
    );
}

#[test]
fn the_first_administrator_is_added_with_a_password_from_standard_input() {
    let data = TempDir::new().unwrap();
    let short = run_with_input(data.path(), &ADMINISTRATOR, "short\n");
    assert_eq!(short.status.code(), Some(1));
    assert!(err(&short).contains("at least 12"), "{}", err(&short));
    let added = run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n");
    assert_eq!(added.status.code(), Some(0), "{}", err(&added));
    // P11-100a
    let again = run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n");
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("never given again"), "{}", err(&again));
}

#[test]
fn a_site_is_opened_once_with_a_key_of_its_own() {
    let data = TempDir::new().unwrap();
    let opened = run(data.path(), &SITE);
    assert_eq!(opened.status.code(), Some(0), "{}", err(&opened));
    assert!(data.path().join("keys/GE.key").exists());
    let again = run(data.path(), &SITE);
    assert_eq!(again.status.code(), Some(1));
    assert!(
        err(&again).contains("Site GE exists already"),
        "{}",
        err(&again)
    );
    let mut wrong = SITE;
    wrong[2] = "../GE";
    assert_eq!(run(data.path(), &wrong).status.code(), Some(1));
    wrong = SITE;
    wrong[8] = "a9999";
    let facility = run(data.path(), &wrong);
    assert_eq!(facility.status.code(), Some(2));
    assert!(
        err(&facility).contains("“a9999” is no ISBT 128 facility"),
        "{}",
        err(&facility)
    );
    wrong = SITE;
    wrong[2] = "PI";
    wrong[10] = "Genoa";
    let zone = run(data.path(), &wrong);
    assert_eq!(zone.status.code(), Some(1));
    assert!(
        err(&zone).contains("“Genoa” is no time zone"),
        "{}",
        err(&zone)
    );
    assert_eq!(
        out(&run(data.path(), &["site", "list"])),
        "GE\tCell lab\tisbt-128 A9999\tEurope/Rome\n"
    );
}

/// A file with this text.
fn file(data: &TempDir, name: &str, text: &str) -> String {
    let file = data.path().join(name);
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// The shipped specification as this version, with another limit.
fn specification(version: u32) -> String {
    domain::specification::BM_MSC
        .replacen("version = 1", &format!("version = {version}"), 1)
        .replacen("\">= 70\"", "\">= 80\"", 1)
}

#[test]
fn a_version_of_a_document_is_adopted_once_and_it_says_where_it_is_in_force() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    let add = |text: &str| {
        let file = file(&data, "specification.toml", text);
        run(data.path(), &["document", "add", &file])
    };
    let refused = |text: &str, words: &str| {
        let refused = add(text);
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains(words), "{}", err(&refused));
    };
    refused(&specification(1), "give the new text version 2");
    refused(&specification(4_294_967_295), "give this text version 2");
    let typo = specification(2).replace("\"final-product\"", "\"final-prodcut\"");
    refused(
        &typo,
        "in force at GE, don't fit: criterion “viability” is tested at sample point “final-prodcut”",
    );
    refused(
        &specification(2).replace("\">= 80\"", "\">= 0\""),
        "every value in % meets the limit ≥ 0 %",
    );
    refused(&specification(2).replace("\">= 80\"", "\"80\""), "line ");
    for words in [
        "v2 adopted. In force at GE.",
        "v2 is adopted already; nothing was changed.",
    ] {
        let added = add(&specification(2));
        assert_eq!(added.status.code(), Some(0), "{}", err(&added));
        assert_eq!(
            out(&added).trim_end(),
            format!("Specification BM-MSC {words}")
        );
    }
    let other = specification(1).replacen("key = \"BM-MSC\"", "key = \"OTHER\"", 1);
    assert!(
        out(&add(&other))
            .contains("In force at no site: put a site under it with autolog site change.")
    );
    let changed = run(
        data.path(),
        &[
            "site",
            "change",
            "GE",
            "--specification",
            "OTHER",
            "--reason",
            "new trial",
        ],
    );
    assert_eq!(changed.status.code(), Some(0), "{}", err(&changed));
    let listed = out(&run(data.path(), &["document", "list"]));
    let lines: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let shown: Vec<_> = lines.iter().map(|line| line[..4].join(" ")).collect();
    assert_eq!(
        shown,
        [
            "master-record BM-MSC v1 GE",
            "specification BM-MSC v2 -",
            "specification BM-MSC v1 -",
            "specification OTHER v1 GE",
        ]
    );
    let numbers = ["--donation-number", "D{year}-{number:4}"];
    let own = run(
        data.path(),
        &[
            &["site", "change", "GE", "--reason", "no licence"],
            &numbers[..],
        ]
        .concat(),
    );
    assert_eq!(own.status.code(), Some(0), "{}", err(&own));
    let sites = out(&run(data.path(), &["site", "list"]));
    assert!(sites.contains("own D{year}-{number:4}"), "{sites}");
    let nothing = run(
        data.path(),
        &[
            "site",
            "change",
            "GE",
            "--specification",
            "OTHER",
            "--reason",
            "again",
        ],
    );
    assert_eq!(nothing.status.code(), Some(1));
    assert!(
        err(&nothing).contains("as it shall be already"),
        "{}",
        err(&nothing)
    );
    let unknown = run(
        data.path(),
        &[
            "site",
            "change",
            "GE",
            "--master-record",
            "NONE",
            "--reason",
            "x",
        ],
    );
    assert!(
        err(&unknown).contains("No Master record NONE is adopted"),
        "{}",
        err(&unknown)
    );
    let verified = run(data.path(), &["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
}

#[test]
fn documents_are_checked_shown_and_compared() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    let record = file(&data, "record.toml", domain::master_record::BM_MSC);
    let new = file(&data, "new.toml", &specification(2));
    let fit = run(data.path(), &["document", "check", &record, &new]);
    assert_eq!(fit.status.code(), Some(0), "{}", err(&fit));
    assert!(
        out(&fit).contains("Specification BM-MSC v2 can be used."),
        "{}",
        out(&fit)
    );
    assert!(out(&fit).contains("fit."), "{}", out(&fit));
    let typo = file(
        &data,
        "typo.toml",
        &specification(2).replace("\"final-product\"", "\"x\""),
    );
    let misfit = run(data.path(), &["document", "check", &record, &typo]);
    assert_eq!(misfit.status.code(), Some(1));
    assert!(
        err(&misfit).contains("tested at sample point “x”"),
        "{}",
        err(&misfit)
    );
    let neither = file(&data, "neither.toml", "key = \"X\"");
    let neither = run(data.path(), &["document", "check", &neither]);
    assert_eq!(neither.status.code(), Some(1));
    assert!(
        err(&neither).contains("neither a master record"),
        "{}",
        err(&neither)
    );
    let shown = run(
        data.path(),
        &["document", "show", "specification:BM-MSC", "1"],
    );
    assert_eq!(out(&shown), domain::specification::BM_MSC);
    let both = run(data.path(), &["document", "show", "BM-MSC", "1"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(err(&both).contains("Say which"), "{}", err(&both));
    let mixed = run(
        data.path(),
        &["document", "diff", "specification:BM-MSC:1", &record],
    );
    assert_eq!(mixed.status.code(), Some(2));
    assert_eq!(out(&mixed), "");
    assert!(
        err(&mixed).contains("Name two documents of one kind"),
        "{}",
        err(&mixed)
    );
    let compared = run(
        data.path(),
        &["document", "diff", "specification:BM-MSC:1", &new],
    );
    for line in [
        "-version = 1",
        "+version = 2",
        "-limit = \">= 70\"",
        "+limit = \">= 80\"",
    ] {
        assert!(
            out(&compared).lines().any(|one| one == line),
            "{}",
            out(&compared)
        );
    }
}

#[test]
fn a_key_that_is_gone_stops_what_would_write() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    fs::remove_file(data.path().join("keys/org.key")).unwrap();
    let mut other = SITE;
    other[2] = "BA";
    let refused = run(data.path(), &other);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("org.key"), "{}", err(&refused));
}

// P11-10e: by the user of the system; the environment says what anybody wants it to.
#[cfg(unix)]
#[test]
fn who_runs_the_command_line_is_not_taken_from_the_environment() {
    let data = TempDir::new().unwrap();
    let mut add = autolog(data.path());
    for name in ["USER", "SUDO_USER", "USERNAME", "LOGNAME"] {
        add.env(name, "somebody.else");
    }
    let mut child = add
        .args(ADMINISTRATOR)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"a few words in a row\n").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    let export = out(&run(data.path(), &["export", "--ledger", "org"]));
    assert!(export.contains("Command line ("), "{export}");
    assert!(!export.contains("somebody.else"), "{export}");
}

// P11-10a2, P11-70: a person who changes an entry is found, without a database.
#[test]
fn an_export_is_verified_and_a_changed_line_is_named() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n");
    let verified = run(data.path(), &["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
    assert!(out(&verified).contains("Nothing is wrong"));
    let export = out(&run(data.path(), &["export", "--ledger", "org"]));
    assert!(export.contains("\"kind\":\"account-added\""), "{export}");
    assert!(
        !export.contains("argon2") && !export.contains("a few words"),
        "a secret is in the export"
    );
    let file = data.path().join("org.jsonl");
    let check = || run(data.path(), &["verify", "--export", file.to_str().unwrap()]);
    fs::write(&file, &export).unwrap();
    assert_eq!(check().status.code(), Some(0), "{}", out(&check()));
    let gap: Vec<_> = export
        .lines()
        .enumerate()
        .filter(|(number, _)| *number != 2)
        .map(|(_, line)| line)
        .collect();
    fs::write(&file, gap.join("\n") + "\n").unwrap();
    assert_eq!(check().status.code(), Some(1));
    assert!(out(&check()).contains("missing"), "{}", out(&check()));
    assert_eq!(
        run(data.path(), &["export", "--ledger", "XX"])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn read_tables_are_made_again_from_the_ledgers() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    let rebuilt = run(data.path(), &["rebuild"]);
    assert_eq!(rebuilt.status.code(), Some(0));
    assert!(
        out(&rebuilt).contains("the same as before"),
        "{}",
        out(&rebuilt)
    );
}

#[test]
fn a_demonstration_fills_an_empty_record_only() {
    let data = TempDir::new().unwrap();
    run(data.path(), &SITE);
    run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n");
    let before = out(&run(data.path(), &["export", "--ledger", "org"]));
    let demo = run(data.path(), &["demo"]);
    assert_eq!(demo.status.code(), Some(0));
    assert!(out(&demo).contains("Nothing was changed"), "{}", out(&demo));
    assert!(
        !out(&demo).contains("password"),
        "accounts that are not of the demonstration"
    );
    assert_eq!(
        out(&run(data.path(), &["export", "--ledger", "org"])),
        before
    );
}

const RESULTS: &str = "\u{feff}batch,weight_kg,viability-in-process,viability,cd105,cd73,cd90,cd45,cd31,hla-dr,osteogenic,\
chondrogenic,adipogenic,sterility,mycoplasma,endotoxin,karyotype\n\
B1,70,88,92,99,98.5,97,1,<0.5,3.2,present,present,present,no growth,not detected,<0.05,\"46,XY\"\n\
B2,70,88,69.4,99,98.5,97,5.5,<6,65,present,absent,present,,not detected,<5,\"46,XY\"\n";

fn spec_check(results: &str, more: &[&str]) -> Output {
    let data = TempDir::new().unwrap();
    let (specification, table) = (
        data.path().join("spec.toml"),
        data.path().join("results.csv"),
    );
    fs::write(&specification, domain::specification::BM_MSC).unwrap();
    fs::write(&table, results).unwrap();
    let mut arguments = vec![
        "spec",
        "check",
        "--specification",
        specification.to_str().unwrap(),
    ];
    arguments.extend(["--results", table.to_str().unwrap()]);
    arguments.extend(more);
    let output = run(data.path(), &arguments);
    assert!(!data.path().join("keys").exists(), "it needs no record");
    output
}

#[test]
fn results_are_judged_batch_by_batch_and_criterion_by_criterion() {
    let text = spec_check(RESULTS, &[]);
    assert_eq!(text.status.code(), Some(0), "{}", err(&text));
    assert!(
        out(&text).contains("B1: every criterion passes"),
        "{}",
        out(&text)
    );
    assert!(out(&text).contains("B2: not releasable"), "{}", out(&text));
    let json = spec_check(RESULTS, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(json["batches"][0]["releasable"], true);
    assert_eq!(json["batches"][1]["releasable"], false);
    assert_eq!(json["batches"][1]["blocking"][0], "viability");
}

#[test]
fn what_cannot_be_judged_is_refused_with_its_place() {
    let cases = [
        ("batch,viabilty\nB1,92\n", "row 1, column “viabilty”"),
        ("batch,viability\nB1,many\n", "row 2, column “viability”"),
        ("batch,viability\nB1,92,93\n", "row 2"),
        ("batch,viability\nB1,101\n", "row 2, column “viability”"),
        ("", "empty"),
    ];
    for (table, place) in cases {
        for format in ["text", "json"] {
            let refused = spec_check(table, &["--format", format]);
            assert_eq!(refused.status.code(), Some(2), "{table}");
            assert!(err(&refused).contains(place), "{table}: {}", err(&refused));
        }
    }
}

// Viability and purity of eight autologous products of bone marrow as Belotti et al. print them (BioMed Res Int 2015, 473159,
// Table 3): mean, median, lowest and highest; as a spreadsheet with decimal commas saves them.
#[test]
fn a_published_table_is_judged_as_a_spreadsheet_saves_it() {
    let table = "\u{feff}sep=;\r\nbatch;Purity (%);Viability (%);;\r\nmean;88,86;99,13 %;;\r\nmedian;90,60;99,87;;\r\n;;;;\r\n\
                 lowest;81,40;96,03;;\r\nhighest;96,20;99,97;;\r\n;;;;\r\n";
    let refused = spec_check(table, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("row 2, column “Purity (%)”")
            && err(&refused).contains("--ignore-other-columns"),
        "{}",
        err(&refused)
    );
    let judged = spec_check(
        table,
        &[
            "--ignore-other-columns",
            "--decimal-sign",
            "comma",
            "--format",
            "json",
        ],
    );
    assert_eq!(judged.status.code(), Some(0), "{}", err(&judged));
    let json: serde_json::Value = serde_json::from_str(&out(&judged)).unwrap();
    assert_eq!(json["ignored_columns"], serde_json::json!(["Purity (%)"]));
    let of = |batch: &serde_json::Value| {
        let criteria = batch["criteria"].as_array().unwrap();
        let viability = criteria
            .iter()
            .find(|one| one["key"] == "viability")
            .unwrap();
        (
            batch["batch"].clone(),
            batch["row"].clone(),
            viability["value_as_judged"].clone(),
        )
    };
    let read: Vec<_> = json["batches"].as_array().unwrap().iter().map(of).collect();
    let expected = [
        ("mean", 3, "99 %"),
        ("median", 4, "100 %"),
        ("lowest", 6, "96 %"),
        ("highest", 7, "100 %"),
    ];
    let expected = expected.map(|(batch, row, value)| (batch.into(), row.into(), value.into()));
    assert_eq!(read, expected);
    // The declared sign is the only one.
    let other = spec_check(
        table,
        &["--ignore-other-columns", "--decimal-sign", "point"],
    );
    assert!(
        err(&other).contains("row 3, column “Viability (%)”: “99,13 %” has a comma"),
        "{}",
        err(&other)
    );
}

#[test]
fn a_command_goes_on_where_nobody_reads_what_it_prints() {
    let data = TempDir::new().unwrap();
    assert!(
        run_with_input(data.path(), &ADMINISTRATOR, "a few words in a row\n")
            .status
            .success()
    );
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = autolog(data.path())
        .arg("verify")
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(err(&output), "");
}
