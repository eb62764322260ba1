//! Units: stored from cells that were harvested, and ended once.

use crate::record::{
    PHARMACIST, QC, Record, TECH, certified, context, d, destroy_dose, destroy_unit, dispatch,
    harvested, prepared, registered, sampled, step, store, unit,
};
use domain::batch::{
    BatchCommand, BatchEvent, ClaimKey, Context, Held, InputRefusal, InventoryCommand,
    InventoryEvent, InventoryRefusal, ProcessingRefusal, Refusal, StandingRefusal, UnitForm,
    UnitState, claims_of_command, decide,
};

#[test]
fn a_unit_is_stored_with_code_form_place_and_time() {
    let given = sampled();
    given
        .when(TECH, store(1, "38000000", " T1/R1/B1/1 "))
        .gives(BatchEvent::Inventory(InventoryEvent::UnitStored {
            unit: unit(1),
            code: "GE-2026-0007-U01".to_owned(),
            form: UnitForm::Frozen,
            step: step("freeze"),
            viable_cells: d("38000000"),
            volume_ml: d("50"),
            location: "T1/R1/B1/1".to_owned(),
            stored_at: given.now,
        }));
    assert!(matches!(
        given.when(QC, store(1, "38000000", "T1")).0,
        Err(Refusal::Standing(StandingRefusal::NotAllowed { .. }))
    ));
}

// Cells don't appear from nowhere: 158 million harvested, 1 million in the sample.
#[test]
fn no_more_cells_are_stored_than_are_left_of_the_harvest() {
    let given = sampled();
    assert_eq!(given.batch().viable_left(), Some(d("157000000")));
    given.when(TECH, store(1, "157000000", "T1")).accepted();
    given.when(TECH, store(1, "157000001", "T1")).says(
        "157 000 001 viable cells are more than the 157 000 000 left of the final harvest. Check the figure.",
    );
    let given = given.does(TECH, store(1, "100000000", "T1"));
    given.when(TECH, store(2, "57000000", "T2")).accepted();
    given
        .when(TECH, store(2, "57000001", "T2"))
        .refused(Refusal::Inventory(InventoryRefusal::TooManyCells {
            field: "viable_cells",
            wanted: "57\u{202f}000\u{202f}001".to_owned(),
            left: "57\u{202f}000\u{202f}000".to_owned(),
        }));
    given.when(TECH, store(2, "57000.5", "T2")).says(
        "Viable cells in the unit 57000.5 is not plausible: cells are counted as whole ones, and none is the least. \
         Check the figure and its unit.",
    );
    // A unit that was destroyed gives its cells back to nobody.
    let given = given.does(TECH, destroy_unit(1));
    assert!(matches!(
        given.when(TECH, store(2, "57000001", "T2")).0,
        Err(Refusal::Inventory(InventoryRefusal::TooManyCells { .. }))
    ));
}

#[test]
fn a_unit_holds_something_and_lies_somewhere_of_its_own() {
    let given = sampled();
    let zero = |field, what| Refusal::Input(InputRefusal::NotAboveZero { field, what });
    given
        .when(TECH, store(1, "0", "T1"))
        .refused(zero("viable_cells", "Viable cells in the unit"));
    given
        .when(TECH, store(1, "-1", "T1"))
        .refused(zero("viable_cells", "Viable cells in the unit"));
    let without_volume = BatchCommand::Inventory(InventoryCommand::StoreUnit {
        unit: unit(1),
        step: step("freeze"),
        viable_cells: d("1"),
        volume_ml: d("0"),
        location: "T1".to_owned(),
        stored_at: None,
    });
    given
        .when(TECH, without_volume)
        .refused(zero("volume_ml", "Volume of the unit"));
    given
        .when(TECH, store(1, "1", " "))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "location",
            what: "Location",
        }));
    let stored = given.does(TECH, store(1, "38000000", "T1"));
    stored
        .when(TECH, store(2, "38000000", "T1"))
        .refused(Refusal::Inventory(InventoryRefusal::PositionTaken {
            unit: "GE-2026-0007-U01".to_owned(),
        }));
    stored
        .does(TECH, destroy_unit(1))
        .when(TECH, store(2, "38000000", "T1"))
        .accepted();
}

