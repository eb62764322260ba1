//! All that can be asked of the small batch: each command, with the values that make a difference.

use super::{dose, sample, unit};
use crate::world::{World, din};
use domain::{
    batch::{
        BatchCommand, DeviationClass, DeviationCommand, DoseCommand, ExceptionCommand, FieldValue,
        HarvestCommand, HarvestField, InvalidationReason, InventoryCommand, ProcessingCommand,
        QualityCommand, ReleaseCommand,
    },
    identifiers::Din,
    ids::DeviationId,
    master_record::StepRef,
    release::ResultValue,
    zone::Zone,
};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A command, and whether it comes with the password.
pub type Letter = (BatchCommand, bool);

pub fn letters(world: &World) -> Vec<Letter> {
    let mut all = Vec::new();
    record(world, &mut all);
    tests(world, &mut all);
    deviations(world, &mut all);
    signatures(world, &mut all);
    doses(world, &mut all);
    all
}

fn words() -> String {
    "because".to_owned()
}

fn harvest() -> StepRef {
    StepRef::once("harvest")
}

fn record(world: &World, all: &mut Vec<Letter>) {
    let now_is = |field: &str| {
        let record = &world.batch.steps[&harvest()];
        record.entries[field].value().unwrap().clone()
    };
    let millions = |count: i64| FieldValue::Number(Decimal::from(count * 1_000_000));
    let field = || "viable-cells-1".to_owned();
    let seen = world.version();
    for kg in ["70", "45", "30"] {
        all.push((
            BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
                field: HarvestField::Weight,
                value: kg.to_owned(),
                reason: words(),
            }),
            false,
        ));
    }
    // One value that covers what is stored, and one that doesn't.
    for value in [millions(164), millions(162), millions(10)] {
        all.push((
            BatchCommand::Processing(ProcessingCommand::CorrectEntry {
                step: harvest(),
                field: field(),
                value,
                reason: words(),
            }),
            false,
        ));
    }
    for seen in [now_is("viable-cells-1"), millions(1)] {
        all.push((
            BatchCommand::Processing(ProcessingCommand::VerifyEntry {
                step: harvest(),
                field: field(),
                seen,
            }),
            false,
        ));
    }
    for (step, signing) in [("harvest", true), ("harvest", false), ("freeze", true)] {
        all.push((
            BatchCommand::Processing(ProcessingCommand::CompleteStep {
                step: StepRef::once(step),
                performed_at: None,
                seen,
            }),
            signing,
        ));
    }
    all.extend([
        (
            BatchCommand::Processing(ProcessingCommand::RecordEntry {
                step: harvest(),
                field: field(),
                value: millions(162),
                performed_at: None,
            }),
            false,
        ),
        (
            BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
                step: harvest(),
                field: field(),
                reason: words(),
            }),
            false,
        ),
        (
            BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
                step: StepRef::once("sample"),
                reason: words(),
            }),
            false,
        ),
        (
            BatchCommand::Processing(ProcessingCommand::EndCulture { reason: words() }),
            false,
        ),
        (
            BatchCommand::Quality(QualityCommand::TakeSample {
                sample: sample(2),
                step: StepRef::once("sample"),
                taken_at: None,
                viable_cells: Decimal::ZERO,
            }),
            false,
        ),
        (
            BatchCommand::Inventory(InventoryCommand::StoreUnit {
                unit: unit(3),
                step: StepRef::once("freeze"),
                viable_cells: Decimal::ONE,
                volume_ml: Decimal::TEN,
                location: "T1/R1/B1/3".to_owned(),
                stored_at: None,
            }),
            false,
        ),
        (
            BatchCommand::Processing(ProcessingCommand::Comment {
                step: None,
                text: words(),
            }),
            false,
        ),
    ]);
}

fn tests(world: &World, all: &mut Vec<Letter>) {
    let criterion = || "viability".to_owned();
    for percent in [90, 60] {
        all.push((
            BatchCommand::Quality(QualityCommand::EnterResult {
                sample: sample(1),
                criterion: criterion(),
                value: ResultValue::Number(Decimal::from(percent)),
                tested_on: Zone::utc().day(world.now),
            }),
            false,
        ));
    }
    for result in [1, 2] {
        all.push((
            BatchCommand::Quality(QualityCommand::ReviewResult {
                sample: sample(1),
                criterion: criterion(),
                result,
            }),
            false,
        ));
        all.push((
            BatchCommand::Quality(QualityCommand::InvalidateResult {
                sample: sample(1),
                criterion: criterion(),
                result,
                reason: InvalidationReason::Procedure,
                evidence: words(),
                raw_data: String::new(),
            }),
            false,
        ));
    }
}

fn deviations(world: &World, all: &mut Vec<Letter>) {
    let seen = world.version();
    let deviation = DeviationId(Uuid::from_u128(1));
    all.extend([
        (
            BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
                deviation,
                step: None,
                description: words(),
            }),
            false,
        ),
        (
            BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                deviation,
                class: DeviationClass::Major,
            }),
            false,
        ),
        (
            BatchCommand::Deviation(DeviationCommand::AssessDeviation {
                deviation,
                root_cause: words(),
                impact: words(),
            }),
            false,
        ),
        (
            BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen }),
            true,
        ),
        (
            BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen }),
            false,
        ),
    ]);
    let open = world.batch.exceptions.iter();
    for exception in open.filter(|one| one.assessed.is_none()) {
        all.push((
            BatchCommand::Exception(ExceptionCommand::AssessException {
                exception: exception.stamp.version,
                assessment: words(),
            }),
            false,
        ));
    }
}

fn signatures(world: &World, all: &mut Vec<Letter>) {
    // On the record as it is, on a page that is out of date, and without the password.
    let version = world.version();
    for (seen, signing) in [(version, true), (version - 1, true), (version, false)] {
        all.push((
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
            signing,
        ));
        all.push((
            BatchCommand::Release(ReleaseCommand::Certify { seen }),
            signing,
        ));
        all.push((
            BatchCommand::Release(ReleaseCommand::Reject {
                reasons: words(),
                seen,
            }),
            signing,
        ));
        all.push((
            BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: words(),
                seen,
            }),
            signing,
        ));
    }
}

fn doses(world: &World, all: &mut Vec<Letter>) {
    for one in [1, 2] {
        all.push((
            BatchCommand::Inventory(InventoryCommand::DestroyUnit {
                unit: unit(one),
                reason: words(),
            }),
            false,
        ));
    }
    // Both units together are more than a dose for 70 kg.
    for (id, units) in [(1, vec![1]), (2, vec![2]), (1, vec![1, 2])] {
        all.push((
            BatchCommand::Dose(DoseCommand::PrepareDose {
                dose: dose(id),
                units: units.into_iter().map(unit).collect(),
            }),
            false,
        ));
    }
    let other = Din::parse("A999921123456").unwrap().into();
    for (id, din) in [(1, din()), (2, din()), (1, other)] {
        all.push((
            BatchCommand::Dose(DoseCommand::DispatchDose {
                dose: dose(id),
                subject: "GE-01".to_owned(),
                din,
                destination: "Ward 3".to_owned(),
            }),
            false,
        ));
    }
    for id in [1, 2] {
        all.push((
            BatchCommand::Dose(DoseCommand::RecordInfusion {
                dose: dose(id),
                started_at: world.now,
                ended_at: world.now,
                volume_ml: Decimal::ONE_HUNDRED,
                given_on_hold: false,
            }),
            false,
        ));
        all.push((
            BatchCommand::Dose(DoseCommand::DestroyDose {
                dose: dose(id),
                reason: words(),
            }),
            false,
        ));
    }
}
