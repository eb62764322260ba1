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
            write!(f, "{} {}", bound.comparison.code(), bound.anchor.code())?;
            if bound.offset != 0 {
                let sign = if bound.offset < 0 { '-' } else { '+' };
                let count = bound.offset.unsigned_abs();
                write!(f, " {sign} {count} {}", bound.unit.words(bound.offset))?;
            }
        }
        Ok(())
    }
}

/// A text that is no limit of a day or a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no limit of a day or a moment; write it as \">= performed_at\" or \">= collected_at - 30 days and <= performed_at\""
)]
pub struct NotATimeLimit(pub String);

/// No offset of a lot or a test is longer.
const MOST: i64 = 36_500;

impl FromStr for TimeLimit {
    type Err = NotATimeLimit;

    fn from_str(text: &str) -> Result<Self, NotATimeLimit> {
        let wrong = || NotATimeLimit(repeated(text));
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
        if one_of(true) && one_of(false) && units_agree {
            Ok(Self { bounds })
        } else {
            Err(wrong())
        }
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
            // `parse` takes a sign as well.
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            let count = digits.parse::<i64>().ok().filter(|_| plain)?;
            let count = Some(count).filter(|count| (1..=MOST).contains(count))?;
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
mod tests {
    use super::*;

    fn limit(text: &str) -> TimeLimit {
        text.parse().unwrap_or_else(|why| panic!("{why}"))
    }

    #[test]
    fn a_limit_of_a_day_has_one_spelling() {
        for text in [
            ">= performed_at",
            "> performed_at + 1 day",
            ">= collected_at - 30 days and <= collected_at + 7 days",
            "< collected_at",
        ] {
            assert_eq!(limit(text).to_string(), text);
        }
        for text in [
            "",
            "performed_at",
            "= performed_at",
            ">= now",
            ">= performed_at +1 days",
            ">= performed_at + -1 days",
            ">= performed_at + 0 days",
            ">= performed_at + 1",
            ">= performed_at + 1 month",
            ">= performed_at + 1 day x",
            ">= performed_at and > collected_at",
            ">= performed_at + 99999 days",
            ">= performed_at - 1 day and <= performed_at + 1 hour",
            ">= performed_at and",
        ] {
            assert!(text.parse::<TimeLimit>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_limit_says_what_it_is_counted_from() {
        for (text, words) in [
            (">= performed_at", "≥ day of use"),
            (
                ">= collected_at - 30 days and <= collected_at + 1 day",
                "≥ 30 days before day of collection and ≤ 1 day after day of collection",
            ),
        ] {
            let days = limit(text).counted_in(TimeUnit::Days);
            assert_eq!(days.map(|limit| limit.text()).as_deref(), Some(words));
        }
        let hours = limit(">= performed_at - 24 hours");
        assert_eq!(hours.clone().counted_in(TimeUnit::Days), None);
        let words = hours.counted_in(TimeUnit::Hours).map(|limit| limit.text());
        assert_eq!(words.as_deref(), Some("≥ 24 hours before time of use"));
    }
}
