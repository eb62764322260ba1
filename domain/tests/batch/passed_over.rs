//! A step in which something was done is not passed over: what was taken or stored has a label, and its fields are
//! answered.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        Record, TECH, YES, after_p1, complete, d, destroy_unit, documents, entry, frozen,
        harvested, n, not_applicable, registered_by, sampled, skip, step, store, take, tested,
        unit,
    },
};
use domain::batch::{
    BatchCommand, Blocker, InventoryCommand, ProcessingRefusal, Refusal, StopRefusal, TimeOf,
};

const LABEL: &str = r#"field = [{ key = "label-checked", label = "Label agrees", type = "yes-no", expected = ["yes"], required = true, stop = "identifiers" }]"#;

/// Given the end of P1, where the label of the in-process sample is held against the record.
fn labelled() -> Record {
    let plain = "only_passages = [1]\ninstruction = \"Sample.\"\nkeeps_alive = true";
    let mut given = after_p1();
    let text = MASTER_RECORD.replace(plain, &format!("{plain}\n{LABEL}"));
    assert_ne!(text, MASTER_RECORD);
    given.documents = documents(&text, SPECIFICATION);
    given
}

// ATMP: identity is answered for each sample that was taken.
#[test]
fn a_sampling_step_is_not_passed_over_once_a_sample_was_taken() {
    let at = "ip-sample@P1";
    labelled().when(TECH, skip(at)).accepted();
    let taken = labelled().does(TECH, take(1, at, "100000"));
    taken
        .when(TECH, skip(at))
        .refused(Refusal::Processing(ProcessingRefusal::StepWasDone {
            title: "P1 In-process sample".to_owned(),
            made: "sample GE-2026-0007-S01 was taken".to_owned(),
        }));
    taken.when(TECH, skip(at)).says(
        "P1 In-process sample can't be marked as not applicable: sample GE-2026-0007-S01 was taken in it. Record its \
         fields as they were found, and complete the step.",
    );
    taken
        .when(TECH, not_applicable(at, "label-checked"))
        .refused(Refusal::Stop(StopRefusal::StopNotApplicable {
            label: "Label agrees".to_owned(),
        }));
    taken
        .when(TECH, complete(at, taken.version()))
        .refused(Refusal::Processing(ProcessingRefusal::FieldsMissing {
            title: "P1 In-process sample".to_owned(),
            fields: vec!["Label agrees".to_owned()],
        }));
    taken
        .entry(TECH, at, "label-checked", YES)
        .completed(TECH, at);
    // Nor is one without a stop: the sample is there.
    let plain = harvested().does(TECH, take(2, "sample", "0"));
    plain
        .when(TECH, skip("sample"))
        .refused(Refusal::Processing(ProcessingRefusal::StepWasDone {
            title: "Sampling".to_owned(),
            made: "sample GE-2026-0007-S02 was taken".to_owned(),
        }));
}

#[test]
fn a_storing_step_is_not_passed_over_once_a_unit_was_stored() {
    sampled().when(TECH, skip("freeze")).accepted();
    let stored = sampled().does(TECH, store(1, "38000000", "T1/R1/B1/1"));
    let refusal = || {
        Refusal::Processing(ProcessingRefusal::StepWasDone {
            title: "Freezing".to_owned(),
            made: "unit GE-2026-0007-U01 was stored".to_owned(),
        })
    };
    stored.when(TECH, skip("freeze")).refused(refusal());
    // One that was destroyed was stored all the same.
    stored
        .does(TECH, destroy_unit(1))
        .when(TECH, skip("freeze"))
        .refused(refusal());
}

