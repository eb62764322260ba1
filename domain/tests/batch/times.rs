//! Times that people stated, corrected: the old one stays, windows and lateness are judged again.

use crate::record::{
    TECH, TECH2, YES, choice, cleared, frozen, harvested, n, received, registered, sample, step,
    take, unit,
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, ExceptionKind, ProcessingRefusal, Refusal, TimeOf, TimesCommand,
        TimesEvent, TimesRefusal,
    },
    time::Timestamp,
};

fn entry_time(at: &str, field: &str) -> TimeOf {
    TimeOf::Entry {
        step: step(at),
        field: field.to_owned(),
    }
}

fn retime(of: TimeOf, at: Timestamp) -> BatchCommand {
    BatchCommand::Times(TimesCommand::CorrectTime {
        of,
        at,
        reason: "clock was ahead".to_owned(),
    })
}

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

// A11-9, P11-10e: old, new, why; and the second check falls.
#[test]
fn a_corrected_time_keeps_the_old_one_and_its_reason() {
    let given = received();
    let batch = given.batch();
    let old = batch.steps[&step("receipt")].entries["identity"].performed_at;
    let new = old.plus(-minutes(10));
    given
        .when(TECH, retime(entry_time("receipt", "identity"), new))
        .gives(BatchEvent::Times(TimesEvent::TimeCorrected {
            of: entry_time("receipt", "identity"),
            old,
            new,
            outside: None,
            judged: Vec::new(),
            reason: "clock was ahead".to_owned(),
        }));
    let batch = given
        .does(TECH, retime(entry_time("receipt", "identity"), new))
        .batch();
    let entry = &batch.steps[&step("receipt")].entries["identity"];
    assert_eq!(entry.performed_at, new);
    assert_eq!(entry.verified, None);
    let corrected = |kind: &ExceptionKind| matches!(kind, ExceptionKind::Corrected { field, .. } if field.starts_with("Time of"));
    assert!(
        batch.exceptions.iter().any(|one| corrected(&one.kind)),
        "{:?}",
        batch.exceptions
    );
}

// After a clock that was a year ahead the culture goes on once its times are put right.
#[test]
fn a_time_a_year_ahead_is_corrected_and_the_work_goes_on() {
    let year = TimeDelta::days(365);
    let ahead = registered().after(1 + 365 * 24);
    let ahead = ahead
        .entry(TECH, "receipt", "identity", YES)
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("18.5"));
    let mut given = ahead;
    given.now = given.now.plus(-year);
    let batch = given.batch();
    for field in ["identity", "container", "temperature"] {
        let old = batch.steps[&step("receipt")].entries[field].performed_at;
        given = given.does(TECH, retime(entry_time("receipt", field), old.plus(-year)));
    }
    given = given.verified(TECH2, "receipt", "identity");
    given.completed(TECH, "receipt");
}

#[test]
fn a_time_stays_between_what_came_before_and_after_it() {
    let given = cleared().after(1);
    let batch = given.batch();
    let of = || entry_time("receipt", "identity");
    let receipt = &batch.steps[&step("receipt")];
    let (old, end) = (
        receipt.entries["identity"].performed_at,
        receipt.completed.as_ref().unwrap().performed_at,
    );
    let collected = batch.harvest.collected_at;
    let cases = [
        (collected, true),
        (collected.plus(-minutes(1)), false),
        (end.plus(minutes(1)), false),
        (given.now.plus(minutes(1)), false),
        (old, false),
    ];
    for (new, taken) in cases {
        let answer = given.when(TECH, retime(of(), new));
        assert_eq!(answer.0.is_ok(), taken, "{new}");
    }
    let refused = given.when(TECH, retime(of(), end.plus(TimeDelta::microseconds(1))));
    let is_after =
        |refusal: &Refusal| matches!(refusal, Refusal::Times(TimesRefusal::AfterNext { .. }));
    assert!(refused.0.as_ref().is_err_and(is_after), "{:?}", refused.0);
    let missing = given.when(TECH, retime(entry_time("receipt", "remark"), old));
    assert!(missing.0.is_err_and(|why| matches!(
        why,
        Refusal::Processing(ProcessingRefusal::NotRecorded { .. })
    )));
}

#[test]
fn times_of_samples_and_units_are_corrected_too() {
    let given = harvested()
        .after(2)
        .does(TECH, take(2, "sample", "1000000"));
    let taken = given.batch().sample(sample(2)).unwrap().taken_at;
    let new = taken.plus(-minutes(30));
    let batch = given
        .does(TECH, retime(TimeOf::Sample { sample: sample(2) }, new))
        .batch();
    assert_eq!(batch.sample(sample(2)).unwrap().taken_at, new);
    let given = frozen();
    let stored = given.batch().unit(unit(1)).unwrap().stored_at;
    let refused = given.when(
        TECH,
        retime(
            TimeOf::Unit { unit: unit(1) },
            stored.plus(TimeDelta::days(1)),
        ),
    );
    assert!(refused.0.is_err());
}
