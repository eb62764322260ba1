//! Samples and their results.

use crate::record::{
    QA, QC, QC2, Record, TECH, after_p1, at, category, certified, d, day, enter, entry, finished,
    harvested, invalidate, number, registered, review_result, sample, sampled, step, take, tested,
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, DueTest, InputRefusal, InvalidationReason, InventoryRefusal,
        ProcessingRefusal, QualityCommand, QualityEvent, QualityRefusal, Refusal, StandingRefusal,
    },
    release::{Awaits, Outcome, ResultValue, Sign},
};

#[test]
fn a_sample_has_the_tests_of_its_point_with_their_due_dates() {
    let given = harvested();
    let due = |criterion: &str, days: i64| DueTest {
        criterion: criterion.to_owned(),
        due: given.today() + TimeDelta::days(days),
    };
    given
        .when(QC, take(2, "sample", "1000000"))
        .gives(BatchEvent::Quality(QualityEvent::SampleTaken {
            sample: sample(2),
            code: "GE-2026-0007-S02".to_owned(),
            step: step("sample"),
            point: "final-product".to_owned(),
            taken_at: given.now,
            viable_cells: d("1000000"),
            tests: vec![due("viability", 0), due("sterility", 7), due("remark", 0)],
        }));
}

#[test]
fn a_sample_is_taken_at_its_step_and_of_what_is_there() {
    let given = harvested();
    harvested()
        .when(TECH, take(2, "closing", "0"))
        .refused(Refusal::Processing(ProcessingRefusal::StepWaits {
            title: "Closing".to_owned(),
            waiting_for: "Sampling".to_owned(),
        }));
    registered()
        .when(TECH, take(1, "receipt", "0"))
        .refused(Refusal::Processing(ProcessingRefusal::WrongStep {
            title: "Receipt".to_owned(),
            what: "samples are taken",
        }));
    // The mean of both counts is 158 million.
    given.when(TECH, take(2, "sample", "158000000")).accepted();
    given.when(TECH, take(2, "sample", "158000001")).says(
        "158 000 001 viable cells are more than the 158 000 000 left of the final harvest. Check the figure.",
    );
    given.when(TECH, take(2, "sample", "0")).accepted();
    given
        .when(TECH, take(2, "sample", "-1"))
        .refused(Refusal::Input(InputRefusal::Implausible {
            field: "viable_cells",
            what: "Viable cells in the sample",
            value: "-1".to_owned(),
            rule: "cells are counted as whole ones, and none is the least",
        }));
    let twice = given.clone().does(TECH, take(2, "sample", "100000000"));
    twice.when(TECH, take(3, "sample", "58000000")).accepted();
    assert!(matches!(
        twice.when(TECH, take(3, "sample", "58000001")).0,
        Err(Refusal::Inventory(InventoryRefusal::TooManyCells {
            field: "viable_cells",
            ..
        }))
    ));
    let early = BatchCommand::Quality(QualityCommand::TakeSample {
        sample: sample(2),
        step: step("sample"),
        taken_at: Some(at("2026-03-02T08:00:00Z")),
        viable_cells: d("0"),
    });
    assert!(matches!(
        given.when(TECH, early).0,
        Err(Refusal::Input(InputRefusal::BeforePrevious {
            field: "taken_at",
            ..
        }))
    ));
}

#[test]
fn a_result_is_entered_for_a_test_of_a_sample_of_this_batch() {
    let given = sampled();
    let today = given.today();
    given
        .when(QC, enter(2, "viability", number("93"), today))
        .gives(BatchEvent::Quality(QualityEvent::ResultEntered {
            sample: sample(2),
            criterion: "viability".to_owned(),
            value: number("93"),
            tested_on: today,
        }));
    let another = Refusal::Quality(QualityRefusal::UnknownSample {
        batch: "GE-2026-0007".to_owned(),
    });
    given
        .when(QC, enter(9, "viability", number("93"), today))
        .refused(another.clone());
    given
        .when(QC, review_result(9, "viability", 1))
        .refused(another.clone());
    given
        .when(QC, invalidate(9, "viability", 1))
        .refused(another);
    let not_for = Refusal::Quality(QualityRefusal::UnknownTest {
        sample: "GE-2026-0007-S02".to_owned(),
    });
    given
        .when(QC, enter(2, "viability-ip", number("93"), today))
        .refused(not_for);
    let stands = Refusal::Quality(QualityRefusal::ResultStands {
        test: "Viability".to_owned(),
        sample: "GE-2026-0007-S02".to_owned(),
        value: "93".to_owned(),
    });
    let entered = given.does(QC, enter(2, "viability", number("93"), today));
    entered
        .when(QC, enter(2, "viability", number("95"), today))
        .refused(stands);
}

