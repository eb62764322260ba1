//! A batch in which every kind of event happens once, and the same as entries of a ledger.

mod documents;

use crate::{
    batch::{
        AuditCopy, AuditOrder, AuditReading, AuditRow, Batch, BatchEvent, DeviationClass,
        DeviationEvent, DocumentRef, Documents, DoseEvent, DueTest, ExceptionEvent, FieldValue,
        HarvestEvent, HarvestField, InvalidationReason, InventoryEvent, Meaning, NotAnEvent,
        ProcessingEvent, QualityEvent, Registered, ReleaseEvent, SecondAnalyst, Signature, Signed,
        StopEvent, TimeOf, TimesEvent, UnitForm, VerdictChange,
    },
    ids::{BatchId, CommandId, DeviationId, DoseId, SampleId, UnitId, UserId},
    ledger::{Actor, Entry, Event, LedgerName, Origin, StreamName},
    master_record::{LiftedBy, MasterRecord, StepRef},
    release::{ResultValue, Sign},
    rights::Role,
    specification::Specification,
    time::Timestamp,
    zone::Zone,
};
use chrono::TimeDelta;
use documents::{MASTER, SPECIFICATION};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub(super) fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub(super) fn shown(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M UTC").to_string()
}

fn person(number: u128) -> (&'static str, &'static str, Role) {
    match number {
        2 => ("QC analyst 1", "qc1", Role::QcAnalyst),
        3 => ("QA reviewer 1", "qa1", Role::QaReviewer),
        4 => ("Qualified Person 1", "qp1", Role::QualifiedPerson),
        5 => ("Pharmacist 1", "pharmacist1", Role::Pharmacist),
        _ => ("Technician 1", "tech1", Role::Technician),
    }
}

/// The moment at which the entry of this version is recorded.
fn at(version: usize) -> Timestamp {
    let start = Timestamp::parse("2026-03-05T12:00:00Z").unwrap();
    start.plus(TimeDelta::minutes(version as i64))
}

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn sign(number: u128, version: usize, meaning: Meaning) -> (Signature, Signed) {
    let (name, user_name, role) = person(number);
    let signature = Signature {
        signer: user(number),
        user_name: user_name.to_owned(),
        name: name.to_owned(),
        role,
        at: at(version),
        meaning,
    };
    (
        signature,
        Signed {
            version: version as u64 - 1,
            digest: "0".repeat(64),
        },
    )
}

fn registered() -> BatchEvent {
    let document = |key: &str, version| DocumentRef {
        key: key.to_owned(),
        version,
        sha256: "0".repeat(64),
    };
    BatchEvent::Harvest(HarvestEvent::HarvestRegistered(Box::new(Registered {
        number: "GE-2026-0007".to_owned(),
        site: "GE".to_owned(),
        subject: "GE-012".to_owned(),
        din: crate::identifiers::Din::parse("G123417654321")
            .unwrap()
            .into(),
        coi: Some(crate::identifiers::Coi::parse("CHA999926ABC123").unwrap()),
        collected_at: Timestamp::parse("2026-03-05T10:00:00Z").unwrap(),
        collected_by: "Collector 1".to_owned(),
        volume_ml: d("20.5"),
        anticoagulant: "heparin".to_owned(),
        consent_version: "v2".to_owned(),
        consented_on: "2026-03-01".parse().unwrap(),
        weight_kg: d("70"),
        weighed_on: "2026-03-04".parse().unwrap(),
        time_zone: "UTC".to_owned(),
        master_record: document("bm-msc", 2),
        specification: document("BM-MSC", 3),
    })))
}

fn step(key: &str) -> StepRef {
    StepRef::once(key)
}

fn number(text: &str) -> FieldValue {
    FieldValue::Number(d(text))
}

