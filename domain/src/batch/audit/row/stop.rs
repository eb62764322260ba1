//! The words of stops.

use super::{Said, Words};
use crate::{batch::StopEvent, batch::audit::AuditGroup};

impl Words<'_> {
    pub(super) fn of_stop(&self, event: &StopEvent) -> Said {
        match event {
            StopEvent::StopRaised {
                step,
                field,
                found,
                expected,
                lifted_by,
                master_record,
                ..
            } => Said::of(AuditGroup::Deviations, "Stop raised, batch on hold")
                .at(step.clone())
                .field(self.label(step, field))
                .after(format!(
                    "{found}, expected {expected}; lifted by {}",
                    self.batch.lift_words(lifted_by)
                ))
                .why(format!(
                    "stop of master record {} v{}",
                    master_record.key, master_record.version
                )),
            StopEvent::IdentifiersRead {
                stop,
                subject,
                din,
                agree,
            } => {
                let verdict = if *agree {
                    "agree with the record"
                } else {
                    "do not agree with the record"
                };
                self.on_stop("Both identifiers read again", *stop)
                    .after(format!(
                        "subject {subject}, {} {}: {verdict}",
                        din.name(),
                        din.with_check()
                    ))
            }
            StopEvent::StopLifted {
                stop,
                evidence,
                signature,
                signed,
            } => {
                let entries: Vec<_> = evidence.iter().map(u64::to_string).collect();
                let which = if entries.len() == 1 {
                    "entry"
                } else {
                    "entries"
                };
                self.on_stop("Stop lifted", *stop)
                    .before("on hold".to_owned())
                    .after(self.signature(signature, signed))
                    .why(format!("on {which} {}", entries.join(" and ")))
            }
        }
    }

    fn on_stop(&self, what: &str, number: u64) -> Said {
        let said = Said::of(AuditGroup::Deviations, what);
        match self.batch.stop(number) {
            Some(stop) => said.at(stop.step.clone()).field(stop.label.as_str()),
            None => said.field(number.to_string()),
        }
    }
}
