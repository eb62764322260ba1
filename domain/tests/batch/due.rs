//! The clock of a batch on the board: what is due first is shown whatever else is open, and nothing that is done with
//! stays among the open batches.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        PHARMACIST, QP, Record, TECH, TECH2, YES, after_p0, after_p1, category, certified, choice,
        cleared, correct, destroy_unit, dispatch, finished, infuse, n, number, prepare, prepared,
        raise, registered, registered_by, skip, take, tested,
    },
};
use chrono::TimeDelta;
use domain::{
    batch::{BatchCommand, BatchFlag, BatchState, ExceptionKind, ReleaseCommand},
    time::Timestamp,
};

fn due(record: &Record) -> Option<Timestamp> {
    record.batch().board_row().next_due
}

/// When the marrow of these tests was collected.
fn collected() -> Timestamp {
    registered().batch().harvest.collected_at
}

/// The small process, with a day from the collection to the clearance.
fn with_a_clock() -> Record {
    let clocked = MASTER_RECORD.replace(
        "instruction = \"Clear.\"",
        "instruction = \"Clear.\"\nwindow = { counts_from = \"collection\", from_hours = 0, to_hours = 24, site_choice = true }",
    );
    assert_ne!(clocked, MASTER_RECORD);
    registered_by(&clocked, SPECIFICATION)
}

fn received(given: Record) -> Record {
    given
        .entry(TECH, "receipt", "identity", YES)
        .verified(TECH2, "receipt", "identity")
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .completed(TECH, "receipt")
}

fn in_culture() -> Record {
    cleared().seeded(0, "20000000")
}

/// A product that is given fresh, ten days after its formulation at the latest.
fn fresh(given: Record) -> Record {
    // Formulating makes units for the patient: a stop holds it.
    let record = MASTER_RECORD
        .replace("kind = \"freeze\"", "kind = \"formulate\"")
        .replace(
            "instruction = \"Freeze.\"\nkeeps_alive = true",
            "instruction = \"Freeze.\"",
        );
    let specification = SPECIFICATION.replace("frozen_days = 30", "formulated_hours = 240");
    let mut events = given.events;
    for recorded in &mut events {
        use domain::batch::{BatchEvent, InventoryEvent, UnitForm};
        if let BatchEvent::Inventory(InventoryEvent::UnitStored { form, .. }) = &mut recorded.event
        {
            *form = UnitForm::Formulated;
        }
    }
    Record {
        events,
        now: given.now,
        ..registered_by(&record, &specification)
    }
}

#[test]
fn an_open_deviation_takes_no_due_time_away() {
    let cases: Vec<(&str, Record)> = vec![
        ("fresh marrow", with_a_clock()),
        ("in culture", in_culture()),
        ("results awaited", finished()),
        ("fresh units, results awaited", fresh(finished())),
        ("fresh units, before the review", fresh(tested())),
        ("fresh units, released", fresh(certified())),
        ("a dose prepared", prepared()),
        (
            "a dose on its way",
            prepared().does(PHARMACIST, dispatch(1)),
        ),
    ];
    for (what, record) in cases {
        let before = due(&record);
        assert!(before.is_some(), "{what}");
        let raised = record.does(TECH, raise(1, None));
        assert_eq!(due(&raised), before, "{what}, with a deviation");
        assert_eq!(
            raised.batch().flags(),
            [BatchFlag::DeviationOpen],
            "{what}, with a deviation"
        );
        let closed = raised.deviation_closed(1);
        assert_eq!(due(&closed), before, "{what}, with the deviation closed");
        assert_eq!(closed.batch().flags(), [], "{what}, closed");
    }
}

