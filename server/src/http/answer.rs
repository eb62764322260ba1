//! Answers that no page draws: a refusal before the pages are reached, a fault.

use crate::random;
use app::reply::Reply;
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use domain::refusal::Words;
use std::{any::Any, error::Error};

/// What the sender of a request can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// A page.
    Page,
    /// A [`Reply`], as the script of a form does.
    Reply,
}

impl Wants {
    /// What the sender says that it accepts.
    pub fn of(headers: &HeaderMap) -> Self {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        match accept {
            Some(accept)
                if accept.contains("application/json") && !accept.contains("text/html") =>
            {
                Self::Reply
            }
            _ => Self::Page,
        }
    }

    /// A refusal in words.
    pub fn words(self, status: StatusCode, title: &str, text: &str) -> Response {
        match self {
            Self::Page => (status, Html(page(title, text))).into_response(),
            Self::Reply => (status, Json(Reply::Refused(vec![Words::of(text)]))).into_response(),
        }
    }
}

/// A page that stands alone: it reads nothing, so that it can be shown whatever failed.
fn page(title: &str, text: &str) -> String {
    let (title, text) = (escaped(title), escaped(text));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} – Autolog</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/pkg/autolog.css\"></head>\
         <body><main><h1>{title}</h1><p>{text}</p><p><a href=\"/\">To the board</a></p></main></body></html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A fault: its reason goes to the log under an id, the id to the person.
pub fn fault(error: &(dyn Error + 'static)) -> Response {
    let causes: Vec<_> = std::iter::successors(error.source(), |cause| (*cause).source())
        .map(ToString::to_string)
        .collect();
    let id = fault_id();
    tracing::error!(fault = %id, causes = causes.join(": "), "{error}");
    told(&id)
}

/// What becomes of a panic.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let id = fault_id();
    tracing::error!(fault = %id, "panic: {}", said.unwrap_or_default());
    told(&id)
}

fn fault_id() -> String {
    random::id().map_or_else(|_| "none".to_owned(), |id| id.to_string())
}

fn told(id: &str) -> Response {
    let text = format!(
        "The server could not answer. Open the page again to see whether what you sent was recorded. If it happens \
         again, tell the person who runs the server this number: {id}"
    );
    Wants::Page.words(StatusCode::INTERNAL_SERVER_ERROR, "Something failed", &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_says_stays_text() {
        let page = page("<script>", "a \"b\" & </p><script>");
        assert!(!page.contains("<script>"), "{page}");
        assert!(
            page.contains("a &quot;b&quot; &amp; &lt;/p&gt;&lt;script&gt;"),
            "{page}"
        );
    }
}
