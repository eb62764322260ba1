//! Commands that no page would send: ids that are used or unknown, steps and fields mixed up, absurd figures and times,
//! signatures on what nobody saw.

use crate::{
    people::EVERYBODY,
    world::{World, din},
};
use chrono::{NaiveDate, TimeDelta};
use domain::{
    batch::{
        BatchCommand, DeviationClass, DeviationCommand, DoseCommand, ExceptionCommand, FieldValue,
        HarvestCommand, HarvestField, InvalidationReason, InventoryCommand, ProcessingCommand,
        QualityCommand, ReleaseCommand, StopCommand,
    },
    identifiers::Din,
    ids::{DeviationId, DoseId, SampleId, UnitId},
    master_record::StepRef,
    release::{ResultValue, Sign},
    time::Timestamp,
    zone::Zone,
};
use rust_decimal::Decimal;
use uuid::Uuid;

const STEPS: [&str; 18] = [
    "receipt",
    "clearance",
    "seed@P0",
    "seed@P1",
    "seed@P2",
    "seed",
    "medium@P0#1",
    "look@P1#65535",
    "passage@P0",
    "passage@P1",
    "passage@P65535",
    "ip-sample@P1",
    "harvest",
    "sample",
    "freeze",
    "closing",
    "closing@P1",
    "thaw",
];

const FIELDS: [&str; 14] = [
    "identity",
    "temperature",
    "remark",
    "grade",
    "cleaned-at",
    "cells-seeded",
    "area",
    "total-cells",
    "viable-cells",
    "viable-cells-1",
    "viable-cells-2",
    "total-cells-1",
    "freezer",
    "nothing",
];

const CRITERIA: [&str; 5] = ["viability-ip", "viability", "sterility", "remark", "none"];

const TEXTS: [&str; 6] = ["", " ", "GE-01", "no growth", "A\u{0}\u{202e}\n", "x"];

/// Numbers from a seed, one after the other.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        // The mixing of SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 27)) % below as u64) as usize
    }

    fn of<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[self.next(these.len())]
    }

    fn step(&mut self) -> StepRef {
        self.of(&STEPS).parse().unwrap()
    }

    fn text(&mut self) -> String {
        if self.next(40) == 0 {
            "y".repeat(5000)
        } else {
            (*self.of(&TEXTS)).to_owned()
        }
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.next(6) as u128)
    }

    fn decimal(&mut self) -> Decimal {
        let absurd = [
            Decimal::MAX,
            Decimal::MIN,
            Decimal::ZERO,
            Decimal::NEGATIVE_ONE,
            Decimal::ONE,
            Decimal::new(1, 28),
            Decimal::new(695, 1),
            Decimal::from(38_000_000),
            Decimal::from(160_000_000),
            Decimal::from(1_000_000_000_000_i64),
        ];
        *self.of(&absurd)
    }

    fn moment(&mut self, now: Timestamp) -> Option<Timestamp> {
        let minutes = [
            0,
            -1,
            1,
            -90,
            -60 * 24 * 400,
            60 * 24 * 400,
            i64::from(i32::MAX),
        ];
        let minutes = *self.of(&minutes);
        (self.next(3) > 0).then(|| now.plus(TimeDelta::minutes(minutes)))
    }

    fn day(&mut self, now: Timestamp) -> NaiveDate {
        let days = [Zone::utc().day(now), NaiveDate::MIN, NaiveDate::MAX];
        *self.of(&days)
    }

    fn value(&mut self, now: Timestamp) -> FieldValue {
        match self.next(6) {
            0 => FieldValue::Text(self.text()),
            1 => FieldValue::Choice(
                (*self.of(&["A", "C", "D", "", "go on", "reject", "open"])).to_owned(),
            ),
            2 => FieldValue::YesNo(self.next(2) == 0),
            3 => FieldValue::Moment(self.moment(now).unwrap_or(now)),
            4 => FieldValue::Day(self.day(now)),
            _ => FieldValue::Number(self.decimal()),
        }
    }

    fn result(&mut self) -> ResultValue {
        let signs = [Sign::Below, Sign::AtMost, Sign::Above, Sign::AtLeast];
        match self.next(4) {
            0 => ResultValue::Category(self.text()),
            1 => ResultValue::Text(self.text()),
            2 => ResultValue::Censored {
                sign: *self.of(&signs),
                bound: self.decimal(),
            },
            _ => ResultValue::Number(self.decimal()),
        }
    }

    fn seen(&mut self, world: &World) -> u64 {
        let seen = [world.version(), world.version() - 1, 0, u64::MAX];
        *self.of(&seen)
    }
}

/// Any command at all, and whether the password comes with it.
pub fn command(world: &World, pick: u16, detail: u16) -> (BatchCommand, bool) {
    let mut dice = Dice((u64::from(pick) << 16) | u64::from(detail));
    let kind = dice.next(29);
    let command = match kind {
        0..14 => of_record(world, &mut dice, kind),
        26..29 => of_result(world, &mut dice, kind),
        _ => of_release(world, &mut dice, kind),
    };
    (command, dice.next(4) > 0)
}

