//! Properties of a verdict: nothing that is taken away makes a batch releasable, and an oracle that knows the limits by
//! hand says the same.

use crate::sequences::runner;
use chrono::NaiveDate;
use domain::{
    release::{Evidence, EvidenceState, ReadOn, ResultValue, Sign, Verdict, evaluate},
    specification::{Specification, Stage},
    time::days_after,
};
use proptest::{prelude::*, test_runner::TestCaseError};
use rust_decimal::Decimal;
use std::cell::Cell;

/// Criteria of each kind: key, stage, and what else the document says of it.
const CRITERIA: [(&str, &str, &str); 9] = [
    (
        "control",
        "in_process",
        r#"result = "number"
unit = "%"
limit = "> 50"
rounding = "none""#,
    ),
    (
        "viability",
        "before_release",
        r#"result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit""#,
    ),
    (
        "dilution",
        "before_release",
        r#"result = "number"
unit = "none"
limit = "> 1.5 and <= 3.0"
rounding = "none""#,
    ),
    ("cd14", "before_release", AT_MOST_5),
    ("cd11b", "before_release", AT_MOST_5),
    ("bone", "before_release", PRESENT),
    ("fat", "before_release", PRESENT),
    ("sterility", "after_release", AFTER_7_DAYS),
    (
        "marker",
        "before_release",
        r#"result = "number"
unit = "%"
informative = true"#,
    ),
];

const AT_MOST_5: &str = r#"result = "number"
unit = "%"
limit = "<= 5"
rounding = "none""#;

const PRESENT: &str = r#"result = "category"
categories = ["present", "absent"]
equals = "present""#;

/// The minimum time of the method of sterility, in days.
const MINIMUM: u32 = 7;

const AFTER_7_DAYS: &str = r#"result = "category"
categories = ["present", "absent"]
equals = "present"
due_days = 7
minimum_days = 7"#;

const HEAD: &str = r#"key = "ALL"
version = 1
title = "Each kind"
product = "Cells"
source = "A paper"
"#;

const GROUPS: &str = r#"
[[group]]
key = "myeloid"
rule = "one-of"
criteria = ["cd14", "cd11b"]

[[group]]
key = "lineages"
rule = "each-of"
criteria = ["bone", "fat"]
"#;

fn specification() -> Specification {
    let criterion = |(key, stage, rest): &(&str, &str, &str)| {
        format!(
            "\n[[criterion]]\nkey = \"{key}\"\ntest = \"{key}\"\nmethod = \"m\"\nsample_point = \"p\"\nstage = \"{stage}\"\nsite_choice = true\n{rest}\n"
        )
    };
    let criteria: String = CRITERIA.iter().map(criterion).collect();
    Specification::parse(&format!("{HEAD}{criteria}{GROUPS}")).unwrap()
}

/// What the limits above ask for, by hand. A censored result passes where all that it may be does.
fn passes(key: &str, value: &ResultValue) -> bool {
    let tenths = |number: &Decimal| number * Decimal::TEN;
    let within = |least: i64, most: i64| match value {
        ResultValue::Number(number) => {
            (Decimal::from(least)..=Decimal::from(most)).contains(&tenths(number))
        }
        ResultValue::Censored { sign, bound } => {
            let (bound, greatest) = (tenths(bound), Decimal::from(1000));
            // Nothing is below 0 % or above 100 %: such a result leaves no value.
            match sign {
                Sign::Above => most == 1000 && bound >= Decimal::from(least) && bound < greatest,
                Sign::AtLeast => most == 1000 && bound >= Decimal::from(least),
                Sign::Below => least == 0 && bound > Decimal::ZERO && bound <= Decimal::from(most),
                Sign::AtMost => least == 0 && bound <= Decimal::from(most),
            }
        }
        _ => false,
    };
    match key {
        // Strictly above: in tenths, from 501 on; of a bound itself only what lies above it is possible.
        "control" => within(501, 1000) || above(value, 500),
        "viability" => within(695, 1000),
        "dilution" => within(16, 30),
        "cd14" | "cd11b" => within(0, 50),
        _ => *value == ResultValue::Category("present".to_owned()),
    }
}

