//! Days that people type are held against the days that the clocks of the site showed.

use crate::record::{
    COLLECTOR, QC, TECH, at, category, context, d, day, enter, harvest, harvested, lookups,
    lord_howe, rome, sampled, step, tehran, toronto, unit,
};
use chrono::NaiveDate;
use domain::{
    batch::{
        BatchCommand, BatchEvent, Context, Harvest, HarvestEvent, InputRefusal, InventoryCommand,
        QualityCommand, Refusal, register,
    },
    time::Timestamp,
    zone::Zone,
};

fn collected(zone: Zone, now: &str, change: impl FnOnce(&mut Harvest)) -> Result<String, Refusal> {
    let mut harvest = harvest();
    change(&mut harvest);
    let context = Context {
        zone,
        ..context(COLLECTOR, at(now))
    };
    match register(harvest, lookups(), &context)? {
        (_, BatchEvent::Harvest(HarvestEvent::HarvestRegistered(registered))) => {
            Ok(registered.time_zone.clone())
        }
        (_, event) => panic!("{event:?}"),
    }
}

// DI-6. Each moment has the day of its own offset, whatever the offset is today.
#[test]
fn the_day_of_consent_is_held_against_the_local_day_of_the_collection() {
    // Zone, collected at, registered at, the last day of consent that is taken.
    let cases = [
        // Collected at 23:30 CET, registered after the clocks went forward: still the 28th.
        (
            rome(),
            "2026-03-28T22:30:00Z",
            "2026-03-29T10:00:00Z",
            "2026-03-28",
        ),
        (
            rome(),
            "2026-03-28T23:00:00Z",
            "2026-03-29T10:00:00Z",
            "2026-03-29",
        ),
        // Collected at 23:30 CEST, registered after the clocks went back: with today's offset it was the 24th, 22:30.
        (
            rome(),
            "2026-10-24T21:30:00Z",
            "2026-10-25T10:00:00Z",
            "2026-10-24",
        ),
        // At 00:30 CEST of the 25th: with today's offset it was the 24th.
        (
            rome(),
            "2026-10-24T22:30:00Z",
            "2026-10-25T10:00:00Z",
            "2026-10-25",
        ),
        (
            toronto(),
            "2026-03-08T04:30:00Z",
            "2026-03-08T16:00:00Z",
            "2026-03-07",
        ),
        (
            toronto(),
            "2026-03-08T05:00:00Z",
            "2026-03-08T16:00:00Z",
            "2026-03-08",
        ),
        (
            toronto(),
            "2026-11-01T03:30:00Z",
            "2026-11-01T16:00:00Z",
            "2026-10-31",
        ),
        (
            toronto(),
            "2026-11-01T04:30:00Z",
            "2026-11-01T16:00:00Z",
            "2026-11-01",
        ),
        (
            tehran(),
            "2026-07-01T20:29:00Z",
            "2026-07-02T10:00:00Z",
            "2026-07-01",
        ),
        (
            tehran(),
            "2026-07-01T20:30:00Z",
            "2026-07-02T10:00:00Z",
            "2026-07-02",
        ),
        (
            lord_howe(),
            "2026-04-04T12:59:00Z",
            "2026-04-05T10:00:00Z",
            "2026-04-04",
        ),
        (
            lord_howe(),
            "2026-04-04T13:00:00Z",
            "2026-04-05T10:00:00Z",
            "2026-04-05",
        ),
        (
            Zone::utc(),
            "2026-12-31T23:59:00Z",
            "2027-01-01T00:10:00Z",
            "2026-12-31",
        ),
    ];
    for (zone, collected_at, now, last) in cases {
        let consented = |on: NaiveDate| {
            collected(zone, now, |harvest| {
                harvest.collected_at = at(collected_at);
                harvest.consented_on = on;
            })
        };
        let last = day(last);
        assert_eq!(
            consented(last),
            Ok(zone.name().to_owned()),
            "{zone:?} {collected_at}"
        );
        let next = last.succ_opt().unwrap();
        let refused = consented(next).unwrap_err();
        assert!(
            matches!(
                refused,
                Refusal::Input(InputRefusal::BeforePrevious {
                    field: "consented_on",
                    ..
                }) | Refusal::Input(InputRefusal::InFuture {
                    field: "consented_on",
                    ..
                })
            ),
            "{zone:?} {collected_at}: {refused}"
        );
    }
}

