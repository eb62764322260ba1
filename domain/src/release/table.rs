//! Judges a table of results: a row for each batch, a column for each test.
//!
//! Every result in the table is taken as reviewed: the table can't say by whom. An empty cell is a test that was not
//! reported, and that is missing.

mod columns;
mod text;

use super::{CriterionVerdict, Evidence, EvidenceState, GroupVerdict, ResultValue, evaluate};
use crate::{
    batch::{body_weight, plausible_weight},
    decimal::DecimalSign,
    specification::{Specification, Stage},
    text::alike,
    typed,
};
use columns::{Column, columns};
use rust_decimal::Decimal;
use serde::Serialize;
use std::{collections::BTreeSet, fmt};

/// A table as it was read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The row of the headings.
    pub header: TableRow,
    /// The rows below, in their order.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its number as a spreadsheet shows it, from 1.
    pub number: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What is declared about a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableReading {
    /// The decimal sign of its numbers. [`DecimalSign::Either`] where nobody declared it: then a number that can be read
    /// in two ways is refused.
    pub decimal_sign: DecimalSign,
    /// Whether columns that the specification doesn't have are left out.
    pub ignore_other_columns: bool,
}

/// The verdicts on a table of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// The specification and its version: `BM-MSC v3`.
    pub specification: String,
    /// Headings of the columns that were left out.
    pub ignored_columns: Vec<String>,
    /// A verdict for each row, in the order of the rows.
    pub batches: Vec<BatchVerdict>,
}

/// The verdict on one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchVerdict {
    /// The batch as the table names it, else its row: `row 2`.
    pub batch: String,
    /// The row in the table, as a spreadsheet counts.
    pub row: usize,
    /// The body weight, where the table has it.
    pub weight_kg: Option<Decimal>,
    /// Whether the criteria allow release (stage 1).
    pub releasable: bool,
    /// Whether every judged criterion passes, those after release too.
    pub releasable_finally: bool,
    /// Keys of the criteria and groups in the way of release.
    pub blocking: Vec<String>,
    /// Every criterion, in the order of the specification.
    pub criteria: Vec<CriterionVerdict>,
    /// Every group, in the order of the specification.
    pub groups: Vec<GroupVerdict>,
}

/// What can't be read in a table; nothing of it is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct TableRefused {
    /// Every mistake, in the order of the table.
    pub mistakes: Vec<TableMistake>,
}

/// One mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableMistake {
    /// The row, as a spreadsheet counts.
    pub row: usize,
    /// The column by its header; `None` where it is about the whole row.
    pub column: Option<String>,
    /// What is wrong, and what to write instead.
    pub reason: String,
}

impl fmt::Display for TableMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "row {}, column “{column}”: {}", self.row, self.reason),
            None => write!(f, "row {}: {}", self.row, self.reason),
        }
    }
}

impl fmt::Display for TableRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            mistake.fmt(f)?;
        }
        Ok(())
    }
}