fn recorded(field: &str, value: FieldValue, version: usize) -> BatchEvent {
    BatchEvent::Processing(ProcessingEvent::EntryRecorded {
        step: step("harvest"),
        field: field.to_owned(),
        value,
        performed_at: at(version),
        outside: None,
    })
}

fn corrected() -> BatchEvent {
    BatchEvent::Processing(ProcessingEvent::EntryCorrected {
        step: step("harvest"),
        field: "viable-cells-1".to_owned(),
        old: number("140000000"),
        new: number("142000000"),
        reason: "misread, see the counter's print".to_owned(),
        outside: None,
    })
}

fn completed(version: usize) -> BatchEvent {
    let (signature, signed) = sign(1, version, Meaning::Performed);
    BatchEvent::Processing(ProcessingEvent::StepCompleted {
        step: step("harvest"),
        performed_at: at(version),
        signature: Some(signature),
        signed: Some(signed),
    })
}

/// A count that is corrected after its step was signed.
pub(super) fn corrected_and_signed_again() -> Vec<(u128, BatchEvent)> {
    vec![
        (1, registered()),
        (1, recorded("viable-cells-1", number("140000000"), 2)),
        (1, completed(3)),
        (1, corrected()),
        (1, completed(5)),
    ]
}

/// Every kind of event, each by a person whose role has it.
pub(super) fn every_kind() -> Vec<(u128, BatchEvent)> {
    let mut events = vec![(1, registered())];
    events.extend(values());
    events.extend(results());
    events.extend(deviations());
    events.extend(decisions());
    events.extend(units());
    events.extend(stops(events.len() as u64 + 1));
    events.push((1, retimed()));
    events.push((1, rejudged()));
    events
}

/// A reviewed result that another body weight makes pass.
fn rejudged() -> BatchEvent {
    BatchEvent::Quality(QualityEvent::ResultRejudged {
        sample: SampleId(Uuid::from_u128(21)),
        criterion: "endotoxin".to_owned(),
        before: "fail".to_owned(),
        after: "pass".to_owned(),
        figure: "body weight".to_owned(),
        reason: "typing error".to_owned(),
    })
}

/// The true time of an entry.
fn retimed() -> BatchEvent {
    BatchEvent::Times(TimesEvent::TimeCorrected {
        of: TimeOf::Entry {
            step: step("harvest"),
            field: "viable-cells-1".to_owned(),
        },
        old: at(2),
        new: at(1),
        outside: None,
        judged: Vec::new(),
        reason: "read from a clock that was ahead".to_owned(),
    })
}

/// A stop that was raised as entry `number`, read for, and lifted.
fn stops(number: u64) -> Vec<(u128, BatchEvent)> {
    let (signature, signed) = sign(3, 36, Meaning::StopLifted);
    let document = |key: &str| DocumentRef {
        key: key.to_owned(),
        version: 1,
        sha256: "00".repeat(32),
    };
    vec![
        (
            1,
            BatchEvent::Stop(StopEvent::StopRaised {
                step: step("harvest"),
                field: "appearance".to_owned(),
                entry: number - 1,
                found: "clumps".to_owned(),
                expected: "clear".to_owned(),
                lifted_by: LiftedBy::Identifiers,
                master_record: document("BM-MSC"),
                deviation: DeviationId(Uuid::from_u128(32)),
            }),
        ),
        (
            1,
            BatchEvent::Stop(StopEvent::IdentifiersRead {
                stop: number,
                subject: "GE-012".to_owned(),
                din: crate::identifiers::Din::parse("G123417654321")
                    .unwrap()
                    .into(),
                agree: true,
            }),
        ),
        (
            3,
            BatchEvent::Stop(StopEvent::StopLifted {
                stop: number,
                evidence: vec![number + 1, number + 2],
                signature,
                signed,
            }),
        ),
    ]
}

