//! Limits of a day or a moment against the work that it was entered for: an expiry is not before the day of use.

use crate::{batch::FieldValue, decimal::repeated, rights::words, time::Timestamp, zone::Zone};
use chrono::{Days, NaiveDate, TimeDelta};
use std::{fmt, str::FromStr};

words! {
    /// What a day or a moment is compared with.
    Anchor, "a point in time that a limit can name" {
        /// When the work was performed, as the person says: not when it was written down.
        PerformedAt = "performed_at", "use";
        /// When the marrow was taken.
        CollectedAt = "collected_at", "collection";
    }
}

words! {
    /// How a day or a moment is compared.
    Comparison, "a comparison" {
        /// Not before.
        AtLeast = ">=", "≥";
        /// After.
        Above = ">", ">";
        /// Not after.
        AtMost = "<=", "≤";
        /// Before.
        Below = "<", "<";
    }
}

impl Comparison {
    fn admits<T: Ord>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
        }
    }

    /// Whether it bounds from below.
    fn is_lower(self) -> bool {
        match self {
            Self::AtLeast | Self::Above => true,
            Self::AtMost | Self::Below => false,
        }
    }
}

/// In what an offset from an anchor is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Days of the site's calendar, for a day.
    Days,
    /// Hours, for a moment.
    Hours,
}

impl TimeUnit {
    fn words(self, count: i64) -> &'static str {
        match (self, count.unsigned_abs()) {
            (Self::Days, 1) => "day",
            (Self::Days, _) => "days",
            (Self::Hours, 1) => "hour",
            (Self::Hours, _) => "hours",
        }
    }
}

/// One bound: `>= collected_at - 30 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBound {
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub anchor: Anchor,
    /// So much later than the anchor; below zero for earlier.
    pub offset: i64,
    /// In what the offset is counted.
    pub unit: TimeUnit,
}

/// A limit on a day or a moment: one bound, or a lower and an upper one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeLimit {
    bounds: Vec<TimeBound>,
}

/// The points in time that a limit is judged against, and the calendar of the site.
#[derive(Debug, Clone, Copy)]
pub struct ActTimes {
    /// When the work was performed.
    pub performed_at: Timestamp,
    /// When the marrow was taken.
    pub collected_at: Timestamp,
    /// The zone of the site, whose calendar counts its days.
    pub zone: Zone,
}

impl ActTimes {
    fn at(&self, anchor: Anchor) -> Timestamp {
        match anchor {
            Anchor::PerformedAt => self.performed_at,
            Anchor::CollectedAt => self.collected_at,
        }
    }
}

impl TimeLimit {
    /// The bounds, in the order of the document.
    #[must_use]
    pub fn bounds(&self) -> &[TimeBound] {
        &self.bounds
    }

    /// The limit in words before anything is known of the work: `≥ day of use`.
    #[must_use]
    pub fn text(&self) -> String {
        let words: Vec<_> = self.bounds.iter().map(TimeBound::text).collect();
        words.join(" and ")
    }

    /// The bounds in words that `value` misses, each with what it came to for this work; `None` where it meets them.
    #[must_use]
    pub fn missed_by(&self, value: &FieldValue, act: &ActTimes) -> Option<String> {
        let missed: Vec<_> = self
            .bounds
            .iter()
            .filter_map(|bound| bound.missed_by(value, act))
            .collect();
        (!missed.is_empty()).then(|| missed.join(" and "))
    }
}

impl TimeBound {
    fn text(&self) -> String {
        format!("{} {}", self.comparison, self.of_anchor())
    }

    fn of_anchor(&self) -> String {
        let of = match self.unit {
            TimeUnit::Days => "day of",
            TimeUnit::Hours => "time of",
        };
        let side = match self.offset {
            0 => return format!("{of} {}", self.anchor),
            1.. => "after",
            _ => "before",
        };
        let (count, unit) = (self.offset.unsigned_abs(), self.unit.words(self.offset));
        format!("{count} {unit} {side} {of} {}", self.anchor)
    }

    fn missed_by(&self, value: &FieldValue, act: &ActTimes) -> Option<String> {
        let anchor = act.at(self.anchor);
        let (admitted, bound) = match value {
            FieldValue::Day(day) => {
                let bound = moved(act.zone.day(anchor), self.offset);
                (self.comparison.admits(day, &bound), bound.to_string())
            }
            FieldValue::Moment(at) => {
                let bound = anchor.plus(TimeDelta::hours(self.offset));
                // A time typed to the minute means that whole minute.
                let admitted = self.comparison.admits(&minute(*at), &minute(bound));
                (admitted, act.zone.shown(bound))
            }
            FieldValue::Number(_)
            | FieldValue::Text(_)
            | FieldValue::Choice(_)
            | FieldValue::YesNo(_) => return None,
        };
        let words = || format!("{} {bound} ({})", self.comparison, self.of_anchor());
        (!admitted).then(words)
    }
}

/// The day so many days later; at the ends of the calendar the day itself.
fn moved(day: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        day.checked_sub_days(count)
    } else {
        day.checked_add_days(count)
    };
    moved.unwrap_or(day)
}

fn minute(at: Timestamp) -> i64 {
    at.micros().div_euclid(60_000_000)
}

impl fmt::Display for TimeLimit {
    /// As a document writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, bound) in self.bounds.iter().enumerate() {
            if place > 0 {
                f.write_str(" and ")?;
            }
            bound.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for TimeBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.comparison.code(), self.anchor.code())?;
        if self.offset != 0 {
            let sign = if self.offset < 0 { '-' } else { '+' };
            let count = self.offset.unsigned_abs();
            write!(f, " {sign} {count} {}", self.unit.words(self.offset))?;
        }
        Ok(())
    }
}

