//! Corrections: the old value stays, the second check and what was signed fall.

use crate::record::{
    TECH, TECH2, YES, after_p0, at, cleared, complete, correct, d, entry, finished, frozen,
    harvested, n, not_applicable, received, registered, step, text, verify,
};
use domain::{
    batch::{
        Batch, BatchCommand, BatchEvent, Blocker, FieldValue, InputRefusal, Meaning,
        ProcessingCommand, ProcessingEvent, ProcessingRefusal, Refusal, StandingRefusal,
    },
    master_record::CheckOf,
};

// A11-9, P11-10e1, DI-1: who, old, new, why.
#[test]
fn a_correction_names_old_new_and_reason() {
    received()
        .when(TECH, correct("receipt", "temperature", n("8")))
        .gives(BatchEvent::Processing(ProcessingEvent::EntryCorrected {
            step: step("receipt"),
            field: "temperature".to_owned(),
            old: n("18.5"),
            new: n("8"),
            reason: "misread".to_owned(),
            outside: None,
        }));
}

// P11-10e2, A11-8.2
#[test]
fn the_old_value_stays_readable_and_the_entry_is_marked_as_changed() {
    let given = received();
    assert!(!given.batch().steps[&step("receipt")].entries["temperature"].corrected());
    let batch = given
        .does(TECH, correct("receipt", "temperature", n("8")))
        .batch();
    let entry = &batch.steps[&step("receipt")].entries["temperature"];
    assert!(entry.corrected());
    assert_eq!(entry.value(), Some(&n("8")));
    let values: Vec<_> = entry
        .values
        .iter()
        .map(|one| (one.value.clone(), one.reason.as_deref()))
        .collect();
    assert_eq!(values, [(n("18.5"), None), (n("8"), Some("misread"))]);
}

#[test]
fn a_value_in_place_of_not_applicable_counts_as_changed() {
    let given = registered()
        .after(1)
        .does(TECH, not_applicable("receipt", "remark"));
    let batch = given
        .does(TECH, correct("receipt", "remark", text("pale")))
        .batch();
    let entry = &batch.steps[&step("receipt")].entries["remark"];
    assert!(entry.corrected() && entry.not_applicable.is_none());
    assert_eq!(entry.value(), Some(&text("pale")));
}

// A11-9: no change without a reason.
#[test]
fn a_correction_is_refused_without_reason_or_change_or_with_what_does_not_fit() {
    let given = received();
    let without = |reason: &str| {
        BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step: step("receipt"),
            field: "temperature".to_owned(),
            value: n("8"),
            reason: reason.to_owned(),
        })
    };
    given
        .when(TECH, without(" \n"))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
    given
        .when(TECH, without(&"x".repeat(4001)))
        .refused(Refusal::Input(InputRefusal::TooLong {
            field: "reason",
            what: "Reason",
            length: 4001,
            max: 4000,
        }));
    let same = Refusal::Input(InputRefusal::NothingChanged {
        value: "18.5 °C".to_owned(),
    });
    given
        .when(TECH, correct("receipt", "temperature", n("18.50")))
        .refused(same);
    let wrong = |field: &str, label: &str| {
        Refusal::Processing(ProcessingRefusal::WrongKind {
            field: field.to_owned(),
            label: label.to_owned(),
        })
    };
    given
        .when(TECH, correct("receipt", "temperature", text("8")))
        .refused(wrong("temperature", "Temperature"));
    given
        .when(TECH, correct("receipt", "temperature", n("-300")))
        .refused(wrong("temperature", "Temperature"));
    given
        .when(TECH, correct("thaw", "temperature", n("8")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("thaw"),
        }));
    let moment = |text: &str| FieldValue::Moment(at(text));
    let cleaned = given.entry(
        TECH,
        "clearance",
        "cleaned-at",
        moment("2026-03-02T10:00:00Z"),
    );
    cleaned
        .when(
            TECH,
            correct("clearance", "cleaned-at", moment("2026-03-02T10:00:01Z")),
        )
        .says("The value 2026-03-02 11:00 CET is in the future. Enter when it was done.");
}