// A recurring step may be left out; one in which a sample was taken was begun.
#[test]
fn a_recurring_sampling_step_with_a_sample_is_finished_before_the_work_goes_on() {
    let spare = format!(
        "[[step]]\nkey = \"spare\"\ntitle = \"Further sample\"\nkind = \"sample\"\nsample_point = \"final-product\"\n\
         recurring = true\ninstruction = \"Sample.\"\nkeeps_alive = true\n{LABEL}\n\n[[step]]\nkey = \"passage\""
    );
    let text = MASTER_RECORD.replace("[[step]]\nkey = \"passage\"", &spare);
    let given = crate::record::receive(registered_by(&text, SPECIFICATION))
        .entry(TECH, "clearance", "grade", crate::record::choice("A"))
        .completed(TECH, "clearance")
        .seeded(0, "20000000");
    let count = || entry("passage@P0", "total-cells", n("1000000"));
    given.when(TECH, count()).accepted();
    let at = "spare@P0#1";
    let taken = given.does(TECH, take(1, at, "0"));
    taken
        .when(TECH, count())
        .refused(Refusal::Processing(ProcessingRefusal::StepWaits {
            title: "P0 Detachment".to_owned(),
            waiting_for: "P0 Further sample (1)".to_owned(),
        }));
    let open = Blocker::StepOpen {
        step: step(at),
        title: "P0 Further sample (1)".to_owned(),
    };
    assert!(taken.batch().review_blockers().contains(&open));
    let done = taken
        .entry(TECH, at, "label-checked", YES)
        .completed(TECH, at);
    done.when(TECH, count()).accepted();
    assert!(!done.batch().review_blockers().contains(&open));
}

/// The units of one freezer are not those of another.
#[test]
fn each_storing_step_has_units_of_its_own() {
    let second = "[[step]]\nkey = \"freeze-2\"\ntitle = \"Second freezer\"\nkind = \"freeze\"\ninstruction = \"Freeze.\"\n\
                  keeps_alive = true\n\n[[step]]\nkey = \"closing\"";
    let text = MASTER_RECORD.replace("[[step]]\nkey = \"closing\"", second);
    let mut given = frozen();
    given.documents = documents(&text, SPECIFICATION);
    given
        .when(TECH, complete("freeze-2", given.version()))
        .refused(Refusal::Processing(ProcessingRefusal::NoUnit {
            title: "Second freezer".to_owned(),
        }));
    let store = BatchCommand::Inventory(InventoryCommand::StoreUnit {
        unit: unit(5),
        step: step("freeze-2"),
        viable_cells: d("1000000"),
        volume_ml: d("50"),
        location: "T2/R1/B1/1".to_owned(),
        stored_at: None,
    });
    let stored = given.after(1).does(TECH, store);
    let batch = stored.batch();
    for (id, at) in [(1, "freeze"), (5, "freeze-2")] {
        let of = TimeOf::Unit { unit: unit(id) };
        assert_eq!(batch.step_of_time(&of), Some(step(at)));
    }
    stored.completed(TECH, "freeze-2");
}

// Annex 16: a batch is certified so that something of it is released.
#[test]
fn a_batch_without_a_unit_in_store_has_nothing_to_release() {
    let without_dose = SPECIFICATION.replace(
        "[dose]\nminimum = 1\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsite_choice = true\n",
        "",
    );
    assert_ne!(without_dose, SPECIFICATION);
    let mut given = tested();
    given.documents = documents(MASTER_RECORD, &without_dose);
    let nothing = |record: &Record| {
        let blockers = record.batch().blockers(record.now);
        blockers.contains(&Blocker::NothingToRelease)
    };
    assert!(!nothing(&given));
    let destroyed = (1..=4).fold(given.clone(), |record, id| {
        record.does(TECH, destroy_unit(id))
    });
    assert!(nothing(&destroyed));
    assert!(nothing(&given.clone().after(24 * 60)), "all are expired");
    given.events.retain(|one| {
        !matches!(
            one.event,
            domain::batch::BatchEvent::Inventory(domain::batch::InventoryEvent::UnitStored { .. })
        )
    });
    assert!(nothing(&given));
    assert_eq!(
        Blocker::NothingToRelease.to_string(),
        "no unit of the batch is in the store and not expired: there is nothing to release"
    );
}