fn values() -> Vec<(u128, BatchEvent)> {
    let reason = || "typing error".to_owned();
    vec![
        (
            1,
            BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
                field: HarvestField::Weight,
                old: "70".to_owned(),
                new: "71.5".to_owned(),
                reason: reason(),
            }),
        ),
        (1, recorded("viable-cells-1", number("140000000"), 3)),
        (1, corrected()),
        (
            2,
            BatchEvent::Processing(ProcessingEvent::EntryVerified {
                step: step("harvest"),
                field: "viable-cells-1".to_owned(),
            }),
        ),
        (
            1,
            BatchEvent::Processing(ProcessingEvent::EntryNotApplicable {
                step: step("harvest"),
                field: "appearance".to_owned(),
                reason: "not looked at".to_owned(),
            }),
        ),
        (
            1,
            BatchEvent::Processing(ProcessingEvent::StepNotApplicable {
                step: step("labels"),
                reason: "printed before".to_owned(),
            }),
        ),
        (1, completed(8)),
        (
            1,
            BatchEvent::Processing(ProcessingEvent::CultureEnded {
                reason: "the patient waits".to_owned(),
            }),
        ),
        (
            1,
            BatchEvent::Processing(ProcessingEvent::CommentAdded {
                step: Some(step("harvest")),
                text: "=HYPERLINK(\"http://x\",\"click\")\nsecond line".to_owned(),
            }),
        ),
    ]
}

fn results() -> Vec<(u128, BatchEvent)> {
    let sample = SampleId(Uuid::from_u128(21));
    let criterion = || "endotoxin".to_owned();
    let taken = BatchEvent::Quality(QualityEvent::SampleTaken {
        sample,
        code: "GE-2026-0007-S01".to_owned(),
        step: step("harvest"),
        point: "final".to_owned(),
        taken_at: at(11),
        viable_cells: d("1000000"),
        tests: vec![DueTest {
            criterion: criterion(),
            due: "2026-03-12".parse().unwrap(),
        }],
    });
    let entered = |value| {
        BatchEvent::Quality(QualityEvent::ResultEntered {
            sample,
            criterion: criterion(),
            value,
            tested_on: "2026-03-05".parse().unwrap(),
        })
    };
    vec![
        (1, taken),
        (2, entered(ResultValue::Number(d("0.7")))),
        (
            2,
            BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample,
                criterion: criterion(),
                reason: InvalidationReason::NegativeControl,
                evidence: "plate 7".to_owned(),
                raw_data: None,
            }),
        ),
        (
            2,
            entered(ResultValue::Censored {
                sign: Sign::Below,
                bound: d("0.05"),
            }),
        ),
        (
            3,
            BatchEvent::Quality(QualityEvent::ResultReturned {
                sample,
                criterion: criterion(),
                reason: "the printout says 0.5".to_owned(),
            }),
        ),
        (
            2,
            BatchEvent::Quality(QualityEvent::ResultConfirmed {
                sample,
                criterion: criterion(),
                answer: "read again: the same".to_owned(),
            }),
        ),
        (
            2,
            BatchEvent::Quality(QualityEvent::ResultCorrected {
                sample,
                criterion: criterion(),
                old: ResultValue::Censored {
                    sign: Sign::Below,
                    bound: d("0.05"),
                },
                old_tested_on: "2026-03-05".parse().unwrap(),
                new: ResultValue::Number(d("0.5")),
                tested_on: "2026-03-06".parse().unwrap(),
                reason: "digits swapped".to_owned(),
                raw_data: Some("LAL-7, page 2".to_owned()),
                verdict: Some(VerdictChange {
                    before: "pass".to_owned(),
                    after: "fail".to_owned(),
                    second: SecondAnalyst {
                        user: UserId(Uuid::from_u128(3)),
                        user_name: "qc.2".to_owned(),
                        name: "QC analyst 2".to_owned(),
                        role: Role::QcAnalyst,
                    },
                }),
            }),
        ),
        (
            2,
            BatchEvent::Quality(QualityEvent::ResultReviewed {
                sample,
                criterion: criterion(),
            }),
        ),
    ]
}

