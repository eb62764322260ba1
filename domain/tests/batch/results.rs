//! A result that was typed wrong: corrected before its review, returned by the reviewer, or found to be a transcription
//! error after it.

use crate::record::{
    PHARMACIST, QA, QC, QC2, QP, Record, TECH, category, confirm_result, correct_result,
    correct_seen, enter, invalidate, number, return_result, review_result, sample, sampled, tested,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, InputRefusal, InvalidationReason, ProcessingRefusal,
        QualityCommand, QualityEvent, QualityRefusal, Refusal, SecondAnalyst, StandingRefusal,
        VerdictChange,
    },
    release::{Awaits, Outcome, ResultValue},
    rights::Role,
};

const TEST: &str = "viability";

/// Given a result of 93 % that QC analyst 1 typed.
fn entered() -> Record {
    entered_as(number("93"))
}

fn entered_as(value: ResultValue) -> Record {
    let given = sampled();
    let today = given.today();
    given.does(QC, enter(2, TEST, value, today))
}

fn named() -> (String, String) {
    ("Viability".to_owned(), "GE-2026-0007-S02".to_owned())
}

fn outcome(record: &Record) -> Outcome {
    let verdict = record.batch().verdict();
    verdict.criterion(TEST).unwrap().outcome.clone()
}

fn change(before: &str, after: &str) -> Option<VerdictChange> {
    Some(VerdictChange {
        before: before.to_owned(),
        after: after.to_owned(),
        second: SecondAnalyst {
            user: domain::ids::UserId(uuid::Uuid::from_u128(QC2.id)),
            user_name: "qc.analyst.2".to_owned(),
            name: "QC analyst 2".to_owned(),
            role: Role::QcAnalyst,
        },
    })
}

// A11-9, P11-10e2: the first value stays.
#[test]
fn an_analyst_corrects_a_result_before_its_review_with_the_reason() {
    let given = entered();
    let today = given.today();
    given
        .when(QC, correct_result(2, TEST, 1, number("95")))
        .gives(BatchEvent::Quality(QualityEvent::ResultCorrected {
            sample: sample(2),
            criterion: TEST.to_owned(),
            old: number("93"),
            old_tested_on: today,
            new: number("95"),
            tested_on: today,
            reason: "digits swapped".to_owned(),
            raw_data: None,
            verdict: None,
        }));
    let corrected = given
        .does(QC, correct_result(2, TEST, 1, number("95")))
        .does(QC, correct_result(2, TEST, 2, number("96")));
    let batch = corrected.batch();
    let result = batch.sample(sample(2)).unwrap().tests[0]
        .standing()
        .unwrap();
    assert_eq!(
        (&result.value, result.first()),
        (&number("96"), &number("93"))
    );
    assert_eq!(batch.exceptions, []);
    assert_eq!(
        outcome(&corrected),
        Outcome::Pending {
            awaits: Awaits::Review
        }
    );
    assert_eq!(
        outcome(&corrected.does(QC2, review_result(2, TEST, 3))),
        Outcome::Pass
    );
}

#[test]
fn only_the_analyst_who_entered_a_result_corrects_it_and_only_before_its_review() {
    let given = entered();
    let (test, code) = named();
    given
        .when(QC2, correct_result(2, TEST, 1, number("95")))
        .refused(Refusal::Quality(QualityRefusal::AnothersResult {
            test: test.clone(),
            sample: code.clone(),
            name: "QC analyst 1".to_owned(),
        }));
    for other in [TECH, QA, QP, PHARMACIST] {
        let answer = given.when(other, correct_result(2, TEST, 1, number("95")));
        assert!(matches!(
            answer.0,
            Err(Refusal::Standing(StandingRefusal::NotAllowed { .. }))
        ));
    }
    let reviewed = given.does(QC2, review_result(2, TEST, 1));
    reviewed
        .when(QC, correct_result(2, TEST, 1, number("95")))
        .refused(Refusal::Quality(QualityRefusal::AlreadyReviewed {
            test,
            sample: code,
            name: "QC analyst 2".to_owned(),
        }));
}

