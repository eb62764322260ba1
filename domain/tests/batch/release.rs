//! Review, certification, rejection, withdrawal: by three different people, and past nothing that stands in the way.

use crate::record::{
    DIGEST, MANY, PHARMACIST, QA, QA2, QC, QP, Record, TECH, TECH2, after_p1, category, certified,
    comment, correct, d, destroy_unit, deviation, enter, finished, frozen, n, number, raise,
    review_result, sampled, step, store, take, tested, text, user,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, Disposition, InputRefusal, Meaning, Place,
        ProcessingCommand, Refusal, ReleaseCommand, ReleaseEvent, ReleaseRefusal, Signature,
        Signed, StandingRefusal,
    },
    rights::{Action, Role},
};

fn review(record: &Record) -> BatchCommand {
    BatchCommand::Release(ReleaseCommand::SignReview {
        seen: record.version(),
    })
}

fn certify(record: &Record) -> BatchCommand {
    BatchCommand::Release(ReleaseCommand::Certify {
        seen: record.version(),
    })
}

fn reject(record: &Record) -> BatchCommand {
    BatchCommand::Release(ReleaseCommand::Reject {
        reasons: "sterility fails".to_owned(),
        seen: record.version(),
    })
}

fn withdraw(record: &Record) -> BatchCommand {
    BatchCommand::Release(ReleaseCommand::WithdrawCertification {
        reason: "error".to_owned(),
        seen: record.version(),
    })
}

fn signature(
    person: crate::record::Person,
    role: Role,
    meaning: Meaning,
    record: &Record,
) -> (Signature, Signed) {
    let signature = Signature {
        signer: user(person),
        user_name: person.name.to_lowercase().replace(' ', "."),
        name: person.name.to_owned(),
        role,
        at: record.now,
        meaning,
    };
    let signed = Signed {
        version: record.version(),
        digest: DIGEST.to_owned(),
    };
    (signature, signed)
}

// A16-steps: checked, then certified, each by signature.
#[test]
fn qa_reviews_and_then_the_qp_certifies() {
    let given = tested();
    let (signature_of, signed) = signature(QA, Role::QaReviewer, Meaning::Reviewed, &given);
    given
        .signed(QA, review(&given))
        .gives(BatchEvent::Release(ReleaseEvent::ReviewSigned {
            signature: signature_of,
            signed,
        }));
    let given = given.reviewed();
    let (signature, signed) = signature(QP, Role::QualifiedPerson, Meaning::Certified, &given);
    given
        .signed(QP, certify(&given))
        .gives(BatchEvent::Release(ReleaseEvent::Certified {
            certificate: "GE-2026-0007-C1".to_owned(),
            signature,
            signed,
        }));
}

// A11-15: only a QP certifies.
#[test]
fn nobody_but_the_qp_decides() {
    let given = tested().reviewed();
    for person in [TECH, QC, QA, QA2, PHARMACIST] {
        given
            .signed(person, certify(&given))
            .refused(Refusal::Standing(StandingRefusal::NotAllowed {
                action: Action::Certify,
            }));
        given
            .signed(person, reject(&given))
            .refused(Refusal::Standing(StandingRefusal::NotAllowed {
                action: Action::Reject,
            }));
        let certified = certified();
        certified
            .signed(person, withdraw(&certified))
            .refused(Refusal::Standing(StandingRefusal::NotAllowed {
                action: Action::WithdrawCertification,
            }));
    }
    for person in [TECH, QC, QP, PHARMACIST] {
        given
            .signed(person, review(&given))
            .refused(Refusal::Standing(StandingRefusal::NotAllowed {
                action: Action::SignReview,
            }));
    }
}