// DI-4: what the test can't have found is refused at entry.
#[test]
fn a_result_is_one_that_its_test_can_give() {
    let given = sampled();
    let today = given.today();
    let bound = |text: &str| ResultValue::Censored {
        sign: Sign::Above,
        bound: d(text),
    };
    let words = |text: &str| ResultValue::Text(text.to_owned());
    for (criterion, value, fits) in [
        ("viability", number("0"), true),
        ("viability", number("100"), true),
        ("viability", number("100.1"), false),
        ("viability", number("-0.1"), false),
        ("viability", bound("95"), true),
        ("viability", bound("101"), false),
        ("viability", category("no growth"), false),
        ("sterility", category("no growth"), true),
        ("sterility", category("growth"), true),
        ("sterility", category("mould"), false),
        ("sterility", number("0"), false),
        ("remark", words("round"), true),
        ("remark", words(" "), false),
        ("remark", number("1"), false),
    ] {
        let answer = given.when(QC, enter(2, criterion, value.clone(), today)).0;
        assert_eq!(answer.is_ok(), fits, "{criterion} {value}");
        if !fits {
            assert!(
                matches!(
                    answer,
                    Err(Refusal::Processing(ProcessingRefusal::WrongKind { .. }))
                ),
                "{answer:?}"
            );
        }
    }
}

#[test]
fn the_day_of_a_test_lies_between_the_sample_and_today() {
    // Sampled on 16 March at the site.
    let given = sampled().after(48);
    let viability = |on: &str| enter(2, "viability", number("93"), day(on));
    given.when(QC, viability("2026-03-16")).accepted();
    given.when(QC, viability("2026-03-18")).accepted();
    given.when(QC, viability("2026-03-15")).says(
        "Day of the test 2026-03-15 is before the taking of sample GE-2026-0007-S02 (2026-03-16). Check both times.",
    );
    given
        .when(QC, viability("2026-03-19"))
        .says("Day of the test 2026-03-19 is in the future. Enter when it was done.");
}

#[test]
fn another_analyst_reviews_a_result() {
    let given = sampled();
    let no_result = Refusal::Quality(QualityRefusal::NoResult {
        test: "Viability".to_owned(),
        sample: "GE-2026-0007-S02".to_owned(),
    });
    given
        .when(QC2, review_result(2, "viability", 1))
        .refused(no_result.clone());
    given
        .when(QC2, invalidate(2, "viability", 1))
        .refused(no_result);
    let entered = given
        .clone()
        .does(QC, enter(2, "viability", number("93"), given.today()));
    let own = Refusal::Quality(QualityRefusal::OwnResult {
        name: "QC analyst 1".to_owned(),
    });
    entered
        .when(QC, review_result(2, "viability", 1))
        .refused(own.clone());
    entered.when(QC, invalidate(2, "viability", 1)).refused(own);
    entered
        .when(QC2, review_result(2, "viability", 1))
        .gives(BatchEvent::Quality(QualityEvent::ResultReviewed {
            sample: sample(2),
            criterion: "viability".to_owned(),
        }));
    let reviewed = entered.does(QC2, review_result(2, "viability", 1));
    reviewed
        .when(QC2, review_result(2, "viability", 1))
        .refused(Refusal::Quality(QualityRefusal::AlreadyReviewed {
            test: "Viability".to_owned(),
            sample: "GE-2026-0007-S02".to_owned(),
            name: "QC analyst 2".to_owned(),
        }));
}

fn outcome(record: &Record, criterion: &str) -> Outcome {
    record
        .batch()
        .verdict()
        .criterion(criterion)
        .unwrap()
        .outcome
        .clone()
}

