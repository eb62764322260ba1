//! The headers of every answer.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::{context::use_context, nonce::use_nonce};
use leptos_axum::ResponseOptions;

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not no-referrer: browsers then send no origin with a form, and the same-origin check would refuse it.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), hid=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The policy of what runs nothing: papers, files, and pages that stand alone.
const STILL: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
                     frame-ancestors 'none'";

/// Adds the headers; `secure` says that the browser comes over TLS.
pub async fn add(State(secure): State<bool>, request: Request, next: Next) -> Response {
    let file = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    say_letters(headers);
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(STILL));
    // Records stay in no cache. Files are asked for again each time, which costs nothing while they are the same.
    let cache = if file { "no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if secure {
        let two_years = HeaderValue::from_static("max-age=63072000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    response
}

/// Every text of ours is UTF-8; a browser that isn't told so guesses (ASVS 4.1.1).
fn say_letters(headers: &mut HeaderMap) {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let silent = kind.filter(|kind| kind.starts_with("text/") && !kind.contains("charset"));
    let said = silent.map(|kind| HeaderValue::from_str(&format!("{kind}; charset=utf-8")));
    if let Some(Ok(kind)) = said {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}

/// The policy of a page. Its nonce is known only while the page is drawn, so the header is set there.
pub fn policy_of_page() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