fn deviations() -> Vec<(u128, BatchEvent)> {
    let deviation = DeviationId(Uuid::from_u128(31));
    let (signature, signed) = sign(3, 20, Meaning::DeviationClosed);
    vec![
        (
            1,
            BatchEvent::Deviation(DeviationEvent::DeviationRaised {
                deviation,
                number: "GE-2026-0007-D1".to_owned(),
                step: Some(step("harvest")),
                description: "Lid open for a minute.".to_owned(),
            }),
        ),
        (
            3,
            BatchEvent::Deviation(DeviationEvent::DeviationClassified {
                deviation,
                class: DeviationClass::Major,
            }),
        ),
        (
            3,
            BatchEvent::Deviation(DeviationEvent::DeviationClassified {
                deviation,
                class: DeviationClass::Minor,
            }),
        ),
        (
            3,
            BatchEvent::Deviation(DeviationEvent::DeviationAssessed {
                deviation,
                root_cause: "Haste.".to_owned(),
                impact: "None.".to_owned(),
            }),
        ),
        (
            3,
            BatchEvent::Deviation(DeviationEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            }),
        ),
        (
            3,
            BatchEvent::Exception(ExceptionEvent::ExceptionAssessed {
                exception: 4,
                assessment: "The print agrees.".to_owned(),
            }),
        ),
    ]
}

fn decisions() -> Vec<(u128, BatchEvent)> {
    let signed_by = |person, version, meaning| sign(person, version, meaning);
    let (review, up_to_review) = signed_by(3, 22, Meaning::Reviewed);
    let (certified, up_to_certified) = signed_by(4, 23, Meaning::Certified);
    let (withdrawn, up_to_withdrawn) = signed_by(4, 24, Meaning::Withdrawn);
    let (rejected, up_to_rejected) = signed_by(4, 25, Meaning::Rejected);
    vec![
        (
            3,
            BatchEvent::Release(ReleaseEvent::ReviewSigned {
                signature: review,
                signed: up_to_review,
            }),
        ),
        (
            4,
            BatchEvent::Release(ReleaseEvent::Certified {
                certificate: "GE-2026-0007-C1".to_owned(),
                signature: certified,
                signed: up_to_certified,
            }),
        ),
        (
            4,
            BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
                reason: "late positive culture".to_owned(),
                signature: withdrawn,
                signed: up_to_withdrawn,
            }),
        ),
        (
            4,
            BatchEvent::Release(ReleaseEvent::Rejected {
                reasons: "Sterility fails.".to_owned(),
                signature: rejected,
                signed: up_to_rejected,
            }),
        ),
    ]
}

fn units() -> Vec<(u128, BatchEvent)> {
    let (one, two) = (UnitId(Uuid::from_u128(41)), UnitId(Uuid::from_u128(42)));
    let (given, kept) = (DoseId(Uuid::from_u128(51)), DoseId(Uuid::from_u128(52)));
    let stored = |unit, code: &str, version| {
        BatchEvent::Inventory(InventoryEvent::UnitStored {
            unit,
            code: code.to_owned(),
            form: UnitForm::Frozen,
            step: step("freeze"),
            viable_cells: d("70000000"),
            volume_ml: d("10"),
            location: "T1/R2/B3/4".to_owned(),
            stored_at: at(version),
        })
    };
    let prepared = |dose, code: &str, unit| {
        BatchEvent::Dose(DoseEvent::DosePrepared {
            dose,
            code: code.to_owned(),
            units: vec![unit],
            viable_cells: d("70000000"),
            weight_kg: d("71.5"),
            weighed_on: "2026-03-04".parse().unwrap(),
        })
    };
    let reason = || "bag broken, autoclaved".to_owned();
    vec![
        (1, stored(one, "GE-2026-0007-U01", 26)),
        (1, stored(two, "GE-2026-0007-U02", 27)),
        (5, prepared(given, "GE-2026-0007-DOSE1", one)),
        (
            5,
            BatchEvent::Dose(DoseEvent::DoseDispatched {
                dose: given,
                subject: "GE-012".to_owned(),
                din: crate::identifiers::Din::parse("G123417654321")
                    .unwrap()
                    .into(),
                destination: "Ward 4".to_owned(),
                dispatched_at: at(29),
            }),
        ),
        (
            5,
            BatchEvent::Dose(DoseEvent::DoseInfused {
                dose: given,
                started_at: at(29),
                ended_at: at(30),
                volume_ml: d("50"),
                on_hold: None,
            }),
        ),
        (5, prepared(kept, "GE-2026-0007-DOSE2", two)),
        (
            5,
            BatchEvent::Dose(DoseEvent::DoseDestroyed {
                dose: kept,
                reason: reason(),
                destroyed_at: at(31),
            }),
        ),
        (
            5,
            BatchEvent::Inventory(InventoryEvent::UnitDestroyed {
                unit: two,
                reason: reason(),
                destroyed_at: at(32),
            }),
        ),
    ]
}

