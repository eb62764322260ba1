//! The words of units.

use super::{Said, Words, cells};
use crate::{
    batch::InventoryEvent, batch::audit::AuditGroup, decimal, ids::UnitId, measure::Measure,
};

impl Words<'_> {
    pub(super) fn of_inventory(&self, event: &InventoryEvent) -> Said {
        match event {
            InventoryEvent::UnitStored {
                code,
                form,
                step,
                viable_cells,
                volume_ml,
                location,
                stored_at,
                ..
            } => Said::of(AuditGroup::Units, "Unit stored")
                .at(step.clone())
                .field(code.as_str())
                .after(format!(
                    "{form}; {}; {}; at {location}",
                    cells(*viable_cells),
                    Measure::MILLILITRE.after(decimal::grouped(*volume_ml))
                ))
                .performed(*stored_at),
            InventoryEvent::UnitDestroyed {
                unit,
                reason,
                destroyed_at,
            } => {
                let place = self.batch.unit(*unit).map(|unit| unit.location.as_str());
                Said::of(AuditGroup::Units, "Unit destroyed")
                    .field(self.unit_code(*unit))
                    .before(place.map(|place| format!("stored at {place}")))
                    .after("destroyed")
                    .why(reason.as_str())
                    .performed(*destroyed_at)
            }
        }
    }

    pub(super) fn unit_code(&self, unit: UnitId) -> String {
        self.batch
            .unit(unit)
            .map_or_else(|| unit.to_string(), |unit| unit.code.clone())
    }
}