// domain.md 3: a valid failing result can't be averaged away; one repeat, and both stay visible.
#[test]
fn a_result_is_invalidated_for_a_listed_reason_and_repeated_once() {
    let given = tested();
    assert_eq!(outcome(&given, "sterility"), Outcome::Pass);
    let failing = sampled().result(2, "sterility", category("growth"));
    assert_eq!(outcome(&failing, "sterility"), Outcome::Fail);
    failing
        .when(QC2, invalidate(2, "sterility", 1))
        .gives(BatchEvent::Quality(QualityEvent::ResultInvalidated {
            sample: sample(2),
            criterion: "sterility".to_owned(),
            reason: InvalidationReason::NegativeControl,
            evidence: "growth in control 3".to_owned(),
            raw_data: None,
        }));
    let no_evidence = BatchCommand::Quality(QualityCommand::InvalidateResult {
        sample: sample(2),
        criterion: "sterility".to_owned(),
        result: 1,
        reason: InvalidationReason::Procedure,
        evidence: " ".to_owned(),
        raw_data: String::new(),
    });
    failing
        .when(QC2, no_evidence)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "evidence",
            what: "Evidence",
        }));

    let invalid = failing.does(QC2, invalidate(2, "sterility", 1));
    assert!(matches!(
        outcome(&invalid, "sterility"),
        Outcome::Pending {
            awaits: Awaits::Result { .. }
        }
    ));
    let exception = invalid.batch().exceptions[0].kind.to_string();
    assert_eq!(
        exception,
        "Result of Sterility invalidated: growth in the negative control"
    );

    let repeated = invalid.result(2, "sterility", category("growth"));
    assert_eq!(outcome(&repeated, "sterility"), Outcome::Fail);
    let batch = repeated.batch();
    let test = batch
        .sample(sample(2))
        .unwrap()
        .tests
        .iter()
        .find(|test| test.criterion == "sterility")
        .unwrap();
    assert_eq!(test.results.len(), 2);
    assert!(test.results[0].invalidated.is_some() && test.results[1].invalidated.is_none());
    repeated
        .when(QC2, invalidate(2, "sterility", 2))
        .refused(Refusal::Quality(QualityRefusal::RepeatedOnce {
            test: "Sterility".to_owned(),
            sample: "GE-2026-0007-S02".to_owned(),
        }));
}

// A page that is out of date may show a result that was invalidated and repeated meanwhile.
#[test]
fn a_result_that_the_analyst_did_not_see_is_not_reviewed() {
    let given = sampled()
        .result(2, "viability", number("93"))
        .does(QC2, invalidate(2, "viability", 1));
    let repeated = given
        .clone()
        .does(QC, enter(2, "viability", number("93"), given.today()));
    for stale in [
        review_result(2, "viability", 1),
        invalidate(2, "viability", 1),
        review_result(2, "viability", 0),
        review_result(2, "viability", 3),
    ] {
        repeated
            .when(QC2, stale)
            .refused(Refusal::Quality(QualityRefusal::ResultReplaced {
                test: "Viability".to_owned(),
                sample: "GE-2026-0007-S02".to_owned(),
                value: "93".to_owned(),
            }));
    }
    repeated
        .when(QC2, review_result(2, "viability", 2))
        .accepted();
}

#[test]
fn of_two_samples_for_one_test_the_worse_result_counts() {
    let given = harvested()
        .does(TECH, take(2, "sample", "0"))
        .does(TECH, take(3, "sample", "0"));
    let given = given.result(2, "viability", number("93"));
    assert!(matches!(
        outcome(&given, "viability"),
        Outcome::Pending { .. }
    ));
    let given = given.result(3, "viability", number("60"));
    assert_eq!(outcome(&given, "viability"), Outcome::Fail);
}

#[test]
fn what_is_missing_or_pending_or_not_reviewed_is_no_pass() {
    assert_eq!(outcome(&harvested(), "viability"), Outcome::Missing);
    let given = finished();
    assert!(matches!(
        outcome(&given, "sterility"),
        Outcome::Pending {
            awaits: Awaits::Result { .. }
        }
    ));
    let today = given.today();
    let entered = given.does(QC, enter(2, "sterility", category("no growth"), today));
    assert_eq!(
        outcome(&entered, "sterility"),
        Outcome::Pending {
            awaits: Awaits::Review
        }
    );
    assert_eq!(
        outcome(
            &entered.does(QC2, review_result(2, "sterility", 1)),
            "sterility"
        ),
        Outcome::Pass
    );
}

#[test]
fn results_are_closed_after_the_decision() {
    let given = certified();
    let closed = Refusal::Standing(StandingRefusal::RecordClosed {
        batch: "GE-2026-0007".to_owned(),
        state: "certified",
    });
    given
        .when(QC, enter(2, "viability", number("93"), given.today()))
        .refused(closed.clone());
    given
        .when(QC2, review_result(2, "viability", 1))
        .refused(closed.clone());
    given
        .when(QC2, invalidate(2, "viability", 1))
        .refused(closed.clone());
    given.when(TECH, take(3, "sample", "0")).refused(closed);
}

#[test]
fn whoever_works_in_the_laboratory_only_takes_samples_and_enters_results() {
    let given = after_p1();
    given.when(QC, take(1, "ip-sample@P1", "0")).accepted();
    assert!(matches!(
        given.when(QA, take(1, "ip-sample@P1", "0")).0,
        Err(Refusal::Standing(StandingRefusal::NotAllowed { .. }))
    ));
    let command = entry("harvest", "total-cells-1", crate::record::n("1"));
    assert!(matches!(
        given.when(QC, command).0,
        Err(Refusal::Standing(StandingRefusal::NotAllowed { .. }))
    ));
}
