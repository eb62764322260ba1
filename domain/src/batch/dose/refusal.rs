//! Why a command on a batch is refused: doses.

/// Why something is refused that is about doses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DoseRefusal {
    /// A dose that must not be given.
    #[error(
        "The batch is on hold: {held_by}. The dose must not be given. If it was given already, say so and record it; a \
         deviation is raised with it."
    )]
    InfusionOnHold {
        /// What holds it.
        held_by: String,
    },
    /// No unit chosen.
    #[error("No unit is chosen. Choose the units of this dose.")]
    NoUnitChosen,
    /// The dose is outside its window.
    #[error(
        "{viable} viable cells for {weight} kg are {per_kg} × 10⁶ per kg, outside the dose of {window}. Prepare a dose of other units."
    )]
    DoseOutsideWindow {
        /// Viable cells.
        viable: String,
        /// Weight in kg.
        weight: String,
        /// Millions per kg.
        per_kg: String,
        /// The window.
        window: String,
    },
    /// Not a dose of this batch.
    #[error("This dose is not one of this batch. Check the label.")]
    UnknownDose,
    /// The dose is elsewhere in its life.
    #[error("Dose {dose} is {state}. This can be recorded only of a dose that is {wanted}.")]
    DoseState {
        /// Its code.
        dose: String,
        /// Where it is.
        state: &'static str,
        /// Where it would have to be.
        wanted: &'static str,
    },
    /// The recipient is not the donor.
    #[error(
        "{what} {given} is not that of this batch. Stop: this dose is for its own donor alone. Check the order and the label."
    )]
    WrongRecipient {
        /// The form field.
        field: &'static str,
        /// Which identifier.
        what: &'static str,
        /// What was read.
        given: String,
    },
}

impl DoseRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoUnitChosen | Self::DoseOutsideWindow { .. } => Some("units"),
            Self::InfusionOnHold { .. } => Some("given_on_hold"),
            Self::WrongRecipient { field, .. } => Some(field),
            Self::UnknownDose | Self::DoseState { .. } => None,
        }
    }
}
