//! The band of a batch: always in sight, in a colour of its own, so that two open batches can't be taken for each other.

use domain::batch::Batch;
use domain::ledger::Hash;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::Badge;

/// How many band colours there are.
const COLOURS: u8 = 8;

/// The band of a batch, for the top of each of its pages.
#[component]
pub fn Band(
    /// The batch.
    batch: Batch,
    /// The server's time.
    now: Timestamp,
    /// Who is signed in, with their roles at the site.
    #[prop(into)]
    person: String,
) -> impl IntoView {
    let harvest = &batch.harvest;
    let culture = day_of_culture(&batch, now);
    let check = harvest.din.check_character();
    view! {
        <section class=format!("band band-{}", colour_of(&harvest.number)) aria-label="Batch">
            <a class="band-number" href=format!("/batches/{}", batch.id)>{harvest.number.clone()}</a>
            <span class="band-part">
                <span class="band-name">"DIN"</span>" "
                <span class="din">{harvest.din.grouped()}</span>" "
                <span class="check" title="Check character">{check.to_string()}</span>
            </span>
            <span class="band-part"><span class="band-name">"Subject"</span>" "{harvest.subject.clone()}</span>
            <span class="band-part"><span class="band-name">"Site"</span>" "{harvest.site.clone()}</span>
            <span class="band-part band-state"><Badge state=batch.state()/></span>
            {culture.map(|words| view! { <span class="band-part">{words}</span> })}
            <span class="band-part band-person"><span class="visually-hidden">"Signed in: "</span>{person}</span>
        </section>
    }
}

/// Day of culture and passage in words, while there is a culture.
#[must_use]
pub fn day_of_culture(batch: &Batch, now: Timestamp) -> Option<String> {
    let began = batch.culture_began()?;
    let day = now.since(began).num_days();
    Some(batch.passage().map_or_else(
        || format!("day {day}"),
        |passage| format!("P{passage}, day {day}"),
    ))
}

/// The colour of a batch number: the same on every page, on every day.
#[must_use]
pub fn colour_of(number: &str) -> u8 {
    // The last character of the hash's text spreads neighbouring numbers.
    let text = Hash::of(number.as_bytes()).to_string();
    text.bytes().last().unwrap_or_default() % COLOURS
}
