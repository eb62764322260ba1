//! A batch: its state as a fold over its events, and the decision on every command.

mod apply;
mod audit;
mod blocker;
mod board;
mod command;
mod decide;
mod event;
mod exception;
mod growth;
mod plan;
mod refusal;
mod unit;

pub use audit::{
    AuditColumn, AuditCopy, AuditFilter, AuditGroup, AuditOrder, AuditReading, AuditRow, guarded,
};
pub use blocker::{Blocker, Place};
pub use board::{Needs, Next};
pub use command::{BatchCommand, Context, Harvest, Lookups};
pub use decide::{action_of, decide, register};
pub use event::{
    BatchEvent, By, DeviationClass, DocumentRef, DueTest, FieldValue, HarvestField,
    InvalidationReason, Meaning, NotAnEvent, Recorded, Registered, Signature, Signed, UnitForm,
};
pub use exception::{Exception, ExceptionKind};
pub use plan::{Planned, Progress};
pub use refusal::Refusal;
pub use unit::{Dose, DoseState, ReleasedUnit, Unit, UnitState};

use crate::{
    ids::{BatchId, DeviationId, SampleId, UserId},
    master_record::{MasterRecord, StepRef},
    release::ResultValue,
    rights::words,
    specification::Specification,
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The documents that a batch runs under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// What is done.
    pub master_record: Arc<MasterRecord>,
    /// What must hold.
    pub specification: Arc<Specification>,
}

/// A batch as its events make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Its last event.
    pub version: u64,
    /// The harvest, with corrections applied.
    pub harvest: Registered,
    /// Who registered it and when.
    pub registered: Stamp,
    /// The documents.
    pub documents: Documents,
    /// The steps that have anything recorded.
    pub steps: BTreeMap<StepRef, StepRecord>,
    /// Why the culture was ended early, and after which passage.
    pub culture_ended: Option<u16>,
    /// The samples in order.
    pub samples: Vec<Sample>,
    /// The deviations in order.
    pub deviations: Vec<Deviation>,
    /// What departs from the expected, in order.
    pub exceptions: Vec<Exception>,
    /// Each signature, and whether it still stands.
    pub signatures: Vec<SignatureRecord>,
    /// The units in order.
    pub units: Vec<Unit>,
    /// The doses in order.
    pub doses: Vec<Dose>,
    /// Comments on the batch as a whole.
    pub comments: Vec<Comment>,
    /// The decision on the batch.
    pub disposition: Disposition,
    /// Who recorded, corrected or entered anything: they don't review or certify it.
    pub makers: BTreeSet<UserId>,
}

/// When something was recorded, by whom, as which event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The event's place in the batch.
    pub version: u64,
    /// When the server recorded it.
    pub at: Timestamp,
    /// Who.
    pub by: By,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The words.
    pub text: String,
    /// Who and when.
    pub stamp: Stamp,
}

/// What was recorded of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepRecord {
    /// The entries by field.
    pub entries: BTreeMap<String, Entry>,
    /// Completion, if so.
    pub completed: Option<Completion>,
    /// Why the whole step doesn't apply, if so.
    pub not_applicable: Option<Comment>,
    /// Comments.
    pub comments: Vec<Comment>,
}

impl StepRecord {
    /// Whether nothing more is to be done in the step.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.completed.is_some() || self.not_applicable.is_some()
    }

    /// Whether anything was recorded in the step; a comment alone begins none.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.is_over() || !self.entries.is_empty()
    }

    /// The number in a field; `None` where it is missing or not a number.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<Decimal> {
        match self.entries.get(field)?.value()? {
            FieldValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The latest moment at which something of the step was performed. What does not apply was not performed.
    #[must_use]
    pub fn performed_at(&self) -> Option<Timestamp> {
        let done = |entry: &&Entry| entry.not_applicable.is_none();
        let entries = (self.entries.values().filter(done)).map(|entry| entry.performed_at);
        let over = (self.completed.as_ref()).map(|completion| completion.performed_at);
        entries.chain(over).max()
    }
}

