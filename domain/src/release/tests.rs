#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

/// One criterion for each stage, a one-of group before release and one after it, and an informative criterion.
fn specification() -> Specification {
    let criterion = |key: &str, stage: &str| {
        format!(
            "[[criterion]]\nkey = \"{key}\"\ntest = \"Test {key}\"\nmethod = \"M\"\nsample_point = \"p\"\n\
             stage = \"{stage}\"\nsource = \"S\"\nresult = \"number\"\nunit = \"%\"\nlimit = \">= 80\"\nrounding = \"none\"\n"
        )
    };
    let informative =
        criterion("seen", "before_release").replace("rounding = \"none\"", "informative = true");
    let text = [
        "key = \"BM-MSC\"\nversion = 3\ntitle = \"T\"\nproduct = \"P\"\nsource = \"S\"\n"
            .to_owned(),
        criterion("passage", "in_process"),
        criterion("viability", "before_release"),
        criterion("cd14", "before_release"),
        criterion("cd11b", "before_release"),
        criterion("sterility", "after_release"),
        informative,
        "[[group]]\nkey = \"myeloid\"\nrule = \"one-of\"\ncriteria = [\"cd14\", \"cd11b\"]\n"
            .to_owned(),
    ];
    Specification::parse(&text.concat()).unwrap()
}

fn day(n: u32) -> NaiveDate {
    crate::time::days_after(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(), n)
}

fn reviewed(key: &str, percent: i64) -> Evidence {
    result(key, ResultValue::Number(Decimal::from(percent)), true)
}

fn unreviewed(key: &str, percent: i64) -> Evidence {
    result(key, ResultValue::Number(Decimal::from(percent)), false)
}

fn result(key: &str, value: ResultValue, reviewed: bool) -> Evidence {
    Evidence {
        criterion: key.to_owned(),
        sample: None,
        state: EvidenceState::Result {
            value,
            reviewed,
            read: None,
        },
    }
}

fn undecided(key: &str) -> Evidence {
    result(
        key,
        ResultValue::Censored {
            sign: Sign::Below,
            bound: Decimal::from(90),
        },
        true,
    )
}

fn pending(key: &str) -> Evidence {
    Evidence {
        criterion: key.to_owned(),
        sample: None,
        state: EvidenceState::Pending { due: day(14) },
    }
}

/// Everything passes.
fn all() -> Vec<Evidence> {
    ["passage", "viability", "cd14", "cd11b", "sterility"]
        .map(|key| reviewed(key, 80))
        .to_vec()
}

/// Everything passes but what `other` says of this criterion.
fn but(key: &str, other: Vec<Evidence>) -> Vec<Evidence> {
    all()
        .into_iter()
        .filter(|e| e.criterion != key)
        .chain(other)
        .collect()
}

fn at(stage: Stage, evidence: &[Evidence]) -> StageVerdict {
    evaluate(&specification(), evidence, None).stage(stage)
}

#[test]
fn a_batch_is_releasable_when_every_criterion_passes() {
    for stage in [Stage::InProcess, Stage::BeforeRelease, Stage::AfterRelease] {
        let verdict = at(stage, &all());
        assert!(verdict.releasable, "{verdict:?}");
        assert!(verdict.blocking.is_empty() && verdict.open.is_empty());
    }
    assert!(evaluate(&specification(), &all(), None).releasable_finally());
}

