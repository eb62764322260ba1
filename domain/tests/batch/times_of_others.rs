//! Times that no step of the laboratory states: of the collection and of an infusion. They are corrected as any other is.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        COLLECTOR, PHARMACIST, Record, TECH, TECH2, at, certified, day, dispatch, dose, entry,
        harvest, infuse, prepare, prepared, receive, received, registered_by, step, user,
    },
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, BatchState, DeviationEvent, DoseState, ExceptionKind, FieldValue,
        InputRefusal, JudgedAgain, ProcessingRefusal, Refusal, StandingRefusal, StopEvent, TimeOf,
        TimesCommand, TimesEvent, TimesRefusal,
    },
    rights::Action,
    time::Timestamp,
};

fn retime(of: TimeOf, at: Timestamp) -> BatchCommand {
    BatchCommand::Times(TimesCommand::CorrectTime {
        of,
        at,
        reason: "clock was ahead".to_owned(),
    })
}

fn collected(at: Timestamp) -> BatchCommand {
    retime(TimeOf::Collection, at)
}

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

fn kinds(record: &Record) -> Vec<String> {
    (record.batch().exceptions.iter())
        .map(|one| one.kind.to_string())
        .collect()
}

// A11-9, P11-10e: the registered time stays readable, with the reason.
#[test]
fn a_corrected_collection_keeps_the_old_time_and_its_reason() {
    let old = harvest().collected_at;
    let new = old.plus(minutes(-30));
    received()
        .when(COLLECTOR, collected(new))
        .gives(BatchEvent::Times(TimesEvent::TimeCorrected {
            of: TimeOf::Collection,
            old,
            new,
            outside: None,
            judged: Vec::new(),
            reason: "clock was ahead".to_owned(),
        }));
    let corrected = received().does(COLLECTOR, collected(new));
    let batch = corrected.batch();
    assert_eq!(batch.harvest.collected_at, new);
    let former: Vec<_> = batch.retimed_of(&TimeOf::Collection).collect();
    assert_eq!(former.len(), 1);
    assert_eq!(
        (former[0].old, former[0].reason.as_str()),
        (old, "clock was ahead")
    );
    // An exception as each correction is, and none of a late record: a harvest is registered when it arrives.
    let words = "Time of the collection was corrected: clock was ahead";
    assert_eq!(kinds(&corrected), [words]);
    assert!(batch.contributors.contains(&user(COLLECTOR)));
}

#[test]
fn the_collection_lies_after_the_consent_and_before_all_work() {
    let given = received().after(1);
    let first = given.batch().steps[&step("receipt")]
        .performed_at()
        .unwrap();
    given.when(TECH, collected(first)).accepted();
    given
        .when(TECH, collected(first.plus(minutes(1))))
        .refused(Refusal::Times(TimesRefusal::AfterNext {
            what: "Time of the collection".to_owned(),
            at: "2026-03-02 11:01 CET".to_owned(),
            after_what: "Receipt".to_owned(),
            after: "2026-03-02 11:00 CET".to_owned(),
        }));
    given
        .when(TECH, collected(at("2026-02-19T12:00:00Z")))
        .refused(Refusal::Input(InputRefusal::BeforePrevious {
            field: "at",
            what: "Time of collection",
            at: "2026-02-19 13:00 CET".to_owned(),
            before_what: "the day of consent".to_owned(),
            before: "2026-02-20".to_owned(),
        }));
    let same = given.when(TECH, collected(harvest().collected_at)).0;
    assert!(
        matches!(
            same,
            Err(Refusal::Input(InputRefusal::NothingChanged { .. }))
        ),
        "{same:?}"
    );
    given
        .when(PHARMACIST, collected(first))
        .refused(Refusal::Standing(StandingRefusal::NotAllowed {
            action: Action::CorrectHarvest,
        }));
    let closed = certified()
        .when(TECH, collected(harvest().collected_at.plus(minutes(-1))))
        .0;
    assert!(
        matches!(
            closed,
            Err(Refusal::Standing(StandingRefusal::RecordClosed { .. }))
        ),
        "{closed:?}"
    );
}