/// The completion of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// When the work ended, as the person said.
    pub performed_at: Timestamp,
    /// Who completed it first, and when.
    pub stamp: Stamp,
    /// The last signature, where the master record asks for one.
    pub signature: Option<Signature>,
}

/// A field of a step as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The values in order, the last one valid; empty where the field doesn't apply.
    pub values: Vec<Value>,
    /// Why the field doesn't apply, if so.
    pub not_applicable: Option<Comment>,
    /// When it was done, as the person said; where the field doesn't apply, when that was recorded.
    pub performed_at: Timestamp,
    /// Who confirmed the present value, if anyone did.
    pub verified: Option<Stamp>,
}

impl Entry {
    /// The present value; `None` where the field doesn't apply.
    #[must_use]
    pub fn value(&self) -> Option<&FieldValue> {
        self.values.last().map(|value| &value.value)
    }

    /// Whether the value was changed since its first entry; also one that stands where first none applied.
    #[must_use]
    pub fn corrected(&self) -> bool {
        self.values.iter().any(|value| value.reason.is_some())
    }
}

/// One value of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub value: FieldValue,
    /// Who and when.
    pub stamp: Stamp,
    /// Why it replaced the one before; `None` for the first.
    pub reason: Option<String>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// Its code.
    pub code: String,
    /// The step.
    pub step: StepRef,
    /// The sample point.
    pub point: String,
    /// When it was taken, as the person said.
    pub taken_at: Timestamp,
    /// Viable cells that went into it.
    pub viable_cells: Decimal,
    /// Who and when.
    pub stamp: Stamp,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// One test of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The criterion's key.
    pub criterion: String,
    /// When its result is due.
    pub due: Timestamp,
    /// The results in order: at most one stands; invalidated ones stay visible.
    pub results: Vec<TestResult>,
}

impl Test {
    /// The result that counts.
    #[must_use]
    pub fn standing(&self) -> Option<&TestResult> {
        self.results
            .iter()
            .rev()
            .find(|result| result.invalidated.is_none())
    }
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The value.
    pub value: ResultValue,
    /// The day of the test.
    pub tested_on: NaiveDate,
    /// Who entered it and when.
    pub entered: Stamp,
    /// Who reviewed it and when.
    pub reviewed: Option<Stamp>,
    /// Why it doesn't count, if so.
    pub invalidated: Option<Invalidation>,
}

/// Why a result doesn't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalidation {
    /// The listed reason.
    pub reason: InvalidationReason,
    /// The evidence.
    pub evidence: String,
    /// Who and when.
    pub stamp: Stamp,
}

/// A deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Its id.
    pub id: DeviationId,
    /// Its number.
    pub number: String,
    /// The step, where it is about one.
    pub step: Option<StepRef>,
    /// What happened.
    pub description: String,
    /// Who raised it and when.
    pub raised: Stamp,
    /// How grave.
    pub class: Option<(DeviationClass, Stamp)>,
    /// Root cause, impact, and who stated them.
    pub assessment: Option<(String, String, Stamp)>,
    /// Closed by this signature.
    pub closed: Option<Signature>,
}

/// A signature and whether it still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRecord {
    /// The event that holds it.
    pub version: u64,
    /// The step that it signs, if it is about one.
    pub step: Option<StepRef>,
    /// The signature.
    pub signature: Signature,
    /// What it binds.
    pub signed: Signed,
    /// The event that voided it.
    pub void_since: Option<u64>,
}

/// The decision on a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// None yet.
    Open,
    /// Certified and not withdrawn.
    Certified(Certification),
    /// Rejected: nothing more is done but destroying its units.
    Rejected {
        /// The reasons.
        reasons: String,
        /// The signature.
        signature: Signature,
    },
}

/// A certification that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certification {
    /// The certificate's number.
    pub certificate: String,
    /// The event.
    pub version: u64,
    /// The signature.
    pub signature: Signature,
}