// A11-6: the second check is of the value that stands.
#[test]
fn a_correction_takes_the_second_check_back() {
    let given = after_p0().does(TECH, correct("passage@P0", "viable-cells", n("910000")));
    let batch = given.batch();
    assert_eq!(
        batch.steps[&step("passage@P0")].entries["viable-cells"].verified,
        None
    );
    let open = Blocker::NotVerified {
        step: step("passage@P0"),
        label: "Viable cells".to_owned(),
    };
    assert!(batch.review_blockers().contains(&open));
    let again = given.does(TECH2, verify("passage@P0", "viable-cells", n("910000")));
    assert!(!again.batch().review_blockers().contains(&open));
}

fn void_signatures(batch: &Batch) -> Vec<Blocker> {
    let blockers = batch.review_blockers().into_iter();
    blockers
        .filter(|one| matches!(one, Blocker::SignatureVoid { .. }))
        .collect()
}

// DI-3, A11d-13.8
#[test]
fn a_correction_voids_the_signature_of_its_step_until_it_is_signed_again() {
    let given = finished();
    let corrected = given
        .clone()
        .does(TECH, correct("receipt", "temperature", n("8")));
    let batch = corrected.batch();
    let of = |key: &str| {
        batch
            .signatures
            .iter()
            .find(|one| one.step == Some(step(key)))
            .unwrap()
    };
    assert_eq!(of("receipt").void_since, Some(corrected.version()));
    assert_eq!(of("harvest").void_since, None);
    let void = Blocker::SignatureVoid {
        step: step("receipt"),
        title: "Receipt".to_owned(),
    };
    assert_eq!(void_signatures(&batch), [void]);

    let again = corrected
        .signed(TECH2, complete("receipt", corrected.version()))
        .accepted();
    let BatchEvent::Processing(ProcessingEvent::StepCompleted {
        signature: Some(signature),
        performed_at,
        ..
    }) = &again
    else {
        panic!("{again:?}")
    };
    assert_eq!(signature.meaning, Meaning::Performed);
    assert_eq!(
        *performed_at,
        given.batch().steps[&step("receipt")]
            .completed
            .as_ref()
            .unwrap()
            .performed_at
    );
    let batch = corrected.event(TECH2, again).batch();
    assert!(void_signatures(&batch).is_empty());
    let completion = batch.steps[&step("receipt")].completed.clone().unwrap();
    assert_eq!(
        completion.stamp,
        given.batch().steps[&step("receipt")]
            .completed
            .as_ref()
            .unwrap()
            .stamp
    );
    assert_eq!(completion.signature.unwrap().name, "Technician 2");
}

#[test]
fn a_step_is_signed_again_only_while_its_signature_is_void() {
    let given = received();
    let over = Refusal::Processing(ProcessingRefusal::StepOver {
        title: "Receipt".to_owned(),
    });
    given
        .signed(TECH, complete("receipt", given.version()))
        .refused(over);
    let corrected = given.does(TECH, correct("receipt", "identity", crate::record::NO));
    let waits = Refusal::Processing(ProcessingRefusal::NotVerified {
        title: "Receipt".to_owned(),
        fields: vec!["Identity agrees".to_owned()],
    });
    corrected
        .signed(TECH, complete("receipt", corrected.version()))
        .refused(waits);
    let stale = Refusal::Standing(StandingRefusal::Stale {
        seen: 2,
        version: corrected.version() + 1,
    });
    let verified = corrected.does(TECH2, verify("receipt", "identity", crate::record::NO));
    verified.signed(TECH, complete("receipt", 2)).refused(stale);
}

