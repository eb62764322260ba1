//! Recording, confirming, marking as not applicable.

use crate::record::{
    MANY, NO, QA, QC, TECH, TECH2, YES, after_p0, after_p1, at, certified, choice, cleared,
    comment, correct, day, entry, entry_at, n, not_applicable, received, registered, step, text,
    verify,
};
use domain::{
    batch::{
        BatchEvent, FieldValue, InputRefusal, ProcessingEvent, ProcessingRefusal, Refusal,
        StandingRefusal,
    },
    rights::Action,
};

#[test]
fn an_entry_says_what_was_done_and_when() {
    let given = registered().after(1);
    given
        .when(TECH, entry("receipt", "temperature", n("18.5")))
        .gives(BatchEvent::Processing(ProcessingEvent::EntryRecorded {
            step: step("receipt"),
            field: "temperature".to_owned(),
            value: n("18.5"),
            performed_at: given.now,
            outside: None,
        }));
    let earlier = at("2026-03-02T09:30:00Z");
    let event = given
        .when(TECH, entry_at("receipt", "remark", text("pale"), earlier))
        .accepted();
    assert!(
        matches!(event, BatchEvent::Processing(ProcessingEvent::EntryRecorded { performed_at, .. }) if performed_at == earlier)
    );
}

// P11-10f: by a direct call, too.
#[test]
fn a_step_out_of_order_is_refused() {
    let waits = |title: &str, waiting_for: &str| {
        Refusal::Processing(ProcessingRefusal::StepWaits {
            title: title.to_owned(),
            waiting_for: waiting_for.to_owned(),
        })
    };
    let given = registered().after(1);
    let command = || entry("clearance", "grade", choice("A"));
    given
        .when(TECH, command())
        .refused(waits("Line clearance", "Receipt"));
    given
        .when(TECH, entry("seed@P0", "area", n("176")))
        .refused(waits("P0 Seeding", "Receipt"));
    let begun = given.entry(TECH, "receipt", "identity", YES);
    begun
        .when(TECH, command())
        .refused(waits("Line clearance", "Receipt"));
    received().when(TECH, command()).accepted();
    after_p0()
        .when(TECH, entry("passage@P1", "total-cells", n("1")))
        .refused(waits("P1 Detachment", "P1 Seeding"));
    for unknown in [
        "thaw",
        "seed",
        "seed@P2",
        "receipt@P0",
        "medium@P1",
        "look@P0#2",
    ] {
        let command = entry(unknown, "area", n("176"));
        after_p0().when(TECH, command).refused(Refusal::Processing(
            ProcessingRefusal::UnknownStep {
                step: step(unknown),
            },
        ));
    }
}

#[test]
fn a_step_that_is_over_takes_no_new_entry() {
    let refused = Refusal::Processing(ProcessingRefusal::StepOver {
        title: "Receipt".to_owned(),
    });
    received()
        .when(TECH, entry("receipt", "remark", text("late")))
        .refused(refused);
}

