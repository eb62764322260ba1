//! The band of a batch: always in sight, in a colour of its own, so that two open batches can't be taken for each other.

use domain::batch::Batch;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::{Badge, Flags};

/// How many band colours there are.
const COLOURS: u64 = 8;

/// The band of a batch, for the top of each of its pages.
#[component]
pub fn Band(
    /// The batch.
    batch: Batch,
    /// The server's time.
    now: Timestamp,
) -> impl IntoView {
    let harvest = &batch.harvest;
    let culture = day_of_culture(&batch, now);
    let check = harvest.din.check_character();
    view! {
        <section class=format!("band band-{}", colour_of(&harvest.number)) aria-label="Batch">
            <a class="band-number" href=format!("/batches/{}", batch.id)>{harvest.number.clone()}</a>
            <span class="band-part">
                <span class="band-name">{harvest.din.name()}</span>" "
                <span class="din">{harvest.din.grouped()}</span>" "
                {check.map(|check| view! { <span class="check" title="Check character">{check.to_string()}</span> })}
            </span>
            <span class="band-part"><span class="band-name">"Subject"</span>" "{harvest.subject.clone()}</span>
            <span class="band-part band-site"><span class="band-name">"Site"</span>" "{harvest.site.clone()}</span>
            <span class="band-part band-state"><Badge state=batch.state()/><Flags flags=batch.flags()/></span>
            {culture.map(|words| view! { <span class="band-part">{words}</span> })}
        </section>
    }
}

/// Day of culture and passage in words, while there is a culture.
#[must_use]
pub fn day_of_culture(batch: &Batch, now: Timestamp) -> Option<String> {
    let began = batch.in_culture_since()?;
    let day = batch.zone().days_between(began, now);
    Some(batch.passage().map_or_else(
        || format!("day {day}"),
        |passage| format!("P{passage}, day {day}"),
    ))
}

/// The colour of a batch number: the same on every page, on every day. Eight batches in a row of one site have eight
/// colours, so that those at work at the same time are told apart.
#[must_use]
pub fn colour_of(number: &str) -> u64 {
    let digits = number.rsplit('-').next().unwrap_or_default();
    digits.parse::<u64>().unwrap_or_default() % COLOURS
}

#[cfg(test)]
mod tests {
    use super::*;

    // ATMP-9
    #[test]
    fn eight_batches_in_a_row_have_eight_colours() {
        let mut colours: Vec<_> = (5..13)
            .map(|nth| colour_of(&format!("GE-2026-{nth:04}")))
            .collect();
        colours.sort_unstable();
        assert_eq!(colours, (0..COLOURS).collect::<Vec<_>>());
        assert_eq!(colour_of("GE-2026-0003"), colour_of("GE-2027-0003"));
    }
}
