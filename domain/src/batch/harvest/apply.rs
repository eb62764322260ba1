//! What events of the harvest do to a batch.

use crate::{
    batch::{Batch, ExceptionKind, HarvestEvent, HarvestField, Stamp},
    identifiers::Coi,
};

impl Batch {
    pub(in crate::batch) fn apply_harvest(&mut self, event: HarvestEvent, stamp: Stamp) {
        match event {
            // Only the first event of a batch registers it; `begin` took that one.
            HarvestEvent::HarvestRegistered(_) => {}
            HarvestEvent::HarvestCorrected {
                field, new, reason, ..
            } => self.harvest_corrected(field, &new, reason, stamp),
        }
    }

    fn harvest_corrected(&mut self, field: HarvestField, new: &str, reason: String, stamp: Stamp) {
        let harvest = &mut self.harvest;
        match field {
            HarvestField::Coi => harvest.coi = Coi::parse(new).ok(),
            HarvestField::CollectedBy => new.clone_into(&mut harvest.collected_by),
            HarvestField::Anticoagulant => new.clone_into(&mut harvest.anticoagulant),
            HarvestField::ConsentVersion => new.clone_into(&mut harvest.consent_version),
            HarvestField::Volume => harvest.volume_ml = new.parse().unwrap_or(harvest.volume_ml),
            HarvestField::Weight => harvest.weight_kg = new.parse().unwrap_or(harvest.weight_kg),
            HarvestField::WeighedOn => {
                harvest.weighed_on = new.parse().unwrap_or(harvest.weighed_on)
            }
        }
        self.except(
            None,
            ExceptionKind::Corrected {
                field: field.label().to_owned(),
                reason,
            },
            &stamp,
        );
    }
}
