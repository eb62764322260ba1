//! Reading a typed moment in the zone of a site.

use super::{Moments, Zone, moment, offset_in_words};
use crate::{
    decimal::repeated,
    time::{NotADay, NotATime, Timestamp, read_day, written_day},
};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Why a typed time is no moment at the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMoment {
    /// It can't be read.
    #[error(transparent)]
    Unreadable(NotATime),
    /// Its day is none.
    #[error(transparent)]
    Day(NotADay),
    /// Day and month can be read in either order.
    #[error("“{text}” can be read in two ways. Write {one} or {other}.")]
    Ambiguous {
        /// What was typed.
        text: String,
        /// The day before the month.
        one: String,
        /// The month before the day.
        other: String,
    },
    /// The clocks went back over it, so it was there twice.
    #[error(
        "“{text}” was there twice: the clocks went back. Write which one it is: {first} or {second}."
    )]
    Twice {
        /// What was typed.
        text: String,
        /// The first of the two, by name.
        first: String,
        /// The second.
        second: String,
    },
    /// The clocks went forward over it, so it never was.
    #[error(
        "“{text}” never was: the clocks went forward, from {from} straight to {to}. Check the time."
    )]
    Never {
        /// What was typed.
        text: String,
        /// The first time that was left out.
        from: String,
        /// What the clocks showed instead of it.
        to: String,
    },
    /// Another name than the clocks had then.
    #[error(
        "“{text}”: the clocks of {zone} did not show {letters} then. Write {right}, or the time without the letters."
    )]
    OtherLetters {
        /// What was typed.
        text: String,
        /// The letters in it.
        letters: String,
        /// The zone by its IANA name.
        zone: &'static str,
        /// The time with the letters that the clocks had.
        right: String,
    },
}

impl Zone {
    /// Reads a typed moment: date and time as the clocks of the zone show them, with or without their letters
    /// (`2026-12-31 13:42 CET`), the time alone (today), or with an offset from UTC. The day is read in the forms in which a
    /// day alone is read.
    ///
    /// # Errors
    /// [`NotAMoment`] with words for the person.
    pub fn parse(self, text: &str, now: Timestamp) -> Result<Timestamp, NotAMoment> {
        let text = text.trim();
        let unreadable = || {
            NotAMoment::Unreadable(NotATime {
                text: repeated(text),
            })
        };
        if let Some(moment) = with_offset(text) {
            return Ok(moment);
        }
        if let Some((time, offset)) = split_offset(text) {
            // A time alone with an offset names no day: of today there or of today here.
            let local = local(text, time, None)?;
            return moment(local, offset).ok_or_else(unreadable);
        }
        let (time, letters) = split_letters(text);
        let local = local(text, time, Some(self.day(now)))?;
        match letters {
            None => self.without_letters(text, local),
            Some(letters) => match offset_of(letters) {
                // Where the zone itself calls its clocks so, that is the same.
                Some(offset) => moment(local, offset).ok_or_else(unreadable),
                None if self.has_letters(letters) => self.with_letters(text, local, letters),
                None => Err(unreadable()),
            },
        }
    }

    fn without_letters(self, text: &str, local: NaiveDateTime) -> Result<Timestamp, NotAMoment> {
        match self.moments(local) {
            Moments::One(moment) => Ok(moment),
            Moments::Two(first, second) => {
                let same = self.letters(first) == self.letters(second);
                let spelled = |at: Timestamp| {
                    let letters = if same {
                        offset_in_words(self.offset(at).local_minus_utc())
                    } else {
                        self.letters(at).to_owned()
                    };
                    format!("{} {letters}", self.typed(at))
                };
                Err(NotAMoment::Twice {
                    text: repeated(text),
                    first: spelled(first),
                    second: spelled(second),
                })
            }
            Moments::None { jump } => Err(self.never(text, jump)),
        }
    }

    fn with_letters(
        self,
        text: &str,
        local: NaiveDateTime,
        letters: &str,
    ) -> Result<Timestamp, NotAMoment> {
        let called = |at: &Timestamp| self.letters(*at).eq_ignore_ascii_case(letters);
        let moments = match self.moments(local) {
            Moments::None { jump } => return Err(self.never(text, jump)),
            Moments::One(only) => vec![only],
            Moments::Two(first, second) => vec![first, second],
        };
        let right = moments.first().map(|at| self.shown(*at));
        let mut so_called = moments.into_iter().filter(called);
        match (so_called.next(), so_called.next()) {
            (Some(moment), None) => Ok(moment),
            (Some(_), Some(_)) => self.without_letters(text, local),
            (None, _) => Err(NotAMoment::OtherLetters {
                text: repeated(text),
                letters: repeated(letters),
                zone: self.name(),
                right: right.unwrap_or_default(),
            }),
        }
    }

