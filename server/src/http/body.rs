//! The size of what is sent.

use super::answer::Wants;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

/// No form of ours is larger.
pub const LARGEST: usize = 64 * 1024;

/// Takes in what is sent as a whole, up to the limit; what reads sends nothing along.
pub async fn take_in(request: Request, next: Next) -> Response {
    let wants = Wants::of(request.headers());
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    match to_bytes(body, LARGEST).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => wants.words(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Too much at once",
            "What you sent is larger than 64 kB, or did not arrive as a whole. Nothing was recorded. Shorten it, then \
             send it again.",
        ),
    }
}
