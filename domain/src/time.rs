//! Moments and days of the record.

use chrono::{DateTime, NaiveDate, SubsecRound as _, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A moment in UTC, in whole microseconds.
///
/// PostgreSQL keeps microseconds and SQLite kept nanoseconds; a hash over a finer time would not survive a round trip.
/// Written as RFC 3339 with six decimals and `Z`, so that one moment has one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The moment `micros` microseconds after 1970-01-01T00:00:00Z; `None` outside the years that chrono can hold.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
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
            .map_or(self, |moved| Self(moved.trunc_subsecs(6)))
    }

    /// The time from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }

    /// The day in UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// Reads RFC 3339 with any offset, as it stands in the record or as a person wrote it with an offset.
    ///
    /// # Errors
    /// [`NotATime`] where the text is no such moment.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self::from(moment.with_timezone(&Utc)))
            .map_err(|_| NotATime {
                text: text.to_owned(),
            })
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment.trunc_subsecs(6))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
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
    "“{text}” is not a date and time. Write it as 2026-03-05 13:42, or with its offset as 2026-03-05T13:42+01:00."
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
        assert!(Timestamp::parse("2026-02-29T10:00:00Z").is_err());
        assert!(Timestamp::parse("5.3.2026").is_err());
    }
}
