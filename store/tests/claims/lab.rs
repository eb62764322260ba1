//! Two sites on one database, served by two programs.

use crate::place::{Place, opening};
use domain::{
    batch::{
        BatchCommand, FieldValue, Harvest, InventoryCommand, ProcessingCommand, QualityCommand,
    },
    identifiers::{Coi, Din},
    ids::{BatchId, CommandId, SampleId, UnitId, UserId},
    ledger::rows::BoardRow,
    master_record::StepRef,
    people::PersonCommand,
    rights::Role,
    site::{Site, SiteChange},
    time::Timestamp,
};
use rust_decimal::Decimal;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Answer, BoardFilter, Opening, Password, Person, Records, Shelf, Signing, projector};
use tokio::task::JoinSet;
use uuid::Uuid;

const MASTER_RECORD: &str = r#"
key = "SMALL"
version = 1
title = "Harvest and freezing"
product = "Cells"
late_after_minutes = 60

[[step]]
key = "final-harvest"
title = "Final harvest"
kind = "final-harvest"
instruction = "Count twice."

[[step.field]]
key = "total-cells-1"
label = "Total cells, first count"
type = "number"
unit = "cells"
required = true

[[step.field]]
key = "viable-cells-1"
label = "Viable cells, first count"
type = "number"
unit = "cells"
required = true

[[step.field]]
key = "total-cells-2"
label = "Total cells, second count"
type = "number"
unit = "cells"
required = true

[[step.field]]
key = "viable-cells-2"
label = "Viable cells, second count"
type = "number"
unit = "cells"
required = true

[[step]]
key = "sample"
title = "Samples"
kind = "sample"
sample_point = "final-product"
instruction = "Take them."

[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
"#;

const SPECIFICATION: &str = r#"
key = "SMALL"
version = 1
title = "Cells, release"
product = "Cells"
source = "a test"

[shelf_life]
frozen_days = 365
site_choice = true

[[criterion]]
key = "viability"
test = "Viability"
method = "Trypan blue"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit"
site_choice = true
"#;

/// The programs, and who works at the sites.
pub struct Lab {
    programs: [Records; 2],
    commands: AtomicU32,
}

/// Whether the answer is a refusal in these words.
pub fn says(answer: &Answer, said: &str) -> bool {
    match answer {
        Answer::Done(_) => false,
        Answer::Refused(words) => words.iter().any(|words| words.text.contains(said)),
    }
}

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128(kind * 1_000_000 + u128::from(number))
}

pub fn batch_id(number: u32) -> BatchId {
    BatchId(id(1, number))
}

pub fn unit_id(number: u32) -> UnitId {
    UnitId(id(2, number))
}

/// The harvest `number`, of a patient of its own.
pub fn harvest(number: u32) -> Harvest {
    Harvest {
        subject: format!("S-{number}"),
        din: Din::parse(&format!("A999926{number:06}")).unwrap().into(),
        coi: Some(Coi::parse(&format!("CHA999926{number:06}")).unwrap()),
        collected_at: Timestamp::parse("2026-03-05T09:00:00Z").unwrap(),
        collected_by: "Collector on duty".to_owned(),
        volume_ml: Decimal::from(40),
        anticoagulant: "heparin".to_owned(),
        consent: true,
        consent_version: "3".to_owned(),
        consented_on: "2026-02-20".parse().unwrap(),
        weight_kg: Decimal::from(70),
        weighed_on: "2026-03-04".parse().unwrap(),
        identity_confirmed: true,
    }
}

/// A unit of batch `number` at a position.
pub fn unit(number: u32, location: &str) -> BatchCommand {
    BatchCommand::Inventory(InventoryCommand::StoreUnit {
        unit: unit_id(number),
        step: StepRef::once("freeze"),
        viable_cells: Decimal::from(1_000_000),
        volume_ml: Decimal::from(20),
        location: location.to_owned(),
        stored_at: None,
    })
}

fn person(site: &str) -> Person {
    Person {
        user: Some(UserId(id(3, 1))),
        user_name: "technician.1".to_owned(),
        name: "Technician 1".to_owned(),
        session: None,
        roles: vec![(site.to_owned(), Role::Technician)],
        beside: None,
    }
}