#[test]
fn the_day_of_weighing_is_not_after_the_local_day() {
    let cases = [
        (rome(), "2026-10-25T22:30:00Z", "2026-10-25"),
        (rome(), "2026-10-25T23:00:00Z", "2026-10-26"),
        (toronto(), "2026-07-02T03:59:00Z", "2026-07-01"),
        (toronto(), "2026-07-02T04:00:00Z", "2026-07-02"),
        (lord_howe(), "2026-07-01T13:29:00Z", "2026-07-01"),
        (lord_howe(), "2026-07-01T13:30:00Z", "2026-07-02"),
    ];
    for (zone, now, last) in cases {
        let weighed = |on: NaiveDate| collected(zone, now, |harvest| harvest.weighed_on = on);
        assert!(weighed(day(last)).is_ok(), "{zone:?} {now}");
        let next = day(last).succ_opt().unwrap();
        assert!(
            matches!(
                weighed(next),
                Err(Refusal::Input(InputRefusal::InFuture { .. }))
            ),
            "{zone:?} {now}"
        );
    }
}

// The fault of version 0.1.0: after the clocks changed a true day of the test was refused, and only a false one taken.
#[test]
fn the_day_of_a_test_is_held_against_the_local_day_of_its_sample() {
    // Zone, sampled at, entered at, the first day that is taken.
    let cases = [
        (
            rome(),
            "2026-10-24T22:30:00Z",
            "2026-11-02T10:00:00Z",
            "2026-10-25",
        ),
        (
            rome(),
            "2026-10-24T21:30:00Z",
            "2026-11-02T10:00:00Z",
            "2026-10-24",
        ),
        (
            rome(),
            "2026-03-28T22:30:00Z",
            "2026-04-06T10:00:00Z",
            "2026-03-28",
        ),
        (
            rome(),
            "2026-03-28T23:30:00Z",
            "2026-04-06T10:00:00Z",
            "2026-03-29",
        ),
        (
            toronto(),
            "2026-11-01T04:30:00Z",
            "2026-11-09T10:00:00Z",
            "2026-11-01",
        ),
        (
            toronto(),
            "2026-11-01T03:30:00Z",
            "2026-11-09T10:00:00Z",
            "2026-10-31",
        ),
        (
            tehran(),
            "2026-03-21T20:29:00Z",
            "2026-04-09T10:00:00Z",
            "2026-03-21",
        ),
        (
            lord_howe(),
            "2026-04-04T13:00:00Z",
            "2026-04-09T10:00:00Z",
            "2026-04-05",
        ),
        (
            Zone::utc(),
            "2026-12-31T23:59:59Z",
            "2027-01-09T10:00:00Z",
            "2026-12-31",
        ),
    ];
    for (zone, sampled_at, now, first) in cases {
        let mut given = harvested();
        given.documents.zone = zone;
        given.now = Timestamp::max(at(sampled_at), given.now);
        let take = BatchCommand::Quality(QualityCommand::TakeSample {
            sample: crate::record::sample(2),
            step: step("sample"),
            taken_at: Some(at(sampled_at)),
            viable_cells: d("0"),
        });
        let mut given = given.does(TECH, take);
        given.now = at(now);
        let tested = |on| {
            given
                .when(QC, enter(2, "sterility", category("growth"), on))
                .0
        };
        assert!(tested(day(first)).is_ok(), "{zone:?} {sampled_at}");
        let before = day(first).pred_opt().unwrap();
        assert!(
            matches!(
                tested(before),
                Err(Refusal::Input(InputRefusal::BeforePrevious {
                    field: "tested_on",
                    ..
                }))
            ),
            "{zone:?} {sampled_at}"
        );
    }
}

#[test]
fn refusals_name_each_moment_by_the_clocks_of_that_moment() {
    let refused = collected(rome(), "2026-10-25T10:00:00Z", |harvest| {
        harvest.collected_at = at("2026-10-24T21:30:00Z");
        harvest.consented_on = day("2026-10-25");
    });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Time of collection 2026-10-24 23:30 CEST is before the day of consent (2026-10-25). Check both times."
    );
    let refused = collected(tehran(), "2026-07-01T10:00:00Z", |harvest| {
        harvest.collected_at = at("2026-07-01T10:01:00Z");
    });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Time of collection 2026-07-01 13:31 UTC+3:30 is in the future. Enter when it was done."
    );
}

