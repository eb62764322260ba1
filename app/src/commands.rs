//! Commands: server functions that a plain form posts to.

use leptos::prelude::*;

/// Greets.
#[server(endpoint = "greet")]
pub async fn greet(
    /// Whom.
    name: String,
) -> Result<(), ServerFnError> {
    let query = format!("/?name={}", leptos_router::location::Url::escape(&name));
    leptos_axum::redirect(&query, false);
    Ok(())
}
