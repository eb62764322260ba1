//! Why a command on a batch is refused: the steps and what is recorded in them.

use crate::master_record::StepRef;

/// Why something is refused that is about the steps and what is recorded in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcessingRefusal {
    /// The batch has no such step now.
    #[error(
        "This batch has no step {step} at this point. Open the batch again and go on with the step shown there."
    )]
    UnknownStep {
        /// Which.
        step: StepRef,
    },
    /// A step out of order.
    #[error(
        "{title} can't be recorded yet: {waiting_for} is not complete. Complete that step first."
    )]
    StepWaits {
        /// The step's title.
        title: String,
        /// The step in the way.
        waiting_for: String,
    },
    /// A step that is over.
    #[error("{title} is already over. To change an entry, correct it with a reason.")]
    StepOver {
        /// The step's title.
        title: String,
    },
    /// An in-process criterion stops the next step.
    #[error(
        "{title} can't be recorded yet: {test} at {point} is {state}. Its result must pass before the work goes on."
    )]
    InProcessControl {
        /// The step's title.
        title: String,
        /// The test.
        test: String,
        /// The sample point.
        point: String,
        /// What came of it.
        state: String,
    },
    /// The step has no such field.
    #[error("{title} has no field “{field}”. Open the batch again.")]
    UnknownField {
        /// The step's title.
        title: String,
        /// The field.
        field: String,
    },
    /// A value of another type than the field's.
    #[error("{label}: what was entered doesn't fit this field. Enter it again.")]
    WrongKind {
        /// The field's key.
        field: String,
        /// The field's label.
        label: String,
    },
    /// Recorded already.
    #[error("{label} is already recorded as {value}. To change it, correct it with a reason.")]
    AlreadyRecorded {
        /// The field's key.
        field: String,
        /// The field's label.
        label: String,
        /// The value.
        value: String,
    },
    /// Not recorded yet.
    #[error("{label} is not recorded yet. Record it first.")]
    NotRecorded {
        /// The field's label.
        label: String,
    },
    /// More viable cells than cells.
    #[error("Viable cells ({viable}) are more than total cells ({total}). Check both counts.")]
    ViableAboveTotal {
        /// The field's key.
        field: String,
        /// Viable.
        viable: String,
        /// Total.
        total: String,
    },
    /// More cells seeded than the passage before gave.
    #[error(
        "{seeded} viable cells seeded are more than the {harvested} that the passage before gave. Check the figure."
    )]
    SeededAboveHarvest {
        /// Seeded.
        seeded: String,
        /// Harvested.
        harvested: String,
    },
    /// The step can't be completed.
    #[error("{title} can't be completed: {} missing. Record each, or mark it as not applicable with the reason.", .fields.join(", "))]
    FieldsMissing {
        /// The step's title.
        title: String,
        /// The labels of what is missing.
        fields: Vec<String>,
    },
    /// Critical entries wait for the second person.
    #[error("{title} can't be completed: {} must be confirmed by a second person.", .fields.join(", "))]
    NotVerified {
        /// The step's title.
        title: String,
        /// The labels.
        fields: Vec<String>,
    },
    /// The field needs no second person.
    #[error("{label} needs no confirmation by a second person.")]
    NotCritical {
        /// The field's label.
        label: String,
    },
    /// The second person is the first.
    #[error("{name} made this entry. The second person must be somebody else.")]
    OwnEntry {
        /// Who.
        name: String,
    },
    /// Confirmed already.
    #[error("{label} is already confirmed by {name}.")]
    AlreadyVerified {
        /// The field's label.
        label: String,
        /// By whom.
        name: String,
    },
    /// The second person saw another value.
    #[error(
        "{label} was changed to {value} while you were reading it. Read the new value, then confirm."
    )]
    SeenAnother {
        /// The field's label.
        label: String,
        /// What there is.
        value: String,
    },
    /// The culture can't be ended here.
    #[error(
        "The culture can be ended while a passage is at work and its cells are counted at the end of it. Count the passage first."
    )]
    CultureNotOpen,
    /// A step of another kind.
    #[error("{title} is not a step at which {what}. Choose the right step.")]
    WrongStep {
        /// The step's title.
        title: String,
        /// What was asked.
        what: &'static str,
    },
    /// The sample step has no sample.
    #[error(
        "{title} can't be completed: no sample is recorded. Record each sample that was taken."
    )]
    NoSample {
        /// The step's title.
        title: String,
    },
    /// The freezing step has no unit.
    #[error("{title} can't be completed: no unit is recorded. Record each bag or vial.")]
    NoUnit {
        /// The step's title.
        title: String,
    },
    /// A step in which something was done that somebody would pass over.
    #[error(
        "{title} can't be marked as not applicable: {made} in it. Record its fields as they were found, and complete the step."
    )]
    StepWasDone {
        /// The step's title.
        title: String,
        /// What was made in it, in words.
        made: String,
    },
}

impl ProcessingRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongKind { .. }
            | Self::AlreadyRecorded { .. }
            | Self::ViableAboveTotal { .. }
            | Self::SeededAboveHarvest { .. } => Some("value"),
            Self::UnknownStep { .. }
            | Self::StepWasDone { .. }
            | Self::StepWaits { .. }
            | Self::StepOver { .. }
            | Self::InProcessControl { .. }
            | Self::UnknownField { .. }
            | Self::NotRecorded { .. }
            | Self::FieldsMissing { .. }
            | Self::NotVerified { .. }
            | Self::NotCritical { .. }
            | Self::OwnEntry { .. }
            | Self::AlreadyVerified { .. }
            | Self::SeenAnother { .. }
            | Self::CultureNotOpen
            | Self::WrongStep { .. }
            | Self::NoSample { .. }
            | Self::NoUnit { .. } => None,
        }
    }
}
