//! What stands in front of the pages: headers, limits, the same-origin check, and that nothing typed becomes a script.

use super::bench::{Answer, Bench, Client};
use crate::demo;
use app::reply::Reply;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

const SCRIPT: &str =
    "</textarea></title></script><script>alert(1)</script><img src=x onerror=alert(1)>";

fn words(answer: &Answer) -> String {
    match serde_json::from_str(&answer.text).unwrap() {
        Reply::Refused(words) => words
            .into_iter()
            .map(|words| words.text)
            .collect::<Vec<_>>()
            .join(" "),
        other => panic!("{other:?}"),
    }
}

fn form(batch: &str, more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let command = super::bench::command().to_string();
    let mut form = vec![
        ("batch", demo::batch_id(batch).to_string()),
        ("command_id", command),
        ("form", "test".to_owned()),
        ("page", "/".to_owned()),
    ];
    form.extend(
        more.iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    form
}

async fn send(client: &Client, endpoint: &str, form: &[(&'static str, String)]) -> Answer {
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    client.post(&format!("/api/{endpoint}"), &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_page_has_a_nonce_of_its_own_and_its_scripts_have_that() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    let mut before = String::new();
    for _ in 0..2 {
        let page = client.get("/").await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next());
        let nonce = nonce.unwrap().to_owned();
        for tag in page.text.split("<script").skip(1) {
            assert!(
                tag.starts_with(' ') && tag[..tag.find('>').unwrap()].contains(&nonce),
                "{tag}"
            );
        }
        assert_ne!(nonce, before);
        before = nonce;
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_tls_cookies_and_browsers_stay_with_it() {
    let bench = Bench::secure().await;
    let page = bench.nobody().get("/sign-in").await;
    assert_eq!(page.header("strict-transport-security"), "max-age=63072000");
    let out = bench.nobody().post("/api/sign-out", &[]).await;
    let cookie = out.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-autolog=; Path=/; HttpOnly; SameSite=Strict; Secure"),
        "{cookie}"
    );
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_larger_than_64_kb_is_refused_with_words() {
    let bench = Bench::demo().await;
    let client = bench.person("technician.1").await;
    let long = "x".repeat(70_000);
    let answer = send(&client, "comment", &form("expanding", &[("text", &long)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(words(&answer).contains("64 kB"));
    // Below that the form itself says what is too long.
    let long = "x".repeat(30_000);
    let answer = send(&client, "comment", &form("expanding", &[("text", &long)])).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(words(&answer).contains("characters"), "{}", answer.text);
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_to_sign_in_too_often_has_to_wait_a_minute() {
    let bench = Bench::demo().await;
    let client = bench.nobody();
    let attempt = async |name: &str, password: &str| {
        client
            .post(
                "/api/sign-in",
                &[("user_name", name), ("password", password)],
            )
            .await
    };
    for _ in 0..10 {
        let answer = attempt("somebody", "wrong").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let answer = attempt("somebody", "wrong").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "60");
    // Others at the same place are not kept out, and those who get in don't count.
    for _ in 0..12 {
        let answer = attempt("technician.1", demo::PASSWORD).await;
        assert!(
            answer.header("set-cookie").starts_with("autolog="),
            "{}",
            answer.text
        );
    }
    bench.clock.forward(chrono::TimeDelta::seconds(61));
    assert_eq!(attempt("somebody", "wrong").await.status, StatusCode::OK);
    bench.end().await;
}

// The reason for docs/adr/0003: a text that ends its own element must stay text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_type_never_becomes_a_script() {
    let bench = Bench::demo().await;
    let technician = bench.person("technician.1").await;
    let typed = [
        ("comment", form("expanding", &[("text", SCRIPT)])),
        (
            "comment",
            form("expanding", &[("text", SCRIPT), ("step", "receipt")]),
        ),
        (
            "raise-deviation",
            form("expanding", &[("description", SCRIPT), ("step", "receipt")]),
        ),
        (
            "correct-entry",
            form(
                "expanding",
                &[
                    ("step", "receipt"),
                    ("field", "logger"),
                    ("value", SCRIPT),
                    ("reason", SCRIPT),
                ],
            ),
        ),
        (
            "correct-harvest",
            form(
                "expanding",
                &[
                    ("field", "collected-by"),
                    ("value", SCRIPT),
                    ("reason", SCRIPT),
                ],
            ),
        ),
    ];
    for (endpoint, form) in typed {
        let answer = send(&technician, endpoint, &form).await;
        assert!(
            matches!(serde_json::from_str(&answer.text), Ok(Reply::Done(_))),
            "{endpoint}: {}",
            answer.text
        );
    }
    let reviewer = bench.person("qa.1").await;
    for page in [
        "",
        "/quality",
        "/deviations",
        "/release",
        "/audit",
        "/audit?text=%3Cscript%3Ealert(1)",
    ] {
        let page = format!("/batches/{}{page}", demo::batch_id("expanding"));
        let answer = reviewer.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        inert(&page, &answer.text);
    }
    inert(
        "/",
        &reviewer
            .get("/?site=%3Cscript%3Ealert(1)%3C/script%3E")
            .await
            .text,
    );
    let elsewhere = bench
        .nobody()
        .get("/sign-in?to=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    inert("/sign-in", &elsewhere.text);

    // A form that comes back shows what was typed, as text.
    let kept = [
        ("site", "GE"),
        ("form", "register"),
        ("page", "/harvests/new"),
        ("subject", SCRIPT),
        ("collected_by", SCRIPT),
        ("anticoagulant", SCRIPT),
    ];
    let sent_back = technician
        .post_as("/api/register-harvest", &kept, "text/html")
        .await;
    assert_eq!(sent_back.status, StatusCode::SEE_OTHER);
    let mark = sent_back
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let page = sent_back
        .header("location")
        .split('#')
        .next()
        .unwrap()
        .to_owned();
    let request = Request::get(&page).header(header::ACCEPT, "text/html");
    let cookies = format!("{mark}; autolog={}", technician.token.clone().unwrap());
    let request = request.header(header::COOKIE, cookies).body(Body::empty());
    let shown = bench.nobody().send(request.unwrap()).await;
    assert_eq!(shown.status, StatusCode::OK);
    inert(&page, &shown.text);
}

fn inert(page: &str, text: &str) {
    assert!(!text.contains("<script>alert"), "{page}");
    assert!(!text.contains("<img src=x"), "{page}");
}

// The export that an inspector takes along verifies without Autolog's database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exported_ledger_verifies_by_itself() {
    let bench = Bench::demo().await;
    let export = bench
        .person("inspector.1")
        .await
        .get("/ledgers/GE/export.jsonl")
        .await;
    let findings = domain::ledger::verify::verify_lines(
        export.text.lines(),
        domain::ledger::verify::Trust::Embedded,
    );
    assert!(findings.is_clean(), "{:?}", findings.found);
    assert!(findings.entries > 1000);
    bench.end().await;
}
