#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::specification::BM_MSC;

fn specification() -> Specification {
    Specification::parse(BM_MSC).unwrap()
}

/// Lines as a CSV file would give them, without quotes.
fn table(lines: &[&str]) -> Table {
    let mut rows: Vec<TableRow> = lines
        .iter()
        .zip(1..)
        .map(|(line, number)| TableRow {
            number,
            cells: line.split(';').map(str::to_owned).collect(),
        })
        .collect();
    Table {
        header: rows.remove(0),
        rows,
    }
}

const UNDECLARED: TableReading = TableReading {
    decimal_sign: DecimalSign::Either,
    ignore_other_columns: false,
};

fn check(lines: &[&str]) -> Result<TableReport, TableRefused> {
    check_table(&specification(), &table(lines), UNDECLARED)
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
            &["batch;weight_kg", "B1;60500"],
            "row 2, column “weight_kg”: Body weight 60500 kg is not plausible: a body weighs 2 to 400 kg.",
        ),
        (
            &["batch;weight_kg", "B1;1.9"],
            "row 2, column “weight_kg”: Body weight 1.9 kg is not plausible",
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
        (
            &["batch;viability", "B 1;92", " b  1 ;93"],
            "row 3: batch “b  1” has a row already, in this spelling or one that reads the same",
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
    let refused = check_table(&specification, &table(&["Viability"]), UNDECLARED).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "row 1, column “Viability”: more than one criterion has this test. Write its key: viability-in-process, viability."
    );
}

/// The value of a criterion as it is judged, by the name of the batch.
fn judged(report: &TableReport, key: &str) -> Vec<(String, String)> {
    let of = |batch: &BatchVerdict| {
        let criterion = batch.criteria.iter().find(|one| one.key == key).unwrap();
        let value = criterion.value_as_judged.clone().unwrap_or_default();
        (batch.batch.clone(), value)
    };
    report.batches.iter().map(of).collect()
}

#[test]
fn an_empty_row_is_no_batch_and_an_empty_column_no_test() {
    let report = check(&[
        "batch;viability;;",
        "B1;92;;",
        ";;;",
        " ; \u{a0};;",
        "B2;93;;",
        "\u{feff};;;",
    ])
    .unwrap();
    let names: Vec<_> = report
        .batches
        .iter()
        .map(|one| (one.batch.as_str(), one.row))
        .collect();
    assert_eq!(names, [("B1", 2), ("B2", 5)]);
    // More cells than headings, all empty.
    assert!(check(&["batch;viability", "B1;92;;"]).is_ok());
    for (lines, words) in [
        (
            &["batch;viability;", "B1;92;5"][..],
            "row 2, column “3, without a heading”: a value stands in a column without a heading",
        ),
        (
            &["batch;viability", "B1;92;;5"][..],
            "row 2: 4 cells under 2 headings",
        ),
        (
            &["batch;viability", ";;"][..],
            "row 1: no row below the headings has a result",
        ),
        (
            &["batch;viability", "B\u{200b}1;92"][..],
            "row 2, column “batch”: the batch holds an invisible character (zero-width space)",
        ),
    ] {
        let refused = check(lines).unwrap_err().to_string();
        assert!(refused.starts_with(words), "{refused}");
    }
}

#[test]
fn a_heading_may_say_the_unit_and_a_cell_the_per_cent() {
    for heading in [
        "Viability (%)",
        "viability [%]",
        "Viability, %",
        "Viability %",
        "viability",
    ] {
        for cell in ["97.6 %", "97.6%", "97,6", "97.6"] {
            let report = check(&[&format!("batch;{heading}"), &format!("B1;{cell}")]).unwrap();
            assert_eq!(
                judged(&report, "viability"),
                [("B1".to_owned(), "98 %".to_owned())],
                "{heading} {cell}"
            );
        }
    }
    for (lines, words) in [
        (
            &["batch;Viability (cells)", "B1;97"][..],
            "row 1, column “Viability (cells)”: the heading says cells, and the specification has this in %.",
        ),
        (
            &["batch;viability", "B1;97 mL"][..],
            "row 2, column “viability”: “97 mL” is in mL; this field is in %.",
        ),
        (
            &["batch;viability;Viability (%)", "B1;97;97"][..],
            "row 1, column “Viability (%)”: there is a column for this already",
        ),
    ] {
        let refused = check(lines).unwrap_err().to_string();
        assert!(refused.starts_with(words), "{refused}");
    }
}

#[test]
fn other_columns_are_left_out_on_demand_and_named() {
    let lines = ["batch;Operator;viability;Run", "B1;Rossi;92;=x", "B2;;93;"];
    let refused = check(&lines).unwrap_err().to_string();
    assert!(
        refused.contains("To leave other columns out, add --ignore-other-columns."),
        "{refused}"
    );
    let ignoring = TableReading {
        ignore_other_columns: true,
        ..UNDECLARED
    };
    let report = check_table(&specification(), &table(&lines), ignoring).unwrap();
    assert_eq!(report.ignored_columns, ["Operator", "Run"]);
    assert!(report.to_string().contains("Left out: Operator, Run"));
    assert_eq!(report.batches.len(), 2);
    // A criterion in another unit, or twice, is no other column.
    for lines in [
        ["batch;Viability (cells)", "B1;97"],
        ["batch;viability;viability", "B1;97;97"],
        ["batch;Operator", "B1;x"],
    ] {
        assert!(
            check_table(&specification(), &table(&lines), ignoring).is_err(),
            "{lines:?}"
        );
    }
}

// Three decimals as a Vi-CELL exports them; percentages of Belotti et al., BioMed Res Int 2015, 473159, Table 3: mean, lowest
// and highest viability of eight batches.
#[test]
fn a_number_of_a_table_is_read_by_its_declared_sign_or_in_its_one_reading() {
    let read = |cell: &str, decimal_sign| {
        let lines = ["batch;viability".to_owned(), format!("B1;{cell}")];
        let reading = TableReading {
            decimal_sign,
            ..UNDECLARED
        };
        let report = check_table(
            &specification(),
            &table(&lines.each_ref().map(String::as_str)),
            reading,
        );
        report
            .map(|report| judged(&report, "viability").remove(0).1)
            .map_err(|refused| refused.to_string())
    };
    for (cell, sign, value) in [
        ("97.647", DecimalSign::Either, "98 %"),
        ("99,130", DecimalSign::Either, "99 %"),
        ("99.13", DecimalSign::Point, "99 %"),
        ("96.03", DecimalSign::Point, "96 %"),
        ("99,97", DecimalSign::Comma, "100 %"),
        ("97.647", DecimalSign::Point, "98 %"),
        ("97,647", DecimalSign::Comma, "98 %"),
        ("< 69,4", DecimalSign::Comma, "< 69.4 %"),
    ] {
        assert_eq!(read(cell, sign).as_deref(), Ok(value), "{cell}");
    }
    for (cell, sign) in [("97,6", DecimalSign::Point), ("97.6", DecimalSign::Comma)] {
        let refused = read(cell, sign).unwrap_err();
        assert!(
            refused.starts_with("row 2, column “viability”:")
                && refused.contains("is declared as the"),
            "{refused}"
        );
    }
}
