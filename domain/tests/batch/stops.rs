//! Stops: a failing answer puts the batch on hold, and only the record that the master record names lifts it.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        MANY, NO, PHARMACIST, QA, QA2, QC, QP, Record, TECH, TECH2, YES, assess, category, choice,
        cleared, complete_at, correct, d, din, dispatch, entry, entry_at, frozen, infuse, lift, n,
        not_applicable, number, prepare, prepared, raise, read_identifiers, received, registered,
        registered_by, skip, step, store, take, tested, text, verify,
    },
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, BatchState, Blocker, DeviationCommand, DeviationEvent,
        DeviationRefusal, DocumentRef, DoseCommand, DoseEvent, DoseRefusal, ExceptionKind,
        InputRefusal, ProcessingEvent, ProcessingRefusal, Refusal, ReleaseCommand, ReleaseRefusal,
        StandingRefusal, StopEvent, StopRefusal,
    },
    identifiers::{Din, DonationNumber},
    master_record::LiftedBy,
    release::ResultValue,
    rights::Role,
};

/// Given a cracked container, found at the receipt.
pub fn cracked() -> Record {
    registered()
        .after(1)
        .entry(TECH, "receipt", "identity", YES)
        .verified(TECH2, "receipt", "identity")
        .entry(TECH, "receipt", "container", choice("cracked"))
}

/// The number of the stop that was raised last.
pub fn last_stop(record: &Record) -> u64 {
    record.batch().stops.last().unwrap().number()
}

/// The entry that holds the present value of a field.
pub fn present(record: &Record, at: &str, field: &str) -> u64 {
    let batch = record.batch();
    let entry = &batch.steps[&step(at)].entries[field];
    entry.values.last().unwrap().stamp.version
}

/// Given that what stopped the batch was assessed, and confirmed.
pub fn assessed_hold(record: Record, nth: u16, verdict: &str) -> Record {
    let at = format!("hold#{nth}");
    record
        .entry(TECH, &at, "verdict", choice(verdict))
        .verified(TECH2, &at, "verdict")
}

/// Given that QA lifted the last stop on the nth assessment.
pub fn lifted(record: Record, nth: u16) -> Record {
    let stop = last_stop(&record);
    let evidence = present(&record, &format!("hold#{nth}"), "verdict");
    let seen = record.version();
    record.does(QA, lift(stop, &[evidence], seen))
}

fn kinds(record: &Record) -> Vec<String> {
    let batch = record.batch();
    batch
        .exceptions
        .iter()
        .map(|one| one.kind.to_string())
        .collect()
}

fn other_din() -> DonationNumber {
    Din::parse("A999921123456").unwrap().into()
}

const CRACKED: &str = "Container: cracked, expected intact";

