//! The batch record: what is to be done next as the largest thing, and everything that was done, in order.

mod complete;
mod entry;
mod figures;
mod growth;
mod harvest;
mod next;
mod over;
mod steps;
mod summary;
mod taken;
pub(super) mod times;

use domain::batch::{Planned, Progress};
use domain::master_record::StepRef;
use leptos::prelude::*;

use super::sight::Sight;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::frame::Tab;

/// The batch record.
#[component]
pub fn BatchPage() -> impl IntoView {
    drawn(batch)
}

async fn batch(page: Page) -> Result<AnyView, Trouble> {
    let sight = Sight::open(page).await?;
    let plan = sight.batch.plan();
    let chosen = chosen(&sight, &plan);
    let over = over::Over::of(&sight, &plan);
    let content = view! {
        <h1 class="visually-hidden">{format!("Batch {}", sight.batch.harvest.number)}</h1>
        <div class="record">
            <div class="record-work">
                {next::panel(&sight, &plan, chosen)}
                {growth::section(&sight)}
                {summary::section(&sight)}
            </div>
            {steps::list(&sight, &plan, chosen, &over)}
            <div class="record-past">
                {over::sections(&sight, &over)}
                {harvest::section(&sight)}
                {summary::comments(&sight)}
            </div>
        </div>
    };
    Ok(sight.framed("Batch record", Tab::Record, content))
}

/// The open step that the person works on: the one that the address names, else a recurring one that was begun, else what
/// is due first, as the board says it.
fn chosen<'a, 'b>(sight: &Sight, plan: &'b [Planned<'a>]) -> Option<&'b Planned<'a>> {
    let open = || {
        plan.iter()
            .filter(|planned| planned.progress == Progress::Open)
    };
    let named = sight
        .page
        .query("step")
        .and_then(|step| step.parse::<StepRef>().ok());
    let begun = |planned: &&Planned<'_>| {
        let record = sight.batch.steps.get(&planned.at);
        record.is_some_and(|record| !record.entries.is_empty())
    };
    let due = sight.batch.next_due().map(|planned| planned.at);
    named
        .and_then(|named| open().find(|planned| planned.at == named))
        .or_else(|| open().find(begun))
        .or_else(|| due.and_then(|due| open().find(|planned| planned.at == due)))
}
