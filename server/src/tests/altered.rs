//! A record that was changed outside Autolog: said on its pages, and nothing is signed or handed out on it.

use super::bench::{Bench, command};
use crate::demo::{self, PASSWORD};
use app::reply::Reply;
use axum::http::StatusCode;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

const TOLD: &str = "The record of this batch was changed outside Autolog";

/// Runs SQL outside Autolog, as the owner of the machine can.
async fn tamper(bench: &Bench, sql: &str) {
    let file = bench.folder().join("autolog.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let triggers = "drop trigger if exists entry_stays; drop trigger if exists entry_is_kept;";
    for sql in [triggers, sql] {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
    }
}

/// What the record says of a form, in its words; empty where it took it.
async fn says(
    bench: &Bench,
    person: &str,
    endpoint: &str,
    batch: &str,
    more: &[(&str, &str)],
) -> String {
    let (command, batch) = (command().to_string(), demo::batch_id(batch).to_string());
    let mut form = vec![
        ("batch", batch.as_str()),
        ("command_id", command.as_str()),
        ("form", "test"),
        ("page", "/"),
        ("user_name", person),
        ("password", PASSWORD),
    ];
    form.extend(more);
    let client = bench.person(person).await;
    let answer = client.post(&format!("/api/{endpoint}"), &form).await;
    match serde_json::from_str(&answer.text) {
        Ok(Reply::Done(_)) => String::new(),
        _ => answer.text,
    }
}

async fn page(bench: &Bench, batch: &str) -> String {
    let path = format!("/batches/{}", demo::batch_id(batch));
    let answer = bench.person("qa.1").await.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.text
}

async fn seen(bench: &Bench, batch: &str) -> String {
    let batch = bench.records().batch(demo::batch_id(batch)).await.unwrap();
    batch.unwrap().version.to_string()
}

// P11-10a2: a changed entry is found at the very next read of its batch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_entry_shows_on_the_page_and_refuses_every_signature() {
    let bench = Bench::demo().await;
    let stream = format!("batch:{}", demo::batch_id("waiting"));
    let entry = format!("stream = '{stream}' and version = 3");
    let seen = seen(&bench, "waiting").await;
    for (change, undo) in [
        (
            "recorded_at = recorded_at + 1",
            "recorded_at = recorded_at - 1",
        ),
        (
            "actor_name = actor_name || ' '",
            "actor_name = trim(actor_name)",
        ),
        ("version = 9000", "version = 3"),
    ] {
        assert!(
            !page(&bench, "waiting").await.contains(TOLD),
            "before {change}"
        );
        tamper(&bench, &format!("update entry set {change} where {entry}")).await;
        assert!(page(&bench, "waiting").await.contains(TOLD), "{change}");
        let refused = says(&bench, "qa.1", "sign-review", "waiting", &[("seen", &seen)]).await;
        assert!(
            refused.contains("changed outside Autolog"),
            "{change}: {refused}"
        );
        // Another batch of the same ledger isn't touched by it, until the whole ledger is checked.
        assert!(!page(&bench, "expanding").await.contains(TOLD));
        let entry = entry.replace("version = 3", "version in (3, 9000)");
        tamper(&bench, &format!("update entry set {undo} where {entry}")).await;
    }
    let signed = says(&bench, "qa.1", "sign-review", "waiting", &[("seen", &seen)]).await;
    assert_eq!(signed, "", "put back as it was, it holds again");
    bench.end().await;
}