// ATMP: what fails is on hold in the same act, with its deviation.
#[test]
fn a_failing_answer_to_a_stop_raises_the_hold_and_the_deviation_in_the_same_act() {
    let given = registered().after(1);
    let events = given
        .when(TECH, entry("receipt", "container", choice("cracked")))
        .0
        .unwrap();
    let [
        BatchEvent::Processing(ProcessingEvent::EntryRecorded { outside, .. }),
        BatchEvent::Stop(StopEvent::StopRaised {
            entry,
            found,
            expected,
            lifted_by,
            master_record,
            deviation,
            ..
        }),
        BatchEvent::Deviation(DeviationEvent::DeviationRaised {
            deviation: raised,
            number,
            step: at,
            description,
        }),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(outside.as_deref(), Some("intact"));
    assert_eq!(*entry, given.version() + 1);
    assert_eq!((found.as_str(), expected.as_str()), ("cracked", "intact"));
    let verdict = LiftedBy::Entry {
        step: "hold".to_owned(),
        field: "verdict".to_owned(),
    };
    assert_eq!(*lifted_by, verdict);
    let document = DocumentRef {
        key: "SMALL".to_owned(),
        version: 1,
        sha256: "00".repeat(32),
    };
    assert_eq!(*master_record, document);
    assert_eq!(deviation, raised);
    assert_eq!(number, "GE-2026-0007-D1");
    assert_eq!(*at, Some(step("receipt")));
    assert_eq!(
        description,
        "Container: cracked, expected intact. This is a stop of master record SMALL v1: the batch is on hold. What lifts \
         it: “Verdict” in Assessment of a hold, and the signature of QA."
    );
    let batch = cracked().batch();
    assert_eq!(batch.state(), BatchState::Hold);
    assert_eq!(batch.open_stops().count(), 1);
    assert_eq!(batch.open_deviations().count(), 1);
}

// The answer as expected, and a field that is no stop, hold nothing.
#[test]
fn a_passing_answer_and_a_field_that_is_no_stop_hold_nothing() {
    for (field, value, holds) in [
        ("container", choice("intact"), false),
        ("container", choice("cracked"), true),
        ("container", choice("open"), true),
        ("identity", YES, false),
        ("identity", NO, true),
        ("temperature", n("60"), false),
    ] {
        let record = registered()
            .after(1)
            .entry(TECH, "receipt", field, value.clone());
        let stops = record.batch().open_stops().count();
        assert_eq!(stops, usize::from(holds), "{field} {value}");
    }
}

// A number, a day and a moment stop as a choice does: all that can fail can stop.
#[test]
fn any_field_that_can_fail_can_be_a_stop() {
    let documents = MASTER_RECORD
        .replace(
            r#"limit = "> 2 and <= 25", required = true, site_choice = true }"#,
            r#"limit = "> 2 and <= 25", required = true, site_choice = true, stop = "nothing" }"#,
        )
        .replace(
            r#"label = "Expiry", type = "day", future = true,"#,
            r#"label = "Expiry", type = "day", future = true, required = true, stop = "hold/verdict","#,
        );
    let given = registered_by(&documents, SPECIFICATION).after(1);
    for (value, holds) in [
        ("2", true),
        ("2.1", false),
        ("25", false),
        ("25.1", true),
        ("60", true),
        ("-80", true),
    ] {
        let record = given
            .clone()
            .entry(TECH, "receipt", "temperature", n(value));
        assert_eq!(
            record.batch().open_stops().count(),
            usize::from(holds),
            "{value}"
        );
    }
    let received = crate::record::receive(registered_by(&documents, SPECIFICATION));
    for (expires, holds) in [("2026-03-01", true), ("2026-03-02", false)] {
        let day = domain::batch::FieldValue::Day(crate::record::day(expires));
        let record = received.clone().entry(TECH, "clearance", "expiry", day);
        assert_eq!(
            record.batch().open_stops().count(),
            usize::from(holds),
            "{expires}"
        );
    }
}

// All ways to a failing value raise the stop: a correction is one of them.
#[test]
fn a_correction_to_a_failing_value_raises_the_stop_and_one_to_a_passing_value_lifts_none() {
    let failing = cleared().does(TECH, correct("receipt", "container", choice("open")));
    assert_eq!(failing.batch().open_stops().count(), 1);
    assert_eq!(failing.batch().state(), BatchState::Hold);
    // Typed wrongly, and put right: what was raised is lifted by its record alone.
    let corrected = failing.does(TECH, correct("receipt", "container", choice("intact")));
    assert_eq!(corrected.batch().open_stops().count(), 1);
    assert_eq!(corrected.batch().state(), BatchState::Hold);
    // Each failing value is one stop, whether or not another holds already.
    let again = corrected.does(TECH, correct("receipt", "container", choice("cracked")));
    assert_eq!(again.batch().open_stops().count(), 2);
    assert_eq!(again.batch().deviations.len(), 2);
    assert_eq!(again.batch().deviations[1].number, "GE-2026-0007-D2");
    assert_ne!(
        again.batch().deviations[0].id,
        again.batch().deviations[1].id
    );
}

#[test]
fn a_stop_must_be_answered() {
    let refusal = |label: &str| {
        Refusal::Stop(StopRefusal::StopNotApplicable {
            label: label.to_owned(),
        })
    };
    for (field, label) in [("identity", "Identity agrees"), ("container", "Container")] {
        registered()
            .after(1)
            .when(TECH, not_applicable("receipt", field))
            .refused(refusal(label));
    }
    // Nor is a whole step left out that has one.
    let documents = MASTER_RECORD.replace(
        r#"expected = ["A", "B"], required = true }"#,
        r#"expected = ["A", "B"], required = true, stop = "hold/verdict" }"#,
    );
    crate::record::receive(registered_by(&documents, SPECIFICATION))
        .when(TECH, skip("clearance"))
        .refused(refusal("Grade"));
    received().when(TECH, skip("clearance")).accepted();
}

// What is about to be done is refused, and says what holds it.
#[test]
fn a_step_that_does_not_keep_the_cells_alive_is_refused_while_a_stop_holds() {
    let refusal = || {
        Refusal::Stop(StopRefusal::OnHold {
            title: "Line clearance".to_owned(),
            held_by: "Container: open, expected intact".to_owned(),
        })
    };
    let given = received().does(TECH, correct("receipt", "container", choice("open")));
    let raised_at = given.now;
    let given = given.after(1);
    let later = raised_at.plus(TimeDelta::minutes(1));
    for command in [
        entry("clearance", "grade", choice("A")),
        entry_at("clearance", "grade", choice("A"), given.now),
        entry_at("clearance", "grade", choice("A"), later),
        entry_at("clearance", "grade", choice("A"), raised_at),
        not_applicable("clearance", "made-on"),
        skip("clearance"),
    ] {
        given.when(TECH, command).refused(refusal());
    }
}

// What was done before the hold is a fact: it is recorded, and flagged.
#[test]
fn what_was_done_before_the_stop_is_recorded_and_flagged() {
    let given = received();
    let done_at = given.now;
    let stopped = given
        .after(1)
        .does(TECH, correct("receipt", "container", choice("open")))
        .does(TECH, entry_at("clearance", "grade", choice("A"), done_at));
    let words = "Recorded while the batch was on hold: Container: open, expected intact";
    assert!(
        kinds(&stopped).contains(&words.to_owned()),
        "{:?}",
        kinds(&stopped)
    );
    let seen = stopped.version();
    let done = stopped.does(TECH, complete_at("clearance", done_at, seen));
    assert!(done.batch().steps[&step("clearance")].completed.is_some());
}

// Steps that keep the cells alive go on, and each is flagged once: a culture of weeks makes hundreds of entries.
#[test]
fn work_that_keeps_the_cells_alive_is_recorded_and_flagged_up_to_the_freezer() {
    let given = cleared().does(TECH, correct("receipt", "container", choice("cracked")));
    let held = given
        .seeded(0, "20000000")
        .entry(TECH, "medium@P0#1", "lot", text("L1"))
        .completed(TECH, "medium@P0#1")
        .counted(0, "1000000", "900000")
        .seeded(1, "500000")
        .counted(1, "170000000", "160000000")
        .does(TECH, take(1, "ip-sample@P1", "100000"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number("94"))
        .entry(TECH, "harvest", "total-cells-1", n("168000000"))
        .entry(TECH, "harvest", "viable-cells-1", n("160000000"))
        .entry(TECH, "harvest", "total-cells-2", n("166000000"))
        .entry(TECH, "harvest", "viable-cells-2", n("156000000"))
        .completed(TECH, "harvest")
        .does(TECH, take(2, "sample", "1000000"))
        .completed(TECH, "sample")
        .does(TECH, store(1, "76000000", "T1/R1/B1/1"))
        .entry(TECH, "freeze", "freezer", text("CRF-1"))
        .completed(TECH, "freeze");
    let batch = held.batch();
    assert_eq!(batch.units.len(), 1);
    assert_eq!(batch.state(), BatchState::Hold);
    let flagged: Vec<_> = batch
        .exceptions
        .iter()
        .filter(|one| matches!(one.kind, ExceptionKind::OnHold { .. }))
        .map(|one| one.step.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        flagged,
        [
            "seed@P0",
            "medium@P0#1",
            "passage@P0",
            "seed@P1",
            "passage@P1",
            "ip-sample@P1",
            "harvest",
            "sample",
            "freeze"
        ]
    );
    // The closing of the record waits.
    held.when(TECH, entry("closing", "problems", text("none")))
        .refused(Refusal::Stop(StopRefusal::OnHold {
            title: "Closing".to_owned(),
            held_by: CRACKED.to_owned(),
        }));
}

// Every command, and what an open stop does to it.
#[test]
fn a_stop_refuses_review_certification_preparation_and_dispatch() {
    let blocker = |record: &Record| Blocker::OnHold {
        stop: last_stop(record),
        what: CRACKED.to_owned(),
        lifted_by: "“Verdict” in Assessment of a hold, and the signature of QA".to_owned(),
    };
    let stopped =
        |record: Record| record.does(TECH, correct("receipt", "container", choice("cracked")));
    let blocks = |answer: crate::record::Answer, record: &Record| {
        let refusal = answer.0.unwrap_err();
        let blockers = match &refusal {
            Refusal::Release(ReleaseRefusal::Blocked { blockers })
            | Refusal::Release(ReleaseRefusal::HeldBack { blockers }) => blockers.clone(),
            other => panic!("{other}"),
        };
        assert!(blockers.contains(&blocker(record)), "{refusal}");
    };
    let reviewed = stopped(tested());
    let seen = reviewed.version();
    blocks(
        reviewed.signed(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        ),
        &reviewed,
    );
    blocks(
        reviewed.signed(QP, BatchCommand::Release(ReleaseCommand::Certify { seen })),
        &reviewed,
    );
    // After a withdrawal the record is open again: a dose lies there, prepared.
    let withdrawn = stopped(prepared().withdrawn());
    withdrawn
        .when(PHARMACIST, prepare(2, &[3, 4]))
        .says("Batch GE-2026-0007 is not certified. No dose leaves without the signature of a Qualified Person that stands.");
    withdrawn
        .when(PHARMACIST, dispatch(1))
        .says("Batch GE-2026-0007 is not certified. No dose leaves without the signature of a Qualified Person that stands.");
    // What is on hold can be ended.
    withdrawn
        .signed(
            QP,
            BatchCommand::Release(ReleaseCommand::Reject {
                reasons: "container cracked".to_owned(),
                seen: withdrawn.version(),
            }),
        )
        .accepted();
}

// What was given is a fact, but nobody records by habit what must not happen.
#[test]
fn an_infusion_on_hold_is_refused_until_the_person_says_that_it_was_given() {
    let sent = prepared().does(PHARMACIST, dispatch(1));
    let given_at = sent.now.plus(TimeDelta::minutes(30));
    let stopped = sent
        .withdrawn()
        .does(TECH, correct("receipt", "container", choice("cracked")))
        .after(1);
    let given = |record: &Record, said: bool| {
        let command = BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose: crate::record::dose(1),
            started_at: given_at,
            ended_at: given_at,
            volume_ml: d("100"),
            given_on_hold: said,
        });
        record.when(PHARMACIST, command).0
    };
    assert_eq!(
        given(&stopped, false).unwrap_err(),
        Refusal::Dose(DoseRefusal::InfusionOnHold {
            held_by: CRACKED.to_owned()
        })
    );
    let events = given(&stopped, true).unwrap();
    let [
        BatchEvent::Dose(DoseEvent::DoseInfused { on_hold, .. }),
        BatchEvent::Deviation(DeviationEvent::DeviationRaised { description, .. }),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(on_hold.as_deref(), Some(CRACKED));
    let words = "GE-2026-0007-DOSE1 was given while the batch was on hold: Container: cracked, expected intact";
    assert_eq!(*description, format!("{words}."));
    let recorded = events
        .into_iter()
        .fold(stopped, |record, event| record.event(PHARMACIST, event));
    assert!(kinds(&recorded).contains(&words.to_owned()));
    // A withdrawn certification and an open deviation hold a dose that is on its way, too.
    let withdrawn = prepared()
        .does(PHARMACIST, dispatch(1))
        .withdrawn()
        .after(1);
    let held_by = "the batch is not certified any more".to_owned();
    assert_eq!(
        given(&withdrawn, false).unwrap_err(),
        Refusal::Dose(DoseRefusal::InfusionOnHold { held_by })
    );
    let deviating = prepared()
        .does(PHARMACIST, dispatch(1))
        .does(TECH, raise(1, None))
        .after(1);
    let held_by = "deviation GE-2026-0007-D1 is open".to_owned();
    assert_eq!(
        given(&deviating, false).unwrap_err(),
        Refusal::Dose(DoseRefusal::InfusionOnHold { held_by })
    );
    // Of a dose that never left, nobody is asked whether it was given all the same.
    let at_site = prepared().does(TECH, raise(1, None)).after(1);
    for said in [false, true] {
        assert_eq!(
            given(&at_site, said).unwrap_err(),
            Refusal::Dose(DoseRefusal::DoseState {
                dose: "GE-2026-0007-DOSE1".to_owned(),
                state: "prepared and still at the site",
                wanted: "dispatched",
            })
        );
    }
    // Nothing holds it: an infusion is recorded as ever.
    let sent = prepared().does(PHARMACIST, dispatch(1)).after(1);
    let now = sent.now;
    sent.when(PHARMACIST, infuse(1, now, now)).accepted();
}

#[test]
fn qa_lifts_a_stop_on_the_entry_that_the_master_record_names() {
    let given = assessed_hold(cracked(), 1, "go on");
    let (stop, evidence) = (last_stop(&given), present(&given, "hold#1", "verdict"));
    let seen = given.version();
    let lifts = || lift(stop, &[evidence], seen);
    given
        .when(QA, lifts())
        .refused(Refusal::Standing(StandingRefusal::NotAuthenticated));
    given
        .signed(TECH, lifts())
        .refused(Refusal::Standing(StandingRefusal::NotAllowed {
            action: domain::rights::Action::LiftStop,
        }));
    given
        .signed(QA, lift(stop, &[evidence], seen - 1))
        .refused(Refusal::Standing(StandingRefusal::Stale {
            seen: seen - 1,
            version: seen,
        }));
    let BatchEvent::Stop(StopEvent::StopLifted {
        evidence: rests_on,
        signature,
        signed,
        ..
    }) = given.signed(QA, lifts()).accepted()
    else {
        panic!();
    };
    assert_eq!(rests_on, [evidence]);
    assert_eq!((signature.role, signed.version), (Role::QaReviewer, seen));
    let lifted = lifted(given, 1);
    let batch = lifted.batch();
    assert_eq!(batch.open_stops().count(), 0);
    // The deviation is still to be closed, so the batch is not released by this.
    assert_eq!(batch.open_deviations().count(), 1);
    lifted
        .signed(QA, lift(stop, &[evidence], lifted.version()))
        .refused(Refusal::Stop(StopRefusal::StopLifted {
            label: "Container".to_owned(),
            name: "QA reviewer 1".to_owned(),
        }));
    // The work goes on where it was.
    lifted
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .completed(TECH, "receipt")
        .entry(TECH, "clearance", "grade", choice("A"));
}

// Each of these is no entry that lifts the stop.
#[test]
fn no_other_entry_lifts_a_stop() {
    let otherwise = || {
        Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: "Container".to_owned(),
            needed: "“Verdict” in Assessment of a hold, and the signature of QA".to_owned(),
        })
    };
    let given = assessed_hold(cracked(), 1, "go on").entry(TECH, "hold#1", "grounds", text("dry"));
    let stop = last_stop(&given);
    let evidence = present(&given, "hold#1", "verdict");
    let seen = given.version();
    for wrong in [
        vec![],
        vec![evidence, evidence],
        vec![present(&given, "hold#1", "grounds")],
        vec![present(&given, "receipt", "identity")],
        vec![stop],
        vec![0],
        vec![u64::MAX],
    ] {
        given
            .signed(QA, lift(stop, &wrong, seen))
            .refused(otherwise());
    }
    given
        .signed(QA, lift(stop + 1, &[evidence], seen))
        .refused(Refusal::Stop(StopRefusal::UnknownStop {
            batch: "GE-2026-0007".to_owned(),
        }));
    // An assessment made before the stop says nothing of it.
    let again = lifted(given, 1).does(TECH, correct("receipt", "container", choice("open")));
    let evidence = present(&again, "hold#1", "verdict");
    again
        .signed(QA, lift(last_stop(&again), &[evidence], again.version()))
        .refused(otherwise());
    // Nor does correcting it make it one.
    let corrected = again
        .clone()
        .does(TECH, correct("hold#1", "verdict", choice("reject")))
        .does(TECH, correct("hold#1", "verdict", choice("go on")))
        .verified(TECH2, "hold#1", "verdict");
    let evidence = present(&corrected, "hold#1", "verdict");
    corrected
        .signed(
            QA,
            lift(last_stop(&corrected), &[evidence], corrected.version()),
        )
        .refused(otherwise());
    let next = assessed_hold(again.completed(TECH, "hold#1"), 2, "go on");
    assert_eq!(lifted(next, 2).batch().open_stops().count(), 0);
}

