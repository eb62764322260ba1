//! What a signature of the record binds, and what voids it.

use crate::record::{
    PHARMACIST, QA, QC, QP, Record, TECH, certified, comment, correct, destroy_dose, dispatch,
    entry, infuse, n, prepare, prepared, raise, take, tested,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, FieldValue, HarvestCommand, HarvestField, Meaning,
        ProcessingEvent, ProcessingRefusal, QualityEvent, Refusal, ReleaseCommand, ReleaseRefusal,
        StandingRefusal,
    },
    people::AccountState,
    rights::{self, Action},
};

fn review_stands(record: &Record) -> bool {
    record.batch().review().is_some()
}

fn certification_stands(record: &Record) -> bool {
    let batch = record.batch();
    let mut certified = batch
        .signatures
        .iter()
        .filter(|one| one.signature.meaning == Meaning::Certified);
    certified
        .next_back()
        .is_some_and(|one| one.void_since.is_none())
}

// DI-3, A11d-13.8: until the batch is decided on, QA has reviewed what they saw and nothing later.
#[test]
fn whatever_is_added_to_the_record_voids_the_review() {
    let given = tested().reviewed();
    assert!(review_stands(&given));
    let added: [(_, BatchCommand); 6] = [
        (TECH, correct("receipt", "temperature", n("8"))),
        (QA, comment(None, "one more thing")),
        (TECH, raise(1, None)),
        (TECH, crate::record::destroy_unit(1)),
        (QC, crate::record::invalidate(2, "sterility", 1)),
        (
            TECH,
            BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
                field: HarvestField::Weight,
                value: "71".to_owned(),
                reason: "misread".to_owned(),
            }),
        ),
    ];
    for (person, command) in added {
        let what = format!("{command:?}");
        // The analyst who entered the result can't invalidate it.
        let person = if person == QC {
            crate::record::QC2
        } else {
            person
        };
        let changed = given.clone().does(person, command);
        assert!(!review_stands(&changed), "{what}");
        assert!(
            changed
                .batch()
                .blockers(changed.now)
                .contains(&Blocker::NotReviewed),
            "{what}"
        );
    }
}

#[test]
fn a_void_review_is_signed_again() {
    let given = tested()
        .reviewed()
        .does(QA, comment(None, "one more thing"));
    let again = given.clone().reviewed();
    let void: Vec<_> = again
        .batch()
        .signatures
        .iter()
        .filter(|one| one.signature.meaning == Meaning::Reviewed)
        .map(|one| one.void_since)
        .collect();
    assert_eq!(void, [Some(given.version()), None]);
}

// A16-steps: the decision rests on the review.
#[test]
fn the_decision_leaves_the_review_standing() {
    assert!(review_stands(&certified()));
    let given = tested().reviewed();
    let seen = given.version();
    let rejected = given.does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject {
            reasons: "lost".to_owned(),
            seen,
        }),
    );
    assert!(review_stands(&rejected));
    assert!(review_stands(&rejected.does(QA, comment(None, "seen"))));
}

#[test]
fn what_comes_after_the_certification_stands_beside_it() {
    let now = prepared().now;
    let ways: Vec<(&str, Record)> = vec![
        ("comment", certified().does(QA, comment(None, "seen"))),
        (
            "deviation",
            certified().does(TECH, raise(1, None)).deviation_closed(1),
        ),
        (
            "unit destroyed",
            certified().does(TECH, crate::record::destroy_unit(4)),
        ),
        ("dose prepared", prepared()),
        ("dose dispatched", prepared().does(PHARMACIST, dispatch(1))),
        (
            "dose infused",
            prepared()
                .does(PHARMACIST, dispatch(1))
                .does(PHARMACIST, infuse(1, now, now)),
        ),
        (
            "dose destroyed",
            prepared().does(PHARMACIST, destroy_dose(1)),
        ),
    ];
    for (what, record) in ways {
        assert!(
            review_stands(&record) && certification_stands(&record),
            "{what}"
        );
    }
}

#[test]
fn the_withdrawal_voids_certification_and_review() {
    let given = certified().withdrawn();
    assert!(!review_stands(&given) && !certification_stands(&given));
    // It stays in the record.
    let count = given
        .batch()
        .signatures
        .iter()
        .filter(|one| one.signature.meaning == Meaning::Certified)
        .count();
    assert_eq!(count, 1);
}

// P11-70, A11d-17.1: no command changes a certified record; were one there all the same, the signature wouldn't stand.
#[test]
fn a_change_of_a_certified_record_would_void_its_signatures() {
    let step = crate::record::step("receipt");
    let changes = [
        BatchEvent::Processing(ProcessingEvent::EntryCorrected {
            step: step.clone(),
            field: "temperature".to_owned(),
            old: n("18.5"),
            new: n("8"),
            reason: "misread".to_owned(),
            outside: None,
        }),
        BatchEvent::Processing(ProcessingEvent::EntryRecorded {
            step: step.clone(),
            field: "remark".to_owned(),
            value: FieldValue::Text("late".to_owned()),
            performed_at: certified().now,
            outside: None,
        }),
        BatchEvent::Processing(ProcessingEvent::EntryVerified {
            step,
            field: "temperature".to_owned(),
        }),
        BatchEvent::Quality(QualityEvent::ResultReviewed {
            sample: crate::record::sample(2),
            criterion: "viability".to_owned(),
        }),
    ];
    for event in changes {
        let what = format!("{event:?}");
        let changed = certified().event(TECH, event);
        assert!(
            !review_stands(&changed) && !certification_stands(&changed),
            "{what}"
        );
        let refused = changed.when(PHARMACIST, prepare(1, &[1, 2])).0;
        assert!(
            matches!(
                refused,
                Err(Refusal::Release(ReleaseRefusal::HeldBack { .. }))
            ),
            "{what}"
        );
    }
}

