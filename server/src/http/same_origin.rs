//! A request that changes something comes from one of our own pages.

use super::{answer::Wants, public_url::PublicUrls, seldom::Seldom};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

static TOLD: Seldom = Seldom::new();

/// Refuses what was sent from another site, or doesn't say from where.
pub async fn check(State(own): State<PublicUrls>, request: Request, next: Next) -> Response {
    // Autolog is no proxy; the framework complains of words in such an answer.
    if request.method() == Method::CONNECT {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || is_own(request.headers(), &own) {
        return next.run(request).await;
    }
    TOLD.tell(|more| {
        let path = request.uri().path();
        tracing::warn!(path, more, "refused a request from another site");
    });
    Wants::of(request.headers()).words(
        StatusCode::FORBIDDEN,
        "Not from this site",
        "This form was not sent from a page of this server, so nothing was recorded. Open the page here and send it \
         from there.",
    )
}

/// Browsers say it with `Sec-Fetch-Site`; those before 2023 at least name the origin. They say each of them once: where there
/// are two, one was added on the way, and nobody knows which.
fn is_own(headers: &HeaderMap, own: &PublicUrls) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let several = |name: &str| headers.get_all(name).iter().nth(1).is_some();
    if several(SITE) || several(ORIGIN) {
        return false;
    }
    if headers.contains_key(SITE) {
        return text(SITE) == Some("same-origin");
    }
    text(ORIGIN).is_some_and(|origin| own.is_origin(origin))
}

const SITE: &str = "sec-fetch-site";
const ORIGIN: &str = "origin";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let own_name = ["http://lab:3000".parse().unwrap()];
        let public = PublicUrls::of(&own_name, "0.0.0.0:3000".parse().unwrap()).unwrap();
        let cases: [(&[(&str, &str)], bool); 17] = [
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
            (&[("origin", "http://LAB:3000")], true),
            (&[("origin", "https://lab:3000")], false),
            (&[("origin", "http://lab:3001")], false),
            (&[("origin", "http://evil.example")], false),
            (&[("origin", "null")], false),
            (
                &[
                    ("origin", "http://lab:3000"),
                    ("origin", "http://evil.example"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://evil.example"),
                    ("origin", "http://lab:3000"),
                ],
                false,
            ),
            (
                &[("origin", "http://lab:3000"), ("origin", "http://lab:3000")],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://lab:3000"),
                    ("origin", "http://evil.example"),
                ],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://lab:3000"),
                ],
                true,
            ),
            // A program that says nothing of its origin is no page of ours.
            (&[], false),
        ];
        for (sent, own) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("host", "lab:3000".parse().unwrap());
            for (name, value) in sent {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_own(&headers, &public), own, "{sent:?}");
        }
    }
}