#[test]
fn an_assessment_that_fails_or_is_not_confirmed_lifts_nothing() {
    let failing = assessed_hold(cracked(), 1, "reject");
    let lifts = |record: &Record| {
        let evidence = present(record, "hold#1", "verdict");
        record.signed(QA, lift(last_stop(record), &[evidence], record.version()))
    };
    lifts(&failing).refused(Refusal::Stop(StopRefusal::LiftingEntryFails {
        label: "Verdict".to_owned(),
        value: "reject".to_owned(),
        expected: "go on".to_owned(),
    }));
    let alone = cracked().entry(TECH, "hold#1", "verdict", choice("go on"));
    lifts(&alone).refused(Refusal::Stop(StopRefusal::LiftingEntryNotVerified {
        label: "Verdict".to_owned(),
    }));
}

#[test]
fn qa_lifts_no_stop_on_their_own_entry() {
    let own = |name: &str| {
        Refusal::Stop(StopRefusal::OwnStop {
            name: name.to_owned(),
        })
    };
    let lifts = |record: &Record, person| {
        let evidence = present(record, "hold#1", "verdict");
        record.signed(
            person,
            lift(last_stop(record), &[evidence], record.version()),
        )
    };
    // They assessed it, confirmed it, corrected it, or found what stopped the batch.
    let assessed = cracked()
        .entry(MANY, "hold#1", "verdict", choice("go on"))
        .verified(TECH2, "hold#1", "verdict");
    lifts(&assessed, MANY).refused(own("Many Roles"));
    let confirmed = cracked()
        .entry(TECH, "hold#1", "verdict", choice("go on"))
        .verified(QA2, "hold#1", "verdict");
    lifts(&confirmed, QA2).refused(own("QA reviewer 2"));
    lifts(&confirmed, QA).accepted();
    let corrected = assessed_hold(cracked(), 1, "reject")
        .does(MANY, correct("hold#1", "verdict", choice("go on")))
        .does(TECH, correct("hold#1", "verdict", choice("reject")))
        .does(TECH, correct("hold#1", "verdict", choice("go on")))
        .verified(TECH2, "hold#1", "verdict");
    lifts(&corrected, MANY).refused(own("Many Roles"));
    let found = registered()
        .after(1)
        .entry(MANY, "receipt", "container", choice("cracked"));
    lifts(&assessed_hold(found, 1, "go on"), MANY).refused(own("Many Roles"));
}

