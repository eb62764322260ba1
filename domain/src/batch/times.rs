//! Times that people stated: what each is the time of, and what it was before it was corrected.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::TimesCommand;
pub use event::TimesEvent;
pub use refusal::TimesRefusal;

use super::{Batch, Stamp, TimeOf};
use crate::{ids::DoseId, master_record::StepRef, rights::Action, time::Timestamp};

/// A correction of a stated time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retimed {
    /// What it is the time of.
    pub of: TimeOf,
    /// The time before.
    pub old: Timestamp,
    /// Why it was corrected.
    pub reason: String,
    /// Who corrected it, and when.
    pub stamp: Stamp,
}

impl Batch {
    /// The corrections of a time, in order.
    pub fn retimed_of<'a>(&'a self, of: &'a TimeOf) -> impl Iterator<Item = &'a Retimed> {
        self.retimed.iter().filter(move |one| one.of == *of)
    }

    /// The step that a time is of.
    #[must_use]
    pub fn step_of_time(&self, of: &TimeOf) -> Option<StepRef> {
        match of {
            TimeOf::Entry { step, .. } | TimeOf::Step { step } => Some(step.clone()),
            TimeOf::Sample { sample } => self.sample(*sample).map(|one| one.step.clone()),
            TimeOf::Unit { unit } => self.unit(*unit).map(|one| one.step.clone()),
            TimeOf::Collection | TimeOf::InfusionStart { .. } | TimeOf::InfusionEnd { .. } => None,
        }
    }

    /// What a time is of, in words.
    #[must_use]
    pub fn time_label(&self, of: &TimeOf) -> String {
        match of {
            TimeOf::Entry { step, field } => format!("Time of {}", self.field_label(step, field)),
            TimeOf::Step { .. } => "End of the step".to_owned(),
            TimeOf::Sample { sample } => {
                let code = self.sample(*sample).map(|one| one.code.clone());
                format!("Time of sample {}", code.unwrap_or_default())
            }
            TimeOf::Unit { unit } => {
                let code = self.unit(*unit).map(|one| one.code.clone());
                format!("Time of unit {}", code.unwrap_or_default())
            }
            TimeOf::Collection => "Time of the collection".to_owned(),
            TimeOf::InfusionStart { dose } => {
                format!("Start of the infusion of {}", self.dose_code(*dose))
            }
            TimeOf::InfusionEnd { dose } => {
                format!("End of the infusion of {}", self.dose_code(*dose))
            }
        }
    }

    fn dose_code(&self, id: DoseId) -> String {
        self.dose(id)
            .map(|dose| dose.code.clone())
            .unwrap_or_default()
    }
}

impl TimeOf {
    /// The right that its correction needs: that to correct what it is the time of.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Entry { .. } | Self::Step { .. } | Self::Sample { .. } | Self::Unit { .. } => {
                Action::CorrectEntry
            }
            Self::Collection => Action::CorrectHarvest,
            Self::InfusionStart { .. } | Self::InfusionEnd { .. } => Action::GiveDose,
        }
    }
}
