//! Why a command on a batch is refused: exceptions.

/// Why something is refused that is about exceptions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExceptionRefusal {
    /// Not an exception of this batch.
    #[error("Batch {batch} has no exception number {exception}.")]
    UnknownException {
        /// The batch number.
        batch: String,
        /// The number.
        exception: u64,
    },
    /// Assessed already.
    #[error("Exception {exception} is already assessed by {name}.")]
    AlreadyAssessed {
        /// The number.
        exception: u64,
        /// By whom.
        name: String,
    },
}

impl ExceptionRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::UnknownException { .. } | Self::AlreadyAssessed { .. } => None,
        }
    }
}
