//! Values as people enter them: mostly good ones, some at a limit, some outside.

use crate::world::World;
use chrono::TimeDelta;
use domain::{
    batch::FieldValue,
    master_record::{Field, FieldKind, StepRef},
    release::{ResultValue, Sign},
    zone::Zone,
};
use rust_decimal::Decimal;

/// A value for this field of this step.
pub fn value(world: &World, at: &StepRef, field: &Field, detail: u16) -> FieldValue {
    match &field.kind {
        FieldKind::Number { .. } => FieldValue::Number(number(world, at, &field.key, detail)),
        FieldKind::Text => FieldValue::Text(format!("T-{}", detail % 5)),
        FieldKind::Choice { choices, .. } => {
            // The last choice is no expected one.
            let rarely = usize::from(detail % 17 == 16);
            FieldValue::Choice(choices[rarely * (choices.len() - 1)].clone())
        }
        FieldKind::YesNo { .. } => FieldValue::YesNo(detail % 19 != 18),
        FieldKind::Moment => {
            FieldValue::Moment(world.now.plus(-TimeDelta::minutes((detail % 50).into())))
        }
        FieldKind::Day => {
            let before = TimeDelta::days((detail % 13 == 12).into());
            FieldValue::Day(Zone::utc().day(world.now) - before)
        }
    }
}

fn number(world: &World, at: &StepRef, key: &str, detail: u16) -> Decimal {
    let millions = |count: u32| Decimal::from(count) * Decimal::from(1_000_000);
    let before = at.passage.and_then(|passage| passage.checked_sub(1));
    let harvested = before.and_then(|before| world.batch.passage_harvest(before));
    let of_step = |key: &str| world.batch.steps.get(at).and_then(|one| one.number(key));
    let one_of = |choices: &[u32]| millions(choices[usize::from(detail) % choices.len()]);
    match key {
        "temperature" => Decimal::new([185, 21, 250, 40, 251, 20][usize::from(detail) % 6], 1),
        "cells-seeded" => match harvested {
            // All of it now and then, and one more than that.
            Some(all) if detail % 9 == 8 => all,
            Some(all) if detail % 23 == 22 => all + Decimal::ONE,
            Some(all) => (all / Decimal::TWO).trunc(),
            None => millions(20),
        },
        "area" => Decimal::from(176),
        "confluence" => Decimal::from(detail % 101),
        "total-cells" => one_of(&[170, 170, 170, 60, 175]),
        "viable-cells" => match of_step("total-cells") {
            Some(total) if detail % 11 == 10 => (total / Decimal::TWO).trunc(),
            Some(total) => total - millions(10),
            None => one_of(&[160, 50]),
        },
        "total-cells-1" => one_of(&[168, 168, 166]),
        "total-cells-2" => one_of(&[166, 166, 168, 140]),
        "viable-cells-1" | "viable-cells-2" => one_of(&[160, 156, 158, 100]),
        _ => Decimal::from(detail % 7),
    }
}

/// A result for this criterion: passing, at the limit, or failing.
pub fn result(criterion: &str, detail: u16) -> ResultValue {
    let censored = |sign, bound| ResultValue::Censored {
        sign,
        bound: Decimal::from(bound),
    };
    let nth = usize::from(detail);
    match criterion {
        "sterility" if detail % 29 == 28 => ResultValue::Category("growth".to_owned()),
        "sterility" => ResultValue::Category("no growth".to_owned()),
        "remark" => ResultValue::Text("spindle-shaped".to_owned()),
        _ => match detail % 12 {
            8 => censored([Sign::AtLeast, Sign::Above][nth % 2], 95),
            9 => censored([Sign::Below, Sign::AtMost, Sign::AtLeast][nth % 3], 60),
            10 => ResultValue::Number(Decimal::new(694, 1)),
            11 => ResultValue::Number(Decimal::new(695, 1)),
            _ => ResultValue::Number(Decimal::from(93)),
        },
    }
}
