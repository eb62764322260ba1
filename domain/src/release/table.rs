//! Judges a table of results: a row for each batch, a column for each test.
//!
//! Every result in the table is taken as reviewed: the table can't say by whom. An empty cell is a test that was not
//! reported, and that is missing.

mod columns;
mod text;

use super::{CriterionVerdict, Evidence, EvidenceState, GroupVerdict, ResultValue, evaluate};
use crate::specification::{Specification, Stage};
use columns::{Column, columns};
use rust_decimal::Decimal;
use serde::Serialize;
use std::{collections::BTreeSet, fmt};

/// The verdicts on a table of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// The specification and its version: `BM-MSC v3`.
    pub specification: String,
    /// A verdict for each row, in the order of the rows.
    pub batches: Vec<BatchVerdict>,
}

/// The verdict on one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchVerdict {
    /// The batch as the table names it, else its row: `row 2`.
    pub batch: String,
    /// The row in the table; the header is row 1.
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
    /// The row; the header is row 1.
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
/// empty means not reported.
///
/// # Errors
/// [`TableRefused`] with every unknown column and every cell that can't be read.
pub fn check_table(
    specification: &Specification,
    header: &[String],
    rows: &[Vec<String>],
) -> Result<TableReport, TableRefused> {
    let columns = columns(specification, header)?;
    let mut mistakes = vec![];
    let mut named = BTreeSet::new();
    let mut batches = vec![];
    for (cells, number) in rows.iter().zip(2..) {
        match read_row(&columns, header, cells, number) {
            Ok(row) if !named.insert(row.batch.clone()) => mistakes.push(TableMistake {
                row: number,
                column: None,
                reason: format!(
                    "batch “{}” has a row already; write each batch in one row",
                    row.batch
                ),
            }),
            Ok(row) => batches.push(judge_row(specification, row, number)),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if mistakes.is_empty() {
        Ok(TableReport {
            specification: specification.label(),
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
    cells: &[String],
    number: usize,
) -> Result<Row, Vec<TableMistake>> {
    if cells.len() != header.len() {
        let reason = format!(
            "{} cells under {} headings; a cell that is not reported stays empty, its comma stays",
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
    for ((column, heading), cell) in columns.iter().zip(header).zip(cells) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        if let Err(reason) = read_cell(&mut row, column, cell) {
            mistakes.push(TableMistake {
                row: number,
                column: Some(heading.trim().to_owned()),
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

fn read_cell(row: &mut Row, column: &Column<'_>, cell: &str) -> Result<(), String> {
    match column {
        Column::Batch => row.batch = cell.to_owned(),
        Column::Weight => {
            let weight = crate::decimal::parse_non_negative(cell).map_err(|e| e.to_string())?;
            if weight.is_zero() {
                return Err(
                    "a body weight is above zero; leave the cell empty where it is not known"
                        .to_owned(),
                );
            }
            row.weight_kg = Some(weight);
        }
        Column::Criterion(criterion) => {
            let value = ResultValue::read(cell, criterion).map_err(|refused| {
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