// What a person typed is refused as a whole, so that they correct it in one go.
#[test]
fn everything_that_is_wrong_with_a_correction_is_said_at_once() {
    let given = entered();
    let wrong = BatchCommand::Quality(QualityCommand::CorrectResult {
        sample: sample(2),
        criterion: TEST.to_owned(),
        result: 1,
        value: number("39"),
        tested_on: given.today().succ_opt().unwrap(),
        reason: " ".to_owned(),
        raw_data: String::new(),
        second: None,
    });
    let refusal = given.when(QC, wrong).0.unwrap_err();
    assert!(matches!(refusal, Refusal::Several(_)), "{refusal:?}");
    let words = refusal.all_words();
    let fields: Vec<_> = words.iter().map(|one| one.field.clone().unwrap()).collect();
    assert_eq!(fields, ["tested_on", "reason", "raw_data", "user_name"]);
}

#[test]
fn a_correction_is_one_that_the_test_can_give_and_changes_something() {
    let given = entered();
    given
        .when(QC, correct_result(2, TEST, 1, number("93")))
        .refused(Refusal::Quality(QualityRefusal::ResultUnchanged {
            value: "93 %".to_owned(),
        }));
    // What no such test gives has no verdict: the value alone is wrong.
    for value in [
        category("growth"),
        ResultValue::Text("=A99991712345600".to_owned()),
    ] {
        given
            .when(QC, correct_result(2, TEST, 1, value))
            .refused(Refusal::Processing(ProcessingRefusal::WrongKind {
                field: "value".to_owned(),
                label: "Viability".to_owned(),
            }));
    }
    let no_result = sampled();
    no_result
        .when(QC, correct_result(2, TEST, 0, number("93")))
        .0
        .unwrap_err();
}

/// The verdict by the specification: at least 70 %, rounded as the limit.
#[test]
fn a_correction_that_changes_the_verdict_needs_raw_data_and_a_second_analyst() {
    let below = |bound: &str| ResultValue::Censored {
        sign: domain::release::Sign::Above,
        bound: bound.parse().unwrap(),
    };
    for (old, new, words) in [
        (number("93"), number("39"), Some(("pass", "fail"))),
        (number("39"), number("93"), Some(("fail", "pass"))),
        (number("69.5"), number("69.4"), Some(("pass", "fail"))),
        (number("69.4"), number("69.5"), Some(("fail", "pass"))),
        (number("70"), number("69.5"), None),
        (number("93"), number("70"), None),
        (number("39"), number("69.4"), None),
        (number("93"), below("60"), Some(("pass", "indeterminate"))),
        (below("60"), number("93"), Some(("indeterminate", "pass"))),
        (below("60"), below("61"), None),
        (below("60"), number("60"), Some(("indeterminate", "fail"))),
    ] {
        let given = entered_as(old.clone());
        let what = format!("{old} -> {new}");
        let bare = given.when(QC, correct_result(2, TEST, 1, new.clone())).0;
        assert_eq!(bare.is_ok(), words.is_none(), "{what}: {bare:?}");
        let Some((before, after)) = words else {
            continue;
        };
        let correct =
            |raw_data: &str, second| correct_seen(2, TEST, 1, new.clone(), raw_data, second);
        assert_eq!(
            bare.unwrap_err(),
            Refusal::Several(vec![
                Refusal::Quality(QualityRefusal::NoRawData { before, after }),
                Refusal::Quality(QualityRefusal::NoSecondAnalyst { before, after }),
            ]),
            "{what}"
        );
        given
            .when(QC, correct(" ", QC2.second()))
            .refused(Refusal::Quality(QualityRefusal::NoRawData {
                before,
                after,
            }));
        given
            .when(QC, correct("FC-12", None))
            .refused(Refusal::Quality(QualityRefusal::NoSecondAnalyst {
                before,
                after,
            }));
        given
            .when(QC, correct("FC-12", QC.second()))
            .refused(Refusal::Quality(QualityRefusal::OwnCorrection {
                name: "QC analyst 1".to_owned(),
            }));
        given
            .when(QC, correct("FC-12", QA.second()))
            .refused(Refusal::Quality(QualityRefusal::NoAnalyst {
                name: "QA reviewer 1".to_owned(),
            }));
        let today = given.today();
        given
            .when(QC, correct("FC-12", QC2.second()))
            .gives(BatchEvent::Quality(QualityEvent::ResultCorrected {
                sample: sample(2),
                criterion: TEST.to_owned(),
                old,
                old_tested_on: today,
                new: new.clone(),
                tested_on: today,
                reason: "digits swapped".to_owned(),
                raw_data: Some("FC-12".to_owned()),
                verdict: change(before, after),
            }));
    }
}

