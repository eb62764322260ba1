//! The words of units and doses.

use super::{Said, Words, cells, other};
use crate::{
    batch::{BatchEvent, audit::AuditGroup},
    decimal,
    ids::{DoseId, UnitId},
    measure::Measure,
};

impl Words<'_> {
    pub(super) fn of_units(&self, event: &BatchEvent) -> Said {
        match event {
            BatchEvent::UnitStored {
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
            BatchEvent::UnitDestroyed {
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
            other => self.of_doses(other),
        }
    }

    fn of_doses(&self, event: &BatchEvent) -> Said {
        let dose = |what: &str, code: String| Said::of(AuditGroup::Units, what).field(code);
        match event {
            BatchEvent::DosePrepared {
                code,
                units,
                viable_cells,
                weight_kg,
                weighed_on,
                ..
            } => {
                let units: Vec<_> = units.iter().map(|unit| self.unit_code(*unit)).collect();
                dose("Dose prepared", code.clone()).after(format!(
                    "units {}; {}; for {} of {weighed_on}",
                    units.join(", "),
                    cells(*viable_cells),
                    Measure::KILOGRAM.after(weight_kg)
                ))
            }
            BatchEvent::DoseDispatched {
                dose: id,
                subject,
                din,
                destination,
                dispatched_at,
            } => dose("Dose dispatched", self.dose_code(*id))
                .after(format!(
                    "to {destination}; subject {subject} and {} {} as read",
                    din.name(),
                    din.with_check()
                ))
                .performed(*dispatched_at),
            BatchEvent::DoseInfused {
                dose: id,
                started_at,
                ended_at,
                volume_ml,
                on_hold,
            } => dose("Dose infused", self.dose_code(*id))
                .after(format!(
                    "{} from {} to {}{}",
                    Measure::MILLILITRE.after(decimal::grouped(*volume_ml)),
                    (self.reading.shown)(*started_at),
                    (self.reading.shown)(*ended_at),
                    on_hold.as_ref().map_or_else(String::new, |held_by| {
                        format!("; while on hold: {held_by}")
                    })
                ))
                .performed(*ended_at),
            BatchEvent::DoseDestroyed {
                dose: id,
                reason,
                destroyed_at,
            } => dose("Dose destroyed", self.dose_code(*id))
                .after("destroyed")
                .why(reason.as_str())
                .performed(*destroyed_at),
            _ => other(),
        }
    }

    fn unit_code(&self, unit: UnitId) -> String {
        self.batch
            .unit(unit)
            .map_or_else(|| unit.to_string(), |unit| unit.code.clone())
    }

    fn dose_code(&self, dose: DoseId) -> String {
        self.batch
            .dose(dose)
            .map_or_else(|| dose.to_string(), |dose| dose.code.clone())
    }
}