// SEC-ASVS 2.3.5: who made the record neither reviews nor certifies it, whatever their roles.
#[test]
fn nobody_reviews_or_certifies_a_record_that_they_made() {
    let own = Refusal::Release(ReleaseRefusal::OwnRecord {
        name: "Many Roles".to_owned(),
    });
    type Given = fn() -> Record;
    let made: [(&str, Given); 6] = [
        ("an entry", || {
            let freezer = frozen().entry(MANY, "closing", "problems", text("none"));
            tested_after(freezer.completed(TECH, "closing"))
        }),
        ("a completed step", || {
            tested_after(
                frozen()
                    .entry(TECH, "closing", "problems", text("none"))
                    .completed(MANY, "closing"),
            )
        }),
        ("a correction", || {
            tested()
                .does(
                    MANY,
                    correct("clearance", "grade", crate::record::choice("B")),
                )
                .assessed()
        }),
        ("a result", || {
            let given = tested_after(finished())
                .does(
                    crate::record::QC2,
                    crate::record::invalidate(2, "remark", 1),
                )
                .assessed();
            let today = given.today();
            let value = domain::release::ResultValue::Text("round".to_owned());
            given
                .does(MANY, enter(2, "remark", value, today))
                .does(QC, review_result(2, "remark", 2))
        }),
        ("the destruction of a unit", || {
            tested().does(MANY, destroy_unit(4))
        }),
        ("a sample", || {
            let harvested = crate::record::harvested()
                .does(MANY, take(2, "sample", "1000000"))
                .completed(TECH, "sample");
            let stored = harvested.does(TECH, store(1, "80000000", "T1"));
            let frozen = stored
                .entry(TECH, "freeze", "freezer", text("CRF-1"))
                .completed(TECH, "freeze");
            tested_after(
                frozen
                    .entry(TECH, "closing", "problems", text("none"))
                    .completed(TECH, "closing"),
            )
        }),
    ];
    for (what, given) in made {
        let given = given();
        assert_eq!(
            given.signed(MANY, review(&given)).0,
            Err(own.clone()),
            "{what}"
        );
        let given = given.reviewed();
        assert_eq!(
            given.signed(MANY, certify(&given)).0,
            Err(own.clone()),
            "{what}"
        );
        given.signed(QP, certify(&given)).accepted();
    }
}

fn tested_after(finished: Record) -> Record {
    finished
        .after(24 * 7)
        .result(2, "viability", number("93"))
        .result(2, "sterility", category("no growth"))
        .result(
            2,
            "remark",
            domain::release::ResultValue::Text("spindle-shaped".to_owned()),
        )
}

#[test]
fn whoever_signed_the_review_does_not_certify() {
    let given = tested();
    let seen = given.version();
    let given = given.does(
        MANY,
        BatchCommand::Release(ReleaseCommand::SignReview { seen }),
    );
    given
        .signed(MANY, certify(&given))
        .refused(Refusal::Release(ReleaseRefusal::OwnReview {
            name: "Many Roles".to_owned(),
        }));
    given.signed(QP, certify(&given)).accepted();
}

#[test]
fn a_review_that_stands_is_not_signed_twice() {
    let given = tested().reviewed();
    given
        .signed(QA2, review(&given))
        .refused(Refusal::Release(ReleaseRefusal::ReviewStands {
            name: "QA reviewer 1".to_owned(),
        }));
}

