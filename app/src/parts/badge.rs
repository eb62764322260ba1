//! The state of a batch: a word, a colour and a shape, never a colour alone.

use domain::batch::{BatchFlag, BatchState};
use leptos::prelude::*;

/// A state with its shape.
#[component]
pub fn Badge(
    /// Which state.
    state: BatchState,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge-{}", colour(state))>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" inner_html=shape(state)></svg>
            {state.label()}
        </span>
    }
}

/// What is open beside the state, each with its own shape.
#[component]
pub fn Flags(
    /// Which; none draws nothing.
    flags: Vec<BatchFlag>,
) -> impl IntoView {
    let flags: Vec<_> = flags
        .into_iter()
        .map(|flag| {
            let (colour, shape) = look(flag);
            view! {
                <span class=format!("flag flag-{colour}")>
                    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false" inner_html=shape></svg>
                    {flag.label()}
                </span>
            }
        })
        .collect();
    (!flags.is_empty()).then(|| view! { <span class="flags">{flags}</span> })
}

/// Colour and shape of a flag: a pennant for what is open, a cross for what failed.
fn look(flag: BatchFlag) -> (&'static str, &'static str) {
    match flag {
        BatchFlag::DeviationOpen => (
            "amber",
            r#"<path d="M3 15V1.5M3 2.5h9.5L9.5 6l3 3.5H3" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/>"#,
        ),
        BatchFlag::TestFailed => (
            "red",
            r#"<path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2.4"/>"#,
        ),
    }
}

fn colour(state: BatchState) -> &'static str {
    match state {
        BatchState::InProcess => "blue",
        BatchState::AwaitingResults
        | BatchState::NeedsReview
        | BatchState::AwaitingCertification => "amber",
        BatchState::Hold | BatchState::Rejected => "red",
        BatchState::Released => "green",
        BatchState::Infused | BatchState::Closed => "grey",
    }
}

/// Circle in process, clock waiting, bars on hold, eye for review, pen for the signature, disc with tick released, drop
/// infused, cross rejected, box closed.
fn shape(state: BatchState) -> &'static str {
    match state {
        BatchState::InProcess => {
            r#"<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.5"/>"#
        }
        BatchState::AwaitingResults => {
            r#"<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/><path d="M8 4.5V8l2.5 2" fill="none" stroke="currentColor" stroke-width="2"/>"#
        }
        BatchState::Hold => r#"<path d="M4 2h3v12H4zM9 2h3v12H9z" fill="currentColor"/>"#,
        BatchState::NeedsReview => {
            r#"<path d="M1 8c2-3.3 4.3-5 7-5s5 1.7 7 5c-2 3.3-4.3 5-7 5S3 11.3 1 8z" fill="none" stroke="currentColor" stroke-width="1.8"/><circle cx="8" cy="8" r="2.4" fill="currentColor"/>"#
        }
        BatchState::AwaitingCertification => {
            r#"<path d="M2 14l1-4 8-8 3 3-8 8z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/>"#
        }
        BatchState::Released => {
            r#"<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.5 8.2l2.4 2.4 4.6-5" fill="none" stroke="var(--badge-paper)" stroke-width="2"/>"#
        }
        BatchState::Infused => {
            r#"<path d="M8 1.5c2.6 3.2 4.5 5.6 4.5 8.2a4.5 4.5 0 0 1-9 0C3.5 7.1 5.4 4.7 8 1.5z" fill="currentColor"/>"#
        }
        BatchState::Rejected => {
            r#"<path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2.8"/>"#
        }
        BatchState::Closed => {
            r#"<path d="M2.5 3h11v10h-11zM2.5 6.5h11" fill="none" stroke="currentColor" stroke-width="1.8"/>"#
        }
    }
}