// What was lifted on an entry is raised again where that entry turns out to fail.
#[test]
fn a_correction_of_the_lifting_entry_to_a_failing_value_raises_the_stop_again() {
    let given = lifted(assessed_hold(cracked(), 1, "go on"), 1);
    let again = given.does(TECH, correct("hold#1", "verdict", choice("reject")));
    let batch = again.batch();
    let open: Vec<_> = batch.open_stops().map(domain::batch::Stop::words).collect();
    assert_eq!(open, ["Container: Verdict reject, expected go on"]);
    assert_eq!(batch.deviations.len(), 2);
}

#[test]
fn nothing_lifts_a_stop_that_the_master_record_says_none_does() {
    let documents = MASTER_RECORD.replace(r#"stop = "identifiers" }"#, r#"stop = "nothing" }"#);
    let given = registered_by(&documents, SPECIFICATION)
        .after(1)
        .entry(TECH, "receipt", "identity", NO);
    let (stop, seen) = (last_stop(&given), given.version());
    for evidence in [vec![], vec![seen], vec![seen, seen - 1]] {
        given
            .signed(QA, lift(stop, &evidence, seen))
            .says("The stop “Identity agrees” is not lifted by this. What lifts it, after the stop was raised: nothing: the batch is rejected.");
    }
    given
        .when(TECH, read_identifiers(stop, "GE-01", din()))
        .refused(Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: "Identity agrees".to_owned(),
            needed: "nothing: the batch is rejected".to_owned(),
        }));
}

