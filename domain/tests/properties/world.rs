//! One batch, its events, and the clock: commands are asked of it, and what is accepted becomes an event.

use crate::people::{COLLECTOR, Person};
use chrono::TimeDelta;
use domain::{
    batch::{
        Batch, BatchCommand, BatchEvent, By, DocumentRef, Documents, Harvest, Lookups, Recorded,
        Refusal, decide, register,
    },
    identifiers::{Coi, Din, DonationNumber},
    ids::BatchId,
    master_record::MasterRecord,
    specification::Specification,
    time::Timestamp,
    zone::Zone,
};
use rust_decimal::Decimal;
use std::sync::Arc;
use uuid::Uuid;

pub const WEIGHT: i64 = 70;

pub fn documents(master_record: &str, specification: &str) -> Documents {
    Documents {
        master_record: Arc::new(MasterRecord::parse(master_record).unwrap()),
        specification: Arc::new(Specification::parse(specification).unwrap()),
        zone: Zone::utc(),
    }
}

pub fn din() -> DonationNumber {
    Din::parse("G123417654321").unwrap().into()
}

pub fn id() -> BatchId {
    BatchId(Uuid::from_u128(7))
}

/// What was asked, by whom, when, and whether with the password.
#[derive(Debug, Clone)]
pub struct Asked {
    pub person: Person,
    pub signing: bool,
    pub at: Timestamp,
    pub command: BatchCommand,
}

#[derive(Debug, Clone)]
pub struct World {
    pub documents: Documents,
    pub events: Vec<Recorded>,
    pub batch: Batch,
    pub now: Timestamp,
    /// Everything that was asked, with what came of it.
    pub asked: Vec<(Asked, Result<(), Refusal>)>,
}

impl World {
    /// A harvest that was registered an hour after it was taken.
    pub fn begin(documents: Documents) -> Self {
        let collected_at = Timestamp::parse("2026-03-02T08:00:00Z").unwrap();
        let now = collected_at.plus(TimeDelta::hours(1));
        let harvest = Harvest {
            subject: "GE-01".to_owned(),
            din: din(),
            coi: Some(Coi::parse("CHA999926ABC123").unwrap()),
            collected_at,
            collected_by: "Dr. Collector".to_owned(),
            volume_ml: Decimal::from(40),
            anticoagulant: "heparin".to_owned(),
            consent: true,
            consent_version: "3".to_owned(),
            consented_on: "2026-02-20".parse().unwrap(),
            weight_kg: Decimal::from(WEIGHT),
            weighed_on: "2026-03-01".parse().unwrap(),
            identity_confirmed: true,
        };
        let document = DocumentRef {
            key: "SMALL".to_owned(),
            version: 1,
            sha256: "00".repeat(32),
        };
        let lookups = Lookups {
            site: "GE".to_owned(),
            year: 2026,
            batches_before: 6,
            scheme: "isbt-128 G1234".parse().unwrap(),
            master_record: document.clone(),
            specification: document,
            misfits: Vec::new(),
        };
        let (role, event) = register(harvest, lookups, &COLLECTOR.context(now, false)).unwrap();
        let by = By {
            user: COLLECTOR.user(),
            name: COLLECTOR.name.to_owned(),
            role,
        };
        let first = Recorded {
            version: 1,
            at: now,
            clock: domain::clock::ClockState::Confirmed,
            by,
            event,
        };
        Self {
            batch: Batch::fold(id(), documents.clone(), [first.clone()]).unwrap(),
            documents,
            events: vec![first],
            now,
            asked: Vec::new(),
        }
    }

    pub fn version(&self) -> u64 {
        self.batch.version
    }

    /// Asks for a command; what is accepted is recorded and folded.
    pub fn ask(
        &mut self,
        person: Person,
        signing: bool,
        command: BatchCommand,
    ) -> Result<(), Refusal> {
        let asked = Asked {
            person,
            signing,
            at: self.now,
            command,
        };
        let decided = asked.decide(&self.batch);
        let outcome = decided.map(|recorded| self.record(recorded));
        self.asked.push((asked, outcome.clone()));
        outcome
    }

    /// Records what was decided.
    pub fn record(&mut self, recorded: Vec<Recorded>) {
        for one in recorded {
            self.batch.apply(one.clone());
            self.events.push(one);
        }
    }

    /// Asks for what must be allowed.
    pub fn does(mut self, person: Person, command: BatchCommand) -> Self {
        let what = format!("{command:?}");
        self.ask(person, true, command)
            .unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        self
    }

    pub fn after(mut self, delta: TimeDelta) -> Self {
        self.now = self.now.plus(delta);
        self
    }
}

impl Asked {
    /// The events that this gives, as they would stand in the record.
    pub fn decide(&self, batch: &Batch) -> Result<Vec<Recorded>, Refusal> {
        let context = self.person.context(self.at, self.signing);
        let (role, events) = decide(batch, self.command.clone(), &context)?;
        let recorded = |(event, place): (BatchEvent, u64)| Recorded {
            version: batch.version + place,
            at: self.at,
            clock: domain::clock::ClockState::Confirmed,
            by: By {
                user: self.person.user(),
                name: self.person.name.to_owned(),
                role,
            },
            event,
        };
        Ok(events.into_iter().zip(1..).map(recorded).collect())
    }
}
