//! About this program.

use leptos::prelude::*;

/// What this is.
#[component]
pub fn About() -> impl IntoView {
    view! {
        <main>
            <h1>"About"</h1>
            <p>"Autolog " {env!("CARGO_PKG_VERSION")}</p>
            <a href="/">"Home"</a>
        </main>
    }
}