fn above(value: &ResultValue, tenths: i64) -> bool {
    let bound = Decimal::new(tenths, 1);
    matches!(value, ResultValue::Censored { sign: Sign::Above, bound: b } if *b == bound)
}

/// A result for this criterion: mostly one that passes.
fn value(key: &'static str) -> BoxedStrategy<ResultValue> {
    let numbers = |good: &'static [i64], others: &'static [i64]| {
        let signs =
            prop::sample::select(vec![Sign::Below, Sign::AtMost, Sign::Above, Sign::AtLeast]);
        let censored = (signs, prop::sample::select(others)).prop_map(|(sign, tenths)| {
            ResultValue::Censored {
                sign,
                bound: Decimal::new(tenths, 1),
            }
        });
        let number = |tenths: i64| ResultValue::Number(Decimal::new(tenths, 1));
        prop_oneof![
            20 => prop::sample::select(good).prop_map(number),
            1 => prop::sample::select(others).prop_map(number),
            1 => censored,
        ]
        .boxed()
    };
    match key {
        "control" => numbers(&[501, 900], &[0, 499, 500, 501, 1000]),
        "viability" => numbers(&[695, 700, 1000], &[0, 694, 695, 700, 1000]),
        "dilution" => numbers(&[16, 30], &[0, 15, 16, 30, 31]),
        "cd14" | "cd11b" => numbers(&[0, 50], &[0, 50, 51, 900]),
        "marker" => numbers(&[0, 999], &[0, 1000]),
        _ => prop_oneof![20 => Just("present"), 1 => Just("absent")]
            .prop_map(|word| ResultValue::Category(word.to_owned()))
            .boxed(),
    }
}

fn sampled_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

fn due() -> NaiveDate {
    days_after(sampled_on(), MINIMUM)
}

/// Read so many days after sampling.
fn read_after(days: u32) -> Option<ReadOn> {
    Some(ReadOn {
        sampled_on: sampled_on(),
        tested_on: days_after(sampled_on(), days),
    })
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let of = |key: &'static str| {
        let days = prop_oneof![1 => 0..MINIMUM, 12 => MINIMUM..MINIMUM + 3];
        let state = (value(key), 0..30_u8, days).prop_map(|(value, kind, days)| match kind {
            0 => EvidenceState::Pending { due: due() },
            _ => EvidenceState::Result {
                value,
                reviewed: kind > 1,
                read: read_after(days),
            },
        });
        let states = prop_oneof![
            1 => prop::collection::vec(state.clone(), 0..1),
            16 => prop::collection::vec(state.clone(), 1..2),
            3 => prop::collection::vec(state, 2..4),
        ];
        states.prop_map(move |states| {
            let one = |state| Evidence {
                criterion: key.to_owned(),
                sample: None,
                state,
            };
            states.into_iter().map(one).collect::<Vec<_>>()
        })
    };
    let keys: Vec<_> = CRITERIA.iter().map(|(key, ..)| of(key)).collect();
    keys.prop_map(|lists| lists.concat()).prop_shuffle()
}

/// Whether a pass of this criterion counts by the day on which it was read.
fn in_time(key: &str, read: Option<ReadOn>) -> bool {
    key != "sterility"
        || read.is_none_or(|read| (read.tested_on - read.sampled_on).num_days() >= MINIMUM.into())
}

/// Whether every judged criterion passes, by the oracle.
fn expected(evidence: &[Evidence]) -> bool {
    let pass = |key: &str| {
        let mut of = evidence.iter().filter(|one| one.criterion == key);
        let all = of.clone().all(|one| {
            matches!(&one.state, EvidenceState::Result { value, reviewed: true, read }
                if passes(key, value) && in_time(key, *read))
        });
        all && of.next().is_some()
    };
    let each = [
        "control",
        "viability",
        "dilution",
        "bone",
        "fat",
        "sterility",
    ];
    each.iter().all(|key| pass(key)) && (pass("cd14") || pass("cd11b"))
}

