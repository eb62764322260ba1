//! What a scanner sent, or a number of something else, is taken for no word, no lot and no subject.

use crate::record::{
    COLLECTOR, TECH, at, comment, context, entry, harvest, lookups, raise, received, registered,
    sampled, store, text,
};
use domain::batch::{BatchCommand, InputRefusal, ProcessingCommand, Refusal, register};

const DIN: &str = "=A99991712345600";
const COI: &str = "CHA999926000001";

/// What two scans, or a scan behind words, come to in one field.
fn run_together() -> Vec<String> {
    vec![
        DIN.to_owned(),
        COI.to_owned(),
        format!("{DIN}{DIN}"),
        format!("{DIN}=<E0001V00"),
        format!("{DIN}&>0263651200"),
        format!("]C1{DIN}]C1{DIN}"),
        format!("R1{DIN}"),
        format!("{COI}{COI}"),
        format!("R1 {COI}"),
    ]
}

#[track_caller]
fn is_misplaced(answer: &Result<Vec<domain::batch::BatchEvent>, Refusal>, field: &str, text: &str) {
    let at_field = |refusal: &Refusal| matches!(refusal, Refusal::Input(InputRefusal::NotTaken { field: at, .. }) if *at == field);
    assert!(answer.as_ref().is_err_and(at_field), "{text}: {answer:?}");
}

// ATMP-9
#[test]
fn a_scan_is_no_value_of_a_field_of_words() {
    for scanned in run_together() {
        let answer = registered()
            .after(1)
            .when(TECH, entry("receipt", "remark", text(&scanned)));
        is_misplaced(&answer.0, "value", &scanned);
    }
    for words in ["R1", "=5", "LOT-0815", "W123426123456", "A=B", "& Co."] {
        registered()
            .after(1)
            .when(TECH, entry("receipt", "remark", text(words)))
            .accepted();
    }
}

#[test]
fn a_scan_is_no_position() {
    for scanned in run_together() {
        let answer = sampled().when(TECH, store(1, "38000000", &scanned));
        is_misplaced(&answer.0, "location", &scanned);
    }
}

// Prose may tell of a label; it is no label.
#[test]
fn scans_alone_are_no_words_and_a_scan_of_a_din_stands_in_none() {
    let given = received();
    let reason = |text: &str| {
        BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step: crate::record::step("receipt"),
            field: "temperature".to_owned(),
            value: crate::record::n("8"),
            reason: text.to_owned(),
        })
    };
    for scanned in run_together() {
        // A chain-of-identity id may be told of.
        if scanned.starts_with("R1 CH") {
            given.when(TECH, comment(None, &scanned)).accepted();
            continue;
        }
        is_misplaced(
            &given.when(TECH, comment(None, &scanned)).0,
            "text",
            &scanned,
        );
        is_misplaced(&given.when(TECH, reason(&scanned)).0, "reason", &scanned);
    }
    given
        .when(TECH, comment(None, &format!("The label reads {DIN}.")))
        .says(
            "Comment holds a DIN scan and other characters beside it: a scanner sent it into this field. Clear the field. \
             To name a donation in words, write its number without the sign = before it.",
        );
    for words in [
        "The label reads A9999 17 123456 [9].",
        "The order names CHA999926000001, the bag another.",
        "=<S12951A0 was on the bag",
        "]C1 was on the label",
        "pH=7, two lines\nof words",
    ] {
        given.when(TECH, comment(None, words)).accepted();
        given.when(TECH, reason(words)).accepted();
    }
    given.when(TECH, raise(1, None)).accepted();
}

fn of_harvest(change: impl FnOnce(&mut domain::batch::Harvest)) -> Option<Refusal> {
    let mut harvest = harvest();
    change(&mut harvest);
    let now = at("2026-03-02T09:00:00Z");
    register(harvest, lookups(), &context(COLLECTOR, now)).err()
}

// P11-DI: a subject is named by the code of the trial, and by no other number.
#[test]
fn no_other_number_is_a_subject_code() {
    for (code, what) in [
        ("A999726500054", "a donation identification number (DIN)"),
        ("A999726500054K", "a donation identification number (DIN)"),
        ("A9997-26-500054", "a donation identification number (DIN)"),
        ("CH-A9999-26-ABC123", "a chain-of-identity identifier (CoI)"),
        ("GE-2026-0001-S01", "a number that Autolog makes"),
        ("GE-2026-0001", "a number that Autolog makes"),
        (DIN, "a DIN scan"),
        (COI, "a chain-of-identity identifier (CoI)"),
    ] {
        let refused = of_harvest(|harvest| code.clone_into(&mut harvest.subject)).unwrap();
        let at_field = matches!(&refused, Refusal::Input(InputRefusal::NotTaken { field, .. }) if *field == "subject");
        let said = refused.to_string();
        assert!(
            at_field && said.starts_with(&format!("This is {what}")),
            "{code}: {said}"
        );
    }
    for code in ["-", "/", "--/-"] {
        let refused = of_harvest(|harvest| code.clone_into(&mut harvest.subject));
        assert_eq!(
            refused,
            Some(Refusal::Input(InputRefusal::Implausible {
                field: "subject",
                what: "Subject code",
                value: format!("“{code}”"),
                rule: "it names the subject by a letter or digit at least",
            }))
        );
    }
    for code in ["GE-01", "7", "S01-2026-000123", "1234567890123", "GE-01/b"] {
        let refused = of_harvest(|harvest| code.clone_into(&mut harvest.subject));
        assert_eq!(refused, None, "{code}");
    }
}

#[test]
fn a_scan_is_no_word_of_a_harvest() {
    type Change = fn(&mut domain::batch::Harvest, &str);
    let fields: [(&str, Change); 3] = [
        ("collected_by", |harvest, text| {
            text.clone_into(&mut harvest.collected_by);
        }),
        ("anticoagulant", |harvest, text| {
            text.clone_into(&mut harvest.anticoagulant);
        }),
        ("consent_version", |harvest, text| {
            text.clone_into(&mut harvest.consent_version);
        }),
    ];
    for (field, change) in fields {
        for scanned in run_together() {
            let refused = of_harvest(|harvest| change(harvest, &scanned));
            assert!(
                matches!(&refused, Some(Refusal::Input(InputRefusal::NotTaken { field: at, .. })) if *at == field),
                "{field} {scanned}: {refused:?}"
            );
        }
    }
}
