//! Everything that takes the batch further as it stands now.

use super::{
    ANALYSTS, PHARMACISTS, Proposal, QA_REVIEWERS, QUALIFIED_PERSONS, TECHNICIANS, VERIFIERS,
    values,
};
use crate::world::{World, din};
use domain::{
    batch::{
        Batch, BatchCommand, DeviationClass, DeviationCommand, Disposition, DoseCommand, DoseState,
        ExceptionCommand, InventoryCommand, Planned, ProcessingCommand, Progress, QualityCommand,
        ReleaseCommand, StopCommand, UnitState,
    },
    ids::{DoseId, SampleId, UnitId},
    master_record::{LiftedBy, StepKind, StepSignature},
    zone::Zone,
};
use rust_decimal::Decimal;
use uuid::Uuid;

pub fn proposals(world: &World, detail: u16) -> Vec<Proposal> {
    let mut all = Vec::new();
    steps(world, detail, &mut all);
    again(world, &mut all);
    results(world, detail, &mut all);
    quality(world, detail, &mut all);
    stops(world, detail, &mut all);
    release(world, &mut all);
    doses(world, detail, &mut all);
    all
}

fn steps(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    let open = |planned: &Planned<'_>| {
        let begun = batch
            .steps
            .get(&planned.at)
            .is_some_and(|record| record.is_begun());
        // Recurring work is never asked for; without a bound nothing else would be done.
        let assesses = planned.step.kind == StepKind::Assess;
        let wanted = !planned.step.recurring || begun || assesses || detail.is_multiple_of(8);
        planned.progress == Progress::Open && wanted
    };
    for planned in batch.plan().into_iter().filter(open) {
        let (at, step) = (&planned.at, planned.step);
        let record = batch.steps.get(at);
        let mut waits = false;
        for field in &step.fields {
            let entry = record.and_then(|record| record.entries.get(&field.key));
            if entry.is_none() && (field.required || detail.is_multiple_of(6)) {
                waits |= field.required;
                all.push(Proposal {
                    by: TECHNICIANS,
                    command: BatchCommand::Processing(ProcessingCommand::RecordEntry {
                        step: at.clone(),
                        field: field.key.clone(),
                        value: values::value(world, at, field, detail),
                        performed_at: None,
                    }),
                });
            }
            waits |= field.critical && entry.is_some_and(|entry| entry.verified.is_none());
        }
        let sampled = batch.samples.iter().any(|sample| sample.step == *at);
        if step.kind == StepKind::Sample && !sampled {
            waits = true;
            all.push(take(world, &planned, detail));
        }
        if step.kind == StepKind::Freeze && batch.units.len() < 4 {
            waits |= batch.units.len() < 2;
            all.push(store(world, &planned, detail));
        }
        if !waits {
            all.push(complete(world, &planned));
        }
    }
}

fn take(world: &World, planned: &Planned<'_>, detail: u16) -> Proposal {
    let cells = if planned.at.passage.is_some() {
        100_000
    } else {
        1_000_000
    };
    Proposal {
        by: if detail.is_multiple_of(2) {
            TECHNICIANS
        } else {
            ANALYSTS
        },
        command: BatchCommand::Quality(QualityCommand::TakeSample {
            sample: SampleId(Uuid::from_u128(world.batch.samples.len() as u128 + 1)),
            step: planned.at.clone(),
            taken_at: None,
            viable_cells: Decimal::from(cells),
        }),
    }
}

fn store(world: &World, planned: &Planned<'_>, detail: u16) -> Proposal {
    let next = world.batch.units.len() + 1;
    Proposal {
        by: TECHNICIANS,
        command: BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit: UnitId(Uuid::from_u128(next as u128)),
            step: planned.at.clone(),
            viable_cells: Decimal::from([38, 38, 36, 70, 200][usize::from(detail % 5)])
                * Decimal::from(1_000_000),
            volume_ml: Decimal::from(10),
            location: format!("T1/R1/B1/{next}"),
            stored_at: None,
        }),
    }
}

fn complete(world: &World, planned: &Planned<'_>) -> Proposal {
    Proposal {
        by: TECHNICIANS,
        command: BatchCommand::Processing(ProcessingCommand::CompleteStep {
            step: planned.at.clone(),
            performed_at: None,
            seen: world.version(),
        }),
    }
}

/// What a correction undid: signatures of steps, confirmations.
fn again(world: &World, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    for planned in batch.plan() {
        let Some(record) = batch.steps.get(&planned.at) else {
            continue;
        };
        for field in planned.step.fields.iter().filter(|field| field.critical) {
            let entry = record.entries.get(&field.key);
            let Some(entry) = entry.filter(|entry| entry.verified.is_none()) else {
                continue;
            };
            if let Some(seen) = entry.value() {
                all.push(Proposal {
                    by: VERIFIERS,
                    command: BatchCommand::Processing(ProcessingCommand::VerifyEntry {
                        step: planned.at.clone(),
                        field: field.key.clone(),
                        seen: seen.clone(),
                    }),
                });
            }
        }
        let signed = planned.step.signature == StepSignature::Performed;
        let stands = batch
            .signatures
            .iter()
            .any(|one| one.step.as_ref() == Some(&planned.at) && one.void_since.is_none());
        if record.completed.is_some() && signed && !stands {
            all.push(complete(world, &planned));
        }
    }
}