// QA reviews by exception, with both values before them.
#[test]
fn a_correction_that_changes_the_verdict_is_an_exception_with_both_values() {
    let given = entered_as(number("39")).does(
        QC,
        correct_seen(2, TEST, 1, number("93"), "FC-12, page 3", QC2.second()),
    );
    let exceptions = given.batch().exceptions;
    assert_eq!(
        exceptions[0].kind.to_string(),
        "Result of Viability changed from 39 % (fail) to 93 % (pass): digits swapped"
    );
    let number = exceptions[0].stamp.version;
    let assess = || crate::record::assess(number);
    for own in [QC, QC2] {
        let both = crate::record::Person {
            roles: &[Role::QcAnalyst, Role::QaReviewer],
            ..own
        };
        given
            .when(both, assess())
            .refused(Refusal::Processing(ProcessingRefusal::OwnEntry {
                name: own.name.to_owned(),
            }));
    }
    given.when(QA, assess()).accepted();
}

// P11-10g: the second analyst took part in the record.
#[test]
fn the_second_analyst_of_a_correction_neither_reviews_nor_certifies_the_batch() {
    let given = entered_as(number("39")).does(
        QC,
        correct_seen(2, TEST, 1, number("93"), "FC-12", QC2.second()),
    );
    let batch = given.batch();
    assert!(
        batch
            .contributors
            .contains(&domain::ids::UserId(uuid::Uuid::from_u128(QC2.id)))
    );
    // What the second analyst confirmed is still reviewed as every result is.
    assert_eq!(
        outcome(&given),
        Outcome::Pending {
            awaits: Awaits::Review
        }
    );
    given.when(QC2, review_result(2, TEST, 2)).accepted();
}

#[test]
fn nobody_decides_on_a_value_that_was_corrected_meanwhile() {
    let given = entered().does(QC, correct_result(2, TEST, 1, number("95")));
    let (test, code) = named();
    for stale in [
        review_result(2, TEST, 1),
        return_result(2, TEST, 1),
        invalidate(2, TEST, 1),
        review_result(2, TEST, 3),
    ] {
        given
            .when(QC2, stale)
            .refused(Refusal::Quality(QualityRefusal::ResultReplaced {
                test: test.clone(),
                sample: code.clone(),
                value: "95".to_owned(),
            }));
    }
    given.when(QC2, review_result(2, TEST, 2)).accepted();
    given
        .when(QC, correct_result(2, TEST, 1, number("96")))
        .refused(Refusal::Quality(QualityRefusal::ResultReplaced {
            test,
            sample: code,
            value: "95".to_owned(),
        }));
}

#[test]
fn a_returned_result_is_corrected_or_confirmed_before_it_is_reviewed() {
    let given = entered();
    let (test, code) = named();
    given
        .when(QC, return_result(2, TEST, 1))
        .refused(Refusal::Quality(QualityRefusal::OwnResult {
            name: "QC analyst 1".to_owned(),
        }));
    given
        .when(QC, confirm_result(2, TEST, 1))
        .refused(Refusal::Quality(QualityRefusal::NotReturned {
            test: test.clone(),
            sample: code.clone(),
        }));
    given
        .when(QC2, return_result(2, TEST, 1))
        .gives(BatchEvent::Quality(QualityEvent::ResultReturned {
            sample: sample(2),
            criterion: TEST.to_owned(),
            reason: "the printout says 93".to_owned(),
        }));
    let returned = given.does(QC2, return_result(2, TEST, 1));
    returned
        .when(QC2, return_result(2, TEST, 1))
        .refused(Refusal::Quality(QualityRefusal::AlreadyReturned {
            test: test.clone(),
            sample: code.clone(),
            name: "QC analyst 2".to_owned(),
        }));
    returned
        .when(QC2, review_result(2, TEST, 1))
        .refused(Refusal::Quality(QualityRefusal::ResultReturned {
            test: test.clone(),
            sample: code.clone(),
            name: "QC analyst 1".to_owned(),
            reason: "the printout says 93".to_owned(),
        }));
    returned
        .when(QC2, confirm_result(2, TEST, 1))
        .refused(Refusal::Quality(QualityRefusal::AnothersResult {
            test: test.clone(),
            sample: code.clone(),
            name: "QC analyst 1".to_owned(),
        }));
    let blocker = Blocker::ResultReturned { sample: code, test };
    assert!(returned.batch().review_blockers().contains(&blocker));
    let confirmed = returned.clone().does(QC, confirm_result(2, TEST, 1));
    confirmed.when(QC2, review_result(2, TEST, 1)).accepted();
    // What is wrong still can be returned once more.
    confirmed.when(QC2, return_result(2, TEST, 1)).accepted();
    let corrected = returned.does(QC, correct_result(2, TEST, 1, number("95")));
    corrected.when(QC2, review_result(2, TEST, 2)).accepted();
    let batch = corrected.batch();
    let result = batch.sample(sample(2)).unwrap().tests[0]
        .standing()
        .unwrap();
    let (answer, _) = result.returns[0].answered.clone().unwrap();
    assert_eq!(answer, "corrected");
}

