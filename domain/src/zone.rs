//! The time zone of a site: which time its clocks show at a moment, which day that is, and which moments a local time
//! was.
//!
//! A zone is plain data: its IANA name, and each change of its clocks. The server makes it from the IANA database; the
//! browser gets the few changes that it needs. Days are counted by the calendar of the zone, hours as they pass.

mod reading;

pub use reading::NotAMoment;

use crate::time::Timestamp;
use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, Timelike as _, Utc,
};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::LazyLock};

/// A time zone. It is copied like a number: the few zones of the sites live as long as the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Zone(&'static ZoneTable);

/// What a zone is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneTable {
    /// Its IANA name, such as `Europe/Rome`.
    pub name: String,
    /// What its clocks show before the first change.
    pub first: Clocks,
    /// Each change of its clocks, the earliest first. The last one holds for all time after it.
    pub changes: Vec<Change>,
}

/// How the clocks of a zone are set for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Seconds ahead of UTC.
    pub offset: i32,
    /// How they are called: `CET`; `UTC+3:30` where the zone has no letters of its own.
    pub letters: String,
}

/// A change of the clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// From which moment.
    pub at: Timestamp,
    /// How they are set from then on.
    pub to: Clocks,
}

/// The moments at which the clocks of a zone showed one local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// None: the clocks went forward over it, at this moment.
    None {
        /// When they did.
        jump: Timestamp,
    },
    /// One, as nearly always.
    One(Timestamp),
    /// Two: the clocks went back over it.
    Two(Timestamp, Timestamp),
}

static UTC: LazyLock<ZoneTable> = LazyLock::new(|| ZoneTable::fixed("UTC", 0, "UTC"));

impl ZoneTable {
    /// A zone whose clocks are never changed, so many seconds ahead of UTC.
    #[must_use]
    pub fn fixed(name: &str, offset: i32, letters: &str) -> Self {
        Self {
            name: name.to_owned(),
            first: Clocks::new(offset, letters),
            changes: Vec::new(),
        }
    }
}

impl Clocks {
    /// Clocks so many seconds ahead of UTC. The IANA database writes `+0330` for a zone without letters; people read
    /// that as `UTC+3:30`.
    #[must_use]
    pub fn new(offset: i32, letters: &str) -> Self {
        let own = letters.starts_with(|c: char| c.is_ascii_alphabetic());
        Self {
            offset,
            letters: if own {
                letters.to_owned()
            } else {
                offset_in_words(offset)
            },
        }
    }

    fn offset(&self) -> FixedOffset {
        FixedOffset::east_opt(self.offset).unwrap_or_else(|| Utc.fix())
    }
}