fn results(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    for sample in &world.batch.samples {
        for test in &sample.tests {
            let command = match test.standing() {
                None => BatchCommand::Quality(QualityCommand::EnterResult {
                    sample: sample.id,
                    criterion: test.criterion.clone(),
                    value: values::result(&test.criterion, detail),
                    tested_on: Zone::utc().day(world.now),
                }),
                Some(result) if result.reviewed.is_none() => {
                    review_result(&world.batch, sample.id, &test.criterion)
                }
                Some(_) => continue,
            };
            all.push(Proposal {
                by: ANALYSTS,
                command,
            });
        }
    }
}

/// The review of a result as it stands.
pub fn review_result(batch: &Batch, sample: SampleId, criterion: &str) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ReviewResult {
        sample,
        criterion: criterion.to_owned(),
        result: last_result(batch, sample, criterion),
    })
}

/// Which result of a test a page shows: the last one.
pub fn last_result(batch: &Batch, sample: SampleId, criterion: &str) -> usize {
    let test = batch
        .sample(sample)
        .and_then(|of| of.tests.iter().find(|test| test.criterion == criterion));
    test.map_or(1, domain::batch::Test::values)
}

fn quality(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let by = QA_REVIEWERS;
    let open = world.batch.exceptions.iter();
    for exception in open.filter(|one| one.assessed.is_none()) {
        all.push(Proposal {
            by,
            command: BatchCommand::Exception(ExceptionCommand::AssessException {
                exception: exception.stamp.version,
                assessment: "no influence".to_owned(),
            }),
        });
    }
    for of in world.batch.open_deviations() {
        let deviation = of.id;
        if of.class.is_none() {
            let class = DeviationClass::ALL[usize::from(detail % 3)];
            all.push(Proposal {
                by,
                command: BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                    deviation,
                    class,
                }),
            });
        }
        if of.assessment.is_none() {
            all.push(Proposal {
                by,
                command: BatchCommand::Deviation(DeviationCommand::AssessDeviation {
                    deviation,
                    root_cause: "tube broke".to_owned(),
                    impact: "none".to_owned(),
                }),
            });
        }
        if of.class.is_some() && of.assessment.is_some() {
            let seen = world.version();
            all.push(Proposal {
                by,
                command: BatchCommand::Deviation(DeviationCommand::CloseDeviation {
                    deviation,
                    seen,
                }),
            });
        }
    }
}

/// What lifts the stops that hold the batch.
fn stops(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    for stop in batch.open_stops() {
        let number = stop.number();
        let evidence = match &stop.lifted_by {
            LiftedBy::Identifiers => {
                let subject = ["GE-01", "GE-01", "GE-01", "GE-02"][usize::from(detail % 4)];
                all.push(Proposal {
                    by: VERIFIERS,
                    command: BatchCommand::Stop(StopCommand::ReadIdentifiers {
                        stop: number,
                        subject: subject.to_owned(),
                        din: din(),
                    }),
                });
                let readings = stop.readings.iter().rev().take(2);
                readings.map(|one| one.stamp.version).collect()
            }
            LiftedBy::Entry { step, field } => {
                let of_step = batch.steps.iter().filter(|(at, _)| at.key == *step);
                let entries = of_step.filter_map(|(_, record)| record.entries.get(field));
                let last = entries.filter_map(|entry| entry.values.last()).next_back();
                last.map(|value| value.stamp.version).into_iter().collect()
            }
            LiftedBy::Nothing => Vec::new(),
        };
        all.push(Proposal {
            by: QA_REVIEWERS,
            command: BatchCommand::Stop(StopCommand::LiftStop {
                stop: number,
                evidence,
                seen: world.version(),
            }),
        });
    }
}

fn release(world: &World, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    let seen = world.version();
    match &batch.disposition {
        Disposition::Open if batch.blockers(world.now).is_empty() => all.push(Proposal {
            by: QUALIFIED_PERSONS,
            command: BatchCommand::Release(ReleaseCommand::Certify { seen }),
        }),
        Disposition::Open if batch.review().is_none() && batch.review_blockers().is_empty() => all
            .push(Proposal {
                by: QA_REVIEWERS,
                command: BatchCommand::Release(ReleaseCommand::SignReview { seen }),
            }),
        // Where something came up since, only certifying again lets a dose leave.
        Disposition::Certified(_) if batch.may_leave(world.now).is_err() => all.push(Proposal {
            by: QUALIFIED_PERSONS,
            command: BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: "something came up".to_owned(),
                seen,
            }),
        }),
        _ => {}
    }
}

fn doses(world: &World, detail: u16, all: &mut Vec<Proposal>) {
    let batch = &world.batch;
    let by = PHARMACISTS;
    let stored = batch
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Stored);
    let units: Vec<UnitId> = stored
        .map(|unit| unit.id)
        .take(usize::from(detail % 3) + 1)
        .collect();
    if matches!(batch.disposition, Disposition::Certified(_)) && !units.is_empty() {
        let dose = DoseId(Uuid::from_u128(batch.doses.len() as u128 + 1));
        all.push(Proposal {
            by,
            command: BatchCommand::Dose(DoseCommand::PrepareDose { dose, units }),
        });
    }
    for dose in &batch.doses {
        let command = match dose.state {
            DoseState::Prepared => BatchCommand::Dose(DoseCommand::DispatchDose {
                dose: dose.id,
                subject: batch.harvest.subject.clone(),
                din: din(),
                destination: "Ward 3".to_owned(),
            }),
            DoseState::Dispatched { .. } => BatchCommand::Dose(DoseCommand::RecordInfusion {
                dose: dose.id,
                started_at: world.now,
                ended_at: world.now,
                volume_ml: Decimal::from(100),
                given_on_hold: detail.is_multiple_of(2),
            }),
            _ => continue,
        };
        all.push(Proposal { by, command });
    }
}
