//! Units: stored from cells that were harvested, and ended once.

use crate::record::{
    PHARMACIST, QC, Record, TECH, certified, d, destroy_unit, harvested, prepared, registered,
    sampled, step, store, unit,
};
use domain::batch::{BatchCommand, BatchEvent, Refusal, UnitForm, UnitState};

#[test]
fn a_unit_is_stored_with_code_form_place_and_time() {
    let given = sampled();
    given
        .when(TECH, store(1, "38000000", " T1/R1/B1/1 "))
        .gives(BatchEvent::UnitStored {
            unit: unit(1),
            code: "GE-2026-0007-U01".to_owned(),
            form: UnitForm::Frozen,
            step: step("freeze"),
            viable_cells: d("38000000"),
            volume_ml: d("50"),
            location: "T1/R1/B1/1".to_owned(),
            stored_at: given.now,
        });
    assert!(matches!(
        given.when(QC, store(1, "38000000", "T1")).0,
        Err(Refusal::NotAllowed { .. })
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
        .refused(Refusal::TooManyCells {
            field: "viable_cells",
            wanted: "57\u{202f}000\u{202f}001".to_owned(),
            left: "57\u{202f}000\u{202f}000".to_owned(),
        });
    given.when(TECH, store(2, "57000.5", "T2")).says(
        "Viable cells in the unit 57000.5 is not plausible: cells are counted as whole ones, and none is the least. \
         Check the figure and its unit.",
    );
    // A unit that was destroyed gives its cells back to nobody.
    let given = given.does(TECH, destroy_unit(1));
    assert!(matches!(
        given.when(TECH, store(2, "57000001", "T2")).0,
        Err(Refusal::TooManyCells { .. })
    ));
}

#[test]
fn a_unit_holds_something_and_lies_somewhere_of_its_own() {
    let given = sampled();
    let zero = |field, what| Refusal::NotAboveZero { field, what };
    given
        .when(TECH, store(1, "0", "T1"))
        .refused(zero("viable_cells", "Viable cells in the unit"));
    given
        .when(TECH, store(1, "-1", "T1"))
        .refused(zero("viable_cells", "Viable cells in the unit"));
    let without_volume = BatchCommand::StoreUnit {
        unit: unit(1),
        step: step("freeze"),
        viable_cells: d("1"),
        volume_ml: d("0"),
        location: "T1".to_owned(),
        stored_at: None,
    };
    given
        .when(TECH, without_volume)
        .refused(zero("volume_ml", "Volume of the unit"));
    given
        .when(TECH, store(1, "1", " "))
        .refused(Refusal::Empty {
            field: "location",
            what: "Location",
        });
    let stored = given.does(TECH, store(1, "38000000", "T1"));
    stored
        .when(TECH, store(2, "38000000", "T1"))
        .refused(Refusal::Implausible {
            field: "location",
            what: "Location",
            value: "T1".to_owned(),
            rule: "another unit of this batch lies there",
        });
    stored
        .does(TECH, destroy_unit(1))
        .when(TECH, store(2, "38000000", "T1"))
        .accepted();
}

#[test]
fn a_unit_is_stored_at_its_step_and_not_before_the_work_before() {
    registered()
        .when(
            TECH,
            BatchCommand::StoreUnit {
                unit: unit(1),
                step: step("receipt"),
                viable_cells: d("1"),
                volume_ml: d("1"),
                location: "T1".to_owned(),
                stored_at: None,
            },
        )
        .refused(Refusal::WrongStep {
            title: "Receipt".to_owned(),
            what: "units are stored",
        });
    harvested()
        .when(TECH, store(1, "1", "T1"))
        .refused(Refusal::StepWaits {
            title: "Freezing".to_owned(),
            waiting_for: "Sampling".to_owned(),
        });
    let given = sampled();
    let stored_at = |hours: i64| BatchCommand::StoreUnit {
        unit: unit(1),
        step: step("freeze"),
        viable_cells: d("1"),
        volume_ml: d("1"),
        location: "T1".to_owned(),
        stored_at: Some(given.now.plus(chrono::TimeDelta::hours(hours))),
    };
    assert!(matches!(
        given.when(TECH, stored_at(1)).0,
        Err(Refusal::InFuture {
            field: "stored_at",
            ..
        })
    ));
    assert!(matches!(
        given.when(TECH, stored_at(-1)).0,
        Err(Refusal::BeforePrevious {
            field: "stored_at",
            ..
        })
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
            .gives(BatchEvent::UnitDestroyed {
                unit: unit(4),
                reason: "bag broken".to_owned(),
                destroyed_at: given.now,
            });
    }
    let empty = BatchCommand::DestroyUnit {
        unit: unit(4),
        reason: String::new(),
    };
    given.when(TECH, empty).refused(Refusal::Empty {
        field: "reason",
        what: "Reason",
    });
    given
        .when(TECH, destroy_unit(9))
        .refused(Refusal::UnknownUnit);
    let ended = |record: &Record, id: u128, code: &str| {
        record
            .when(TECH, destroy_unit(id))
            .refused(Refusal::UnitEnded {
                unit: code.to_owned(),
            });
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
