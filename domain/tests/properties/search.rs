//! Every command by everybody in every state near the disposition of a small batch, breadth first, to a depth that
//! `AUTOLOG_SEARCH_DEPTH` sets. States that differ in nothing that can still matter are one.

mod alphabet;
mod documents;
mod state;

use crate::{
    oracle::{against_leaving, cells_from_nowhere, is_of_the_record, own_work, unlawful},
    people::{
        ADMINISTRATOR, COLLECTOR, INSPECTOR, MANY, NOBODY, PHARMACIST, Person, QA, QC, QC2, QP,
        TECH, TECH2,
    },
    world::{self, Asked, World},
};
use alphabet::letters;
use chrono::TimeDelta;
use documents::{MASTER_RECORD, SMALLEST, SPECIFICATION};
use domain::{
    batch::{
        Batch, BatchCommand, BatchEvent, Disposition, DoseCommand, DoseEvent, FieldValue,
        InventoryCommand, ProcessingCommand, QualityCommand, Recorded, ReleaseCommand,
        ReleaseEvent,
    },
    ids::{DoseId, SampleId, UnitId},
    master_record::StepRef,
    release::ResultValue,
    zone::Zone,
};
use rust_decimal::Decimal;
use state::key;
use std::{collections::HashSet, env};
use uuid::Uuid;

/// Where nothing is said: some seconds.
const DEPTH: u32 = 3;

const PEOPLE: [Person; 12] = [
    COLLECTOR,
    TECH,
    TECH2,
    QC,
    QC2,
    QA,
    QP,
    PHARMACIST,
    MANY,
    ADMINISTRATOR,
    INSPECTOR,
    NOBODY,
];

fn sample(id: u128) -> SampleId {
    SampleId(Uuid::from_u128(id))
}

fn unit(id: u128) -> UnitId {
    UnitId(Uuid::from_u128(id))
}

fn dose(id: u128) -> DoseId {
    DoseId(Uuid::from_u128(id))
}

/// Given two units of 80 million, all steps over, and the sample not tested yet.
fn finished() -> World {
    let mut world = World::begin(world::documents(MASTER_RECORD, SPECIFICATION));
    let step = StepRef::once;
    for (field, millions) in [
        ("total-cells-1", 170),
        ("viable-cells-1", 162),
        ("total-cells-2", 168),
        ("viable-cells-2", 162),
    ] {
        let value = FieldValue::Number(Decimal::from(millions) * Decimal::from(1_000_000));
        world = world.does(
            TECH,
            BatchCommand::Processing(ProcessingCommand::RecordEntry {
                step: step("harvest"),
                field: field.to_owned(),
                value,
                performed_at: None,
            }),
        );
    }
    let complete = |world: World, key: &str| {
        let seen = world.version();
        world.does(
            TECH,
            BatchCommand::Processing(ProcessingCommand::CompleteStep {
                step: step(key),
                performed_at: None,
                seen,
            }),
        )
    };
    let seen = FieldValue::Number(Decimal::from(162_000_000));
    let field = "viable-cells-1".to_owned();
    let verify = BatchCommand::Processing(ProcessingCommand::VerifyEntry {
        step: step("harvest"),
        field,
        seen,
    });
    let take = BatchCommand::Quality(QualityCommand::TakeSample {
        sample: sample(1),
        step: step("sample"),
        taken_at: None,
        viable_cells: Decimal::from(1_000_000),
    });
    let store = |id: u128| {
        BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit: unit(id),
            step: step("freeze"),
            viable_cells: Decimal::from(80_000_000),
            volume_ml: Decimal::from(10),
            location: format!("T1/R1/B1/{id}"),
            stored_at: None,
        })
    };
    let counted = complete(world.does(TECH2, verify), "harvest");
    let sampled = complete(counted.does(TECH, take), "sample");
    let frozen = sampled.does(TECH, store(1)).does(TECH, store(2));
    complete(frozen, "freeze")
}

/// Given the certification.
fn certified() -> World {
    let given = finished();
    let criterion = || "viability".to_owned();
    let enter = BatchCommand::Quality(QualityCommand::EnterResult {
        sample: sample(1),
        criterion: criterion(),
        value: ResultValue::Number(Decimal::from(90)),
        tested_on: Zone::utc().day(given.now),
    });
    let review = BatchCommand::Quality(QualityCommand::ReviewResult {
        sample: sample(1),
        criterion: criterion(),
        result: 1,
    });
    let given = given.does(QC, enter).does(QC2, review);
    let seen = given.version();
    given
        .does(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        )
        .does(
            QP,
            BatchCommand::Release(ReleaseCommand::Certify { seen: seen + 1 }),
        )
}

/// Given a dose at the site.
fn prepared() -> World {
    let units = vec![unit(1)];
    certified().does(
        PHARMACIST,
        BatchCommand::Dose(DoseCommand::PrepareDose {
            dose: dose(1),
            units,
        }),
    )
}

/// What was seen on the way.
#[derive(Default)]
struct Found {
    states: usize,
    transitions: usize,
    refused: usize,
    certified: usize,
    may_leave: usize,
    dispatched: usize,
    rejected: usize,
}

