//! The one script of a page: it loads the WASM and wakes the islands.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// In the place of Leptos's own `HydrationScripts`, whose preload of the module has no nonce and
/// so is refused by a policy that allows scripts by nonce alone.
///
/// Islands with children and islands in islands are not provided for. `data-awake` on the
/// document tells a test that the islands are awake.
#[component]
pub fn Wake() -> impl IntoView {
    // Only islands run in the browser, so nothing that a page has read is sent along.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href="/pkg/autolog.js" nonce=nonce.clone()/>
        <link
            rel="preload"
            href="/pkg/autolog_bg.wasm"
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=nonce inner_html=include_str!("wake.js")></script>
    }
}
