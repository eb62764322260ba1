//! Why a command on a batch is refused: units.

use crate::batch::refusal::Moment;

/// Why something is refused that is about units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InventoryRefusal {
    /// The position holds another unit.
    #[error(
        "Unit {unit} lies at this position, or at one that reads like it. Enter a free one, or record first that {unit} has \
         left."
    )]
    PositionTaken {
        /// The unit that lies there.
        unit: String,
    },
    /// Cells from nowhere.
    #[error(
        "{wanted} viable cells are more than the {left} left of the final harvest. Check the figure."
    )]
    TooManyCells {
        /// The form field.
        field: &'static str,
        /// Wanted.
        wanted: String,
        /// Left.
        left: String,
    },
    /// Not a unit of this batch.
    #[error("This unit is not one of this batch. Check the label.")]
    UnknownUnit,
    /// The unit has ended.
    #[error("Unit {unit} is no longer in the store.")]
    UnitEnded {
        /// Its code.
        unit: String,
    },
    /// Expired.
    #[error("{what} expired at {at}. It can't be given; record its destruction.")]
    Expired {
        /// The unit or dose.
        what: String,
        /// When.
        at: Moment,
    },
    /// Nothing says how long the unit may be kept.
    #[error(
        "The specification states no shelf life for unit {unit}, so its expiry is not known. It can't be given."
    )]
    NoShelfLife {
        /// Its code.
        unit: String,
    },
}

impl InventoryRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::PositionTaken { .. } => Some("location"),
            Self::TooManyCells { field, .. } => Some(field),
            Self::UnknownUnit
            | Self::UnitEnded { .. }
            | Self::Expired { .. }
            | Self::NoShelfLife { .. } => None,
        }
    }
}
