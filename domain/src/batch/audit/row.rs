//! The words of each kind of event.

mod quality;
mod stops;
mod units;

use super::{AuditGroup, AuditReading};
use crate::{
    batch::{
        Batch, BatchEvent, DocumentRef, FieldValue, HarvestField, Registered, Signature, Signed,
    },
    decimal,
    identifiers::Coi,
    master_record::StepRef,
    measure::Measure,
    time::Timestamp,
};
use rust_decimal::Decimal;

/// What one event says, before it is joined with who and when.
pub(super) struct Said {
    pub(super) group: AuditGroup,
    pub(super) what: String,
    pub(super) step: Option<StepRef>,
    pub(super) field: Option<String>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) why: Option<String>,
    pub(super) performed_at: Option<Timestamp>,
}

impl Said {
    fn of(group: AuditGroup, what: &str) -> Self {
        Self {
            group,
            what: what.to_owned(),
            step: None,
            field: None,
            old: None,
            new: None,
            why: None,
            performed_at: None,
        }
    }

    fn at(mut self, step: impl Into<Option<StepRef>>) -> Self {
        self.step = step.into();
        self
    }

    fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn before(mut self, old: impl Into<Option<String>>) -> Self {
        self.old = old.into();
        self
    }

    fn after(mut self, new: impl Into<String>) -> Self {
        self.new = Some(new.into());
        self
    }

    fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    fn performed(mut self, at: Timestamp) -> Self {
        self.performed_at = Some(at);
        self
    }
}

/// What an event says of the batch as it was before it.
pub(super) fn said(batch: &Batch, event: &BatchEvent, reading: &AuditReading<'_>) -> Said {
    let words = Words { batch, reading };
    match event {
        BatchEvent::HarvestRegistered(_)
        | BatchEvent::HarvestCorrected { .. }
        | BatchEvent::EntryRecorded { .. }
        | BatchEvent::EntryCorrected { .. }
        | BatchEvent::TimeCorrected { .. }
        | BatchEvent::EntryVerified { .. }
        | BatchEvent::EntryNotApplicable { .. } => words.of_values(event),
        BatchEvent::StepNotApplicable { .. }
        | BatchEvent::StepCompleted { .. }
        | BatchEvent::CultureEnded { .. }
        | BatchEvent::CommentAdded { .. } => words.of_steps(event),
        BatchEvent::SampleTaken { .. }
        | BatchEvent::ResultEntered { .. }
        | BatchEvent::ResultReviewed { .. }
        | BatchEvent::ResultRejudged { .. }
        | BatchEvent::ResultCorrected { .. }
        | BatchEvent::ResultReturned { .. }
        | BatchEvent::ResultConfirmed { .. }
        | BatchEvent::ResultInvalidated { .. } => words.of_results(event),
        BatchEvent::StopRaised { .. }
        | BatchEvent::IdentifiersRead { .. }
        | BatchEvent::StopLifted { .. } => words.of_stops(event),
        BatchEvent::DeviationRaised { .. }
        | BatchEvent::DeviationClassified { .. }
        | BatchEvent::DeviationAssessed { .. }
        | BatchEvent::DeviationClosed { .. }
        | BatchEvent::ExceptionAssessed { .. } => words.of_deviations(event),
        BatchEvent::ReviewSigned { .. }
        | BatchEvent::Certified { .. }
        | BatchEvent::Rejected { .. }
        | BatchEvent::CertificationWithdrawn { .. } => words.of_release(event),
        BatchEvent::UnitStored { .. }
        | BatchEvent::UnitDestroyed { .. }
        | BatchEvent::DosePrepared { .. }
        | BatchEvent::DoseDispatched { .. }
        | BatchEvent::DoseInfused { .. }
        | BatchEvent::DoseDestroyed { .. } => words.of_units(event),
    }
}

struct Words<'a> {
    batch: &'a Batch,
    reading: &'a AuditReading<'a>,
}