// What is held against the collection is judged by the true one, and stops the batch where that is a stop.
#[test]
fn what_is_held_against_the_collection_is_judged_again() {
    let documents = MASTER_RECORD.replace(
        r#"{ key = "made-on", label = "Made on", type = "day" },"#,
        r#"{ key = "made-on", label = "Made on", type = "day", limit = "<= collected_at + 7 days", site_choice = true, required = true, stop = "hold/verdict" },"#,
    );
    let made_on = FieldValue::Day(day("2026-03-09"));
    let given = receive(registered_by(&documents, SPECIFICATION))
        .after(24 * 20)
        .does(TECH, entry("clearance", "made-on", made_on));
    assert_eq!(given.batch().open_stops().count(), 0);
    let (registered, true_time) = (harvest().collected_at, at("2026-03-01T08:00:00Z"));
    let events = given.when(TECH, collected(true_time)).0.unwrap();
    let [
        BatchEvent::Times(TimesEvent::TimeCorrected { judged, .. }),
        BatchEvent::Stop(StopEvent::StopRaised { .. }),
        BatchEvent::Deviation(DeviationEvent::DeviationRaised { .. }),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    let limit = "≤ 2026-03-08 (7 days after day of collection)";
    assert_eq!(
        *judged,
        [JudgedAgain {
            step: step("clearance"),
            field: "made-on".to_owned(),
            outside: Some(limit.to_owned()),
        }]
    );
    let held = given.does(TECH, collected(true_time));
    assert_eq!(held.batch().state(), BatchState::Hold);
    let words = format!("Made on 2026-03-09 is outside its limit {limit}");
    assert!(kinds(&held).contains(&words), "{:?}", kinds(&held));
    // Put back, it passes; the stop is lifted by its record alone.
    let back = held.does(TECH, collected(registered));
    let batch = back.batch();
    let entry = &batch.steps[&step("clearance")].entries["made-on"];
    assert_eq!(entry.values.last().unwrap().outside, None);
    assert_eq!(batch.open_stops().count(), 1);
}

// Marrow keeps from its collection: a step in time by the registered one may have been late by the true one.
#[test]
fn a_window_that_counts_from_the_collection_is_held_against_the_true_one() {
    let documents = MASTER_RECORD.replacen(
        "instruction = \"Receive.\"",
        "instruction = \"Receive.\"\nwindow = { counts_from = \"collection\", from_hours = 0, to_hours = 4, site_choice = true }",
        1,
    );
    let given = receive(registered_by(&documents, SPECIFICATION));
    let outside = |by: i64| {
        let new = harvest().collected_at.plus(minutes(by));
        let batch = given.clone().does(TECH, collected(new)).batch();
        let window = |kind: &ExceptionKind| matches!(kind, ExceptionKind::OutsideWindow { .. });
        let found = batch.exceptions.iter().filter(|one| window(&one.kind));
        found.map(|one| one.step.clone()).collect::<Vec<_>>()
    };
    assert!(outside(-60).is_empty());
    assert_eq!(outside(-180), [Some(step("receipt"))]);
}

/// Given an infusion of half an hour that ended just now.
fn infused() -> Record {
    let sent = prepared().does(PHARMACIST, dispatch(1)).after(2);
    let (start, end) = (sent.now.plus(minutes(-30)), sent.now);
    sent.does(PHARMACIST, infuse(1, start, end))
}

fn start() -> TimeOf {
    TimeOf::InfusionStart { dose: dose(1) }
}

fn end() -> TimeOf {
    TimeOf::InfusionEnd { dose: dose(1) }
}

// A11-9: it is corrected after the certification, which says nothing of it and stands.
#[test]
fn the_times_of_an_infusion_are_corrected_and_the_certification_stands() {
    let given = infused();
    let (old, new) = (given.now, given.now.plus(minutes(-10)));
    let corrected = given.does(PHARMACIST, retime(end(), new));
    let batch = corrected.batch();
    let DoseState::Infused { ended_at, .. } = batch.dose(dose(1)).unwrap().state else {
        panic!("{:?}", batch.doses);
    };
    assert_eq!(ended_at, new);
    assert_eq!(batch.retimed_of(&end()).next().unwrap().old, old);
    assert!(batch.signatures.iter().all(|one| one.void_since.is_none()));
    assert!(!batch.contributors.contains(&user(PHARMACIST)));
    let words = "End of the infusion of GE-2026-0007-DOSE1 was corrected: clock was ahead";
    assert!(kinds(&corrected).contains(&words.to_owned()));
    // As each exception does, it holds further doses until QA has assessed it.
    corrected
        .when(PHARMACIST, prepare(2, &[3, 4]))
        .0
        .unwrap_err();
    corrected
        .assessed()
        .when(PHARMACIST, prepare(2, &[3, 4]))
        .accepted();
}

#[test]
fn an_infusion_lies_after_the_dispatch_and_begins_before_it_ends() {
    let given = infused();
    let before = |words: &str, answer: crate::record::Answer| {
        let why = answer.0.unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    };
    let long_ago = given.now.plus(minutes(-150));
    before(
        "is before the dispatch",
        given.when(PHARMACIST, retime(start(), long_ago)),
    );
    let after_end = given.clone().after(1);
    let late = after_end.now;
    let answer = after_end.when(PHARMACIST, retime(start(), late)).0;
    assert!(
        matches!(answer, Err(Refusal::Times(TimesRefusal::AfterNext { .. }))),
        "{answer:?}"
    );
    before(
        "is before the start of the infusion",
        given.when(PHARMACIST, retime(end(), given.now.plus(minutes(-45)))),
    );
    before(
        "in the future",
        given.when(PHARMACIST, retime(end(), given.now.plus(minutes(1)))),
    );
    given
        .when(TECH2, retime(end(), given.now.plus(minutes(-5))))
        .refused(Refusal::Standing(StandingRefusal::NotAllowed {
            action: Action::GiveDose,
        }));
    // Nothing was given yet.
    let sent = prepared().does(PHARMACIST, dispatch(1));
    let answer = sent.when(PHARMACIST, retime(start(), sent.now)).0;
    assert!(
        matches!(
            answer,
            Err(Refusal::Processing(ProcessingRefusal::NotRecorded { .. }))
        ),
        "{answer:?}"
    );
}

// ATMP-9: a dose that was given after its expiry, by the true time, is an exception.
#[test]
fn the_true_end_of_an_infusion_is_held_against_the_expiry() {
    let given = infused();
    let batch = given.batch();
    let expires_at = batch.dose_expires_at(batch.dose(dose(1)).unwrap()).unwrap();
    let mut later = given;
    later.now = expires_at.plus(minutes(60));
    let corrected = later.does(PHARMACIST, retime(end(), expires_at.plus(minutes(1))));
    let words = "GE-2026-0007-DOSE1 was infused after its expiry".to_owned();
    assert!(
        kinds(&corrected).contains(&words),
        "{:?}",
        kinds(&corrected)
    );
}
