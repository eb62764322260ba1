//! The report as text, in columns.

use super::{BatchVerdict, TableReport};
use crate::release::{CriterionVerdict, GroupVerdict, Outcome};
use crate::specification::GroupRule;
use std::fmt;

const HEADINGS: [&str; 4] = ["criterion", "result", "limit", "verdict"];

/// For a terminal: each batch with its conclusion, then a line for each criterion and group.
impl fmt::Display for TableReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Specification {}", self.specification)?;
        if !self.ignored_columns.is_empty() {
            writeln!(f, "Left out: {}", self.ignored_columns.join(", "))?;
        }
        for batch in &self.batches {
            writeln!(f)?;
            print_batch(f, batch)?;
        }
        Ok(())
    }
}

fn print_batch(f: &mut fmt::Formatter<'_>, batch: &BatchVerdict) -> fmt::Result {
    let conclusion = match (batch.releasable, batch.releasable_finally) {
        (true, true) => "every criterion passes".to_owned(),
        (true, false) => "every criterion before release passes".to_owned(),
        (false, _) => format!("not releasable, because of {}", batch.blocking.join(", ")),
    };
    writeln!(f, "{}: {conclusion}", batch.batch)?;
    let lines: Vec<[String; 4]> = std::iter::once(HEADINGS.map(str::to_owned))
        .chain(batch.criteria.iter().map(criterion_line))
        .chain(batch.groups.iter().map(group_line))
        .collect();
    let width = |column: usize| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (key, result, limit) = (width(0), width(1), width(2));
    for [first, second, third, last] in &lines {
        writeln!(
            f,
            "  {first:key$}  {second:result$}  {third:limit$}  {last}"
        )?;
    }
    Ok(())
}

fn criterion_line(criterion: &CriterionVerdict) -> [String; 4] {
    let result = criterion
        .value_as_judged
        .as_deref()
        .unwrap_or("not reported");
    [
        criterion.key.clone(),
        result.to_owned(),
        criterion.limit_text.clone(),
        verdict(&criterion.outcome),
    ]
}

fn group_line(group: &GroupVerdict) -> [String; 4] {
    let rule = match group.rule {
        GroupRule::OneOf => "one of",
        GroupRule::EachOf => "each of",
    };
    [
        group.key.clone(),
        String::new(),
        format!("{rule}: {}", group.criteria.join(", ")),
        verdict(&group.outcome),
    ]
}

fn verdict(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Indeterminate { why } => format!("{}: {why}", outcome.word()),
        _ => outcome.word().to_owned(),
    }
}