#[test]
fn what_does_not_fit_the_field_is_refused() {
    let given = received();
    let unknown = Refusal::Processing(ProcessingRefusal::UnknownField {
        title: "Line clearance".to_owned(),
        field: "colour".to_owned(),
    });
    given
        .when(TECH, entry("clearance", "colour", text("red")))
        .refused(unknown);
    let wrong = |field: &str, label: &str| {
        Refusal::Processing(ProcessingRefusal::WrongKind {
            field: field.to_owned(),
            label: label.to_owned(),
        })
    };
    for (field, label, value) in [
        ("grade", "Grade", choice("D")),
        ("grade", "Grade", text("A")),
        ("made-on", "Made on", text("2026-03-01")),
        (
            "cleaned-at",
            "Cleaned at",
            FieldValue::Day(day("2026-03-01")),
        ),
    ] {
        given
            .when(TECH, entry("clearance", field, value))
            .refused(wrong(field, label));
    }
    let receipt = registered().after(1);
    for (field, label, value) in [
        ("identity", "Identity agrees", text("yes")),
        ("temperature", "Temperature", text("18")),
        ("temperature", "Temperature", n("-273.16")),
        ("remark", "Remark", text(" ")),
        ("remark", "Remark", text(&"é".repeat(2001))),
    ] {
        receipt
            .when(TECH, entry("receipt", field, value))
            .refused(wrong(field, label));
    }
    receipt
        .when(TECH, entry("receipt", "remark", text(&"é".repeat(2000))))
        .accepted();
    let passage = cleared().seeded(0, "20000000").after(168);
    let confluence = |value| entry("look@P0#1", "confluence", n(value));
    passage.when(TECH, confluence("100")).accepted();
    passage
        .when(TECH, confluence("100.1"))
        .refused(wrong("confluence", "Confluence"));
    passage
        .when(TECH, confluence("-1"))
        .refused(wrong("confluence", "Confluence"));
}

#[test]
fn an_entry_is_made_once() {
    let given = registered()
        .after(1)
        .entry(TECH, "receipt", "temperature", n("18.5"));
    given
        .when(TECH, entry("receipt", "temperature", n("19")))
        .refused(Refusal::Processing(ProcessingRefusal::AlreadyRecorded {
            field: "temperature".to_owned(),
            label: "Temperature".to_owned(),
            value: "18.5 °C".to_owned(),
        }));
    given
        .when(TECH, not_applicable("receipt", "temperature"))
        .says(
            "Temperature is already recorded as an entry. To change it, correct it with a reason.",
        );
    let given = given.does(TECH, not_applicable("receipt", "remark"));
    given
        .when(TECH, entry("receipt", "remark", text("pale")))
        .says(
            "Remark is already recorded as not applicable. To change it, correct it with a reason.",
        );
}

// DI-6, A11-16: the time that a person states is held against the server's clock and against the work before.
#[test]
fn a_stated_time_is_neither_in_the_future_nor_before_the_work_before() {
    let given = received();
    let grade = |time: &str| entry_at("clearance", "grade", choice("A"), at(time));
    // The receipt was completed at 10:00 UTC, which is now.
    given.when(TECH, grade("2026-03-02T10:00:00Z")).accepted();
    given
        .when(TECH, grade("2026-03-02T10:00:00.000001Z"))
        .says("Performed at 2026-03-02 11:00 CET is in the future. Enter when it was done.");
    given.when(TECH, grade("2026-03-02T09:59:59Z")).says(
        "Performed at 2026-03-02 10:59 CET is before Receipt (2026-03-02 11:00 CET). Check both times.",
    );
    let first = registered().after(1);
    let temperature = |time: &str| entry_at("receipt", "temperature", n("8"), at(time));
    first
        .when(TECH, temperature("2026-03-02T08:00:00Z"))
        .accepted();
    first.when(TECH, temperature("2026-03-02T07:59:59Z")).says(
        "Performed at 2026-03-02 08:59 CET is before the collection (2026-03-02 09:00 CET). Check both times.",
    );
}

#[test]
fn a_value_lies_in_the_future_only_where_it_may() {
    let given = received();
    let day = |text: &str| FieldValue::Day(day(text));
    given
        .when(TECH, entry("clearance", "made-on", day("2026-03-02")))
        .accepted();
    given
        .when(TECH, entry("clearance", "made-on", day("2026-03-03")))
        .says("The value 2026-03-03 is in the future. Enter when it was done.");
    given
        .when(TECH, entry("clearance", "expiry", day("2027-03-03")))
        .accepted();
    let moment = |text: &str| FieldValue::Moment(at(text));
    given
        .when(
            TECH,
            entry("clearance", "cleaned-at", moment("2026-03-02T10:00:00Z")),
        )
        .accepted();
    given
        .when(
            TECH,
            entry("clearance", "cleaned-at", moment("2026-03-02T10:00:01Z")),
        )
        .says("The value 2026-03-02 11:00 CET is in the future. Enter when it was done.");
}

