//! Why a command on a batch is refused: stops.

use crate::batch::refusal::Moment;

/// Why something is refused that is about stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopRefusal {
    /// A stop holds the batch.
    #[error(
        "{title} can't be recorded now: the batch is on hold ({held_by}). Only work that keeps the cells alive goes on. \
         What was done before the hold is recorded with its time; what was done since is told in a deviation."
    )]
    OnHold {
        /// The step's title.
        title: String,
        /// The stops.
        held_by: String,
    },
    /// A stop that somebody would pass over.
    #[error("{label} is a stop of the master record and must be answered. Record what was found.")]
    StopNotApplicable {
        /// The field's label.
        label: String,
    },
    /// Not a stop of this batch.
    #[error("This stop is not one of batch {batch}. Open the deviations of the batch again.")]
    UnknownStop {
        /// The batch number.
        batch: String,
    },
    /// The stop is lifted.
    #[error("The stop “{label}” is already lifted by {name}.")]
    StopLifted {
        /// The field's label.
        label: String,
        /// By whom.
        name: String,
    },
    /// The master record says otherwise what lifts the stop.
    #[error(
        "The stop “{label}” is not lifted by this. What lifts it, after the stop was raised: {needed}."
    )]
    StopLiftedOtherwise {
        /// The field's label.
        label: String,
        /// What lifts it.
        needed: String,
    },
    /// The entry that should lift a stop fails itself.
    #[error(
        "{label} is {value}, expected {expected}: it lifts no stop. The batch stays on hold, or is rejected."
    )]
    LiftingEntryFails {
        /// The field's label.
        label: String,
        /// Its value.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// The entry that should lift a stop is of a time before what stopped the batch.
    #[error(
        "{label} was found at {at}, before what it should lift: the stop “{stop}” ({raised}). Assess once more what stopped \
         the batch, or correct the time if it is wrong."
    )]
    LiftingEntryBefore {
        /// The field's label.
        label: String,
        /// When it was found.
        at: Moment,
        /// The label of the stop.
        stop: String,
        /// When the failing answer was given.
        raised: Moment,
    },
    /// The entry that should lift a stop waits for the second person.
    #[error("{label} is not confirmed by a second person. Have it confirmed, then lift the stop.")]
    LiftingEntryNotVerified {
        /// The field's label.
        label: String,
    },
    /// One's own stop or evidence.
    #[error(
        "{name} recorded or confirmed what this stop, or its lifting, rests on. Another QA reviewer must lift it."
    )]
    OwnStop {
        /// Who.
        name: String,
    },
}

impl StopRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::OnHold { .. }
            | Self::StopNotApplicable { .. }
            | Self::UnknownStop { .. }
            | Self::StopLifted { .. }
            | Self::StopLiftedOtherwise { .. }
            | Self::LiftingEntryFails { .. }
            | Self::LiftingEntryBefore { .. }
            | Self::LiftingEntryNotVerified { .. }
            | Self::OwnStop { .. } => None,
        }
    }
}