/// Given that identity was answered “no”.
fn mixed_up() -> Record {
    registered().after(1).entry(TECH, "receipt", "identity", NO)
}

// An identity stop is lifted by two people who read both identifiers again, and a third who signs.
#[test]
fn an_identity_stop_is_lifted_by_two_readings_of_two_people_and_the_signature_of_a_third() {
    let stop = last_stop(&mixed_up());
    let reads = |record: Record, person, subject: &str, din: DonationNumber| {
        record.does(person, read_identifiers(stop, subject, din))
    };
    let right = |record, person| reads(record, person, "GE-01", din());
    let lifts = |record: &Record, person, evidence: &[u64]| {
        record.signed(person, lift(stop, evidence, record.version()))
    };
    let otherwise = || {
        Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: "Identity agrees".to_owned(),
            needed: "both identifiers, read again by two people, and the signature of QA"
                .to_owned(),
        })
    };
    let one = right(mixed_up(), TECH);
    let first = one.version();
    lifts(&one, QA, &[first]).refused(otherwise());
    lifts(&one, QA, &[first, first]).refused(otherwise());
    // Twice by the same person is once.
    let twice = right(one.clone(), TECH);
    lifts(&twice, QA, &[first, twice.version()]).refused(otherwise());
    let two = right(one.clone(), QC);
    let second = two.version();
    lifts(&two, QA, &[first, second]).accepted();
    lifts(&two, QA, &[second, first]).accepted();
    // Neither of the two signs.
    let with_qa = right(one.clone(), QA2);
    lifts(&with_qa, QA2, &[first, with_qa.version()]).refused(Refusal::Stop(
        StopRefusal::OwnStop {
            name: "QA reviewer 2".to_owned(),
        },
    ));
    lifts(&with_qa, QA, &[first, with_qa.version()]).accepted();
    // What does not agree is kept, and what was read before it counts no more.
    for (subject, din) in [("GE-02", din()), ("GE-01", other_din())] {
        let wrong = reads(two.clone(), TECH2, subject, din);
        let batch = wrong.batch();
        let readings = &batch.stop(stop).unwrap().readings;
        let agree: Vec<_> = readings.iter().map(|one| one.agree).collect();
        assert_eq!(agree, [true, true, false]);
        lifts(&wrong, QA, &[first, second]).refused(otherwise());
        lifts(&wrong, QA, &[second, wrong.version()]).refused(otherwise());
        let third = right(wrong, TECH);
        let again = right(third.clone(), TECH2);
        lifts(&again, QA, &[second, again.version()]).refused(otherwise());
        lifts(&again, QA, &[third.version(), again.version()]).accepted();
    }
    // No other entry lifts it, and it is read for such a stop alone.
    let assessed = cracked();
    assessed
        .when(TECH, read_identifiers(last_stop(&assessed), "GE-01", din()))
        .refused(Refusal::Stop(StopRefusal::StopLiftedOtherwise {
            label: "Container".to_owned(),
            needed: "“Verdict” in Assessment of a hold, and the signature of QA".to_owned(),
        }));
    let empty = mixed_up().when(TECH, read_identifiers(stop, " ", din()));
    empty.refused(Refusal::Input(InputRefusal::Empty {
        field: "subject",
        what: "Subject code",
    }));
}

