//! Times as people read and type them: in the zone of the site, always with the zone.

use std::fmt;

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset as _,
    TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;
use domain::time::{NotATime, Timestamp, read_day};

/// The time zone of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

/// Why a typed time is no moment at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAMoment {
    /// It can't be read.
    Unreadable(NotATime),
    /// The clocks went back over it, so it was there twice.
    Twice {
        /// What was typed.
        text: String,
        /// The first of the two, with its offset.
        first: String,
        /// The second.
        second: String,
    },
    /// The clocks went forward over it, so it never was.
    Never {
        /// What was typed.
        text: String,
    },
}

impl fmt::Display for NotAMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => why.fmt(f),
            Self::Twice {
                text,
                first,
                second,
            } => write!(
                f,
                "“{text}” was there twice: the clocks went back. Write which one with its offset: {first} or {second}."
            ),
            Self::Never { text } => write!(
                f,
                "“{text}” never was: the clocks went forward over it. Check the time, or write it with its offset."
            ),
        }
    }
}

impl Zone {
    /// The zone with this IANA name; UTC where the name is none, so that a time is never shown in a zone that it isn't in.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.parse().unwrap_or(Tz::UTC))
    }

    /// The offset from UTC at a moment.
    #[must_use]
    pub fn offset(self, at: Timestamp) -> FixedOffset {
        self.local(at).offset().fix()
    }

    /// The day at the site.
    #[must_use]
    pub fn day(self, at: Timestamp) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// A moment as pages show it: `2026-03-05 13:42 CET`.
    #[must_use]
    pub fn shown(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M %Z").to_string()
    }

    /// A moment of a day that stands beside it: `13:42 CET`.
    #[must_use]
    pub fn clock(self, at: Timestamp) -> String {
        self.local(at).format("%H:%M %Z").to_string()
    }

    /// The second of the day at the site, and the zone's letters: what a clock goes on from.
    #[must_use]
    pub fn second_of_day(self, at: Timestamp) -> (u32, String) {
        let local = self.local(at);
        (
            local.num_seconds_from_midnight(),
            local.format("%Z").to_string(),
        )
    }

    /// A moment as it is typed: `2026-03-05 13:42`.
    #[must_use]
    pub fn typed(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// Reads a typed moment: local date and time, the time alone (today), or with an offset.
    ///
    /// # Errors
    /// [`NotAMoment`] with words for the person.
    pub fn parse(self, text: &str, now: Timestamp) -> Result<Timestamp, NotAMoment> {
        let text = text.trim();
        let shown = || text.chars().take(60).collect::<String>();
        let unreadable = || NotAMoment::Unreadable(NotATime { text: shown() });
        if let Some(moment) = with_offset(text) {
            return Ok(moment);
        }
        let local = local(text, self.day(now)).ok_or_else(unreadable)?;
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(moment) => Ok(Timestamp::from(moment.with_timezone(&Utc))),
            LocalResult::Ambiguous(first, second) => {
                let spelled = |at: DateTime<Tz>| at.format("%Y-%m-%d %H:%M %:z").to_string();
                Err(NotAMoment::Twice {
                    text: shown(),
                    first: spelled(first),
                    second: spelled(second),
                })
            }
            LocalResult::None => Err(NotAMoment::Never { text: shown() }),
        }
    }

    fn local(self, at: Timestamp) -> DateTime<Tz> {
        at.utc().with_timezone(&self.0)
    }
}

fn with_offset(text: &str) -> Option<Timestamp> {
    let spellings = [
        "%Y-%m-%dT%H:%M:%S%.f%:z",
        "%Y-%m-%dT%H:%M%:z",
        "%Y-%m-%d %H:%M %:z",
        "%Y-%m-%d %H:%M%:z",
    ];
    begins_with_day(text).then_some(())?;
    let text = text.strip_suffix('Z').map_or_else(
        || text.to_owned(),
        |rest| format!("{}+00:00", rest.trim_end()),
    );
    spellings
        .iter()
        .find_map(|spelling| DateTime::parse_from_str(&text, spelling).ok())
        .map(|moment| Timestamp::from(moment.with_timezone(&Utc)))
}

/// Whether the day is written in full: `26-03-05 13:42` would be a moment of the year 26.
fn begins_with_day(text: &str) -> bool {
    text.get(..10).is_some_and(|day| read_day(day).is_some())
}

fn local(text: &str, today: NaiveDate) -> Option<NaiveDateTime> {
    let spellings = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
    ];
    let whole = spellings
        .iter()
        .find_map(|spelling| NaiveDateTime::parse_from_str(text, spelling).ok())
        .filter(|_| begins_with_day(text));
    whole.or_else(|| {
        NaiveTime::parse_from_str(text, "%H:%M")
            .ok()
            .map(|time| today.and_time(time))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    // DI-6
    #[test]
    fn a_time_is_typed_and_shown_in_the_zone_of_the_site() {
        let rome = Zone::named("Europe/Rome");
        let now = moment("2026-03-05T12:42:00Z");
        assert_eq!(rome.shown(now), "2026-03-05 13:42 CET");
        for text in [
            "2026-03-05 13:42",
            "2026-03-05T13:42",
            "13:42",
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
            "2026-10-25T02:00:00Z",
            "2026-12-31T23:30:00Z",
            "2027-01-01T00:00:00Z",
        ];
        let zones = [
            "UTC",
            "Europe/Rome",
            "Europe/Lisbon",
            "Europe/Athens",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Pacific/Kiritimati",
        ];
        for zone in zones.map(Zone::named) {
            for at in moments.map(moment) {
                let typed = zone.typed(at);
                assert_eq!(zone.parse(&typed, at), Ok(at), "{zone:?} {typed}");
                assert_eq!(zone.day(at).to_string(), typed[..10], "{zone:?}");
            }
        }
    }

    // DI-6: never moved silently to an hour that was.
    #[test]
    fn each_minute_around_a_change_of_the_clocks_is_read_refused_or_asked() {
        let rome = Zone::named("Europe/Rome");
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
        // Half an hour back, as on Lord Howe Island.
        assert!(matches!(
            Zone::named("Australia/Lord_Howe").parse("2026-04-05 01:45", now),
            Err(NotAMoment::Twice { .. })
        ));
    }

    #[test]
    fn a_time_that_was_there_twice_or_never_is_refused_with_words() {
        let rome = Zone::named("Europe/Rome");
        let now = moment("2026-11-01T12:00:00Z");
        let twice = rome.parse("2026-10-25 02:30", now).unwrap_err().to_string();
        assert!(
            twice.contains("2026-10-25 02:30 +02:00 or 2026-10-25 02:30 +01:00"),
            "{twice}"
        );
        assert_eq!(
            rome.parse("2026-10-25 02:30 +01:00", now),
            Ok(moment("2026-10-25T01:30:00Z"))
        );
        assert!(matches!(
            rome.parse("2026-03-29 02:30", now),
            Err(NotAMoment::Never { .. })
        ));
        assert!(matches!(
            rome.parse("05/03/2026 13:42", now),
            Err(NotAMoment::Unreadable(_))
        ));
        // Neither a moment of the year 26, nor one that a record can't hold.
        for text in [
            "2026-03-05 25:00",
            "26-03-05 13:42",
            "26-03-05T13:42+01:00",
            "2026-3-5 13:42",
            "+12026-03-05 13:42",
            "-0001-12-31 13:42",
        ] {
            assert!(
                matches!(rome.parse(text, now), Err(NotAMoment::Unreadable(_))),
                "{text}"
            );
        }
    }
}