// A11-4.7, ATMP-11.2a?
#[test]
fn each_outcome_at_each_stage() {
    use Stage::{AfterRelease, BeforeRelease, InProcess};
    // The criterion, what is known of it, and whether in process, before release and finally it lets by.
    let cases: [(&str, Vec<Evidence>, [bool; 3]); 20] = [
        ("passage", vec![], [false, false, false]),
        ("passage", vec![pending("passage")], [false, false, false]),
        (
            "passage",
            vec![reviewed("passage", 79)],
            [false, false, false],
        ),
        (
            "passage",
            vec![unreviewed("passage", 99)],
            [false, false, false],
        ),
        ("passage", vec![undecided("passage")], [false, false, false]),
        ("viability", vec![], [true, false, false]),
        (
            "viability",
            vec![pending("viability")],
            [true, false, false],
        ),
        (
            "viability",
            vec![reviewed("viability", 79)],
            [true, false, false],
        ),
        (
            "viability",
            vec![unreviewed("viability", 99)],
            [true, false, false],
        ),
        (
            "viability",
            vec![undecided("viability")],
            [true, false, false],
        ),
        // One of a group is enough; the other may fail, wait or be missing.
        ("cd14", vec![], [true, true, true]),
        ("cd14", vec![pending("cd14")], [true, true, true]),
        ("cd14", vec![reviewed("cd14", 1)], [true, true, true]),
        // After release: pending lets stage 1 by, missing and what is known not to pass don't.
        ("sterility", vec![], [true, false, false]),
        ("sterility", vec![pending("sterility")], [true, true, false]),
        (
            "sterility",
            vec![reviewed("sterility", 79)],
            [true, false, false],
        ),
        (
            "sterility",
            vec![unreviewed("sterility", 79)],
            [true, false, false],
        ),
        (
            "sterility",
            vec![undecided("sterility")],
            [true, false, false],
        ),
        // Informative results never stand in the way.
        ("seen", vec![reviewed("seen", 0)], [true, true, true]),
        ("seen", vec![unreviewed("seen", 0)], [true, true, true]),
    ];
    for (key, other, expected) in cases {
        let evidence = but(key, other.clone());
        let verdicts = [InProcess, BeforeRelease, AfterRelease].map(|stage| at(stage, &evidence));
        assert_eq!(
            verdicts.each_ref().map(|v| v.releasable),
            expected,
            "{key}: {other:?}"
        );
        for verdict in verdicts {
            assert_eq!(verdict.blocking.is_empty(), verdict.releasable);
            assert!(verdict.blocking.iter().all(|blocking| blocking == key));
        }
    }
}

#[test]
fn a_pending_result_of_the_stage_after_is_listed_as_open() {
    let verdict = at(
        Stage::BeforeRelease,
        &but("sterility", vec![pending("sterility")]),
    );
    assert_eq!(verdict.open, ["sterility"]);
    let verdict = at(
        Stage::AfterRelease,
        &but("sterility", vec![pending("sterility")]),
    );
    assert_eq!(
        (verdict.open, verdict.blocking),
        (vec![], vec!["sterility".to_owned()])
    );
}

#[test]
fn a_group_of_which_none_passes_blocks_and_each_member_stays_visible() {
    let mut evidence = all();
    evidence.retain(|e| !e.criterion.starts_with("cd"));
    evidence.extend([reviewed("cd14", 10), pending("cd11b")]);
    let verdict = evaluate(&specification(), &evidence, None);
    assert_eq!(
        verdict.groups[0].outcome,
        Outcome::Pending {
            awaits: Awaits::Result { due: day(14) }
        }
    );
    assert_eq!(verdict.stage(Stage::BeforeRelease).blocking, ["myeloid"]);

    let verdict = evaluate(
        &specification(),
        &but("cd14", vec![reviewed("cd14", 10)]),
        None,
    );
    assert_eq!(verdict.groups[0].outcome, Outcome::Pass);
    assert_eq!(verdict.criterion("cd14").unwrap().outcome, Outcome::Fail);
}

#[test]
fn each_of_a_group_must_pass() {
    let mut specification = specification();
    specification.groups[0].rule = GroupRule::EachOf;
    let verdict = |evidence: &[Evidence]| evaluate(&specification, evidence, None);
    assert!(verdict(&all()).releasable_finally());
    for other in [
        vec![],
        vec![pending("cd14")],
        vec![reviewed("cd14", 1)],
        vec![unreviewed("cd14", 99)],
    ] {
        let verdict = verdict(&but("cd14", other));
        assert_eq!(verdict.stage(Stage::BeforeRelease).blocking, ["myeloid"]);
    }
}

