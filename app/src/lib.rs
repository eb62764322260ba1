//! The pages of Autolog.
//!
//! With the feature `ssr` every page is drawn on the server. With `hydrate` only the islands
//! are built, for the browser: no router, no page and no store goes there.

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod door;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;

/// Wakes the islands of a page; the page's own script calls it once the WASM is loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