impl Words<'_> {
    fn of_values(&self, event: &BatchEvent) -> Said {
        use AuditGroup::{Corrections, Entries, Harvest};
        match event {
            BatchEvent::HarvestRegistered(harvest) => Said::of(Harvest, "Harvest registered")
                .field(harvest.number.as_str())
                .after(registered(harvest))
                .performed(harvest.collected_at),
            BatchEvent::HarvestCorrected {
                field,
                old,
                new,
                reason,
            } => Said::of(Corrections, "Figure of the harvest corrected")
                .field(field.label())
                .before(of_harvest(*field, old))
                .after(of_harvest(*field, new))
                .why(reason.as_str()),
            BatchEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
                ..
            } => Said::of(Entries, "Entry recorded")
                .at(step.clone())
                .field(self.label(step, field))
                .after(self.value(step, field, value))
                .performed(*performed_at),
            BatchEvent::EntryCorrected {
                step,
                field,
                old,
                new,
                reason,
                ..
            } => Said::of(Corrections, "Entry corrected")
                .at(step.clone())
                .field(self.label(step, field))
                .before(self.value(step, field, old))
                .after(self.value(step, field, new))
                .why(reason.as_str()),
            BatchEvent::TimeCorrected {
                of,
                old,
                new,
                reason,
                ..
            } => {
                let zone = self.batch.zone();
                let said = Said::of(Corrections, "Time corrected")
                    .field(self.batch.time_label(of))
                    .before(zone.shown(*old))
                    .after(zone.shown(*new))
                    .performed(*new)
                    .why(reason.as_str());
                match self.batch.step_of_time(of) {
                    Some(step) => said.at(step),
                    None => said,
                }
            }
            BatchEvent::EntryVerified { step, field } => {
                let value = self.present(step, field).unwrap_or_default();
                Said::of(Entries, "Entry verified by a second person")
                    .at(step.clone())
                    .field(self.label(step, field))
                    .after(format!("verified: {value}"))
            }
            BatchEvent::EntryNotApplicable {
                step,
                field,
                reason,
            } => Said::of(Entries, "Entry marked as not applicable")
                .at(step.clone())
                .field(self.label(step, field))
                .before(self.present(step, field))
                .after("not applicable")
                .why(reason.as_str()),
            _ => other(),
        }
    }

    fn of_steps(&self, event: &BatchEvent) -> Said {
        match event {
            BatchEvent::StepNotApplicable { step, reason } => {
                Said::of(AuditGroup::Steps, "Step marked as not applicable")
                    .at(step.clone())
                    .after("not applicable")
                    .why(reason.as_str())
            }
            BatchEvent::StepCompleted {
                step,
                performed_at,
                signature,
                signed,
            } => self.step_completed(step, *performed_at, signature.as_ref().zip(signed.as_ref())),
            BatchEvent::CultureEnded { reason } => {
                let passage = self.batch.passage();
                let last = passage.map_or_else(String::new, |passage| format!(" after P{passage}"));
                Said::of(AuditGroup::Steps, "Culture ended before its target")
                    .after(format!("ended{last}"))
                    .why(reason.as_str())
            }
            BatchEvent::CommentAdded { step, text } => {
                Said::of(AuditGroup::Comments, "Comment added")
                    .at(step.clone())
                    .after(text.as_str())
            }
            _ => other(),
        }
    }

    fn step_completed(
        &self,
        step: &StepRef,
        performed_at: Timestamp,
        signed: Option<(&Signature, &Signed)>,
    ) -> Said {
        let record = self.batch.steps.get(step);
        let again = record.is_some_and(|record| record.completed.is_some());
        let what = match (again, signed.is_some()) {
            (true, _) => "Step signed again",
            (false, true) => "Step completed and signed",
            (false, false) => "Step completed",
        };
        let said = Said::of(AuditGroup::Steps, what)
            .at(step.clone())
            .performed(performed_at);
        match signed {
            Some((signature, signed)) => said.after(self.signature(signature, signed)),
            None => said.after("completed"),
        }
    }

    fn of_release(&self, event: &BatchEvent) -> Said {
        let state = || self.batch.state().to_string();
        match event {
            BatchEvent::ReviewSigned { signature, signed } => {
                Said::of(AuditGroup::Release, "Review of the record signed")
                    .after(self.signature(signature, signed))
            }
            BatchEvent::Certified {
                certificate,
                signature,
                signed,
            } => Said::of(AuditGroup::Release, "Batch certified")
                .field(certificate.as_str())
                .before(state())
                .after(self.signature(signature, signed)),
            BatchEvent::Rejected {
                reasons,
                signature,
                signed,
            } => Said::of(AuditGroup::Release, "Batch rejected")
                .before(state())
                .after(self.signature(signature, signed))
                .why(reasons.as_str()),
            BatchEvent::CertificationWithdrawn {
                reason,
                signature,
                signed,
            } => {
                let said = Said::of(AuditGroup::Release, "Certification withdrawn")
                    .before(state())
                    .after(self.signature(signature, signed))
                    .why(reason.as_str());
                match &self.batch.disposition {
                    crate::batch::Disposition::Certified(one) => {
                        said.field(one.certificate.as_str())
                    }
                    _ => said,
                }
            }
            _ => other(),
        }
    }

    fn label(&self, step: &StepRef, key: &str) -> String {
        self.definition(step, key)
            .map_or_else(|| key.to_owned(), |field| field.label.clone())
    }

    fn value(&self, step: &StepRef, key: &str, value: &FieldValue) -> String {
        match (value, self.definition(step, key)) {
            (FieldValue::Moment(at), _) => (self.reading.shown)(*at),
            (_, Some(field)) => field.shown(value),
            (_, None) => value.to_string(),
        }
    }

    fn present(&self, step: &StepRef, key: &str) -> Option<String> {
        let entry = self.batch.steps.get(step)?.entries.get(key)?;
        entry.value().map(|value| self.value(step, key, value))
    }

    fn definition(&self, step: &StepRef, key: &str) -> Option<&crate::master_record::Field> {
        let master = &self.batch.documents.master_record;
        master.step(&step.key)?.field(key)
    }

    fn signature(&self, signature: &Signature, signed: &Signed) -> String {
        format!(
            "“{}” signed by {} ({}), {}, {}; binds the record up to entry {}",
            signature.meaning,
            signature.name,
            signature.user_name,
            signature.role,
            (self.reading.shown)(signature.at),
            signed.version
        )
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
        _ => value.to_owned(),
    }
}

fn cells(number: Decimal) -> String {
    format!("{} viable cells", decimal::grouped(number))
}

/// Never shown: [`said`] sends each kind where it is told.
fn other() -> Said {
    Said::of(AuditGroup::Comments, "Entry")
}