#[test]
fn a_correction_to_a_figure_outside_its_check_is_an_exception() {
    let given = after_p0().does(TECH, correct("passage@P0", "viable-cells", n("699000")));
    let batch = given.batch();
    let viability = batch.steps[&step("passage@P0")].computed(CheckOf::Viability);
    assert_eq!(viability, Some(d("69.9")));
    let kinds: Vec<_> = batch
        .exceptions
        .iter()
        .map(|one| one.kind.to_string())
        .collect();
    assert_eq!(
        kinds,
        [
            "Viable cells was corrected: misread",
            "Viability 69.9 % is outside its limit ≥ 70 %"
        ]
    );
}

// A11d-10.1: what others rest on is not corrected away under them.
#[test]
fn a_passage_is_not_corrected_below_what_was_seeded_of_it() {
    let given = after_p0().seeded(1, "500000");
    given
        .when(TECH, correct("passage@P0", "viable-cells", n("500000")))
        .accepted();
    given
        .when(TECH, correct("passage@P0", "viable-cells", n("499999")))
        .refused(Refusal::Processing(ProcessingRefusal::SeededAboveHarvest {
            seeded: "500\u{202f}000".to_owned(),
            harvested: "499\u{202f}999".to_owned(),
        }));
}

#[test]
fn the_final_harvest_is_not_corrected_below_what_was_taken_of_it() {
    // 152 million in units and 1 million in the sample, of a mean of 158 million; the other count is 156 million.
    let given = frozen();
    given
        .when(TECH, correct("harvest", "viable-cells-1", n("150000000")))
        .accepted();
    given
        .when(TECH, correct("harvest", "viable-cells-1", n("149999998")))
        .says("153 000 000 viable cells are more than the 152 999 999 left of the final harvest. Check the figure.");
    let mean = given
        .does(TECH, correct("harvest", "viable-cells-1", n("150000000")))
        .batch();
    assert_eq!(mean.viable_left(), Some(d("0")));
}

#[test]
fn signing_again_gives_no_cells_back() {
    let left = frozen().batch().viable_left();
    let again = frozen()
        .does(TECH, correct("harvest", "total-cells-1", n("167000000")))
        .completed(TECH, "harvest");
    assert_eq!(again.batch().viable_left(), left);
}

// What was done is not taken back by a later figure.
#[test]
fn a_corrected_count_takes_no_passage_back() {
    let target =
        |record: &crate::record::Record| record.batch().next_step().unwrap().at.to_string();
    // P1 missed its target, so P2 was begun; then it turns out that P1 had reached it.
    let missed = after_p0()
        .seeded(1, "500000")
        .counted(1, "60000000", "50000000");
    let missed = missed
        .does(TECH, crate::record::take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", crate::record::number("94"));
    assert_eq!(target(&missed), "seed@P2");
    let begun = missed.clone().seeded(2, "500000");
    let corrected = |record: crate::record::Record| {
        record
            .does(TECH, correct("passage@P1", "total-cells", n("90000000")))
            .does(TECH, correct("passage@P1", "viable-cells", n("70000000")))
    };
    assert_eq!(target(&corrected(begun)), "passage@P2");
    assert_eq!(target(&corrected(missed)), "harvest");
    // P1 reached its target and the culture was left; then it turns out that it hadn't.
    let left = harvested().does(TECH, correct("passage@P1", "viable-cells", n("1000000")));
    assert_eq!(target(&left), "sample");
    assert_eq!(left.batch().passage(), Some(1));
}

#[test]
fn an_entry_of_an_open_step_can_be_corrected_too() {
    let given = cleared().entry(TECH, "seed@P0", "area", n("175"));
    given
        .when(TECH, correct("seed@P0", "area", n("176")))
        .accepted();
    given
        .when(TECH, entry("seed@P0", "area", n("176")))
        .says("Area is already recorded as 175 cm². To change it, correct it with a reason.");
    received()
        .when(TECH2, correct("receipt", "identity", YES))
        .says("The new value is the same as the old one (yes). Nothing was changed.");
}
