//! The size and the encoding of what is sent.

use super::answer::Wants;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use std::time::Duration;

/// No form of ours is larger.
pub const LARGEST: usize = 64 * 1024;

/// So long a form may take to arrive: at the least speed of 4 kB a second the largest one is here then.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(16);

/// No address of ours is longer: a page repeats its own address in each of its forms.
pub const LONGEST_ADDRESS: usize = 8 * 1024;

/// Refuses an address that no page of ours makes.
pub async fn check_address(request: Request, next: Next) -> Response {
    // As `*`, which asks for the server as a whole: no page is drawn for it.
    if !request.uri().path().starts_with('/') {
        return Wants::of(request.headers()).words(
            StatusCode::BAD_REQUEST,
            "Not an address",
            "What was asked for is no address of a page: each begins with a stroke, as in /sign-in. Open the page from the board.",
        );
    }
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if length <= LONGEST_ADDRESS {
        return next.run(request).await;
    }
    Wants::of(request.headers()).words(
        StatusCode::URI_TOO_LONG,
        "The address is too long",
        "This address is longer than 8 kB, which none of ours is. Open the page from the board.",
    )
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// Takes in what is sent as a whole, up to the limit; what reads sends nothing along.
pub async fn take_in(request: Request, next: Next) -> Response {
    let wants = Wants::of(request.headers());
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    // What another site can make a browser send without asking first is a form, text/plain or multipart; ours are forms.
    if parts.method == Method::POST && !is_form(&parts.headers) {
        return wants.words(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Not a form",
            "Only forms of our own pages are taken, and this was none. Nothing was recorded. Open the page again and send \
             its form from there.",
        );
    }
    let taken = tokio::time::timeout(ARRIVES_WITHIN, to_bytes(body, LARGEST)).await;
    let Ok(taken) = taken else {
        return wants.words(
            StatusCode::REQUEST_TIMEOUT,
            "It did not arrive",
            "What you sent did not arrive within 16 seconds. Nothing was recorded. Send it again.",
        );
    };
    match taken {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => wants.words(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Too much at once",
            "What you sent is larger than 64 kB, or did not arrive as a whole. Nothing was recorded. Shorten it, then \
             send it again.",
        ),
    }
}
