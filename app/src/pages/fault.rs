//! Where a browser without script is sent when a command met a fault.

use leptos::prelude::*;
use uuid::Uuid;

use crate::page::{drawn_for_all, fault};

/// The page of a fault.
#[component]
pub fn FaultPage() -> impl IntoView {
    drawn_for_all(|visit| async move {
        // Nothing but an id is repeated from the address.
        let id = visit.query("id").and_then(|id| id.parse::<Uuid>().ok());
        Ok(fault(
            &id.map_or_else(|| "none".to_owned(), |id| id.to_string()),
        ))
    })
}
