//! The sections after the first: tests, units, changes, deviations, signatures, the record.

use super::{
    CHANGED,
    parts::{
        SMALL, STRONG, TEXT, columns, figure, heading_over, label, run, section, section_or,
        strong, wide_table,
    },
};
use crate::certificate::{
    layout::{Flow, Paragraph, Style, WIDTH, paragraph},
    table::{Cell, Table},
};
use domain::{
    certificate::{
        Certificate, ChangeOnPaper, CriterionOnPaper, DocumentOnPaper, ResultOnPaper,
        SignatureOnPaper, StopOnPaper, UnitOnPaper,
    },
    specification::GroupRule,
};

pub(super) fn results(flow: &mut Flow<'_>, certificate: &Certificate) {
    let head = [
        ("Test and method", 30.0),
        ("Sample", 18.0),
        ("Limit and its source", 27.0),
        ("Result as judged", 16.0),
        ("Verdict", 12.0),
    ];
    let rows = certificate.criteria.iter().map(criterion).collect();
    section(flow, "Tests", &head, rows);
    flow.gap(3.0);
    for group in &certificate.groups {
        let asks = match group.rule {
            GroupRule::OneOf => "One of these must pass",
            GroupRule::EachOf => "Each of these must pass",
        };
        flow.paragraph(&vec![
            run(&format!("{asks}: {}:", group.tests.join(", ")), SMALL),
            run(group.outcome.word(), Style::bold(6.8)),
        ]);
    }
    flow.paragraph(&paragraph(
        "Results are rounded as the specification prescribes before they are compared with their limit, and printed as \
         compared. Informative: reported, not judged.",
        SMALL,
    ));
    let results = || certificate.criteria.iter().flat_map(|one| &one.results);
    if results().any(|result| !result.corrected_from.is_empty()) {
        flow.paragraph(&paragraph(
            format!("{CHANGED} The result was corrected since its first entry: see the values changed below."),
            SMALL,
        ));
    }
    if results().any(|result| !result.repeated_after.is_empty()) {
        flow.paragraph(&paragraph(
            format!("{CHANGED} The test was repeated after its result was invalidated for the listed reason."),
            SMALL,
        ));
    }
}

fn criterion(criterion: &CriterionOnPaper) -> Vec<Cell> {
    let none = || vec![paragraph("not reported", TEXT)];
    let samples = criterion.results.iter().flat_map(|result| {
        [
            paragraph(result.sample.clone(), SMALL),
            paragraph(format!("tested on {}", result.tested_on), SMALL),
        ]
    });
    let place = paragraph(
        format!("{}, {}", criterion.sample_point, criterion.stage),
        SMALL,
    );
    let results: Cell = criterion.results.iter().flat_map(result).collect();
    let verdict = if criterion.informative { TEXT } else { STRONG };
    vec![
        vec![
            paragraph(criterion.test.clone(), STRONG),
            paragraph(criterion.method.clone(), SMALL),
            place,
        ],
        samples.collect(),
        vec![
            paragraph(criterion.limit.clone(), TEXT),
            paragraph(criterion.source.clone(), SMALL),
        ],
        if results.is_empty() { none() } else { results },
        vec![paragraph(criterion.verdict.clone(), verdict)],
    ]
}

fn result(result: &ResultOnPaper) -> Vec<Paragraph> {
    if result.repeated_after.is_empty() && result.corrected_from.is_empty() {
        return vec![paragraph(result.result.clone(), STRONG)];
    }
    let mut lines = vec![vec![run(&result.result, STRONG), run(CHANGED, STRONG)]];
    if !result.corrected_from.is_empty() {
        let before = result.corrected_from.join(", then ");
        lines.push(paragraph(format!("corrected, entered as {before}"), SMALL));
    }
    if !result.repeated_after.is_empty() {
        let why = result.repeated_after.join("; ");
        lines.push(paragraph(
            format!("repeated after invalidation: {why}"),
            SMALL,
        ));
    }
    lines
}

pub(super) fn dose_and_units(flow: &mut Flow<'_>, certificate: &Certificate) {
    let figures: Vec<Vec<Cell>> = certificate
        .dose
        .iter()
        .map(|one| vec![label(&one.label), figure(one)])
        .collect();
    heading_over(flow, "Dose and units", wide_table, figures);
    flow.gap(6.0);
    let head = [
        ("Unit", 18.0),
        ("Viable cells", 13.0),
        ("Viable cells, × 10⁶/kg", 11.0),
        ("Volume", 9.0),
        ("Location", 19.0),
        ("Stored", 16.0),
        ("Expiry", 16.0),
    ];
    let rows: Vec<Vec<Cell>> = certificate.units.iter().map(unit).collect();
    if !rows.is_empty() {
        Table::new(flow, WIDTH, &columns(&head), &rows).place(flow);
    }
    if certificate.dose.iter().any(|figure| figure.changed) {
        flow.gap(3.0);
        flow.paragraph(&paragraph(
            format!("{CHANGED} Changed since its first entry, see “Values changed since their first entry”."),
            SMALL,
        ));
    }
}

