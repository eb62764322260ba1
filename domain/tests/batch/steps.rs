//! Completing a step, leaving one out, comments.

use crate::record::{
    COLLECTOR, DIGEST, QA, TECH, TECH2, YES, after_p0, after_p1, at, certified, choice, cleared,
    comment, complete, complete_at, controlled, entry, harvested, n, not_applicable, prepared,
    received, registered, sampled, skip, step, store, take, text, user,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, InputRefusal, Meaning, ProcessingCommand, ProcessingEvent,
        ProcessingRefusal, Refusal, Signature, Signed, StandingRefusal,
    },
    rights::Role,
};

fn entered() -> crate::record::Record {
    registered()
        .after(1)
        .entry(TECH, "receipt", "identity", YES)
        .verified(TECH2, "receipt", "identity")
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("18.5"))
}

// P11-50, P11-200a1, A11-14: the signature holds name, time, meaning, and binds the record that was seen.
#[test]
fn whoever_completes_a_signed_step_signs_what_they_saw() {
    let given = entered();
    let seen = given.version();
    given
        .signed(TECH, complete("receipt", seen))
        .gives(BatchEvent::Processing(ProcessingEvent::StepCompleted {
            step: step("receipt"),
            performed_at: given.now,
            signature: Some(Signature {
                signer: user(TECH),
                user_name: "technician.1".to_owned(),
                name: "Technician 1".to_owned(),
                role: Role::Technician,
                at: given.now,
                meaning: Meaning::Performed,
            }),
            signed: Some(Signed {
                version: seen,
                digest: DIGEST.to_owned(),
            }),
        }));
    // A session is not a signature.
    given
        .when(TECH, complete("receipt", seen))
        .refused(Refusal::Standing(StandingRefusal::NotAuthenticated));
    let stale = Refusal::Standing(StandingRefusal::Stale {
        seen: seen - 1,
        version: seen,
    });
    given
        .signed(TECH, complete("receipt", seen - 1))
        .refused(stale);
}

#[test]
fn a_step_that_needs_no_signature_is_completed_without_one() {
    let given = received().entry(TECH, "clearance", "grade", choice("A"));
    given
        .when(TECH, complete("clearance", 0))
        .gives(BatchEvent::Processing(ProcessingEvent::StepCompleted {
            step: step("clearance"),
            performed_at: given.now,
            signature: None,
            signed: None,
        }));
}

// P11-10f, ATMP-6a: it can't be closed with one missing.
#[test]
fn a_step_is_complete_with_each_required_field_and_each_second_check() {
    let missing = |fields: &[&str]| {
        Refusal::Processing(ProcessingRefusal::FieldsMissing {
            title: "Receipt".to_owned(),
            fields: fields.iter().map(|one| (*one).to_owned()).collect(),
        })
    };
    let given = registered().after(1);
    let done =
        |record: &crate::record::Record| record.signed(TECH, complete("receipt", record.version()));
    done(&given).refused(missing(&["Identity agrees", "Container", "Temperature"]));
    let given = given.entry(TECH, "receipt", "identity", YES).entry(
        TECH,
        "receipt",
        "container",
        choice("intact"),
    );
    done(&given).refused(missing(&["Temperature"]));
    // “Not applicable, because” stands in the place of an entry.
    let given = given.does(TECH, not_applicable("receipt", "temperature"));
    done(&given).refused(Refusal::Processing(ProcessingRefusal::NotVerified {
        title: "Receipt".to_owned(),
        fields: vec!["Identity agrees".to_owned()],
    }));
    done(&given.verified(TECH2, "receipt", "identity")).accepted();
}

#[test]
fn the_end_of_a_step_is_not_before_its_entries_nor_before_the_step_before_nor_in_the_future() {
    let given = entered().after(1);
    let seen = given.version();
    let ended = |time: &str| complete_at("receipt", at(time), seen);
    given.signed(TECH, ended("2026-03-02T10:00:00Z")).accepted();
    given.signed(TECH, ended("2026-03-02T09:59:59Z")).says(
        "End of the step 2026-03-02 10:59 CET is before Receipt (2026-03-02 11:00 CET). Check both times.",
    );
    given
        .signed(TECH, ended("2026-03-02T11:00:01Z"))
        .says("End of the step 2026-03-02 12:00 CET is in the future. Enter when it was done.");
    // A field that doesn't apply was not performed: it holds no time that the end could lie before.
    let given = received()
        .entry(TECH, "clearance", "grade", choice("A"))
        .after(2)
        .does(TECH, not_applicable("clearance", "made-on"));
    given
        .when(
            TECH,
            complete_at("clearance", at("2026-03-02T10:00:00Z"), 0),
        )
        .accepted();
}

#[test]
fn a_step_of_samples_needs_a_sample_and_one_of_freezing_a_unit() {
    let no_sample = |title: &str| {
        Refusal::Processing(ProcessingRefusal::NoSample {
            title: title.to_owned(),
        })
    };
    after_p1()
        .when(TECH, complete("ip-sample@P1", 0))
        .refused(no_sample("P1 In-process sample"));
    // A sample of another step doesn't count.
    harvested()
        .when(TECH, complete("sample", 0))
        .refused(no_sample("Sampling"));
    harvested()
        .does(TECH, take(2, "sample", "0"))
        .when(TECH, complete("sample", 0))
        .accepted();
    let given = sampled().entry(TECH, "freeze", "freezer", text("CRF-1"));
    given
        .when(TECH, complete("freeze", 0))
        .refused(Refusal::Processing(ProcessingRefusal::NoUnit {
            title: "Freezing".to_owned(),
        }));
    given
        .does(TECH, store(1, "38000000", "T1"))
        .when(TECH, complete("freeze", 0))
        .accepted();
}

