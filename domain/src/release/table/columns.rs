//! Which column of a table is what.

use super::{TableMistake, TableRefused};
use crate::specification::{Criterion, Specification};

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Column<'a> {
    /// The batch's name.
    Batch,
    /// The body weight in kg.
    Weight,
    /// Results for this criterion.
    Criterion(&'a Criterion),
}

/// Headings that name the batch.
const BATCH: [&str; 4] = ["batch", "batch_id", "batch_number", "lot"];
const WEIGHT: &str = "weight_kg";

/// Reads the header. A column that is not understood is refused: it may be a criterion misspelt, whose results would
/// be missing then.
pub fn columns<'a>(
    specification: &'a Specification,
    header: &[String],
) -> Result<Vec<Column<'a>>, TableRefused> {
    let mut columns = vec![];
    let mut mistakes = vec![];
    for heading in header.iter().map(|heading| heading.trim()) {
        match column(specification, heading) {
            Ok(column) if columns.contains(&column) => {
                mistakes.push(mistake(
                    heading,
                    "there is a column for this already; leave one out",
                ));
            }
            Ok(column) => columns.push(column),
            Err(reason) => mistakes.push(mistake(heading, reason)),
        }
    }
    if mistakes.is_empty() {
        Ok(columns)
    } else {
        Err(TableRefused { mistakes })
    }
}

fn mistake(heading: &str, reason: impl Into<String>) -> TableMistake {
    TableMistake {
        row: 1,
        column: Some(heading.to_owned()),
        reason: reason.into(),
    }
}

fn column<'a>(specification: &'a Specification, heading: &str) -> Result<Column<'a>, String> {
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
        [] => Err(format!(
            "{} has no such criterion or test. Its criteria are {}; a table may also have the columns batch and {WEIGHT}.",
            specification.label(),
            keys(specification.criteria.iter())
        )),
        _ => Err(format!(
            "more than one criterion has this test. Write its key: {}.",
            keys(of_test.into_iter())
        )),
    }
}

fn keys<'a>(criteria: impl Iterator<Item = &'a Criterion>) -> String {
    criteria
        .map(|criterion| criterion.key.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
