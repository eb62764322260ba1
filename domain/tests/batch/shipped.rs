//! The master record and the specification that ship, walked from the receipt to a certificate.

use crate::record::{
    QP, Record, TECH, TECH2, at, d, day, entry, n, number, registered_by, rome, sample, step, unit,
};
use chrono::Days;
use domain::{
    batch::{BatchCommand, BatchState, FieldValue, InventoryCommand},
    master_record::{self, Field, FieldKind, StepKind},
    release::ResultValue,
    specification::{self, Limit, ResultKind},
};

fn shipped() -> Record {
    registered_by(master_record::BM_MSC, specification::BM_MSC).after(1)
}

/// What a person would enter where all goes as expected.
fn expected(field: &Field) -> FieldValue {
    match &field.kind {
        FieldKind::Number { limit, .. } => n(match limit {
            Some(Limit::Range { low, .. } | Limit::Minimum { low }) => {
                return FieldValue::Number(low.value);
            }
            Some(Limit::Maximum { high }) => return FieldValue::Number(high.value),
            _ => "4",
        }),
        FieldKind::Text => FieldValue::Text("A-1".to_owned()),
        FieldKind::Choice { choices, expected } => {
            FieldValue::Choice(expected.first().unwrap_or(&choices[0]).clone())
        }
        FieldKind::YesNo { expected } => FieldValue::YesNo(expected.unwrap_or(true)),
        FieldKind::Moment => FieldValue::Moment(at("2026-03-02T09:00:00Z")),
        FieldKind::Day if field.future => FieldValue::Day(day("2027-12-31")),
        FieldKind::Day => FieldValue::Day(day("2026-03-01")),
    }
}

/// Given that the next step was done, with these figures where they are named.
fn next(record: Record, figures: &[(&str, &str)]) -> Record {
    let batch = record.batch();
    let planned = batch.next_step().unwrap();
    let at = planned.at.to_string();
    let mut record = record;
    for field in planned.step.fields.iter().filter(|field| field.required) {
        let figure = figures.iter().find(|(key, _)| *key == field.key);
        let value = figure.map_or_else(|| expected(field), |(_, figure)| n(figure));
        record = record.entry(TECH, &at, &field.key, value);
        if field.critical {
            record = record.verified(TECH2, &at, &field.key);
        }
    }
    match planned.step.kind {
        StepKind::Sample => {
            let id = record.batch().samples.len() as u128 + 1;
            record = record.does(TECH, crate::record::take(id, &at, "0"));
        }
        StepKind::Freeze => {
            for id in 1..=2 {
                record = record.does(
                    TECH,
                    BatchCommand::Inventory(InventoryCommand::StoreUnit {
                        unit: unit(id),
                        step: step(&at),
                        viable_cells: d("70000000"),
                        volume_ml: d("50"),
                        location: format!("T1/R1/B1/{id}"),
                        stored_at: None,
                    }),
                );
            }
        }
        _ => {}
    }
    record.completed(TECH, &at)
}

/// Given that a sample passed each of its tests.
fn passed(mut record: Record, of: u128) -> Record {
    let batch = record.batch();
    for test in &batch.sample(sample(of)).unwrap().tests {
        let criterion = batch
            .documents
            .specification
            .criterion(&test.criterion)
            .unwrap();
        let value = match (&criterion.result, &criterion.limit) {
            (_, Some(Limit::Minimum { low: bound } | Limit::Maximum { high: bound })) => {
                ResultValue::Number(bound.value)
            }
            (_, Some(Limit::Equals { category })) => ResultValue::Category(category.clone()),
            (ResultKind::Category { allowed }, _) => ResultValue::Category(allowed[0].clone()),
            _ => number("0.05"),
        };
        record = record.result(of, &test.criterion, value);
    }
    record
}

fn to_culture() -> Record {
    (0..4).fold(shipped(), |record, _| {
        next(record, &[("mnc-count", "20000000")])
    })
}

fn passage(record: Record, seeded: &str, days: i64, counted: &str) -> Record {
    let seeded = next(record, &[("cells-seeded", seeded), ("area", "176")]);
    next(
        seeded.after(24 * days),
        &[("total-cells", counted), ("viable-cells", counted)],
    )
}

// domain.md 5, Colter 2000, 59R: 530 cells seeded, 176 cm2, 14 days.
#[test]
fn colter_59r_expands_under_the_record_that_ships() {
    let p1 = passage(
        passage(to_culture(), "20000000", 14, "100000"),
        "530",
        14,
        "190000",
    );
    let controlled = passed(next(p1, &[]), 1);
    let p3 = passage(
        passage(controlled, "530", 14, "240000"),
        "530",
        14,
        "750000",
    );
    let batch = p3.batch();
    let growth: Vec<_> = batch
        .growth()
        .iter()
        .map(|one| {
            (
                one.doublings.shown(3),
                one.cumulative_doublings.shown(3),
                one.doubling_time_hours.shown(2),
            )
        })
        .collect();
    let line = |pd: &str, cpd: &str, hours: &str| (pd.to_owned(), cpd.to_owned(), hours.to_owned());
    assert_eq!(
        growth[1..],
        [
            line("8.486", "8.486", "39.60"),
            line("8.823", "17.309", "38.08"),
            line("10.467", "27.775", "32.10"),
        ]
    );
    assert_eq!(growth[0].0, "not computable");
    assert_eq!(batch.exceptions, []);
    assert_eq!(batch.state(), BatchState::InProcess);
    assert_eq!(batch.next_step().unwrap().at, step("seed@P4"));
    let last = p3.entry(TECH, "seed@P4", "area", n("176"));
    last.when(TECH, entry("seed@P4", "cells-seeded", n("750000")))
        .accepted();
}

#[test]
fn a_batch_comes_to_its_certificate_under_the_documents_that_ship() {
    let expanded = passage(
        passage(to_culture(), "20000000", 14, "1000000"),
        "500000",
        14,
        "160000000",
    );
    let controlled = passed(next(expanded, &[]), 1);
    let counts = [
        ("total-cells-1", "150000000"),
        ("viable-cells-1", "145000000"),
        ("total-cells-2", "152000000"),
        ("viable-cells-2", "147000000"),
    ];
    let harvested = next(controlled, &counts);
    let closed = (0..3).fold(harvested, |record, _| {
        next(
            record,
            &[("viable-cells-stored", "140000000"), ("yield", "95.9")],
        )
    });
    assert_eq!(closed.batch().state(), BatchState::AwaitingResults);
    let tested = passed(closed.after(24 * 21), 2);
    assert_eq!(tested.batch().exceptions, []);
    let certified = tested.reviewed().certified();
    assert_eq!(certified.batch().state(), BatchState::Released);
    let expires_at = certified
        .batch()
        .expires_at(&certified.batch().units[0])
        .unwrap();
    let stored_on = rome().day(certified.batch().units[0].stored_at);
    assert_eq!(expires_at, rome().end_of(stored_on + Days::new(365)));
    // The QP alone: nobody who made the record.
    assert!(
        certified
            .batch()
            .contributors
            .iter()
            .all(|maker| *maker != crate::record::user(QP))
    );
}
