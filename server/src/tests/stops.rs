//! Stops over HTTP, on both engines: one command holds the batch and raises the deviation, or nothing of it is recorded.

use super::bench::{Bench, Client, Engine, command, noon};
use crate::demo::{self, PASSWORD};
use app::reply::Reply;
use domain::{
    batch::{Batch, BatchState},
    ledger::{Entry, LedgerName},
};

async fn batch(bench: &Bench) -> Batch {
    let batch = bench.records().batch(demo::batch_id("waiting")).await;
    batch.unwrap().unwrap()
}

async fn entries(bench: &Bench) -> Vec<Entry> {
    let entries = bench.records().batch_entries(demo::batch_id("waiting"));
    entries.await.unwrap()
}

/// Sends a command on the batch that waits for its review: `Ok` where it was taken, else the words.
async fn send(
    client: &Client,
    endpoint: &str,
    id: &str,
    fields: &[(&str, &str)],
) -> Result<String, String> {
    let of = demo::batch_id("waiting").to_string();
    let mut form = vec![("batch", of.as_str()), ("command_id", id), ("form", "none")];
    form.extend(fields);
    let answer = client.post(&format!("/api/{endpoint}"), &form).await;
    match serde_json::from_str(&answer.text).unwrap() {
        Reply::Done(page) => Ok(page),
        Reply::Refused(words) => Err(words.iter().map(|one| one.text.as_str()).collect()),
        other => panic!("{other:?}"),
    }
}

async fn sends(client: &Client, endpoint: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    send(client, endpoint, &command().to_string(), fields).await
}

// ATMP-9, DI-7
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_answer_holds_the_batch_in_one_transaction_on_sqlite() {
    held_and_lifted(Bench::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_answer_holds_the_batch_in_one_transaction_on_postgresql() {
    let Some(bench) = Bench::empty(Engine::Postgres).await else {
        return;
    };
    demo::fill(&bench.opened, &bench.clock, noon())
        .await
        .unwrap();
    held_and_lifted(bench).await;
}

async fn held_and_lifted(bench: Bench) {
    let technician = bench.person("technician.1").await;
    let (reviewer, qualified) = (bench.person("qa.1").await, bench.person("qp.1").await);
    let before = entries(&bench).await.len();
    let cracked = [
        ("step", "receipt"),
        ("field", "container-intact"),
        ("value", "no"),
        ("reason", "The crack was seen on the picture"),
    ];
    let id = command().to_string();
    send(&technician, "correct-entry", &id, &cracked)
        .await
        .unwrap();
    // The same form once more records nothing more.
    send(&technician, "correct-entry", &id, &cracked)
        .await
        .unwrap();
    let after = entries(&bench).await;
    let kinds: Vec<_> = after[before..]
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        ["entry-corrected", "stop-raised", "deviation-raised"]
    );
    let first = &after[before];
    for entry in &after[before..] {
        assert_eq!(entry.command_id.to_string(), id);
        assert_eq!(entry.recorded_at, first.recorded_at);
    }
    let row = bench.records().store().batch(demo::batch_id("waiting"));
    assert_eq!(row.await.unwrap().unwrap().state, BatchState::Hold.code());

    let seen = after.len().to_string();
    let signed = |user: &'static str| [("seen", seen.clone()), ("user_name", user.to_owned())];
    for (client, endpoint, user) in [
        (&reviewer, "sign-review", "qa.1"),
        (&qualified, "certify", "qp.1"),
    ] {
        let [seen, user_name] = signed(user);
        let form = [
            (seen.0, seen.1.as_str()),
            (user_name.0, user_name.1.as_str()),
            ("password", PASSWORD),
        ];
        let words = sends(client, endpoint, &form).await.unwrap_err();
        assert!(
            words.contains("on hold: Container intact: no, expected yes"),
            "{words}"
        );
    }

    for (field, value) in [("found", "The bag is whole"), ("material-usable", "yes")] {
        let form = [
            ("step", "hold-assessment#1"),
            ("field", field),
            ("value", value),
        ];
        sends(&technician, "record-entry", &form).await.unwrap();
    }
    let confirm = [
        ("step", "hold-assessment#1"),
        ("field", "material-usable"),
        ("seen", r#"{"yes-no":true}"#),
        ("user_name", "technician.2"),
        ("password", PASSWORD),
    ];
    sends(&technician, "verify-entry", &confirm).await.unwrap();
    let held = batch(&bench).await;
    let stop = held.open_stops().next().unwrap().number().to_string();
    let assessment = &held.steps[&"hold-assessment#1".parse().unwrap()];
    let usable = &assessment.entries["material-usable"];
    let evidence = usable.values[0].stamp.version.to_string();
    let seen = held.version.to_string();
    let lift = |evidence: &'static str| {
        [
            ("stop", stop.clone()),
            ("evidence", evidence.to_owned()),
            ("seen", seen.clone()),
            ("user_name", "qa.1".to_owned()),
            ("password", PASSWORD.to_owned()),
        ]
    };
    for wrong in ["", "1", "x", "1,2,3", "-1", "99999999999999999999"] {
        let form = lift(wrong);
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        sends(&reviewer, "lift-stop", &form).await.unwrap_err();
    }
    let mut form = lift("");
    form[1].1 = evidence;
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    sends(&reviewer, "lift-stop", &form).await.unwrap();
    assert_eq!(batch(&bench).await.open_stops().count(), 0);
    let ge = LedgerName::parse("GE").unwrap();
    let findings = bench.records().store().verify(&ge).await.unwrap();
    assert!(findings.is_clean(), "{:?}", findings.found);
    bench.end().await;
}
