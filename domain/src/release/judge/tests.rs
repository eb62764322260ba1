#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::specification::Specification;

/// What is typed, and the verdict in one word.
type Expected = &'static [(&'static str, &'static str)];
type Comparison = fn(Decimal, Decimal) -> bool;

fn criterion(fields: &str) -> Criterion {
    let text = format!(
        "key = \"T\"\nversion = 1\ntitle = \"T\"\nproduct = \"P\"\nsource = \"S\"\n\
         [[criterion]]\nkey = \"judged\"\ntest = \"Viability\"\nmethod = \"M\"\nsample_point = \"p\"\n\
         stage = \"before_release\"\nsource = \"S\"\n{fields}\n\
         [[criterion]]\nkey = \"other\"\ntest = \"Other\"\nmethod = \"M\"\nsample_point = \"p\"\n\
         stage = \"before_release\"\nsource = \"S\"\nresult = \"category\"\ncategories = [\"a\", \"b\"]\nequals = \"a\"\n"
    );
    Specification::parse(&text).unwrap().criteria.remove(0)
}

fn number(unit: &str, limit: &str, rounding: &str) -> Criterion {
    criterion(&format!(
        "result = \"number\"\nunit = \"{unit}\"\nlimit = \"{limit}\"\nrounding = \"{rounding}\""
    ))
}

fn word(criterion: &Criterion, typed: &str) -> &'static str {
    let result = ResultValue::read(typed, criterion).unwrap();
    judge(criterion, Some(&result), None).outcome.word()
}

// A11-4.7
#[test]
fn a_number_is_judged_exactly_at_the_boundary() {
    let cases: &[(&str, &str, Expected)] = &[
        (
            ">= 80",
            "none",
            &[
                ("79.9", "fail"),
                ("79.999999999", "fail"),
                ("80", "pass"),
                ("80.0", "pass"),
                ("80.1", "pass"),
                ("0", "fail"),
                ("100", "pass"),
            ],
        ),
        (
            "> 80",
            "none",
            &[
                ("79.9", "fail"),
                ("80", "fail"),
                ("80.000000001", "pass"),
                ("80.1", "pass"),
            ],
        ),
        (
            "<= 5",
            "none",
            &[
                ("4.9", "pass"),
                ("5", "pass"),
                ("5.000000001", "fail"),
                ("5.1", "fail"),
                ("0", "pass"),
            ],
        ),
        (
            "< 5",
            "none",
            &[("4.999999999", "pass"), ("5", "fail"), ("5.1", "fail")],
        ),
        (
            "> 70 and <= 95",
            "none",
            &[
                ("70", "fail"),
                ("70.1", "pass"),
                ("95", "pass"),
                ("95.1", "fail"),
            ],
        ),
        (
            ">= 70 and < 95",
            "none",
            &[
                ("69.9", "fail"),
                ("70", "pass"),
                ("94.9", "pass"),
                ("95", "fail"),
            ],
        ),
        (
            "= 0",
            "none",
            &[("0", "pass"), ("0.000", "pass"), ("0.1", "fail")],
        ),
        // 0.1 + 0.2 in binary is not 0.3; exact decimals are.
        (
            "<= 0.3",
            "none",
            &[("0.3", "pass"), ("0.300000001", "fail")],
        ),
        // As pharmacopoeias do: to the digits of the limit, a half away from zero.
        (
            ">= 80",
            "as-limit",
            &[
                ("79.4", "fail"),
                ("79.49", "fail"),
                ("79.499999999", "fail"),
                ("79.5", "pass"),
                ("79.9", "pass"),
                ("79.95", "pass"),
                ("80", "pass"),
            ],
        ),
        (
            ">= 80.0",
            "as-limit",
            &[
                ("79.9", "fail"),
                ("79.94", "fail"),
                ("79.95", "pass"),
                ("80", "pass"),
                ("80.1", "pass"),
            ],
        ),
        (
            "> 80",
            "as-limit",
            &[
                ("80", "fail"),
                ("80.4", "fail"),
                ("80.49", "fail"),
                ("80.5", "pass"),
                ("81", "pass"),
            ],
        ),
        (
            "<= 5",
            "as-limit",
            &[
                ("5", "pass"),
                ("5.4", "pass"),
                ("5.49", "pass"),
                ("5.5", "fail"),
                ("6", "fail"),
            ],
        ),
        (
            "< 5",
            "as-limit",
            &[
                ("4.4", "pass"),
                ("4.49", "pass"),
                ("4.5", "fail"),
                ("5", "fail"),
            ],
        ),
        (
            "> 70 and <= 95",
            "as-limit",
            &[
                ("70.4", "fail"),
                ("70.5", "pass"),
                ("95.4", "pass"),
                ("95.5", "fail"),
            ],
        ),
        (
            "= 1",
            "as-limit",
            &[
                ("0.4", "fail"),
                ("0.5", "pass"),
                ("1.4", "pass"),
                ("1.5", "fail"),
            ],
        ),
    ];
    for (limit, rounding, results) in cases {
        let criterion = number("%", limit, rounding);
        for (typed, expected) in *results {
            assert_eq!(
                word(&criterion, typed),
                *expected,
                "{typed} by {limit}, {rounding}"
            );
        }
    }
}

