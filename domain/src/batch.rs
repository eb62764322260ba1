//! A batch: its state as a fold over its events, and the decision on every command.

mod apply;
mod audit;
mod blocker;
mod board;
mod claims;
mod command;
mod decide;
mod demands;
mod deviation;
mod dose;
mod effect;
mod event;
mod exception;
mod growth;
mod harvest;
mod inventory;
mod plan;
mod processing;
mod quality;
mod refusal;
mod release;
mod step;
mod stop;
mod times;
mod unit;

pub use audit::{
    AuditColumn, AuditCopy, AuditFilter, AuditGroup, AuditOrder, AuditReading, AuditRow,
};
pub use blocker::{Blocker, Place};
pub use board::{BatchFlag, BatchState, Needs, Next};
pub use claims::{ClaimKey, ClaimKind, Held, claims_of_command, claims_of_harvest};
pub use command::{BatchCommand, Context, Harvest, Lookups, Second};
pub use decide::decide;
pub use deviation::{Deviation, DeviationCommand, DeviationEvent, DeviationRefusal};
pub use dose::{DoseCommand, DoseEvent, DoseRefusal};
pub use event::{
    BatchEvent, By, DeviationClass, DocumentRef, DueTest, FieldValue, HarvestField,
    InvalidationReason, JudgedAgain, Meaning, NotAnEvent, Recorded, Registered, SecondAnalyst,
    Signature, Signed, TimeOf, UnitForm, VerdictChange,
};
pub use exception::{Exception, ExceptionCommand, ExceptionEvent, ExceptionKind, ExceptionRefusal};
pub use harvest::{
    HarvestCommand, HarvestEvent, HarvestRefusal, aspirate_volume, body_weight, harvest_refusals,
    plausible_weight, register,
};
pub use inventory::{InventoryCommand, InventoryEvent, InventoryRefusal};
pub use plan::{Planned, Progress};
pub use processing::{ProcessingCommand, ProcessingEvent, ProcessingRefusal};
pub use quality::{
    Invalidation, QualityCommand, QualityEvent, QualityRefusal, ResultCorrection, ResultReturn,
    Sample, Test, TestResult,
};
pub use refusal::{InputRefusal, Refusal, StandingRefusal};
pub use release::{ReleaseCommand, ReleaseEvent, ReleaseRefusal};
pub use step::{Completion, Entry, StepRecord, Value};
pub use stop::{IdentifierReading, LiftedStop, Stop, StopCommand, StopEvent, StopRefusal};
pub use times::{Retimed, TimesCommand, TimesEvent, TimesRefusal};
pub use unit::{Dose, DoseState, ReleasedUnit, Unit, UnitState};

use crate::{
    ids::{BatchId, UserId},
    master_record::{MasterRecord, StepRef},
    specification::Specification,
    time::Timestamp,
    zone::Zone,
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What a batch runs under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// What is done.
    pub master_record: Arc<MasterRecord>,
    /// What must hold.
    pub specification: Arc<Specification>,
    /// The zone in which its days are counted: that of its site when it was registered.
    pub zone: Zone,
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
    /// The stops in order, those that were lifted among them.
    pub stops: Vec<Stop>,
    /// The deviations in order.
    pub deviations: Vec<Deviation>,
    /// What departs from the expected, in order.
    pub exceptions: Vec<Exception>,
    /// Each correction of a stated time, in order.
    pub retimed: Vec<Retimed>,
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
    pub contributors: BTreeSet<UserId>,
    /// What is wrong with the record itself, where it was changed outside Autolog: then nothing of it is signed, and no
    /// dose leaves.
    pub altered: Option<String>,
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

impl Batch {
    /// The batch that its first event makes.
    #[must_use]
    pub fn begin(id: BatchId, harvest: Registered, stamp: Stamp, documents: Documents) -> Self {
        Self {
            id,
            version: stamp.version,
            harvest,
            contributors: BTreeSet::from([stamp.by.user]),
            altered: None,
            registered: stamp,
            documents,
            steps: BTreeMap::new(),
            culture_ended: None,
            samples: Vec::new(),
            stops: Vec::new(),
            deviations: Vec::new(),
            exceptions: Vec::new(),
            retimed: Vec::new(),
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
        let BatchEvent::Harvest(HarvestEvent::HarvestRegistered(harvest)) = first.event else {
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

    /// The zone in which the days of the batch are counted and its times are shown.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.documents.zone
    }

    /// QA's review, if it stands.
    #[must_use]
    pub fn review(&self) -> Option<&SignatureRecord> {
        self.signatures.iter().rev().find(|record| {
            record.signature.meaning == Meaning::Reviewed && record.void_since.is_none()
        })
    }

    /// Viable cells counted at the end of a passage, once its step is complete.
    #[must_use]
    pub fn passage_harvest(&self, passage: u16) -> Option<Decimal> {
        growth::passage_harvest(self, passage)
    }

    /// Viable cells of the final harvest: the mean of its two counts.
    #[must_use]
    pub fn harvested_viable(&self) -> Option<Decimal> {
        growth::final_harvest(self)
    }

    /// Viable cells of the final harvest that are in no unit and in no sample taken from it.
    #[must_use]
    pub fn viable_left(&self) -> Option<Decimal> {
        let used = growth::used_of_final_harvest(self)?;
        self.harvested_viable()?.checked_sub(used)
    }

    /// Viable cells of a passage that are in no sample taken from it, once they are counted. What was seeded from it is
    /// among them.
    #[must_use]
    pub fn viable_left_of(&self, passage: u16) -> Option<Decimal> {
        let sampled = growth::sampled_of_passage(self, passage)?;
        self.passage_harvest(passage)?.checked_sub(sampled)
    }
}