#[test]
fn a_step_is_left_out_for_a_reason() {
    received()
        .when(TECH, skip("clearance"))
        .gives(BatchEvent::Processing(ProcessingEvent::StepNotApplicable {
            step: step("clearance"),
            reason: "not done".to_owned(),
        }));
    let after = received().does(TECH, skip("clearance"));
    assert_eq!(after.batch().next_step().unwrap().at, step("seed@P0"));
    assert_eq!(
        after.batch().exceptions[0].kind.to_string(),
        "Line clearance marked as not applicable: not done"
    );
    after
        .when(TECH, entry("clearance", "grade", choice("A")))
        .refused(Refusal::Processing(ProcessingRefusal::StepOver {
            title: "Line clearance".to_owned(),
        }));
    let empty = BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
        step: step("clearance"),
        reason: String::new(),
    });
    received()
        .when(TECH, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
}

#[test]
fn a_step_that_the_arithmetic_needs_is_not_left_out() {
    let refused = |record: crate::record::Record, at: &str, title: &str| {
        record
            .when(TECH, skip(at))
            .refused(Refusal::Processing(ProcessingRefusal::WrongStep {
                title: title.to_owned(),
                what: "“not applicable” can be said",
            }));
    };
    refused(registered(), "receipt", "Receipt");
    refused(cleared(), "seed@P0", "P0 Seeding");
    refused(
        cleared().seeded(0, "20000000"),
        "passage@P0",
        "P0 Detachment",
    );
    refused(controlled(), "harvest", "Final harvest");
    harvested().when(TECH, skip("sample")).accepted();
}

#[test]
fn anybody_at_work_comments_on_a_step_or_on_the_batch() {
    let given = after_p0();
    given
        .when(COLLECTOR, comment(Some("look@P1#1"), "x"))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("look@P1#1"),
        }));
    for at in [None, Some("receipt"), Some("seed@P1"), Some("harvest")] {
        given
            .when(QA, comment(at, " seen "))
            .gives(BatchEvent::Processing(ProcessingEvent::CommentAdded {
                step: at.map(step),
                text: "seen".to_owned(),
            }));
    }
    given
        .when(TECH, comment(None, ""))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "text",
            what: "Comment",
        }));
    for closed in [certified(), prepared()] {
        closed.when(QA, comment(None, "seen")).accepted();
    }
}

// A comment begins no step: neither does the work wait for it, nor is the passage at work another one.
#[test]
fn a_comment_on_a_step_that_has_not_begun_changes_nothing_else() {
    let given = after_p0();
    let commented = given
        .clone()
        .does(QA, comment(Some("harvest"), "x"))
        .does(QA, comment(Some("seed@P1"), "x"));
    let order = |record: &crate::record::Record| {
        let batch = record.batch();
        batch
            .plan()
            .iter()
            .map(|one| (one.at.clone(), one.progress))
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&commented), order(&given));
    assert_eq!(commented.batch().passage(), Some(0));
    assert_eq!(
        commented.batch().review_blockers(),
        given.batch().review_blockers()
    );
    // On a repetition that never came, it stays in sight and holds nothing up.
    let seeded = cleared()
        .seeded(0, "20000000")
        .does(QA, comment(Some("look@P0#1"), "look twice"));
    let on = seeded.counted(0, "1000000", "900000");
    assert_eq!(on.batch().next_step().unwrap().at, step("seed@P1"));
    assert!(on.batch().planned(&step("look@P0#1")).is_some());
    on.when(TECH, entry("seed@P1", "area", n("176"))).accepted();
}

#[test]
fn a_recurring_step_that_was_begun_is_finished_before_the_next() {
    let given =
        cleared()
            .seeded(0, "20000000")
            .after(100)
            .entry(TECH, "medium@P0#1", "lot", text("L1"));
    given
        .when(TECH, entry("passage@P0", "total-cells", n("1")))
        .refused(Refusal::Processing(ProcessingRefusal::StepWaits {
            title: "P0 Detachment".to_owned(),
            waiting_for: "P0 Change of medium (1)".to_owned(),
        }));
    // Another recurring step beside it doesn't wait.
    given
        .when(TECH, entry("look@P0#1", "confluence", n("40")))
        .accepted();
    given
        .completed(TECH, "medium@P0#1")
        .when(TECH, entry("passage@P0", "total-cells", n("1")))
        .accepted();
}

#[test]
fn recurring_steps_do_not_wait_for_each_others_times() {
    let given = cleared()
        .seeded(0, "20000000")
        .after(80)
        .entry(TECH, "medium@P0#1", "lot", text("L1"))
        .completed(TECH, "medium@P0#1")
        .after(10);
    let earlier = |at: &str| {
        given.now.plus(chrono::TimeDelta::hours(if at == "look" {
            -40
        } else {
            -20
        }))
    };
    // The observation of the day before is recorded after the change of medium.
    given
        .when(
            TECH,
            crate::record::entry_at("look@P0#1", "confluence", n("40"), earlier("look")),
        )
        .accepted();
    // The second change of medium still comes after the first.
    let refused = given
        .when(
            TECH,
            crate::record::entry_at("medium@P0#2", "lot", text("L2"), earlier("medium")),
        )
        .0;
    assert!(
        matches!(
            refused,
            Err(Refusal::Input(InputRefusal::BeforePrevious { .. }))
        ),
        "{refused:?}"
    );
}