#[test]
fn of_several_valid_results_the_worst_counts() {
    let key = "viability";
    let cases: [(Vec<Evidence>, &str); 8] = [
        (vec![reviewed(key, 95), reviewed(key, 79)], "fail"),
        (vec![reviewed(key, 79), reviewed(key, 95)], "fail"),
        (
            vec![reviewed(key, 79), reviewed(key, 95), reviewed(key, 99)],
            "fail",
        ),
        (vec![undecided(key), reviewed(key, 95)], "indeterminate"),
        (vec![undecided(key), reviewed(key, 79)], "fail"),
        (vec![pending(key), reviewed(key, 95)], "pending"),
        (vec![unreviewed(key, 95), reviewed(key, 95)], "pending"),
        (vec![reviewed(key, 80), reviewed(key, 95)], "pass"),
    ];
    for (other, expected) in cases {
        let verdict = evaluate(&specification(), &but(key, other.clone()), None);
        assert_eq!(
            verdict.criterion(key).unwrap().outcome.word(),
            expected,
            "{other:?}"
        );
        assert_eq!(
            verdict.stage(Stage::BeforeRelease).releasable,
            expected == "pass"
        );
    }
}

#[test]
fn a_result_without_its_review_is_never_shown_as_a_result() {
    let verdict = evaluate(
        &specification(),
        &but("viability", vec![unreviewed("viability", 95)]),
        None,
    );
    let viability = verdict.criterion("viability").unwrap();
    assert_eq!(
        viability.outcome,
        Outcome::Pending {
            awaits: Awaits::Review
        }
    );
    assert_eq!(viability.value_as_judged, None);
    assert_eq!(viability.awaiting_review.as_deref(), Some("95 %"));
    let verdict = evaluate(
        &specification(),
        &[
            unreviewed("seen", 5),
            reviewed("seen", 7),
            reviewed("seen", 9),
        ],
        None,
    );
    let seen = verdict.criterion("seen").unwrap();
    assert_eq!(seen.value_as_judged.as_deref(), Some("7 %; 9 %"));
    assert_eq!(seen.awaiting_review.as_deref(), Some("5 %"));
}

fn sampled(evidence: Evidence, sample: u128) -> Evidence {
    let sample = Some(SampleId(uuid::Uuid::from_u128(sample)));
    Evidence { sample, ..evidence }
}

// A16-1.7: a verdict names the sample that decided; of equal ones the first.
#[test]
fn a_verdict_names_the_sample_that_decided() {
    let of = |evidence: Vec<Evidence>| {
        let verdict = evaluate(&specification(), &but("viability", evidence), None);
        let sample = verdict.criterion("viability").unwrap().sample;
        sample.map(|sample| sample.0.as_u128())
    };
    let (good, bad) = (reviewed("viability", 90), reviewed("viability", 70));
    assert_eq!(of(vec![sampled(good.clone(), 1)]), Some(1));
    for (first, second, decided) in [
        (&good, &bad, 2),
        (&bad, &good, 1),
        (&bad, &bad, 1),
        (&good, &good, 1),
    ] {
        let both = vec![sampled(first.clone(), 1), sampled(second.clone(), 2)];
        assert_eq!(of(both), Some(decided));
    }
    let awaited = vec![sampled(pending("viability"), 3)];
    assert_eq!(of(awaited), Some(3));
}

#[test]
fn a_criterion_of_a_group_counts_by_the_outcome_of_the_group() {
    let verdict = evaluate(
        &specification(),
        &but("cd14", vec![reviewed("cd14", 70)]),
        None,
    );
    assert_eq!(
        verdict.criterion("cd14").map(|one| &one.outcome),
        Some(&Outcome::Fail)
    );
    assert_eq!(verdict.counted_outcome("cd14"), Some(&Outcome::Pass));
    assert_eq!(verdict.counted_outcome("cd11b"), Some(&Outcome::Pass));
    let verdict = evaluate(&specification(), &but("viability", vec![]), None);
    assert_eq!(
        verdict.counted_outcome("viability"),
        Some(&Outcome::Missing)
    );
    assert_eq!(verdict.counted_outcome("none"), None);
}

#[test]
fn nothing_recorded_releases_nothing() {
    let verdict = evaluate(&specification(), &[], None);
    assert!(!verdict.stage(Stage::BeforeRelease).releasable && !verdict.releasable_finally());
    let none = Specification {
        criteria: vec![],
        groups: vec![],
        ..specification()
    };
    let verdict = evaluate(&none, &all(), None);
    assert!(!verdict.stage(Stage::BeforeRelease).releasable && !verdict.releasable_finally());
}

#[test]
fn evidence_for_another_specification_counts_for_nothing() {
    let evidence = but("viability", vec![reviewed("viability-old", 99)]);
    assert_eq!(at(Stage::BeforeRelease, &evidence).blocking, ["viability"]);
}