// Two bags can't lie at one place, whoever they belong to and however the place is written.
#[test]
fn a_position_holds_one_unit_until_it_has_left() {
    let position = |at: &str| ClaimKey::position("GE", at);
    let free = |record: &Record, at: &str, held: &Held| {
        let context = Context {
            held: held.clone(),
            ..context(TECH, record.now)
        };
        decide(&record.batch(), store(9, "1", at), &context).map(|_| ())
    };
    let taken = |unit: &str| {
        let unit = unit.to_owned();
        Err(Refusal::Inventory(InventoryRefusal::PositionTaken { unit }))
    };
    let given = sampled().does(TECH, store(1, "38000000", "Tank 2 / rack 4"));
    for (at, wanted) in [
        ("tank 2/rack 4", taken("GE-2026-0007-U01")),
        ("TANK 02 - RACK 4", taken("GE-2026-0007-U01")),
        ("Tank 2 / rack 5", Ok(())),
        ("Tank 24", Ok(())),
    ] {
        assert_eq!(free(&given, at, &Held::default()), wanted, "{at}");
    }
    // Of another batch.
    let held = Held::of([(position("tank 3"), "GE-2026-0006-U01".to_owned())]);
    assert_eq!(free(&given, "Tank-3", &held), taken("GE-2026-0006-U01"));
    let asked = claims_of_command("GE", &store(9, "1", " Tank-3 "));
    assert_eq!(asked, [position("tank 3")]);
    // Letters or digits name it, and no more of them than a label holds.
    for at in ["//", "-"] {
        let refused = free(&given, at, &Held::default());
        assert!(
            matches!(
                refused,
                Err(Refusal::Input(InputRefusal::Implausible {
                    field: "location",
                    ..
                }))
            ),
            "{at}"
        );
    }
    assert_eq!(free(&given, &"é".repeat(100), &Held::default()), Ok(()));
    let long = free(&given, &"é".repeat(101), &Held::default());
    assert!(matches!(
        long,
        Err(Refusal::Input(InputRefusal::TooLong {
            field: "location",
            ..
        }))
    ));
    // What is in a dose lies there until the dose has left.
    let positions = |record: &Record| {
        let claims = record.batch().claims().into_iter();
        claims.filter(|claim| claim.kind == "position").count()
    };
    let all = certified();
    let units = all.batch().units.len();
    assert_eq!(positions(&all), units);
    assert_eq!(
        positions(&all.clone().does(TECH, destroy_unit(4))),
        units - 1
    );
    let prepared = prepared();
    let dose = prepared.batch().doses[0].units.len();
    assert_eq!(positions(&prepared), units);
    let dispatched = prepared.clone().does(PHARMACIST, dispatch(1));
    assert_eq!(positions(&dispatched), units - dose);
    let destroyed = prepared.does(PHARMACIST, destroy_dose(1));
    assert_eq!(positions(&destroyed), units - dose);
}

#[test]
fn a_unit_is_stored_at_its_step_and_not_before_the_work_before() {
    registered()
        .when(
            TECH,
            BatchCommand::Inventory(InventoryCommand::StoreUnit {
                unit: unit(1),
                step: step("receipt"),
                viable_cells: d("1"),
                volume_ml: d("1"),
                location: "T1".to_owned(),
                stored_at: None,
            }),
        )
        .refused(Refusal::Processing(ProcessingRefusal::WrongStep {
            title: "Receipt".to_owned(),
            what: "units are stored",
        }));
    harvested()
        .when(TECH, store(1, "1", "T1"))
        .refused(Refusal::Processing(ProcessingRefusal::StepWaits {
            title: "Freezing".to_owned(),
            waiting_for: "Sampling".to_owned(),
        }));
    let given = sampled();
    let stored_at = |hours: i64| {
        BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit: unit(1),
            step: step("freeze"),
            viable_cells: d("1"),
            volume_ml: d("1"),
            location: "T1".to_owned(),
            stored_at: Some(given.now.plus(chrono::TimeDelta::hours(hours))),
        })
    };
    assert!(matches!(
        given.when(TECH, stored_at(1)).0,
        Err(Refusal::Input(InputRefusal::InFuture {
            field: "stored_at",
            ..
        }))
    ));
    assert!(matches!(
        given.when(TECH, stored_at(-1)).0,
        Err(Refusal::Input(InputRefusal::BeforePrevious {
            field: "stored_at",
            ..
        }))
    ));
    given.when(TECH, stored_at(0)).accepted();
}

// Each unit ends once.
#[test]
fn a_unit_is_destroyed_once_for_a_reason() {
    let given = certified();
    for person in [TECH, PHARMACIST] {
        given
            .when(person, destroy_unit(4))
            .gives(BatchEvent::Inventory(InventoryEvent::UnitDestroyed {
                unit: unit(4),
                reason: "bag broken".to_owned(),
                destroyed_at: given.now,
            }));
    }
    let empty = BatchCommand::Inventory(InventoryCommand::DestroyUnit {
        unit: unit(4),
        reason: String::new(),
    });
    given
        .when(TECH, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
    given
        .when(TECH, destroy_unit(9))
        .refused(Refusal::Inventory(InventoryRefusal::UnknownUnit));
    let ended = |record: &Record, id: u128, code: &str| {
        record
            .when(TECH, destroy_unit(id))
            .refused(Refusal::Inventory(InventoryRefusal::UnitEnded {
                unit: code.to_owned(),
            }));
    };
    ended(
        &given.clone().does(TECH, destroy_unit(4)),
        4,
        "GE-2026-0007-U04",
    );
    // What is in a dose ends with the dose.
    ended(&prepared(), 1, "GE-2026-0007-U01");
    let state = given
        .does(TECH, destroy_unit(4))
        .batch()
        .unit(unit(4))
        .unwrap()
        .state
        .clone();
    assert!(matches!(state, UnitState::Destroyed { .. }));
}
