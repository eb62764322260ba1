//! Which column of a table is what.

use super::{TableMistake, TableRefused, TableRow};
use crate::{
    measure::Measure,
    specification::{Criterion, Specification},
};

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Column<'a> {
    /// The batch's name.
    Batch,
    /// The body weight in kg.
    Weight,
    /// Results for this criterion.
    Criterion(&'a Criterion),
    /// Nothing: spreadsheets write empty columns after the last one.
    Blank,
    /// What the specification doesn't have, left out on demand.
    Ignored,
}

/// Headings that name the batch.
const BATCH: [&str; 4] = ["batch", "batch_id", "batch_number", "lot"];
const WEIGHT: &str = "weight_kg";

/// Why a heading names no column.
enum NoColumn {
    /// The specification doesn't have it.
    Unknown(String),
    /// It has it, and the heading is wrong all the same.
    Wrong(String),
}

/// Reads the header. A column that is not understood is refused, unless it is to be left out: it may be a criterion
/// misspelt, whose results would be missing then.
pub fn columns<'a>(
    specification: &'a Specification,
    header: &TableRow,
    ignore_others: bool,
) -> Result<Vec<Column<'a>>, TableRefused> {
    let mut columns = vec![];
    let mut mistakes = vec![];
    let mistake = |heading: &str, reason: String| TableMistake {
        row: header.number,
        column: Some(heading.to_owned()),
        reason,
    };
    for heading in header.cells.iter().map(|heading| heading.trim()) {
        match column(specification, heading) {
            Ok(column) if column != Column::Blank && columns.contains(&column) => {
                let reason = "there is a column for this already; leave one out";
                mistakes.push(mistake(heading, reason.to_owned()));
            }
            Ok(column) => columns.push(column),
            Err(NoColumn::Unknown(_)) if ignore_others => columns.push(Column::Ignored),
            Err(NoColumn::Unknown(reason) | NoColumn::Wrong(reason)) => {
                mistakes.push(mistake(heading, reason));
            }
        }
    }
    let judges = |column: &Column<'_>| matches!(column, Column::Criterion(_));
    if mistakes.is_empty() && ignore_others && !columns.iter().any(judges) {
        mistakes.push(TableMistake {
            row: header.number,
            column: None,
            reason: format!(
                "no column is a criterion of {}. Its criteria are {}.",
                specification.label(),
                keys(specification.criteria.iter())
            ),
        });
    }
    if mistakes.is_empty() {
        Ok(columns)
    } else {
        Err(TableRefused { mistakes })
    }
}

fn column<'a>(specification: &'a Specification, heading: &str) -> Result<Column<'a>, NoColumn> {
    if heading.is_empty() {
        return Ok(Column::Blank);
    }
    match named(specification, heading) {
        Ok(column) => Ok(column),
        Err(NoColumn::Wrong(reason)) => Err(NoColumn::Wrong(reason)),
        Err(NoColumn::Unknown(reason)) => {
            let Some((name, unit)) = with_unit(heading) else {
                return Err(NoColumn::Unknown(reason));
            };
            match named(specification, name) {
                Ok(column) => in_unit(column, unit),
                Err(NoColumn::Wrong(reason)) => Err(NoColumn::Wrong(reason)),
                Err(NoColumn::Unknown(_)) => Err(NoColumn::Unknown(reason)),
            }
        }
    }
}

/// A heading with its unit: `Viability (%)`, `Viability [%]`, `Viability, %`.
fn with_unit(heading: &str) -> Option<(&str, &str)> {
    for (open, close) in [('(', ")"), ('[', "]")] {
        if let Some((name, unit)) = heading
            .strip_suffix(close)
            .and_then(|text| text.rsplit_once(open))
        {
            return Some((name.trim(), unit.trim()));
        }
    }
    if let Some((name, unit)) = heading.rsplit_once(',') {
        return Some((name.trim(), unit.trim()));
    }
    let name = heading.strip_suffix('%')?;
    Some((name.trim(), "%"))
}

/// The column, where its unit is the one that the heading says.
fn in_unit<'a>(column: Column<'a>, unit: &str) -> Result<Column<'a>, NoColumn> {
    let own = match column {
        Column::Criterion(criterion) => criterion.unit(),
        Column::Weight => Measure::KILOGRAM,
        Column::Batch | Column::Blank | Column::Ignored => Measure::PLAIN,
    };
    if unit.parse() == Ok(own) {
        return Ok(column);
    }
    let own = own.symbol();
    Err(NoColumn::Wrong(format!(
        "the heading says {unit}, and the specification has this in {own}. Nothing is converted: write the results in {own}."
    )))
}

fn named<'a>(specification: &'a Specification, heading: &str) -> Result<Column<'a>, NoColumn> {
    // A criterion first: a specification may have one whose key is “lot”.
    if let Some(criterion) = specification.criterion(heading) {
        return Ok(Column::Criterion(criterion));
    }
    let lower = heading.to_lowercase();
    if BATCH.contains(&lower.as_str()) {
        return Ok(Column::Batch);
    }
    if lower == WEIGHT {
        return Ok(Column::Weight);
    }
    let of_test: Vec<_> = specification
        .criteria
        .iter()
        .filter(|criterion| criterion.test.to_lowercase() == lower)
        .collect();
    match of_test[..] {
        [criterion] => Ok(Column::Criterion(criterion)),
        [] => Err(NoColumn::Unknown(format!(
            "{} has no such criterion or test. Its criteria are {}; a table may also have the columns batch and {WEIGHT}. \
             To leave other columns out, add --ignore-other-columns.",
            specification.label(),
            keys(specification.criteria.iter())
        ))),
        _ => Err(NoColumn::Wrong(format!(
            "more than one criterion has this test. Write its key: {}.",
            keys(of_test.into_iter())
        ))),
    }
}

fn keys<'a>(criteria: impl Iterator<Item = &'a Criterion>) -> String {
    criteria
        .map(|criterion| criterion.key.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