/// A text that is no limit of a day or a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotATimeLimit {
    /// It is spelled otherwise.
    #[error(
        "“{0}” is no limit of a day or a moment; write it as \">= performed_at\" or \">= collected_at - 30 days and <= performed_at\""
    )]
    Spelling(String),
    /// An offset so long that every value meets the bound, or none.
    #[error(
        "“{0}” is more than ten years away from its point in time: every day or moment is on one side of that, so the limit \
         judges nothing. Write {MOST_DAYS} days or {MOST_HOURS} hours at most"
    )]
    TooFar(String),
    /// Nothing lies between the bounds.
    #[error(
        "no day or moment can meet the limit “{0}”: its lower bound is not before its upper one, and no work is done before \
         the collection. Write the bounds that are meant"
    )]
    Nothing(String),
}

/// Ten years: no lot keeps longer, and no test counts longer.
const MOST_DAYS: i64 = 3660;
const MOST_HOURS: i64 = MOST_DAYS * 24;

impl FromStr for TimeLimit {
    type Err = NotATimeLimit;

    fn from_str(text: &str) -> Result<Self, NotATimeLimit> {
        let wrong = || NotATimeLimit::Spelling(repeated(text));
        let bounds: Option<Vec<_>> = text.split(" and ").map(bound).collect();
        let bounds = bounds.ok_or_else(wrong)?;
        // One from below and one from above; and one kind of unit.
        let one_of = |lower: bool| {
            (bounds.iter())
                .filter(|bound| bound.comparison.is_lower() == lower)
                .count()
                <= 1
        };
        let units_agree = bounds
            .windows(2)
            .all(|pair| pair[0].offset == 0 || pair[1].offset == 0 || pair[0].unit == pair[1].unit);
        if !(one_of(true) && one_of(false) && units_agree) {
            return Err(wrong());
        }
        let limit = Self { bounds };
        if let Some(far) = limit.bounds.iter().find(|bound| bound.is_too_far()) {
            return Err(NotATimeLimit::TooFar(far.to_string()));
        }
        if limit.is_empty() {
            return Err(NotATimeLimit::Nothing(limit.to_string()));
        }
        Ok(limit)
    }
}

fn bound(text: &str) -> Option<TimeBound> {
    let mut parts = text.split_whitespace();
    let comparison = parts.next()?.parse().ok()?;
    let anchor = parts.next()?.parse().ok()?;
    let (offset, unit) = match parts.next() {
        None => (0, TimeUnit::Days),
        Some(sign) => {
            let digits = parts.next()?;
            // `parse` takes a sign as well; seven digits are too far in any case.
            let plain = digits.len() <= 7 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let count = digits.parse::<i64>().ok().filter(|_| plain)?;
            let count = Some(count).filter(|count| *count > 0)?;
            let unit = match parts.next()? {
                "day" | "days" => TimeUnit::Days,
                "hour" | "hours" => TimeUnit::Hours,
                _ => return None,
            };
            match sign {
                "+" => (count, unit),
                "-" => (-count, unit),
                _ => return None,
            }
        }
    };
    parts.next().is_none().then_some(TimeBound {
        comparison,
        anchor,
        offset,
        unit,
    })
}

impl TimeBound {
    fn is_too_far(&self) -> bool {
        let most = match self.unit {
            TimeUnit::Days => MOST_DAYS,
            TimeUnit::Hours => MOST_HOURS,
        };
        self.offset.abs() > most
    }
}

impl TimeLimit {
    /// Whether no value meets it, whenever the work was done.
    fn is_empty(&self) -> bool {
        let bound = |lower| (self.bounds.iter()).find(|bound| bound.comparison.is_lower() == lower);
        let (Some(low), Some(high)) = (bound(true), bound(false)) else {
            return false;
        };
        // The work is not before the collection: from the collection on, any work is late enough.
        if low.anchor == Anchor::CollectedAt && high.anchor == Anchor::PerformedAt {
            return false;
        }
        // Elsewhere the best case is work at the very collection, in which both bounds count from one point in time.
        let room = high.offset - low.offset;
        let strict = |bound: &TimeBound| match bound.comparison {
            Comparison::Above | Comparison::Below => true,
            Comparison::AtLeast | Comparison::AtMost => false,
        };
        // Between two days that follow each other lies none; between two minutes a day apart many.
        let in_days = [low, high].iter().all(|bound| bound.unit == TimeUnit::Days);
        match (strict(low), strict(high)) {
            (false, false) => room < 0,
            (true, false) | (false, true) => room < 1,
            (true, true) => room < if in_days { 2 } else { 1 },
        }
    }
}

impl TimeLimit {
    /// The same limit for a value that is counted in `unit`; `None` where the document counts an offset in the other.
    #[must_use]
    pub fn counted_in(mut self, unit: TimeUnit) -> Option<Self> {
        for bound in &mut self.bounds {
            if bound.offset != 0 && bound.unit != unit {
                return None;
            }
            bound.unit = unit;
        }
        Some(self)
    }

    /// Whether a value that meets it can lie after the work: then the field must take days of the future.
    #[must_use]
    pub fn reaches_past_the_work(&self) -> bool {
        let from_work = |bound: &&TimeBound| bound.anchor == Anchor::PerformedAt;
        (self.bounds.iter())
            .filter(from_work)
            .any(|bound| bound.comparison.is_lower() && bound.offset >= 0)
    }
}

#[cfg(test)]
mod tests;