/// All that may be known of one criterion, none and two results among it.
fn states(key: &str) -> Vec<Vec<Evidence>> {
    let single = [
        reviewed(key, 95),
        reviewed(key, 10),
        pending(key),
        unreviewed(key, 95),
        undecided(key),
    ];
    let mut states = vec![vec![]];
    states.extend(single.iter().map(|e| vec![e.clone()]));
    for first in &single {
        states.extend(
            single
                .iter()
                .map(|second| vec![first.clone(), second.clone()]),
        );
    }
    states
}

/// Every combination of single states, for every criterion: each removal of what is known of a criterion.
#[test]
fn taking_away_what_is_known_of_a_criterion_never_releases() {
    let specification = specification();
    let keys = ["passage", "viability", "cd14", "cd11b", "sterility"];
    let per_key: Vec<Vec<Vec<Evidence>>> = keys
        .iter()
        .map(|key| states(key).drain(..6).collect())
        .collect();
    let stages = [Stage::InProcess, Stage::BeforeRelease, Stage::AfterRelease];
    let releasable = |evidence: &[Evidence]| {
        let verdict = evaluate(&specification, evidence, None);
        stages.map(|stage| verdict.stage(stage).releasable)
    };
    let mut released = 0;
    for number in 0..6_usize.pow(5) {
        let digit = |place: usize| number / 6_usize.pow(u32::try_from(place).unwrap()) % 6;
        let evidence: Vec<Evidence> = (0..5)
            .flat_map(|place| per_key[place][digit(place)].clone())
            .collect();
        let before = releasable(&evidence);
        released += usize::from(before[1]);
        for key in keys {
            let fewer: Vec<_> = evidence
                .iter()
                .filter(|e| e.criterion != key)
                .cloned()
                .collect();
            let after = releasable(&fewer);
            assert!(
                (0..3).all(|s| before[s] || !after[s]),
                "without {key} of {evidence:?}"
            );
        }
    }
    // passage and viability pass, one of the two markers passes (6² - 5² ways), sterility passes or is pending.
    assert_eq!(released, 11 * 2);
}

/// Two results on one criterion: the second never helps, and taking away a pass never does.
#[test]
fn another_result_beside_one_never_releases() {
    for key in ["passage", "viability", "cd14", "sterility"] {
        for evidence in states(key) {
            let with = but(key, evidence.clone());
            for stage in [Stage::InProcess, Stage::BeforeRelease, Stage::AfterRelease] {
                let before = at(stage, &with).releasable;
                for removed in 0..evidence.len() {
                    let mut fewer = evidence.clone();
                    let gone = fewer.remove(removed);
                    let after = at(stage, &but(key, fewer.clone())).releasable;
                    assert!(
                        fewer.is_empty() || after || !before,
                        "{gone:?} beside {fewer:?} helped"
                    );
                    assert!(
                        gone != reviewed(key, 95) || before || !after,
                        "without {gone:?}, {fewer:?} released"
                    );
                }
            }
        }
    }
}

#[test]
fn a_verdict_says_in_words_what_to_do() {
    let words = |evidence: &[Evidence]| {
        evaluate(&specification(), evidence, None)
            .criterion("viability")
            .unwrap()
            .words()
    };
    let key = "viability";
    let cases = [
        (
            vec![],
            "Test viability has no result. Take the sample “p” and enter it.",
        ),
        (
            vec![pending(key)],
            "Test viability: the sample is taken, its result is due on 2026-03-15.",
        ),
        (
            vec![unreviewed(key, 72)],
            "Test viability 72 % waits for its review by a second analyst.",
        ),
        (
            vec![reviewed(key, 72)],
            "Test viability 72 % does not meet the limit ≥ 80 % (specification BM-MSC v3). Raise a deviation or correct the entry.",
        ),
        (
            vec![reviewed(key, 80)],
            "Test viability 80 % meets the limit ≥ 80 %.",
        ),
        (
            vec![undecided(key)],
            "Test viability: < 90 % can't decide the limit ≥ 80 %: the true value may lie on either side. Repeat the test so that its result can.",
        ),
    ];
    for (evidence, expected) in cases {
        assert_eq!(words(&evidence), expected);
    }
}
