//! The words of stated times.

use super::{Said, Words};
use crate::batch::TimesEvent;
use crate::batch::audit::AuditGroup;

impl Words<'_> {
    pub(super) fn of_times(&self, event: &TimesEvent) -> Said {
        match event {
            TimesEvent::TimeCorrected {
                of,
                old,
                new,
                reason,
                ..
            } => {
                let zone = self.batch.zone();
                let said = Said::of(AuditGroup::Corrections, "Time corrected")
                    .field(self.batch.time_label(of))
                    .before(zone.shown(*old))
                    .after(zone.shown(*new))
                    .performed(*new)
                    .why(reason.as_str());
                match self.batch.step_of_time(of) {
                    Some(step) => said.at(step),
                    None => said,
                }
            }
        }
    }
}