/// Judges a table of results by a specification.
///
/// A column is headed by the key of a criterion, or by its test where only one criterion has it; `batch` names the
/// batch, `weight_kg` gives the body weight. A cell holds a result as a person types it: `97`, `<0.05`, `no growth`;
/// empty means not reported. A row without a cell that is filled is none, and so is a column without a heading and a cell.
///
/// # Errors
/// [`TableRefused`] with every unknown column and every cell that can't be read.
pub fn check_table(
    specification: &Specification,
    table: &Table,
    reading: TableReading,
) -> Result<TableReport, TableRefused> {
    let columns = columns(specification, &table.header, reading.ignore_other_columns)?;
    let mut mistakes = vec![];
    let mut named = BTreeSet::new();
    let mut batches = vec![];
    let filled = |row: &&TableRow| row.cells.iter().any(|cell| !is_blank(cell));
    for row in table.rows.iter().filter(filled) {
        let number = row.number;
        match read_row(&columns, &table.header.cells, row, reading.decimal_sign) {
            Ok(row) if !named.insert(alike(&row.batch)) => mistakes.push(TableMistake {
                row: number,
                column: None,
                reason: format!(
                    "batch “{}” has a row already, in this spelling or one that reads the same; write each batch in one row",
                    row.batch
                ),
            }),
            Ok(row) => batches.push(judge_row(specification, row, number)),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if mistakes.is_empty() && batches.is_empty() {
        mistakes.push(TableMistake {
            row: table.header.number,
            column: None,
            reason: "no row below the headings has a result; write each batch in one row"
                .to_owned(),
        });
    }
    if mistakes.is_empty() {
        let ignored = table.header.cells.iter().zip(&columns);
        Ok(TableReport {
            specification: specification.label(),
            ignored_columns: ignored
                .filter(|(_, column)| **column == Column::Ignored)
                .map(|(heading, _)| heading.trim().to_owned())
                .collect(),
            batches,
        })
    } else {
        Err(TableRefused { mistakes })
    }
}

/// One row as it is read.
struct Row {
    batch: String,
    weight_kg: Option<Decimal>,
    evidence: Vec<Evidence>,
}

fn read_row(
    columns: &[Column<'_>],
    header: &[String],
    row: &TableRow,
    decimal_sign: DecimalSign,
) -> Result<Row, Vec<TableMistake>> {
    let (cells, number) = (&row.cells, row.number);
    let beyond = cells.get(header.len()..).unwrap_or_default();
    if cells.len() < header.len() || !beyond.iter().all(|cell| is_blank(cell)) {
        let reason = format!(
            "{} cells under {} headings; a cell that is not reported stays empty, its separator stays",
            cells.len(),
            header.len()
        );
        return Err(vec![TableMistake {
            row: number,
            column: None,
            reason,
        }]);
    }
    let mut row = Row {
        batch: format!("row {number}"),
        weight_kg: None,
        evidence: vec![],
    };
    let mut mistakes = vec![];
    for (place, ((column, heading), cell)) in columns.iter().zip(header).zip(cells).enumerate() {
        if is_blank(cell) {
            continue;
        }
        if let Err(reason) = read_cell(&mut row, column, cell.trim(), decimal_sign) {
            mistakes.push(TableMistake {
                row: number,
                column: Some(heading_or_place(heading, place)),
                reason,
            });
        }
    }
    if mistakes.is_empty() {
        Ok(row)
    } else {
        Err(mistakes)
    }
}

/// Nothing that a person sees stands in it.
fn is_blank(cell: &str) -> bool {
    typed::without_invisible(cell).trim().is_empty()
}

/// A heading, or which column it is where there is none.
fn heading_or_place(heading: &str, place: usize) -> String {
    match heading.trim() {
        "" => format!("{}, without a heading", place + 1),
        heading => heading.to_owned(),
    }
}

fn read_cell(
    row: &mut Row,
    column: &Column<'_>,
    cell: &str,
    decimal_sign: DecimalSign,
) -> Result<(), String> {
    match column {
        Column::Ignored => {}
        Column::Blank => {
            return Err("a value stands in a column without a heading; name the column".to_owned());
        }
        Column::Batch => match typed::invisible(cell) {
            Some(name) => {
                return Err(format!(
                    "the batch holds an invisible character ({name}); write it again"
                ));
            }
            None => row.batch = cell.to_owned(),
        },
        Column::Weight => {
            let weight = body_weight()
                .read_non_negative(cell, decimal_sign)
                .map_err(|why| why.to_string())?;
            if weight.is_zero() {
                return Err(
                    "a body weight is above zero; leave the cell empty where it is not known"
                        .to_owned(),
                );
            }
            row.weight_kg = Some(plausible_weight(weight).map_err(|why| why.to_string())?);
        }
        Column::Criterion(criterion) => {
            let read = ResultValue::read_declared(cell, criterion, decimal_sign);
            let value = read.map_err(|refused| {
                format!("{refused} Leave the cell empty where nothing is reported.")
            })?;
            row.evidence.push(Evidence {
                criterion: criterion.key.clone(),
                sample: None,
                state: EvidenceState::Result {
                    value,
                    reviewed: true,
                    read: None,
                },
            });
        }
    }
    Ok(())
}

fn judge_row(specification: &Specification, row: Row, number: usize) -> BatchVerdict {
    let verdict = evaluate(specification, &row.evidence, row.weight_kg);
    let release = verdict.stage(Stage::BeforeRelease);
    BatchVerdict {
        batch: row.batch,
        row: number,
        weight_kg: row.weight_kg,
        releasable: release.releasable,
        releasable_finally: verdict.releasable_finally(),
        blocking: release.blocking,
        criteria: verdict.criteria,
        groups: verdict.groups,
    }
}

#[cfg(test)]
mod tests;
