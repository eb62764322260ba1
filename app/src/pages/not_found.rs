//! No such page.

use axum::http::StatusCode;
use leptos::prelude::*;

use crate::answer::status;
use crate::page::plain;

/// Shown with status 404 for an address that names nothing.
#[component]
pub fn NotFound() -> impl IntoView {
    status(StatusCode::NOT_FOUND);
    plain(
        "There is no such page",
        "Check the address, or go on from the board.",
    )
}
