//! Addresses and forms that no page of ours makes.

use super::bench::{Answer, Bench, Client, Engine, SECRET, SECRET_FILE};
use crate::demo;
use app::reply::Reply;
use axum::{
    body::Body,
    http::{Request, StatusCode},
};

const NASTY: [&str; 9] = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/%2fevil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: autolog=planted",
    "/\u{0}",
    "\t//evil.example",
    "/sign-in?to=//evil.example",
];

/// What a page leads to is of this site, and no header holds what was sent for another.
fn is_ours(answer: &Answer, what: &str) {
    let to = answer.header("location");
    assert!(to.is_empty() || to.starts_with('/'), "{what}: {to}");
    assert!(
        !to.starts_with("//") && !to.starts_with("/\\"),
        "{what}: {to}"
    );
    for (name, value) in &answer.headers {
        assert!(name != "x-injected", "{what}");
        let value = value.to_str().unwrap_or_default();
        assert!(
            name == "location" || !value.contains("planted"),
            "{what}: {name}: {value}"
        );
    }
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_led_to_another_site_and_no_header_is_planted() {
    let bench = Bench::demo().await;
    let (nobody, person) = (bench.nobody(), bench.person("technician.1").await);
    for to in NASTY {
        for (client, path) in [
            (&nobody, "/sign-in"),
            (&person, "/sign-in"),
            (&person, "/change-password"),
            (&nobody, "/fault"),
        ] {
            for name in ["to", "kept", "again", "page", "id"] {
                let address = format!("{path}?{name}={}", escaped(to));
                let answer = client.get(&address).await;
                is_ours(&answer, &address);
                // A link on the page leads nowhere else either.
                assert!(
                    !answer.text.contains("href=\"//")
                        && !answer.text.contains("href=\"javascript"),
                    "{address}"
                );
            }
        }
        for (endpoint, accept) in [
            ("sign-in", "text/html"),
            ("sign-in", "application/json"),
            ("comment", "text/html"),
            ("change-password", "text/html"),
        ] {
            for password in [demo::PASSWORD, "not the right one"] {
                let batch = demo::batch_id("expanding").to_string();
                let form = [
                    ("user_name", "technician.2"),
                    ("password", password),
                    ("to", to),
                    ("kept", to),
                    ("page", to),
                    ("form", to),
                    ("batch", batch.as_str()),
                ];
                let client = if endpoint == "sign-in" {
                    &nobody
                } else {
                    &person
                };
                let answer = client
                    .post_as(&format!("/api/{endpoint}"), &form, accept)
                    .await;
                let what = format!("{endpoint} {to:?}");
                is_ours(&answer, &what);
                if accept == "application/json"
                    && let Ok(Reply::Done(page)) = serde_json::from_str(&answer.text)
                {
                    assert!(
                        page.starts_with('/') && !page.starts_with("//"),
                        "{what}: {page}"
                    );
                }
                // A plain form always leads on to a page.
                assert!(
                    accept != "text/html" || answer.status == StatusCode::SEE_OTHER,
                    "{what}: {}",
                    answer.status
                );
                bench.clock.forward(chrono::TimeDelta::seconds(30));
            }
        }
    }
    bench.end().await;
}

// A file name and a number go into a header.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_of_a_paper_is_its_own() {
    let bench = Bench::demo().await;
    let client = bench.person("qp.1").await;
    let batch = demo::batch_id("certified");
    for address in [
        format!(
            "/batches/{batch}/prints/{}",
            escaped("1\"\r\nX-Injected: planted")
        ),
        format!(
            "/ledgers/{}/export.jsonl",
            escaped("GE\r\nX-Injected: planted")
        ),
    ] {
        let answer = client.get(&address).await;
        is_ours(&answer, &address);
        assert_ne!(
            answer.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{address}"
        );
    }
    bench.end().await;
}

// ASVS 5.3.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_leads_out_of_the_folder_of_files() {
    let bench = Bench::demo().await;
    let client = bench.nobody();
    let found = client.get("/pkg/autolog.css").await;
    assert_eq!(
        (found.status, &*found.text),
        (StatusCode::OK, "body { margin: 0 }")
    );
    let up = [
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "%252e%252e%252f",
        "..%5c",
        "..\\",
        "%2e%2e%5c",
        "....//",
        "..;/",
        "%c0%ae%c0%ae/",
        "..%00/",
    ];
    for up in up {
        for times in 1..5 {
            for begin in ["/", "/pkg/", "/pkg/autolog.css/", "//", "/batches/"] {
                for end in [
                    SECRET_FILE,
                    "secret.txt%00.css",
                    "keys/GE.key",
                    "autolog.db",
                    "etc/passwd",
                ] {
                    let address = format!("{begin}{}{end}", up.repeat(times));
                    // What can't be written as an address at all can't be asked for.
                    let Ok(uri) = address.parse::<axum::http::Uri>() else {
                        continue;
                    };
                    let answer = client.get(&uri.to_string()).await;
                    assert!(
                        !answer.text.contains(SECRET) && !answer.text.contains("root:"),
                        "{address}"
                    );
                    assert!(
                        answer.status.is_client_error() || answer.status.is_redirection(),
                        "{address}: {}",
                        answer.status
                    );
                }
            }
        }
    }
    bench.end().await;
}