#[test]
fn a_stop_takes_no_due_time_away() {
    let clocked = MASTER_RECORD.replace(
        "instruction = \"Count twice.\"",
        "instruction = \"Count twice.\"\nwindow = { from_hours = 0, to_hours = 6, site_choice = true }",
    );
    let given = Record {
        events: after_p1().events,
        now: after_p1().now,
        ..registered_by(&clocked, SPECIFICATION)
    };
    let sampled = given
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1");
    let wanted = Some(sampled.now.plus(TimeDelta::hours(6)));
    let awaited = sampled.clone().batch().board_row();
    assert_eq!(
        awaited.next_step.as_deref(),
        Some("Result of Viability, in process")
    );
    // The result is due by the end of the day, the cells before that.
    assert_eq!(awaited.next_due, wanted);
    let failed = sampled.result(1, "viability-ip", number("60"));
    let row = failed.batch().board_row();
    assert_eq!((row.state.as_str(), row.next_due), ("hold", wanted));
    assert_eq!(row.flags, [BatchFlag::TestFailed]);
}

#[test]
fn a_stop_of_the_master_record_takes_no_due_time_away() {
    let cultured = in_culture();
    let before = due(&cultured);
    assert!(before.is_some());
    let held = cultured.does(TECH, correct("receipt", "container", choice("cracked")));
    let row = held.batch().board_row();
    assert_eq!((row.state.as_str(), row.next_due), ("hold", before));
    assert_eq!(row.next_step.as_deref(), Some("P0 Change of medium (1)"));
    assert_eq!(row.needs.as_deref(), Some("technician"));
    assert_eq!(row.flags, [BatchFlag::DeviationOpen]);
    assert!(row.is_open);
    // Nothing that is due keeps the marrow alive: the stop is what comes next, and the clock runs on.
    let fresh = with_a_clock()
        .after(1)
        .entry(TECH, "receipt", "container", choice("cracked"));
    let row = fresh.batch().board_row();
    assert_eq!(row.state, "hold");
    assert_eq!(row.next_due, Some(collected().plus(TimeDelta::hours(24))));
    assert_eq!(
        row.next_step.as_deref(),
        Some("Stop: Container: cracked, expected intact")
    );
    assert_eq!(row.needs.as_deref(), Some("qa"));
}

#[test]
fn fresh_marrow_has_a_clock_from_its_collection() {
    let within = Some(collected().plus(TimeDelta::hours(24)));
    let registered = with_a_clock();
    let row = registered.batch().board_row();
    assert_eq!(row.next_step.as_deref(), Some("Receipt"));
    assert_eq!(row.next_due, within, "before any step is done");
    assert_eq!(row.fresh_since, Some(collected()));
    let received = received(registered.after(5));
    assert_eq!(due(&received), within, "not from the receipt");
    let begun = received.entry(TECH, "clearance", "grade", choice("A"));
    assert_eq!(due(&begun), within, "while the step is at work");
    let in_time = begun.clone().completed(TECH, "clearance");
    assert_eq!(
        due(&in_time),
        None,
        "the step is over, and the next has no window"
    );
    assert_eq!(in_time.batch().exceptions, []);
    let skipped = begun.clone().does(TECH, skip("clearance"));
    assert_eq!(due(&skipped), None);
    let late = begun.after(24).completed(TECH, "clearance");
    assert!(matches!(
        late.batch().exceptions[..],
        [domain::batch::Exception {
            kind: ExceptionKind::OutsideWindow { .. },
            ..
        }]
    ));
}

#[test]
fn the_marrow_is_fresh_until_the_culture_has_begun() {
    let since = |record: &Record| record.batch().board_row().fresh_since;
    assert_eq!(since(&cleared()), Some(collected()));
    assert_eq!(since(&in_culture()), None);
    assert_eq!(since(&after_p0()), None);
    assert_eq!(since(&certified()), None);
    let rejected = cleared().does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject {
            reasons: "clotted".to_owned(),
            seen: cleared().version(),
        }),
    );
    assert_eq!(since(&rejected), None);
}

