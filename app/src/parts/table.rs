//! Tables: heads that sort by the address, so that what one sees can be sent to somebody.

use leptos::prelude::*;

use crate::page::Visit;

/// The head of a column that sorts by `key`: the query `sort` is `key`, or `-key` for the other way.
pub fn sortable(visit: &Visit, key: &str, words: &str, default: &str) -> AnyView {
    sortable_by(visit, &[(key, words)], default)
}

/// The head of a column that holds more than one thing, each with its key and words, and sorts by each of them.
pub fn sortable_by(visit: &Visit, columns: &[(&str, &str)], default: &str) -> AnyView {
    let now = visit.query("sort").unwrap_or(default);
    let mut sorted = None;
    let mut links = Vec::new();
    for (key, words) in columns {
        let (other, way) = match now.strip_prefix('-') {
            Some(down) if down == *key => ((*key).to_owned(), Some("descending")),
            None if now == *key => (format!("-{key}"), Some("ascending")),
            _ => ((*key).to_owned(), None),
        };
        sorted = sorted.or(way);
        let to = visit.with_query("sort", Some(&other));
        let class = way.map(|_| "sorted");
        links.push(view! { <a href=to class=class>{(*words).to_owned()}</a>" " });
    }
    view! { <th scope="col" aria-sort=sorted>{links}</th> }.into_any()
}
