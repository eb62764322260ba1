//! What leads aside: corrections, deviations, things undone, and signatures that are late or in vain.

use super::{
    ANALYSTS, PHARMACISTS, Proposal, QUALIFIED_PERSONS, TECHNICIANS, plausible::review_result,
    values,
};
use crate::{
    people::{EVERYBODY, Person, QC, QC2},
    world::{World, din},
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, DeviationCommand, DoseCommand, DoseState, HarvestCommand, HarvestField,
        InvalidationReason, InventoryCommand, ProcessingCommand, Progress, QualityCommand,
        ReleaseCommand, Test, UnitState,
    },
    ids::{DeviationId, SampleId},
    master_record::StepKind,
};
use rust_decimal::Decimal;
use uuid::Uuid;

const ANYBODY: &[Person] = &EVERYBODY;

pub fn proposals(world: &World, detail: u16) -> Vec<Proposal> {
    let mut all = vec![comment(detail), deviation(world, detail), weight(detail)];
    corrections(world, detail, &mut all);
    tests(world, detail, &mut all);
    not_applicable(world, detail, &mut all);
    signatures(world, detail, &mut all);
    units(world, detail, &mut all);
    all
}

fn comment(detail: u16) -> Proposal {
    Proposal {
        by: ANYBODY,
        command: BatchCommand::Processing(ProcessingCommand::Comment {
            step: None,
            text: format!("seen {detail}"),
        }),
    }
}

fn deviation(world: &World, detail: u16) -> Proposal {
    let step = world.batch.steps.keys().next_back().cloned();
    Proposal {
        by: ANYBODY,
        command: BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
            deviation: DeviationId(Uuid::from_u128(world.batch.deviations.len() as u128 + 1)),
            step: step.filter(|_| detail.is_multiple_of(2)),
            description: "the tube broke".to_owned(),
        }),
    }
}

fn weight(detail: u16) -> Proposal {
    Proposal {
        by: TECHNICIANS,
        command: BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field: HarvestField::Weight,
            value: ["68", "72", "70", "30"][usize::from(detail % 4)].to_owned(),
            reason: "misread".to_owned(),
        }),
    }
}

fn corrections(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let master = &world.documents.master_record;
    let recorded = world
        .batch
        .steps
        .iter()
        .flat_map(|(at, record)| record.entries.keys().map(move |key| (at, key)))
        .filter_map(|(at, key)| Some((at, master.step(&at.key)?.field(key)?)));
    let recorded: Vec<_> = recorded.collect();
    // One that the number picks, not all: a long record would drown everything else.
    if let Some((at, field)) = recorded.get(usize::from(detail) % recorded.len().max(1)) {
        all.push(Proposal {
            by: TECHNICIANS,
            command: BatchCommand::Processing(ProcessingCommand::CorrectEntry {
                step: (*at).clone(),
                field: field.key.clone(),
                value: values::value(world, at, field, detail),
                reason: "misread".to_owned(),
            }),
        });
    }
}

/// A result that is corrected, returned, or confirmed again.
fn changes(test: &Test, sample: SampleId, detail: u16, all: &mut Vec<Proposal>) {
    let (criterion, result) = (test.criterion.clone(), test.values());
    let Some(standing) = test.standing() else {
        return;
    };
    let command = match detail % 3 {
        0 => BatchCommand::Quality(QualityCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason: "the raw data say otherwise".to_owned(),
        }),
        1 => BatchCommand::Quality(QualityCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer: "read again: the same".to_owned(),
        }),
        _ => BatchCommand::Quality(QualityCommand::CorrectResult {
            sample,
            criterion,
            result,
            value: values::result(&test.criterion, detail / 3),
            tested_on: standing.tested_on,
            reason: "digits swapped".to_owned(),
            raw_data: ["", "FC-12, page 3"][usize::from(detail / 3 % 2)].to_owned(),
            second: [None, Some(QC.second()), Some(QC2.second())][usize::from(detail / 5 % 3)]
                .clone(),
        }),
    };
    all.push(Proposal {
        by: ANALYSTS,
        command,
    });
}

