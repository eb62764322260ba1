//! Stops: what holds a batch, and what lifted it.

mod apply;
mod command;
pub(super) mod decide;
mod event;
mod refusal;

pub use command::StopCommand;
pub use event::StopEvent;
pub use refusal::StopRefusal;

use super::{Batch, Disposition, DocumentRef, Entry, Signature, Stamp};
use crate::{
    identifiers::DonationNumber,
    ids::DeviationId,
    master_record::{LiftedBy, StepRef},
    time::Timestamp,
};

/// A stop of the master record whose failing answer put the batch on hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Who recorded the failing answer, and when. Its event is the stop's number.
    pub raised: Stamp,
    /// The step.
    pub step: StepRef,
    /// The field's key.
    pub field: String,
    /// The field's label.
    pub label: String,
    /// The entry of the batch that holds the failing answer.
    pub entry: u64,
    /// The answer in words.
    pub found: String,
    /// What was expected, in words.
    pub expected: String,
    /// What lifts it.
    pub lifted_by: LiftedBy,
    /// The master record that makes the field a stop.
    pub master_record: DocumentRef,
    /// The deviation that was raised with it.
    pub deviation: DeviationId,
    /// Both identifiers, as they were read again.
    pub readings: Vec<IdentifierReading>,
    /// Who lifted it, and on what.
    pub lifted: Option<LiftedStop>,
}

/// Both identifiers, as one person read them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierReading {
    /// The subject code.
    pub subject: String,
    /// The DIN.
    pub din: DonationNumber,
    /// Whether both are those of the batch.
    pub agree: bool,
    /// Who read them, and when.
    pub stamp: Stamp,
}

/// How a stop was lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftedStop {
    /// The entries of the batch that it rests on.
    pub evidence: Vec<u64>,
    /// QA's signature.
    pub signature: Signature,
    /// When it was recorded.
    pub stamp: Stamp,
}

impl Stop {
    /// Its number: the event that raised it.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.raised.version
    }

    /// What holds the batch, in a few words: `Container intact: no, expected yes`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}: {}, expected {}", self.label, self.found, self.expected)
    }

    /// Whether it was lifted on a value of this entry.
    pub(super) fn rests_on(&self, entry: &Entry) -> bool {
        let of_entry =
            |version: &u64| (entry.values.iter()).any(|value| value.stamp.version == *version);
        (self.lifted.as_ref()).is_some_and(|lifted| lifted.evidence.iter().any(of_entry))
    }

    /// Whether an entry in this step can lift it.
    pub(super) fn is_lifted_in(&self, step: &str) -> bool {
        matches!(&self.lifted_by, LiftedBy::Entry { step: key, .. } if key == step)
    }

    /// The readings that count: those after the last one that did not agree.
    #[must_use]
    pub fn agreeing_readings(&self) -> &[IdentifierReading] {
        let after = self.readings.iter().rposition(|reading| !reading.agree);
        &self.readings[after.map_or(0, |place| place + 1)..]
    }
}

impl Batch {
    /// The stops that hold the batch now.
    pub fn open_stops(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|stop| stop.lifted.is_none())
    }

    /// The stop with this number.
    #[must_use]
    pub fn stop(&self, number: u64) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.number() == number)
    }

    /// When what a stop was raised for was found: the time that a person stated of the failing answer. Where a correction
    /// raised it, nobody knew before that was recorded.
    #[must_use]
    pub fn found_at(&self, stop: &Stop) -> Timestamp {
        let answer = self.answer_to(stop);
        answer.map_or(stop.raised.at, |entry| entry.performed_at)
    }

    /// The entry whose first answer raised the stop.
    pub(super) fn answer_to(&self, stop: &Stop) -> Option<&Entry> {
        let entry = self.steps.get(&stop.step)?.entries.get(&stop.field)?;
        let first = entry.values.first()?;
        (first.stamp.version == stop.entry).then_some(entry)
    }

    /// Whether the same field has stopped the batch again since a stop was lifted.
    pub(super) fn stopped_since(&self, stop: &Stop) -> bool {
        let Some(lifted) = &stop.lifted else {
            return false;
        };
        let same = |one: &&Stop| one.step == stop.step && one.field == stop.field;
        let later = |one: &Stop| one.number() > lifted.stamp.version;
        self.stops.iter().filter(same).any(later)
    }

    /// What holds a dose that has left, in words: a stop, a deviation or exception that is open, a certification that
    /// stands no more.
    #[must_use]
    pub fn dose_held_by(&self, now: Timestamp) -> Option<String> {
        if let Some(words) = stops_in_words(self.open_stops()) {
            return Some(words);
        }
        let Disposition::Certified(_) = self.disposition else {
            return Some("the batch is not certified any more".to_owned());
        };
        let blockers = self.blockers(now);
        let words: Vec<_> = blockers.iter().map(ToString::to_string).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What lifts a stop, in words.
    #[must_use]
    pub fn lift_words(&self, lifted_by: &LiftedBy) -> String {
        match lifted_by {
            LiftedBy::Identifiers => {
                "both identifiers, read again by two people, and the signature of QA".to_owned()
            }
            LiftedBy::Nothing => "nothing: the batch is rejected".to_owned(),
            LiftedBy::Entry { step, field } => {
                let definition = self.documents.master_record.step(step);
                let title = definition.map_or(step.as_str(), |step| step.title.as_str());
                let label = (definition.and_then(|step| step.field(field)))
                    .map_or(field.as_str(), |field| field.label.as_str());
                format!("“{label}” in {title}, and the signature of QA")
            }
        }
    }
}

/// What these stops are, in words; `None` where there is none.
pub(super) fn stops_in_words<'a>(stops: impl Iterator<Item = &'a Stop>) -> Option<String> {
    let words: Vec<_> = stops.map(Stop::words).collect();
    (!words.is_empty()).then(|| words.join("; "))
}
