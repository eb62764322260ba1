//! The words of each kind of event.

mod deviation;
mod dose;
mod exception;
mod harvest;
mod inventory;
mod processing;
mod quality;
mod release;
mod stop;
mod times;

use super::{AuditGroup, AuditReading};
use crate::{
    batch::{Batch, BatchEvent, FieldValue, Signature, Signed},
    decimal,
    master_record::StepRef,
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
        BatchEvent::Harvest(event) => words.of_harvest(event),
        BatchEvent::Processing(event) => words.of_processing(event),
        BatchEvent::Times(event) => words.of_times(event),
        BatchEvent::Quality(event) => words.of_quality(event),
        BatchEvent::Stop(event) => words.of_stop(event),
        BatchEvent::Deviation(event) => words.of_deviation(event),
        BatchEvent::Exception(event) => words.of_exception(event),
        BatchEvent::Release(event) => words.of_release(event),
        BatchEvent::Inventory(event) => words.of_inventory(event),
        BatchEvent::Dose(event) => words.of_dose(event),
    }
}

struct Words<'a> {
    batch: &'a Batch,
    reading: &'a AuditReading<'a>,
}

impl Words<'_> {
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

fn cells(number: Decimal) -> String {
    format!("{} viable cells", decimal::grouped(number))
}
