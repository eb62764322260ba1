//! Papers: each print has an entry, and opened again it gives the same bytes.

use super::bench::{Answer, Bench, Client, command};
use crate::demo;
use app::reply::Reply;
use axum::http::StatusCode;
use domain::{
    batch::{BatchCommand, DeviationCommand},
    ids::DeviationId,
    print::{Print, PrintedDocument},
};
use store::Signing;
use uuid::Uuid;

const NUMBER: &str = "GE-2025-0002-C1";

async fn ask(client: &Client, endpoint: &str, batch: &str, more: &[(&str, &str)]) -> Answer {
    let (batch, command) = (demo::batch_id(batch).to_string(), command().to_string());
    let mut form = vec![
        ("batch", batch.as_str()),
        ("command_id", &command),
        ("form", "print"),
        ("page", "/"),
    ];
    form.extend(more);
    client.post(&format!("/api/{endpoint}"), &form).await
}

fn reply(answer: &Answer) -> Reply {
    serde_json::from_str(&answer.text).unwrap()
}

async fn prints(bench: &Bench, batch: &str) -> Vec<Print> {
    let id = demo::batch_id(batch);
    bench.records().prints(id, "GE").await.unwrap()
}

fn address(batch: &str, place: usize) -> String {
    format!("/batches/{}/prints/{place}", demo::batch_id(batch))
}

// A11-8.1, P11-10b: who printed which document when is in the ledger, for an inspector as for anybody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_print_has_an_entry_and_opens_again_with_the_same_bytes() {
    let bench = Bench::demo().await;
    let inspector = bench.person("inspector.1").await;
    let record = async || {
        let entries = bench.records().batch_entries(demo::batch_id("certified"));
        entries.await.unwrap().len()
    };
    let before = record().await;
    let answer = ask(
        &inspector,
        "print-certificate",
        "certified",
        &[("number", NUMBER)],
    )
    .await;
    let Reply::Done(page) = reply(&answer) else {
        panic!("{}", answer.text)
    };
    assert!(page.ends_with("/release#prints"), "{page}");
    let of = prints(&bench, "certified").await;
    assert_eq!(of.len(), 1);
    let print = &of[0];
    assert_eq!(print.number, "GE-2025-0002-P1");
    assert_eq!(print.by, "Inspector 1 (inspector.1)");
    assert_eq!(print.printed_at, bench.records().now());
    assert_eq!(
        print.document,
        PrintedDocument::Certificate {
            number: NUMBER.to_owned()
        }
    );
    // Printing changes nothing of what was reviewed and signed.
    assert_eq!(record().await, before);
    let paper = inspector.get(&address("certified", 1)).await;
    assert_eq!(paper.header("content-type"), "application/pdf");
    assert_eq!(
        paper.header("content-disposition"),
        "attachment; filename=\"GE-2025-0002-C1-P1.pdf\""
    );
    assert!(paper.text.starts_with("%PDF-"));
    // Days later, by another person, after more was recorded: the same bytes.
    bench.clock.forward(chrono::TimeDelta::days(3));
    let qp = bench.person("qp.1").await;
    ask(&qp, "print-certificate", "certified", &[("number", NUMBER)]).await;
    let again = qp.get(&address("certified", 1)).await;
    assert_eq!(again.text, paper.text);
    let other = qp.get(&address("certified", 2)).await;
    assert!(other.text.starts_with("%PDF-") && other.text != paper.text);
    // The page lists both, with who and when.
    let id = demo::batch_id("certified");
    let release = qp.get(&format!("/batches/{id}/release")).await;
    for words in [
        "GE-2025-0002-P1",
        "GE-2025-0002-P2",
        "Inspector 1 (inspector.1)",
    ] {
        assert!(release.text.contains(words), "{words}");
    }
    for missing in [0, 3] {
        let none = qp.get(&address("certified", missing)).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_twice_prints_once() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    let (batch, command) = (
        demo::batch_id("certified").to_string(),
        command().to_string(),
    );
    let form = [
        ("batch", batch.as_str()),
        ("command_id", &command),
        ("number", NUMBER),
    ];
    for _ in 0..2 {
        let answer = qp.post("/api/print-certificate", &form).await;
        assert!(matches!(reply(&answer), Reply::Done(_)), "{}", answer.text);
        bench.clock.forward(chrono::TimeDelta::seconds(2));
    }
    assert_eq!(prints(&bench, "certified").await.len(), 1);
    bench.end().await;
}

