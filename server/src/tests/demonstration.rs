//! The demonstration: what `autolog demo` promises to show, on both engines.

use super::bench::{Bench, Engine, noon};
use crate::demo;
use domain::{
    batch::{BatchState, Blocker},
    identifiers::Din,
    ids::BatchId,
    ledger::LedgerName,
};
use store::{BoardFilter, Shown};

async fn board(bench: &Bench) -> Vec<domain::ledger::rows::BoardRow> {
    let sites = vec!["GE".to_owned(), "BA".to_owned()];
    let filter = BoardFilter {
        sites,
        shown: Shown::States(BatchState::ALL.to_vec()),
        limit: 100,
    };
    let mut rows = bench.records().store().board(&filter).await.unwrap();
    rows.sort_by(|one, other| one.number.cmp(&other.number));
    rows
}

async fn in_words(bench: &Bench) -> String {
    let mut text = String::new();
    for row in board(bench).await {
        let batch = bench.records().batch(row.batch).await.unwrap().unwrap();
        let due = row.next_due.map(|due| due.to_string());
        text.push_str(&format!(
            "{} {} {}: {}\n  next: {}, due {}\n",
            row.number,
            row.din,
            row.subject,
            row.state,
            row.next_step.as_deref().unwrap_or("-"),
            due.as_deref().unwrap_or("-"),
        ));
        let blockers = if row.state == "released" || batch.samples.is_empty() {
            Vec::new()
        } else {
            batch.blockers(noon())
        };
        for blocker in blockers
            .iter()
            .filter(|one| !matches!(one, Blocker::StepOpen { .. }))
        {
            text.push_str(&format!("  {blocker}\n"));
        }
        for grown in batch.growth() {
            let figure = |figure: &domain::expansion::Figure| match figure {
                domain::expansion::Figure::Value(value) => domain::decimal::shown(*value, 3),
                other => format!("{other:?}"),
            };
            text.push_str(&format!(
                "  P{} PD {} CPD {}\n",
                grown.passage,
                figure(&grown.doublings),
                figure(&grown.cumulative_doublings)
            ));
        }
        for dose in &batch.doses {
            text.push_str(&format!(
                "  {} {} cells for {} kg\n",
                dose.code, dose.viable_cells, dose.weight_kg
            ));
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_has_a_batch_in_each_state_that_a_board_shows() {
    let bench = Bench::demo().await;
    insta::assert_snapshot!(in_words(&bench).await);
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_the_same_on_postgresql() {
    let Some(bench) = Bench::empty(Engine::Postgres).await else {
        return;
    };
    demo::fill(&bench.opened, &bench.clock, noon())
        .await
        .unwrap();
    let other = Bench::demo().await;
    assert_eq!(in_words(&bench).await, in_words(&other).await);
    // The entries are the same too, but for the command line's own random ids.
    let ge = LedgerName::parse("GE").unwrap();
    for ledger in ["GE", "BA"] {
        let ledger = LedgerName::parse(ledger).unwrap();
        let mut entries = Vec::new();
        for bench in [&bench, &other] {
            let mut all = bench
                .records()
                .store()
                .entries(&ledger, 0, 5000)
                .await
                .unwrap();
            // Each record has keys of its own.
            all.retain(|entry| entry.stream.kind() != "key");
            entries.push(all);
        }
        assert_eq!(entries[0], entries[1]);
    }
    let findings = bench.records().store().verify(&ge).await.unwrap();
    assert!(findings.is_clean(), "{:?}", findings.found);
    other.end().await;
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_record_is_in_order_of_time_and_verifies() {
    let bench = Bench::demo().await;
    for head in bench.records().store().heads().await.unwrap() {
        let findings = bench.records().store().verify(&head.ledger).await.unwrap();
        assert!(findings.is_clean(), "{}: {:?}", head.ledger, findings.found);
        let entries = bench
            .records()
            .store()
            .entries(&head.ledger, 0, 5000)
            .await
            .unwrap();
        let times: Vec<_> = entries.iter().map(|entry| entry.recorded_at).collect();
        assert!(times.is_sorted(), "{}", head.ledger);
        assert!(times.iter().all(|at| *at <= noon()));
    }
    let before = bench.records().store().rows().await.unwrap();
    bench.records().rebuild().await.unwrap();
    assert_eq!(bench.records().store().rows().await.unwrap(), before);
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_donations_are_of_test_facilities() {
    let bench = Bench::demo().await;
    for row in board(&bench).await {
        let din = Din::parse(&row.din).unwrap();
        assert!(["A9999", "A9998"].contains(&&din.as_str()[..5]), "{din}");
        let _: BatchId = row.batch;
    }
    bench.end().await;
}