/// The account of the technician.
async fn account(records: &Records, command: CommandId) {
    let add = PersonCommand::Add {
        user_name: "technician.1".to_owned(),
        printed_name: "Technician 1".to_owned(),
        identity_check: "made up".to_owned(),
        roles: ["GE", "PI"]
            .map(|site| (site.to_owned(), Role::Technician))
            .into(),
        own_password: true,
    };
    let password = Password {
        hash: "nobody signs in".to_owned(),
        proved: None,
    };
    let by = Person::command_line("a test");
    let user = UserId(id(3, 1));
    let added = records.on_person(&by, command, user, add, Some(password));
    let added = added.await.unwrap();
    assert!(matches!(added, Answer::Done(_)), "{added:?}");
}

impl Lab {
    pub async fn open(place: &Place) -> Self {
        let lab = Self {
            programs: [program(place).await, program(place).await],
            commands: AtomicU32::new(1),
        };
        let by = Person::command_line("a test");
        let records = &lab.programs[0];
        let texts = [MASTER_RECORD, SPECIFICATION].map(str::to_owned);
        let adopted = records.adopt_documents(&by, lab.command(), &texts).await;
        assert!(matches!(adopted.unwrap(), Answer::Done(_)));
        for code in ["GE", "PI"] {
            let site = Site {
                code: code.to_owned(),
                name: "Cell lab".to_owned(),
                address: "Largo 1".to_owned(),
                scheme: "isbt-128 A9999".parse().unwrap(),
                time_zone: "Europe/Rome".to_owned(),
                master_record: "SMALL".to_owned(),
                specification: "SMALL".to_owned(),
            };
            let opened = records.open_site(&by, lab.command(), site).await.unwrap();
            assert!(matches!(opened, Answer::Done(_)), "{opened:?}");
        }
        account(records, lab.command()).await;
        lab
    }

    /// Puts a site under another scheme of donation numbers.
    pub async fn renumber(&self, site: &str, scheme: &str) {
        let change = SiteChange {
            scheme: Some(scheme.parse().unwrap()),
            ..SiteChange::default()
        };
        let by = Person::command_line("a test");
        let asked = self.programs[0].change_site(&by, self.command(), site, change, "no licence");
        let changed = asked.await.unwrap();
        assert!(matches!(changed, Answer::Done(_)), "{changed:?}");
    }

    fn command(&self) -> CommandId {
        CommandId(id(4, self.commands.fetch_add(1, Ordering::Relaxed)))
    }

    fn program(&self, number: u32) -> Records {
        self.programs[number as usize % 2].clone()
    }

    /// Registers a harvest as batch `number`.
    pub async fn register(&self, site: &str, number: u32, harvest: Harvest) -> Answer {
        self.register_as(site, number, number, harvest).await
    }

    /// Registers a harvest as batch `number`, in another program for odd and even.
    pub async fn register_as(
        &self,
        site: &str,
        number: u32,
        program: u32,
        harvest: Harvest,
    ) -> Answer {
        let (records, by) = (self.program(program), person(site));
        let (command, batch) = (self.command(), batch_id(number));
        let asked = records.register_harvest(&by, command, batch, site, harvest);
        asked.await.unwrap()
    }

    /// Registers so many harvests at once, by both programs and for both sites.
    pub async fn register_at_once(
        &self,
        count: u32,
        harvest: impl Fn(u32, &str) -> Harvest,
    ) -> Vec<Answer> {
        let site = |number: u32| {
            if (number / 2).is_multiple_of(2) {
                "GE"
            } else {
                "PI"
            }
        };
        self.registered(count, |number| {
            (site(number), harvest(number, site(number)))
        })
        .await
    }

    /// Registers so many harvests at once at one site, by both programs.
    pub async fn register_all_at(
        &self,
        count: u32,
        site: &'static str,
        harvest: impl Fn(u32) -> Harvest,
    ) -> Vec<Answer> {
        self.registered(count, |number| (site, harvest(number)))
            .await
    }

