//! Reading a typed moment in the zone of a site.

use super::{Moments, Zone, moment, offset_in_words};
use crate::{
    decimal::repeated,
    time::{NotATime, Timestamp, read_day},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Why a typed time is no moment at the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMoment {
    /// It can't be read.
    #[error(transparent)]
    Unreadable(NotATime),
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
    /// (`2026-12-31 13:42 CET`), the time alone (today), or with an offset from UTC.
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
        let (time, letters) = split_letters(text);
        let local = local(time, self.day(now)).ok_or_else(unreadable)?;
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
