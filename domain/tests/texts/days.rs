//! Moments and days.

use crate::corpus::{attack, short_words, traps};
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use domain::time::{NotADay, Timestamp, read_day, typed_day};

fn moment(text: &str) {
    match Timestamp::parse(text) {
        Ok(at) => {
            let written = at.to_string();
            assert_eq!(written.len(), 27, "{text:?} is {written}");
            assert_eq!(Timestamp::parse(&written), Ok(at), "{text:?}");
            assert_eq!(Timestamp::from_micros(at.micros()), Some(at), "{text:?}");
            let stored = serde_json::to_string(&at).unwrap();
            assert_eq!(serde_json::from_str::<Timestamp>(&stored).unwrap(), at);
            // Four digits for the year, in whatever offset it was written.
            assert!(
                text.as_bytes()[..4].iter().all(u8::is_ascii_digit),
                "{text:?}"
            );
            assert_eq!(text.as_bytes()[4], b'-', "{text:?}");
        }
        Err(refused) => short_words(&refused),
    }
}

#[test]
fn a_moment_is_written_and_read_back() {
    attack("moments", moment);
    for trap in traps() {
        moment(&trap);
    }
}

// A moment that can't be written would make its entry unreadable for ever.
#[test]
fn no_sum_leaves_the_years_that_can_be_written() {
    let ends = [
        "0000-01-01T00:00:00Z",
        "2026-03-05T12:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ];
    for at in ends.map(|text| Timestamp::parse(text).unwrap()) {
        for days in [1, -1, 400, 3_000_000, -3_000_000, i64::from(u32::MAX)] {
            moment(&at.plus(TimeDelta::days(days)).to_string());
        }
    }
    for micros in [
        i64::MIN,
        i64::MAX,
        -62_167_219_200_000_001,
        253_402_300_800_000_000,
    ] {
        assert_eq!(Timestamp::from_micros(micros), None, "{micros}");
    }
}

fn day(text: &str) {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let digits = |part: &str, many: usize| {
        part.len() == many && part.chars().all(|sign| sign.is_ascii_digit())
    };
    let by_hand = match parts[..] {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            let number = |part: &str| part.parse::<u32>().unwrap();
            NaiveDate::from_ymd_opt(number(year).cast_signed(), number(month), number(day))
        }
        _ => None,
    };
    let read = read_day(text);
    assert_eq!(read, by_hand, "{text:?}");
    if let Some(day) = read {
        assert_eq!(read_day(&day.to_string()), Some(day));
        assert!((0..=9999).contains(&day.year()));
    }
    match typed_day(text) {
        Ok(typed) => {
            assert!((1900..=2199).contains(&typed.year()), "{text:?}");
            assert_eq!(typed_day(&typed.to_string()), Ok(typed), "{text:?}");
            assert!(read.is_none_or(|read| read == typed), "{text:?}");
            // Its figures stand in what was typed, or a scanner sent it.
            let year = typed.year().to_string();
            let scan = text.contains(['=', '&']);
            assert!(scan || text.contains(&year), "{text:?}");
        }
        Err(refused) => {
            short_words(&refused);
            let year = read.map(|day| day.year());
            assert!(
                year.is_none_or(|year| !(1900..=2199).contains(&year)),
                "{text:?}"
            );
            if let NotADay::Ambiguous { one, other, .. } = refused {
                assert_ne!(one, other);
            }
        }
    }
}

// `26-03-05` is no day of the year 26.
#[test]
fn a_day_has_four_digits_of_its_year() {
    attack("days", day);
    for trap in traps() {
        day(&trap);
    }
}