/// The events as a site's ledger holds them, from position 101 on.
pub(super) fn entries(events: &[(u128, BatchEvent)]) -> Vec<Entry> {
    let id = BatchId(Uuid::from_u128(7));
    let entry = |(before, (person_number, event)): (usize, &(u128, BatchEvent))| {
        let version = before + 1;
        let (name, _, role) = person(*person_number);
        let event = Event::of(event, BatchEvent::VERSION).unwrap();
        Entry {
            ledger: LedgerName::parse("GE").unwrap(),
            position: version as u64 + 100,
            stream: StreamName::batch(id),
            version: version as u64,
            recorded_at: at(version),
            actor: Actor {
                user: Some(user(*person_number)),
                name: name.to_owned(),
                role: role.code().to_owned(),
            },
            origin: Origin {
                session: None,
                app_version: "0.1.0".to_owned(),
                clock: crate::clock::ClockState::Confirmed,
            },
            command_id: CommandId(Uuid::from_u128(version as u128)),
            kind: event.kind,
            kind_version: event.kind_version,
            payload: event.payload,
        }
    };
    events.iter().enumerate().map(entry).collect()
}

/// The trail of these entries.
pub(super) fn read(entries: &[Entry]) -> Result<Vec<AuditRow>, NotAnEvent> {
    let documents = Documents {
        master_record: Arc::new(MasterRecord::parse(MASTER).unwrap()),
        specification: Arc::new(Specification::parse(SPECIFICATION).unwrap()),
        zone: Zone::utc(),
    };
    let first = crate::batch::Recorded::from_entry(&entries[0]).unwrap();
    let batch = Batch::fold(BatchId(Uuid::from_u128(7)), documents, [first]).unwrap();
    let user_names: BTreeMap<_, _> = (1..=5)
        .map(|number| (user(number), person(number).1.to_owned()))
        .collect();
    batch.audit(
        entries,
        &AuditReading {
            user_names: &user_names,
            shown: &shown,
        },
    )
}

pub(super) fn rows_of(events: &[(u128, BatchEvent)]) -> Vec<AuditRow> {
    read(&entries(events)).unwrap()
}

pub(super) fn copy<'a>(filter: &'a str, rows: &'a [&'a AuditRow], entries: usize) -> AuditCopy<'a> {
    AuditCopy {
        batch: "GE-2026-0007",
        site: "GE",
        filter,
        order: AuditOrder::default(),
        made_by: "Inspector 1 (inspector1)",
        made_at: at(60),
        program: "Autolog 0.1.0",
        checkpoint: None,
        entries,
        rows,
        zone: Zone::utc(),
    }
}

/// Reads CSV as RFC 4180 says, and nothing beyond.
pub(super) fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    records
}
