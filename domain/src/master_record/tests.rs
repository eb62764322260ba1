#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::specification::{self, Specification};

mod malformed;
mod sense;
mod stops;

fn shipped() -> MasterRecord {
    MasterRecord::parse(BM_MSC).unwrap()
}

#[test]
fn the_record_that_ships_is_read() {
    let record = shipped();
    assert_eq!(record.label(), "BM-MSC v1");
    let keys: Vec<_> = record.steps.iter().map(|step| step.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "receipt",
            "donor-testing",
            "line-clearance",
            "isolation",
            "seed",
            "change-medium",
            "observe",
            "passage",
            "in-process-sample",
            "final-harvest",
            "final-product-sample",
            "freeze",
            "closing",
            "hold-assessment",
        ]
    );
    assert_eq!(record.culture_range(), Some((4, 8)));
}

#[test]
fn each_sample_point_of_the_specification_that_ships_has_its_step_and_each_step_its_criteria() {
    let specification = Specification::parse(specification::BM_MSC).unwrap();
    let record = shipped();
    let points: Vec<_> = record
        .steps
        .iter()
        .filter_map(|step| step.sample_point.as_deref())
        .collect();
    for criterion in &specification.criteria {
        assert!(
            points.contains(&criterion.sample_point.as_str()),
            "{}",
            criterion.key
        );
    }
    for point in points {
        assert!(specification.criteria_at(point).next().is_some(), "{point}");
    }
    assert_eq!(specification.product, record.product);
}

/// The examples of `docs/master-record-format.md`: head, culture, step, field, day, stop, check. Head, step, field and stop
/// make a document; the others stand in the one that ships.
#[test]
fn the_documented_examples_are_read() {
    let documented = include_str!("../../../docs/master-record-format.md");
    let examples: Vec<&str> = (documented.split("```toml\n").skip(1))
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let parts = [examples[0], examples[2], examples[3], examples[5]];
    let record = MasterRecord::parse(&parts.concat()).unwrap();
    assert_eq!(record.label(), "BM-MSC v1");
    assert_eq!(record.steps[0].fields[0].key, "temperature-highest");
    for shipped in [examples[4], examples[6]] {
        assert!(BM_MSC.contains(shipped.trim()), "{shipped}");
    }
    for line in examples[1].lines() {
        let said = line.split('#').next().unwrap_or_default().trim();
        assert!(BM_MSC.contains(said), "{said}");
    }
}

// ATMP-6a: rooms, equipment, materials with lot and expiry, line clearance, controls and yields stand in the record.
#[test]
fn the_record_that_ships_asks_for_what_a_batch_record_must_hold() {
    let record = shipped();
    let has = |step: &str, field: &str| {
        record
            .step(step)
            .unwrap()
            .field(field)
            .is_some_and(|field| field.required)
    };
    for (step, field) in [
        ("line-clearance", "cleared"),
        ("receipt", "room"),
        ("isolation", "room"),
        ("seed", "room"),
        ("seed", "incubator"),
        ("seed", "medium-lot"),
        ("seed", "medium-expiry"),
        ("seed", "supplement-lot"),
        ("change-medium", "medium-lot"),
        ("change-medium", "medium-expiry"),
        ("passage", "enzyme-lot"),
        ("passage", "room"),
        ("final-harvest", "room"),
        ("freeze", "freezer"),
        ("freeze", "cryoprotectant-lot"),
        ("freeze", "room"),
        ("isolation", "mnc-count"),
        ("closing", "yield"),
        ("closing", "problems"),
    ] {
        assert!(has(step, field), "{step} {field}");
    }
    for step in &record.steps {
        for field in &step.fields {
            if field.key.ends_with("-lot") {
                let expiry = field.key.replace("-lot", "-expiry");
                assert!(
                    step.field(&expiry).is_some_and(|expiry| {
                        let limit = expiry.within.as_ref().map(|one| one.limit.to_string());
                        expiry.future
                            && expiry.required
                            && limit.as_deref() == Some(">= performed_at")
                    }),
                    "{}",
                    field.key
                );
            }
        }
    }
}

// A11-6: what decides on identity and dose is confirmed by a second person, and nothing else slows the work.
#[test]
fn the_critical_entries_of_the_record_that_ships_are_these() {
    let record = shipped();
    let critical: Vec<_> = record
        .steps
        .iter()
        .flat_map(|step| {
            step.fields
                .iter()
                .filter(|field| field.critical)
                .map(|field| format!("{}/{}", step.key, field.key))
        })
        .collect();
    assert_eq!(
        critical,
        [
            "receipt/identity-match",
            "passage/identity-match",
            "passage/viable-cells",
            "final-harvest/identity-match",
            "final-harvest/total-cells-1",
            "final-harvest/viable-cells-1",
            "final-harvest/total-cells-2",
            "final-harvest/viable-cells-2",
            "freeze/identity-match",
            "hold-assessment/material-usable",
        ]
    );
}