    fn never(self, text: &str, jump: Timestamp) -> NotAMoment {
        let before = jump.plus(chrono::TimeDelta::microseconds(-1));
        let from = jump.utc().with_timezone(&self.offset(before)).naive_local();
        NotAMoment::Never {
            text: repeated(text),
            from: format!("{} {}", from.format("%H:%M"), self.letters(before)),
            to: self.clock(jump),
        }
    }

    /// Whether the clocks of this zone are ever called so.
    fn has_letters(self, letters: &str) -> bool {
        let changes = self.0.changes.iter().map(|change| &change.to);
        std::iter::once(&self.0.first)
            .chain(changes)
            .any(|clocks| clocks.letters.eq_ignore_ascii_case(letters))
    }
}

/// The time and the letters after it: `2026-12-31 13:42`, `CET`.
fn split_letters(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(char::is_whitespace) {
        Some((time, letters)) if letters.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            (time.trim_end(), Some(letters))
        }
        _ => (text, None),
    }
}

/// The seconds ahead of UTC that `UTC`, `GMT`, `UTC+3:30` or `UTC-5` names.
fn offset_of(letters: &str) -> Option<i32> {
    let name = letters.get(..3)?;
    if !name.eq_ignore_ascii_case("UTC") && !name.eq_ignore_ascii_case("GMT") {
        return None;
    }
    let rest = letters.get(3..)?.replace('\u{2212}', "-");
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, figures) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(figures), _) => (1, figures),
        (_, Some(figures)) => (-1, figures),
        (None, None) => return None,
    };
    let (hours, minutes) = figures.split_once(':').unwrap_or((figures, "00"));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(hours) || !(1..=2).contains(&hours.len()) || !plain(minutes) || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
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

/// The time and the seconds ahead of UTC after it: of `27/11/2026 13:42+01:00`, `27/11/2026 13:42` and 3600.
fn split_offset(text: &str) -> Option<(&str, i32)> {
    let plain = |(at, sign): (usize, u8)| match at {
        0 => matches!(sign, b'+' | b'-'),
        3 => sign == b':',
        _ => sign.is_ascii_digit(),
    };
    let (time, offset) = match text.strip_suffix('Z') {
        Some(time) => (time, 0),
        None => {
            let (time, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
            let shaped = offset.bytes().enumerate().all(plain);
            let offset: FixedOffset = shaped.then(|| offset.parse().ok())??;
            (time, offset.local_minus_utc())
        }
    };
    // After letters, as in UTC+01:00, it belongs to them.
    let time = time.trim_end();
    let is_time = time.ends_with(|sign: char| sign.is_ascii_digit());
    is_time.then_some((time, offset))
}

/// What the clocks showed: `time` of the whole `text`, on the day in it or else on `today`.
fn local(text: &str, time: &str, today: Option<NaiveDate>) -> Result<NaiveDateTime, NotAMoment> {
    let unreadable = || {
        NotAMoment::Unreadable(NotATime {
            text: repeated(text),
        })
    };
    let (day, clock) = match (time.split_once('T'), time.rsplit_once(char::is_whitespace)) {
        (Some((day, clock)), _) if read_day(day).is_some() => (Some(day), clock),
        (_, Some((day, clock))) => (Some(day.trim_end()), clock),
        (_, None) => (None, time),
    };
    let seconds: &[&str] = match day {
        Some(_) => &["%H:%M", "%H:%M:%S"],
        None => &["%H:%M"],
    };
    let clock = seconds
        .iter()
        .find_map(|spelling| NaiveTime::parse_from_str(clock, spelling).ok())
        .ok_or_else(unreadable)?;
    let day = match day {
        None => today.ok_or_else(unreadable)?,
        Some(day) => written_day(day).map_err(|why| match why {
            NotADay::Ambiguous { one, other, .. } => {
                let spelled = |day: NaiveDate| day.and_time(clock).format("%Y-%m-%d %H:%M");
                NotAMoment::Ambiguous {
                    text: repeated(text),
                    one: spelled(one).to_string(),
                    other: spelled(other).to_string(),
                }
            }
            NotADay::ShortYear { .. }
            | NotADay::NoSuchDay { .. }
            | NotADay::Year { .. }
            | NotADay::Invisible { .. } => NotAMoment::Day(why),
            NotADay::Unreadable { .. }
            | NotADay::Serial { .. }
            | NotADay::Scan { .. }
            | NotADay::WrongScan { .. } => unreadable(),
        })?,
    };
    Ok(day.and_time(clock))
}
