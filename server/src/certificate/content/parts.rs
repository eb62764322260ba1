//! What the sections are made of.

use super::CHANGED;
use crate::certificate::{
    layout::{Flow, MARGIN, Run, Style, WIDTH, height, paragraph, wrap},
    table::{Cell, Column, Table},
};
use domain::certificate::{DocumentOnPaper, Figure};

pub(super) const TEXT: Style = Style::regular(8.0);
pub(super) const STRONG: Style = Style::bold(8.0);
pub(super) const SMALL: Style = Style::regular(6.8);
pub(super) const LABEL: Style = Style::regular(7.0).grey(0.3);
pub(super) const HEADING: Style = Style::bold(10.0);

pub(super) fn section(
    flow: &mut Flow<'_>,
    title: &str,
    head: &[(&'static str, f32)],
    rows: Vec<Vec<Cell>>,
) {
    heading_over(
        flow,
        title,
        |flow, rows| Table::new(flow, WIDTH, &columns(head), &rows),
        rows,
    );
}

pub(super) fn section_or(
    flow: &mut Flow<'_>,
    title: &str,
    head: &[(&'static str, f32)],
    rows: Vec<Vec<Cell>>,
    none: &str,
) {
    if rows.is_empty() {
        heading_over(
            flow,
            title,
            wide_table,
            vec![vec![vec![paragraph(none, TEXT)]]],
        );
    } else {
        section(flow, title, head, rows);
    }
}

/// A heading that stays with the table below it.
pub(super) fn heading_over(
    flow: &mut Flow<'_>,
    title: &str,
    make: impl FnOnce(&Flow<'_>, Vec<Vec<Cell>>) -> Table,
    rows: Vec<Vec<Cell>>,
) {
    let table = make(flow, rows);
    let lines = wrap(flow.faces, &paragraph(title, HEADING), WIDTH);
    flow.gap(13.0);
    let both = height(&lines) + 2.0 + table.beginning(flow);
    flow.need(both.min(flow.bottom - flow.top));
    flow.lines(MARGIN, &lines);
    flow.gap(2.0);
    table.place(flow);
}

pub(super) fn wide(flow: &mut Flow<'_>, rows: Vec<Vec<Cell>>) {
    wide_table(flow, rows).place(flow);
}

/// A label and its value over the rest of the width; or one cell over all of it.
pub(super) fn wide_table(flow: &Flow<'_>, rows: Vec<Vec<Cell>>) -> Table {
    let pair = rows.iter().any(|row| row.len() > 1);
    let shares: &[(&'static str, f32)] = if pair {
        &[("", 88.0), ("", 387.0)]
    } else {
        &[("", 1.0)]
    };
    Table::new(flow, WIDTH, &columns(shares), &rows)
}

pub(super) fn columns(shares: &[(&'static str, f32)]) -> Vec<Column> {
    shares
        .iter()
        .map(|(head, share)| Column {
            head,
            share: *share,
        })
        .collect()
}

pub(super) fn run(text: &str, style: Style) -> Run {
    Run {
        text: text.to_owned(),
        style,
    }
}

pub(super) fn label(text: &str) -> Cell {
    vec![paragraph(text, LABEL)]
}

pub(super) fn strong(text: &str) -> Cell {
    vec![paragraph(text, STRONG)]
}

pub(super) fn figure(figure: &Figure) -> Cell {
    let mark = figure.changed.then(|| run(CHANGED, STRONG));
    vec![
        std::iter::once(run(&figure.text, TEXT))
            .chain(mark)
            .collect(),
    ]
}

pub(super) fn document(document: &DocumentOnPaper) -> Cell {
    vec![vec![
        run(&document.label, STRONG),
        run(&document.title, TEXT),
    ]]
}