// Who reads identifiers made a part of the record: they neither review nor certify it.
#[test]
fn who_read_the_identifiers_again_does_not_review_the_record() {
    let stop = last_stop(&mixed_up());
    let read = mixed_up().does(QA2, read_identifiers(stop, "GE-01", din()));
    assert!(
        read.batch()
            .contributors
            .contains(&crate::record::user(QA2))
    );
}

// Neither a sentence nor a closed deviation lifts a stop.
#[test]
fn the_deviation_of_a_stop_is_not_closed_while_it_holds() {
    let given = cracked();
    let deviation = given.batch().deviations[0].id;
    let ready = given
        .does(
            QA,
            BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                deviation,
                class: domain::batch::DeviationClass::Major,
            }),
        )
        .does(
            QA,
            BatchCommand::Deviation(DeviationCommand::AssessDeviation {
                deviation,
                root_cause: "dropped".to_owned(),
                impact: "none".to_owned(),
            }),
        );
    let close = |record: &Record| {
        let seen = record.version();
        record.signed(
            QA,
            BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen }),
        )
    };
    close(&ready).refused(Refusal::Deviation(DeviationRefusal::DeviationIncomplete {
        number: "GE-2026-0007-D1".to_owned(),
        missing: "its stop still holds the batch",
    }));
    close(&lifted(assessed_hold(ready.clone(), 1, "go on"), 1)).accepted();
    // A batch that is rejected is lifted from nothing; its deviation is closed all the same.
    let seen = ready.version();
    let reasons = "container cracked".to_owned();
    close(&ready.does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject { reasons, seen }),
    ))
    .accepted();
}