fn tests(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    let tests = batch
        .samples
        .iter()
        .flat_map(|sample| sample.tests.iter().map(move |test| (sample.id, test)));
    let tests: Vec<_> = tests.collect();
    if let Some((sample, test)) = tests.get(usize::from(detail) % tests.len().max(1)) {
        all.push(Proposal {
            by: ANALYSTS,
            command: BatchCommand::Quality(QualityCommand::InvalidateResult {
                sample: *sample,
                criterion: test.criterion.clone(),
                result: test.values(),
                reason: InvalidationReason::ALL[usize::from(detail % 6)],
                evidence: "growth in control 3".to_owned(),
                raw_data: ["FC-12, page 3", ""][usize::from(detail % 2)].to_owned(),
            }),
        });
        changes(test, *sample, detail, all);
        all.push(Proposal {
            by: ANALYSTS,
            command: review_result(batch, *sample, &test.criterion),
        });
    }
    let sampling = batch
        .plan()
        .into_iter()
        .find(|one| one.step.kind == StepKind::Sample && one.progress == Progress::Open);
    if let Some(planned) = sampling {
        all.push(Proposal {
            by: TECHNICIANS,
            command: BatchCommand::Quality(QualityCommand::TakeSample {
                sample: SampleId(Uuid::from_u128(batch.samples.len() as u128 + 1)),
                step: planned.at,
                taken_at: Some(world.now.plus(-TimeDelta::minutes(i64::from(detail % 180)))),
                viable_cells: Decimal::from(detail) * Decimal::from(10_000),
            }),
        });
    }
}

fn not_applicable(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let open: Vec<_> = world
        .batch
        .plan()
        .into_iter()
        .filter(|one| one.progress == Progress::Open)
        .collect();
    let Some(planned) = open.get(usize::from(detail) % open.len().max(1)) else {
        return;
    };
    let reason = || "not done".to_owned();
    let fields = &planned.step.fields;
    if let Some(field) = fields.get(usize::from(detail / 3) % fields.len().max(1)) {
        all.push(Proposal {
            by: TECHNICIANS,
            command: BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
                step: planned.at.clone(),
                field: field.key.clone(),
                reason: reason(),
            }),
        });
    }
    if detail.is_multiple_of(5) {
        all.push(Proposal {
            by: TECHNICIANS,
            command: BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
                step: planned.at.clone(),
                reason: reason(),
            }),
        });
        all.push(Proposal {
            by: TECHNICIANS,
            command: BatchCommand::Processing(ProcessingCommand::EndCulture { reason: reason() }),
        });
    }
}

fn signatures(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let seen = world.version() - u64::from(detail.is_multiple_of(4));
    let words = || "in doubt".to_owned();
    all.push(Proposal {
        by: ANYBODY,
        command: BatchCommand::Release(ReleaseCommand::SignReview { seen }),
    });
    all.push(Proposal {
        by: QUALIFIED_PERSONS,
        command: BatchCommand::Release(ReleaseCommand::Certify { seen }),
    });
    if detail.is_multiple_of(3) {
        all.push(Proposal {
            by: QUALIFIED_PERSONS,
            command: BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: words(),
                seen,
            }),
        });
    }
    if detail.is_multiple_of(13) {
        all.push(Proposal {
            by: QUALIFIED_PERSONS,
            command: BatchCommand::Release(ReleaseCommand::Reject {
                reasons: words(),
                seen,
            }),
        });
    }
}

fn units(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    let stored = batch
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Stored);
    for unit in stored.take(usize::from(detail.is_multiple_of(4))) {
        all.push(Proposal {
            by: PHARMACISTS,
            command: BatchCommand::Inventory(InventoryCommand::DestroyUnit {
                unit: unit.id,
                reason: "broken".to_owned(),
            }),
        });
    }
    for dose in &batch.doses {
        all.push(Proposal {
            by: PHARMACISTS,
            command: BatchCommand::Dose(DoseCommand::DestroyDose {
                dose: dose.id,
                reason: "not given".to_owned(),
            }),
        });
        if dose.state == DoseState::Prepared {
            all.push(Proposal {
                by: PHARMACISTS,
                command: BatchCommand::Dose(DoseCommand::DispatchDose {
                    dose: dose.id,
                    subject: ["GE-01", "GE-02"][usize::from(detail % 2)].to_owned(),
                    din: din(),
                    destination: "Ward 3".to_owned(),
                }),
            });
        }
    }
}
