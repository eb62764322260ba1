//! The time zones of sites, made from the IANA database that is part of the program.

use crate::Fault;
use chrono::{DateTime, Days, NaiveDate, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{OffsetName as _, Tz};
use domain::{
    time::Timestamp,
    zone::{Change, Clocks, Zone, ZoneTable},
};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// The zones made so far. There are as many as the IANA database has names, about 600, so they are kept for good.
static MADE: LazyLock<Mutex<HashMap<Tz, Zone>>> = LazyLock::new(Mutex::default);

/// The years whose changes are known. The database foresees none after them, and no record has a moment before them.
const YEARS: std::ops::Range<i32> = 1970..2101;

/// The zone with this IANA name.
///
/// # Errors
/// [`Fault::UnknownZone`]: a time is never counted or shown in a zone that it isn't in.
pub fn named(name: &str) -> Result<Zone, Fault> {
    let tz: Tz = name
        .parse()
        .map_err(|_| Fault::UnknownZone(name.to_owned()))?;
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(*made
        .entry(tz)
        .or_insert_with(|| Zone::of(Box::leak(Box::new(table(tz))))))
}

/// Every change of the clocks of a zone, found by looking at them day by day.
fn table(tz: Tz) -> ZoneTable {
    let january = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let (first, end) = (january(YEARS.start), january(YEARS.end));
    let start = first.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut changes = Vec::new();
    let mut before = start;
    let days = first.iter_days().take_while(|day| *day < end);
    for day in days.filter_map(|day| day.checked_add_days(Days::new(1))) {
        let after = day.and_time(chrono::NaiveTime::MIN).and_utc();
        if offset(tz, after) != offset(tz, before) {
            let at = change(tz, before, after);
            changes.push(Change {
                at: Timestamp::from(at),
                to: clocks(tz, at),
            });
        }
        before = after;
    }
    ZoneTable {
        name: tz.name().to_owned(),
        first: clocks(tz, start),
        changes,
    }
}

/// The second between two moments at which the clocks are as after and no longer as before.
fn change(tz: Tz, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
    let (mut low, mut high) = (before, after);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if offset(tz, middle) == offset(tz, before) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

fn offset(tz: Tz, at: DateTime<Utc>) -> <Tz as chrono::TimeZone>::Offset {
    tz.offset_from_utc_datetime(&at.naive_utc())
}

fn clocks(tz: Tz, at: DateTime<Utc>) -> Clocks {
    let offset = offset(tz, at);
    let letters = offset.abbreviation().unwrap_or_default();
    Clocks::new(offset.fix().local_minus_utc(), letters)
}

#[cfg(test)]
mod tests;
