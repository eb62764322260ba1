//! Results as an analyst types them, limits as a document writes them, and tables of results.

use crate::corpus::{attack, short_words, traps};
use domain::{
    decimal::DecimalSign,
    measure::Measure,
    release::{
        ResultValue,
        table::{Table, TableReading, TableRefused, TableReport, TableRow, check_table},
    },
    specification::{BM_MSC, Limit, Specification},
};
use rust_decimal::Decimal;

fn specification() -> Specification {
    Specification::parse(BM_MSC).unwrap()
}

fn result(specification: &Specification, text: &str) {
    for criterion in &specification.criteria {
        match ResultValue::read(text, criterion) {
            Ok(value) => {
                let again = ResultValue::read(&value.to_string(), criterion);
                assert_eq!(again.as_ref(), Ok(&value), "{text:?} of {}", criterion.key);
                if let Some(number) = value.number() {
                    assert!(
                        criterion.unit().check(number).is_ok(),
                        "{text:?} of {}",
                        criterion.key
                    );
                }
            }
            Err(refused) => short_words(&refused),
        }
    }
}

#[test]
fn a_result_is_printed_and_read_back() {
    let specification = specification();
    attack("results", |text| result(&specification, text));
    for trap in traps() {
        result(&specification, &trap);
        result(&specification, &format!("<{trap}"));
    }
}

fn limit(text: &str) {
    match text.parse::<Limit>() {
        Ok(limit) => {
            let printed = limit.text(Measure::PLAIN, None, None);
            assert_eq!(
                printed.parse(),
                Ok(limit.clone()),
                "{text:?} as {printed:?}"
            );
            // Of one bound, its sign says whether the bound itself is within.
            if !text.contains(" and ") {
                let within = limit.bounds().unwrap();
                let bound = within.0.or(within.1).unwrap();
                assert_eq!(bound.inclusive, text.contains(['=', '≥', '≤']), "{text:?}");
            }
            // Something can meet it, and what it admits lies within its bounds.
            let (low, high) = limit.bounds().unwrap();
            for bound in [low, high].into_iter().flatten() {
                assert_eq!(
                    limit.admits(bound.value),
                    bound.inclusive,
                    "{text:?} at {}",
                    bound.value
                );
                let beyond = bound.value + Decimal::new(1, 9);
                assert!(
                    high.is_none() || high != Some(bound) || !limit.admits(beyond),
                    "{text:?}"
                );
                let below = bound.value - Decimal::new(1, 9);
                assert!(
                    low.is_none() || low != Some(bound) || !limit.admits(below),
                    "{text:?}"
                );
            }
        }
        Err(refused) => short_words(&refused),
    }
}

#[test]
fn a_limit_is_printed_and_read_back() {
    attack("limits", limit);
    for trap in traps() {
        limit(&trap);
        limit(&format!(">= {trap}"));
        limit(&format!(">= 1 and {trap}"));
    }
    limit(&">= 1 and ".repeat(10_000));
}

fn is_hidden(sign: char) -> bool {
    domain::typed::invisible(&sign.to_string()).is_some()
}

/// A table of cells.
fn table(specification: &Specification, text: &str) {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let Ok(header) = reader.headers().map(cells) else {
        return;
    };
    let rows: Result<Vec<_>, _> = reader
        .records()
        .map(|row| row.map(|row| cells(&row)))
        .collect();
    let Ok(rows) = rows else { return };
    let numbered = |(cells, number): (&Vec<String>, usize)| TableRow {
        number,
        cells: cells.clone(),
    };
    let read = Table {
        header: numbered((&header, 1)),
        rows: rows.iter().zip(2..).map(numbered).collect(),
    };
    for ignore_other_columns in [true, false] {
        let reading = TableReading {
            decimal_sign: DecimalSign::Either,
            ignore_other_columns,
        };
        verdicts(
            specification,
            text,
            &header,
            &rows,
            check_table(specification, &read, reading),
        );
    }
}

/// What is judged is in the table, or every mistake has its row.
fn verdicts(
    specification: &Specification,
    text: &str,
    header: &[String],
    rows: &[Vec<String>],
    judged: Result<TableReport, TableRefused>,
) {
    match judged {
        Ok(report) => {
            let filled = |row: &&Vec<String>| {
                row.iter().any(|cell| {
                    cell.chars()
                        .any(|sign| !sign.is_whitespace() && !is_hidden(sign))
                })
            };
            assert_eq!(
                report.batches.len(),
                rows.iter().filter(filled).count(),
                "{text:?}"
            );
            for batch in &report.batches {
                assert_eq!(batch.criteria.len(), specification.criteria.len());
                // A cell that is empty is never a pass.
                let row = &rows[batch.row - 2];
                for criterion in &batch.criteria {
                    let column = header.iter().position(|one| {
                        let one = one.trim().to_lowercase();
                        // A unit may stand behind the name.
                        let rest = [&criterion.key, &criterion.test]
                            .into_iter()
                            .find_map(|name| one.strip_prefix(&name.to_lowercase()));
                        rest.is_some_and(|rest| {
                            rest.is_empty() || rest.trim_start().starts_with(['(', '[', ',', '%'])
                        })
                    });
                    let reported = column.is_some_and(|column| !row[column].trim().is_empty());
                    assert!(reported || criterion.value_as_judged.is_none(), "{text:?}");
                }
                assert!(batch.releasable == batch.blocking.is_empty(), "{text:?}");
            }
        }
        Err(refused) => {
            assert!(!refused.mistakes.is_empty(), "{text:?}");
            for mistake in &refused.mistakes {
                assert!((1..=rows.len() + 1).contains(&mistake.row), "{text:?}");
            }
        }
    }
}

#[test]
fn a_table_is_judged_whole_or_refused_with_its_mistakes() {
    let specification = specification();
    attack("tables", |text| table(&specification, text));
    for trap in traps() {
        table(&specification, &trap);
        table(&specification, &format!("batch,viability\nB1,{trap}\n"));
    }
    table(
        &specification,
        &format!("batch,viability\n{}", "B,1\n".repeat(10_000)),
    );
    table(&specification, &"viability,".repeat(2_000));
}
