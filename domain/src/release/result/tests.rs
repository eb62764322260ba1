#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::{
    measure::Measure,
    specification::{Basis, Rounding, Stage},
};

fn criterion(result: ResultKind) -> Criterion {
    Criterion {
        key: "c".to_owned(),
        test: "The test".to_owned(),
        method: "M".to_owned(),
        sample_point: "p".to_owned(),
        stage: Stage::BeforeRelease,
        result,
        limit: None,
        informative: true,
        rounding: Rounding::None,
        decimals: None,
        due_days: 0,
        minimum_days: 0,
        basis: Basis::SiteChoice { note: None },
    }
}

fn number(unit: Measure) -> Criterion {
    criterion(ResultKind::Number { unit })
}

fn sterility() -> Criterion {
    criterion(ResultKind::Category {
        allowed: vec!["no growth".to_owned(), "growth".to_owned()],
    })
}

// A11-4.7
#[test]
fn a_number_is_read_with_its_digits_and_its_sign() {
    let cases = [
        ("97", "97"),
        (" 97.0 ", "97.0"),
        ("79,9", "79.9"),
        ("0", "0"),
        ("100", "100"),
        ("<0.05", "< 0.05"),
        ("< 0.05", "< 0.05"),
        ("<=0.05", "≤ 0.05"),
        ("≤ 0.05", "≤ 0.05"),
        (">95", "> 95"),
        (">= 95", "≥ 95"),
        ("≥95", "≥ 95"),
        ("<= 0", "≤ 0"),
        (">= 100", "≥ 100"),
        ("97.647", "97.647"),
        ("97.647 %", "97.647"),
        ("< 0,05", "< 0.05"),
        ("<0.05 %", "< 0.05"),
        ("&lt; 0.05", "< 0.05"),
        ("&lt;=0.05", "≤ 0.05"),
        ("&le; 0.05", "≤ 0.05"),
        ("⩽ 0.05", "≤ 0.05"),
        ("＜0.05", "< 0.05"),
        ("&gt;95", "> 95"),
        ("&gt;= 95", "≥ 95"),
        ("⩾95", "≥ 95"),
        ("5e1", "50"),
        ("9.7 × 10¹", "97"),
    ];
    for (typed, read) in cases {
        let result = ResultValue::read(typed, &number(Measure::PERCENT)).unwrap();
        assert_eq!(result.to_string(), read, "{typed}");
    }
}

// DI-4, A11-4.7
#[test]
fn what_the_test_can_t_have_found_is_refused_in_words() {
    let percent = number(Measure::PERCENT);
    let cells = number(Measure::CELLS);
    let endotoxin = number(Measure::ENDOTOXIN_PER_MILLILITRE);
    let cases = [
        (
            &percent,
            "",
            "No result is entered for The test. Enter one, or leave the test pending.",
        ),
        (
            &percent,
            "  ",
            "No result is entered for The test. Enter one, or leave the test pending.",
        ),
        (
            &percent,
            "100.1",
            "100.1 % can't be: the greatest possible value is 100 %. Check the figure.",
        ),
        (
            &percent,
            "-1",
            "-1 % can't be: the least possible value is 0 %. Check the figure.",
        ),
        (
            &percent,
            "> 101",
            "101 % can't be: the greatest possible value is 100 %. Check the figure.",
        ),
        (
            &percent,
            "> 100",
            "> 100 % leaves no possible value. Check the sign and the figure.",
        ),
        (
            &percent,
            "< 0",
            "< 0 % leaves no possible value. Check the sign and the figure.",
        ),
        (
            &cells,
            "-1",
            "-1 cells can't be: the least possible value is 0 cells. Check the figure.",
        ),
        (
            &endotoxin,
            "<0",
            "< 0 EU/mL leaves no possible value. Check the sign and the figure.",
        ),
    ];
    for (criterion, typed, words) in cases {
        assert_eq!(
            ResultValue::read(typed, criterion).unwrap_err().to_string(),
            words,
            "{typed}"
        );
    }
    for typed in [
        "n/a",
        "nd",
        "<",
        "> ",
        "<>5",
        "< < 5",
        "<<5",
        "=>95",
        "~5",
        "5e99",
        "9 7 %x",
        "--5",
        "5 mL",
        "=<S12951A0",
    ] {
        let refused = ResultValue::read(typed, &percent).unwrap_err();
        assert!(
            matches!(refused, NotAResult::Number(_)),
            "{typed}: {refused}"
        );
    }
}

#[test]
fn a_category_is_read_in_any_case_and_stored_as_listed() {
    for typed in ["no growth", "No growth", " NO GROWTH "] {
        let result = ResultValue::read(typed, &sterility()).unwrap();
        assert_eq!(result, ResultValue::Category("no growth".to_owned()));
    }
    for typed in ["sterile", "nogrowth", "no", "0", "negative"] {
        assert_eq!(
            ResultValue::read(typed, &sterility())
                .unwrap_err()
                .to_string(),
            format!("“{typed}” is no result of The test. Enter one of: no growth; growth.")
        );
    }
}

#[test]
fn a_text_is_kept_as_it_is_up_to_a_length() {
    let text = criterion(ResultKind::Text);
    let typed = "46,XY[20]; < 2 % mosaic";
    assert_eq!(
        ResultValue::read(typed, &text),
        Ok(ResultValue::Text(typed.to_owned()))
    );
    assert!(ResultValue::read(&"ä".repeat(LONGEST), &text).is_ok());
    assert_eq!(
        ResultValue::read(&"ä".repeat(LONGEST + 1), &text).unwrap_err(),
        NotAResult::TooLong {
            length: LONGEST + 1
        }
    );
}

#[test]
fn a_result_is_stored_in_one_spelling() {
    let cases = [
        (
            ResultValue::Number("97.0".parse().unwrap()),
            r#"{"kind":"number","value":"97.0"}"#,
        ),
        (
            ResultValue::Censored {
                sign: Sign::Below,
                bound: "0.05".parse().unwrap(),
            },
            r#"{"kind":"censored","value":{"sign":"<","bound":"0.05"}}"#,
        ),
        (
            ResultValue::Category("no growth".to_owned()),
            r#"{"kind":"category","value":"no growth"}"#,
        ),
        (
            ResultValue::Text("seen".to_owned()),
            r#"{"kind":"text","value":"seen"}"#,
        ),
    ];
    for (result, stored) in cases {
        assert_eq!(serde_json::to_string(&result).unwrap(), stored);
        assert_eq!(serde_json::from_str::<ResultValue>(stored).unwrap(), result);
    }
}