#[test]
fn fresh_units_are_due_by_their_expiry_and_frozen_ones_do_not_press() {
    let expires = |record: &Record| {
        let batch = record.batch();
        batch
            .units
            .iter()
            .filter_map(|unit| batch.expires_at(unit))
            .min()
    };
    // Every result is in, and a review has no time of its own.
    for (what, frozen) in [
        ("before the review", tested()),
        ("reviewed", tested().reviewed()),
        ("released", certified()),
    ] {
        assert_eq!(due(&frozen), None, "{what}, frozen");
        let fresh = fresh(frozen);
        assert!(expires(&fresh).is_some(), "{what}");
        assert_eq!(due(&fresh), expires(&fresh), "{what}, fresh");
    }
    let next = |record: &Record| record.batch().board_row().next_step;
    let released = fresh(certified());
    assert_eq!(next(&released).as_deref(), Some("Preparation of a dose"));
    let given = released
        .does(PHARMACIST, prepare(1, &[1, 2]))
        .does(PHARMACIST, dispatch(1));
    let now = given.now;
    let given = given.does(PHARMACIST, infuse(1, now, now));
    assert_eq!(
        next(&given).as_deref(),
        Some("Destruction of the units that are left")
    );
    assert!(given.batch().is_open());
}

#[test]
fn what_is_due_first_counts_whoever_does_it() {
    // The dose on its way expires before anything else is due.
    let given = prepared().does(PHARMACIST, dispatch(1)).withdrawn();
    let batch = given.batch();
    assert_eq!(due(&given), batch.dose_expires_at(&batch.doses[0]));
    assert_eq!(batch.state(), BatchState::NeedsReview);
}

#[test]
fn only_batches_with_work_left_are_open() {
    let infused = |given: Record| {
        let given = given.does(PHARMACIST, dispatch(1));
        let now = given.now;
        given.does(PHARMACIST, infuse(1, now, now))
    };
    let destroyed =
        |record: Record| (1..=4).fold(record, |record, id| record.does(TECH, destroy_unit(id)));
    let rejected = |record: Record| {
        let seen = record.version();
        let reasons = "sterility fails".to_owned();
        record.does(
            QP,
            BatchCommand::Release(ReleaseCommand::Reject { reasons, seen }),
        )
    };
    let late = {
        let given = prepared().does(PHARMACIST, dispatch(1)).after(24 * 40);
        let now = given.now;
        given.does(PHARMACIST, infuse(1, now, now))
    };
    let cases: Vec<(&str, Record, bool)> = vec![
        ("registered", registered(), true),
        ("in culture", in_culture(), true),
        ("results awaited", finished(), true),
        ("before the review", tested(), true),
        ("reviewed", tested().reviewed(), true),
        ("released", certified(), true),
        ("a dose prepared", prepared(), true),
        ("infused, frozen units left", infused(prepared()), false),
        (
            "infused, a second dose prepared",
            infused(prepared()).does(PHARMACIST, prepare(2, &[3, 4])),
            true,
        ),
        (
            "infused, a deviation open",
            infused(prepared()).does(TECH, raise(1, None)),
            true,
        ),
        ("infused late, not assessed", late, true),
        ("all destroyed", destroyed(certified()), false),
        (
            "all destroyed, a deviation open",
            destroyed(certified()).does(TECH, raise(1, None)),
            true,
        ),
        ("rejected with units", rejected(tested()), true),
        (
            "rejected, all destroyed",
            destroyed(rejected(tested())),
            false,
        ),
    ];
    for (what, record, open) in cases {
        assert_eq!(record.batch().is_open(), open, "{what}");
        assert_eq!(record.batch().board_row().is_open, open, "{what}");
    }
}

#[test]
fn a_failing_test_is_a_flag_until_the_batch_is_rejected() {
    let failing = finished()
        .after(24 * 7)
        .result(2, "viability", number("69.4"))
        .result(2, "sterility", category("no growth"));
    assert_eq!(failing.batch().flags(), [BatchFlag::TestFailed]);
    assert_eq!(failing.batch().state(), BatchState::NeedsReview);
    let both = failing.clone().does(TECH, raise(1, None));
    assert_eq!(
        both.batch().flags(),
        [BatchFlag::DeviationOpen, BatchFlag::TestFailed]
    );
    let seen = failing.version();
    let reasons = "viability fails".to_owned();
    let rejected = failing.does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject { reasons, seen }),
    );
    assert_eq!(rejected.batch().flags(), []);
    assert_eq!(
        finished()
            .result(2, "viability", number("70"))
            .batch()
            .flags(),
        []
    );
}