fn transcription(result: usize, raw_data: &str) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::InvalidateResult {
        sample: sample(2),
        criterion: TEST.to_owned(),
        result,
        reason: InvalidationReason::TranscriptionError,
        evidence: "93 on the printout".to_owned(),
        raw_data: raw_data.to_owned(),
    })
}

#[test]
fn after_its_review_a_typing_error_is_found_by_a_second_analyst_with_the_raw_data() {
    let given = entered_as(number("39"));
    let (test, code) = named();
    given
        .when(QC2, transcription(1, "FC-12"))
        .refused(Refusal::Quality(QualityRefusal::TypingErrorBeforeReview {
            test,
            sample: code,
            name: "QC analyst 1".to_owned(),
        }));
    // An analyst who has left can't answer: what was returned isn't stuck.
    let returned = given.clone().does(QC2, return_result(2, TEST, 1));
    returned.when(QC2, transcription(1, "FC-12")).accepted();

    let reviewed = given.does(QC2, review_result(2, TEST, 1));
    reviewed
        .when(QC, transcription(1, "FC-12"))
        .refused(Refusal::Quality(QualityRefusal::OwnResult {
            name: "QC analyst 1".to_owned(),
        }));
    reviewed
        .when(QC2, transcription(1, " "))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "raw_data",
            what: "Raw data",
        }));
    let again = |record: Record, value: &str| {
        let today = record.today();
        record.does(QC, enter(2, TEST, number(value), today))
    };
    let retyped = again(reviewed.does(QC2, transcription(1, "FC-12")), "93");
    let kinds: Vec<_> = retyped
        .batch()
        .exceptions
        .iter()
        .map(|one| one.kind.to_string())
        .collect();
    assert_eq!(
        kinds,
        [
            "Result of Viability invalidated: transcription error",
            "Result of Viability changed from 39 % (fail) to 93 % (pass): transcription error: 93 on the printout",
        ]
    );
    // Typed again is not tested again: the one repeat of the test is still there.
    let reviewed = retyped.does(QC2, review_result(2, TEST, 2));
    let repeated = reviewed.does(QC2, invalidate(2, TEST, 2));
    let repeated = again(repeated, "94");
    assert!(matches!(
        repeated.when(QC2, invalidate(2, TEST, 3)).0,
        Err(Refusal::Quality(QualityRefusal::RepeatedOnce { .. }))
    ));
}

// DI-3
#[test]
fn a_typing_error_found_after_the_review_of_the_record_voids_it() {
    let given = tested().reviewed();
    assert!(given.batch().review().is_some());
    let void = given.clone().does(QC2, transcription(1, "FC-12"));
    assert!(void.batch().review().is_none());
    let today = void.today();
    let again = void
        .does(QC, enter(2, TEST, number("94"), today))
        .does(QC2, review_result(2, TEST, 2));
    assert!(again.batch().review().is_none());
    // After the review of the record no result is left that its analyst could correct by themselves.
    given
        .when(QC, correct_result(2, TEST, 1, number("95")))
        .refused(Refusal::Quality(QualityRefusal::AlreadyReviewed {
            test: "Viability".to_owned(),
            sample: "GE-2026-0007-S02".to_owned(),
            name: "QC analyst 2".to_owned(),
        }));
    // A record that is decided on is closed to them.
    let certified = tested().reviewed().certified();
    for (person, command) in [
        (QC, correct_result(2, TEST, 1, number("95"))),
        (QC2, return_result(2, TEST, 1)),
        (QC, confirm_result(2, TEST, 1)),
    ] {
        certified
            .when(person, command)
            .refused(Refusal::Standing(StandingRefusal::RecordClosed {
                batch: "GE-2026-0007".to_owned(),
                state: "certified",
            }));
    }
}
