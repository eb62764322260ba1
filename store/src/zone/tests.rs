#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use domain::zone::{Moments, NotAMoment};

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn zone(name: &str) -> Zone {
    named(name).unwrap()
}

// DI-6
#[test]
fn a_time_is_typed_and_shown_in_the_zone_of_the_site() {
    let rome = zone("Europe/Rome");
    let now = moment("2026-03-05T12:42:00Z");
    assert_eq!(rome.shown(now), "2026-03-05 13:42 CET");
    for text in [
        "2026-03-05 13:42",
        "2026-03-05T13:42",
        "13:42",
        "13:42 CET",
        "2026-03-05 13:42 CET",
        "2026-03-05T13:42+01:00",
        "2026-03-05 12:42 +00:00",
        "2026-03-05T12:42Z",
    ] {
        assert_eq!(rome.parse(text, now), Ok(now), "{text}");
    }
}

// DI-6: half an hour, three quarters of an hour, the other side of the date line, leap days, the end of a year.
#[test]
fn what_is_shown_is_read_back_as_the_same_moment_in_every_zone() {
    let moments = [
        "2024-02-29T23:59:00Z",
        "2026-03-29T00:59:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T02:00:00Z",
        "2026-12-31T23:30:00Z",
        "2027-01-01T00:00:00Z",
    ];
    let zones = chrono_tz::TZ_VARIANTS.iter().step_by(7).map(|tz| tz.name());
    let names = [
        "UTC",
        "Europe/Rome",
        "Europe/Dublin",
        "America/Toronto",
        "Asia/Tehran",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Pacific/Kiritimati",
    ];
    for zone in names.into_iter().chain(zones).map(zone) {
        for at in moments.map(moment) {
            let shown = zone.shown(at);
            assert_eq!(zone.parse(&shown, at), Ok(at), "{zone:?} {shown}");
            assert_eq!(zone.day(at).to_string(), shown[..10], "{zone:?}");
        }
    }
}

#[test]
fn the_table_says_what_the_database_says() {
    for name in [
        "Europe/Rome",
        "America/Toronto",
        "Asia/Tehran",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "Pacific/Apia",
    ] {
        let (tz, zone) = (name.parse::<Tz>().unwrap(), zone(name));
        let start = moment("1970-01-01T00:30:00Z");
        // Every 37 hours from 1970 to 2099, so that each hour of the day comes up.
        for step in 0..30_800 {
            let at = start.plus(TimeDelta::hours(37 * step));
            let expected = offset(tz, at.utc()).fix();
            assert_eq!(zone.offset(at), expected, "{name} {at}");
        }
    }
    let cases = [
        (
            "Europe/Rome",
            "2026-03-29T00:59:59Z",
            "2026-03-29T01:00:00Z",
            "CEST",
        ),
        (
            "Europe/Rome",
            "2026-10-25T00:59:59Z",
            "2026-10-25T01:00:00Z",
            "CET",
        ),
        (
            "America/Toronto",
            "2026-03-08T06:59:59Z",
            "2026-03-08T07:00:00Z",
            "EDT",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-04T14:59:59Z",
            "2026-04-04T15:00:00Z",
            "UTC+10:30",
        ),
        (
            "Europe/Rome",
            "2099-03-29T00:59:59Z",
            "2099-03-29T01:00:00Z",
            "CEST",
        ),
    ];
    for (name, before, after, letters) in cases {
        let zone = zone(name);
        assert_ne!(zone.letters(moment(before)), letters, "{name} {before}");
        assert_eq!(zone.letters(moment(after)), letters, "{name} {after}");
    }
    // No change since 2022.
    let tehran = zone("Asia/Tehran");
    assert_eq!(
        tehran.shown(moment("2026-07-01T12:00:00Z")),
        "2026-07-01 15:30 UTC+3:30"
    );
    assert_eq!(tehran.letters(moment("2021-07-01T12:00:00Z")), "UTC+4:30");
}

// DI-6: never moved silently to an hour that was.
#[test]
fn each_minute_around_a_change_of_the_clocks_is_read_refused_or_asked() {
    let rome = zone("Europe/Rome");
    let now = moment("2026-11-01T12:00:00Z");
    let cases = [
        ("2026-03-29 01:59", Some("2026-03-29T00:59:00Z")),
        ("2026-03-29 02:00", None),
        ("2026-03-29 02:59", None),
        ("2026-03-29 03:00", Some("2026-03-29T01:00:00Z")),
        ("2026-10-25 01:59", Some("2026-10-24T23:59:00Z")),
        ("2026-10-25 02:00", None),
        ("2026-10-25 02:59", None),
        ("2026-10-25 03:00", Some("2026-10-25T02:00:00Z")),
        ("2026-02-29 10:00", None),
        ("2024-02-29 10:00", Some("2024-02-29T09:00:00Z")),
        ("2025-12-31 24:00", None),
    ];
    for (typed, expected) in cases {
        assert_eq!(rome.parse(typed, now).ok(), expected.map(moment), "{typed}");
    }
    // The time alone is of today, also on the day on which it was there twice.
    let that_day = moment("2026-10-25T12:00:00Z");
    assert!(matches!(
        rome.parse("02:30", that_day),
        Err(NotAMoment::Twice { .. })
    ));
    assert_eq!(
        rome.parse("02:30 CET", that_day),
        Ok(moment("2026-10-25T01:30:00Z"))
    );
    assert!(matches!(
        zone("Pacific/Apia").moments(
            NaiveDate::from_ymd_opt(2011, 12, 30)
                .unwrap()
                .and_hms_opt(12, 0, 0)
                .unwrap()
        ),
        Moments::None { .. }
    ));
}

#[test]
fn what_is_no_moment_is_refused() {
    let rome = zone("Europe/Rome");
    let now = moment("2026-11-01T12:00:00Z");
    // Neither a moment of the year 26, nor one that a record can't hold.
    for text in [
        "2026-03-05 25:00",
        "26-03-05T13:42+01:00",
        "+12026-03-05 13:42",
        "-0001-12-31 13:42",
        "",
        "CET",
        "now",
    ] {
        let read = rome.parse(text, now);
        assert!(matches!(read, Err(NotAMoment::Unreadable(_))), "{text}");
    }
    for text in ["26-03-05 13:42", "26-03-05 13:42 CET"] {
        let read = rome.parse(text, now);
        assert!(matches!(read, Err(NotAMoment::Day(_))), "{text}: {read:?}");
    }
    // The year first: then the month, everywhere.
    assert_eq!(
        rome.parse("2026-3-5 13:42", now),
        rome.parse("2026-03-05 13:42", now)
    );
}

#[test]
fn a_name_that_is_no_zone_is_a_fault_and_never_utc() {
    for name in [
        "",
        "Europe/Roma",
        "europe/rome",
        "CETX",
        "+01:00",
        "Europe/Rome ",
    ] {
        assert!(matches!(named(name), Err(Fault::UnknownZone(_))), "{name}");
    }
}
