//! A batch on its way: who asks for what next, under the documents that ship with the program, from the harvest to the
//! certification. Everything is asked for as people do, and decided by the domain.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    batch::{
        Batch, BatchCommand, Disposition, ExceptionCommand, FieldValue, Harvest, InventoryCommand,
        Planned, ProcessingCommand, Progress, QualityCommand, ReleaseCommand, StepRecord,
    },
    identifiers::{Coi, Din},
    ids::{SampleId, UnitId, UserId},
    master_record::{Field, FieldKind, StepKind},
    release::ResultValue,
    rights::Role,
    time::Timestamp,
    zone::Zone,
};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Collector,
    Technician,
    SecondPerson,
    Analyst,
    SecondAnalyst,
    Reviewer,
    QualifiedPerson,
}

impl Hand {
    pub fn role(self) -> Role {
        match self {
            Self::Collector => Role::Collector,
            Self::Technician | Self::SecondPerson => Role::Technician,
            Self::Analyst | Self::SecondAnalyst => Role::QcAnalyst,
            Self::Reviewer => Role::QaReviewer,
            Self::QualifiedPerson => Role::QualifiedPerson,
        }
    }

    pub fn user(self) -> UserId {
        UserId(Uuid::from_u128(self as u128 + 1))
    }

    pub fn name(self) -> String {
        format!("{} {}", self.role(), self as u8)
    }
}

/// When the first harvest is taken.
pub fn morning() -> Timestamp {
    // A constant that can be read.
    Timestamp::parse("2026-01-05T07:00:00Z").unwrap_or_else(|why| panic!("{why}"))
}

/// The harvest of batch `number`.
pub fn harvest(number: u32, collected_at: Timestamp) -> Option<Harvest> {
    let day = Zone::utc().day(collected_at);
    Some(Harvest {
        subject: format!("S-{number:06}"),
        din: Din::parse(&format!(
            "A9999{:02}{:06}",
            10 + number / 1_000_000,
            number % 1_000_000
        ))
        .ok()?
        .into(),
        coi: Coi::parse(&format!("CHA999926{number:06X}")).ok(),
        collected_at,
        collected_by: "Collector on duty".to_owned(),
        volume_ml: Decimal::from(40),
        anticoagulant: "Heparin, 100 IU per mL".to_owned(),
        consent: true,
        consent_version: "ICF 3.0".to_owned(),
        consented_on: day - TimeDelta::days(9),
        weight_kg: Decimal::from(70),
        weighed_on: day - TimeDelta::days(1),
        identity_confirmed: true,
    })
}

/// What is asked for next, and how long after what came before; `None` once the batch is certified. Medium is changed and
/// cells are looked at until the record has about `wanted` entries at the end of the culture.
pub fn next(batch: &Batch, wanted: u64, now: Timestamp) -> Option<(TimeDelta, Hand, BatchCommand)> {
    let plan = batch.plan();
    let open = || plan.iter().filter(|step| step.progress == Progress::Open);
    let begun = |step: &&Planned<'_>| batch.steps.get(&step.at).is_some_and(StepRecord::is_begun);
    let share = wanted.saturating_sub(80) * (u64::from(batch.passage().unwrap_or(0)) + 1) / 5;
    let again = open()
        .filter(|step| step.step.recurring && batch.version < share + 40)
        .min_by_key(|step| step.at.nth);
    let at_work = open().find(begun);
    // The culture doesn't go on before the result in process.
    if let (None, Some((hand, command))) = (&at_work, awaited(batch, Zone::utc().day(now))) {
        return Some((TimeDelta::minutes(1), hand, command));
    }
    let step = at_work
        .or(again)
        .or_else(|| open().find(|step| !step.step.recurring));
    match step {
        Some(step) => {
            let pause = match step.step.kind {
                _ if begun(&step) => TimeDelta::seconds(35),
                StepKind::ChangeMedium | StepKind::Passage => TimeDelta::hours(84),
                _ => TimeDelta::minutes(20),
            };
            let (hand, command) = at_step(batch, step, Zone::utc().day(now.plus(pause)));
            Some((pause, hand, command))
        }
        None => {
            let (hand, command) = release(batch)?;
            Some((TimeDelta::minutes(1), hand, command))
        }
    }
}

fn at_step(batch: &Batch, planned: &Planned<'_>, today: NaiveDate) -> (Hand, BatchCommand) {
    let (at, step) = (&planned.at, planned.step);
    let record = batch.steps.get(at);
    let entry = |field: &Field| record.and_then(|record| record.entries.get(&field.key));
    let mut required = step.fields.iter().filter(|field| field.required);
    if let Some(field) = required.clone().find(|field| entry(field).is_none()) {
        let command = BatchCommand::Processing(ProcessingCommand::RecordEntry {
            step: at.clone(),
            field: field.key.clone(),
            value: usual(field, at.passage.unwrap_or(0), today),
            performed_at: None,
        });
        return (Hand::Technician, command);
    }
    let unverified = required.find_map(|field| {
        let entry = entry(field).filter(|entry| field.critical && entry.verified.is_none())?;
        Some((field.key.clone(), entry.value()?.clone()))
    });
    if let Some((field, seen)) = unverified {
        let step = at.clone();
        let command =
            BatchCommand::Processing(ProcessingCommand::VerifyEntry { step, field, seen });
        return (Hand::SecondPerson, command);
    }
    let command = match step.kind {
        StepKind::Sample if batch.samples.iter().all(|sample| sample.step != *at) => {
            BatchCommand::Quality(QualityCommand::TakeSample {
                sample: SampleId(Uuid::from_u128(batch.version.into())),
                step: at.clone(),
                taken_at: None,
                viable_cells: Decimal::from(20_000),
            })
        }
        StepKind::Freeze if batch.units.len() < 3 => {
            BatchCommand::Inventory(InventoryCommand::StoreUnit {
                unit: UnitId(Uuid::from_u128(batch.version.into())),
                step: at.clone(),
                viable_cells: Decimal::from(45_000_000),
                volume_ml: Decimal::from(20),
                location: format!("Tank 2 / rack 4 / box {}", batch.version),
                stored_at: None,
            })
        }
        _ => BatchCommand::Processing(ProcessingCommand::CompleteStep {
            step: at.clone(),
            performed_at: None,
            seen: batch.version,
        }),
    };
    (Hand::Technician, command)
}