fn unit(unit: &UnitOnPaper) -> Vec<Cell> {
    let plain = |text: &str| vec![paragraph(text, TEXT)];
    vec![
        vec![
            paragraph(unit.code.clone(), STRONG),
            paragraph(unit.form.clone(), SMALL),
        ],
        plain(&unit.viable_cells),
        plain(&unit.per_kg),
        plain(&unit.volume),
        plain(&unit.location),
        plain(&unit.stored_at),
        plain(unit.expires_at.as_deref().unwrap_or("not stated")),
    ]
}

pub(super) fn changes(flow: &mut Flow<'_>, certificate: &Certificate) {
    let head = [
        ("Value", 25.0),
        ("Before", 17.0),
        ("After", 17.0),
        ("Reason", 26.0),
        ("Changed by", 22.0),
    ];
    let line = |change: &ChangeOnPaper| -> Vec<Cell> {
        vec![
            strong(&change.what),
            vec![paragraph(change.old.clone(), TEXT)],
            vec![paragraph(change.new.clone(), TEXT)],
            vec![paragraph(change.reason.clone(), TEXT)],
            vec![
                paragraph(change.by.clone(), TEXT),
                paragraph(change.at.clone(), SMALL),
            ],
        ]
    };
    let rows = certificate.changes.iter().map(line).collect();
    section_or(
        flow,
        "Values changed since their first entry",
        &head,
        rows,
        "No value was changed since its first entry.",
    );
}

/// The stops, where there were any.
pub(super) fn stops(flow: &mut Flow<'_>, certificate: &Certificate) {
    if certificate.stops.is_empty() {
        return;
    }
    let head = [
        ("Stop (batch on hold)", 34.0),
        ("Raised", 32.0),
        ("Lifted", 40.0),
    ];
    let line = |one: &StopOnPaper| -> Vec<Cell> {
        vec![
            vec![
                paragraph(one.what.clone(), TEXT),
                paragraph(one.step.clone(), SMALL),
            ],
            vec![paragraph(one.raised.clone(), TEXT)],
            vec![paragraph(one.lifted.clone(), TEXT)],
        ]
    };
    let rows = certificate.stops.iter().map(line).collect();
    section(flow, "Stops raised and lifted", &head, rows);
}

pub(super) fn deviations(flow: &mut Flow<'_>, certificate: &Certificate) {
    let head = [
        ("Deviation", 20.0),
        ("Class", 10.0),
        ("What happened", 38.0),
        ("Impact on product and patient", 38.0),
    ];
    let rows = certificate.deviations.iter().map(|one| {
        vec![
            strong(&one.number),
            vec![paragraph(one.class.clone(), TEXT)],
            vec![paragraph(one.description.clone(), TEXT)],
            vec![paragraph(one.impact.clone(), TEXT)],
        ]
    });
    section_or(
        flow,
        "Deviations",
        &head,
        rows.collect(),
        "No deviation was raised.",
    );
}

pub(super) fn signatures(flow: &mut Flow<'_>, certificate: &Certificate) {
    let head = [
        ("Name and user name", 30.0),
        ("Role", 18.0),
        ("Meaning", 34.0),
        ("Signed", 24.0),
    ];
    let line = |one: &SignatureOnPaper| -> Vec<Cell> {
        vec![
            vec![
                paragraph(one.name.clone(), STRONG),
                paragraph(one.user_name.clone(), SMALL),
            ],
            vec![paragraph(one.role.clone(), TEXT)],
            vec![
                paragraph(one.meaning.clone(), TEXT),
                paragraph(one.of.clone(), SMALL),
            ],
            vec![paragraph(one.at.clone(), TEXT)],
        ]
    };
    section(
        flow,
        "Electronic signatures",
        &head,
        certificate.signatures.iter().map(line).collect(),
    );
}

pub(super) fn record(flow: &mut Flow<'_>, certificate: &Certificate) {
    let checkpoint = &certificate.checkpoint;
    let hash = |document: &DocumentOnPaper| {
        vec![
            paragraph(format!("{}, SHA-256", document.label), TEXT),
            paragraph(document.sha256.clone(), TEXT),
        ]
    };
    let mut rows = vec![
        vec![label("Specification"), hash(&certificate.specification)],
        vec![label("Master record"), hash(&certificate.master_record)],
        vec![
            label("Program"),
            vec![paragraph(certificate.program.clone(), TEXT)],
        ],
        vec![
            label("Times"),
            vec![paragraph(
                format!("in {}", certificate.site.time_zone),
                TEXT,
            )],
        ],
        vec![
            label("Checkpoint"),
            vec![
                paragraph(
                    format!("{}, {} entries", checkpoint.origin, checkpoint.size),
                    TEXT,
                ),
                paragraph(format!("root {}", checkpoint.root), TEXT),
            ],
        ],
    ];
    if !certificate.earlier.is_empty() {
        let earlier = certificate
            .earlier
            .iter()
            .map(|line| paragraph(line.clone(), TEXT));
        rows.push(vec![label("Earlier certificates"), earlier.collect()]);
    }
    heading_over(flow, "The record behind this paper", wide_table, rows);
    flow.gap(4.0);
    flow.paragraph(&paragraph(
        format!("End of certificate {}.", certificate.number),
        SMALL,
    ));
}