// A name that is none, and a target that is no address, are refused before a page is drawn for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_browser_asks_for_is_refused_and_breaks_nothing() {
    let bench = Bench::empty(Engine::Sqlite).await.unwrap();
    let client = bench.nobody();
    for host in [
        "lab.example:80:80",
        "lab.example:443:80",
        "lab.example:",
        "lab.example:port",
        "lab.example/",
        "lab.example:99999",
        "[lab.example]",
    ] {
        for address in ["/", "/sign-in", "/nowhere"] {
            let request = Request::get(address).header("host", host);
            let answer = client.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
    }
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "FOO"] {
        let request = Request::builder()
            .method(method)
            .uri("*")
            .header("sec-fetch-site", "same-origin");
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{method}");
    }
    // What has no page and what is a file takes nothing.
    for method in ["POST", "PUT", "DELETE", "PATCH", "FOO", "TRACE", "OPTIONS"] {
        for address in ["/pkg/autolog.css", "/pkg/none.css", "/nowhere"] {
            let request = Request::builder()
                .method(method)
                .uri(address)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin");
            let answer = client.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {address}"
            );
        }
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_an_end() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    let batch = demo::batch_id("infused");
    let pages = [
        "/",
        "/register",
        "/sign-in",
        &format!("/batches/{batch}"),
        &format!("/batches/{batch}/audit"),
    ];
    for page in pages {
        let many = |count: usize| format!("{page}?{}", "a=1&".repeat(count));
        assert_eq!(
            client.get(&many(10_000)).await.status,
            StatusCode::URI_TOO_LONG,
            "{page}"
        );
        let answer = client.get(&many(1_500)).await;
        assert!(
            answer.status == StatusCode::OK || answer.status == StatusCode::SEE_OTHER,
            "{page}: {}",
            answer.status
        );
        // Each form of a page names the page: what is asked for with 8 kB is not answered with megabytes.
        let plain = client.get(page).await;
        assert!(
            answer.text.len() < plain.text.len() + 1_500_000,
            "{page}: {}",
            answer.text.len()
        );
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_of_any_shape_is_answered_with_words() {
    let bench = Bench::demo().await;
    let client = bench.person("technician.1").await;
    let batch = demo::batch_id("expanding").to_string();
    let send = async |client: &Client, endpoint: &str, more: &[(&str, &str)]| {
        let mut form = vec![
            ("batch", batch.as_str()),
            ("command_id", "00000000-0000-4000-8000-00000000000a"),
            ("step", "receipt"),
            ("field", "room"),
        ];
        form.extend_from_slice(more);
        let answer = client.post(&format!("/api/{endpoint}"), &form).await;
        match serde_json::from_str(&answer.text) {
            Ok(Reply::Refused(words)) => words[0].text.clone(),
            other => panic!("{endpoint}: {} {other:?} {}", answer.status, answer.text),
        }
    };
    for deep in [
        "[".repeat(15_000),
        "{\"text\":".repeat(2_000),
        format!("{{\"text\":\"{}\"}}", "x".repeat(15_000)),
    ] {
        let second = [
            ("seen", deep.as_str()),
            ("user_name", "technician.2"),
            ("password", demo::PASSWORD),
        ];
        let words = send(&client, "verify-entry", &second).await;
        assert!(!words.is_empty());
    }
    // 60 kB of fields without a name or value, and of the same field.
    for fields in [vec![("", ""); 15_000], vec![("text", "x"); 5_000]] {
        let mut form = fields;
        form.push(("step", "no such step @@"));
        let answer = client.post("/api/comment", &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            matches!(serde_json::from_str(&answer.text), Ok(Reply::Refused(_))),
            "{}",
            answer.text
        );
    }
    // 10 MB are not read to their end.
    let large = "x".repeat(10 << 20);
    let answer = client.post("/api/comment", &[("text", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    bench.end().await;
}