// A11d-10.1: counts that contradict each other are refused at entry.
#[test]
fn viable_cells_are_not_more_than_all_cells() {
    let given = cleared().seeded(0, "20000000").after(168);
    let total = given
        .clone()
        .entry(TECH, "passage@P0", "total-cells", n("1000"));
    total
        .when(TECH, entry("passage@P0", "viable-cells", n("1000")))
        .accepted();
    total
        .when(TECH, entry("passage@P0", "viable-cells", n("1001")))
        .says("Viable cells (1 001) are more than total cells (1 000). Check both counts.");
    let viable = given.entry(TECH, "passage@P0", "viable-cells", n("1000"));
    viable
        .when(TECH, entry("passage@P0", "total-cells", n("1000")))
        .accepted();
    viable
        .when(TECH, entry("passage@P0", "total-cells", n("999")))
        .refused(Refusal::Processing(ProcessingRefusal::ViableAboveTotal {
            field: "total-cells".to_owned(),
            viable: "1\u{202f}000".to_owned(),
            total: "999".to_owned(),
        }));
}

#[test]
fn no_more_cells_are_seeded_than_the_passage_before_gave() {
    let given = after_p0();
    given
        .when(TECH, entry("seed@P1", "cells-seeded", n("900000")))
        .accepted();
    given
        .when(TECH, entry("seed@P1", "cells-seeded", n("900001")))
        .refused(Refusal::Processing(ProcessingRefusal::SeededAboveHarvest {
            seeded: "900\u{202f}001".to_owned(),
            harvested: "900\u{202f}000".to_owned(),
        }));
}

// A11-6: a critical entry has a second check, not by the person who made it.
#[test]
fn a_second_person_confirms_a_critical_entry() {
    let given = registered()
        .after(1)
        .entry(TECH, "receipt", "identity", YES);
    let seen = || verify("receipt", "identity", YES);
    for person in [TECH2, QC, QA] {
        given
            .when(person, seen())
            .gives(BatchEvent::Processing(ProcessingEvent::EntryVerified {
                step: step("receipt"),
                field: "identity".to_owned(),
            }));
    }
    given
        .when(TECH, seen())
        .refused(Refusal::Processing(ProcessingRefusal::OwnEntry {
            name: "Technician 1".to_owned(),
        }));
    given
        .when(TECH2, verify("receipt", "identity", NO))
        .refused(Refusal::Processing(ProcessingRefusal::SeenAnother {
            label: "Identity agrees".to_owned(),
            value: "yes".to_owned(),
        }));
    let twice = Refusal::Processing(ProcessingRefusal::AlreadyVerified {
        label: "Identity agrees".to_owned(),
        name: "Technician 2".to_owned(),
    });
    given.does(TECH2, seen()).when(QC, seen()).refused(twice);
}

#[test]
fn whoever_entered_or_corrected_a_value_never_confirms_it() {
    let given = registered()
        .after(1)
        .entry(TECH, "receipt", "identity", NO)
        .does(TECH2, correct("receipt", "identity", YES));
    for person in [TECH, TECH2] {
        given
            .when(person, verify("receipt", "identity", YES))
            .refused(Refusal::Processing(ProcessingRefusal::OwnEntry {
                name: person.name.to_owned(),
            }));
    }
    given
        .when(QA, verify("receipt", "identity", YES))
        .accepted();
    // Several roles don't make several people.
    let alone = registered()
        .after(1)
        .entry(MANY, "receipt", "identity", YES);
    alone
        .when(MANY, verify("receipt", "identity", YES))
        .refused(Refusal::Processing(ProcessingRefusal::OwnEntry {
            name: "Many Roles".to_owned(),
        }));
}

