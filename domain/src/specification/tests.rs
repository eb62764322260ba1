#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

mod malformed;
mod sense;

/// The least document that can be judged by; the criterion starts in line 6.
const HEAD: &str = r#"key = "TEST"
version = 3
title = "A test"
product = "Cells"
source = "A paper"
"#;

const VIABILITY: &str = r#"[[criterion]]
key = "viability"
test = "Viability"
method = "Trypan blue"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit"
source = "A paper"
"#;

const STERILITY: &str = r#"[[criterion]]
key = "sterility"
test = "Sterility"
method = "Ph. Eur. 2.6.27"
sample_point = "final-product"
stage = "after_release"
result = "category"
categories = ["no growth", "growth"]
equals = "no growth"
source = "A paper"
"#;

const ENDOTOXIN: &str = r#"[[criterion]]
key = "endotoxin"
test = "Endotoxin"
method = "LAL"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "EU/mL"
endotoxin = { k = 5, volume_ml = 100, duration_h = 1 }
source = "Ph. Eur. 5.1.10"
"#;

#[test]
fn the_shipped_specification_is_read() {
    let specification = Specification::parse(BM_MSC).unwrap();
    assert_eq!(specification.label(), "BM-MSC v1");
    let printed: Vec<_> = specification
        .criteria
        .iter()
        .map(|c| (c.key.as_str(), c.limit_text("70".parse().ok()), c.stage))
        .collect();
    let printed: Vec<_> = printed
        .iter()
        .map(|(key, limit, stage)| (*key, limit.as_str(), *stage))
        .collect();
    use Stage::{BeforeRelease, InProcess};
    assert_eq!(
        printed,
        [
            ("viability-in-process", "≥ 70 %", InProcess),
            ("viability", "≥ 70 %", BeforeRelease),
            ("cd105", "≥ 95 %", BeforeRelease),
            ("cd73", "≥ 95 %", BeforeRelease),
            ("cd90", "≥ 95 %", BeforeRelease),
            ("cd45", "≤ 5 %", BeforeRelease),
            ("cd31", "≤ 5 %", BeforeRelease),
            ("hla-dr", "≤ 20 % (informative)", BeforeRelease),
            ("osteogenic", "present", BeforeRelease),
            ("chondrogenic", "present", BeforeRelease),
            ("adipogenic", "present", BeforeRelease),
            ("sterility", "no growth", BeforeRelease),
            ("mycoplasma", "not detected", BeforeRelease),
            (
                "endotoxin",
                "≤ 3.5 EU/mL (5 EU/kg/h × 70 kg × 1 h / 100 mL)",
                BeforeRelease
            ),
            ("karyotype", "none (informative)", BeforeRelease),
        ]
    );
    assert_eq!(
        specification.dose.unwrap().text(),
        "1 to 2 × 10⁶ viable cells/kg"
    );
}

#[test]
fn the_shipped_specification_leaves_nothing_for_after_release() {
    let specification = Specification::parse(BM_MSC).unwrap();
    assert!(
        specification
            .criteria
            .iter()
            .all(|c| c.stage != Stage::AfterRelease)
    );
    assert!(
        specification
            .criteria
            .iter()
            .all(|c| ["in-process", "final-product"].contains(&c.sample_point.as_str()))
    );
}

/// The examples of `docs/specification-format.md`: the head with a criterion is a whole document.
#[test]
fn the_documented_examples_are_read() {
    let documented = include_str!("../../../docs/specification-format.md");
    let examples: Vec<&str> = documented
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let specification = Specification::parse(&[examples[0], examples[1]].concat()).unwrap();
    assert_eq!(specification.label(), "BM-MSC v1");
    assert_eq!(specification.criteria[0].limit_text(None), "≥ 70 %");
}

#[test]
fn a_limit_is_printed_as_it_is_meant() {
    let cases = [
        (">= 70", "≥ 70 %"),
        ("≥70", "≥ 70 %"),
        ("> 70.0", "> 70.0 %"),
        ("<= 5", "≤ 5 %"),
        ("< 5", "< 5 %"),
        (" > 70 and <= 95 ", "> 70 and ≤ 95 %"),
        ("<= 95 and > 70", "> 70 and ≤ 95 %"),
        (">= 70 and <= 70", "≥ 70 and ≤ 70 %"),
        ("= 0", "= 0 %"),
    ];
    for (written, printed) in cases {
        let specification =
            Specification::parse(&format!("{HEAD}{}", VIABILITY.replace(">= 70", written)));
        assert_eq!(
            specification.unwrap().criteria[0].limit_text(None),
            printed,
            "{written}"
        );
    }
}

#[test]
fn a_plain_number_is_printed_without_a_unit() {
    let text = format!("{HEAD}{}", VIABILITY.replace("\"%\"", "\"none\""));
    assert_eq!(
        Specification::parse(&text).unwrap().criteria[0].limit_text(None),
        "≥ 70"
    );
}

