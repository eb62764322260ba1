//! What another site can make a browser send: in every encoding, by every method, from everywhere.

use super::bench::Bench;
use super::rights::routes::{commands, routes};
use crate::demo;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

/// A comment in each encoding that a form can have, and in two that it can't.
fn encodings() -> Vec<(Option<&'static str>, String)> {
    let batch = demo::batch_id("expanding");
    let command = super::bench::command();
    let pairs = [
        ("batch", batch.to_string()),
        ("command_id", command.to_string()),
        ("text", "from elsewhere".to_owned()),
    ];
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&pairs)
        .finish();
    let parts = pairs.iter().map(|(name, value)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    let multipart = parts.collect::<String>() + "--b--\r\n";
    let plain: String = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}\r\n"))
        .collect();
    let json = serde_json::to_string(
        &pairs
            .iter()
            .cloned()
            .collect::<std::collections::BTreeMap<_, _>>(),
    );
    vec![
        (Some("application/x-www-form-urlencoded"), form.clone()),
        (Some("multipart/form-data; boundary=b"), multipart),
        (Some("text/plain"), plain),
        (Some("text/plain"), form.clone()),
        (Some("application/json"), json.unwrap()),
        (None, form),
    ]
}

/// Where a request may say that it comes from.
const ORIGINS: [(&[(&str, &str)], bool); 11] = [
    (&[], false),
    (&[("origin", "null")], false),
    (&[("origin", "")], false),
    (&[("origin", "https://evil.example")], false),
    (&[("origin", "http://lab.example.evil.example")], false),
    (&[("origin", "http://lab.example:3000")], false),
    (&[("sec-fetch-site", "cross-site")], false),
    (
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://lab.example"),
        ],
        false,
    ),
    (&[("sec-fetch-site", "none")], false),
    (&[("sec-fetch-site", "same-origin")], true),
    (&[("origin", "http://lab.example")], true),
];

// ASVS 3.5.1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_a_form_of_our_own_pages_is_recorded() {
    let bench = Bench::demo().await;
    let client = bench.person("technician.1").await;
    let count = async || {
        let entries = bench
            .records()
            .batch_entries(demo::batch_id("expanding"))
            .await;
        entries.unwrap().len()
    };
    let mut expected = count().await;
    for (sent, own) in ORIGINS {
        for (kind, body) in encodings() {
            let mut request =
                Request::post("/api/comment").header(header::ACCEPT, "application/json");
            for (name, value) in sent {
                request = request.header(*name, *value);
            }
            if let Some(kind) = kind {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let answer = client.send(request.body(Body::from(body)).unwrap()).await;
            let form = kind == Some("application/x-www-form-urlencoded");
            let status = match (own, form) {
                (false, _) => StatusCode::FORBIDDEN,
                (true, false) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                (true, true) => StatusCode::OK,
            };
            assert_eq!(answer.status, status, "{sent:?} {kind:?} {}", answer.text);
            let told = answer.text.to_lowercase().contains("nothing was recorded");
            assert_eq!(told, status != StatusCode::OK, "{}", answer.text);
            expected += usize::from(status == StatusCode::OK);
            assert_eq!(count().await, expected, "{sent:?} {kind:?}");
        }
    }
    bench.end().await;
}

// ASVS 3.5.3: a link, a picture or a redirect does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_is_taken_from_an_address() {
    let bench = Bench::demo().await;
    let client = bench.person("technician.1").await;
    let (_, query) = encodings().remove(0);
    let before = bench.records().store().heads().await.unwrap();
    for route in commands(&bench.router) {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
        ] {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{route}?{query}"))
                .header("sec-fetch-site", "same-origin")
                .header("x-http-method-override", "POST")
                .header("x-method-override", "POST");
            let answer = client
                .send(request.body(Body::from(query.clone())).unwrap())
                .await;
            assert_eq!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {route}"
            );
        }
    }
    assert_eq!(bench.records().store().heads().await.unwrap(), before);
    bench.end().await;
}

// ASVS 3.4.2, 3.4.6: whatever is served can't be framed, read by another site, or taken for something else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_is_served_has_its_headers() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    let batch = demo::batch_id("certified").to_string();
    let mut addresses: Vec<_> = routes(&bench.router)
        .into_iter()
        .map(|route| route.replace("{id}", &batch).replace("{site}", "GE"))
        .collect();
    addresses.extend(
        [
            "/nowhere",
            "/pkg/autolog.css",
            "/pkg/none.js",
            "/pkg/../secret.txt",
        ]
        .map(str::to_owned),
    );
    assert!(addresses.len() > 60);
    for address in &addresses {
        for (client, who) in [(&client, "QA"), (&bench.nobody(), "nobody")] {
            let request = Request::get(address)
                .header(header::ACCEPT, "text/html")
                .header(header::ORIGIN, "https://evil.example");
            let answer = client.send(request.body(Body::empty()).unwrap()).await;
            let policy = answer.header("content-security-policy");
            for part in ["frame-ancestors 'none'", "base-uri 'none'", "default-src "] {
                assert!(policy.contains(part), "{address} for {who}: {policy}");
            }
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
            for (name, value) in [
                ("x-frame-options", "DENY"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("access-control-allow-origin", ""),
                // Over plain HTTP no browser is told to insist on TLS.
                ("strict-transport-security", ""),
            ] {
                assert_eq!(answer.header(name), value, "{address} for {who}: {name}");
            }
            let rights = answer.header("permissions-policy");
            assert!(rights.contains("geolocation=()"), "{address}: {rights}");
            // Records stay in no cache; a file may, and is asked for again each time.
            let cache = if address.starts_with("/pkg/") {
                "no-cache"
            } else {
                "no-store"
            };
            assert_eq!(answer.header("cache-control"), cache, "{address} for {who}");
            let kind = answer.header("content-type");
            // A text says in which letters it is.
            assert!(
                !kind.starts_with("text/") || kind.contains("utf-8"),
                "{address}: {kind}"
            );
            assert!(
                answer.text.is_empty() || !kind.is_empty(),
                "{address} for {who}"
            );
            // A paper is kept as a file and never shown in the place of a page.
            if address.ends_with(".pdf") || address.contains("audit.") || address.contains("export")
            {
                let attached = answer
                    .header("content-disposition")
                    .starts_with("attachment");
                assert_eq!(
                    attached,
                    answer.status == StatusCode::OK,
                    "{address} for {who}"
                );
            }
        }
    }
    bench.end().await;
}
