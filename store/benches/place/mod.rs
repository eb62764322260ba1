//! A record for measuring: a site, one batch that was made by commands, and copies of it.

#[path = "../../../domain/benches/course/mod.rs"]
pub mod course;

use course::{Hand, harvest, morning, next};
use domain::{
    batch::{Batch, BatchCommand, DeviationCommand, ProcessingCommand, ReleaseCommand},
    identifiers::Coi,
    ids::{BatchId, CommandId},
    ledger::{
        Actor, Entry, Event, Hash, LedgerName, Origin, Payload, StreamName, signed::signed_of,
    },
    master_record::StepSignature,
    people::PersonCommand,
    time::Timestamp,
};
use std::{
    convert::Infallible,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};
use store::{
    Answer, Clock, Decided, Executed, Loaded, Password, Person, Records, Request, Signing,
};
use uuid::Uuid;

/// What a bench ends with when it can't measure.
pub type Failed = Box<dyn Error + Send + Sync>;

/// A clock that is set by the course of the batch.
#[derive(Clone)]
pub struct SetClock(Arc<Mutex<Timestamp>>);

impl SetClock {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(morning())))
    }

    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}

/// A command id that was not there before.
pub fn command(kind: &str, number: impl std::fmt::Display) -> CommandId {
    CommandId::of_form(Uuid::from_u128(0xbe9c), &format!("{kind} {number}"))
}

/// The id of batch `number`.
pub fn batch_id(number: u32) -> BatchId {
    BatchId(Uuid::from_u128((1 << 64) + u128::from(number)))
}

/// Whoever's turn it is, at a site.
pub fn person(hand: Hand, site: &str) -> Person {
    Person {
        user: Some(hand.user()),
        user_name: hand.name().to_lowercase().replace(' ', "."),
        name: hand.name(),
        session: None,
        roles: vec![(site.to_owned(), hand.role())],
        beside: None,
    }
}

const HANDS: [Hand; 7] = [
    Hand::Collector,
    Hand::Technician,
    Hand::SecondPerson,
    Hand::Analyst,
    Hand::SecondAnalyst,
    Hand::Reviewer,
    Hand::QualifiedPerson,
];

/// Gives everyone an account and their role at a site; done again, it changes nothing.
async fn accounts(records: &Records, site: &str) -> Result<(), Failed> {
    let by = Person::command_line("bench");
    for hand in HANDS {
        let (user, who) = (hand.user(), person(hand, site));
        let add = PersonCommand::Add {
            user_name: who.user_name.clone(),
            printed_name: who.name.clone(),
            identity_check: "made up".to_owned(),
            roles: Vec::new(),
            own_password: true,
        };
        let password = Password {
            hash: "nobody signs in".to_owned(),
            proved: None,
        };
        let adding = command("add", &who.name);
        let added = records.on_person(&by, adding, user, add, Some(password));
        done(added.await?)?;
        let grant = PersonCommand::Grant {
            site: site.to_owned(),
            role: hand.role(),
        };
        let granting = command("grant", format!("{site} {}", who.name));
        done(records.on_person(&by, granting, user, grant, None).await?)?;
        let statement = "made up".to_owned();
        let accept = PersonCommand::Accept { statement };
        let accepting = command("accept", &who.name);
        done(
            records
                .on_person(&who, accepting, user, accept, None)
                .await?,
        )?;
    }
    Ok(())
}

/// Registers batch `number` and goes on with it until it has `length` entries; 0 is up to its certification.
pub async fn make(
    records: &Records,
    clock: &SetClock,
    site: &str,
    number: u32,
    length: u64,
) -> Result<Batch, Failed> {
    accounts(records, site).await?;
    let id = batch_id(number);
    let harvest = harvest(number, clock.now()).ok_or("no harvest")?;
    let by = person(Hand::Collector, site);
    let registering = command("register", format!("{site} {number}"));
    let registered = records.register_harvest(&by, registering, id, site, harvest);
    done(registered.await?)?;
    loop {
        let batch = records.batch(id).await?.ok_or("no batch")?;
        if length > 0 && batch.version >= length {
            return Ok(batch);
        }
        let Some((pause, hand, what)) = next(&batch, length, clock.now()) else {
            return Ok(batch);
        };
        clock.set(clock.now().plus(pause));
        let asking = command("make", format!("{site} {number} {}", batch.version));
        let signing = signing(&batch, &what);
        ask(records, &person(hand, site), asking, id, what, signing).await?;
    }
}

