//! The words of the release.

use super::{Said, Words};
use crate::{
    batch::audit::AuditGroup,
    batch::{Disposition, ReleaseEvent},
};

impl Words<'_> {
    pub(super) fn of_release(&self, event: &ReleaseEvent) -> Said {
        let state = || self.batch.state().to_string();
        match event {
            ReleaseEvent::ReviewSigned { signature, signed } => {
                Said::of(AuditGroup::Release, "Review of the record signed")
                    .after(self.signature(signature, signed))
            }
            ReleaseEvent::Certified {
                certificate,
                signature,
                signed,
            } => Said::of(AuditGroup::Release, "Batch certified")
                .field(certificate.as_str())
                .before(state())
                .after(self.signature(signature, signed)),
            ReleaseEvent::Rejected {
                reasons,
                signature,
                signed,
            } => Said::of(AuditGroup::Release, "Batch rejected")
                .before(state())
                .after(self.signature(signature, signed))
                .why(reasons.as_str()),
            ReleaseEvent::CertificationWithdrawn {
                reason,
                signature,
                signed,
            } => {
                let said = Said::of(AuditGroup::Release, "Certification withdrawn")
                    .before(state())
                    .after(self.signature(signature, signed))
                    .why(reason.as_str());
                match &self.batch.disposition {
                    Disposition::Certified(one) => said.field(one.certificate.as_str()),
                    Disposition::Open | Disposition::Rejected { .. } => said,
                }
            }
        }
    }
}
