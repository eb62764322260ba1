//! Deviations.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::DeviationCommand;
pub use event::DeviationEvent;
pub use refusal::DeviationRefusal;

use super::{Batch, DeviationClass, Disposition, Signature, Stamp};
use crate::{ids::DeviationId, master_record::StepRef};

/// A deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Its id.
    pub id: DeviationId,
    /// Its number.
    pub number: String,
    /// The step, where it is about one.
    pub step: Option<StepRef>,
    /// What happened.
    pub description: String,
    /// Who raised it and when.
    pub raised: Stamp,
    /// How grave.
    pub class: Option<(DeviationClass, Stamp)>,
    /// Root cause, impact, and who stated them.
    pub assessment: Option<(String, String, Stamp)>,
    /// Closed by this signature.
    pub closed: Option<Signature>,
}

impl Batch {
    /// The deviation with this id.
    #[must_use]
    pub fn deviation(&self, id: DeviationId) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.id == id)
    }

    /// The first deviation that was raised after the certification that stands. Who certified did not know of it, so no
    /// dose leaves on that signature, not even once QA has closed the deviation.
    #[must_use]
    pub fn unknown_to_certifier(&self) -> Option<&Deviation> {
        let Disposition::Certified(certification) = &self.disposition else {
            return None;
        };
        self.deviations
            .iter()
            .find(|deviation| deviation.raised.version > certification.version)
    }

    /// The deviations that are not closed.
    pub fn open_deviations(&self) -> impl Iterator<Item = &Deviation> {
        self.deviations
            .iter()
            .filter(|deviation| deviation.closed.is_none())
    }
}
