//! Stops that no new entry raises: by a time that is corrected, and once more after they were lifted.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        Record, TECH, at, choice, correct, day, entry, n, receive, registered_by, step, text,
    },
    stops::{assessed_hold, cracked, last_stop, lifted},
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, BatchState, DeviationEvent, FieldValue, Refusal, Stop, StopEvent,
        StopRefusal, TimeOf, TimesCommand, TimesEvent,
    },
    master_record::LiftedBy,
};

/// Given a medium that was used on the last day of its shelf life, where an expired one is a stop.
fn used() -> Record {
    let documents = MASTER_RECORD.replace(
        r#"label = "Expiry", type = "day", future = true,"#,
        r#"label = "Expiry", type = "day", future = true, required = true, stop = "hold/verdict","#,
    );
    receive(registered_by(&documents, SPECIFICATION))
        .entry(
            TECH,
            "clearance",
            "expiry",
            FieldValue::Day(day("2026-03-02")),
        )
        .after(24 * 10)
}

/// The correction of the time at which it was used.
fn retime(to: &str) -> BatchCommand {
    BatchCommand::Times(TimesCommand::CorrectTime {
        of: TimeOf::Entry {
            step: step("clearance"),
            field: "expiry".to_owned(),
        },
        at: at(to),
        reason: "the day before was typed".to_owned(),
    })
}

fn open(record: &Record) -> Vec<String> {
    record.batch().open_stops().map(Stop::words).collect()
}

fn on_hold(record: &Record) -> bool {
    record.batch().state() == BatchState::Hold
}

// ATMP: a medium that turns out to be expired is found as if it had been entered so.
#[test]
fn a_corrected_time_by_which_a_value_fails_raises_its_stop_in_the_same_act() {
    let given = used();
    assert!(!on_hold(&given));
    let events = given.when(TECH, retime("2026-03-03T09:00:00Z")).0.unwrap();
    let [
        BatchEvent::Times(TimesEvent::TimeCorrected { outside, .. }),
        BatchEvent::Stop(StopEvent::StopRaised {
            entry: of,
            found,
            expected,
            lifted_by,
            deviation,
            ..
        }),
        BatchEvent::Deviation(DeviationEvent::DeviationRaised {
            deviation: raised,
            step: place,
            ..
        }),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    let limit = "≥ 2026-03-03 (day of use)";
    assert_eq!(outside.as_deref(), Some(limit));
    assert_eq!(*of, given.version() + 1);
    assert_eq!((found.as_str(), expected.as_str()), ("2026-03-02", limit));
    let verdict = LiftedBy::Entry {
        step: "hold".to_owned(),
        field: "verdict".to_owned(),
    };
    assert_eq!(*lifted_by, verdict);
    assert_eq!(deviation, raised);
    assert_eq!(*place, Some(step("clearance")));
    let held = given.does(TECH, retime("2026-03-03T09:00:00Z"));
    assert!(on_hold(&held));
    held.when(TECH, entry("clearance", "grade", choice("A")))
        .refused(Refusal::Stop(StopRefusal::OnHold {
            title: "Line clearance".to_owned(),
            held_by: format!("Expiry: 2026-03-02, expected {limit}"),
        }));
}

#[test]
fn a_corrected_time_by_which_a_value_passes_raises_no_stop_and_lifts_none() {
    let given = used();
    given.when(TECH, retime("2026-03-02T20:00:00Z")).accepted();
    let back = given
        .does(TECH, retime("2026-03-03T09:00:00Z"))
        .does(TECH, retime("2026-03-02T20:00:00Z"));
    assert_eq!(open(&back).len(), 1);
    assert!(on_hold(&back));
}

// QA lifted the stop for a medium that had expired a day before; that it was three days is another finding.
#[test]
fn a_value_found_otherwise_by_another_time_raises_its_stop_again_after_it_was_lifted() {
    let held = used().does(TECH, retime("2026-03-03T09:00:00Z"));
    let given = lifted(assessed_hold(held, 1, "go on"), 1);
    assert!(!on_hold(&given));
    // Another hour of the same day is the same finding.
    given.when(TECH, retime("2026-03-03T10:00:00Z")).accepted();
    let again = given.does(TECH, retime("2026-03-05T09:00:00Z"));
    assert!(on_hold(&again));
    assert_eq!(
        open(&again),
        ["Expiry: 2026-03-02, expected ≥ 2026-03-05 (day of use)"]
    );
    let batch = again.batch();
    assert_eq!((batch.stops.len(), batch.deviations.len()), (2, 2));
    assert!(batch.stops[0].lifted.is_some());
    let next = assessed_hold(again.completed(TECH, "hold#1"), 2, "go on");
    assert!(!on_hold(&lifted(next, 2)));
}

#[test]
fn a_correction_that_fails_again_after_the_stop_was_lifted_holds_the_batch_again() {
    let given = lifted(assessed_hold(cracked(), 1, "go on"), 1)
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .completed(TECH, "receipt");
    assert!(!on_hold(&given));
    let first = last_stop(&given);
    let again = given.does(TECH, correct("receipt", "container", choice("open")));
    assert!(on_hold(&again));
    assert_eq!(open(&again), ["Container: open, expected intact"]);
    assert!(again.batch().stop(first).unwrap().lifted.is_some());
    let grade = || entry("clearance", "grade", choice("A"));
    again
        .when(TECH, grade())
        .refused(Refusal::Stop(StopRefusal::OnHold {
            title: "Line clearance".to_owned(),
            held_by: "Container: open, expected intact".to_owned(),
        }));
    let next = assessed_hold(again.completed(TECH, "hold#1"), 2, "go on");
    let lifted = lifted(next, 2);
    assert!(!on_hold(&lifted));
    lifted.when(TECH, grade()).accepted();
}

#[test]
fn the_same_check_that_fails_at_a_later_time_holds_the_batch_again() {
    let documents = MASTER_RECORD.replace(
        r#"field = [{ key = "lot", label = "Lot", type = "text", required = true }]"#,
        r#"field = [{ key = "look", label = "Medium", type = "choice", choices = ["clear", "cloudy"], expected = ["clear"], required = true, stop = "hold/verdict" }]"#,
    );
    let cloudy = |record: Record, nth: u16| {
        let at = format!("medium@P0#{nth}");
        record
            .after(80)
            .entry(TECH, &at, "look", choice("cloudy"))
            .completed(TECH, &at)
    };
    let seeded = receive(registered_by(&documents, SPECIFICATION))
        .entry(TECH, "clearance", "grade", choice("A"))
        .completed(TECH, "clearance")
        .seeded(0, "20000000");
    let held = cloudy(seeded, 1);
    assert!(on_hold(&held));
    let given = lifted(
        assessed_hold(held, 1, "go on")
            .entry(TECH, "hold#1", "grounds", text("protein"))
            .completed(TECH, "hold#1"),
        1,
    );
    assert!(!on_hold(&given));
    let again = cloudy(given, 2);
    assert!(on_hold(&again));
    assert_eq!(open(&again), ["Medium: cloudy, expected clear"]);
    assert_eq!(again.batch().deviations.len(), 2);
}