words! {
    /// Where a batch stands, in one word for the board.
    BatchState, "a state of a batch" {
        /// Steps are to be done.
        InProcess = "in-process", "In process";
        /// All steps are done; results are awaited.
        AwaitingResults = "awaiting-results", "Awaiting results";
        /// Work may go on, but a deviation is open or a result fails: nothing can be released.
        Hold = "hold", "Hold";
        /// Ready for QA's review.
        NeedsReview = "needs-review", "Needs review";
        /// Reviewed; the QP decides.
        AwaitingCertification = "awaiting-certification", "Awaiting certification";
        /// Certified.
        Released = "released", "Released";
        /// Rejected.
        Rejected = "rejected", "Rejected";
        /// Every unit has ended.
        Closed = "closed", "Closed";
    }
}

impl Batch {
    /// The batch that its first event makes.
    #[must_use]
    pub fn begin(id: BatchId, harvest: Registered, stamp: Stamp, documents: Documents) -> Self {
        Self {
            id,
            version: stamp.version,
            harvest,
            makers: BTreeSet::from([stamp.by.user]),
            registered: stamp,
            documents,
            steps: BTreeMap::new(),
            culture_ended: None,
            samples: Vec::new(),
            deviations: Vec::new(),
            exceptions: Vec::new(),
            signatures: Vec::new(),
            units: Vec::new(),
            doses: Vec::new(),
            comments: Vec::new(),
            disposition: Disposition::Open,
        }
    }

    /// The batch that `events` make; `None` where the first is not a registration.
    #[must_use]
    pub fn fold(
        id: BatchId,
        documents: Documents,
        events: impl IntoIterator<Item = Recorded>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let first = events.next()?;
        let BatchEvent::HarvestRegistered(harvest) = first.event else {
            return None;
        };
        let stamp = Stamp {
            version: first.version,
            at: first.at,
            by: first.by,
        };
        let mut batch = Self::begin(id, *harvest, stamp, documents);
        for event in events {
            batch.apply(event);
        }
        Some(batch)
    }

    /// The sample with this id.
    #[must_use]
    pub fn sample(&self, id: SampleId) -> Option<&Sample> {
        self.samples.iter().find(|sample| sample.id == id)
    }

    /// The deviation with this id.
    #[must_use]
    pub fn deviation(&self, id: DeviationId) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.id == id)
    }

    /// QA's review, if it stands.
    #[must_use]
    pub fn review(&self) -> Option<&SignatureRecord> {
        self.signatures.iter().rev().find(|record| {
            record.signature.meaning == Meaning::Reviewed && record.void_since.is_none()
        })
    }

    /// The deviations that are not closed.
    pub fn open_deviations(&self) -> impl Iterator<Item = &Deviation> {
        self.deviations
            .iter()
            .filter(|deviation| deviation.closed.is_none())
    }

    /// Viable cells counted at the end of a passage, once its step is complete.
    #[must_use]
    pub fn passage_harvest(&self, passage: u16) -> Option<Decimal> {
        growth::passage_harvest(self, passage).map(|harvest| harvest.viable)
    }

    /// Viable cells of the final harvest: the mean of its two counts.
    #[must_use]
    pub fn harvested_viable(&self) -> Option<Decimal> {
        growth::final_harvest(self).map(|harvest| harvest.viable)
    }

    /// Viable cells of the final harvest that are in no unit and in no sample taken from it.
    #[must_use]
    pub fn viable_left(&self) -> Option<Decimal> {
        let harvest = growth::final_harvest(self)?;
        let stored: Decimal = self.units.iter().map(|unit| unit.viable_cells).sum();
        let samples = self
            .samples
            .iter()
            .filter(|sample| sample.stamp.version > harvest.version);
        let sampled: Decimal = samples.map(|sample| sample.viable_cells).sum();
        Some(harvest.viable - stored - sampled)
    }
}
