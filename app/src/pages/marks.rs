//! What came of a criterion: a word, a colour and a shape, never a colour alone.

use domain::release::{Awaits, Outcome};
use leptos::prelude::*;

/// The mark of an outcome with its word.
pub fn outcome_mark(outcome: &Outcome) -> AnyView {
    let (class, word) = match outcome {
        Outcome::Pass => ("pass", "Pass"),
        Outcome::Fail => ("fail", "Fail"),
        Outcome::Pending { .. } => ("pending", "Pending"),
        Outcome::Missing => ("missing", "Missing"),
        Outcome::Indeterminate { .. } => ("indeterminate", "Indeterminate"),
        Outcome::Informative => ("informative", "Informative"),
    };
    mark(class, word)
}

/// What a pending criterion waits for.
pub fn waits(awaits: Awaits) -> String {
    match awaits {
        Awaits::Result { due } => format!("due {due}"),
        Awaits::Review => "waits for its review".to_owned(),
        Awaits::Time { until } => {
            format!("until {until}: read before the minimum time of its method")
        }
    }
}

/// A mark by its class (`pass`, `fail`, `pending`, `missing`, `indeterminate`, `informative`, `void`) with other words.
pub fn mark(class: &'static str, words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! {
        <span class=format!("mark mark-{class}")>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" inner_html=shape(class)></svg>
            {words}
        </span>
    }
    .into_any()
}

/// Tick, cross, clock, empty place, wave, i, crossed circle.
fn shape(class: &str) -> &'static str {
    match class {
        "pass" => {
            r#"<path d="M2.5 8.5l3.8 4L13.5 4" fill="none" stroke="currentColor" stroke-width="2.6"/>"#
        }
        "fail" => r#"<path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2.8"/>"#,
        "pending" => {
            r#"<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/><path d="M8 4.5V8l2.5 2" fill="none" stroke="currentColor" stroke-width="2"/>"#
        }
        "missing" => {
            r#"<rect x="2.5" y="2.5" width="11" height="11" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/>"#
        }
        "indeterminate" => {
            r#"<path d="M1.5 9.5c2-4 4.5-4 6.5-1.5s4.5 2.5 6.5-1.5" fill="none" stroke="currentColor" stroke-width="2.4"/>"#
        }
        "void" => {
            r#"<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/><path d="M4 12l8-8" stroke="currentColor" stroke-width="2"/>"#
        }
        _ => r#"<path d="M8 7v6M8 3v2" stroke="currentColor" stroke-width="2.4"/>"#,
    }
}
