#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn zone(name: &str, offset: i32, letters: &str, changes: &[(&str, i32, &str)]) -> Zone {
    let change = |(from, offset, letters): &(&str, i32, &str)| Change {
        at: moment(from),
        to: Clocks::new(*offset, letters),
    };
    Zone::of(Box::leak(Box::new(ZoneTable {
        changes: changes.iter().map(change).collect(),
        ..ZoneTable::fixed(name, offset, letters)
    })))
}

fn rome() -> Zone {
    let changes = [
        ("2026-03-29T01:00:00Z", 7200, "CEST"),
        ("2026-10-25T01:00:00Z", 3600, "CET"),
    ];
    zone("Europe/Rome", 3600, "CET", &changes)
}

fn toronto() -> Zone {
    let changes = [
        ("2026-03-08T07:00:00Z", -14_400, "EDT"),
        ("2026-11-01T06:00:00Z", -18_000, "EST"),
    ];
    zone("America/Toronto", -18_000, "EST", &changes)
}

fn tehran() -> Zone {
    zone("Asia/Tehran", 12_600, "+0330", &[])
}

fn lord_howe() -> Zone {
    let changes = [
        ("2026-04-04T15:00:00Z", 37_800, "+1030"),
        ("2026-10-03T15:30:00Z", 39_600, "+11"),
    ];
    zone("Australia/Lord_Howe", 39_600, "+11", &changes)
}

// DI-6
#[test]
fn a_moment_is_shown_by_the_clocks_of_that_moment_and_by_their_name() {
    let cases = [
        (rome(), "2026-03-05T12:42:00Z", "2026-03-05 13:42 CET"),
        (rome(), "2026-03-29T00:59:59Z", "2026-03-29 01:59 CET"),
        (rome(), "2026-03-29T01:00:00Z", "2026-03-29 03:00 CEST"),
        (rome(), "2026-10-25T00:59:00Z", "2026-10-25 02:59 CEST"),
        (rome(), "2026-10-25T01:00:00Z", "2026-10-25 02:00 CET"),
        (rome(), "2026-12-31T23:30:00Z", "2027-01-01 00:30 CET"),
        (toronto(), "2026-07-01T03:59:00Z", "2026-06-30 23:59 EDT"),
        (toronto(), "2026-12-31T04:59:00Z", "2026-12-30 23:59 EST"),
        (
            tehran(),
            "2026-07-01T20:29:00Z",
            "2026-07-01 23:59 UTC+3:30",
        ),
        (
            lord_howe(),
            "2026-04-04T14:59:00Z",
            "2026-04-05 01:59 UTC+11",
        ),
        (
            lord_howe(),
            "2026-04-04T15:00:00Z",
            "2026-04-05 01:30 UTC+10:30",
        ),
        (Zone::utc(), "2026-07-01T03:59:00Z", "2026-07-01 03:59 UTC"),
    ];
    for (zone, at, shown) in cases {
        assert_eq!(zone.shown(moment(at)), shown);
        assert_eq!(zone.clock(moment(at)), shown[11..]);
        // As it is shown, it can be typed.
        let minute = moment(&at.replace(":59:59Z", ":59:00Z"));
        assert_eq!(zone.parse(shown, minute), Ok(minute), "{shown}");
        assert_eq!(
            zone.parse(&shown.to_lowercase(), minute),
            Ok(minute),
            "{shown}"
        );
        assert_eq!(zone.parse(&shown[11..], minute), Ok(minute), "{shown}");
    }
}