/// An offset as people write it: `UTC+1`, `UTC+3:30`, `UTC-5`.
fn offset_in_words(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 3600, offset.abs() % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

impl Zone {
    /// The zone of this table.
    #[must_use]
    pub fn of(table: &'static ZoneTable) -> Self {
        Self(table)
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(&UTC)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.0.name
    }

    /// The offset from UTC at a moment.
    #[must_use]
    pub fn offset(self, at: Timestamp) -> FixedOffset {
        self.clocks(at).offset()
    }

    /// What the clocks are called at a moment: `CET`, `CEST`, `UTC+3:30`.
    #[must_use]
    pub fn letters(self, at: Timestamp) -> &'static str {
        &self.clocks(at).letters
    }

    /// What the clocks show at a moment.
    #[must_use]
    pub fn local(self, at: Timestamp) -> NaiveDateTime {
        at.utc().with_timezone(&self.offset(at)).naive_local()
    }

    /// The day of a moment.
    #[must_use]
    pub fn day(self, at: Timestamp) -> NaiveDate {
        self.local(at).date()
    }

    /// How many days of the calendar lie between two moments: 1 from 23:59 to the next day's 00:00.
    #[must_use]
    pub fn days_between(self, from: Timestamp, to: Timestamp) -> i64 {
        (self.day(to) - self.day(from)).num_days()
    }

    /// The last moment of a day: what is due on that day, or keeps until it, is so until then.
    #[must_use]
    pub fn end_of(self, day: NaiveDate) -> Timestamp {
        let next = day
            .succ_opt()
            .unwrap_or(day)
            .and_time(chrono::NaiveTime::MIN);
        let begins = match self.moments(next) {
            Moments::None { jump } => jump,
            // Where midnight is there twice, the day before isn't over at the first.
            Moments::One(at) | Moments::Two(_, at) => at,
        };
        begins.plus(TimeDelta::microseconds(-1))
    }

    /// The moments at which the clocks showed this local time.
    #[must_use]
    pub fn moments(self, local: NaiveDateTime) -> Moments {
        let mut found = self.spans_around(local).filter_map(|(clocks, from, to)| {
            let at = moment(local, clocks.offset)?;
            let within = from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
            within.then_some(at)
        });
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => Moments::Two(first, second),
            (Some(only), None) => Moments::One(only),
            (None, _) => Moments::None {
                jump: self.jump_over(local),
            },
        }
    }

    /// When the clocks went forward over this local time.
    fn jump_over(self, local: NaiveDateTime) -> Timestamp {
        let after = self.spans_around(local).find_map(|(clocks, from, _)| {
            let from = from?;
            (moment(local, clocks.offset)? < from).then_some(from)
        });
        after.unwrap_or_else(|| Timestamp::from(local.and_utc()))
    }

    /// The times between two changes that this local time can lie in, the earliest first: no offset is a day long.
    fn spans_around(
        self,
        local: NaiveDateTime,
    ) -> impl Iterator<Item = (&'static Clocks, Option<Timestamp>, Option<Timestamp>)> {
        let near = Timestamp::from(local.and_utc());
        let (from, to) = (
            near.plus(TimeDelta::days(-2)),
            near.plus(TimeDelta::days(2)),
        );
        let table = self.0;
        let first = table.changes.partition_point(|change| change.at <= from);
        let last = table.changes.partition_point(|change| change.at <= to);
        let at = |place: usize| table.changes.get(place).map(|change| change.at);
        (first..=last).map(move |place| match place.checked_sub(1) {
            None => (&table.first, None, at(0)),
            Some(before) => {
                let clocks = table
                    .changes
                    .get(before)
                    .map_or(&table.first, |change| &change.to);
                (clocks, at(before), at(place))
            }
        })
    }

    fn clocks(self, at: Timestamp) -> &'static Clocks {
        let after = self.0.changes.partition_point(|change| change.at <= at);
        let before = after
            .checked_sub(1)
            .and_then(|last| self.0.changes.get(last));
        before.map_or(&self.0.first, |change| &change.to)
    }

    /// A moment as pages and papers show it: `2026-03-05 13:42 CET`.
    #[must_use]
    pub fn shown(self, at: Timestamp) -> String {
        format!("{} {}", self.typed(at), self.letters(at))
    }

    /// The same to the second, where a clock is compared: `2026-03-05 13:42:07 CET`.
    #[must_use]
    pub fn shown_to_the_second(self, at: Timestamp) -> String {
        let local = self.local(at).format("%Y-%m-%d %H:%M:%S");
        format!("{local} {}", self.letters(at))
    }

    /// A moment of a day that stands beside it: `13:42 CET`.
    #[must_use]
    pub fn clock(self, at: Timestamp) -> String {
        format!("{} {}", self.local(at).format("%H:%M"), self.letters(at))
    }

    /// When something is due: the day alone where it is due on that day, whenever; else the moment.
    #[must_use]
    pub fn due(self, at: Timestamp) -> String {
        let day = self.day(at);
        if self.is_end_of_day(at) {
            day.to_string()
        } else {
            self.shown(at)
        }
    }

    /// Whether this is the last moment of a day, which stands for the whole day where something is due on it.
    #[must_use]
    pub fn is_end_of_day(self, at: Timestamp) -> bool {
        self.end_of(self.day(at)) == at
    }

    /// The second of the day at the site, and the clocks' letters: what a clock on a page goes on from.
    #[must_use]
    pub fn second_of_day(self, at: Timestamp) -> (u32, &'static str) {
        (self.local(at).num_seconds_from_midnight(), self.letters(at))
    }

    /// The next change of the clocks after a moment: all that a clock on a page needs to go on over it.
    #[must_use]
    pub fn next_change(self, at: Timestamp) -> Option<&'static Change> {
        let next = self.0.changes.partition_point(|change| change.at <= at);
        self.0.changes.get(next)
    }

    /// A moment as it is typed: `2026-03-05 13:42`.
    #[must_use]
    pub fn typed(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The same moment for a program to read: RFC 3339 with the offset of that moment.
    #[must_use]
    pub fn rfc3339(self, at: Timestamp) -> String {
        at.utc()
            .with_timezone(&self.offset(at))
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }
}

/// The moment of a local time on clocks so many seconds ahead of UTC.
fn moment(local: NaiveDateTime, offset: i32) -> Option<Timestamp> {
    let utc = local.checked_sub_signed(TimeDelta::seconds(offset.into()))?;
    Some(Timestamp::from(DateTime::<Utc>::from_naive_utc_and_offset(
        utc, Utc,
    )))
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

#[cfg(test)]
pub(crate) mod tests;
