//! The first page: what it is, whether the batch complies, and which batch it is.

use super::parts::{SMALL, STRONG, TEXT, columns, document, figure, label, run, strong, wide};
use crate::certificate::{
    layout::{Flow, MARGIN, Mark, Paragraph, Style, WIDTH, height, paragraph, wrap},
    table::{Cell, Table},
};
use domain::certificate::{Certificate, Status};

pub(super) fn title(flow: &mut Flow<'_>, certificate: &Certificate) {
    flow.paragraph(&paragraph("Certificate of analysis", Style::bold(19.0)));
    flow.gap(1.0);
    flow.paragraph(&vec![
        run(&certificate.number, Style::bold(11.0)),
        run("–", Style::regular(11.0)),
        run(certificate.status.word(), Style::bold(11.0)),
    ]);
    flow.gap(7.0);
}

/// The verdict at a glance: white on black where the batch complies, a heavy empty frame where nothing may be released.
pub(super) fn verdict(flow: &mut Flow<'_>, certificate: &Certificate) {
    let stands = certificate.status == Status::Final;
    let word = if stands {
        "COMPLIES".to_owned()
    } else {
        certificate.status.word().to_uppercase()
    };
    let style = Style::bold(15.0).grey(if stands { 1.0 } else { 0.0 });
    let label = wrap(flow.faces, &paragraph(word, style), WIDTH / 3.0);
    let label_width = label.iter().map(|line| line.width).fold(0.0, f32::max) + 28.0;
    let text: Vec<_> = verdict_words(certificate)
        .iter()
        .flat_map(|paragraph| wrap(flow.faces, paragraph, WIDTH - label_width - 24.0))
        .collect();
    let box_height = height(&text).max(height(&label)) + 16.0;
    flow.need(box_height);
    let y = flow.y;
    let frame = |width, filled, thickness| Mark::Frame {
        x: MARGIN,
        y,
        width,
        height: box_height,
        thickness,
        filled,
    };
    if stands {
        flow.mark(frame(label_width, true, 0.0));
        flow.mark(frame(WIDTH, false, 1.2));
    } else {
        flow.mark(frame(WIDTH, false, 3.0));
    }
    let mut down = y + (box_height - height(&label)) / 2.0;
    for line in &label {
        flow.line_at(MARGIN + (label_width - line.width) / 2.0, down, line);
        down += line.height;
    }
    let mut down = y + (box_height - height(&text)) / 2.0;
    for line in &text {
        flow.line_at(MARGIN + label_width + 12.0, down, line);
        down += line.height;
    }
    flow.y += box_height;
    flow.gap(8.0);
}

fn verdict_words(certificate: &Certificate) -> Vec<Paragraph> {
    let mut words = Vec::new();
    match &certificate.status {
        Status::Final => {}
        Status::Void { at, by } => words.push(paragraph(
            format!(
                "The record was changed on {at} by {by}, so the signature is void. Nothing may be released under this \
                 certificate."
            ),
            Style::bold(8.5),
        )),
        Status::Withdrawn { at, by, reason } => words.push(paragraph(
            format!("Withdrawn on {at} by {by}: {reason}. Nothing may be released under this certificate."),
            Style::bold(8.5),
        )),
        Status::Superseded { by, at, reason } => words.push(paragraph(
            format!("Withdrawn on {at}: {reason}. Certificate {by} stands in its place; nothing may be released under this one."),
            Style::bold(8.5),
        )),
    }
    if words.is_empty() {
        words.push(paragraph(
            certificate.conclusion.clone(),
            Style::regular(9.0),
        ));
    } else {
        words.push(paragraph(
            format!("When it was signed it said: {}", certificate.conclusion),
            TEXT,
        ));
    }
    words.push(paragraph(counts(certificate), STRONG));
    words
}

fn counts(certificate: &Certificate) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for criterion in &certificate.criteria {
        match counts
            .iter_mut()
            .find(|(word, _)| *word == criterion.verdict)
        {
            Some((_, count)) => *count += 1,
            None => counts.push((&criterion.verdict, 1)),
        }
    }
    let of: Vec<_> = counts
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    format!("Criteria: {}", of.join(", "))
}

pub(super) fn identity(flow: &mut Flow<'_>, certificate: &Certificate) {
    let mut number = vec![run(&certificate.din, STRONG)];
    let check = certificate.din_check.map(|check| check.to_string());
    number.extend(check.map(|check| run(&check, STRONG.boxed())));
    let name = match certificate.din_check {
        Some(_) => "DIN, check character",
        None => "Donation number",
    };
    let din: Cell = vec![number];
    let mut pairs: Vec<(Cell, Cell)> = vec![
        (label("Batch"), strong(&certificate.batch)),
        (label("Subject"), strong(&certificate.subject)),
        (label(name), din),
        (label("Chain of identity"), strong(&certificate.coi)),
    ];
    pairs.extend(
        certificate
            .dates
            .iter()
            .map(|date| (label(&date.label), figure(date))),
    );
    let rows: Vec<Vec<Cell>> = pairs
        .chunks(2)
        .map(|pair| {
            let cells = pair
                .iter()
                .flat_map(|(label, value)| [label.clone(), value.clone()]);
            cells
                .chain(std::iter::repeat_n(Cell::new(), 4 - 2 * pair.len()))
                .collect()
        })
        .collect();
    let site = &certificate.site;
    wide(
        flow,
        vec![
            vec![label("Product"), strong(&certificate.product)],
            vec![
                label("Site"),
                vec![
                    vec![
                        run(&site.code, STRONG),
                        run("·", TEXT),
                        run(&site.name, TEXT),
                    ],
                    paragraph(site.address.clone(), SMALL),
                ],
            ],
        ],
    );
    Table::new(
        flow,
        WIDTH,
        &columns(&[("", 88.0), ("", 149.0), ("", 75.0), ("", 149.0)]),
        &rows,
    )
    .place(flow);
    wide(
        flow,
        vec![
            vec![label("Specification"), document(&certificate.specification)],
            vec![label("Master record"), document(&certificate.master_record)],
        ],
    );
}
