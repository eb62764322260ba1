//! What events of the release, of units and of doses do to a batch.

use crate::{
    batch::{
        Batch, BatchEvent, Certification, Disposition, Dose, DoseState, Signature, SignatureRecord,
        Signed, Stamp, Unit, UnitState,
    },
    ids::DoseId,
    master_record::StepRef,
};

impl Batch {
    pub(super) fn apply_release(&mut self, event: BatchEvent, stamp: Stamp) {
        match event {
            BatchEvent::ReviewSigned { signature, signed } => {
                self.keep_signature(None, signature, signed, stamp.version)
            }
            BatchEvent::Certified {
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
            BatchEvent::Rejected {
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
            BatchEvent::CertificationWithdrawn {
                signature, signed, ..
            } => {
                self.disposition = Disposition::Open;
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::UnitStored {
                unit,
                code,
                form,
                step,
                viable_cells,
                volume_ml,
                location,
                stored_at,
            } => {
                self.note_late(Some(&step), stored_at, &stamp);
                self.note_on_hold(&step, &stamp);
                self.steps.entry(step.clone()).or_default().made = true;
                let state = UnitState::Stored;
                self.units.push(Unit {
                    id: unit,
                    code,
                    form,
                    step,
                    viable_cells,
                    volume_ml,
                    location,
                    stored_at,
                    stamp,
                    state,
                });
            }
            BatchEvent::UnitDestroyed {
                unit,
                reason,
                destroyed_at,
            } => {
                for one in self.units.iter_mut().filter(|one| one.id == unit) {
                    one.state = UnitState::Destroyed {
                        reason: reason.clone(),
                        at: destroyed_at,
                    };
                }
            }
            BatchEvent::DosePrepared {
                dose,
                code,
                units,
                viable_cells,
                weight_kg,
                weighed_on,
            } => {
                for unit in self
                    .units
                    .iter_mut()
                    .filter(|unit| units.contains(&unit.id))
                {
                    unit.state = UnitState::InDose(dose);
                }
                let state = DoseState::Prepared;
                self.doses.push(Dose {
                    id: dose,
                    code,
                    units,
                    viable_cells,
                    weight_kg,
                    weighed_on,
                    prepared: stamp,
                    dispatched_at: None,
                    state,
                });
            }
            BatchEvent::DoseDispatched {
                dose,
                destination,
                dispatched_at,
                ..
            } => {
                for one in self.doses.iter_mut().filter(|one| one.id == dose) {
                    one.dispatched_at = Some(dispatched_at);
                }
                self.dose_moves(
                    dose,
                    DoseState::Dispatched {
                        at: dispatched_at,
                        destination,
                    },
                );
            }
            BatchEvent::DoseInfused {
                dose,
                started_at,
                ended_at,
                volume_ml,
                on_hold,
            } => {
                self.note_expiry(dose, ended_at, &stamp);
                self.note_infused_on_hold(dose, on_hold, &stamp);
                self.dose_moves(
                    dose,
                    DoseState::Infused {
                        started_at,
                        ended_at,
                        volume_ml,
                    },
                );
            }
            BatchEvent::DoseDestroyed {
                dose,
                reason,
                destroyed_at,
            } => {
                self.dose_moves(
                    dose,
                    DoseState::Destroyed {
                        reason,
                        at: destroyed_at,
                    },
                );
            }
            // The remaining kinds were taken before this function is reached.
            _ => {}
        }
    }

    pub(super) fn keep_signature(
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

    pub(super) fn dose_moves(&mut self, id: DoseId, state: DoseState) {
        if let Some(dose) = self.doses.iter_mut().find(|one| one.id == id) {
            dose.state = state;
        }
    }
}