/// Holds the property against many sets of evidence, some of them releasable.
fn always(property: impl Fn(&Specification, &[Evidence], &Verdict) -> Result<(), TestCaseError>) {
    let mut runner = runner(1000);
    let specification = specification();
    let releasable = Cell::new(0_u32);
    let outcome = runner.run(&evidence(), |evidence| {
        let verdict = evaluate(&specification, &evidence, Some(Decimal::from(70)));
        releasable.set(releasable.get() + u32::from(verdict.releasable_finally()));
        property(&specification, &evidence, &verdict)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(releasable.get() > 0, "nothing was ever releasable");
}

const STAGES: [Stage; 3] = [Stage::InProcess, Stage::BeforeRelease, Stage::AfterRelease];

fn judged(specification: &Specification, evidence: &[Evidence]) -> Verdict {
    evaluate(specification, evidence, Some(Decimal::from(70)))
}

#[test]
fn a_batch_is_releasable_where_each_criterion_and_group_passes() {
    always(|_, evidence, verdict| {
        prop_assert_eq!(verdict.releasable_finally(), expected(evidence));
        Ok(())
    });
}

// What a record does where a result is invalidated: the sample stays, the result is awaited again.
#[test]
fn taking_a_result_away_never_turns_a_batch_releasable() {
    always(|specification, evidence, verdict| {
        for place in 0..evidence.len() {
            let mut less = evidence.to_vec();
            less[place].state = EvidenceState::Pending { due: due() };
            let after = judged(specification, &less);
            prop_assert!(verdict.releasable_finally() || !after.releasable_finally());
        }
        Ok(())
    });
}

#[test]
fn taking_all_of_a_criterion_away_never_turns_a_batch_releasable_at_any_stage() {
    always(|specification, evidence, verdict| {
        for (key, ..) in CRITERIA {
            let mut less = evidence.to_vec();
            less.retain(|one| one.criterion != key);
            let after = judged(specification, &less);
            for stage in STAGES {
                let (before, after) = (verdict.stage(stage), after.stage(stage));
                prop_assert!(before.releasable || !after.releasable, "{} {}", key, stage);
            }
        }
        Ok(())
    });
}

// A valid failing result can't be averaged away, nor outvoted.
#[test]
fn one_more_result_never_turns_a_batch_releasable() {
    always(|specification, evidence, verdict| {
        for one in evidence {
            let mut more = evidence.to_vec();
            let value = match one.criterion.as_str() {
                "control" | "viability" | "marker" => ResultValue::Number(Decimal::from(90)),
                "dilution" => ResultValue::Number(Decimal::TWO),
                "cd14" | "cd11b" => ResultValue::Number(Decimal::ONE),
                _ => ResultValue::Category("present".to_owned()),
            };
            let state = EvidenceState::Result {
                value,
                reviewed: true,
                read: read_after(MINIMUM),
            };
            more.push(Evidence {
                state,
                ..one.clone()
            });
            let after = judged(specification, &more);
            for stage in STAGES {
                let (before, after) = (verdict.stage(stage), after.stage(stage));
                prop_assert!(before.releasable || !after.releasable, "{:?}", one);
            }
        }
        Ok(())
    });
}

#[test]
fn the_order_of_the_samples_decides_nothing() {
    always(|specification, evidence, verdict| {
        let mut turned = evidence.to_vec();
        turned.reverse();
        let turned = judged(specification, &turned);
        for stage in STAGES {
            prop_assert_eq!(
                verdict.stage(stage).releasable,
                turned.stage(stage).releasable
            );
        }
        prop_assert!(
            !verdict.releasable_finally() || verdict.stage(Stage::BeforeRelease).releasable
        );
        Ok(())
    });
}
