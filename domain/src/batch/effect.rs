//! What an event does beside what it says: to who may review, to what was signed, to results that were reviewed.

use crate::{ids::UserId, master_record::StepRef};

/// What an event does to the rest of the record. Each slice says it of each of its events, so that a new event doesn't
/// compile before somebody has thought of it.
#[derive(Debug)]
pub(super) struct Effect<'a> {
    /// Whether it is a part of the record that QA reviews and the QP certifies: what is added to it later voids both.
    pub in_reviewed_record: bool,
    /// Whether who did it neither reviews nor certifies the batch.
    pub makes_contributor: bool,
    /// A second person who contributed by it.
    pub second_contributor: Option<UserId>,
    /// What it does to the decision on the batch.
    pub decision: DecisionEffect,
    /// The step whose signature no longer covers what stands in it.
    pub voids_step: Option<StepRef>,
    /// A figure that it changed beside results that were judged by it.
    pub moved_figure: Option<MovedFigure<'a>>,
    /// What is flagged where the clock was not confirmed.
    pub in_doubt: InDoubt<'a>,
}

/// What an event does to the decision on a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecisionEffect {
    /// Nothing: before the decision it adds to what is still to be reviewed.
    None,
    /// It is the decision, which rests on the review and leaves it standing.
    Decides,
    /// It takes the certification back, and with it the review.
    Withdraws,
}

/// A figure that a verdict may rest on, besides the result itself: body weight, day of sampling.
#[derive(Debug)]
pub(super) struct MovedFigure<'a> {
    /// Which.
    pub name: String,
    /// Why it was corrected.
    pub reason: &'a str,
}

/// What is flagged of an event that was recorded by a clock that nobody had confirmed.
#[derive(Debug)]
pub(super) enum InDoubt<'a> {
    /// The batch, or a step of it.
    Flagged(Option<&'a StepRef>),
    /// Nothing: it is of the same act as an event that is flagged.
    SameAct,
}

impl<'a> Effect<'a> {
    /// Of an event that stands beside the reviewed record: a comment, a deviation, a signature.
    pub fn beside() -> Self {
        Self {
            in_reviewed_record: false,
            makes_contributor: false,
            second_contributor: None,
            decision: DecisionEffect::None,
            voids_step: None,
            moved_figure: None,
            in_doubt: InDoubt::Flagged(None),
        }
    }

    /// Of an event that is a part of the reviewed record: who did it is a contributor.
    pub fn contributed() -> Self {
        Self {
            in_reviewed_record: true,
            makes_contributor: true,
            ..Self::beside()
        }
    }

    /// The same, in a step.
    pub fn at(self, step: impl Into<Option<&'a StepRef>>) -> Self {
        Self {
            in_doubt: InDoubt::Flagged(step.into()),
            ..self
        }
    }

    /// The same, of an act whose first event is flagged.
    pub fn in_same_act(self) -> Self {
        Self {
            in_doubt: InDoubt::SameAct,
            ..self
        }
    }
}