// The number of a print is decided inside the transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prints_at_the_same_moment_have_numbers_of_their_own() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    let both = [("number", NUMBER)];
    let (one, two, three) = tokio::join!(
        ask(&qp, "print-certificate", "certified", &both),
        ask(&qp, "print-certificate", "certified", &both),
        ask(&qp, "print-certificate", "certified", &both),
    );
    let done = [one, two, three]
        .iter()
        .filter(|answer| matches!(reply(answer), Reply::Done(_)))
        .count();
    let mut numbers: Vec<_> = prints(&bench, "certified")
        .await
        .into_iter()
        .map(|print| print.number)
        .collect();
    assert_eq!(numbers.len(), done);
    numbers.dedup();
    assert_eq!(numbers.len(), done);
    bench.end().await;
}

// What is recorded of a copy stays short, and so does the address that the answer names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_filter_of_a_copy_is_as_long_as_anything_that_is_looked_for() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    let copy = async |text: &str| {
        let form = [("format", "csv"), ("text", text)];
        reply(&ask(&qp, "copy-audit-trail", "certified", &form).await)
    };
    for text in ["&".repeat(201), "&".repeat(20_000)] {
        let Reply::Refused(words) = copy(&text).await else {
            panic!("{} characters were recorded", text.len())
        };
        let said = &words[0].text;
        assert!(said.contains("200"), "{said}");
    }
    // A step that is named by as many noughts as there is room for.
    let step = format!("seed@P{}1", "0".repeat(10_000));
    let form = [("format", "csv"), ("step", step.as_str())];
    let answer = ask(&qp, "copy-audit-trail", "certified", &form).await;
    assert!(
        matches!(reply(&answer), Reply::Refused(_)),
        "{}",
        answer.text
    );
    assert!(prints(&bench, "certified").await.is_empty());
    for text in ["&".repeat(200), "🔎".repeat(200)] {
        let Reply::Done(page) = copy(&text).await else {
            panic!("{text}")
        };
        assert!(page.len() < 8_000, "{}", page.len());
    }
    let longest = |print: &Print| match &print.document {
        PrintedDocument::AuditTrail { filter, .. } => filter.len(),
        PrintedDocument::Certificate { .. } => 0,
    };
    let of = prints(&bench, "certified").await;
    assert!(of.iter().map(longest).all(|bytes| bytes <= 3_000));
    assert_eq!(of.len(), 2);
    let address = format!(
        "/batches/{}/audit?text={}",
        demo::batch_id("certified"),
        "a".repeat(201)
    );
    assert_eq!(qp.get(&address).await.status, StatusCode::BAD_REQUEST);
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_makes_120_prints_and_comments_in_an_hour() {
    let bench = Bench::demo().await;
    let qa = bench.person("qa.1").await;
    let copy = [("format", "csv")];
    let comment = [("text", "Seen.")];
    for (endpoint, batch, form) in [
        ("copy-audit-trail", "certified", copy.as_slice()),
        ("comment", "expanding", comment.as_slice()),
    ] {
        for nth in 0..120 {
            let answer = ask(&qa, endpoint, batch, form).await;
            let done = matches!(reply(&answer), Reply::Done(_));
            assert!(done, "{endpoint} {nth}: {}", answer.text);
        }
        let answer = ask(&qa, endpoint, batch, form).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let Reply::Refused(words) = reply(&answer) else {
            panic!("{}", answer.text)
        };
        assert!(
            words[0].text.contains("120 times within an hour"),
            "{words:?}"
        );
    }
    assert_eq!(prints(&bench, "certified").await.len(), 120);
    // Others have their own.
    let inspector = bench.person("inspector.1").await;
    let answer = ask(&inspector, "copy-audit-trail", "certified", &copy).await;
    assert!(matches!(reply(&answer), Reply::Done(_)), "{}", answer.text);
    bench.end().await;
}

// P11-10g: who may print is who may open, and nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_print_a_paper_opens_it() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    ask(&qp, "print-certificate", "certified", &[("number", NUMBER)]).await;
    for (user_name, opens) in [
        ("inspector.1", StatusCode::OK),
        ("qa.1", StatusCode::OK),
        ("pharmacist.1", StatusCode::OK),
        ("technician.1", StatusCode::FORBIDDEN),
        ("qc.1", StatusCode::FORBIDDEN),
        ("administrator.1", StatusCode::NOT_FOUND),
    ] {
        let client = bench.person(user_name).await;
        let answer = client.get(&address("certified", 1)).await;
        assert_eq!(answer.status, opens, "{user_name}");
    }
    bench.end().await;
}

