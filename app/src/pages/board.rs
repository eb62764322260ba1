//! The board: the batches at work.

use leptos::prelude::*;

use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::frame;

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    drawn(board)
}

async fn board(page: Page) -> Result<AnyView, Trouble> {
    Ok(frame(&page, "Board", view! { <h1>"Batches at work"</h1> }))
}
