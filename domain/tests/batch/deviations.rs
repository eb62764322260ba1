//! Deviations: raised by anyone at work, classified, assessed and closed by QA.

use crate::record::{
    DIGEST, MANY, PHARMACIST, QA, QC, QP, TECH, assess_deviation, certified, cleared, deviation,
    prepared, raise, step, tested, user,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, DeviationClass, DeviationCommand, DeviationEvent,
        DeviationRefusal, InputRefusal, Meaning, ProcessingRefusal, Refusal, ReleaseCommand,
        ReleaseRefusal, Signature, Signed, StandingRefusal,
    },
    rights::{Action, Role},
};

fn classify(id: u128, class: DeviationClass) -> BatchCommand {
    BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
        deviation: deviation(id),
        class,
    })
}

fn close(id: u128, seen: u64) -> BatchCommand {
    BatchCommand::Deviation(DeviationCommand::CloseDeviation {
        deviation: deviation(id),
        seen,
    })
}

#[test]
fn a_deviation_is_raised_on_a_step_or_on_the_batch_by_whoever_sees_it() {
    let raised = |number: u128, at: Option<&str>| {
        BatchEvent::Deviation(DeviationEvent::DeviationRaised {
            deviation: deviation(number),
            number: format!("GE-2026-0007-D{number}"),
            step: at.map(step),
            description: "spilled".to_owned(),
        })
    };
    for person in [TECH, QC, QA, QP, PHARMACIST] {
        cleared()
            .when(person, raise(1, Some("receipt")))
            .gives(raised(1, Some("receipt")));
    }
    let given = cleared().does(TECH, raise(1, None));
    given
        .when(QA, raise(2, Some("seed@P0")))
        .gives(raised(2, Some("seed@P0")));
    given
        .when(QA, raise(2, Some("seed@P4")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("seed@P4"),
        }));
    let empty = BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
        deviation: deviation(2),
        step: None,
        description: String::new(),
    });
    given
        .when(QA, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "description",
            what: "What happened",
        }));
    // Something may come up at any time.
    certified().when(PHARMACIST, raise(1, None)).accepted();
}

// A16-3, ATMP-11.4: root cause and impact before it is closed.
#[test]
fn a_deviation_is_closed_once_it_is_classified_and_its_impact_is_stated() {
    let given = cleared().does(TECH, raise(1, None));
    let incomplete = |missing| {
        Refusal::Deviation(DeviationRefusal::DeviationIncomplete {
            number: "GE-2026-0007-D1".to_owned(),
            missing,
        })
    };
    given
        .signed(QA, close(1, given.version()))
        .refused(incomplete("it is not classified"));
    given
        .when(QA, classify(1, DeviationClass::Major))
        .gives(BatchEvent::Deviation(DeviationEvent::DeviationClassified {
            deviation: deviation(1),
            class: DeviationClass::Major,
        }));
    let given = given.does(QA, classify(1, DeviationClass::Major));
    let missing = incomplete("root cause and impact are not stated");
    given.signed(QA, close(1, given.version())).refused(missing);
    given
        .when(QA, assess_deviation(1))
        .gives(BatchEvent::Deviation(DeviationEvent::DeviationAssessed {
            deviation: deviation(1),
            root_cause: "haste".to_owned(),
            impact: "none".to_owned(),
        }));
    let given = given.does(QA, assess_deviation(1));
    let seen = given.version();
    given
        .when(QA, close(1, seen))
        .refused(Refusal::Standing(StandingRefusal::NotAuthenticated));
    given
        .signed(QA, close(1, seen - 1))
        .refused(Refusal::Standing(StandingRefusal::Stale {
            seen: seen - 1,
            version: seen,
        }));
    given
        .signed(QA, close(1, seen))
        .gives(BatchEvent::Deviation(DeviationEvent::DeviationClosed {
            deviation: deviation(1),
            signature: Signature {
                signer: user(QA),
                user_name: "qa.reviewer.1".to_owned(),
                name: "QA reviewer 1".to_owned(),
                role: Role::QaReviewer,
                at: given.now,
                meaning: Meaning::DeviationClosed,
            },
            signed: Signed {
                version: seen,
                digest: DIGEST.to_owned(),
            },
        }));
}

