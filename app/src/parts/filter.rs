//! Filters of a table: a form that only reads, so that what is shown has an address.

use leptos::prelude::*;

use crate::page::Visit;

/// A form of filters, made with [`choose`] and [`search`]. The order of the table stays.
pub fn filters(visit: &Visit, label: &'static str, parts: Vec<AnyView>, filtered: bool) -> AnyView {
    let path = visit.path().to_owned();
    let sort = visit
        .query("sort")
        .map(|sort| view! { <input type="hidden" name="sort" value=sort.to_owned()/> });
    let all = filtered.then(|| view! { <a class="button" href=path.clone()>"Show all"</a> });
    view! {
        <form class="filters" method="get" action=path.clone() role="search" aria-label=label data-filter="">
            {sort}
            {parts}
            <div class="filters-go">
                <button type="submit">"Show"</button>
                {all}
            </div>
        </form>
    }
    .into_any()
}

/// One of these, each by its code in the address, or all.
pub fn choose(
    visit: &Visit,
    name: &'static str,
    label: &'static str,
    choices: impl IntoIterator<Item = (String, String)>,
) -> AnyView {
    let chosen = visit.query(name).unwrap_or_default().to_owned();
    let id = format!("filter-{name}");
    let options: Vec<_> = choices
        .into_iter()
        .map(|(code, words)| {
            let selected = code == chosen;
            view! { <option value=code selected=selected>{words}</option> }
        })
        .collect();
    view! {
        <div class="filter">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                <option value="">"All"</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A text that is looked for.
pub fn search(visit: &Visit, name: &'static str, label: &'static str) -> AnyView {
    let id = format!("filter-{name}");
    let value = visit.query(name).unwrap_or_default().to_owned();
    view! {
        <div class="filter">
            <label for=id.clone()>{label}</label>
            <input type="search" id=id name=name value=value autocomplete="off"/>
        </div>
    }
    .into_any()
}
