//! Stops on the certificate: what put the batch on hold, and the record on which QA lifted it.

use super::{
    super::{SignatureOnPaper, StopOnPaper},
    record::{QA, Record, TECHNICIAN, at, certified, harvested, registered, tested},
};
use crate::{
    batch::{
        BatchEvent, DeviationClass, DeviationEvent, FieldValue, Meaning, ProcessingEvent, StopEvent,
    },
    ids::DeviationId,
    master_record::{LiftedBy, StepRef},
};
use uuid::Uuid;

/// Who reads the identifiers as the second of two people.
const OTHER_TECHNICIAN: u128 = 4;

fn deviation() -> DeviationId {
    DeviationId(Uuid::from_u128(50))
}

/// Given that identity was answered “no”, which stopped the batch: the stop is entry 11.
fn stopped() -> Record {
    let step = StepRef::once("harvest");
    harvested()
        .then(
            TECHNICIAN,
            BatchEvent::Processing(ProcessingEvent::EntryRecorded {
                step: step.clone(),
                field: "identity".to_owned(),
                value: FieldValue::YesNo(false),
                performed_at: at(10),
                outside: Some("yes".to_owned()),
            }),
        )
        .then(
            TECHNICIAN,
            BatchEvent::Stop(StopEvent::StopRaised {
                step: step.clone(),
                field: "identity".to_owned(),
                entry: 10,
                found: "no".to_owned(),
                expected: "yes".to_owned(),
                lifted_by: LiftedBy::Identifiers,
                master_record: registered().master_record,
                deviation: deviation(),
            }),
        )
        .then(
            TECHNICIAN,
            BatchEvent::Deviation(DeviationEvent::DeviationRaised {
                deviation: deviation(),
                number: "GE-2026-0007-D1".to_owned(),
                step: Some(step),
                description: "Identity agrees: no, expected yes.".to_owned(),
            }),
        )
}

/// Given that two people read both identifiers again and QA lifted the stop on these entries, 13 and 14.
fn lifted() -> Record {
    let harvest = registered();
    let read = || {
        BatchEvent::Stop(StopEvent::IdentifiersRead {
            stop: 11,
            subject: harvest.subject.clone(),
            din: harvest.din.clone(),
            agree: true,
        })
    };
    stopped()
        .then(TECHNICIAN, read())
        .then(OTHER_TECHNICIAN, read())
        .signed(QA, Meaning::StopLifted, |signature, signed| {
            BatchEvent::Stop(StopEvent::StopLifted {
                stop: 11,
                evidence: vec![13, 14],
                signature,
                signed,
            })
        })
}

/// Given that its deviation was closed, and the batch certified.
fn released(record: Record) -> Record {
    let closed = record
        .then(
            QA,
            BatchEvent::Deviation(DeviationEvent::DeviationClassified {
                deviation: deviation(),
                class: DeviationClass::Minor,
            }),
        )
        .then(
            QA,
            BatchEvent::Deviation(DeviationEvent::DeviationAssessed {
                deviation: deviation(),
                root_cause: "label smeared".to_owned(),
                impact: "none".to_owned(),
            }),
        )
        .signed(QA, Meaning::DeviationClosed, |signature, signed| {
            BatchEvent::Deviation(DeviationEvent::DeviationClosed {
                deviation: deviation(),
                signature,
                signed,
            })
        });
    tested(closed).review().certified("GE-2026-0007-C1")
}

// A11-8.2: who releases reads what held the batch, on what it was lifted, and by whom.
#[test]
fn a_stop_that_was_lifted_stands_with_what_it_found_and_what_lifts_it() {
    let certificate = released(lifted()).certificate().unwrap();
    assert_eq!(
        certificate.stops,
        [StopOnPaper {
            what: "Identity agrees: no, expected yes".to_owned(),
            step: "Final harvest".to_owned(),
            raised: "Technician 1, 2026-03-05 23:00 UTC".to_owned(),
            lifted: "Jörg Łukasz (user2), QA reviewer, 2026-03-06 03:00 UTC, on entry 13 and 14"
                .to_owned(),
        }]
    );
    // The signature of QA says which stop it lifts.
    let of_stop = |one: &&SignatureOnPaper| one.meaning == "Stop lifted, batch may go on";
    let signatures: Vec<_> = certificate.signatures.iter().filter(of_stop).collect();
    let [one] = signatures.as_slice() else {
        panic!("{signatures:?}")
    };
    assert_eq!(
        (one.of.as_str(), one.name.as_str()),
        ("Stop “Identity agrees”", "Jörg Łukasz")
    );
}

#[test]
fn a_batch_that_nothing_stopped_has_no_stop_on_its_certificate() {
    assert!(certified().certificate().unwrap().stops.is_empty());
}

// No command certifies a batch on hold; were it so in the ledger, the paper would not hide it.
#[test]
fn a_stop_that_was_not_lifted_says_so() {
    let certificate = released(stopped()).certificate().unwrap();
    let lifted: Vec<_> = certificate
        .stops
        .iter()
        .map(|stop| stop.lifted.as_str())
        .collect();
    assert_eq!(lifted, ["not lifted"]);
}

// What comes after the signature stands above the certificate and not in it.
#[test]
fn a_stop_of_later_is_not_in_what_was_certified() {
    let later = certified().withdrawn().then(
        TECHNICIAN,
        BatchEvent::Stop(StopEvent::StopRaised {
            step: StepRef::once("harvest"),
            field: "identity".to_owned(),
            entry: 1,
            found: "no".to_owned(),
            expected: "yes".to_owned(),
            lifted_by: LiftedBy::Identifiers,
            master_record: registered().master_record,
            deviation: deviation(),
        }),
    );
    assert_eq!(later.batch().open_stops().count(), 1);
    let paper = later.numbered("GE-2026-0007-C1").unwrap();
    assert!(paper.stops.is_empty());
}
