//! What must hold of a record, said of its events alone. Nothing here asks the batch: not its blockers, not its verdict,
//! not its plan. What a process demands is written down by hand in a [`Process`], not read from its documents.

mod cells;
mod exceptions;
mod people;
mod release;
mod results;
mod stops;

pub use cells::cells_from_nowhere;
pub use people::own_work;
pub use release::{against_leaving, doses_let_go, unlawful};
pub use results::results_changed_unseen;
pub use stops::{Lift, StopOf, let_past};

use chrono::{NaiveDate, TimeDelta};
use domain::{
    batch::{
        BatchEvent, DeviationEvent, FieldValue, HarvestEvent, InventoryEvent, ProcessingEvent,
        QualityEvent, Recorded, StopEvent, TimesEvent,
    },
    master_record::StepRef,
    release::ResultValue,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A field of a step, by the step's text.
pub type Key = (String, String);

/// Whether a result passes.
pub type Passes = fn(&ResultValue) -> bool;

/// What a process demands, in the words of the oracle.
pub struct Process {
    /// Steps outside the culture: each must be over.
    pub steps: &'static [&'static str],
    /// Steps of each passage that was begun.
    pub passage: &'static [&'static str],
    /// The step of P1 at which a sample is taken.
    pub passage_sample: Option<&'static str>,
    /// Fields that a second person confirms, by the step's key.
    pub critical: &'static [(&'static str, &'static str)],
    /// Steps that are signed.
    pub signed: &'static [&'static str],
    /// Whether a value departs from what is expected, by the step's key, the field and the day of the work.
    pub outside: fn(&str, &str, &FieldValue, NaiveDate) -> bool,
    /// Fields whose failing answer holds the batch.
    pub stops: &'static [StopOf],
    /// Steps in which nothing is done while the batch is on hold.
    pub blocked: &'static [&'static str],
    /// Criteria that a result must pass.
    pub judged: &'static [(&'static str, Passes)],
    /// After so long an entry is late.
    pub late_after: TimeDelta,
    /// So long a frozen unit may be kept.
    pub shelf_life: TimeDelta,
    /// Least and most viable cells of a dose by kg of body weight.
    pub dose: (i64, i64),
}

/// The small process of the tests (`tests/batch/documents.rs`).
pub const SMALL: Process = Process {
    steps: &[
        "receipt",
        "clearance",
        "harvest",
        "sample",
        "freeze",
        "closing",
    ],
    passage: &["seed", "passage"],
    passage_sample: Some("ip-sample"),
    critical: &[
        ("receipt", "identity"),
        ("passage", "viable-cells"),
        ("hold", "verdict"),
    ],
    signed: &["receipt", "harvest"],
    outside: |step, field, value, day| match (step, field, value) {
        ("receipt", "identity", FieldValue::YesNo(answer)) => !answer,
        ("receipt", "container", FieldValue::Choice(found)) => found != "intact",
        ("hold", "verdict", FieldValue::Choice(verdict)) => verdict != "go on",
        ("clearance", "expiry", FieldValue::Day(expiry)) => *expiry < day,
        ("receipt", "temperature", FieldValue::Number(number)) => {
            *number <= Decimal::TWO || *number > Decimal::from(25)
        }
        ("clearance", "grade", FieldValue::Choice(grade)) => grade == "C",
        _ => false,
    },
    stops: &[
        ("receipt", "identity", Lift::Readings),
        ("receipt", "container", Lift::Entry("hold", "verdict")),
    ],
    blocked: &["clearance", "closing"],
    judged: &[
        ("viability-ip", at_least_70),
        ("viability", at_least_70),
        ("sterility", |result| {
            *result == ResultValue::Category("no growth".to_owned())
        }),
    ],
    late_after: TimeDelta::minutes(60),
    shelf_life: TimeDelta::days(30),
    dose: (1_000_000, 2_000_000),
};

