//! A pass counts only after the minimum time of its method, counted in days of the calendar; a failure counts at once.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        Answer, QC, QC2, QP, Record, TECH, at, category, d, day, documents, enter, finished,
        harvested, invalidate, number, review_result, rome, sample, step, toronto,
    },
};
use chrono::{Days, NaiveDate};
use domain::{
    batch::{
        BatchCommand, QualityCommand, QualityRefusal, Refusal, ReleaseCommand, TimeOf,
        TimesCommand, TimesRefusal,
    },
    release::{Awaits, Outcome, ResultValue},
    zone::Zone,
};

pub const STERILITY: &str = "sterility";

fn after_14_days() -> String {
    SPECIFICATION.replace("due_days = 7", "due_days = 14\nminimum_days = 14")
}

/// A sample of the final product taken at this moment, in this zone; sterility needs 14 days.
pub fn sampled_at(zone: Zone, taken_at: &str) -> Record {
    let mut given = harvested();
    given.documents = documents(MASTER_RECORD, &after_14_days());
    given.documents.zone = zone;
    given.now = given.now.max(at(taken_at));
    let take = BatchCommand::Quality(QualityCommand::TakeSample {
        sample: sample(2),
        step: step("sample"),
        taken_at: Some(at(taken_at)),
        viable_cells: d("0"),
    });
    let mut given = given.does(TECH, take);
    given.now = at("2027-06-01T12:00:00Z");
    given
}

pub fn read(given: &Record, result: &str, on: NaiveDate) -> Record {
    let results = given.batch().sample(sample(2)).unwrap().tests.clone();
    let results = results.iter().find(|test| test.criterion == STERILITY);
    let next = results.unwrap().results.len() + 1;
    given
        .clone()
        .does(QC, enter(2, STERILITY, category(result), on))
        .does(QC2, review_result(2, STERILITY, next))
}

pub fn outcome(given: &Record) -> Outcome {
    let verdict = given.batch().verdict();
    verdict.criterion(STERILITY).unwrap().outcome.clone()
}

fn until(text: &str) -> Outcome {
    Outcome::Pending {
        awaits: Awaits::Time { until: day(text) },
    }
}

// RMM-1, domain.md 3
#[test]
fn a_pass_before_the_minimum_time_is_pending_and_a_failure_fails_at_once() {
    // Zone, taken at, the local day of that, the first day on which a pass counts.
    let cases = [
        (rome(), "2026-03-17T09:00:00Z", "2026-03-17", "2026-03-31"),
        // Over the change of the clocks, by a minute before and after midnight.
        (rome(), "2026-03-28T22:59:00Z", "2026-03-28", "2026-04-11"),
        (rome(), "2026-03-28T23:00:00Z", "2026-03-29", "2026-04-12"),
        (rome(), "2026-10-24T21:59:00Z", "2026-10-24", "2026-11-07"),
        (rome(), "2026-10-24T22:00:00Z", "2026-10-25", "2026-11-08"),
        // The ends of months and of the year.
        (rome(), "2026-12-31T22:59:00Z", "2026-12-31", "2027-01-14"),
        (rome(), "2027-02-14T12:00:00Z", "2027-02-14", "2027-02-28"),
        (rome(), "2027-02-15T12:00:00Z", "2027-02-15", "2027-03-01"),
        (
            toronto(),
            "2026-11-01T03:59:00Z",
            "2026-10-31",
            "2026-11-14",
        ),
        (
            toronto(),
            "2026-11-01T04:00:00Z",
            "2026-11-01",
            "2026-11-15",
        ),
    ];
    for (zone, taken_at, sampled_on, first) in cases {
        let given = sampled_at(zone, taken_at);
        let sampled_on = day(sampled_on);
        for days in [0, 1, 7, 13, 14, 15, 60] {
            let on = sampled_on + Days::new(days);
            let passing = outcome(&read(&given, "no growth", on));
            let expected = if days < 14 {
                until(first)
            } else {
                Outcome::Pass
            };
            assert_eq!(passing, expected, "{zone:?} {taken_at}, day {days}");
            assert_eq!(
                outcome(&read(&given, "growth", on)),
                Outcome::Fail,
                "day {days}"
            );
        }
    }
}

