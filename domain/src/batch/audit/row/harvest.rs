//! The words of the harvest.

use super::{Said, Words};
use crate::{
    batch::{DocumentRef, HarvestEvent, HarvestField, Registered, audit::AuditGroup},
    decimal,
    identifiers::Coi,
    measure::Measure,
};

impl Words<'_> {
    pub(super) fn of_harvest(&self, event: &HarvestEvent) -> Said {
        match event {
            HarvestEvent::HarvestRegistered(harvest) => {
                Said::of(AuditGroup::Harvest, "Harvest registered")
                    .field(harvest.number.as_str())
                    .after(registered(harvest))
                    .performed(harvest.collected_at)
            }
            HarvestEvent::HarvestCorrected {
                field,
                old,
                new,
                reason,
            } => Said::of(AuditGroup::Corrections, "Figure of the harvest corrected")
                .field(field.label())
                .before(of_harvest(*field, old))
                .after(of_harvest(*field, new))
                .why(reason.as_str()),
        }
    }
}

fn registered(harvest: &Registered) -> String {
    let document = |one: &DocumentRef| format!("{} v{}", one.key, one.version);
    [
        format!("subject {}", harvest.subject),
        format!("{} {}", harvest.din.name(), harvest.din.with_check()),
        format!("CoI {}", Coi::shown(harvest.coi.as_ref())),
        format!("collected by {}", harvest.collected_by),
        format!(
            "volume of the aspirate {}",
            Measure::MILLILITRE.after(decimal::grouped(harvest.volume_ml))
        ),
        format!("anticoagulant {}", harvest.anticoagulant),
        format!(
            "consent {} of {}",
            harvest.consent_version, harvest.consented_on
        ),
        format!(
            "body weight {} of {}",
            Measure::KILOGRAM.after(harvest.weight_kg),
            harvest.weighed_on
        ),
        format!("master record {}", document(&harvest.master_record)),
        format!("specification {}", document(&harvest.specification)),
    ]
    .join("; ")
}

fn of_harvest(field: HarvestField, value: &str) -> String {
    match field {
        HarvestField::Volume => Measure::MILLILITRE.after(value),
        HarvestField::Weight => Measure::KILOGRAM.after(value),
        HarvestField::Coi
        | HarvestField::CollectedBy
        | HarvestField::Anticoagulant
        | HarvestField::ConsentVersion
        | HarvestField::WeighedOn => value.to_owned(),
    }
}