#[test]
fn only_a_critical_entry_that_is_there_is_confirmed() {
    let given = registered()
        .after(1)
        .entry(TECH, "receipt", "temperature", n("8"));
    let not_critical = Refusal::Processing(ProcessingRefusal::NotCritical {
        label: "Temperature".to_owned(),
    });
    given
        .when(TECH2, verify("receipt", "temperature", n("8")))
        .refused(not_critical);
    let not_recorded = Refusal::Processing(ProcessingRefusal::NotRecorded {
        label: "Identity agrees".to_owned(),
    });
    given
        .when(TECH2, verify("receipt", "identity", YES))
        .refused(not_recorded.clone());
    given
        .when(TECH, correct("receipt", "identity", YES))
        .refused(not_recorded);
}

#[test]
fn a_field_does_not_apply_for_a_reason() {
    let given = registered().after(1);
    given
        .when(TECH, not_applicable("receipt", "remark"))
        .gives(BatchEvent::Processing(
            ProcessingEvent::EntryNotApplicable {
                step: step("receipt"),
                field: "remark".to_owned(),
                reason: "not done".to_owned(),
            },
        ));
    let empty = domain::batch::BatchCommand::Processing(
        domain::batch::ProcessingCommand::EntryNotApplicable {
            step: step("receipt"),
            field: "remark".to_owned(),
            reason: String::new(),
        },
    );
    given
        .when(TECH, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
}

#[test]
fn nothing_is_recorded_without_the_right_or_after_the_decision() {
    let given = registered().after(1);
    let refused = Refusal::Standing(StandingRefusal::NotAllowed {
        action: Action::RecordEntry,
    });
    given
        .when(QA, entry("receipt", "temperature", n("8")))
        .refused(refused);
    let closed = Refusal::Standing(StandingRefusal::RecordClosed {
        batch: "GE-2026-0007".to_owned(),
        state: "certified",
    });
    let certified = certified();
    certified
        .when(TECH, entry("receipt", "remark", text("pale")))
        .refused(closed.clone());
    certified
        .when(TECH, correct("receipt", "temperature", n("8")))
        .refused(closed.clone());
    certified
        .when(TECH2, verify("receipt", "identity", YES))
        .refused(closed);
    // A comment is no change of the record.
    certified.when(TECH, comment(None, "read again")).accepted();
}

// The in-process control stops the next step until its result passes.
#[test]
fn an_in_process_control_stops_the_next_step() {
    use crate::record::{enter, number, review_result, take};
    let harvest = || entry("harvest", "total-cells-1", n("168000000"));
    let given = after_p1()
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1");
    let stop = |state: &str| {
        Refusal::Processing(ProcessingRefusal::InProcessControl {
            title: "Final harvest".to_owned(),
            test: "Viability, in process".to_owned(),
            point: "in-process".to_owned(),
            state: state.to_owned(),
        })
    };
    given.when(TECH, harvest()).refused(stop("pending"));
    let today = given.today();
    let entered = given
        .clone()
        .does(QC, enter(1, "viability-ip", number("70"), today));
    // A result that nobody reviewed yet is no pass.
    entered.when(TECH, harvest()).refused(stop("pending"));
    entered
        .does(QC, comment(None, "reviewed now"))
        .does(crate::record::QC2, review_result(1, "viability-ip", 1))
        .when(TECH, harvest())
        .accepted();
    given
        .clone()
        .result(1, "viability-ip", number("69.4"))
        .when(TECH, harvest())
        .refused(stop("failing"));
    // Rounded to the digits of the limit, 69.5 is 70.
    given
        .result(1, "viability-ip", number("69.5"))
        .when(TECH, harvest())
        .accepted();
    // Without the control the work doesn't go on either.
    after_p1()
        .when(TECH, harvest())
        .refused(Refusal::Processing(ProcessingRefusal::StepWaits {
            title: "Final harvest".to_owned(),
            waiting_for: "P1 In-process sample".to_owned(),
        }));
}
