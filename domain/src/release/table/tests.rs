#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::specification::BM_MSC;

fn specification() -> Specification {
    Specification::parse(BM_MSC).unwrap()
}

/// Lines as a CSV file would give them, without quotes.
fn check(lines: &[&str]) -> Result<TableReport, TableRefused> {
    let mut rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| line.split(';').map(str::to_owned).collect())
        .collect();
    let header = rows.remove(0);
    check_table(&specification(), &header, &rows)
}

const ALL: &str = "batch;weight_kg;viability-in-process;viability;cd105;cd73;cd90;cd45;cd31;hla-dr;osteogenic;\
                   chondrogenic;adipogenic;sterility;mycoplasma;endotoxin;karyotype";
const PASSING: &str =
    "B1;70;88;92;99;98.5;97;1;<0.5;3.2;present;present;present;no growth;not detected;<0.05;46,XY";

#[test]
fn a_row_is_judged_criterion_by_criterion() {
    let report = check(&[
        ALL,
        PASSING,
        "B2;70;88;69.4;99;98.5;97;5.5;<6;65;present;absent;present;;not detected;<5;46,XY",
    ])
    .unwrap();
    assert!(report.batches[0].releasable && report.batches[0].releasable_finally);
    assert_eq!(
        report.batches[1].blocking,
        [
            "viability",
            "cd45",
            "cd31",
            "sterility",
            "endotoxin",
            "tri-lineage"
        ]
    );
    insta::assert_snapshot!(report.to_string());
}

#[test]
fn the_report_has_one_form_as_json() {
    let report = check(&["batch;viability", "B1;72"]).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["specification"], "BM-MSC v1");
    assert_eq!(json["batches"][0]["batch"], "B1");
    assert_eq!(json["batches"][0]["releasable"], false);
    let criteria = json["batches"][0]["criteria"].as_array().unwrap();
    let of = |key: &str| criteria.iter().find(|c| c["key"] == key).unwrap();
    assert_eq!(of("viability")["outcome"]["kind"], "pass");
    assert_eq!(of("viability")["value_as_judged"], "72 %");
    assert_eq!(of("cd105")["outcome"]["kind"], "missing");
    assert_eq!(of("hla-dr")["outcome"]["kind"], "informative");
}

#[test]
fn what_is_not_reported_is_missing_and_never_a_pass() {
    let headings: Vec<&str> = ALL.split(';').collect();
    let cells: Vec<&str> = PASSING.split(';').collect();
    for (number, heading) in headings.iter().enumerate().skip(1) {
        let without = |list: &[&str], cell: Option<&str>| {
            let mut list = list.to_vec();
            match cell {
                Some(cell) => list[number] = cell,
                None => drop(list.remove(number)),
            }
            list.join(";")
        };
        let informative = ["hla-dr", "karyotype"].contains(heading);
        // The cell is empty; the column is not there.
        for lines in [
            [ALL.to_owned(), without(&cells, Some(" "))],
            [without(&headings, None), without(&cells, None)],
        ] {
            let report = check(&lines.each_ref().map(String::as_str)).unwrap();
            assert_eq!(
                report.batches[0].releasable, informative,
                "without {heading}"
            );
        }
    }
}

#[test]
fn a_column_is_found_by_key_or_by_test() {
    let report = check(&[
        "Lot;Weight_kg;Viability;CD105;  cd73 ;Sterility",
        "L7;70;92;99;96;No growth",
    ])
    .unwrap();
    assert_eq!(report.batches[0].batch, "L7");
    let reported: Vec<_> = report.batches[0]
        .criteria
        .iter()
        .filter_map(|c| {
            c.value_as_judged
                .as_deref()
                .map(|value| (c.key.as_str(), value))
        })
        .collect();
    assert_eq!(
        reported,
        [
            ("viability", "92 %"),
            ("cd105", "99 %"),
            ("cd73", "96 %"),
            ("sterility", "no growth")
        ]
    );
}