#[test]
fn a_test_that_was_read_too_early_is_read_again_and_what_was_read_stays() {
    let given = sampled_at(rome(), "2026-03-17T09:00:00Z");
    let early = read(&given, "no growth", day("2026-03-20"));
    // Not the same day again, nor an earlier one: that would be another result of the same reading.
    for on in ["2026-03-19", "2026-03-20"] {
        let again = early.when(QC, enter(2, STERILITY, category("no growth"), day(on)));
        again.refused(Refusal::Quality(QualityRefusal::ResultStands {
            test: "Sterility".to_owned(),
            sample: "GE-2026-0007-S02".to_owned(),
            value: "no growth".to_owned(),
        }));
    }
    let later = read(&early, "no growth", day("2026-03-30"));
    assert_eq!(outcome(&later), until("2026-03-31"));
    let last = read(&later, "no growth", day("2026-03-31"));
    assert_eq!(outcome(&last), Outcome::Pass);
    let batch = last.batch();
    let test = batch
        .sample(sample(2))
        .unwrap()
        .tests
        .iter()
        .find(|test| test.criterion == STERILITY);
    let days: Vec<_> = test
        .unwrap()
        .results
        .iter()
        .map(|one| one.tested_on)
        .collect();
    assert_eq!(days, ["2026-03-20", "2026-03-30", "2026-03-31"].map(day));
    // What counts can't be read away.
    assert!(matches!(
        last.when(
            QC,
            enter(2, STERILITY, category("no growth"), day("2026-04-02"))
        )
        .0,
        Err(Refusal::Quality(QualityRefusal::ResultStands { .. }))
    ));
    // Growth at a later reading fails, and an earlier pass doesn't save it.
    let growth = read(&early, "growth", day("2026-03-24"));
    assert_eq!(outcome(&growth), Outcome::Fail);
    assert!(matches!(
        growth
            .when(
                QC,
                enter(2, STERILITY, category("no growth"), day("2026-04-02"))
            )
            .0,
        Err(Refusal::Quality(QualityRefusal::ResultStands { .. }))
    ));
    // Readings are no repeats: the growth may still be invalidated once, and the pass before it does not stand again.
    let invalid = growth.does(QC2, invalidate(2, STERILITY, 2));
    assert_eq!(
        outcome(&invalid),
        Outcome::Pending {
            awaits: Awaits::Result {
                due: day("2026-03-31")
            }
        }
    );
}

#[test]
fn a_reading_that_no_second_analyst_reviewed_is_pending_whatever_its_day() {
    let given = sampled_at(rome(), "2026-03-17T09:00:00Z");
    for on in ["2026-03-20", "2026-04-20"] {
        let entered = given
            .clone()
            .does(QC, enter(2, STERILITY, category("no growth"), day(on)));
        let awaits = Awaits::Review;
        assert_eq!(outcome(&entered), Outcome::Pending { awaits }, "{on}");
    }
}

// Seven days of sterility, "tested on" the day of sampling: pending, and nothing that QA or the QP says changes it.
#[test]
fn no_assessment_makes_a_pass_of_what_was_read_too_early() {
    let shipped_like = SPECIFICATION.replace("due_days = 7", "due_days = 7\nminimum_days = 7");
    let given = || {
        let mut given = finished();
        given.documents = documents(MASTER_RECORD, &shipped_like);
        let today = given.today();
        given
            .does(QC, enter(2, "viability", number("93"), today))
            .does(QC2, review_result(2, "viability", 1))
            .does(QC, enter(2, STERILITY, category("no growth"), today))
            .does(QC2, review_result(2, STERILITY, 1))
            .does(
                QC,
                enter(2, "remark", ResultValue::Text("round".to_owned()), today),
            )
            .does(QC2, review_result(2, "remark", 1))
    };
    let certified = |given: &Record| {
        let seen = given.version();
        let Answer(decided) =
            given.signed(QP, BatchCommand::Release(ReleaseCommand::Certify { seen }));
        decided
    };
    let sampled_on = given().today();
    let from = sampled_on + Days::new(7);
    let reviewed = given().reviewed();
    assert_eq!(
        outcome(&reviewed),
        Outcome::Pending {
            awaits: Awaits::Time { until: from }
        }
    );
    // Years later it still says what was read, not how old it is.
    let mut later = reviewed.clone();
    later.now = at("2027-03-16T12:00:00Z");
    for record in [&reviewed, &later] {
        let refused = certified(record).unwrap_err().to_string();
        let words = format!(
            "Sterility (final-product) is pending until {from}, the minimum time of its method"
        );
        assert!(refused.contains(&words), "{refused}");
    }
    let batch = reviewed.batch();
    assert_eq!(
        batch.next().what.as_deref(),
        Some("Result of Sterility"),
        "the board waits for the next reading"
    );
    assert_eq!(batch.next().due, Some(rome().end_of(from)));
    let words = batch.verdict().criterion(STERILITY).unwrap().words();
    assert_eq!(
        words,
        format!(
            "Sterility no growth was read before the minimum time of its method: pending until {from}. Read it again on that \
             day or later and enter that result."
        )
    );
    // Read again on that day it passes, and QA's review is signed on the record as it is then.
    let mut again = given();
    again.now = again.now.plus(chrono::TimeDelta::days(7));
    let again = read(&again, "no growth", from).reviewed();
    assert_eq!(outcome(&again), Outcome::Pass);
    assert!(certified(&again).is_ok());
}

