//! What departs from the expected. QA reviews by exception: each one must be assessed before the batch is reviewed.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::ExceptionCommand;
pub use event::ExceptionEvent;
pub use refusal::ExceptionRefusal;

use super::Stamp;
use crate::{master_record::StepRef, time::Timestamp};

/// A departure from the expected, made by one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Who and when; its event is the exception's number.
    pub stamp: Stamp,
    /// The step, where it is about one.
    pub step: Option<StepRef>,
    /// What departs.
    pub kind: ExceptionKind,
    /// QA's assessment, and who made it.
    pub assessed: Option<(String, Stamp)>,
}

/// What departs from the expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExceptionKind {
    /// A value outside its limit.
    OutsideLimit {
        /// The field's label.
        field: String,
        /// The value.
        value: String,
        /// The limit.
        limit: String,
    },
    /// A computed figure outside its limit.
    OutsideCheck {
        /// The figure.
        figure: String,
        /// Its value.
        value: String,
        /// The limit.
        limit: String,
    },
    /// Recorded late.
    Late {
        /// When it was done, as the person said.
        performed_at: Timestamp,
    },
    /// Done outside its window in time.
    OutsideWindow {
        /// From when it was to be done.
        from: Timestamp,
        /// Until when.
        to: Timestamp,
        /// When it was done.
        performed_at: Timestamp,
    },
    /// Corrected.
    Corrected {
        /// The field's label.
        field: String,
        /// Why.
        reason: String,
    },
    /// Marked as not applicable.
    NotApplicable {
        /// The field or step.
        what: String,
        /// Why.
        reason: String,
    },
    /// The culture ended before its target.
    CultureEnded {
        /// Why.
        reason: String,
    },
    /// A result was invalidated.
    ResultInvalidated {
        /// The test.
        test: String,
        /// The listed reason.
        reason: String,
    },
    /// A result was corrected, or typed again, and is judged otherwise than before.
    VerdictChanged {
        /// The test.
        test: String,
        /// The result before, with its unit.
        old: String,
        /// The result now, with its unit.
        new: String,
        /// The verdict before, in a word.
        before: String,
        /// The verdict now, in a word.
        after: String,
        /// Why.
        reason: String,
    },
    /// A reviewed result is judged otherwise since a figure beside it was corrected.
    Rejudged {
        /// The test.
        test: String,
        /// The result, with its unit.
        result: String,
        /// The verdict before, in a word.
        before: String,
        /// The verdict now, in a word.
        after: String,
        /// What was corrected.
        figure: String,
        /// Why.
        reason: String,
    },
    /// A passage gave fewer cells than were seeded.
    CellsLost {
        /// The passage.
        passage: u16,
    },
    /// Recorded in a step while the batch was on hold.
    OnHold {
        /// What held it, in words.
        held_by: String,
    },
    /// A dose was given although something held it.
    InfusedOnHold {
        /// The dose.
        dose: String,
        /// What held it, in words.
        held_by: String,
    },
    /// An infusion went on after the expiry.
    InfusedAfterExpiry {
        /// The dose.
        dose: String,
        /// Its expiry.
        expires_at: Timestamp,
    },
    /// Recorded by a clock of the server that nobody had confirmed.
    ClockNotConfirmed,
}

impl std::fmt::Display for ExceptionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutsideLimit {
                field,
                value,
                limit,
            } => write!(f, "{field} {value} is outside its limit {limit}"),
            Self::OutsideCheck {
                figure,
                value,
                limit,
            } => write!(f, "{figure} {value} is outside its limit {limit}"),
            Self::Late { .. } => write!(f, "Recorded late"),
            Self::OutsideWindow { .. } => write!(f, "Done outside its window in time"),
            Self::Corrected { field, reason } => write!(f, "{field} was corrected: {reason}"),
            Self::NotApplicable { what, reason } => {
                write!(f, "{what} marked as not applicable: {reason}")
            }
            Self::CultureEnded { reason } => write!(f, "Culture ended before its target: {reason}"),
            Self::ResultInvalidated { test, reason } => {
                write!(f, "Result of {test} invalidated: {reason}")
            }
            Self::VerdictChanged {
                test,
                old,
                new,
                before,
                after,
                reason,
            } => write!(
                f,
                "Result of {test} changed from {old} ({before}) to {new} ({after}): {reason}"
            ),
            Self::Rejudged {
                test,
                result,
                before,
                after,
                figure,
                reason,
            } => write!(
                f,
                "Result of {test} ({result}) was judged {before} and is judged {after} since another figure was corrected \
                 ({figure}: {reason}); its review is void"
            ),
            Self::CellsLost { passage } => write!(
                f,
                "Passage {passage} gave fewer viable cells than were seeded"
            ),
            Self::OnHold { held_by } => {
                write!(f, "Recorded while the batch was on hold: {held_by}")
            }
            Self::InfusedOnHold { dose, held_by } => {
                write!(f, "{dose} was given while the batch was on hold: {held_by}")
            }
            Self::InfusedAfterExpiry { dose, .. } => {
                write!(f, "{dose} was infused after its expiry")
            }
            Self::ClockNotConfirmed => write!(
                f,
                "Recorded while the server's clock was not confirmed: its time of recording may be wrong"
            ),
        }
    }
}
