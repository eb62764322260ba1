//! The one island of a page.

use leptos::prelude::*;

/// Helps with the forms of the page that it stands on.
#[island]
pub fn Aid() -> impl IntoView {
    view! { <div hidden></div> }
}