// A shelf life given in days is counted in days of the calendar, and keeps until the end of the last; hours as they pass.
#[test]
fn a_shelf_life_in_days_ends_with_its_last_day_at_the_site() {
    // Zone, stored at, the last moment at which a unit of 30 days keeps.
    let cases = [
        // Over the change of the clocks: 30 days are 719 or 721 hours, to the same end of a day.
        (rome(), "2026-03-17T09:00:00Z", "2026-04-16T21:59:59Z"),
        (rome(), "2026-03-17T22:59:00Z", "2026-04-16T21:59:59Z"),
        (rome(), "2026-03-17T23:00:00Z", "2026-04-17T21:59:59Z"),
        (rome(), "2026-10-01T09:00:00Z", "2026-10-31T22:59:59Z"),
        (rome(), "2027-01-31T09:00:00Z", "2027-03-02T22:59:59Z"),
        (toronto(), "2026-10-15T03:59:00Z", "2026-11-14T04:59:59Z"),
        (toronto(), "2026-10-15T04:00:00Z", "2026-11-15T04:59:59Z"),
        (tehran(), "2026-12-01T20:29:00Z", "2026-12-31T20:29:59Z"),
        (lord_howe(), "2026-04-04T12:59:00Z", "2026-05-04T13:29:59Z"),
    ];
    for (zone, stored_at, last) in cases {
        let mut given = sampled();
        given.documents.zone = zone;
        given.now = given.now.max(at(stored_at));
        let stored = BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit: unit(1),
            step: step("freeze"),
            viable_cells: d("38000000"),
            volume_ml: d("20"),
            location: "T1".to_owned(),
            stored_at: Some(at(stored_at)),
        });
        let batch = given.does(TECH, stored).batch();
        let expires_at = batch.expires_at(batch.unit(unit(1)).unwrap()).unwrap();
        let second = chrono::TimeDelta::seconds(1);
        assert!(
            expires_at > at(last) && expires_at < at(last).plus(second),
            "{zone:?} {stored_at} {expires_at}"
        );
    }
}

#[test]
fn results_are_due_on_the_local_day_counted_from_the_day_of_sampling() {
    let cases = [
        (rome(), "2026-03-28T22:59:00Z", "2026-04-04"),
        (rome(), "2026-03-28T23:00:00Z", "2026-04-05"),
        (rome(), "2026-10-24T21:59:00Z", "2026-10-31"),
        (rome(), "2026-10-24T22:00:00Z", "2026-11-01"),
        (rome(), "2026-12-31T23:30:00Z", "2027-01-08"),
        (toronto(), "2026-11-01T03:59:00Z", "2026-11-07"),
        (tehran(), "2026-03-21T20:30:00Z", "2026-03-29"),
        (lord_howe(), "2026-04-04T13:00:00Z", "2026-04-12"),
    ];
    for (zone, sampled_at, due) in cases {
        let mut given = harvested();
        given.documents.zone = zone;
        given.now = given.now.max(at(sampled_at));
        let take = BatchCommand::Quality(QualityCommand::TakeSample {
            sample: crate::record::sample(2),
            step: step("sample"),
            taken_at: Some(at(sampled_at)),
            viable_cells: d("0"),
        });
        let batch = given.does(TECH, take).batch();
        let tests = &batch.samples.last().unwrap().tests;
        let sterility = tests
            .iter()
            .find(|test| test.criterion == "sterility")
            .unwrap();
        assert_eq!(sterility.due, day(due), "{zone:?} {sampled_at}");
        let viability = tests
            .iter()
            .find(|test| test.criterion == "viability")
            .unwrap();
        assert_eq!(
            viability.due,
            zone.day(at(sampled_at)),
            "due on the day of the sample"
        );
    }
}

// A time that is typed is a minute long: what is shown as the bound is within it.
#[test]
fn a_step_done_in_the_minute_in_which_its_window_ends_is_within_it() {
    use domain::batch::ExceptionKind;
    // Seeded on 2 March at 10:00:00 UTC in these tests; medium is changed within 96 hours.
    let given = crate::record::cleared().seeded(0, "20000000");
    let due = given.batch().next_due().unwrap().due.unwrap();
    for (seconds, outside) in [(0, false), (59, false), (60, true)] {
        let mut given = given.clone();
        given.now = due.plus(chrono::TimeDelta::seconds(seconds));
        let done = given
            .entry(TECH, "medium@P0#1", "lot", crate::record::text("L1"))
            .completed(TECH, "medium@P0#1");
        let found = (done.batch().exceptions.iter())
            .any(|one| matches!(one.kind, ExceptionKind::OutsideWindow { .. }));
        assert_eq!(found, outside, "{seconds} s");
    }
}