fn of_record(world: &World, dice: &mut Dice, kind: usize) -> BatchCommand {
    let now = world.now;
    let field = (*dice.of(&FIELDS)).to_owned();
    let criterion = (*dice.of(&CRITERIA)).to_owned();
    let (step, sample) = (dice.step(), SampleId(dice.id()));
    match kind {
        0 => BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field: *dice.of(HarvestField::ALL),
            value: (*dice.of(&["1e9", "-3", "400", "2026-13-01", "9999-12-31", ""])).to_owned(),
            reason: dice.text(),
        }),
        1 => BatchCommand::Processing(ProcessingCommand::RecordEntry {
            step,
            field,
            value: dice.value(now),
            performed_at: dice.moment(now),
        }),
        2 => BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step,
            field,
            value: dice.value(now),
            reason: dice.text(),
        }),
        3 => BatchCommand::Processing(ProcessingCommand::VerifyEntry {
            step,
            field,
            seen: dice.value(now),
        }),
        4 => BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
            step,
            field,
            reason: dice.text(),
        }),
        5 => BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
            step,
            reason: dice.text(),
        }),
        6 | 7 => BatchCommand::Processing(ProcessingCommand::CompleteStep {
            step,
            performed_at: dice.moment(now),
            seen: dice.seen(world),
        }),
        8 => BatchCommand::Processing(ProcessingCommand::EndCulture {
            reason: dice.text(),
        }),
        9 => BatchCommand::Processing(ProcessingCommand::Comment {
            step: (dice.next(2) == 0).then_some(step),
            text: dice.text(),
        }),
        10 => BatchCommand::Quality(QualityCommand::TakeSample {
            sample,
            step,
            taken_at: dice.moment(now),
            viable_cells: dice.decimal(),
        }),
        11 => BatchCommand::Quality(QualityCommand::EnterResult {
            sample,
            criterion,
            value: dice.result(),
            tested_on: dice.day(now),
        }),
        12 => BatchCommand::Quality(QualityCommand::ReviewResult {
            sample,
            criterion,
            result: dice.next(3),
        }),
        _ => BatchCommand::Quality(QualityCommand::InvalidateResult {
            sample,
            criterion,
            result: dice.next(3),
            reason: *dice.of(InvalidationReason::ALL),
            evidence: dice.text(),
            raw_data: String::new(),
        }),
    }
}

fn of_result(world: &World, dice: &mut Dice, kind: usize) -> BatchCommand {
    let sample = SampleId(dice.id());
    let criterion = (*dice.of(&CRITERIA)).to_owned();
    let result = dice.next(4);
    match kind {
        26 => BatchCommand::Quality(QualityCommand::CorrectResult {
            sample,
            criterion,
            result,
            value: dice.result(),
            tested_on: dice.day(world.now),
            reason: dice.text(),
            raw_data: dice.text(),
            second: (dice.next(2) == 0).then(|| dice.of(&EVERYBODY).second()),
        }),
        27 => BatchCommand::Quality(QualityCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason: dice.text(),
        }),
        _ => BatchCommand::Quality(QualityCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer: dice.text(),
        }),
    }
}

/// The stop that was raised last, or one that there is not.
fn last_stop(world: &World) -> u64 {
    let last = world.batch.stops.last();
    last.map_or(0, domain::batch::Stop::number)
}

fn of_release(world: &World, dice: &mut Dice, kind: usize) -> BatchCommand {
    let now = world.now;
    let (deviation, dose) = (DeviationId(dice.id()), DoseId(dice.id()));
    let (unit, seen) = (UnitId(dice.id()), dice.seen(world));
    match kind {
        14 => BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
            deviation,
            step: (dice.next(2) == 0).then(|| dice.step()),
            description: dice.text(),
        }),
        15 => BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
            deviation,
            class: *dice.of(DeviationClass::ALL),
        }),
        16 => BatchCommand::Deviation(DeviationCommand::AssessDeviation {
            deviation,
            root_cause: dice.text(),
            impact: dice.text(),
        }),
        17 => BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen }),
        18 => BatchCommand::Exception(ExceptionCommand::AssessException {
            exception: dice.seen(world),
            assessment: dice.text(),
        }),
        19 => BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        20 => BatchCommand::Release(ReleaseCommand::Certify { seen }),
        21 => BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit,
            step: dice.step(),
            viable_cells: dice.decimal(),
            volume_ml: dice.decimal(),
            location: dice.text(),
            stored_at: dice.moment(now),
        }),
        22 => BatchCommand::Inventory(InventoryCommand::DestroyUnit {
            unit,
            reason: dice.text(),
        }),
        23 => BatchCommand::Dose(DoseCommand::PrepareDose {
            dose,
            units: (0..dice.next(5)).map(|_| UnitId(dice.id())).collect(),
        }),
        25 => BatchCommand::Stop(StopCommand::ReadIdentifiers {
            stop: dice.seen(world),
            subject: dice.text(),
            din: [din(), Din::parse("A999921123456").unwrap().into()][dice.next(2)].clone(),
        }),
        26 => BatchCommand::Stop(StopCommand::LiftStop {
            stop: last_stop(world),
            evidence: (0..dice.next(4)).map(|_| dice.seen(world)).collect(),
            seen,
        }),
        24 => BatchCommand::Dose(DoseCommand::DispatchDose {
            dose,
            subject: dice.text(),
            din: [din(), Din::parse("A999921123456").unwrap().into()][dice.next(2)].clone(),
            destination: dice.text(),
        }),
        _ => BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose,
            started_at: dice.moment(now).unwrap_or(now),
            ended_at: dice.moment(now).unwrap_or(now),
            volume_ml: dice.decimal(),
            given_on_hold: dice.next(2) == 0,
        }),
    }
}