/// Rounded to a whole number, at least 70 %: so from 69.5 on, and nothing that may be less.
pub fn at_least_70(result: &ResultValue) -> bool {
    let least = Decimal::new(695, 1);
    let possible = |number: &Decimal| *number >= least && *number <= Decimal::ONE_HUNDRED;
    match result {
        ResultValue::Number(number) => possible(number),
        ResultValue::Censored { sign, bound } => {
            sign.to_string() != "<" && sign.to_string() != "≤" && possible(bound)
        }
        _ => false,
    }
}

/// The values as they stand after these events, a field that doesn't apply as `None`.
pub fn values(events: &[Recorded]) -> BTreeMap<Key, Option<FieldValue>> {
    let mut values = BTreeMap::new();
    for recorded in events {
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryRecorded {
                step, field, value, ..
            }) => values.insert(key(step, field), Some(value.clone())),
            BatchEvent::Processing(ProcessingEvent::EntryCorrected {
                step, field, new, ..
            }) => values.insert(key(step, field), Some(new.clone())),
            BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { step, field, .. }) => {
                values.insert(key(step, field), None)
            }
            _ => None,
        };
    }
    values
}

/// The number in a field as it stands after these events.
pub fn number(
    values: &BTreeMap<Key, Option<FieldValue>>,
    step: &str,
    field: &str,
) -> Option<Decimal> {
    match values.get(&(step.to_owned(), field.to_owned()))? {
        Some(FieldValue::Number(number)) => Some(*number),
        _ => None,
    }
}

pub fn key(step: &StepRef, field: &str) -> Key {
    (step.to_string(), field.to_owned())
}

/// Whether an event changes what was done, counted or found: what a reviewer reads and a QP certifies.
pub fn is_of_the_record(event: &BatchEvent) -> bool {
    matches!(
        event,
        BatchEvent::Harvest(HarvestEvent::HarvestRegistered(_))
            | BatchEvent::Harvest(HarvestEvent::HarvestCorrected { .. })
            | BatchEvent::Processing(ProcessingEvent::EntryRecorded { .. })
            | BatchEvent::Processing(ProcessingEvent::EntryCorrected { .. })
            | BatchEvent::Times(TimesEvent::TimeCorrected { .. })
            | BatchEvent::Processing(ProcessingEvent::EntryVerified { .. })
            | BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { .. })
            | BatchEvent::Processing(ProcessingEvent::StepNotApplicable { .. })
            | BatchEvent::Processing(ProcessingEvent::StepCompleted { .. })
            | BatchEvent::Processing(ProcessingEvent::CultureEnded { .. })
            | BatchEvent::Quality(QualityEvent::SampleTaken { .. })
            | BatchEvent::Quality(QualityEvent::ResultEntered { .. })
            | BatchEvent::Quality(QualityEvent::ResultReviewed { .. })
            | BatchEvent::Quality(QualityEvent::ResultRejudged { .. })
            | BatchEvent::Quality(QualityEvent::ResultCorrected { .. })
            | BatchEvent::Quality(QualityEvent::ResultReturned { .. })
            | BatchEvent::Quality(QualityEvent::ResultConfirmed { .. })
            | BatchEvent::Quality(QualityEvent::ResultInvalidated { .. })
            | BatchEvent::Inventory(InventoryEvent::UnitStored { .. })
            | BatchEvent::Stop(StopEvent::IdentifiersRead { .. })
    )
}

/// Whether an event is about a deviation.
pub fn is_of_a_deviation(event: &BatchEvent) -> bool {
    matches!(
        event,
        BatchEvent::Deviation(DeviationEvent::DeviationRaised { .. })
            | BatchEvent::Deviation(DeviationEvent::DeviationClassified { .. })
            | BatchEvent::Deviation(DeviationEvent::DeviationAssessed { .. })
            | BatchEvent::Deviation(DeviationEvent::DeviationClosed { .. })
    )
}
