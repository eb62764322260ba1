//! Why a command on a batch is refused: deviations.

/// Why something is refused that is about deviations.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviationRefusal {
    /// Not a deviation of this batch.
    #[error("This deviation is not one of batch {batch}.")]
    UnknownDeviation {
        /// The batch number.
        batch: String,
    },
    /// The deviation is closed.
    #[error("Deviation {number} is closed.")]
    DeviationClosed {
        /// Its number.
        number: String,
    },
    /// The deviation lacks something.
    #[error("Deviation {number} can't be closed: {missing}. Add that first.")]
    DeviationIncomplete {
        /// Its number.
        number: String,
        /// What is missing.
        missing: &'static str,
    },
    /// One's own deviation.
    #[error("{name} raised this deviation. Another person must close it.")]
    OwnDeviation {
        /// Who.
        name: String,
    },
}

impl DeviationRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::UnknownDeviation { .. }
            | Self::DeviationClosed { .. }
            | Self::DeviationIncomplete { .. }
            | Self::OwnDeviation { .. } => None,
        }
    }
}
