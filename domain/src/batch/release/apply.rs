//! What events of the release do to a batch.

use crate::{
    batch::{
        Batch, Certification, Disposition, ReleaseEvent, Signature, SignatureRecord, Signed, Stamp,
    },
    master_record::StepRef,
};

impl Batch {
    pub(in crate::batch) fn apply_release(&mut self, event: ReleaseEvent, stamp: Stamp) {
        match event {
            ReleaseEvent::ReviewSigned { signature, signed } => {
                self.keep_signature(None, signature, signed, stamp.version)
            }
            ReleaseEvent::Certified {
                certificate,
                signature,
                signed,
            } => {
                self.disposition = Disposition::Certified(Certification {
                    certificate,
                    version: stamp.version,
                    signature: signature.clone(),
                });
                self.keep_signature(None, signature, signed, stamp.version);
            }
            ReleaseEvent::Rejected {
                reasons,
                signature,
                signed,
            } => {
                self.disposition = Disposition::Rejected {
                    reasons,
                    signature: signature.clone(),
                };
                self.keep_signature(None, signature, signed, stamp.version);
            }
            ReleaseEvent::CertificationWithdrawn {
                signature, signed, ..
            } => {
                self.disposition = Disposition::Open;
                self.keep_signature(None, signature, signed, stamp.version);
            }
        }
    }

    pub(in crate::batch) fn keep_signature(
        &mut self,
        step: Option<StepRef>,
        signature: Signature,
        signed: Signed,
        version: u64,
    ) {
        self.signatures.push(SignatureRecord {
            version,
            step,
            signature,
            signed,
            void_since: None,
        });
    }
}
