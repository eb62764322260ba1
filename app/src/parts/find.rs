//! The search box at the top of every page.

use domain::rights::Action;
use domain::search::MAX_QUERY;
use leptos::prelude::*;

use crate::page::Page;

/// The page that answers it.
pub const PATH: &str = "/search";
/// The name of what is looked for in its address.
pub const QUERY: &str = "q";

/// The box, for those who may read batches. It is an ordinary form: a scanner types into it and ends with Enter.
///
/// Where `scans`, it has the focus when the page opens, and takes what is typed while nothing else on the page does. A page
/// with forms of its own doesn't: a stray scan must not lead away from what is being typed there.
pub fn find(page: &Page, scans: bool) -> Option<AnyView> {
    if page.desk.person.sites_where(Action::ReadBatch).is_empty() {
        return None;
    }
    let typed = (page.path() == PATH).then(|| page.query(QUERY).unwrap_or_default().to_owned());
    Some(
        view! {
            <form class="find" method="get" action=PATH role="search" aria-label="Find">
                <label class="visually-hidden" for="find">"Find"</label>
                <input
                    type="search"
                    id="find"
                    name=QUERY
                    value=typed
                    maxlength=MAX_QUERY
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    aria-keyshortcuts="/"
                    title="Batch, DIN, subject, sample, unit, dose, deviation or certificate: type or scan. The key / leads here."
                    autofocus=scans
                    data-scans=scans.then_some("")
                />
                <button type="submit">"Find"</button>
            </form>
        }
        .into_any(),
    )
}