fn awaited(batch: &Batch, tested_on: NaiveDate) -> Option<(Hand, BatchCommand)> {
    for sample in &batch.samples {
        for test in &sample.tests {
            let (sample, criterion) = (sample.id, test.criterion.clone());
            match test.standing() {
                None => {
                    let judged_by = batch.documents.specification.criterion(&criterion)?;
                    let value = ResultValue::read(result(&criterion), judged_by).ok()?;
                    let enter = BatchCommand::Quality(QualityCommand::EnterResult {
                        sample,
                        criterion,
                        value,
                        tested_on,
                    });
                    return Some((Hand::Analyst, enter));
                }
                Some(standing) if standing.reviewed.is_none() => {
                    let review = BatchCommand::Quality(QualityCommand::ReviewResult {
                        sample,
                        criterion,
                        result: test.results.len(),
                    });
                    return Some((Hand::SecondAnalyst, review));
                }
                Some(_) => {}
            }
        }
    }
    None
}

fn release(batch: &Batch) -> Option<(Hand, BatchCommand)> {
    let seen = batch.version;
    if let Some(open) = batch.exceptions.iter().find(|one| one.assessed.is_none()) {
        let assess = BatchCommand::Exception(ExceptionCommand::AssessException {
            exception: open.stamp.version,
            assessment: "No influence on the product.".to_owned(),
        });
        return Some((Hand::Reviewer, assess));
    }
    if batch.review().is_none() {
        return Some((
            Hand::Reviewer,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        ));
    }
    (batch.disposition == Disposition::Open).then_some((
        Hand::QualifiedPerson,
        BatchCommand::Release(ReleaseCommand::Certify { seen }),
    ))
}

fn usual(field: &Field, passage: u16, today: NaiveDate) -> FieldValue {
    match &field.kind {
        FieldKind::Number { .. } => FieldValue::Number(number(&field.key, passage)),
        FieldKind::Text => FieldValue::Text(format!("{} 0417", field.label)),
        FieldKind::Choice { choices, expected } => {
            let chosen = expected.first().or(choices.first());
            FieldValue::Choice(chosen.cloned().unwrap_or_default())
        }
        FieldKind::YesNo { expected } => FieldValue::YesNo(expected.unwrap_or(true)),
        FieldKind::Moment => FieldValue::Moment(morning()),
        FieldKind::Day if field.future => FieldValue::Day(today + TimeDelta::days(300)),
        FieldKind::Day => FieldValue::Day(today - TimeDelta::days(1)),
    }
}

/// Figures under which the target is reached in P4, so that every passage happens.
fn number(field: &str, passage: u16) -> Decimal {
    let counted: i64 =
        [1_000_000, 4_000_000, 12_000_000, 24_000_000, 160_000_000][usize::from(passage.min(4))];
    let seeded: i64 =
        [30_000_000, 800_000, 3_000_000, 8_000_000, 16_000_000][usize::from(passage.min(4))];
    match field {
        "temperature-lowest" => Decimal::new(168, 1),
        "temperature-highest" => Decimal::new(214, 1),
        "time-since-collection" => Decimal::new(25, 1),
        "volume-received" | "volume-processed" => Decimal::from(40),
        "mnc-count" => Decimal::from(120_000_000),
        "viability" => Decimal::new(974, 1),
        "cells-seeded" => Decimal::from(seeded),
        "area" => Decimal::from(175),
        "total-cells" => Decimal::from(counted + counted / 20),
        "viable-cells" => Decimal::from(counted),
        "total-cells-1" => Decimal::from(158_000_000),
        "viable-cells-1" => Decimal::from(150_000_000),
        "total-cells-2" => Decimal::from(156_000_000),
        "viable-cells-2" => Decimal::from(149_000_000),
        "dmso" => Decimal::from(10),
        "units-stored" => Decimal::from(3),
        "viable-cells-stored" => Decimal::from(135_000_000),
        "yield" => Decimal::from(90),
        _ => Decimal::from(70),
    }
}

fn result(criterion: &str) -> &str {
    match criterion {
        "endotoxin" => "<0.05",
        "cd45" | "cd31" => "0.4",
        "hla-dr" => "3.2",
        "mycoplasma" => "not detected",
        "sterility" => "no growth",
        "osteogenic" | "chondrogenic" | "adipogenic" => "present",
        "karyotype" => "46,XX",
        _ => "98.6",
    }
}
