//! Ending a doubt: two people read the time elsewhere.

use super::{Cause, ClockCorrected, ClockEvent, ClockRead, ClockRecord, Doubt, OpenDoubt, Reader};
use crate::{
    ids::UserId,
    ledger::Signed,
    refusal::{Checks, Several, Words},
    rights::{Action, Role, role_for},
    time::Timestamp,
    zone::Zone,
};
use chrono::TimeDelta;

/// A time that was read to the minute, typed and sent, is as close as this to a clock that is right.
const CLOSE: TimeDelta = TimeDelta::minutes(2);

/// The second person confirms within this time after the first: later, the clock may have been set in between.
const SECOND_WITHIN: TimeDelta = TimeDelta::minutes(30);

/// The longest name of a source.
const LONGEST_SOURCE: usize = 200;

/// Who confirms, when, and what is known then.
#[derive(Debug, Clone)]
pub struct Confirming {
    /// The account.
    pub user: UserId,
    /// Its printed name.
    pub name: String,
    /// Its roles, at any site.
    pub roles: Vec<Role>,
    /// What the server's clock shows.
    pub shown: Timestamp,
    /// The zone of the person's place, to name times as they are read there.
    pub zone: Zone,
    /// The digest over what was recorded of the clock, present only where the password was given in this very request.
    pub signing: Option<Signed>,
    /// The latest time that stands in any ledger.
    pub newest: Option<Timestamp>,
    /// The first time that stands in any ledger and is after [`Self::shown`].
    pub first_beyond: Option<Timestamp>,
}

/// Why the clock isn't confirmed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No role of the person allows it.
    #[error("Your roles don't allow you to {action}. Ask a person with that role.")]
    NotAllowed {
        /// What they asked for.
        action: Action,
    },
    /// The password was not given.
    #[error("Confirming the clock needs your user name and password. Enter both.")]
    NotAuthenticated,
    /// Nothing is in doubt.
    #[error("The clock is confirmed already. There is nothing to do.")]
    NotInDoubt,
    /// The clock of the server isn't right.
    #[error(
        "The server's clock shows {shown}, you read {read}: they differ by more than {} minutes. Have the server's clock set, \
         then read the time again.", CLOSE.num_minutes()
    )]
    Differs {
        /// What the server shows.
        shown: String,
        /// What was read.
        read: String,
    },
    /// No source, or too long a one.
    #[error(
        "Enter where you read the time, in at most {LONGEST_SOURCE} characters: a radio clock, a phone."
    )]
    Source,
    /// Both the time and where it was read.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
    /// The second person is the first.
    #[error(
        "{name} has confirmed the time already. A second person has to read it elsewhere and confirm it here."
    )]
    SamePerson {
        /// Who.
        name: String,
    },
}

impl Several for Refusal {
    fn several(refused: Vec<Self>) -> Self {
        Self::Several(refused)
    }
}

impl Refusal {
    /// The words of everything that was refused, each at its field.
    #[must_use]
    pub fn all_words(&self) -> Vec<Words> {
        match self {
            Self::Several(refusals) => refusals.iter().flat_map(Self::all_words).collect(),
            one => vec![one.words()],
        }
    }

    /// The words, at the field that they are about.
    #[must_use]
    pub fn words(&self) -> Words {
        let text = self.to_string();
        match self {
            Self::Differs { .. } => Words::at("read", text),
            Self::Source => Words::at("source", text),
            Self::NotAuthenticated => Words::at("password", text),
            Self::NotAllowed { .. }
            | Self::NotInDoubt
            | Self::SamePerson { .. }
            | Self::Several(_) => Words::of(text),
        }
    }
}

/// What the program records once it has noticed that the clock can't be right; nothing where that stands there already.
#[must_use]
pub fn doubt(record: &ClockRecord, noticed: Doubt) -> Option<ClockEvent> {
    match &record.doubt {
        None => Some(ClockEvent::ClockDoubted(noticed)),
        Some(_) => None,
    }
}

/// What a person's reading of the time elsewhere comes to: the first is noted, the second ends the doubt.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn confirm(
    record: &ClockRecord,
    by: &Confirming,
    read: Timestamp,
    source: &str,
) -> Result<ClockEvent, Refusal> {
    let action = Action::ConfirmClock;
    let role = role_for(&by.roles, action).ok_or(Refusal::NotAllowed { action })?;
    let open = record.doubt.as_ref().ok_or(Refusal::NotInDoubt)?;
    let in_time = |first: &Reader| {
        let since = by.shown.since(first.shown);
        since >= TimeDelta::zero() && since <= SECOND_WITHIN
    };
    let first = open.first.clone().filter(in_time);
    if let Some(first) = first.as_ref().filter(|first| first.user == by.user) {
        let name = first.name.clone();
        return Err(Refusal::SamePerson { name });
    }
    check_reading(read, source, by.shown, by.zone)?;
    let signed = by.signing.clone().ok_or(Refusal::NotAuthenticated)?;
    let reader = Reader {
        user: by.user,
        name: by.name.clone(),
        role,
        read,
        source: source.trim().to_owned(),
        shown: by.shown,
    };
    match first {
        None => Ok(ClockEvent::ClockRead(ClockRead { reader, signed })),
        Some(first) => {
            let (from, to) = span(open, by);
            Ok(ClockEvent::ClockCorrected(ClockCorrected {
                cause: open.doubt.cause,
                from,
                to,
                readers: vec![first, reader],
                signed,
            }))
        }
    }
}

/// Whether a reading can be taken: what was read, and where, held against what the server's clock shows.
///
/// # Errors
/// Everything that is wrong with it, as one [`Refusal`].
fn check_reading(
    read: Timestamp,
    source: &str,
    shown: Timestamp,
    zone: Zone,
) -> Result<(), Refusal> {
    let mut checks = Checks::default();
    if !is_close(read, shown) {
        checks.refuse(Refusal::Differs {
            shown: zone.shown_to_the_second(shown),
            read: zone.shown_to_the_second(read),
        });
    }
    let source = source.trim();
    if source.is_empty() || source.chars().count() > LONGEST_SOURCE {
        checks.refuse(Refusal::Source);
    }
    checks.finish()
}

/// The times in the record that may be wrong: from the first that is after the true time, or from the doubt on, up to the
/// last that was recorded.
fn span(open: &OpenDoubt, by: &Confirming) -> (Timestamp, Timestamp) {
    let Doubt {
        cause,
        shown,
        expected,
    } = open.doubt;
    let begun = match cause {
        // What stands in the record is ahead of the true time: the first of it is looked for.
        Cause::BehindRecord => by.first_beyond.unwrap_or(open.recorded_at),
        Cause::SetForward | Cause::SetBack => expected.min(shown).min(open.recorded_at),
        Cause::FarAhead => shown.min(open.recorded_at),
    };
    let from = by.first_beyond.map_or(begun, |first| first.min(begun));
    let to = by.newest.unwrap_or(open.recorded_at).max(open.recorded_at);
    (from.min(to), to)
}

/// Whether a time that somebody read to the minute is what a clock shows.
#[must_use]
pub fn is_close(read: Timestamp, shown: Timestamp) -> bool {
    read.since(shown).abs() <= CLOSE
}
