//! The clock of the record: whether what the server's clock shows may be written down as the time.
//!
//! Windows, shelf lives and the order of signatures all rest on one clock. Where it is behind what was already recorded, or
//! has jumped, nobody can say what the time is, and nothing but what can't wait is recorded until two people have read the
//! time elsewhere (`docs/adr/0016-a-clock-that-is-wrong-stops-the-record.md`).

mod confirm;
mod event;
mod record;

pub use confirm::{Confirming, Refusal, confirm, doubt, is_close};
pub use event::{ClockCopied, ClockCorrected, ClockEvent, ClockRead, CopiedFrom, Reader};
pub use record::{ClockRecord, Correction, OpenDoubt};

use crate::{rights::words, time::Timestamp};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Servers that keep their clocks by a time service differ by less. What is behind the newest entry by no more than this is
/// recorded at the time of that entry.
pub const SKEW: TimeDelta = TimeDelta::seconds(10);

/// A clock that is set by more than this while the program runs has jumped.
pub const JUMP: TimeDelta = TimeDelta::seconds(60);

/// Clocks that no time service corrects drift by less than this part of the time that has passed.
const DRIFT: i32 = 1_000;

/// A record that nothing was added to for longer was hardly at work: where no time service keeps the clock, it is as likely
/// that the clock is ahead.
pub const LONGEST_SILENCE: TimeDelta = TimeDelta::days(7);

/// What a clock shows that nobody can set, and whether a time service keeps the one that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steady {
    /// The time since some moment in the past; it goes on while the machine is suspended.
    pub elapsed: TimeDelta,
    /// Whether a time service keeps the machine's clock.
    pub synchronised: Synchronised,
}

/// Whether a time service keeps the machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronised {
    /// It does, as the system says.
    Yes,
    /// It doesn't, or nobody can say.
    Unknown,
}

/// What the clocks show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The server's clock.
    pub wall: Timestamp,
    /// The one beside it; `None` where the time is told, and not measured.
    pub steady: Option<Steady>,
}

/// A moment at which the server's clock was right, and what the steady clock showed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The time.
    pub wall: Timestamp,
    /// The steady clock.
    pub elapsed: TimeDelta,
}

words! {
    /// Why the time can't be written down.
    Cause, "a reason to doubt a clock" {
        /// It is behind what was recorded already.
        BehindRecord = "behind-record", "behind the newest entry";
        /// It was set forward while the program ran.
        SetForward = "set-forward", "set forward while Autolog was running";
        /// It was set back while the program ran.
        SetBack = "set-back", "set back while Autolog was running";
        /// At the start it was far ahead of the newest entry, and no time service keeps it.
        FarAhead = "far-ahead", "far ahead of the newest entry, with no time service";
    }
}

/// A clock whose time can't be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    /// Why.
    pub cause: Cause,
    /// What it showed.
    pub shown: Timestamp,
    /// What it was held against: the newest entry, or the time by the steady clock.
    pub expected: Timestamp,
}

/// What a reading is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It is the time.
    Fine(Timestamp),
    /// It is behind the newest entry by the skew of two servers: the time of that entry is written.
    Clamped(Timestamp),
    /// It can't be written down as the time.
    InDoubt(Doubt),
}

/// Judges a reading against the newest entry and against what was measured since `anchor`; without an anchor the program
/// has just started.
#[must_use]
pub fn judge(reading: &Reading, anchor: Option<&Anchor>, newest: Option<Timestamp>) -> Judgement {
    let shown = reading.wall;
    let in_doubt = |cause, expected| {
        Judgement::InDoubt(Doubt {
            cause,
            shown,
            expected,
        })
    };
    if let Some(newest) = newest
        && newest.since(shown) > SKEW
    {
        return in_doubt(Cause::BehindRecord, newest);
    }
    match (reading.steady, anchor) {
        (Some(steady), Some(anchor)) => {
            let passed = steady.elapsed - anchor.elapsed;
            let expected = anchor.wall.plus(passed);
            let allowed = JUMP + passed / DRIFT;
            if shown.since(expected) > allowed {
                return in_doubt(Cause::SetForward, expected);
            }
            if expected.since(shown) > allowed {
                return in_doubt(Cause::SetBack, expected);
            }
        }
        (Some(steady), None) => {
            let silent = |newest: &Timestamp| shown.since(*newest) > LONGEST_SILENCE;
            if steady.synchronised == Synchronised::Unknown
                && let Some(newest) = newest.filter(silent)
            {
                return in_doubt(Cause::FarAhead, newest);
            }
        }
        (None, _) => {}
    }
    match newest {
        Some(newest) if shown < newest => Judgement::Clamped(newest),
        _ => Judgement::Fine(shown),
    }
}

/// Whether the time of an entry was confirmed when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// It was.
    Confirmed,
    /// It was not: its `recorded_at` is what a clock showed that may have been wrong.
    NotConfirmed,
}

impl ClockState {
    /// The word that stands in the record.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::NotConfirmed => "not-confirmed",
        }
    }
}

impl std::str::FromStr for ClockState {
    type Err = NotAClockState;

    fn from_str(text: &str) -> Result<Self, NotAClockState> {
        [Self::Confirmed, Self::NotConfirmed]
            .into_iter()
            .find(|state| state.code() == text)
            .ok_or(NotAClockState)
    }
}

/// A word that is no [`ClockState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is neither confirmed nor not-confirmed")]
pub struct NotAClockState;

#[cfg(test)]
mod tests;