#[test]
fn root_cause_and_impact_are_both_stated() {
    let given = cleared().does(TECH, raise(1, None));
    let command = |root_cause: &str, impact: &str| {
        BatchCommand::Deviation(DeviationCommand::AssessDeviation {
            deviation: deviation(1),
            root_cause: root_cause.to_owned(),
            impact: impact.to_owned(),
        })
    };
    given
        .when(QA, command("", "none"))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "root_cause",
            what: "Root cause",
        }));
    given
        .when(QA, command("haste", " "))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "impact",
            what: "Impact on product and patient",
        }));
}

#[test]
fn nobody_closes_the_deviation_that_they_raised() {
    let given = cleared()
        .does(MANY, raise(1, None))
        .does(MANY, classify(1, DeviationClass::Minor))
        .does(MANY, assess_deviation(1));
    let own = Refusal::Deviation(DeviationRefusal::OwnDeviation {
        name: "Many Roles".to_owned(),
    });
    given.signed(MANY, close(1, given.version())).refused(own);
    given.signed(QA, close(1, given.version())).accepted();
}

#[test]
fn a_closed_or_unknown_deviation_is_not_touched() {
    let given = cleared().does(TECH, raise(1, None)).deviation_closed(1);
    let closed = Refusal::Deviation(DeviationRefusal::DeviationClosed {
        number: "GE-2026-0007-D1".to_owned(),
    });
    let unknown = Refusal::Deviation(DeviationRefusal::UnknownDeviation {
        batch: "GE-2026-0007".to_owned(),
    });
    for (id, refusal) in [(1, closed), (9, unknown)] {
        given
            .when(QA, classify(id, DeviationClass::Minor))
            .refused(refusal.clone());
        given
            .when(QA, assess_deviation(id))
            .refused(refusal.clone());
        given
            .signed(QA, close(id, given.version()))
            .refused(refusal);
    }
    let again = cleared()
        .does(TECH, raise(1, None))
        .does(QA, classify(1, DeviationClass::Minor));
    again
        .when(QA, classify(1, DeviationClass::Minor))
        .refused(Refusal::Input(InputRefusal::NothingChanged {
            value: "minor".to_owned(),
        }));
    again
        .when(QA, classify(1, DeviationClass::Critical))
        .accepted();
}

#[test]
fn only_qa_classifies_assesses_and_closes() {
    let given = cleared().does(TECH, raise(1, None));
    let refused = Refusal::Standing(StandingRefusal::NotAllowed {
        action: Action::CloseDeviation,
    });
    for person in [TECH, QC, QP, PHARMACIST] {
        given
            .when(person, classify(1, DeviationClass::Minor))
            .refused(refused.clone());
        given
            .when(person, assess_deviation(1))
            .refused(refused.clone());
        given
            .signed(person, close(1, given.version()))
            .refused(refused.clone());
    }
}

// A16-3
#[test]
fn an_open_deviation_blocks_the_review_the_certification_and_each_dose() {
    let open = Blocker::DeviationOpen {
        deviation: deviation(1),
        number: "GE-2026-0007-D1".to_owned(),
    };
    let given = tested().does(TECH, raise(1, None));
    given
        .signed(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview {
                seen: given.version(),
            }),
        )
        .refused(Refusal::Release(ReleaseRefusal::Blocked {
            blockers: vec![open.clone()],
        }));
    let given = prepared().does(PHARMACIST, raise(1, None));
    let blocked = Refusal::Release(ReleaseRefusal::HeldBack {
        blockers: vec![open],
    });
    given
        .when(PHARMACIST, crate::record::dispatch(1))
        .refused(blocked.clone());
    given
        .when(PHARMACIST, crate::record::prepare(2, &[3, 4]))
        .refused(blocked);
    given
        .deviation_closed(1)
        .withdrawn()
        .reviewed()
        .certified()
        .when(PHARMACIST, crate::record::dispatch(1))
        .accepted();
}
