//! Tables: heads that sort by the address, so that what one sees can be sent to somebody.

use leptos::prelude::*;

use crate::page::Visit;

/// The head of a column that sorts by `key`: the query `sort` is `key`, or `-key` for the other way.
pub fn sortable(visit: &Visit, key: &str, words: &str, default: &str) -> AnyView {
    let now = visit.query("sort").unwrap_or(default);
    let (other, sorted) = match now.strip_prefix('-') {
        Some(down) if down == key => (key.to_owned(), Some("descending")),
        None if now == key => (format!("-{key}"), Some("ascending")),
        _ => (key.to_owned(), None),
    };
    let to = visit.with_query("sort", Some(&other));
    view! { <th scope="col" aria-sort=sorted><a href=to>{words.to_owned()}</a></th> }.into_any()
}