#[test]
fn a_signature_of_a_step_is_voided_by_a_correction_in_that_step_alone() {
    let given = tested();
    let void = |record: &Record, key: &str| {
        let batch = record.batch();
        let of = |one: &&domain::batch::SignatureRecord| one.step == Some(crate::record::step(key));
        batch.signatures.iter().rfind(of).unwrap().void_since
    };
    for (command, voided) in [
        (
            correct("clearance", "grade", crate::record::choice("B")),
            None,
        ),
        (comment(Some("receipt"), "pale"), None),
        (correct("harvest", "total-cells-1", n("167000000")), None),
        (
            correct("receipt", "temperature", n("8")),
            Some(given.version() + 1),
        ),
    ] {
        assert_eq!(void(&given.clone().does(TECH, command), "receipt"), voided);
    }
}

#[test]
fn a_signature_binds_the_last_entry_that_the_signer_saw() {
    let given = tested();
    let seen = given.version();
    // Somebody takes a sample, or enters something, while the reviewer reads.
    let meanwhile = given.does(TECH, comment(None, "one more thing"));
    let stale = Refusal::Standing(StandingRefusal::Stale {
        seen,
        version: seen + 1,
    });
    meanwhile
        .signed(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        )
        .refused(stale.clone());
    meanwhile
        .signed(
            QP,
            BatchCommand::Release(ReleaseCommand::Reject {
                reasons: "lost".to_owned(),
                seen,
            }),
        )
        .refused(stale);
    let certified = certified();
    let seen = certified.version();
    let later = certified.does(QA, comment(None, "seen"));
    let stale = Refusal::Standing(StandingRefusal::Stale {
        seen,
        version: seen + 1,
    });
    later
        .signed(
            QP,
            BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: "error".to_owned(),
                seen,
            }),
        )
        .refused(stale);
    let reviewed = tested().reviewed();
    let seen = reviewed.version();
    reviewed
        .signed(
            QP,
            BatchCommand::Release(ReleaseCommand::Certify { seen: seen - 1 }),
        )
        .refused(Refusal::Standing(StandingRefusal::Stale {
            seen: seen - 1,
            version: seen,
        }));
}

// P11-200a1, A11d-13.3: each signature asks for user name and password; a session is none.
#[test]
fn nothing_is_signed_on_the_strength_of_a_session() {
    let refused = |record: &Record, person, command| {
        record
            .when(person, command)
            .refused(Refusal::Standing(StandingRefusal::NotAuthenticated))
    };
    let given = tested();
    refused(
        &given,
        QA,
        BatchCommand::Release(ReleaseCommand::SignReview {
            seen: given.version(),
        }),
    );
    refused(
        &given,
        QP,
        BatchCommand::Release(ReleaseCommand::Reject {
            reasons: "lost".to_owned(),
            seen: given.version(),
        }),
    );
    let given = tested().reviewed();
    refused(
        &given,
        QP,
        BatchCommand::Release(ReleaseCommand::Certify {
            seen: given.version(),
        }),
    );
    let given = certified();
    refused(
        &given,
        QP,
        BatchCommand::Release(ReleaseCommand::WithdrawCertification {
            reason: "error".to_owned(),
            seen: given.version(),
        }),
    );
}

#[test]
fn a_review_takes_no_entry_with_it() {
    // The review is of the record, not a way to write in it.
    let given = tested().reviewed();
    assert!(matches!(
        given.when(QA, entry("receipt", "remark", n("1"))).0,
        Err(Refusal::Standing(StandingRefusal::NotAllowed { .. }))
    ));
    assert!(matches!(
        given.when(TECH, take(3, "sample", "0")).0,
        Err(Refusal::Processing(ProcessingRefusal::StepOver { .. }))
    ));
}

// A11-12: whose account, password or session ended meanwhile is told that, and who has no such role is told the action.
#[test]
fn who_may_not_act_now_is_refused_in_the_words_of_their_standing() {
    let action = Action::Certify;
    let disabled = rights::Refusal::State {
        user_name: "qp.1".to_owned(),
        state: AccountState::Disabled,
    };
    let refused = Refusal::from(disabled.clone());
    assert_eq!(
        refused,
        Refusal::Standing(StandingRefusal::Person(disabled))
    );
    let words = refused.words();
    assert!(
        words.text.contains("qp.1 is disabled") && words.text.contains("nothing was recorded"),
        "{words:?}"
    );
    let no_role = Refusal::from(rights::Refusal::Role { action });
    assert_eq!(
        no_role,
        Refusal::Standing(StandingRefusal::NotAllowed { action })
    );
}
