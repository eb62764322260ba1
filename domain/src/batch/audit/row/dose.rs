//! The words of doses.

use super::{Said, Words, cells};
use crate::batch::audit::AuditGroup;
use crate::{batch::DoseEvent, decimal, ids::DoseId, measure::Measure};

impl Words<'_> {
    pub(super) fn of_dose(&self, event: &DoseEvent) -> Said {
        let dose = |what: &str, code: String| Said::of(AuditGroup::Units, what).field(code);
        match event {
            DoseEvent::DosePrepared {
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
            DoseEvent::DoseDispatched {
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
            DoseEvent::DoseInfused {
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
            DoseEvent::DoseDestroyed {
                dose: id,
                reason,
                destroyed_at,
            } => dose("Dose destroyed", self.dose_code(*id))
                .after("destroyed")
                .why(reason.as_str())
                .performed(*destroyed_at),
        }
    }

    fn dose_code(&self, dose: DoseId) -> String {
        self.batch
            .dose(dose)
            .map_or_else(|| dose.to_string(), |dose| dose.code.clone())
    }
}
