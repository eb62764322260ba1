//! What events of doses do to a batch.

use crate::{
    batch::{Batch, Dose, DoseEvent, DoseState, ExceptionKind, Stamp, UnitState},
    ids::DoseId,
    time::Timestamp,
};

impl Batch {
    pub(in crate::batch) fn apply_dose(&mut self, event: DoseEvent, stamp: Stamp) {
        match event {
            DoseEvent::DosePrepared {
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
            DoseEvent::DoseDispatched {
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
            DoseEvent::DoseInfused {
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
            DoseEvent::DoseDestroyed {
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
        }
    }

    pub(in crate::batch) fn dose_moves(&mut self, id: DoseId, state: DoseState) {
        if let Some(dose) = self.doses.iter_mut().find(|one| one.id == id) {
            dose.state = state;
        }
    }

    pub(in crate::batch) fn note_infused_on_hold(
        &mut self,
        dose: DoseId,
        on_hold: Option<String>,
        stamp: &Stamp,
    ) {
        let code = self.dose(dose).map(|dose| dose.code.clone());
        if let Some((dose, held_by)) = code.zip(on_hold) {
            self.except(None, ExceptionKind::InfusedOnHold { dose, held_by }, stamp);
        }
    }

    pub(in crate::batch) fn note_expiry(
        &mut self,
        dose: DoseId,
        ended_at: Timestamp,
        stamp: &Stamp,
    ) {
        let Some(dose) = self.dose(dose) else { return };
        if let Some(expires_at) = self
            .dose_expires_at(dose)
            .filter(|expires_at| ended_at > *expires_at)
        {
            let kind = ExceptionKind::InfusedAfterExpiry {
                dose: dose.code.clone(),
                expires_at,
            };
            self.except(None, kind, stamp);
        }
    }
}
