//! What has happened to a batch, and what comes of the next command.

mod commands;
mod given;
mod zones;

pub use commands::*;
pub use given::*;
pub use zones::*;

use crate::documents::{MASTER_RECORD, SPECIFICATION};
use chrono::{NaiveDate, TimeDelta};
use domain::{
    batch::{
        Batch, BatchCommand, BatchEvent, By, Context, DeviationCommand, DocumentRef, Documents,
        FieldValue, Harvest, Held, Lookups, Recorded, Refusal, ReleaseCommand, Second, decide,
        register,
    },
    identifiers::{Coi, Din, DonationNumber},
    ids::{BatchId, DeviationId, DoseId, SampleId, UnitId, UserId},
    master_record::{MasterRecord, StepRef},
    release::ResultValue,
    rights::Role,
    specification::Specification,
    time::Timestamp,
};
use rust_decimal::Decimal;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// Somebody at the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub id: u128,
    pub name: &'static str,
    pub roles: &'static [Role],
}

impl Person {
    /// This person as the second, who gave user name and password in the request of another.
    pub fn second(self) -> Option<Second> {
        Some(Second {
            user: UserId(Uuid::from_u128(self.id)),
            user_name: self.name.to_lowercase().replace(' ', "."),
            name: self.name.to_owned(),
            roles: self.roles.to_vec(),
        })
    }
}

const fn person(id: u128, name: &'static str, roles: &'static [Role]) -> Person {
    Person { id, name, roles }
}

pub const COLLECTOR: Person = person(1, "Collector 1", &[Role::Collector]);
pub const TECH: Person = person(2, "Technician 1", &[Role::Technician]);
pub const TECH2: Person = person(3, "Technician 2", &[Role::Technician]);
pub const QC: Person = person(4, "QC analyst 1", &[Role::QcAnalyst]);
pub const QC2: Person = person(5, "QC analyst 2", &[Role::QcAnalyst]);
pub const QA: Person = person(6, "QA reviewer 1", &[Role::QaReviewer]);
pub const QA2: Person = person(7, "QA reviewer 2", &[Role::QaReviewer]);
pub const QP: Person = person(8, "Qualified Person 1", &[Role::QualifiedPerson]);
pub const PHARMACIST: Person = person(9, "Pharmacist 1", &[Role::Pharmacist]);
/// Somebody who may do nearly everything; the rule of several people must hold all the same.
pub const MANY: Person = person(
    10,
    "Many Roles",
    &[
        Role::Technician,
        Role::QcAnalyst,
        Role::QaReviewer,
        Role::QualifiedPerson,
        Role::Pharmacist,
    ],
);

/// What a signature binds in these tests.
pub const DIGEST: &str = "00ff";

