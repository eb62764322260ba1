//! What can have happened to a batch. An event is written once and read for thirty years: a field is never renamed or
//! removed; a change of shape is a new [`BatchEvent::VERSION`].

mod ledger;
mod parts;

pub use ledger::NotAnEvent;
pub use parts::{
    DeviationClass, DueTest, FieldValue, HarvestField, InvalidationReason, JudgedAgain, Meaning,
    SecondAnalyst, Signature, Signed, TimeOf, UnitForm, VerdictChange,
};

use super::{
    Batch, DeviationEvent, DoseEvent, ExceptionEvent, HarvestEvent, InventoryEvent,
    ProcessingEvent, QualityEvent, ReleaseEvent, StopEvent, TimesEvent, effect::Effect,
};
use crate::{
    clock::ClockState,
    identifiers::{Coi, DonationNumber},
    ids::UserId,
    rights::Role,
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which version of which document a batch runs under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// The document's key, such as `bm-msc`.
    pub key: String,
    /// Its version, from 1.
    pub version: u32,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// The harvest that a batch begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The batch number, such as `GE-2026-0007`.
    pub number: String,
    /// The site's code.
    pub site: String,
    /// The subject's code in the trial; never a name.
    pub subject: String,
    /// The number of the donation: a DIN, or one of the lab's own.
    pub din: DonationNumber,
    /// The chain-of-identity id of the therapy, where the order has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub coi: Option<Coi>,
    /// When the marrow was taken.
    pub collected_at: Timestamp,
    /// Who took it.
    pub collected_by: String,
    /// Volume of the aspirate in mL.
    pub volume_ml: Decimal,
    /// The anticoagulant in the container.
    pub anticoagulant: String,
    /// The version of the consent form that the patient signed.
    pub consent_version: String,
    /// The day on which consent was given.
    pub consented_on: NaiveDate,
    /// Body weight in kg.
    pub weight_kg: Decimal,
    /// The day on which it was measured.
    pub weighed_on: NaiveDate,
    /// The time zone of the site by its IANA name: the days of this batch are counted in it.
    pub time_zone: String,
    /// The master record that the batch runs under.
    pub master_record: DocumentRef,
    /// The specification that it is judged by.
    pub specification: DocumentRef,
}

/// An event of a batch, by the slice that it belongs to. In the ledger stands the event of the slice: its kind and its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum BatchEvent {
    /// The harvest.
    Harvest(HarvestEvent),
    /// Steps and field entries.
    Processing(ProcessingEvent),
    /// Stated times.
    Times(TimesEvent),
    /// Samples and results.
    Quality(QualityEvent),
    /// Stops.
    Stop(StopEvent),
    /// Deviations.
    Deviation(DeviationEvent),
    /// Exceptions.
    Exception(ExceptionEvent),
    /// Review, certification, rejection.
    Release(ReleaseEvent),
    /// Units.
    Inventory(InventoryEvent),
    /// Doses.
    Dose(DoseEvent),
}

impl BatchEvent {
    /// The version of the shape of all kinds.
    pub const VERSION: u16 = 1;
}

/// Who made an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The account.
    pub user: UserId,
    /// The printed name at that moment.
    pub name: String,
    /// The role in which they acted.
    pub role: Role,
}

/// An event as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the batch, from 1.
    pub version: u64,
    /// When the server recorded it.
    pub at: Timestamp,
    /// Whether its clock was confirmed then.
    pub clock: ClockState,
    /// Who.
    pub by: By,
    /// What.
    pub event: BatchEvent,
}

impl BatchEvent {
    /// What the event does to the rest of the record, of the batch as it was before it.
    pub(super) fn effect(&self, batch: &Batch) -> Effect<'_> {
        match self {
            Self::Harvest(event) => event.effect(batch),
            Self::Processing(event) => event.effect(batch),
            Self::Times(event) => event.effect(batch),
            Self::Quality(event) => event.effect(batch),
            Self::Stop(event) => event.effect(batch),
            Self::Deviation(event) => event.effect(batch),
            Self::Exception(event) => event.effect(batch),
            Self::Release(event) => event.effect(batch),
            Self::Inventory(event) => event.effect(batch),
            Self::Dose(event) => event.effect(batch),
        }
    }
}