#[test]
fn a_batch_without_a_name_is_named_by_its_row() {
    let report = check(&["viability", "92", "93"]).unwrap();
    assert_eq!(
        report
            .batches
            .iter()
            .map(|b| b.batch.as_str())
            .collect::<Vec<_>>(),
        ["row 2", "row 3"]
    );
}

#[test]
fn endotoxin_without_a_weight_is_not_a_pass() {
    let report = check(&["batch;endotoxin", "B1;<0.05"]).unwrap();
    let endotoxin = report.batches[0]
        .criteria
        .iter()
        .find(|c| c.key == "endotoxin")
        .unwrap();
    assert_eq!(endotoxin.outcome.word(), "indeterminate");
}

// A11-4.7, A11-5
#[test]
fn what_can_t_be_read_is_refused_with_row_and_column() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["batch;viabilty", "B1;92"],
            "row 1, column “viabilty”: BM-MSC v1 has no such criterion or test. Its criteria are viability-in-process, viability",
        ),
        (
            &["batch;", "B1;"],
            "row 1, column “”: BM-MSC v1 has no such criterion or test.",
        ),
        (
            &["viability;Viability", "92;92"],
            "row 1, column “Viability”: there is a column for this already",
        ),
        (
            &["batch;lot", "B1;B1"],
            "row 1, column “lot”: there is a column for this already",
        ),
        (
            &["batch;viability", "B1;101"],
            "row 2, column “viability”: 101 % can't be: the greatest possible value is 100 %.",
        ),
        (
            &["batch;viability", "B1;92", "B2;n/a"],
            "row 3, column “viability”: “n/a” is not a number.",
        ),
        (
            &["batch;sterility", "B1;sterile"],
            "row 2, column “sterility”: “sterile” is no result of Sterility. Enter one of: no growth; growth.",
        ),
        (
            &["batch;weight_kg", "B1;0"],
            "row 2, column “weight_kg”: a body weight is above zero",
        ),
        (
            &["batch;weight_kg", "B1;-70"],
            "row 2, column “weight_kg”: “-70” is below zero.",
        ),
        (
            &["batch;weight_kg", "B1;<70"],
            "row 2, column “weight_kg”: “<70”",
        ),
        (
            &["batch;viability", "B1"],
            "row 2: 1 cells under 2 headings",
        ),
        (
            &["batch;viability", "B1;92;93"],
            "row 2: 3 cells under 2 headings",
        ),
        (
            &["batch;viability", "B1;92", "B1;93"],
            "row 3: batch “B1” has a row already",
        ),
    ];
    for (lines, words) in cases {
        let refused = check(lines).unwrap_err();
        assert_eq!(refused.mistakes.len(), 1, "{refused}");
        assert!(
            refused.to_string().starts_with(words),
            "expected {words}, found {refused}"
        );
    }
}

#[test]
fn every_mistake_of_a_table_is_named_at_once() {
    let refused = check(&["batch;viability;cd45", "B1;101;x", "B2;92;1", "B3;-1;1"]).unwrap_err();
    let places: Vec<_> = refused
        .mistakes
        .iter()
        .map(|m| (m.row, m.column.as_deref()))
        .collect();
    assert_eq!(
        places,
        [
            (2, Some("viability")),
            (2, Some("cd45")),
            (4, Some("viability"))
        ]
    );
    // One a line, and no line without one.
    let words = refused.to_string();
    let lines: Vec<_> = words.split('\n').collect();
    assert_eq!(lines.len(), 3, "{words}");
    assert!(lines[0].starts_with("row 2, column “viability”"), "{words}");
}

#[test]
fn a_test_that_two_criteria_have_is_asked_for_by_its_key() {
    let text = BM_MSC.replace("\"Viability, in process\"", "\"Viability\"");
    let specification = Specification::parse(&text).unwrap();
    let refused = check_table(&specification, &["Viability".to_owned()], &[]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "row 1, column “Viability”: more than one criterion has this test. Write its key: viability-in-process, viability."
    );
}