pub fn user(person: Person) -> UserId {
    UserId(Uuid::from_u128(person.id))
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn step(text: &str) -> StepRef {
    text.parse().unwrap()
}

pub fn n(text: &str) -> FieldValue {
    FieldValue::Number(d(text))
}

pub fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

pub fn choice(text: &str) -> FieldValue {
    FieldValue::Choice(text.to_owned())
}

pub const YES: FieldValue = FieldValue::YesNo(true);
pub const NO: FieldValue = FieldValue::YesNo(false);

pub fn sample(id: u128) -> SampleId {
    SampleId(Uuid::from_u128(id))
}

pub fn unit(id: u128) -> UnitId {
    UnitId(Uuid::from_u128(id))
}

pub fn dose(id: u128) -> DoseId {
    DoseId(Uuid::from_u128(id))
}

pub fn deviation(id: u128) -> DeviationId {
    DeviationId(Uuid::from_u128(id))
}

pub fn number(text: &str) -> ResultValue {
    ResultValue::Number(d(text))
}

pub fn category(text: &str) -> ResultValue {
    ResultValue::Category(text.to_owned())
}

pub fn din() -> DonationNumber {
    Din::parse("G123417654321").unwrap().into()
}

pub fn harvest() -> Harvest {
    Harvest {
        subject: "GE-01".to_owned(),
        din: din(),
        coi: Some(Coi::parse("CHA999926ABC123").unwrap()),
        collected_at: at("2026-03-02T08:00:00Z"),
        collected_by: "Dr. Collector".to_owned(),
        volume_ml: d("40"),
        anticoagulant: "heparin".to_owned(),
        consent: true,
        consent_version: "3".to_owned(),
        consented_on: day("2026-02-20"),
        weight_kg: d("70"),
        weighed_on: day("2026-03-01"),
        identity_confirmed: true,
    }
}

pub fn lookups() -> Lookups {
    let document = |key: &str| DocumentRef {
        key: key.to_owned(),
        version: 1,
        sha256: "00".repeat(32),
    };
    Lookups {
        site: "GE".to_owned(),
        year: 2026,
        batches_before: 6,
        scheme: "isbt-128 G1234".parse().unwrap(),
        master_record: document("SMALL"),
        specification: document("SMALL"),
        misfits: Vec::new(),
    }
}

pub fn documents(master_record: &str, specification: &str) -> Documents {
    Documents {
        master_record: Arc::new(MasterRecord::parse(master_record).unwrap()),
        specification: Arc::new(Specification::parse(specification).unwrap()),
        zone: rome(),
    }
}

/// The events of one batch, and the clock.
#[derive(Debug, Clone)]
pub struct Record {
    pub events: Vec<Recorded>,
    pub now: Timestamp,
    pub documents: Documents,
}

/// Given a harvest that was registered, an hour after it was taken.
pub fn registered() -> Record {
    static SMALL: LazyLock<Documents> = LazyLock::new(|| documents(MASTER_RECORD, SPECIFICATION));
    registered_under(SMALL.clone(), harvest())
}

/// Given a harvest under other documents.
pub fn registered_by(master_record: &str, specification: &str) -> Record {
    registered_under(documents(master_record, specification), harvest())
}

fn registered_under(documents: Documents, harvest: Harvest) -> Record {
    let now = harvest.collected_at.plus(TimeDelta::hours(1));
    let (_, event) = register(harvest, lookups(), &context(COLLECTOR, now)).unwrap();
    let record = Record {
        events: Vec::new(),
        now,
        documents,
    };
    record.event(COLLECTOR, event)
}

/// What a decision knows of a person who asks at `now`, without a signature.
pub fn context(person: Person, now: Timestamp) -> Context {
    Context {
        clock: domain::clock::ClockState::Confirmed,
        now,
        zone: rome(),
        user: user(person),
        user_name: person.name.to_lowercase().replace(' ', "."),
        name: person.name.to_owned(),
        roles: person.roles.to_vec(),
        signing: None,
        held: Held::default(),
    }
}

impl Record {
    /// The batch that the events make.
    pub fn batch(&self) -> Batch {
        let id = BatchId(Uuid::from_u128(7));
        Batch::fold(id, self.documents.clone(), self.events.clone()).unwrap()
    }

    /// The day at the site.
    pub fn today(&self) -> NaiveDate {
        self.documents.zone.day(self.now)
    }

    /// The place of the last event.
    pub fn version(&self) -> u64 {
        self.events.last().unwrap().version
    }

    /// Given also this event, at this moment, whether or not a command would give it.
    pub fn event(mut self, person: Person, event: BatchEvent) -> Self {
        let by = By {
            user: user(person),
            name: person.name.to_owned(),
            role: person.roles[0],
        };
        let version = self.events.len() as u64 + 1;
        self.events.push(Recorded {
            version,
            at: self.now,
            clock: domain::clock::ClockState::Confirmed,
            by,
            event,
        });
        self
    }

    /// Given that so many hours passed.
    pub fn after(mut self, hours: i64) -> Self {
        self.now = self.now.plus(TimeDelta::hours(hours));
        self
    }

    /// When the person asks for this.
    pub fn when(&self, person: Person, command: BatchCommand) -> Answer {
        let context = Context {
            zone: self.documents.zone,
            ..context(person, self.now)
        };
        Answer(decide(&self.batch(), command, &context).map(|(_, events)| events))
    }

    /// When the person asks for this with user name and password.
    pub fn signed(&self, person: Person, command: BatchCommand) -> Answer {
        let context = Context {
            signing: Some(DIGEST.to_owned()),
            zone: self.documents.zone,
            ..context(person, self.now)
        };
        Answer(decide(&self.batch(), command, &context).map(|(_, events)| events))
    }

    /// Given that the person did this; it must have been allowed.
    pub fn does(self, person: Person, command: BatchCommand) -> Self {
        let what = format!("{command:?}");
        let Answer(decided) = self.signed(person, command);
        let events = decided.unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        events
            .into_iter()
            .fold(self, |record, event| record.event(person, event))
    }

    /// Given an entry.
    pub fn entry(self, person: Person, at: &str, field: &str, value: FieldValue) -> Self {
        self.does(person, entry(at, field, value))
    }

    /// Given that the second person confirmed an entry as it stands.
    pub fn verified(self, person: Person, at: &str, field: &str) -> Self {
        let batch = self.batch();
        let seen = batch.steps[&step(at)].entries[field]
            .value()
            .unwrap()
            .clone();
        self.does(person, verify(at, field, seen))
    }

    /// Given that a step was completed.
    pub fn completed(self, person: Person, at: &str) -> Self {
        let seen = self.version();
        self.does(person, complete(at, seen))
    }

    /// Given that a test of a sample has a result, reviewed.
    pub fn result(self, of: u128, criterion: &str, value: ResultValue) -> Self {
        let on = self.today();
        let entered = self.does(QC, enter(of, criterion, value, on));
        let batch = entered.batch();
        let tests = &batch.sample(sample(of)).unwrap().tests;
        let test = tests.iter().find(|test| test.criterion == criterion);
        let result = test.unwrap().results.len();
        entered.does(QC2, review_result(of, criterion, result))
    }

    /// Given that each exception was assessed.
    pub fn assessed(self) -> Self {
        let open = |record: &Self| {
            let batch = record.batch();
            batch
                .exceptions
                .iter()
                .find(|one| one.assessed.is_none())
                .map(|one| one.stamp.version)
        };
        let mut record = self;
        while let Some(exception) = open(&record) {
            record = record.does(QA, assess(exception));
        }
        record
    }

    /// Given a deviation that was closed.
    pub fn deviation_closed(self, id: u128) -> Self {
        let classify = BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
            deviation: deviation(id),
            class: domain::batch::DeviationClass::Minor,
        });
        let record = self.does(QA, classify).does(QA, assess_deviation(id));
        let seen = record.version();
        record.does(
            QA,
            BatchCommand::Deviation(DeviationCommand::CloseDeviation {
                deviation: deviation(id),
                seen,
            }),
        )
    }

    /// Given QA's review.
    pub fn reviewed(self) -> Self {
        let seen = self.version();
        self.does(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        )
    }

    /// Given the QP's certification.
    pub fn certified(self) -> Self {
        let seen = self.version();
        self.does(QP, BatchCommand::Release(ReleaseCommand::Certify { seen }))
    }

    /// Given that the QP withdrew it.
    pub fn withdrawn(self) -> Self {
        let (reason, seen) = ("error".to_owned(), self.version());
        self.does(
            QP,
            BatchCommand::Release(ReleaseCommand::WithdrawCertification { reason, seen }),
        )
    }
}

/// What came of a command.
#[derive(Debug)]
pub struct Answer(pub Result<Vec<BatchEvent>, Refusal>);

impl Answer {
    /// Then it gives this event alone.
    #[track_caller]
    pub fn gives(self, event: BatchEvent) {
        assert_eq!(self.0.unwrap(), vec![event]);
    }

    /// Then it gives an event.
    #[track_caller]
    pub fn accepted(self) -> BatchEvent {
        let mut events = self.0.unwrap();
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    /// Then it is refused so.
    #[track_caller]
    pub fn refused(self, refusal: Refusal) {
        assert_eq!(self.0.unwrap_err(), refusal);
    }

    /// Then it is refused in these words.
    #[track_caller]
    pub fn says(self, words: &str) {
        // Digits are grouped by a narrow space that no line breaks at.
        let said = self.0.unwrap_err().to_string().replace('\u{202f}', " ");
        assert_eq!(said, words);
    }
}
