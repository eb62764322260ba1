//! The pages of Autolog.
//!
//! With the feature `ssr` every page is drawn on the server. With `hydrate` only the islands are built, for the browser: no
//! router, no page and no store goes there.
//!
//! # How a page is written
//!
//! One file a use-case in `pages/`, its route in [`shell`]. A page is an async function from [`page::Page`] (who asks, the
//! address, the forms, the [`desk::Desk`] with the record) to a view or a [`desk::Trouble`]; [`page::drawn`] makes a component
//! of it, sends who isn't signed in to the sign-in, and turns every trouble into a page with its status:
//!
//! ```ignore
//! #[component]
//! pub fn QualityPage() -> impl IntoView { drawn(quality) }
//!
//! async fn quality(page: Page) -> Result<AnyView, Trouble> {
//!     let batch = page.desk.batch(batch_id(&page)?).await?;            // 404 also where it is of another site
//!     page.desk.require(Action::EnterResult, &batch.harvest.site)?;     // 403; or leave a form out where may() is false
//!     let zone = batch.zone();                                         // zone.shown(at) -> "2026-03-05 13:42 CET"
//!     Ok(batch_frame(&page, "Quality", &batch, Tab::Quality, view! { <h1>"Quality"</h1> ... }))
//! }
//! ```
//!
//! # How a form is written
//!
//! [`page::Visit::form`] gives a [`form::Form`] by a name that is unique on the page, and [`parts::form`] draws it with its
//! hidden fields and, where it came back, with what was refused. The fields in it ([`parts::fields`]) show again what was
//! typed, and each refusal at its field. Passwords are in fields
//! whose name has `password` in it, and are never kept. [`parts::SignaturePanel`] is the inside of a form that signs.
//!
//! ```ignore
//! use leptos::server_fn::ServerFn as _;                               // for EnterResult::url()
//! let enter = page.form(&format!("enter:{sample}:{criterion}"));
//! form(&enter, EnterResult::url(), view! {
//!     {hidden_field("batch", batch.id)}
//!     <NumberField form=&enter name="value" label="Result" unit="%" judged=Judged::by("Result", unit, Some(&limit))/>
//!     {send("Enter the result")}
//! })
//! ```
//!
//! # How a command is written
//!
//! One file a use-case in `commands/`: a server function of the one argument `form: Typed`, which can't fail to be read, and
//! a function that does it. The order is always the same: person, rights, parse, record, and the page that shows it.
//! [`read::Reading`] looks at every field before it refuses; the names of the fields are those that the domain's refusals
//! name. [`answer::answer`] makes of it a redirect or a kept form for a plain browser, and a [`reply::Reply`] for the script.
//!
//! ```ignore
//! #[server(endpoint = "enter-result", input = FormPost)]
//! pub async fn enter_result(form: Typed) -> Answered {
//!     let done = enter(&form).await;
//!     answer(form, done).await
//! }
//!
//! async fn enter(form: &Typed) -> Result<String, Trouble> {
//!     let desk = Desk::open().await?;
//!     let batch = desk.batch_of(form).await?;                           // hidden field `batch`
//!     desk.require(Action::EnterResult, &batch.harvest.site)?;
//!     let mut reading = Reading::of(form);
//!     let (Some(value), Some(tested_on)) = (reading.number("value", "Result", unit), reading.day("tested_on", "Day of the test"))
//!     else { return Err(reading.refused()) };
//!     desk.on_batch(&batch, form, BatchCommand::Quality(QualityCommand::EnterResult { .. }), Signing::No).await?;
//!     Ok(format!("/batches/{}/quality#{}", batch.id, sample))          // where the record of it is read
//! }
//! // the id of what a form adds:  let sample = SampleId(new_id(form)?);   (the same form sent again adds the same)
//! // what is signed:  let signing = desk.confirm(form, &batch, action).await?;  desk.on_batch(&batch, form, command, signing).await?;
//! ```

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod board;
#[cfg(feature = "ssr")]
mod browser;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod door;
#[cfg(feature = "ssr")]
pub mod form;
pub mod islands;
pub mod judge;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod read;
pub mod reply;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod trail;
#[cfg(feature = "ssr")]
pub mod unsent;
#[cfg(feature = "ssr")]
pub mod zone;

/// Wakes the islands of a page; the page's own script calls it once the WASM is loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
