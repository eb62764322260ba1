//! Facts side by side, and what stands where there are none.

use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::Decimal;

/// One fact: its name and what it is.
pub fn fact(name: &str, value: impl IntoView) -> AnyView {
    view! { <div class="fact"><dt>{name.to_owned()}</dt><dd>{value.into_view()}</dd></div> }
        .into_any()
}

/// A list of facts, made with [`fact`].
#[component]
pub fn Facts(
    /// The facts.
    facts: Vec<AnyView>,
) -> impl IntoView {
    view! { <dl class="facts">{facts}</dl> }
}

/// A body weight with its day, which isn't broken over two lines.
pub fn weighed(kg: Decimal, on: NaiveDate) -> AnyView {
    view! { {format!("{kg} kg, weighed on ")} <span class="nowrap">{on.to_string()}</span> }
        .into_any()
}

/// Stands where a list is empty: what would be here, and how it gets here.
#[component]
pub fn Empty(
    /// What would be here.
    #[prop(into)]
    what: String,
    /// How it gets here.
    #[prop(into)]
    how: String,
) -> impl IntoView {
    view! { <div class="empty"><p><strong>{what}</strong></p><p>{how}</p></div> }
}
