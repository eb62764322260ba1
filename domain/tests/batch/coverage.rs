//! Each command and each refusal of a batch is shown by a test: what is added without one is named here.

use std::fmt::Debug;

const TESTS: &[&str] = &[
    include_str!("cells.rs"),
    include_str!("clock.rs"),
    include_str!("altered.rs"),
    include_str!("corrections.rs"),
    include_str!("culture.rs"),
    include_str!("deviations.rs"),
    include_str!("doses.rs"),
    include_str!("entries.rs"),
    include_str!("exceptions.rs"),
    include_str!("harvest.rs"),
    include_str!("ids.rs"),
    include_str!("lifted.rs"),
    include_str!("misplaced.rs"),
    include_str!("order_of_times.rs"),
    include_str!("passed_over.rs"),
    include_str!("rejudged.rs"),
    include_str!("release.rs"),
    include_str!("results.rs"),
    include_str!("samples.rs"),
    include_str!("signatures.rs"),
    include_str!("steps.rs"),
    include_str!("stops.rs"),
    include_str!("times.rs"),
    include_str!("units.rs"),
];

/// The names of the variants of an enum, from its source.
pub fn variants(source: &str, start: &str) -> Vec<String> {
    let body = source.split_once(start).unwrap().1;
    let body = body.split_once("\n}").unwrap().0;
    let indented = |line: &&str| {
        line.starts_with("    ") && line[4..].starts_with(|c: char| c.is_ascii_uppercase())
    };
    let name = |line: &str| {
        line[4..]
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap()
            .to_owned()
    };
    body.lines().filter(indented).map(name).collect()
}

/// The name of a value's variant.
pub fn name(value: &impl Debug) -> String {
    let shown = format!("{value:?}");
    shown
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap()
        .to_owned()
}

/// Each group of refusals: its name in the sum, and its source.
const REFUSALS: [(&str, &str); 12] = [
    (
        "Standing",
        include_str!("../../src/batch/refusal/standing.rs"),
    ),
    ("Input", include_str!("../../src/batch/refusal/input.rs")),
    (
        "Harvest",
        include_str!("../../src/batch/harvest/refusal.rs"),
    ),
    (
        "Processing",
        include_str!("../../src/batch/processing/refusal.rs"),
    ),
    ("Times", include_str!("../../src/batch/times/refusal.rs")),
    (
        "Quality",
        include_str!("../../src/batch/quality/refusal.rs"),
    ),
    ("Stop", include_str!("../../src/batch/stop/refusal.rs")),
    (
        "Deviation",
        include_str!("../../src/batch/deviation/refusal.rs"),
    ),
    (
        "Exception",
        include_str!("../../src/batch/exception/refusal.rs"),
    ),
    (
        "Release",
        include_str!("../../src/batch/release/refusal.rs"),
    ),
    (
        "Inventory",
        include_str!("../../src/batch/inventory/refusal.rs"),
    ),
    ("Dose", include_str!("../../src/batch/dose/refusal.rs")),
];

#[test]
fn each_refusal_has_a_test() {
    let groups = variants(
        include_str!("../../src/batch/refusal.rs"),
        "pub enum Refusal {",
    );
    let named = REFUSALS.map(|(group, _)| group);
    assert_eq!(
        groups[..groups.len() - 1],
        named,
        "Several holds the others"
    );
    let all: Vec<_> = REFUSALS
        .iter()
        .flat_map(|(group, source)| {
            let of_group = variants(source, &format!("pub enum {group}Refusal {{"));
            of_group
                .into_iter()
                .map(move |name| format!("{group}Refusal::{name}"))
        })
        .collect();
    assert!(all.len() > 60, "{all:?}");
    let shown = |named: &String| {
        let at = |test: &&str| {
            test.match_indices(named).any(|(place, _)| {
                !test[place + named.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        };
        TESTS.iter().any(at)
    };
    let untested: Vec<_> = all.iter().filter(|name| !shown(name)).collect();
    assert_eq!(untested, Vec::<&String>::new());
}

#[test]
fn each_blocker_has_a_test() {
    let all = variants(
        include_str!("../../src/batch/blocker.rs"),
        "pub enum Blocker {",
    );
    let untested: Vec<_> = all
        .iter()
        .filter(|name| {
            !TESTS
                .iter()
                .any(|test| test.contains(&format!("Blocker::{name}")))
        })
        .collect();
    assert_eq!(untested, Vec::<&String>::new());
}

#[test]
fn each_exception_has_a_test() {
    // Exceptions are shown by their words; these are the first of each.
    let all = variants(
        include_str!("../../src/batch/exception.rs"),
        "pub enum ExceptionKind {",
    );
    let words = [
        (
            "OutsideLimit",
            "Temperature {value} °C is outside its limit",
        ),
        (
            "OutsideCheck",
            "CV of the two counts 10.5 % is outside its limit",
        ),
        ("Late", "Recorded late"),
        (
            "OutsideWindow",
            "a_step_done_outside_its_window_is_an_exception",
        ),
        ("Corrected", "was corrected: misread"),
        ("NotApplicable", "marked as not applicable: not done"),
        (
            "CultureEnded",
            "Culture ended before its target: slow growth",
        ),
        ("ResultInvalidated", "Result of Sterility invalidated"),
        ("VerdictChanged", "Result of Viability changed from"),
        (
            "Rejudged",
            "is judged pass since another figure was corrected",
        ),
        ("CellsLost", "gave fewer viable cells than were seeded"),
        ("OnHold", "Recorded while the batch was on hold: Container"),
        ("InfusedOnHold", "was given while the batch was on hold: "),
        ("InfusedAfterExpiry", "was infused after its expiry"),
        (
            "ClockNotConfirmed",
            "Recorded while the server's clock was not confirmed",
        ),
    ];
    assert_eq!(all, words.map(|(name, _)| name));
    for (name, words) in words {
        assert!(TESTS.iter().any(|test| test.contains(words)), "{name}");
    }
}
