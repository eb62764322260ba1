//! The first page.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::commands::Greet;
use crate::islands::Tally;

/// A form that works without JavaScript, and an island.
#[component]
pub fn Home() -> impl IntoView {
    let query = use_query_map();
    let name = Resource::new(
        move || query.read().get("name"),
        |name| async move { name.unwrap_or_else(|| "nobody".to_owned()) },
    );
    view! {
        <main>
            <h1>"Autolog"</h1>
            <Suspense>{move || Suspend::new(async move {
                let name = name.await;
                view! {
                    <p id="greeting">"Hello, " {name.clone()}</p>
                    <label>"Free " <textarea name="free">{name}</textarea></label>
                }
            })}</Suspense>
            <form method="post" action=Greet::url()>
                <label>"Name " <input name="name"/></label>
                <button type="submit">"Greet"</button>
            </form>
            <Tally from=3/>
            <a href="/about">"About"</a>
        </main>
    }
}