// The assessment stands outside the order: it is open while a stop is, whatever waits.
#[test]
fn the_assessment_is_open_while_a_stop_is() {
    registered()
        .when(TECH, entry("hold#1", "verdict", choice("go on")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("hold#1"),
        }));
    // An identity stop is not lifted by it.
    mixed_up()
        .when(TECH, entry("hold#1", "verdict", choice("go on")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("hold#1"),
        }));
    let given = cracked();
    given
        .when(TECH, entry("hold#1", "verdict", choice("go on")))
        .accepted();
    given
        .when(TECH, entry("hold#2", "verdict", choice("go on")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("hold#2"),
        }));
    // It was made after the stop was raised.
    let before = given.now.plus(TimeDelta::minutes(-5));
    let refused = given
        .when(TECH, entry_at("hold#1", "verdict", choice("go on"), before))
        .0
        .unwrap_err();
    assert!(
        matches!(&refused, Refusal::Input(InputRefusal::BeforePrevious { before_what, .. }) if before_what == "the stop “Container”"),
        "{refused}"
    );
    // Begun and left, it is finished; finished, the next one is open as long as the stop is.
    let begun = lifted(assessed_hold(given, 1, "go on"), 1);
    begun
        .when(TECH, entry("hold#1", "grounds", text("dry")))
        .accepted();
    let over = begun.completed(TECH, "hold#1");
    over.when(TECH, entry("hold#2", "verdict", choice("go on")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("hold#2"),
        }));
}

