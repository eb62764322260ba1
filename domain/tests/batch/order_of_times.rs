//! The order of times that recording keeps, a correction keeps too: of a step, its entries, samples and units.

use crate::record::{
    TECH, choice, complete_at, harvested, n, received, sample, sampled, step, store, take, unit,
};
use chrono::TimeDelta;
use domain::{
    batch::{BatchCommand, InputRefusal, Refusal, TimeOf, TimesCommand, TimesRefusal},
    time::Timestamp,
};

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

fn retime(of: TimeOf, at: Timestamp) -> BatchCommand {
    BatchCommand::Times(TimesCommand::CorrectTime {
        of,
        at,
        reason: "clock was ahead".to_owned(),
    })
}

fn end_of(at: &str) -> TimeOf {
    TimeOf::Step { step: step(at) }
}

#[track_caller]
fn is_before(answer: crate::record::Answer, what: &str) {
    assert!(
        matches!(&answer.0, Err(Refusal::Input(InputRefusal::BeforePrevious { before_what, .. })) if before_what == what),
        "{answer:?}"
    );
}

#[track_caller]
fn is_after(answer: crate::record::Answer, what: &str) {
    assert!(
        matches!(&answer.0, Err(Refusal::Times(TimesRefusal::AfterNext { after_what, .. })) if after_what == what),
        "{answer:?}"
    );
}

#[test]
fn a_step_ends_after_its_samples_and_units() {
    let taken = harvested().after(2).does(TECH, take(2, "sample", "0"));
    let early = taken.now.plus(minutes(-30));
    is_before(
        taken.when(TECH, complete_at("sample", early, taken.version())),
        "Sampling",
    );
    let done = taken.completed(TECH, "sample");
    is_before(done.when(TECH, retime(end_of("sample"), early)), "Sampling");
    let stored = sampled()
        .after(2)
        .does(TECH, store(1, "38000000", "T1/R1/B1/1"))
        .entry(
            TECH,
            "freeze",
            "freezer",
            domain::batch::FieldValue::Text("CRF-1".to_owned()),
        );
    // The entry is older than the unit.
    let before = stored.now.plus(minutes(-30));
    let of = TimeOf::Entry {
        step: step("freeze"),
        field: "freezer".to_owned(),
    };
    let stored = stored.does(TECH, retime(of, before));
    is_before(
        stored.when(TECH, complete_at("freeze", before, stored.version())),
        "Freezing",
    );
}

// The step after it may be begun and not ended.
#[test]
fn a_step_ends_before_what_was_done_first_after_it() {
    let given = received()
        .after(2)
        .entry(TECH, "clearance", "grade", choice("A"));
    let begun = given.now;
    let given = given.after(1);
    given
        .when(TECH, retime(end_of("receipt"), begun))
        .accepted();
    is_after(
        given.when(TECH, retime(end_of("receipt"), begun.plus(minutes(1)))),
        "Line clearance",
    );
    let given = harvested();
    let ended = given.now;
    let given = given.after(2).does(TECH, take(2, "sample", "0")).after(1);
    let taken = given.batch().sample(sample(2)).unwrap().taken_at;
    is_after(
        given.when(TECH, retime(end_of("harvest"), taken.plus(minutes(1)))),
        "Sampling",
    );
    is_before(
        given.when(
            TECH,
            retime(
                TimeOf::Sample { sample: sample(2) },
                ended.plus(minutes(-1)),
            ),
        ),
        "Final harvest",
    );
}

#[test]
fn a_unit_was_stored_before_it_was_destroyed() {
    let given = sampled().does(TECH, store(1, "38000000", "T1/R1/B1/1"));
    let stored_at = given.now;
    let given = given
        .after(1)
        .does(TECH, crate::record::destroy_unit(1))
        .after(1);
    let of = || TimeOf::Unit { unit: unit(1) };
    given
        .when(TECH, retime(of(), stored_at.plus(minutes(60))))
        .accepted();
    is_after(
        given.when(TECH, retime(of(), stored_at.plus(minutes(61)))),
        "the destruction of GE-2026-0007-U01",
    );
}

// The assessment of a stop stands outside the order: no other step waits for it.
#[test]
fn a_step_may_end_after_the_assessment_of_a_stop_in_it() {
    let lifted = crate::stops::lifted(
        crate::stops::assessed_hold(crate::stops::cracked(), 1, "go on"),
        1,
    );
    let given = lifted
        .completed(TECH, "hold#1")
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .after(1)
        .completed(TECH, "receipt")
        .after(1);
    let later = given.now.plus(minutes(-30));
    given
        .when(TECH, retime(end_of("receipt"), later))
        .accepted();
}