    async fn registered(
        &self,
        count: u32,
        what: impl Fn(u32) -> (&'static str, Harvest),
    ) -> Vec<Answer> {
        let mut all = JoinSet::new();
        for number in 1..=count {
            let (site, harvest) = what(number);
            let (records, command) = (self.program(number), self.command());
            all.spawn(async move {
                let (by, batch) = (person(site), batch_id(number));
                let asked = records.register_harvest(&by, command, batch, site, harvest);
                asked.await.unwrap()
            });
        }
        all.join_all().await
    }

    /// Asks something of a batch of GE.
    pub async fn on_batch(&self, number: u32, what: BatchCommand) -> Answer {
        let (records, by) = (self.program(number), person("GE"));
        let (command, batch) = (self.command(), batch_id(number));
        let asked = records.on_batch(&by, command, batch, what, Signing::No);
        asked.await.unwrap()
    }

    /// Asks something of the batches 1 to `count` of GE at once, by both programs.
    pub async fn at_once(&self, count: u32, what: impl Fn(u32) -> BatchCommand) -> Vec<Answer> {
        let mut all = JoinSet::new();
        for number in 1..=count {
            let (records, command, what) = (self.program(number), self.command(), what(number));
            all.spawn(async move {
                let (by, batch) = (person("GE"), batch_id(number));
                let asked = records.on_batch(&by, command, batch, what, Signing::No);
                asked.await.unwrap()
            });
        }
        all.join_all().await
    }

    /// Batch `number` of GE, harvested and sampled, so that units can be stored.
    pub async fn sampled(&self, number: u32) {
        let answer = self.register("GE", number, harvest(number)).await;
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        let harvested = StepRef::once("final-harvest");
        let mut commands: Vec<_> = [
            "total-cells-1",
            "total-cells-2",
            "viable-cells-1",
            "viable-cells-2",
        ]
        .map(|field| {
            BatchCommand::Processing(ProcessingCommand::RecordEntry {
                step: harvested.clone(),
                field: field.to_owned(),
                value: FieldValue::Number(Decimal::from(90_000_000)),
                performed_at: None,
            })
        })
        .into();
        let complete = |step: &StepRef| {
            BatchCommand::Processing(ProcessingCommand::CompleteStep {
                step: step.clone(),
                performed_at: None,
                seen: 0,
            })
        };
        commands.push(complete(&harvested));
        let sampled = StepRef::once("sample");
        commands.push(BatchCommand::Quality(QualityCommand::TakeSample {
            sample: SampleId(id(5, number)),
            step: sampled.clone(),
            taken_at: None,
            viable_cells: Decimal::from(1_000_000),
        }));
        commands.push(complete(&sampled));
        for command in commands {
            let answer = self.on_batch(number, command).await;
            assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        }
    }

    /// Where the first unit of batch `number` lies.
    pub async fn location(&self, number: u32) -> String {
        let batch = self.programs[0].batch(batch_id(number)).await.unwrap();
        batch.unwrap().units[0].location.clone()
    }

    pub async fn board(&self) -> Vec<BoardRow> {
        let filter = BoardFilter {
            sites: vec!["GE".to_owned(), "PI".to_owned()],
            shown: store::Shown::States(domain::batch::BatchState::ALL.to_vec()),
            limit: 100,
        };
        self.programs[0].store().board(&filter).await.unwrap()
    }

    /// There are so many batches, nothing half-done; the claims are what the entries say, also when made again.
    pub async fn holds(&self, batches: usize) {
        assert_eq!(self.board().await.len(), batches);
        let records = &self.programs[1];
        assert_eq!(records.verify_rows().await.unwrap(), []);
        // A site's ledger begins with its first batch here: these sites have no entry that names their key.
        for head in records.store().heads().await.unwrap() {
            let findings = records.store().verify(&head.ledger).await.unwrap();
            assert!(findings.is_clean(), "{findings}");
        }
        let before = records.store().rows().await.unwrap();
        records.rebuild().await.unwrap();
        assert_eq!(records.store().rows().await.unwrap(), before);
    }
}

async fn program(place: &Place) -> Records {
    let shelf = Shelf::default();
    let opening = Opening {
        projector: projector(shelf.clone()),
        ..opening(&place.url())
    };
    let clock = opening.clock.clone();
    let store = store::open(opening).await.unwrap();
    Records::new(store, shelf, clock, "0.1.0")
}