// A stop that was raised in culture ends no culture by its assessment.
#[test]
fn an_assessment_during_the_culture_leaves_the_culture_as_it_is() {
    let given = cleared()
        .seeded(0, "20000000")
        .does(TECH, correct("receipt", "container", choice("open")));
    let next = |record: &Record| record.batch().next_step().unwrap().at;
    let before = next(&given);
    let after = lifted(
        assessed_hold(given, 1, "go on").completed(TECH, "hold#1"),
        1,
    );
    assert_eq!(next(&after), before);
    assert!(after.batch().in_culture_since().is_some());
}

// The whole way: stopped at the receipt, assessed, lifted, closed, reviewed, certified, given.
#[test]
fn a_batch_whose_stop_was_lifted_comes_to_its_dose() {
    let given = lifted(
        assessed_hold(cracked(), 1, "go on").completed(TECH, "hold#1"),
        1,
    );
    let deviation = given.batch().deviations[0].id;
    let given = given
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .completed(TECH, "receipt")
        .entry(TECH, "clearance", "grade", choice("A"))
        .completed(TECH, "clearance")
        .seeded(0, "20000000")
        .counted(0, "1000000", "900000")
        .seeded(1, "500000")
        .counted(1, "170000000", "160000000")
        .does(TECH, take(1, "ip-sample@P1", "100000"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number("94"))
        .entry(TECH, "harvest", "total-cells-1", n("168000000"))
        .entry(TECH, "harvest", "viable-cells-1", n("160000000"))
        .entry(TECH, "harvest", "total-cells-2", n("166000000"))
        .entry(TECH, "harvest", "viable-cells-2", n("156000000"))
        .completed(TECH, "harvest")
        .does(TECH, take(2, "sample", "1000000"))
        .completed(TECH, "sample")
        .does(TECH, store(1, "76000000", "T1/R1/B1/1"))
        .entry(TECH, "freeze", "freezer", text("CRF-1"))
        .completed(TECH, "freeze")
        .entry(TECH, "closing", "problems", text("see the deviation"))
        .completed(TECH, "closing")
        .after(24 * 7)
        .result(2, "viability", number("93"))
        .result(2, "sterility", category("no growth"))
        .result(2, "remark", ResultValue::Text("spindle-shaped".to_owned()));
    let given = given
        .does(
            QA2,
            BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                deviation,
                class: domain::batch::DeviationClass::Minor,
            }),
        )
        .does(
            QA2,
            BatchCommand::Deviation(DeviationCommand::AssessDeviation {
                deviation,
                root_cause: "dropped".to_owned(),
                impact: "none, the bag was whole".to_owned(),
            }),
        );
    let seen = given.version();
    let certified = given
        .does(
            QA2,
            BatchCommand::Deviation(DeviationCommand::CloseDeviation { deviation, seen }),
        )
        .assessed()
        .reviewed()
        .certified();
    let sent = certified
        .does(PHARMACIST, prepare(1, &[1]))
        .does(PHARMACIST, dispatch(1));
    let now = sent.now;
    sent.when(PHARMACIST, infuse(1, now, now)).accepted();
}

// A deviation that somebody gave the id of the next stop's does not keep that stop from being raised.
#[test]
fn the_deviation_of_a_stop_has_an_id_of_its_own() {
    let given = registered().after(1);
    let stopped = given
        .clone()
        .entry(TECH, "receipt", "container", choice("open"));
    let taken = stopped.batch().deviations[0].id;
    let description = "spilled".to_owned();
    // The next entry is the one after this deviation.
    let (deviation, at) = (taken, None);
    let squatted = given.does(
        TECH2,
        BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
            deviation,
            step: at,
            description,
        }),
    );
    let stopped = squatted.entry(TECH, "receipt", "container", choice("open"));
    let ids: Vec<_> = stopped
        .batch()
        .deviations
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_second_person_may_confirm_a_failing_answer() {
    let given = mixed_up();
    given
        .when(TECH2, verify("receipt", "identity", NO))
        .accepted();
    let exception = given.batch().exceptions[0].stamp.version;
    given.when(QA, assess(exception)).accepted();
    let frozen = frozen().does(TECH, correct("receipt", "identity", NO));
    assert_eq!(frozen.batch().state(), BatchState::Hold);
}
