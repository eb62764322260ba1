//! The words of deviations.

use super::{Said, Words};
use crate::{batch::DeviationEvent, batch::audit::AuditGroup, ids::DeviationId};

impl Words<'_> {
    pub(super) fn of_deviation(&self, event: &DeviationEvent) -> Said {
        match event {
            DeviationEvent::DeviationRaised {
                number,
                step,
                description,
                ..
            } => Said::of(AuditGroup::Deviations, "Deviation raised")
                .at(step.clone())
                .field(number.as_str())
                .after(description.as_str()),
            DeviationEvent::DeviationClassified { deviation, class } => {
                let before = self
                    .batch
                    .deviation(*deviation)
                    .and_then(|one| one.class.as_ref())
                    .map(|(class, _)| class.to_string());
                self.on_deviation("Deviation classified", *deviation)
                    .before(before)
                    .after(class.label())
            }
            DeviationEvent::DeviationAssessed {
                deviation,
                root_cause,
                impact,
            } => {
                let assessed =
                    |cause: &str, impact: &str| format!("root cause: {cause}; impact: {impact}");
                let before = self
                    .batch
                    .deviation(*deviation)
                    .and_then(|one| one.assessment.as_ref())
                    .map(|(cause, impact, _)| assessed(cause, impact));
                self.on_deviation("Cause and impact of a deviation stated", *deviation)
                    .before(before)
                    .after(assessed(root_cause, impact))
            }
            DeviationEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            } => self
                .on_deviation("Deviation closed and signed", *deviation)
                .before("open".to_owned())
                .after(format!("closed; {}", self.signature(signature, signed))),
        }
    }

    fn on_deviation(&self, what: &str, deviation: DeviationId) -> Said {
        let said = Said::of(AuditGroup::Deviations, what);
        match self.batch.deviation(deviation) {
            Some(one) => said.at(one.step.clone()).field(one.number.as_str()),
            None => said.field(deviation.to_string()),
        }
    }
}