#[test]
fn an_indeterminate_result_keeps_its_meaning_before_the_minimum_time() {
    // Viability as a method of 3 days: a censored result can't decide its limit, early or late.
    let key = "key = \"viability\"\n";
    let text = SPECIFICATION.replace(key, &format!("{key}due_days = 3\nminimum_days = 3\n"));
    let mut given = sampled_at(rome(), "2026-03-17T09:00:00Z");
    given.documents = documents(MASTER_RECORD, &text);
    let bound = |sign, bound: &str| ResultValue::Censored {
        sign,
        bound: d(bound),
    };
    use domain::release::Sign::{Above, Below};
    let cases = [
        (number("93"), "2026-03-19", "pending"),
        (number("93"), "2026-03-20", "pass"),
        (number("69"), "2026-03-17", "fail"),
        (bound(Above, "60"), "2026-03-17", "indeterminate"),
        (bound(Above, "60"), "2026-03-20", "indeterminate"),
        (bound(Above, "95"), "2026-03-19", "pending"),
        (bound(Above, "95"), "2026-03-20", "pass"),
        (bound(Below, "50"), "2026-03-17", "fail"),
    ];
    for (value, on, word) in cases {
        let given = given
            .clone()
            .does(QC, enter(2, "viability", value.clone(), day(on)))
            .does(QC2, review_result(2, "viability", 1));
        let verdict = given.batch().verdict();
        assert_eq!(
            verdict.criterion("viability").unwrap().outcome.word(),
            word,
            "{value} {on}"
        );
    }
}

// A time that was typed wrong takes its days with it, and no test comes to lie before its sample.
#[test]
fn the_days_that_follow_from_a_sample_follow_its_corrected_time() {
    let given = sampled_at(rome(), "2026-03-17T09:00:00Z");
    let correct = |to: &str| {
        BatchCommand::Times(TimesCommand::CorrectTime {
            of: TimeOf::Sample { sample: sample(2) },
            at: at(to),
            reason: "misread".to_owned(),
        })
    };
    let read_in_time = read(&given, "no growth", day("2026-03-31"));
    assert_eq!(outcome(&read_in_time), Outcome::Pass);
    let later = read_in_time
        .clone()
        .does(TECH, correct("2026-03-18T09:00:00Z"));
    // Its review was of a pass: an analyst reviews it again.
    let awaits = Awaits::Review;
    assert_eq!(outcome(&later), Outcome::Pending { awaits });
    let later = later.does(QC2, review_result(2, STERILITY, 1));
    assert_eq!(outcome(&later), until("2026-04-01"));
    let batch = later.batch();
    let tests = &batch.sample(sample(2)).unwrap().tests;
    let sterility = tests.iter().find(|test| test.criterion == STERILITY);
    assert_eq!(sterility.unwrap().due, day("2026-04-01"));
    // The last minute of the day of the test at the site, and the first of the next.
    let last_minute = read_in_time.when(TECH, correct("2026-03-31T21:59:00Z")).0;
    assert!(last_minute.is_ok(), "{last_minute:?}");
    assert!(matches!(
        read_in_time.when(TECH, correct("2026-03-31T22:00:00Z")).0,
        Err(Refusal::Times(TimesRefusal::AfterNext { .. }))
    ));
}