/// Searches from `root`, to so many levels less than set, and checks what must hold, in each state and of each transition.
fn search(name: &str, mut root: World, less: u32) -> Found {
    let depth = env::var("AUTOLOG_SEARCH_DEPTH").map_or(DEPTH, |text| text.parse().unwrap()) - less;
    root.asked.clear();
    let mut known = HashSet::from([key(&root)]);
    let mut found = Found::default();
    check_state(&root, &mut found);
    let mut edge = vec![root];
    for level in 1..=depth {
        let mut next = Vec::new();
        for world in &edge {
            for after in steps(world, &mut found) {
                if known.insert(key(&after)) {
                    check_state(&after, &mut found);
                    next.push(after);
                }
            }
        }
        eprintln!(
            "{name}, depth {level}: {} states, {} transitions, {} refusals; {} states certified, {} where a dose may leave, \
             {} with one that left, {} rejected",
            found.states,
            found.transitions,
            found.refused,
            found.certified,
            found.may_leave,
            found.dispatched,
            found.rejected,
        );
        edge = next;
    }
    found
}

/// What each command of each person leads to, and a month that passes.
fn steps(world: &World, found: &mut Found) -> Vec<World> {
    let mut after = vec![world.clone().after(TimeDelta::days(31))];
    found.transitions += 1;
    for (command, signing) in letters(world) {
        for person in PEOPLE {
            let asked = Asked {
                person,
                signing,
                at: world.now,
                command: command.clone(),
            };
            match asked.decide(&world.batch) {
                Ok(recorded) => {
                    found.transitions += 1;
                    let mut next = world.clone();
                    next.record(recorded);
                    check_transition(world, &next, person);
                    after.push(next);
                }
                Err(_) => found.refused += 1,
            }
        }
    }
    after
}

fn check_transition(before: &World, after: &World, person: Person) {
    let added = &after.events[before.events.len()..];
    let told = || format!("{}: {added:?}\nafter {:#?}", person.name, before.events);
    assert_eq!(added.len(), 1, "{}", told());
    assert!(
        ![ADMINISTRATOR, INSPECTOR, NOBODY].contains(&person),
        "{}",
        told()
    );
    let event = &added[0].event;
    // A11d-17.1: a record that was decided on is read only.
    let decided = before.batch.disposition != Disposition::Open;
    assert!(!(decided && is_of_the_record(event)), "{}", told());
    let rejected = matches!(before.batch.disposition, Disposition::Rejected { .. });
    let onward = matches!(
        event,
        BatchEvent::Release(ReleaseEvent::Certified { .. })
            | BatchEvent::Release(ReleaseEvent::ReviewSigned { .. })
            | BatchEvent::Release(ReleaseEvent::CertificationWithdrawn { .. })
            | BatchEvent::Dose(DoseEvent::DosePrepared { .. })
            | BatchEvent::Dose(DoseEvent::DoseDispatched { .. })
    );
    assert!(!(rejected && onward), "{}", told());
    if onward {
        let wrong = unlawful(&SMALLEST, &after.events);
        assert!(wrong.is_empty(), "{wrong:?}\n{}", told());
    }
}

fn check_state(world: &World, found: &mut Found) {
    let told = || format!("{:#?}", world.events);
    let events = &world.events;
    found.states += 1;
    let folded = Batch::fold(world::id(), world.documents.clone(), events.clone());
    assert_eq!(folded.as_ref(), Some(&world.batch), "{}", told());
    let own = own_work(events);
    assert!(own.is_empty(), "{own:?}\n{}", told());
    let (nowhere, left) = cells_from_nowhere(events);
    assert!(nowhere.is_empty(), "{nowhere:?}\n{}", told());
    assert_eq!(world.batch.viable_left(), left, "{}", told());
    if world.batch.may_leave(world.now).is_ok() {
        found.may_leave += 1;
        let against = against_leaving(events);
        assert!(against.is_empty(), "{against:?}\n{}", told());
    }
    match world.batch.disposition {
        Disposition::Open => {}
        Disposition::Certified(_) => found.certified += 1,
        Disposition::Rejected { .. } => found.rejected += 1,
    }
    let left = |one: &Recorded| {
        matches!(
            one.event,
            BatchEvent::Dose(DoseEvent::DoseDispatched { .. })
        )
    };
    found.dispatched += usize::from(events.iter().any(left));
}

// Most can be asked here: a level less takes as long.
#[test]
fn every_command_in_every_state_from_the_finished_steps() {
    let found = search("from the finished steps", finished(), 1);
    assert!(found.states > 100 && found.rejected > 0);
}

#[test]
fn every_command_in_every_state_from_the_certification() {
    let found = search("from the certification", certified(), 0);
    assert!(found.states > 100 && found.dispatched > 0 && found.rejected > 0);
}

#[test]
fn every_command_in_every_state_from_a_prepared_dose() {
    let found = search("from a prepared dose", prepared(), 0);
    assert!(found.states > 100 && found.dispatched > 0);
}
