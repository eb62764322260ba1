//! Properties over sequences of commands. Each run makes other sequences; `PROPTEST_CASES` sets how many.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    moves::{Move, sequences},
    oracle::{
        SMALL, cells_from_nowhere, doses_let_go, let_past, own_work, results_changed_unseen,
        unlawful,
    },
    world::{World, documents, id},
};
use domain::{
    batch::{Batch, BatchEvent, DoseEvent, InventoryEvent, Recorded, ReleaseEvent},
    ids::CommandId,
    ledger::{Actor, Entry, Event, LedgerName, Origin, StreamName},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use std::{cell::Cell, env};
use uuid::Uuid;

/// So many sequences where `PROPTEST_CASES` says nothing: some seconds, and the same ones each time.
const CASES: u32 = 60;

/// How far the sequences of a run got.
#[derive(Default)]
struct Reached {
    sequences: Cell<u32>,
    certified: Cell<u32>,
    dispatched: Cell<u32>,
    infused: Cell<u32>,
}

impl Reached {
    fn count(&self, world: &World) {
        let has = |kind: fn(&BatchEvent) -> bool| world.events.iter().any(|one| kind(&one.event));
        let add = |to: &Cell<u32>, has: bool| to.set(to.get() + u32::from(has));
        add(&self.sequences, true);
        add(
            &self.certified,
            has(|event| matches!(event, BatchEvent::Release(ReleaseEvent::Certified { .. }))),
        );
        add(
            &self.dispatched,
            has(|event| matches!(event, BatchEvent::Dose(DoseEvent::DoseDispatched { .. }))),
        );
        add(
            &self.infused,
            has(|event| matches!(event, BatchEvent::Dose(DoseEvent::DoseInfused { .. }))),
        );
    }
}

/// As many cases as `PROPTEST_CASES` says, by other seeds each time; else so many, the same ones each time.
pub fn runner(cases: u32) -> TestRunner {
    let chosen = env::var_os("PROPTEST_CASES").is_some();
    let config = Config {
        cases: if chosen {
            Config::default().cases
        } else {
            cases
        },
        failure_persistence: None,
        ..Config::default()
    };
    if chosen {
        TestRunner::new(config)
    } else {
        let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(config, same)
    }
}

/// Makes a run of sequences, and holds the property against what became of each.
#[track_caller]
fn always(property: impl Fn(&World) -> Result<(), TestCaseError>) {
    let mut runner = runner(CASES);
    let small = documents(MASTER_RECORD, SPECIFICATION);
    let reached = Reached::default();
    let outcome = runner.run(&sequences(), |moves: Vec<Move>| {
        let mut world = World::begin(small.clone());
        for one in moves {
            one.make(&mut world);
        }
        reached.count(&world);
        property(&world)
    });
    let (of, certified) = (reached.sequences.get(), reached.certified.get());
    let (dispatched, infused) = (reached.dispatched.get(), reached.infused.get());
    eprintln!(
        "{of} sequences: {certified} certified, {dispatched} with a dose that left, {infused} with one infused"
    );
    if let Err(TestError::Fail(why, moves)) = &outcome {
        let mut world = World::begin(small);
        for one in moves {
            one.make(&mut world);
        }
        panic!("{why}\n{}", told(&world));
    }
    outcome.unwrap();
    // A property over sequences that never get there proves nothing.
    assert!(dispatched > 0 && infused > 0, "no dose ever left");
}

/// What happened, a line an entry.
fn told(world: &World) -> String {
    let line = |one: &Recorded| {
        format!(
            "{:>4} {} {} ({}): {:?}\n",
            one.version, one.at, one.by.name, one.by.role, one.event
        )
    };
    world.events.iter().map(line).collect()
}

fn none(wrong: Vec<String>) -> Result<(), TestCaseError> {
    prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

// A11-15, A16-steps, A16-3, DI-3
#[test]
fn no_dose_leaves_without_a_signature_on_a_record_that_passes() {
    always(|world| none(unlawful(&SMALL, &world.events)));
}

// ATMP-9
#[test]
fn no_stop_is_passed() {
    always(|world| none(let_past(&SMALL, &world.events)));
}

// A11-6
#[test]
fn nobody_looks_at_their_own_work() {
    always(|world| none(own_work(&world.events)));
}

// A11-6, A11-9
#[test]
fn no_result_changes_unseen() {
    always(|world| none(results_changed_unseen(&SMALL, &world.events)));
}

#[test]
fn cells_do_not_appear_from_nowhere() {
    always(|world| {
        let (wrong, left) = cells_from_nowhere(&world.events);
        none(wrong)?;
        prop_assert_eq!(world.batch.viable_left(), left);
        let kept = world.batch.units.iter().map(|unit| unit.viable_cells);
        let stored = world.events.iter().filter_map(|one| match &one.event {
            BatchEvent::Inventory(InventoryEvent::UnitStored { viable_cells, .. }) => {
                Some(*viable_cells)
            }
            _ => None,
        });
        prop_assert!(kept.eq(stored));
        Ok(())
    });
}

// P11-10e1, A11d-17.1
#[test]
fn replaying_the_events_gives_the_same_state() {
    always(|world| {
        let folded = Batch::fold(id(), world.documents.clone(), world.events.clone());
        prop_assert_eq!(folded.as_ref(), Some(&world.batch));
        let through: Vec<_> = world
            .events
            .iter()
            .map(|one| {
                let line = entry(one).line();
                Recorded::from_entry(&Entry::from_line(&line).unwrap()).unwrap()
            })
            .collect();
        prop_assert_eq!(&through, &world.events);
        Ok(())
    });
}

fn entry(recorded: &Recorded) -> Entry {
    let event = Event::of(&recorded.event, BatchEvent::VERSION).unwrap();
    Entry {
        ledger: LedgerName::parse("GE").unwrap(),
        position: recorded.version + 100,
        stream: StreamName::batch(id()),
        version: recorded.version,
        recorded_at: recorded.at,
        actor: Actor {
            user: Some(recorded.by.user),
            name: recorded.by.name.clone(),
            role: recorded.by.role.code().to_owned(),
        },
        origin: Origin {
            session: None,
            app_version: "0.1.0".to_owned(),
            clock: domain::clock::ClockState::Confirmed,
        },
        command_id: CommandId(Uuid::from_u128(9)),
        kind: event.kind,
        kind_version: event.kind_version,
        payload: event.payload,
    }
}

/// Asked again without the commands that were refused, the others give the same events: a refusal leaves nothing behind.
#[test]
fn a_refused_command_changes_nothing() {
    always(|world| {
        let mut batch = World::begin(world.documents.clone()).batch;
        let mut events = world.events[..1].to_vec();
        for (asked, _) in world.asked.iter().filter(|(_, outcome)| outcome.is_ok()) {
            let again = asked.decide(&batch);
            prop_assert!(again.is_ok(), "{:?} is refused now: {:?}", asked, again);
            for one in again.unwrap() {
                batch.apply(one.clone());
                events.push(one);
            }
        }
        prop_assert_eq!(&events, &world.events);
        prop_assert_eq!(&batch, &world.batch);
        Ok(())
    });
}

/// Each certification of a sequence has its own number, and a batch that let a dose go was certified.
#[test]
fn each_certificate_has_its_own_number() {
    always(|world| {
        let numbers = world.events.iter().filter_map(|one| match &one.event {
            BatchEvent::Release(ReleaseEvent::Certified { certificate, .. }) => {
                Some(certificate.clone())
            }
            _ => None,
        });
        let mut numbers: Vec<_> = numbers.collect();
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), all);
        prop_assert!(all > 0 || doses_let_go(&world.events) == 0);
        Ok(())
    });
}
