//! A count with a button, to show that an island wakes up.

use leptos::prelude::*;

/// A tally counter.
#[island]
pub fn Tally(
    /// Where the count starts.
    from: u32,
) -> impl IntoView {
    let (count, set_count) = signal(from);
    view! {
        <button type="button" on:click=move |_| set_count.update(|count| *count += 1)>
            "Count: " {count}
        </button>
    }
}