/// Rounding first and comparing then is how the rule is said; judging compares with bounds moved by half a digit.
#[test]
fn judging_as_the_limit_is_rounding_and_then_comparing() {
    let bounds: Vec<Decimal> = (-3..=3).map(|tenths| Decimal::new(tenths * 5, 1)).collect();
    let compare: [(&str, Comparison); 5] = [
        (">=", |a, b| a >= b),
        (">", |a, b| a > b),
        ("<=", |a, b| a <= b),
        ("<", |a, b| a < b),
        ("=", |a, b| a == b),
    ];
    let mut judged = 0;
    for bound in bounds
        .iter()
        .flat_map(|b| [b.normalize(), b.normalize() * Decimal::new(10, 1)])
    {
        for (sign, meets) in compare {
            let criterion = number("none", &format!("{sign} {bound}"), "as-limit");
            for hundredths in -400..=400 {
                let value = Decimal::new(hundredths, 2);
                let expected = meets(round_half_up(value, bound.scale()), bound);
                let outcome = judge(&criterion, Some(&ResultValue::Number(value)), None).outcome;
                assert_eq!(outcome == Outcome::Pass, expected, "{value} {sign} {bound}");
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 14 * 5 * 801);
}

#[test]
fn a_censored_result_passes_or_fails_only_where_all_that_it_stands_for_does() {
    let cases: &[(&str, &str, &str, Expected)] = &[
        (
            "EU/mL",
            "<= 0.5",
            "none",
            &[
                ("< 0.05", "pass"),
                ("< 0.5", "pass"),
                ("<= 0.5", "pass"),
                ("< 1", "indeterminate"),
                ("<= 0.6", "indeterminate"),
                ("> 0.5", "fail"),
                (">= 0.5", "indeterminate"),
                (">= 0.6", "fail"),
                ("> 0.4", "indeterminate"),
                ("> 5", "fail"),
            ],
        ),
        (
            "EU/mL",
            "< 0.5",
            "none",
            &[
                ("< 0.05", "pass"),
                ("< 0.5", "pass"),
                ("<= 0.5", "indeterminate"),
                ("<= 0.49", "pass"),
                ("< 0.51", "indeterminate"),
                (">= 0.5", "fail"),
                ("> 0.5", "fail"),
                ("> 0.4", "indeterminate"),
            ],
        ),
        (
            "%",
            ">= 95",
            "none",
            &[
                ("> 95", "pass"),
                (">= 95", "pass"),
                (">= 94.9", "indeterminate"),
                ("> 94.9", "indeterminate"),
                ("> 99", "pass"),
                ("< 95", "fail"),
                ("<= 95", "indeterminate"),
                ("< 94", "fail"),
                ("< 96", "indeterminate"),
            ],
        ),
        (
            "%",
            "> 95",
            "none",
            &[
                ("> 95", "pass"),
                (">= 95", "indeterminate"),
                (">= 95.1", "pass"),
                ("< 95", "fail"),
                ("<= 95", "fail"),
                ("<= 95.1", "indeterminate"),
            ],
        ),
        // Nothing is below 0 % or above 100 %.
        (
            "%",
            ">= 70 and <= 100",
            "none",
            &[
                ("> 95", "pass"),
                ("> 60", "indeterminate"),
                ("< 70", "fail"),
                ("< 80", "indeterminate"),
            ],
        ),
        (
            "%",
            ">= 0 and <= 5",
            "none",
            &[
                ("< 5", "pass"),
                ("< 6", "indeterminate"),
                ("> 5", "fail"),
                (">= 5", "indeterminate"),
            ],
        ),
        (
            "%",
            "= 0",
            "none",
            &[("<= 0", "pass"), ("< 1", "indeterminate"), ("> 0", "fail")],
        ),
        // A plain number may be below zero.
        (
            "none",
            ">= 0 and <= 5",
            "none",
            &[
                ("< 5", "indeterminate"),
                ("< 0", "fail"),
                ("<= 0", "indeterminate"),
            ],
        ),
        // Rounded to the limit's digits: every value that it stands for is rounded, not its bound.
        (
            "%",
            ">= 70",
            "as-limit",
            &[
                ("> 69.5", "pass"),
                (">= 69.5", "pass"),
                (">= 69.4", "indeterminate"),
                ("< 69.5", "fail"),
                ("<= 69.5", "indeterminate"),
                ("< 69.7", "indeterminate"),
            ],
        ),
        (
            "%",
            "<= 5",
            "as-limit",
            &[
                ("< 5.5", "pass"),
                ("<= 5.5", "indeterminate"),
                ("<= 5.4", "pass"),
                (">= 5.5", "fail"),
                ("> 5.4", "indeterminate"),
            ],
        ),
    ];
    for (unit, limit, rounding, results) in cases {
        let criterion = number(unit, limit, rounding);
        for (typed, expected) in *results {
            assert_eq!(
                word(&criterion, typed),
                *expected,
                "{typed} by {limit} {unit}, {rounding}"
            );
        }
    }
}

#[test]
fn an_undecided_result_says_why() {
    let criterion = number("EU/mL", "<= 0.5", "none");
    let result = ResultValue::read("<1", &criterion).unwrap();
    let Outcome::Indeterminate { why } = judge(&criterion, Some(&result), None).outcome else {
        panic!("decided");
    };
    assert_eq!(
        why,
        "< 1 EU/mL can't decide the limit ≤ 0.5 EU/mL: the true value may lie on either side. Repeat the test so that its result can."
    );
}

fn endotoxin(k: &str, volume: &str, hours: &str) -> Criterion {
    criterion(&format!(
        "result = \"number\"\nunit = \"EU/mL\"\nendotoxin = {{ k = \"{k}\", volume_ml = \"{volume}\", duration_h = \"{hours}\" }}"
    ))
}

// 70 kg, 100 mL, 1 h: 3.5; 50 kg, 100 mL, 20 min: 2.5; 70 kg, 50 mL, 1 h: 7.0. The limit is “not more than”.
#[test]
fn endotoxin_is_judged_by_weight_volume_and_duration() {
    let cases = [
        (("5", "100", "1"), "70", "3.5", "pass"),
        (("5", "100", "1"), "70", "3.500000001", "fail"),
        (("5", "100", "1"), "70", "3.4", "pass"),
        (("5", "100", "0.333333333"), "50", "2.5", "pass"),
        (("5", "100", "0.333333333"), "50", "2.51", "fail"),
        (("5", "50", "1"), "70", "7.0", "pass"),
        (("5", "50", "1"), "70", "7.01", "fail"),
        (("5", "100", "2"), "70", "7", "pass"),
        (("5", "100", "2"), "70", "7.1", "fail"),
        (("0.2", "10", "1"), "70", "1.4", "pass"),
        (("0.2", "10", "1"), "70", "1.41", "fail"),
        // 250 / 75 = 3.333...: judged without dividing.
        (("5", "75", "1"), "50", "3.333333333", "pass"),
        (("5", "75", "1"), "50", "3.333333334", "fail"),
        (("5", "100", "1"), "70", "< 0.05", "pass"),
        (("5", "100", "1"), "70", "<= 3.5", "pass"),
        (("5", "100", "1"), "70", "< 3.6", "indeterminate"),
        (("5", "100", "1"), "70", "> 3.5", "fail"),
        (("5", "100", "1"), "70", ">= 3.5", "indeterminate"),
        (("5", "100", "1"), "0", "0.1", "indeterminate"),
        (("5", "100", "1"), "-70", "0.1", "indeterminate"),
    ];
    for ((k, volume, hours), weight, typed, expected) in cases {
        let criterion = endotoxin(k, volume, hours);
        let result = ResultValue::read(typed, &criterion).unwrap();
        let found = judge(&criterion, Some(&result), weight.parse().ok())
            .outcome
            .word();
        assert_eq!(
            found, expected,
            "{typed} EU/mL for {weight} kg, {volume} mL in {hours} h"
        );
    }
}

#[test]
fn endotoxin_without_a_weight_is_not_a_pass() {
    let criterion = endotoxin("5", "100", "1");
    let outcome = judge(&criterion, Some(&ResultValue::Number(Decimal::ZERO)), None).outcome;
    let why = "The limit depends on the body weight, which is not recorded. Enter it.".to_owned();
    assert_eq!(outcome, Outcome::Indeterminate { why });
}

#[test]
fn figures_too_large_to_compute_with_are_not_a_pass() {
    let criterion = endotoxin("5", "999999999999999999", "1");
    let result = ResultValue::Number("999999999999999999".parse().unwrap());
    assert_eq!(
        judge(&criterion, Some(&result), Some(Decimal::from(70)))
            .outcome
            .word(),
        "indeterminate"
    );
    let small = ResultValue::Number(Decimal::ZERO);
    assert_eq!(
        judge(&criterion, Some(&small), Some(Decimal::MAX))
            .outcome
            .word(),
        "indeterminate"
    );
}

#[test]
fn a_category_passes_only_by_the_limit() {
    let sterility = criterion(
        "result = \"category\"\ncategories = [\"no growth\", \"growth\"]\nequals = \"no growth\"",
    );
    assert_eq!(word(&sterility, "no growth"), "pass");
    assert_eq!(word(&sterility, "No Growth"), "pass");
    assert_eq!(word(&sterility, "growth"), "fail");
    let karyotype = criterion(
        "result = \"category\"\ncategories = [\"46,XX\", \"46,XY\", \"abnormal\"]\none_of = [\"46,XX\", \"46,XY\"]",
    );
    assert_eq!(word(&karyotype, "46,XX"), "pass");
    assert_eq!(word(&karyotype, "46,xy"), "pass");
    assert_eq!(word(&karyotype, "abnormal"), "fail");
}

#[test]
fn a_result_of_another_kind_is_not_a_pass() {
    let viability = number("%", ">= 70", "none");
    let sterility = criterion(
        "result = \"category\"\ncategories = [\"no growth\", \"growth\"]\nequals = \"no growth\"",
    );
    let impossible = ["101", "-1"].map(|n| ResultValue::Number(n.parse().unwrap()));
    let words = ["97", "no growth", "sterile"];
    let texts = words.map(|w| ResultValue::Text(w.to_owned()));
    let categories = words.map(|w| ResultValue::Category(w.to_owned()));
    for result in impossible.iter().chain(&texts).chain(&categories) {
        assert_eq!(
            judge(&viability, Some(result), None).outcome.word(),
            "indeterminate",
            "{result}"
        );
    }
    let nothing_left = ResultValue::Censored {
        sign: Sign::Below,
        bound: Decimal::ZERO,
    };
    assert_eq!(
        judge(&viability, Some(&nothing_left), None).outcome.word(),
        "indeterminate"
    );
    for result in impossible.iter().chain(&texts).chain(&categories[2..]) {
        assert_eq!(
            judge(&sterility, Some(result), None).outcome.word(),
            "indeterminate",
            "{result}"
        );
    }
}

#[test]
fn an_informative_criterion_is_reported_and_not_judged() {
    let hla_dr = criterion(
        "result = \"number\"\nunit = \"%\"\nlimit = \"<= 20\"\ninformative = true\ndecimals = 1",
    );
    for (typed, shown) in [("12.34", "12.3 %"), ("65.55", "65.6 %"), ("< 1", "< 1 %")] {
        let result = ResultValue::read(typed, &hla_dr).unwrap();
        let judgement = judge(&hla_dr, Some(&result), None);
        assert_eq!(
            judgement,
            Judgement {
                outcome: Outcome::Informative,
                shown: Some(shown.to_owned())
            }
        );
    }
    assert_eq!(
        judge(&hla_dr, None, None),
        Judgement {
            outcome: Outcome::Informative,
            shown: None
        }
    );
}

#[test]
fn no_result_is_missing() {
    let judgement = judge(&number("%", "> 0", "none"), None, None);
    assert_eq!(
        judgement,
        Judgement {
            outcome: Outcome::Missing,
            shown: None
        }
    );
}

#[test]
fn a_result_is_shown_as_it_was_judged() {
    let cases = [
        (">= 80", "as-limit", "79.5", "80 %"),
        (">= 80", "as-limit", "79.49", "79 %"),
        (">= 80.0", "as-limit", "79.95", "80.0 %"),
        (">= 80.0", "as-limit", "80", "80 %"),
        (">= 80", "none", "79.95", "79.95 %"),
        (">= 80", "none", "80.00", "80.00 %"),
        (">= 80", "as-limit", "> 79.55", "> 79.55 %"),
    ];
    for (limit, rounding, typed, shown) in cases {
        let criterion = number("%", limit, rounding);
        let result = ResultValue::read(typed, &criterion).unwrap();
        assert_eq!(
            judge(&criterion, Some(&result), None).shown.as_deref(),
            Some(shown),
            "{typed} by {limit}"
        );
    }
}
