//! No such page.

use leptos::prelude::*;

/// Shown with status 404 for an address that names nothing.
#[component]
pub fn NotFound() -> impl IntoView {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <main>
            <h1>"There is no such page"</h1>
            <a href="/">"Home"</a>
        </main>
    }
}
