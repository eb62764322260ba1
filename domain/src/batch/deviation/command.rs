//! What a person can ask of a batch: deviations.

use crate::batch::demands::Demands;
use crate::rights::Action;
use crate::{batch::DeviationClass, ids::DeviationId, master_record::StepRef};

/// What can be asked of deviations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviationCommand {
    /// Raise a deviation.
    RaiseDeviation {
        /// Its new id.
        deviation: DeviationId,
        /// The step, where it is about one.
        step: Option<StepRef>,
        /// What happened.
        description: String,
    },
    /// Classify a deviation.
    ClassifyDeviation {
        /// Which.
        deviation: DeviationId,
        /// How grave.
        class: DeviationClass,
    },
    /// State cause and impact of a deviation.
    AssessDeviation {
        /// Which.
        deviation: DeviationId,
        /// Root cause.
        root_cause: String,
        /// Impact on product and patient.
        impact: String,
    },
    /// Close a deviation by signature.
    CloseDeviation {
        /// Which.
        deviation: DeviationId,
        /// The last event that the person had before them.
        seen: u64,
    },
}

impl DeviationCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::RaiseDeviation { .. } => Demands::right(Action::RaiseDeviation),
            Self::ClassifyDeviation { .. } | Self::AssessDeviation { .. } => {
                Demands::right(Action::CloseDeviation)
            }
            Self::CloseDeviation { .. } => Demands::whole_record(Action::CloseDeviation),
        }
    }
}