// A certificate printed while a later deviation holds the batch: what was certified is the same, what holds it is new.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_a_batch_that_is_held_is_another_paper() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    ask(&qp, "print-certificate", "certified", &[("number", NUMBER)]).await;
    let before = qp.get(&address("certified", 1)).await;
    let id = demo::batch_id("certified");
    let token = qp.token.clone().unwrap();
    let person = bench
        .door
        .authenticate(&token)
        .await
        .unwrap()
        .unwrap()
        .person;
    let batch = bench.records().batch(id).await.unwrap().unwrap();
    let raised = bench
        .records()
        .on_batch(
            &person,
            command(),
            batch.id,
            BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
                deviation: DeviationId(Uuid::from_u128(77)),
                step: None,
                description: "Incubator alarm found late".to_owned(),
            }),
            Signing::No,
        )
        .await
        .unwrap();
    assert!(matches!(raised, store::Answer::Done(_)));
    ask(&qp, "print-certificate", "certified", &[("number", NUMBER)]).await;
    let held = qp.get(&address("certified", 2)).await;
    assert_ne!(held.text, before.text);
    // The paper of before opens as it was then.
    assert_eq!(qp.get(&address("certified", 1)).await.text, before.text);
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_certificate_is_printed_that_is_not_there() {
    let bench = Bench::demo().await;
    let qp = bench.person("qp.1").await;
    for (batch, number) in [
        ("waiting", "GE-2026-0001-C1"),
        ("certified", "GE-2025-0002-C9"),
        ("certified", ""),
        ("certified", "x\"\r\nX-Injected: planted"),
    ] {
        let answer = ask(&qp, "print-certificate", batch, &[("number", number)]).await;
        assert!(
            matches!(reply(&answer), Reply::Refused(_)),
            "{}",
            answer.text
        );
        assert_eq!(prints(&bench, batch).await, []);
    }
    bench.end().await;
}

// P11-10e3, A11d-12.9
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_the_trail_is_a_print_that_names_its_filter_and_holds_no_formula() {
    let bench = Bench::demo().await;
    let technician = bench.person("technician.1").await;
    let formula = "=HYPERLINK(\"http://evil.example\")";
    let answer = ask(&technician, "comment", "expanding", &[("text", formula)]).await;
    assert!(matches!(reply(&answer), Reply::Done(_)), "{}", answer.text);
    let inspector = bench.person("inspector.1").await;
    for format in ["csv", "json"] {
        let asked = [("format", format), ("group", "comments")];
        let answer = ask(&inspector, "copy-audit-trail", "expanding", &asked).await;
        assert!(matches!(reply(&answer), Reply::Done(_)), "{}", answer.text);
    }
    let copy = inspector.get(&address("expanding", 1)).await;
    assert_eq!(copy.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        copy.header("content-disposition"),
        "attachment; filename=\"GE-2026-0005-audit-trail-P1.csv\""
    );
    assert!(copy.text.contains("kind: Comments"), "{}", copy.text);
    assert!(copy.text.contains("'=HYPERLINK("), "{}", copy.text);
    assert!(
        !copy.text.contains(",\"=HYPER") && !copy.text.contains(",=HYPER"),
        "{}",
        copy.text
    );
    let json = inspector.get(&address("expanding", 2)).await;
    let read: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(read["filter"], "kind: Comments");
    assert_eq!(read["entries"].as_array().unwrap().len(), 1);
    // More of the record changes no copy that was made before.
    ask(&technician, "comment", "expanding", &[("text", "one more")]).await;
    bench.clock.forward(chrono::TimeDelta::hours(5));
    let inspector = bench.person("inspector.1").await;
    assert_eq!(
        inspector.get(&address("expanding", 1)).await.text,
        copy.text
    );
    assert_eq!(
        inspector.get(&address("expanding", 2)).await.text,
        json.text
    );
    let wrong = [("format", "csv"), ("group", "nothing")];
    let refused = ask(&inspector, "copy-audit-trail", "expanding", &wrong).await;
    assert!(
        matches!(reply(&refused), Reply::Refused(_)),
        "{}",
        refused.text
    );
    bench.end().await;
}