// domain.md 4, A16-3: each thing that stands in the way, alone; and where it is dealt with.
#[test]
fn each_blocker_refuses_the_certification() {
    let criterion = |test: &str, outcome: &str| Blocker::Criterion {
        test: test.to_owned(),
        point: "final-product".to_owned(),
        outcome: outcome.to_owned(),
    };
    let signature_void = || {
        let given = tested()
            .does(TECH, correct("receipt", "temperature", n("8")))
            .assessed();
        let (blocker, place) = (
            Blocker::SignatureVoid {
                step: step("receipt"),
                title: "Receipt".to_owned(),
            },
            Place::Step(step("receipt")),
        );
        (given, blocker, place)
    };
    let cases: Vec<(Record, Blocker, Place)> = vec![
        (
            tested_after(frozen()),
            Blocker::StepOpen {
                step: step("closing"),
                title: "Closing".to_owned(),
            },
            Place::Step(step("closing")),
        ),
        (
            tested()
                .does(TECH, correct("passage@P0", "viable-cells", n("910000")))
                .assessed(),
            Blocker::NotVerified {
                step: step("passage@P0"),
                label: "Viable cells".to_owned(),
            },
            Place::Step(step("passage@P0")),
        ),
        signature_void(),
        (
            tested().does(
                TECH,
                correct("clearance", "grade", crate::record::choice("B")),
            ),
            Blocker::ExceptionOpen {
                exception: tested().version() + 1,
                what: "Grade was corrected: misread".to_owned(),
            },
            Place::Exception(tested().version() + 1),
        ),
        (
            tested().does(TECH, raise(1, None)),
            Blocker::DeviationOpen {
                deviation: deviation(1),
                number: "GE-2026-0007-D1".to_owned(),
            },
            Place::Deviation(deviation(1)),
        ),
        (
            finished()
                .after(24 * 7)
                .result(2, "viability", number("93"))
                .result(2, "sterility", category("no growth"))
                .does(
                    QC,
                    enter(
                        2,
                        "remark",
                        domain::release::ResultValue::Text("round".to_owned()),
                        crate::record::day("2026-03-23"),
                    ),
                ),
            Blocker::ResultNotReviewed {
                sample: "GE-2026-0007-S02".to_owned(),
                test: "Morphology".to_owned(),
            },
            Place::Quality,
        ),
        (
            finished()
                .result(2, "sterility", category("no growth"))
                .result(2, "viability", number("69.4")),
            criterion("Viability", "failing"),
            Place::Quality,
        ),
        (
            finished().result(2, "viability", number("93")),
            criterion("Sterility", "pending"),
            Place::Quality,
        ),
        (
            finished()
                .result(2, "sterility", category("no growth"))
                .result(
                    2,
                    "viability",
                    domain::release::ResultValue::Censored {
                        sign: domain::release::Sign::AtLeast,
                        bound: d("60"),
                    },
                ),
            criterion(
                "Viability",
                "indeterminate: ≥ 60 % can't decide the limit ≥ 70 %: the true value may lie on either side. Repeat the test so that its result can.",
            ),
            Place::Quality,
        ),
        (
            tested()
                .does(TECH, destroy_unit(1))
                .does(TECH, destroy_unit(2))
                .does(TECH, destroy_unit(3)),
            Blocker::NoDosePossible {
                window: "1 to 2 × 10⁶ viable cells/kg".to_owned(),
            },
            Place::Quality,
        ),
    ];
    for (given, blocker, place) in cases {
        assert_eq!(blocker.place(), place);
        // Where the record can be reviewed all the same (a failing batch is, so that it can be rejected), it is.
        let reviewable = given.batch().review_blockers().is_empty();
        let given = if reviewable { given.reviewed() } else { given };
        let refused = given.signed(QP, certify(&given)).0.unwrap_err();
        let Refusal::Release(ReleaseRefusal::Blocked { blockers }) = refused else {
            panic!("{refused}")
        };
        let wanted = if reviewable {
            vec![blocker]
        } else {
            vec![blocker, Blocker::NotReviewed]
        };
        assert_eq!(blockers, wanted);
    }
}

#[test]
fn a_missing_criterion_and_a_missing_review_block_the_certification() {
    let skipped = crate::record::harvested().does(TECH, crate::record::skip("sample"));
    let blockers = skipped.batch().blockers(skipped.now);
    let missing = |test: &str| Blocker::Criterion {
        test: test.to_owned(),
        point: "final-product".to_owned(),
        outcome: "missing".to_owned(),
    };
    assert!(blockers.contains(&missing("Viability")) && blockers.contains(&missing("Sterility")));
    let given = tested();
    given
        .signed(QP, certify(&given))
        .refused(Refusal::Release(ReleaseRefusal::Blocked {
            blockers: vec![Blocker::NotReviewed],
        }));
    assert_eq!(Blocker::NotReviewed.place(), Place::Signatures);
}

#[test]
fn a_refused_signature_says_all_that_stands_in_the_way() {
    let given = frozen();
    given
        .signed(QA, review(&given))
        .says("This can't be signed yet: step Closing is not done.");
    let given = given.does(TECH, raise(1, None));
    given.signed(QA, review(&given)).says(
        "This can't be signed yet: step Closing is not done; deviation GE-2026-0007-D1 is open.",
    );
}

#[test]
fn the_verdict_does_not_block_the_review_so_that_a_failing_batch_can_be_rejected_on_a_complete_record()
 {
    let given = finished()
        .result(2, "sterility", category("growth"))
        .result(2, "viability", number("93"));
    let given = given.reviewed();
    let (signature, signed) = signature(QP, Role::QualifiedPerson, Meaning::Rejected, &given);
    given
        .signed(QP, reject(&given))
        .gives(BatchEvent::Release(ReleaseEvent::Rejected {
            reasons: "sterility fails".to_owned(),
            signature,
            signed,
        }));
    let empty = BatchCommand::Release(ReleaseCommand::Reject {
        reasons: " ".to_owned(),
        seen: given.version(),
    });
    given
        .signed(QP, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reasons",
            what: "Reasons",
        }));
}

