//! The one island of a page. It stands beside the content and listens for the whole page, so that content which is
//! replaced after a command is awake at once, and nothing in it has to be woken or moves when it is.

#[cfg(feature = "hydrate")]
mod clock;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod drafts;
#[cfg(feature = "hydrate")]
mod judging;
#[cfg(feature = "hydrate")]
mod refusals;
#[cfg(feature = "hydrate")]
mod scanning;
#[cfg(feature = "hydrate")]
mod sending;
#[cfg(feature = "hydrate")]
mod session;
#[cfg(feature = "hydrate")]
mod turning;

use leptos::prelude::*;

/// Helps with the forms of the page that it stands on: sends them without a new page, judges numbers while they are typed,
/// keeps drafts, the clock and the time that is left of the session.
#[island]
pub fn Aid() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    wake();
    view! { <div hidden=true></div> }
}

#[cfg(feature = "hydrate")]
fn wake() {
    sending::listen();
    judging::listen();
    scanning::listen();
    refusals::listen();
    drafts::listen();
    session::run();
    clock::run();
}
