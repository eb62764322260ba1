//! What events of units do to a batch.

use crate::batch::{Batch, InventoryEvent, Stamp, Unit, UnitState};

impl Batch {
    pub(in crate::batch) fn apply_inventory(&mut self, event: InventoryEvent, stamp: Stamp) {
        match event {
            InventoryEvent::UnitStored {
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
            InventoryEvent::UnitDestroyed {
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
        }
    }
}
