//! Moments and days of the record.

mod day;

pub(crate) use day::written_day;
pub use day::{NotADay, typed_day};

use crate::decimal::repeated;
use chrono::{DateTime, Days, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, ops::RangeInclusive};

/// A moment in UTC, in whole microseconds.
///
/// PostgreSQL keeps microseconds and SQLite kept nanoseconds; a hash over a finer time would not survive a round trip.
/// Written as RFC 3339 with six decimals and `Z`, so that one moment has one spelling.
///
/// Its year has four digits, from 0000 to 9999: RFC 3339 knows no other, and an entry that holds another could be
/// written and never be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

/// From 0000-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z, in microseconds since 1970.
const WRITABLE: RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_300_799_999_999;

impl Timestamp {
    /// The moment `micros` microseconds after 1970-01-01T00:00:00Z; `None` outside the years that can be written.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).and_then(writable)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// The same moment as chrono has it.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// This moment moved by `delta`; stays as it is where the result could not be written.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        self.0
            .checked_add_signed(delta)
            .and_then(writable)
            .unwrap_or(self)
    }

    /// The time from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }

    /// Minutes since 1970-01-01T00:00:00Z: people read and type times to the minute.
    #[must_use]
    pub fn minute(self) -> i64 {
        self.micros().div_euclid(60_000_000)
    }

    /// Whether something that was due at this moment is overdue at `now`. In the minute in which it is due it isn't.
    #[must_use]
    pub fn is_overdue(self, now: Self) -> bool {
        now.minute() > self.minute()
    }

    /// Reads RFC 3339 with any offset, as it stands in the record or as a person wrote it with an offset.
    ///
    /// # Errors
    /// [`NotATime`] where the text is no such moment.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .and_then(|moment| writable(moment.with_timezone(&Utc)))
            .ok_or_else(|| NotATime {
                text: repeated(text),
            })
    }
}

/// The moment in whole microseconds, if its year can be written. A leap second is the second after it: databases, which
/// count seconds, know no other.
fn writable(moment: DateTime<Utc>) -> Option<Timestamp> {
    let micros = moment.timestamp_micros();
    let within = WRITABLE.contains(&micros);
    within
        .then(|| DateTime::from_timestamp_micros(micros).map(Timestamp))
        .flatten()
}

impl From<DateTime<Utc>> for Timestamp {
    /// A moment outside the years that can be written becomes the nearest inside.
    fn from(moment: DateTime<Utc>) -> Self {
        let (first, last) = (*WRITABLE.start(), *WRITABLE.end());
        let nearest = moment.timestamp_micros().clamp(first, last);
        Self(DateTime::from_timestamp_micros(nearest).unwrap_or_default())
    }
}

/// The day so many days of the calendar later; the last that can be written where it lies beyond.
#[must_use]
pub fn days_after(day: NaiveDate, days: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    day.checked_add_days(Days::new(days.into()))
        .map_or(last, |day| day.min(last))
}

/// Reads a day as it is written: `2026-03-05`. Four digits of its year: `26-03-05` would be a day of the year 26.
#[must_use]
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let place = |(at, sign): (usize, u8)| match at {
        4 | 7 => sign == b'-',
        _ => sign.is_ascii_digit(),
    };
    let shaped = text.len() == 10 && text.bytes().enumerate().all(place);
    shaped.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// A text that is no moment in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{text}” is not a date and time. Write it as 2026-03-05 13:42, or with its zone as 2026-03-05 13:42 CET or 2026-03-05 13:42 UTC+1."
)]
pub struct NotATime {
    /// What was typed.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_are_cut_to_microseconds() {
        let fine = DateTime::from_timestamp_nanos(1_772_713_320_123_456_789);
        let stamp = Timestamp::from(fine);
        assert_eq!(stamp.micros(), 1_772_713_320_123_456);
        assert_eq!(stamp.to_string(), "2026-03-05T12:22:00.123456Z");
        assert_eq!(Timestamp::parse(&stamp.to_string()), Ok(stamp));
    }

    #[test]
    fn one_moment_has_one_spelling() {
        for text in [
            "2026-03-05T13:22:00+01:00",
            "2026-03-05T12:22:00Z",
            "2026-03-05T12:22:00.000000Z",
        ] {
            assert_eq!(
                Timestamp::parse(text).map(|t| t.to_string()),
                Ok("2026-03-05T12:22:00.000000Z".to_owned())
            );
        }
        assert_eq!(
            Timestamp::parse("2026-12-31T23:59:60Z"),
            Timestamp::parse("2027-01-01T00:00:00Z")
        );
        assert!(Timestamp::parse("2026-02-29T10:00:00Z").is_err());
        assert!(Timestamp::parse("5.3.2026").is_err());
    }

    #[test]
    fn a_moment_that_could_not_be_read_again_is_none() {
        // A batch with a moment of the year -1 in its record could not be opened any more.
        for text in ["0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
        let (first, last) = (*WRITABLE.start(), *WRITABLE.end());
        for (micros, written) in [
            (first - 1, None),
            (first, Some("0000-01-01T00:00:00.000000Z")),
            (last, Some("9999-12-31T23:59:59.999999Z")),
            (last + 1, None),
        ] {
            let at = Timestamp::from_micros(micros).map(|at| at.to_string());
            assert_eq!(at.as_deref(), written);
        }
        let at = |text| Timestamp::parse(text);
        let late = at("9999-12-31T00:00:00Z").map(|at| at.plus(TimeDelta::days(1)));
        assert_eq!(late, at("9999-12-31T00:00:00Z"));
        let never = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC].map(Timestamp::from);
        assert_eq!(never.map(Timestamp::micros), [first, last]);
    }

    #[test]
    fn a_day_is_written_with_four_digits_of_its_year() {
        assert_eq!(
            read_day(" 2026-03-05 "),
            NaiveDate::from_ymd_opt(2026, 3, 5)
        );
        for text in [
            "26-03-05",
            "2026-3-5",
            "2026-02-29",
            "+2026-03-05",
            "2026/03/05",
            "",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }
}