// What can't be read any more is told as well, on every page of the batch, beside what comes before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_cannot_be_read_shows_on_every_page_and_refuses_every_signature() {
    let bench = Bench::demo().await;
    let id = demo::batch_id("waiting");
    let seen = seen(&bench, "waiting").await;
    for change in [
        "kind = 'something-else'",
        "payload = '{}'",
        "payload = 'nothing'",
        "command_id = 'x'",
        "actor_role = 'owner'",
        "recorded_at = 9223372036854775807",
    ] {
        tamper(
            &bench,
            &format!("create table kept as select * from entry where stream = 'batch:{id}' and version = 7;
                      update entry set {change} where stream = 'batch:{id}' and version = 7"),
        )
        .await;
        let reader = bench.person("qa.1").await;
        for page in ["", "/quality", "/deviations", "/release", "/audit"] {
            let answer = reader.get(&format!("/batches/{id}{page}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{change}: {page}");
            assert!(answer.text.contains(TOLD), "{change}: {page}");
        }
        // A copy that leaves the program is whole, or there is none.
        for copy in ["csv", "json"] {
            let (batch, command) = (id.to_string(), command().to_string());
            let form = [
                ("batch", batch.as_str()),
                ("command_id", &command),
                ("form", "print"),
                ("page", "/"),
                ("format", copy),
            ];
            let answer = reader.post("/api/copy-audit-trail", &form).await;
            let refused = answer.status == StatusCode::INTERNAL_SERVER_ERROR
                || matches!(serde_json::from_str(&answer.text), Ok(Reply::Refused(_)));
            assert!(refused, "{change}: {copy}: {}", answer.text);
        }
        let refused = says(&bench, "qa.1", "sign-review", "waiting", &[("seen", &seen)]).await;
        assert_ne!(refused, "", "{change}");
        let back = ["kind", "payload", "command_id", "actor_role", "recorded_at"]
            .map(|column| format!("{column} = (select {column} from kept)"));
        tamper(
            &bench,
            &format!(
                "update entry set {} where stream = 'batch:{id}' and version = 7; drop table kept",
                back.join(", ")
            ),
        )
        .await;
    }
    let signed = says(&bench, "qa.1", "sign-review", "waiting", &[("seen", &seen)]).await;
    assert_eq!(signed, "", "put back as it was, it holds again");
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_leaf_along_with_its_entry_is_found_by_the_tree() {
    let bench = Bench::demo().await;
    assert!(!page(&bench, "certified").await.contains(TOLD));
    let stream = format!("batch:{}", demo::batch_id("certified"));
    let ge = domain::ledger::LedgerName::parse("GE").unwrap();
    let name = domain::ledger::StreamName::batch(demo::batch_id("certified"));
    let entries = bench.records().store().stream(&ge, &name).await.unwrap();
    let mut forged = entries[4].clone();
    forged.actor.name = "Someone Else".to_owned();
    let leaf = forged.leaf_hash();
    let index = domain::ledger::tree::leaf_index(forged.position);
    let sql = format!(
        "drop trigger tree_hash_stays;
         update entry set actor_name = 'Someone Else', leaf_hash = x'{leaf}' where stream = '{stream}' and version = 5;
         update tree_hash set hash = x'{leaf}' where ledger = 'GE' and idx = {index};"
    );
    tamper(&bench, &sql).await;
    let page = page(&bench, "certified").await;
    assert!(
        page.contains(TOLD) && page.contains("was signed over"),
        "{page}"
    );
    let unit = bench
        .records()
        .batch(demo::batch_id("certified"))
        .await
        .unwrap()
        .unwrap()
        .units[0]
        .id
        .to_string();
    let refused = says(
        &bench,
        "pharmacist.1",
        "prepare-dose",
        "certified",
        &[("units", &unit)],
    )
    .await;
    assert!(refused.contains("changed outside Autolog"), "{refused}");
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_does_not_hold_as_a_whole_refuses_in_every_batch() {
    let bench = Bench::demo().await;
    // The end of another batch is cut off: nothing of it is there to be read.
    let blocked = format!("batch:{}", demo::batch_id("blocked"));
    tamper(
        &bench,
        &format!("delete from entry where stream = '{blocked}' and version = (select max(version) from entry where stream = '{blocked}')"),
    )
    .await;
    assert!(!page(&bench, "waiting").await.contains(TOLD));
    let all = bench.records().store().watch().await.unwrap();
    assert!(all.iter().any(|findings| !findings.is_clean()));
    let shown = page(&bench, "waiting").await;
    assert!(
        shown.contains(TOLD) && shown.contains("Ledger GE does not hold"),
        "{shown}"
    );
    let seen = seen(&bench, "waiting").await;
    let refused = says(&bench, "qa.1", "sign-review", "waiting", &[("seen", &seen)]).await;
    assert!(refused.contains("changed outside Autolog"), "{refused}");
    bench.end().await;
}
