//! How long a session lasts, and how many of them a person has.

use super::Ending;
use crate::{clock::SKEW, ids::SessionId, time::Timestamp};
use chrono::TimeDelta;

/// A session without a request for this long has ended. Nobody can switch that off (A11d-11.8).
pub const IDLE: TimeDelta = TimeDelta::minutes(15);
/// No session lasts longer than a long shift.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// So many sessions of a person last at the same time; with a further one, that which was used longest ago ends.
pub const MOST_SESSIONS: usize = 20;

/// A session that was not ended yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSession {
    /// Which.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
}

impl OpenSession {
    /// Whether it is over, and only nobody has said so yet.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        // The clock was ahead when it was used last: nobody knows how long ago that was. Servers differ by seconds.
        let from_the_future = |at: Timestamp| at.since(now) > SKEW;
        from_the_future(self.last_seen_at)
            || from_the_future(self.created_at)
            || now.since(self.last_seen_at) > IDLE
            || now.since(self.created_at) > LONGEST
    }
}

/// Which of a person's open sessions end when they sign in once more. A browser that was closed never comes back to say so:
/// what is over ends then; and nobody has more than [`MOST_SESSIONS`].
#[must_use]
pub fn sessions_over(open: &[OpenSession], now: Timestamp) -> Vec<(Ending, Vec<SessionId>)> {
    let (over, mut last): (Vec<_>, Vec<_>) = open
        .iter()
        .copied()
        .partition(|session| session.is_over(now));
    last.sort_by_key(|session| (session.last_seen_at, session.id.0));
    last.truncate((last.len() + 1).saturating_sub(MOST_SESSIONS));
    let ids = |sessions: Vec<OpenSession>| sessions.iter().map(|session| session.id).collect();
    let mut ended: Vec<(Ending, Vec<SessionId>)> =
        vec![(Ending::Expired, ids(over)), (Ending::TooMany, ids(last))];
    ended.retain(|(_, sessions)| !sessions.is_empty());
    ended
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use uuid::Uuid;

    fn noon() -> Timestamp {
        Timestamp::parse("2026-03-05T12:00:00Z").unwrap()
    }

    /// A session that began and was last used so many minutes ago; before zero it lies ahead.
    fn open(number: u128, began: i64, used: i64) -> OpenSession {
        let ago = |minutes| noon().plus(-TimeDelta::minutes(minutes));
        OpenSession {
            id: SessionId(Uuid::from_u128(number)),
            created_at: ago(began),
            last_seen_at: ago(used),
        }
    }

    fn ended(open: &[OpenSession]) -> Vec<(Ending, Vec<u128>)> {
        let number = |id: &SessionId| id.0.as_u128();
        sessions_over(open, noon())
            .iter()
            .map(|(why, ids)| (*why, ids.iter().map(number).collect()))
            .collect()
    }

    #[test]
    fn a_session_is_over_after_15_minutes_after_12_hours_and_where_the_clock_was_set_back() {
        for (began, used, over) in [
            (0, 0, false),
            (60, 15, false),
            (60, 16, true),
            (12 * 60, 1, false),
            (12 * 60 + 1, 1, true),
            // Last used at a moment that is still to come.
            (60, -30, true),
            (-30, -30, true),
        ] {
            let session = open(1, began, used);
            assert_eq!(session.is_over(noon()), over, "{began} {used}");
            // Within what servers differ by it lasts.
            let skewed = OpenSession {
                last_seen_at: noon().plus(SKEW),
                ..open(1, 5, 0)
            };
            assert!(!skewed.is_over(noon()));
        }
    }

    #[test]
    fn with_the_twenty_first_session_that_which_was_used_longest_ago_ends() {
        assert_eq!(ended(&[]), []);
        assert_eq!(
            ended(&[open(1, 30, 16), open(2, 30, 3)]),
            [(Ending::Expired, vec![1])]
        );
        // Number 5 was used longest ago, then number 4 and so on.
        let many = |count: u128| -> Vec<_> {
            (1..=count)
                .map(|number| open(number, 12, (number % 6) as i64 + 1))
                .collect()
        };
        assert_eq!(ended(&many(19)), []);
        assert_eq!(ended(&many(20)), [(Ending::TooMany, vec![5])]);
        let mut more = many(21);
        more.push(open(90, 30, 16));
        assert_eq!(
            ended(&more),
            [(Ending::Expired, vec![90]), (Ending::TooMany, vec![5, 11])]
        );
    }
}
