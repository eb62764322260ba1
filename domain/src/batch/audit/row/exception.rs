//! The words of exceptions.

use super::{Said, Words};
use crate::{batch::ExceptionEvent, batch::audit::AuditGroup};

impl Words<'_> {
    pub(super) fn of_exception(&self, event: &ExceptionEvent) -> Said {
        match event {
            ExceptionEvent::ExceptionAssessed {
                exception,
                assessment,
            } => {
                let known = self
                    .batch
                    .exceptions
                    .iter()
                    .find(|one| one.stamp.version == *exception);
                let field = match known {
                    Some(one) => format!("Exception {exception}: {}", one.kind),
                    None => format!("Exception {exception}"),
                };
                Said::of(AuditGroup::Deviations, "Exception assessed")
                    .at(known.and_then(|one| one.step.clone()))
                    .field(field)
                    .after(assessment.as_str())
            }
        }
    }
}
