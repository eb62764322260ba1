//! A request that changes something comes from one of our own pages.

use super::answer::Wants;
use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Refuses what was sent from another site, or doesn't say from where.
pub async fn check(request: Request, next: Next) -> Response {
    // Autolog is no proxy; the framework complains of words in such an answer.
    if request.method() == Method::CONNECT {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || is_own(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    tracing::warn!(
        path = request.uri().path(),
        "refused a request from another site"
    );
    Wants::of(request.headers()).words(
        StatusCode::FORBIDDEN,
        "Not from this site",
        "This form was not sent from a page of this server, so nothing was recorded. Open the page here and send it \
         from there.",
    )
}

/// Browsers say it with `Sec-Fetch-Site`; those before 2023 at least name the origin.
fn is_own(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        return text(header::HeaderName::from_static("sec-fetch-site")) == Some("same-origin");
    }
    let host = text(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
    let origin = text(header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok());
    let named = origin
        .as_ref()
        .and_then(|origin| origin.authority())
        .map(|authority| authority.as_str());
    matches!((host, named), (Some(host), Some(named)) if host.eq_ignore_ascii_case(named))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let cases: [(&[(&str, &str)], bool); 10] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://lab:3000"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "http://lab:3000")], true),
            (&[("origin", "https://LAB:3000")], true),
            (&[("origin", "http://lab:3001")], false),
            (&[("origin", "http://evil.example")], false),
            (&[("origin", "null")], false),
            // A program that says nothing of its origin is no page of ours.
            (&[], false),
        ];
        for (sent, own) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("host", "lab:3000".parse().unwrap());
            for (name, value) in sent {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(
                is_own(&headers, &Uri::from_static("/api/sign-in")),
                own,
                "{sent:?}"
            );
        }
    }
}