// domain.md 4: a rejected batch ends: nothing is entered, certified or given; its units are destroyed.
#[test]
fn a_rejected_batch_stays_rejected() {
    let given = tested().reviewed();
    let command = reject(&given);
    let given = given.does(QP, command);
    let closed = Refusal::Standing(StandingRefusal::RecordClosed {
        batch: "GE-2026-0007".to_owned(),
        state: "rejected",
    });
    given.signed(QP, certify(&given)).refused(closed.clone());
    given.signed(QP, reject(&given)).refused(closed.clone());
    given.signed(QA, review(&given)).refused(closed.clone());
    given
        .when(TECH, correct("receipt", "temperature", n("8")))
        .refused(closed);
    let not_certified = Refusal::Release(ReleaseRefusal::NotCertified {
        batch: "GE-2026-0007".to_owned(),
    });
    given
        .signed(QP, withdraw(&given))
        .refused(not_certified.clone());
    given
        .when(PHARMACIST, crate::record::prepare(1, &[1, 2]))
        .refused(not_certified);
    given.when(TECH, destroy_unit(1)).accepted();
}

#[test]
fn a_batch_can_be_rejected_at_any_time_before_it_is_certified() {
    for given in [crate::record::registered(), after_p1(), sampled(), tested()] {
        given.signed(QP, reject(&given)).accepted();
    }
    let given = certified();
    let closed = Refusal::Standing(StandingRefusal::RecordClosed {
        batch: "GE-2026-0007".to_owned(),
        state: "certified",
    });
    given.signed(QP, reject(&given)).refused(closed);
}

#[test]
fn a_certification_is_withdrawn_for_a_reason_and_the_record_is_open_again() {
    let given = certified();
    let (signature, signed) = signature(QP, Role::QualifiedPerson, Meaning::Withdrawn, &given);
    given
        .signed(QP, withdraw(&given))
        .gives(BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
            reason: "error".to_owned(),
            signature,
            signed,
        }));
    let empty = BatchCommand::Release(ReleaseCommand::WithdrawCertification {
        reason: String::new(),
        seen: given.version(),
    });
    given
        .signed(QP, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
    let not_certified = Refusal::Release(ReleaseRefusal::NotCertified {
        batch: "GE-2026-0007".to_owned(),
    });
    tested()
        .signed(QP, withdraw(&tested()))
        .refused(not_certified);

    let withdrawn = given.withdrawn();
    assert_eq!(withdrawn.batch().disposition, Disposition::Open);
    withdrawn
        .when(TECH, correct("receipt", "temperature", n("8")))
        .accepted();
    withdrawn
        .signed(QP, certify(&withdrawn))
        .refused(Refusal::Release(ReleaseRefusal::Blocked {
            blockers: vec![Blocker::NotReviewed],
        }));
    let again = withdrawn.reviewed();
    let event = again.signed(QP, certify(&again)).accepted();
    assert!(
        matches!(event, BatchEvent::Release(ReleaseEvent::Certified { certificate, .. }) if certificate == "GE-2026-0007-C2")
    );
}

// A11d-17.1
#[test]
fn a_certified_record_can_only_be_read() {
    let given = certified();
    let closed = Refusal::Standing(StandingRefusal::RecordClosed {
        batch: "GE-2026-0007".to_owned(),
        state: "certified",
    });
    let commands = [
        (TECH, correct("receipt", "temperature", n("8"))),
        (TECH, crate::record::skip("closing")),
        (TECH, crate::record::not_applicable("receipt", "remark")),
        (TECH, crate::record::complete("receipt", given.version())),
        (
            TECH,
            BatchCommand::Processing(ProcessingCommand::EndCulture {
                reason: "slow".to_owned(),
            }),
        ),
        (TECH, store(9, "1", "T9")),
        (
            TECH2,
            crate::record::verify("receipt", "identity", crate::record::YES),
        ),
        (QA, review(&given)),
        (QP, certify(&given)),
    ];
    for (person, command) in commands {
        let what = format!("{command:?}");
        assert_eq!(
            given.signed(person, command).0,
            Err(closed.clone()),
            "{what}"
        );
    }
    given.when(QA, comment(None, "seen")).accepted();
}