// K × weight × max(duration, 1) / volume.
#[test]
fn an_endotoxin_limit_is_printed_for_the_weight() {
    let cases = [
        (
            "5",
            "100",
            "1",
            Some("70"),
            "≤ 3.5 EU/mL (5 EU/kg/h × 70 kg × 1 h / 100 mL)",
        ),
        (
            "5",
            "100",
            "0.333333",
            Some("50"),
            "≤ 2.5 EU/mL (5 EU/kg/h × 50 kg × 1 h / 100 mL)",
        ),
        (
            "5",
            "50",
            "1",
            Some("70.0"),
            "≤ 7 EU/mL (5 EU/kg/h × 70 kg × 1 h / 50 mL)",
        ),
        (
            "5",
            "100",
            "2",
            Some("70"),
            "≤ 7 EU/mL (5 EU/kg/h × 70 kg × 2 h / 100 mL)",
        ),
        (
            "0.2",
            "10",
            "1",
            Some("72.5"),
            "≤ 1.45 EU/mL (0.2 EU/kg/h × 72.5 kg × 1 h / 10 mL)",
        ),
        // 250/75 = 3.333..., 250/66 = 3.787...: rounded down, so that what is printed never allows more.
        (
            "5",
            "75",
            "1",
            Some("50"),
            "≤ 3.33 EU/mL (5 EU/kg/h × 50 kg × 1 h / 75 mL)",
        ),
        (
            "5",
            "66",
            "1",
            Some("50"),
            "≤ 3.78 EU/mL (5 EU/kg/h × 50 kg × 1 h / 66 mL)",
        ),
        (
            "5",
            "100",
            "1",
            None,
            "≤ 5 EU/kg/h × body weight × 1 h / 100 mL",
        ),
        (
            "5",
            "100",
            "1",
            Some("0"),
            "≤ 5 EU/kg/h × body weight × 1 h / 100 mL",
        ),
    ];
    for (k, volume, duration, weight, printed) in cases {
        let text = ENDOTOXIN.replace(
            "k = 5, volume_ml = 100, duration_h = 1",
            &format!("k = \"{k}\", volume_ml = \"{volume}\", duration_h = \"{duration}\""),
        );
        let specification = Specification::parse(&format!("{HEAD}{text}")).unwrap();
        let weight = weight.map(|w| w.parse().unwrap());
        assert_eq!(specification.criteria[0].limit_text(weight), printed);
    }
}

#[test]
fn a_computed_limit_is_printed_with_its_decimals() {
    let text = format!("{HEAD}{ENDOTOXIN}decimals = 1\n");
    let specification = Specification::parse(&text).unwrap();
    let limit = specification.criteria[0].limit_text("70".parse().ok());
    assert_eq!(limit, "≤ 3.5 EU/mL (5 EU/kg/h × 70 kg × 1 h / 100 mL)");
    let limit = specification.criteria[0].limit_text("71.9".parse().ok());
    assert_eq!(limit, "≤ 3.5 EU/mL (5 EU/kg/h × 71.9 kg × 1 h / 100 mL)");
}

#[test]
fn one_of_several_categories_is_printed_as_a_list() {
    let text = STERILITY
        .replace(
            "[\"no growth\", \"growth\"]",
            "[\"46,XX\", \"46,XY\", \"abnormal\"]",
        )
        .replace("equals = \"no growth\"", "one_of = [\"46,XX\", \"46,XY\"]");
    let specification = Specification::parse(&format!("{HEAD}{VIABILITY}{text}")).unwrap();
    assert_eq!(
        specification.criteria[1].limit_text(None),
        "one of: 46,XX; 46,XY"
    );
}

#[test]
fn a_site_choice_is_marked_so() {
    for (written, printed) in [
        ("source = \"A paper\"", "A paper"),
        ("site_choice = true", "Site’s own choice"),
        (
            "site_choice = true\nsource = \"as the centre in Genoa\"",
            "Site’s own choice: as the centre in Genoa",
        ),
    ] {
        let text = format!(
            "{HEAD}{}",
            VIABILITY.replace("source = \"A paper\"", written)
        );
        assert_eq!(
            Specification::parse(&text).unwrap().criteria[0]
                .basis
                .to_string(),
            printed
        );
    }
}

// The dose of NCT02239393: 1 to 2 × 10^6 cells per kg, 70 kg: 70e6 to 140e6.
#[test]
fn a_dose_lies_within_the_window_both_bounds_included() {
    let window = Specification::parse(BM_MSC).unwrap().dose.unwrap();
    let cases = [
        ("69999999", "70", false),
        ("70000000", "70", true),
        ("140000000", "70", true),
        ("140000001", "70", false),
        ("72500000", "72.5", true),
        ("72499999", "72.5", false),
        ("70000000", "0", false),
        ("0", "0", false),
        ("70000000", "-70", false),
        // Per kg this is 1000000.0000... with a third in it: no digit may be rounded up to the limit.
        ("66666666.666666666", "66.666666667", false),
        ("66666666.667", "66.666666667", true),
    ];
    for (cells, weight, permitted) in cases {
        let found = window.permits(cells.parse().unwrap(), weight.parse().unwrap());
        assert_eq!(found, permitted, "{cells} cells for {weight} kg");
    }
    let for_70_kg = window.cells(70.into());
    assert_eq!(for_70_kg, Some((70_000_000.into(), 140_000_000.into())));
    assert_eq!(window.cells(Decimal::MAX), None);
}

#[test]
fn a_specification_survives_storing() {
    let specification = Specification::parse(BM_MSC).unwrap();
    let stored = serde_json::to_string(&specification).unwrap();
    assert_eq!(
        serde_json::from_str::<Specification>(&stored).unwrap(),
        specification
    );
}
