//! How long the rules take: the fold of a record, the verdict, what stands in the way.

mod course;

use course::{Hand, harvest, morning, next};
use divan::Bencher;
use domain::{
    batch::{
        Batch, By, Context, DocumentRef, Documents, Held, Lookups, Recorded, decide, register,
    },
    identifiers::Scheme,
    ids::BatchId,
    master_record::{BM_MSC as MASTER_RECORD, MasterRecord},
    specification::{BM_MSC as SPECIFICATION, Specification},
    time::Timestamp,
    zone::Zone,
};
use std::{fmt::Write as _, sync::Arc};
use uuid::Uuid;

fn main() {
    divan::main();
}

const ID: BatchId = BatchId(Uuid::from_u128(1));

/// The fold of so many events.
#[divan::bench(args = [50, 500])]
fn fold(bencher: Bencher<'_, '_>, events: u64) {
    let (documents, record) = record(SPECIFICATION, events);
    bencher
        .with_inputs(|| (documents.clone(), record.clone()))
        .bench_local_values(|(documents, record)| Batch::fold(ID, documents, record));
}

/// The verdict on a batch with a reviewed result for each of 40 criteria.
#[divan::bench]
fn verdict_of_40_criteria(bencher: Bencher<'_, '_>) {
    let batch = tested_by_40();
    bencher.bench_local(|| batch.verdict());
}

/// Everything that stands in the way of its certification, the verdict among it.
#[divan::bench]
fn blockers_of_40_criteria(bencher: Bencher<'_, '_>) {
    let batch = tested_by_40();
    let now = batch.registered.at;
    bencher.bench_local(|| batch.blockers(now));
}

/// The row of the board, as each append writes it.
#[divan::bench]
fn board_row_of_500_events(bencher: Bencher<'_, '_>) {
    let (documents, record) = record(SPECIFICATION, 500);
    let batch = Batch::fold(ID, documents, record);
    bencher.bench_local(|| batch.as_ref().map(Batch::board_row));
}

fn tested_by_40() -> Batch {
    let (documents, record) = record(&forty_criteria(), 0);
    let batch = Batch::fold(ID, documents, record);
    let batch = batch.unwrap_or_else(|| panic!("no batch"));
    let verdict = batch.verdict();
    let judged = verdict
        .criteria
        .iter()
        .filter(|one| one.value_as_judged.is_some());
    assert_eq!((verdict.criteria.len(), judged.count()), (40, 40));
    batch
}

/// The shipped specification, with further criteria up to forty.
fn forty_criteria() -> String {
    let mut text = SPECIFICATION.to_owned();
    for number in text.matches("[[criterion]]").count()..40 {
        let _ = write!(
            text,
            "\n[[criterion]]\nkey = \"marker-{number}\"\ntest = \"Marker {number}\"\nmethod = \"Flow cytometry\"\n\
             sample_point = \"final-product\"\nstage = \"before_release\"\nresult = \"number\"\nunit = \"%\"\n\
             limit = \">= 95\"\nrounding = \"as-limit\"\nsite_choice = true\nsource = \"made up\"\n"
        );
    }
    text
}

/// The events of a batch: the first `wanted`, or with 0 all of a short one up to its certification.
fn record(specification: &str, wanted: u64) -> (Documents, Vec<Recorded>) {
    let documents = Documents {
        master_record: Arc::new(
            MasterRecord::parse(MASTER_RECORD).unwrap_or_else(|e| panic!("{e}")),
        ),
        specification: Arc::new(
            Specification::parse(specification).unwrap_or_else(|e| panic!("{e}")),
        ),
        zone: Zone::utc(),
    };
    let mut now = morning();
    let harvest = harvest(1, now).unwrap_or_else(|| panic!("no harvest"));
    let (_, first) = register(harvest, lookups(), &context(Hand::Collector, now))
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    let mut record = vec![recorded(1, now, Hand::Collector, first)];
    loop {
        if wanted > 0 && record.len() as u64 >= wanted {
            record.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
            return (documents, record);
        }
        let batch = Batch::fold(ID, documents.clone(), record.clone());
        let Some((pause, hand, command)) = batch.as_ref().and_then(|b| next(b, wanted, now)) else {
            return (documents, record);
        };
        now = now.plus(pause);
        let what = format!("{command:?}");
        let batch = batch.unwrap_or_else(|| panic!("no batch"));
        let (_, events) = decide(&batch, command, &context(hand, now))
            .unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        for event in events {
            record.push(recorded(record.len() as u64 + 1, now, hand, event));
        }
    }
}

fn recorded(version: u64, at: Timestamp, hand: Hand, event: domain::batch::BatchEvent) -> Recorded {
    let (user, name, role) = (hand.user(), hand.name(), hand.role());
    let by = By { user, name, role };
    Recorded {
        version,
        at,
        clock: domain::clock::ClockState::Confirmed,
        by,
        event,
    }
}

fn context(hand: Hand, now: Timestamp) -> Context {
    Context {
        clock: domain::clock::ClockState::Confirmed,
        now,
        zone: Zone::utc(),
        user: hand.user(),
        user_name: hand.name(),
        name: hand.name(),
        roles: vec![hand.role()],
        signing: Some("00ff".to_owned()),
        held: Held::default(),
    }
}

fn lookups() -> Lookups {
    let document = |key: &str| DocumentRef {
        key: key.to_owned(),
        version: 1,
        sha256: "00".repeat(32),
    };
    Lookups {
        site: "GE".to_owned(),
        year: 2026,
        batches_before: 0,
        scheme: Scheme::isbt_128(&["A9999".to_owned()]).unwrap_or_else(|why| panic!("{why}")),
        master_record: document("BM-MSC"),
        specification: document("BM-MSC"),
        misfits: Vec::new(),
    }
}
