//! Why a command on a batch is refused, in words for the person.

mod field;
mod input;
mod standing;

pub use input::InputRefusal;
pub use standing::StandingRefusal;

use super::{
    DeviationRefusal, DoseRefusal, ExceptionRefusal, HarvestRefusal, InventoryRefusal,
    ProcessingRefusal, QualityRefusal, ReleaseRefusal, StopRefusal, TimesRefusal,
};

/// Why a command on a batch is refused, by the slice that it belongs to. Each says the rule, the value, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person may not act now, or the record can't be acted on.
    #[error(transparent)]
    Standing(StandingRefusal),
    /// Something that was typed.
    #[error(transparent)]
    Input(InputRefusal),
    /// The harvest.
    #[error(transparent)]
    Harvest(HarvestRefusal),
    /// Steps and field entries.
    #[error(transparent)]
    Processing(ProcessingRefusal),
    /// Stated times.
    #[error(transparent)]
    Times(TimesRefusal),
    /// Samples and results.
    #[error(transparent)]
    Quality(QualityRefusal),
    /// Stops.
    #[error(transparent)]
    Stop(StopRefusal),
    /// Deviations.
    #[error(transparent)]
    Deviation(DeviationRefusal),
    /// Exceptions.
    #[error(transparent)]
    Exception(ExceptionRefusal),
    /// Review, certification, rejection.
    #[error(transparent)]
    Release(ReleaseRefusal),
    /// Units.
    #[error(transparent)]
    Inventory(InventoryRefusal),
    /// Doses.
    #[error(transparent)]
    Dose(DoseRefusal),
    /// More than one thing is wrong with what was typed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
}

/// A moment or a day, as a refusal names it.
pub type Moment = String;