/// As the pages have it: a password goes with what is signed, and with nothing else.
pub fn signing(batch: &Batch, what: &BatchCommand) -> Signing {
    let signs = match what {
        BatchCommand::Processing(ProcessingCommand::CompleteStep { step, .. }) => {
            let step = batch.documents.master_record.step(&step.key);
            step.is_some_and(|step| step.signature == StepSignature::Performed)
        }
        BatchCommand::Deviation(DeviationCommand::CloseDeviation { .. })
        | BatchCommand::Release(ReleaseCommand::SignReview { .. })
        | BatchCommand::Release(ReleaseCommand::Certify { .. }) => true,
        _ => false,
    };
    if signs {
        Signing::Authenticated
    } else {
        Signing::No
    }
}

/// One command on a batch.
pub async fn ask(
    records: &Records,
    by: &Person,
    id: CommandId,
    batch: BatchId,
    what: BatchCommand,
    signing: Signing,
) -> Result<(), Failed> {
    let answer = records.on_batch(by, id, batch, what, signing).await?;
    done(answer)
}

pub fn done(answer: Answer) -> Result<(), Failed> {
    match answer {
        Answer::Done(_) => Ok(()),
        Answer::Refused(words) => Err(format!("{words:?}").into()),
    }
}

/// The entries of one batch, to be recorded again as those of others.
pub struct Template {
    ledger: LedgerName,
    entries: Vec<Entry>,
    batch: Batch,
}

impl Template {
    /// Of a batch that [`make`] has made.
    pub async fn of(records: &Records, batch: Batch) -> Result<Self, Failed> {
        Ok(Self {
            ledger: LedgerName::parse(&batch.harvest.site)?,
            entries: records.batch_entries(batch.id).await?,
            batch,
        })
    }

    /// Records the first `length` entries again as batch `number`, through the store: a transaction for what lies
    /// between two signatures, as each signature binds what was recorded before it.
    pub async fn copy(&self, records: &Records, number: u32, length: usize) -> Result<(), Failed> {
        let stream = StreamName::batch(batch_id(number));
        let harvest = harvest(number, morning()).ok_or("no harvest")?;
        let (old, id) = (&self.batch.harvest, batch_id(number));
        let mut names = vec![
            (old.number.clone(), format!("COPY-{number:06}")),
            (old.din.to_string(), harvest.din.to_string()),
            (
                Coi::shown(old.coi.as_ref()),
                Coi::shown(harvest.coi.as_ref()),
            ),
            (old.subject.clone(), harvest.subject),
        ];
        let units = self.batch.units.iter();
        names.extend(units.map(|unit| {
            let copy = format!("{}/copy {number}", unit.location);
            (unit.location.clone(), copy)
        }));
        let entries = &self.entries[..length.min(self.entries.len())];
        let mut from = 0;
        while from < entries.len() {
            let signs = |entry: &Entry| matches!(signed_of(&entry.payload), Ok(Some(_)));
            let next = entries[from + 1..].iter().position(signs);
            let until = next.map_or(entries.len(), |next| from + 1 + next);
            let group = &entries[from..until];
            let request = Request {
                ledger: self.ledger.clone(),
                stream: stream.clone(),
                command_id: command("copy", format!("{id} {from}")),
                content_hash: Hash::of(b"copy"),
                actor: Actor::clone(&group[0].actor),
                origin: Origin::clone(&group[0].origin),
                expected_version: None,
                known: None,
                lookups: Vec::new(),
                in_doubt: store::InDoubt::Refuse,
            };
            let ran = records.store().execute(&request, |loaded| {
                Ok::<_, Infallible>(again(group, &names, loaded))
            });
            match ran.await? {
                Executed::Done(_) => from = until,
                other => return Err(format!("copying: {other:?}").into()),
            }
        }
        Ok(())
    }
}

fn again(group: &[Entry], names: &[(String, String)], loaded: &Loaded) -> Decided {
    let event = |(place, entry): (usize, &Entry)| {
        let mut text = entry.payload.as_str().to_owned();
        for (old, new) in names {
            text = text.replace(old.as_str(), new);
        }
        if let (0, Ok(Some(signed))) = (place, signed_of(&entry.payload)) {
            text = text.replace(&signed.digest, &loaded.signed_digest());
        }
        Event {
            kind: entry.kind.clone(),
            kind_version: entry.kind_version,
            payload: Payload::parse(text).unwrap_or_else(|why| panic!("{why}")),
        }
    };
    Decided {
        events: group.iter().enumerate().map(event).collect(),
        ..Decided::default()
    }
}