#[test]
fn a_local_time_was_once_twice_or_never() {
    let one = |at: &str| Moments::One(moment(at));
    let two = |first: &str, second: &str| Moments::Two(moment(first), moment(second));
    let none = |jump: &str| Moments::None { jump: moment(jump) };
    let cases = [
        (rome(), "2026-03-29 01:59", one("2026-03-29T00:59:00Z")),
        (rome(), "2026-03-29 02:00", none("2026-03-29T01:00:00Z")),
        (rome(), "2026-03-29 02:59", none("2026-03-29T01:00:00Z")),
        (rome(), "2026-03-29 03:00", one("2026-03-29T01:00:00Z")),
        (rome(), "2026-10-25 01:59", one("2026-10-24T23:59:00Z")),
        (
            rome(),
            "2026-10-25 02:00",
            two("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
        ),
        (
            rome(),
            "2026-10-25 02:59",
            two("2026-10-25T00:59:00Z", "2026-10-25T01:59:00Z"),
        ),
        (rome(), "2026-10-25 03:00", one("2026-10-25T02:00:00Z")),
        (toronto(), "2026-03-08 02:30", none("2026-03-08T07:00:00Z")),
        (
            toronto(),
            "2026-11-01 01:30",
            two("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
        ),
        (tehran(), "2026-03-22 00:30", one("2026-03-21T21:00:00Z")),
        (
            lord_howe(),
            "2026-04-05 01:45",
            two("2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"),
        ),
        (lord_howe(), "2026-04-05 02:00", one("2026-04-04T15:30:00Z")),
        (
            lord_howe(),
            "2026-10-04 02:15",
            none("2026-10-03T15:30:00Z"),
        ),
        (lord_howe(), "2026-10-04 02:30", one("2026-10-03T15:30:00Z")),
    ];
    for (zone, text, moments) in cases {
        assert_eq!(zone.moments(local(text)), moments, "{zone:?} {text}");
    }
}

#[test]
fn a_day_ends_by_the_clocks_of_its_zone() {
    let cases = [
        (rome(), "2026-03-28", "2026-03-28T22:59:59.999999Z"),
        (rome(), "2026-03-29", "2026-03-29T21:59:59.999999Z"),
        (rome(), "2026-10-25", "2026-10-25T22:59:59.999999Z"),
        (toronto(), "2026-03-08", "2026-03-09T03:59:59.999999Z"),
        (tehran(), "2026-12-31", "2026-12-31T20:29:59.999999Z"),
        (lord_howe(), "2026-04-05", "2026-04-05T13:29:59.999999Z"),
        (Zone::utc(), "2024-02-28", "2024-02-28T23:59:59.999999Z"),
    ];
    for (zone, text, end) in cases {
        let ends = zone.end_of(day(text));
        assert_eq!(ends, moment(end), "{zone:?} {text}");
        assert_eq!(zone.day(ends), day(text));
        assert_eq!(
            zone.day(ends.plus(TimeDelta::microseconds(1))),
            day(text).succ_opt().unwrap()
        );
        assert_eq!(zone.due(ends), text);
    }
    // A day that begins at 01:00, and one whose midnight is there twice.
    let beirut = zone(
        "Asia/Beirut",
        7200,
        "EET",
        &[("2026-03-28T22:00:00Z", 10_800, "EEST")],
    );
    assert_eq!(
        beirut.end_of(day("2026-03-28")),
        moment("2026-03-28T21:59:59.999999Z")
    );
    let back = zone("Test/Back", 3600, "A", &[("2026-10-24T23:30:00Z", 0, "B")]);
    assert_eq!(
        back.end_of(day("2026-10-24")),
        moment("2026-10-24T23:59:59.999999Z")
    );
    // Whole days are due on their day, moments at their time.
    assert_eq!(
        rome().due(moment("2026-03-28T22:59:00Z")),
        "2026-03-28 23:59 CET"
    );
}

#[test]
fn days_are_counted_by_the_calendar_not_by_24_hours() {
    let cases = [
        // 23 and 25 hours.
        (rome(), "2026-03-28T22:30:00Z", "2026-03-29T22:00:00Z", 2),
        (rome(), "2026-03-28T23:00:00Z", "2026-03-29T21:59:00Z", 0),
        (rome(), "2026-10-24T22:00:00Z", "2026-10-25T22:59:00Z", 0),
        (rome(), "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 1),
        // A minute around midnight, at the site and in UTC.
        (rome(), "2026-03-05T22:59:00Z", "2026-03-05T23:00:00Z", 1),
        (rome(), "2026-03-05T23:59:00Z", "2026-03-06T00:01:00Z", 0),
        (toronto(), "2026-03-05T23:59:00Z", "2026-03-06T00:01:00Z", 0),
        (tehran(), "2026-03-05T20:29:00Z", "2026-03-05T20:30:00Z", 1),
        (
            lord_howe(),
            "2026-04-04T13:00:00Z",
            "2026-04-05T13:29:00Z",
            0,
        ),
        (rome(), "2024-02-28T12:00:00Z", "2024-03-01T12:00:00Z", 2),
        (rome(), "2026-03-06T12:00:00Z", "2026-03-05T12:00:00Z", -1),
    ];
    for (zone, from, to, days) in cases {
        assert_eq!(
            zone.days_between(moment(from), moment(to)),
            days,
            "{zone:?} {from} {to}"
        );
    }
}

// DI-6: the hour that was there twice is chosen by its name, the missing one is refused.
#[test]
fn the_letters_of_the_clocks_choose_between_two_hours() {
    let now = moment("2026-11-01T12:00:00Z");
    let cases = [
        ("2026-10-25 02:30 CEST", Some("2026-10-25T00:30:00Z")),
        ("2026-10-25 02:30 CET", Some("2026-10-25T01:30:00Z")),
        ("2026-10-25 02:30 UTC+1", Some("2026-10-25T01:30:00Z")),
        ("2026-10-25 02:30 UTC+2", Some("2026-10-25T00:30:00Z")),
        ("2026-10-25 02:30", None),
        ("2026-10-25 02:30 EST", None),
        ("2026-10-25 03:30 CEST", None),
        ("2026-10-25 03:30 CET", Some("2026-10-25T02:30:00Z")),
        ("2026-07-01 13:42 CET", None),
        ("2026-07-01 13:42 CEST", Some("2026-07-01T11:42:00Z")),
        ("2026-07-01 13:42 UTC", Some("2026-07-01T13:42:00Z")),
        ("2026-07-01 13:42 GMT", Some("2026-07-01T13:42:00Z")),
        ("2026-07-01T13:42 cest", Some("2026-07-01T11:42:00Z")),
        ("2026-03-29 02:30 CET", None),
        ("2026-03-29 02:30 CEST", None),
        ("2026-03-29 02:30 UTC+1", Some("2026-03-29T01:30:00Z")),
        ("13:42 CET", Some("2026-11-01T12:42:00Z")),
        ("13:42 CEST", None),
        ("2026-07-01 CEST", None),
        ("2026-07-01 13:42 UTC+", None),
        ("2026-07-01 13:42 UTC+25", None),
        ("2026-07-01 13:42 UTC+1:5", None),
        ("2026-07-01 13:42 UTC+123", None),
        (
            "2026-07-01 13:42 UTC\u{2212}3:30",
            Some("2026-07-01T17:12:00Z"),
        ),
        ("CET", None),
    ];
    for (typed, expected) in cases {
        assert_eq!(
            rome().parse(typed, now).ok(),
            expected.map(moment),
            "{typed}"
        );
    }
}

#[test]
fn a_time_that_is_none_is_refused_with_words_that_help() {
    let now = moment("2026-11-01T12:00:00Z");
    let cases = [
        (
            rome(),
            "2026-10-25 02:30",
            "“2026-10-25 02:30” was there twice: the clocks went back. Write which one it is: 2026-10-25 02:30 CEST or 2026-10-25 02:30 CET.",
        ),
        (
            lord_howe(),
            "2026-04-05 01:45",
            "“2026-04-05 01:45” was there twice: the clocks went back. Write which one it is: 2026-04-05 01:45 UTC+11 or 2026-04-05 01:45 UTC+10:30.",
        ),
        (
            rome(),
            "2026-03-29 02:30",
            "“2026-03-29 02:30” never was: the clocks went forward, from 02:00 CET straight to 03:00 CEST. Check the time.",
        ),
        (
            rome(),
            "2026-07-01 13:42 CET",
            "“2026-07-01 13:42 CET”: the clocks of Europe/Rome did not show CET then. Write 2026-07-01 13:42 CEST, or the time without the letters.",
        ),
        (
            rome(),
            "2026-07-01 13:42 PST",
            "“2026-07-01 13:42 PST” is not a date and time. Write it as 2026-03-05 13:42, or with its zone as 2026-03-05 13:42 CET or 2026-03-05 13:42 UTC+1.",
        ),
    ];
    for (zone, typed, words) in cases {
        assert_eq!(zone.parse(typed, now).unwrap_err().to_string(), words);
    }
}

// DI-4: a moment's day is read as a day alone is.
#[test]
fn a_moment_is_read_with_its_day_in_every_form_in_which_a_day_is_read() {
    let now = moment("2026-11-01T12:00:00Z");
    for (typed, meant) in [
        ("25/10/2026 03:30", "2026-10-25T02:30:00Z"),
        ("10/25/2026 03:30", "2026-10-25T02:30:00Z"),
        ("25.10.2026 03:30", "2026-10-25T02:30:00Z"),
        ("25-10-2026 03:30:07", "2026-10-25T02:30:07Z"),
        ("25/10/2026 02:30 CEST", "2026-10-25T00:30:00Z"),
        ("25/10/2026 02:30 CET", "2026-10-25T01:30:00Z"),
        ("25/10/2026 02:30 UTC+01:00", "2026-10-25T01:30:00Z"),
        ("25/10/2026 02:30+01:00", "2026-10-25T01:30:00Z"),
        ("25/10/2026 02:30 -03:30", "2026-10-25T06:00:00Z"),
        ("25/10/2026 02:30Z", "2026-10-25T02:30:00Z"),
        ("05/05/2026 13:42", "2026-05-05T11:42:00Z"),
        ("2026/10/25 03:30", "2026-10-25T02:30:00Z"),
        ("2026-3-5 13:42", "2026-03-05T12:42:00Z"),
        ("5 Mar 2026 13:42", "2026-03-05T12:42:00Z"),
        ("05-MAR-2026 13:42 CET", "2026-03-05T12:42:00Z"),
        ("March 5, 2026 13:42", "2026-03-05T12:42:00Z"),
        ("5. October 2026  13:42", "2026-10-05T11:42:00Z"),
    ] {
        assert_eq!(rome().parse(typed, now), Ok(moment(meant)), "{typed}");
        // What is read with a time is read without it too, as the same day.
        let day = typed
            .split(" 0")
            .next()
            .and_then(|day| day.split(" 13").next());
        let read = crate::time::typed_day(day.unwrap());
        assert!(read.is_ok(), "{typed}: {read:?}");
    }
    for (typed, words) in [
        (
            "03/04/2026 03:30",
            "“03/04/2026 03:30” can be read in two ways. Write 2026-04-03 03:30 or 2026-03-04 03:30.",
        ),
        (
            "03.04.2026 13:42 CEST",
            "“03.04.2026 13:42 CEST” can be read in two ways. Write 2026-04-03 13:42 or 2026-03-04 13:42.",
        ),
        (
            "03/04/2026 13:42+02:00",
            "“03/04/2026 13:42+02:00” can be read in two ways. Write 2026-04-03 13:42 or 2026-03-04 13:42.",
        ),
        ("25/10/26 03:30", "“25/10/26” has a year of two digits."),
        ("26-03-05 13:42", "“26-03-05” has a year of two digits."),
        ("2026-02-29 13:42", "“2026-02-29” is not in the calendar."),
        ("31/02/2026 13:42", "“31/02/2026” is not in the calendar."),
        ("0365-02-06 13:42", "“0365-02-06” is in the year 365."),
        ("46353 13:42", "is not a date and time"),
        ("25/10/2026", "is not a date and time"),
        ("25/10/2026 24:30", "is not a date and time"),
        ("25/10/2026T03:30", "is not a date and time"),
        ("2026-10/25 03:30", "is not a date and time"),
        ("=>026298 03:30", "is not a date and time"),
        ("03:30+01:00", "is not a date and time"),
        ("03:30Z", "is not a date and time"),
        ("25/10/2026 02:30", "was there twice"),
        ("29/03/2026 02:30", "never was"),
    ] {
        let said = rome().parse(typed, now).unwrap_err().to_string();
        assert!(said.contains(words), "{typed}: {said}");
    }
}

#[test]
fn a_zone_goes_as_data_and_comes_back_the_same() {
    let text = serde_json::to_string(rome().0).unwrap();
    let table: ZoneTable = serde_json::from_str(&text).unwrap();
    assert_eq!(&table, rome().0);
    assert!(text.len() < 300, "{}", text.len());
}

#[test]
fn a_moment_is_shown_to_the_second_where_clocks_are_compared() {
    let at = moment("2026-10-25T01:00:07Z");
    assert_eq!(rome().shown_to_the_second(at), "2026-10-25 02:00:07 CET");
}

#[test]
fn a_clock_is_told_of_the_next_change() {
    let next = |at: &str| {
        rome()
            .next_change(moment(at))
            .map(|change| (change.at, change.to.offset))
    };
    let cases = [
        ("2026-01-01T00:00:00Z", Some(("2026-03-29T01:00:00Z", 7200))),
        ("2026-03-29T00:59:59Z", Some(("2026-03-29T01:00:00Z", 7200))),
        ("2026-03-29T01:00:00Z", Some(("2026-10-25T01:00:00Z", 3600))),
        ("2026-10-25T01:00:00Z", None),
    ];
    for (at, expected) in cases {
        assert_eq!(
            next(at),
            expected.map(|(at, offset)| (moment(at), offset)),
            "{at}"
        );
    }
    assert_eq!(tehran().next_change(moment("2026-01-01T00:00:00Z")), None);
}

#[test]
fn a_moment_for_a_program_has_the_offset_of_that_moment() {
    assert_eq!(
        rome().rfc3339(moment("2026-03-05T12:42:00Z")),
        "2026-03-05T13:42:00+01:00"
    );
    assert_eq!(
        rome().rfc3339(moment("2026-07-05T12:42:00Z")),
        "2026-07-05T14:42:00+02:00"
    );
}
