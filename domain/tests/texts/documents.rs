//! Specifications and master records.

use crate::corpus::{attack, short_words, traps};
use domain::{
    master_record::{Field, FieldKind, LiftedBy, MasterRecord, StepKind},
    specification::{BM_MSC, Criterion, Limit, Malformed, ResultKind, Specification, Stage},
};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

fn refused(text: &str, refused: &Malformed) {
    short_words(refused);
    assert!(
        refused.line <= text.split('\n').count(),
        "{refused} in {text:?}"
    );
    assert!(refused.line > 0 && !refused.reason.is_empty());
}

/// What every specification must be that a batch is judged by.
fn specification(text: &str) {
    let read = match Specification::parse(text) {
        Ok(read) => read,
        Err(why) => return refused(text, &why),
    };
    let mut keys = BTreeSet::new();
    for criterion in &read.criteria {
        assert!(keys.insert(criterion.key.clone()), "{text}");
        assert!(criterion.limit.is_some() || criterion.informative, "{text}");
        // A result that passes exists, and one that fails.
        match (&criterion.result, &criterion.limit) {
            (ResultKind::Category { allowed }, Some(Limit::Equals { category })) => {
                assert!(allowed.contains(category) && allowed.len() > 1, "{text}");
            }
            (ResultKind::Category { allowed }, Some(Limit::OneOf { categories })) => {
                assert!(
                    !categories.is_empty() && categories.len() < allowed.len(),
                    "{text}"
                );
                assert!(categories.iter().all(|one| allowed.contains(one)), "{text}");
            }
            (ResultKind::Number { unit }, Some(limit)) => {
                let (low, high) = limit.bounds().unwrap_or_default();
                for bound in [low, high].into_iter().flatten() {
                    assert!(unit.check(bound.value).is_ok(), "{text}");
                }
            }
            (_, None) => {}
            mixed => panic!("{mixed:?} in {text}"),
        }
    }
    let judged = |one: &Criterion| !one.informative && one.stage == Stage::BeforeRelease;
    assert!(read.criteria.iter().any(judged), "{text}");
    for group in &read.groups {
        assert!(keys.insert(group.key.clone()), "{text}");
        assert!(group.criteria.len() > 1, "{text}");
        assert!(
            group
                .criteria
                .iter()
                .all(|key| read.criterion(key).is_some()),
            "{text}"
        );
    }
    if let Some(dose) = &read.dose {
        assert!(
            Decimal::ZERO < dose.minimum && dose.minimum <= dose.maximum,
            "{text}"
        );
    }
    let stored = serde_json::to_string(&read).unwrap();
    assert_eq!(
        serde_json::from_str::<Specification>(&stored).unwrap(),
        read
    );
}

/// What every master record must be that a batch runs under.
fn master_record(text: &str) {
    let read = match MasterRecord::parse(text) {
        Ok(read) => read,
        Err(why) => return refused(text, &why),
    };
    let mut keys = BTreeSet::new();
    assert!(!read.steps.is_empty(), "{text}");
    for (place, step) in read.steps.iter().enumerate() {
        assert!(keys.insert(step.key.clone()), "{text}");
        assert_eq!(
            step.kind == StepKind::Sample,
            step.sample_point.is_some(),
            "{text}"
        );
        // A step that the batch refers to by its text reads back.
        assert!(
            step.key.parse::<domain::master_record::StepRef>().is_ok(),
            "{text}"
        );
        let cultured = matches!(step.kind, StepKind::Seed | StepKind::Passage);
        assert!(!cultured || read.in_culture(place), "{text}");
        assert!(
            step.only_passages.is_empty() || read.in_culture(place),
            "{text}"
        );
        let mut fields = BTreeSet::new();
        for field in &step.fields {
            assert!(fields.insert(field.key.clone()), "{text}");
            // A stop can fail, is answered, and can be lifted by what it names.
            if let Some(stop) = &field.stop {
                assert!(field.required && field.can_fail(), "{text}");
                if let LiftedBy::Entry { step, field } = stop {
                    let lifting = read.step(step).filter(|one| one.kind == StepKind::Assess);
                    let lifting = lifting.and_then(|one| one.field(field));
                    assert!(lifting.is_some_and(Field::can_fail), "{text}");
                }
            }
            if let FieldKind::Choice { choices, expected } = &field.kind {
                assert!(choices.len() > 1, "{text}");
                assert!(expected.iter().all(|one| choices.contains(one)), "{text}");
            }
        }
        if let Some(window) = &step.window {
            assert!(window.from <= window.to, "{text}");
        }
    }
    if let Some(culture) = &read.culture {
        assert!(culture.minimum_passage <= culture.maximum_passage, "{text}");
        assert!(culture.target_viable_per_kg > Decimal::ZERO, "{text}");
    }
}

#[test]
fn a_specification_that_is_read_can_be_judged_by() {
    attack("specifications", specification);
    for trap in traps() {
        specification(&trap);
        specification(&format!("key = \"{trap}\""));
        specification(&BM_MSC.replacen("version = 1", &format!("version = {trap}"), 1));
    }
}

#[test]
fn a_master_record_that_is_read_can_be_run() {
    attack("master-records", master_record);
    for trap in traps() {
        master_record(&trap);
        master_record(&format!("title = '''{trap}'''"));
    }
}

// Each level of nesting is a call of the reader, and of whoever drops what was read.
#[test]
fn no_nesting_exhausts_the_stack() {
    for many in [100, 10_000, 200_000] {
        for text in [
            format!("a = {}", "[".repeat(many)),
            format!("a = {}{}", "[".repeat(many), "]".repeat(many)),
            format!("a = {}", "{a=".repeat(many)),
            format!("{}b = 1", "a.".repeat(many)),
            format!("[{}b]", "a.".repeat(many)),
            format!("a = {{{}b = 1}}", "a.".repeat(many)),
            format!("[[{}b]]", "a.".repeat(many)),
        ] {
            specification(&text);
            master_record(&text);
        }
    }
}
