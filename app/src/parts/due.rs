//! When something is due, and how that stands against now.

use chrono::TimeDelta;
use domain::time::Timestamp;
use domain::zone::Zone;

/// When something is due, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day, or day and time.
    pub when: String,
    /// How long until then, or since: `in 3 h`, `today`, `overdue by 2 days`.
    pub words: String,
    /// Whether it should be done by now.
    pub overdue: bool,
}

impl Due {
    /// What is due until a moment, looked at now. What is due on a day is due that whole day, and what is due at a time is
    /// not overdue within its minute.
    #[must_use]
    pub fn of(zone: Zone, due: Timestamp, now: Timestamp) -> Self {
        Self {
            when: zone.due(due),
            words: if zone.is_end_of_day(due) {
                days(zone.days_between(now, due))
            } else {
                minutes(due.minute() - now.minute())
            },
            overdue: due.is_overdue(now),
        }
    }
}

fn days(left: i64) -> String {
    match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2.. => format!("in {left} days"),
        -1 => "overdue by 1 day".to_owned(),
        _ => format!("overdue by {} days", -left),
    }
}

fn minutes(left: i64) -> String {
    match left {
        0 => "due now".to_owned(),
        1.. => format!("in {}", span(TimeDelta::minutes(left))),
        _ => format!("overdue by {}", span(TimeDelta::minutes(-left))),
    }
}

/// A span of time in one figure.
fn span(time: TimeDelta) -> String {
    match time {
        time if time >= TimeDelta::days(2) => format!("{} days", time.num_days()),
        time if time >= TimeDelta::hours(2) => format!("{} h", time.num_hours()),
        time => format!("{} min", time.num_minutes()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_span_is_said_in_one_figure() {
        let cases = [
            (0, "0 min"),
            (119, "119 min"),
            (120, "2 h"),
            (2879, "47 h"),
            (2880, "2 days"),
            (14_400, "10 days"),
        ];
        for (minutes, words) in cases {
            assert_eq!(span(TimeDelta::minutes(minutes)), words);
        }
    }

    #[test]
    fn nothing_is_overdue_in_the_minute_or_on_the_day_on_which_it_is_due() {
        let moment = |text: &str| Timestamp::parse(text).unwrap();
        let rome = store::zone::named("Europe/Rome").unwrap();
        let on = |day: &str| rome.end_of(day.parse().unwrap());
        let at = moment("2026-03-12T12:42:10Z");
        let cases = [
            (
                at,
                "2026-03-12T12:42:10Z",
                "2026-03-12 13:42 CET",
                "due now",
                false,
            ),
            (
                at,
                "2026-03-12T12:42:59Z",
                "2026-03-12 13:42 CET",
                "due now",
                false,
            ),
            (
                at,
                "2026-03-12T12:43:00Z",
                "2026-03-12 13:42 CET",
                "overdue by 1 min",
                true,
            ),
            (
                at,
                "2026-03-12T12:41:59Z",
                "2026-03-12 13:42 CET",
                "in 1 min",
                false,
            ),
            (
                at,
                "2026-03-12T09:42:59Z",
                "2026-03-12 13:42 CET",
                "in 3 h",
                false,
            ),
            (
                on("2026-03-12"),
                "2026-03-11T23:00:00Z",
                "2026-03-12",
                "today",
                false,
            ),
            (
                on("2026-03-12"),
                "2026-03-12T22:59:59Z",
                "2026-03-12",
                "today",
                false,
            ),
            (
                on("2026-03-12"),
                "2026-03-12T23:00:00Z",
                "2026-03-12",
                "overdue by 1 day",
                true,
            ),
            (
                on("2026-03-12"),
                "2026-03-11T22:59:59Z",
                "2026-03-12",
                "tomorrow",
                false,
            ),
            (
                on("2026-03-12"),
                "2026-03-20T12:00:00Z",
                "2026-03-12",
                "overdue by 8 days",
                true,
            ),
            // The day on which the clocks go forward has 23 hours, the one on which they go back 25.
            (
                on("2026-03-29"),
                "2026-03-28T23:00:00Z",
                "2026-03-29",
                "today",
                false,
            ),
            (
                on("2026-03-29"),
                "2026-03-29T22:00:00Z",
                "2026-03-29",
                "overdue by 1 day",
                true,
            ),
            (
                on("2026-10-25"),
                "2026-10-25T22:59:59Z",
                "2026-10-25",
                "today",
                false,
            ),
            (
                on("2026-10-28"),
                "2026-10-24T22:00:00Z",
                "2026-10-28",
                "in 3 days",
                false,
            ),
        ];
        for (due, now, when, words, overdue) in cases {
            let expected = Due {
                when: when.to_owned(),
                words: words.to_owned(),
                overdue,
            };
            assert_eq!(Due::of(rome, due, moment(now)), expected, "{now}");
        }
    }
}
