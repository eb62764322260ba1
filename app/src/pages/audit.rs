//! The audit trail of a batch: who, what, old, new, why, when (P11-10e1, DI-1).

use domain::batch::{AuditColumn, AuditGroup, AuditRow};
use domain::clock::ClockState;
use domain::ids::BatchId;
use domain::print::PrintedDocument;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::collections::BTreeMap;

use super::prints;
use crate::commands::papers::CopyAuditTrail;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::fields::{form_as, hidden_field};
use crate::parts::filter::{choose, filters, search};
use crate::parts::frame::{Tab, batch_frame};
use crate::parts::{Empty, sortable, sortable_by};
use crate::trail::{Format, Trail, query};
use crate::zone::Zone;

/// The audit trail of a batch.
#[component]
pub fn AuditPage() -> impl IntoView {
    drawn(audit)
}

async fn audit(page: Page) -> Result<AnyView, Trouble> {
    let id = page.path().split('/').nth(2).unwrap_or_default();
    let id: BatchId = id.parse().map_err(|_| Trouble::NotFound)?;
    let batch = page.desk.batch(id).await?;
    let asked = |name: &str| page.query(name).map(str::to_owned);
    let trail = Trail::read(&page.desk.records, &page.desk.person, batch, asked).await?;
    let shown = trail.shown();
    let copied = |document: &PrintedDocument| match document {
        PrintedDocument::AuditTrail { .. } => true,
        PrintedDocument::Certificate { .. } => false,
    };
    let prints = prints::section(&page, &trail.batch, trail.zone, copied).await?;
    let content = view! {
        <h1>"Audit trail"</h1>
        <p class="lead">
            "Each entry of this batch as it stands in the ledger of the site. Nothing is ever changed or removed: a correction \
             is an entry of its own, beside the one that it corrects."
        </p>
        {filter(&page, &trail)}
        {copies(&page, &trail, shown.len())}
        {prints}
        {table(&page, &trail, &shown)}
    };
    Ok(batch_frame(
        &page,
        "Audit trail",
        &trail.batch,
        Tab::Audit,
        content,
    ))
}

fn filter(page: &Page, trail: &Trail) -> AnyView {
    let groups = AuditGroup::ALL
        .iter()
        .map(|group| (group.code().to_owned(), group.label().to_owned()));
    let mut people = BTreeMap::new();
    let mut steps = BTreeMap::new();
    for row in &trail.rows {
        people.insert(row.person(), row.user.to_string());
        if let (Some(step), Some(title)) = (&row.step, &row.step_title) {
            // In the order of the work: by the first entry of each step.
            steps
                .entry(step.to_string())
                .or_insert((row.version, title.clone()));
        }
    }
    let mut steps: Vec<_> = steps.into_iter().collect();
    steps.sort_by_key(|(_, (first, _))| *first);
    let people = people.into_iter().map(|(name, user)| (user, name));
    let steps = steps.into_iter().map(|(step, (_, title))| (step, title));
    let parts = vec![
        choose(page, query::GROUP, "Kind", groups),
        choose(page, query::PERSON, "Person", people),
        choose(page, query::STEP, "Step", steps),
        search(page, query::TEXT, "Text"),
    ];
    filters(
        page,
        "Filter of the audit trail",
        parts,
        !trail.filter.is_empty(),
    )
}

/// How many rows there are, by which filter, and the way to a copy of just these.
fn copies(page: &Page, trail: &Trail, shown: usize) -> AnyView {
    let all = trail.rows.len();
    let count = if shown == all {
        format!("{all} entries.")
    } else {
        format!(
            "{shown} of {all} entries. Filter: {}.",
            trail.filter.words(&trail.rows)
        )
    };
    let order = trail.order.words();
    let printed = trail.zone.shown(page.desk.now());
    let person = &page.desk.person;
    let by = format!("{} ({})", person.name, person.user_name);
    view! {
        <div class="trail-shown">
            <p>{count}</p>
            <div class="copies">
                <span>"Download this view; each copy is recorded:"</span>
                {copy(page, trail, Format::Csv, "CSV")}
                {copy(page, trail, Format::Json, "JSON")}
            </div>
            <p class="only-printed">
                "Order: " {order} ". Printed " {printed} " by " {by} ", Autolog " {page.desk.records.version().to_owned()} "."
            </p>
        </div>
    }
    .into_any()
}

/// The form that makes a copy of what is shown.
fn copy(page: &Page, trail: &Trail, format: Format, words: &'static str) -> AnyView {
    let copying = page.form(&format!("copy:{}", format.ending()));
    let asked = |name: &str| page.query(name).unwrap_or_default().to_owned();
    let fields = view! {
        {hidden_field("batch", trail.batch.id)}
        {hidden_field("format", format.ending())}
        {hidden_field("group", asked(query::GROUP))}
        {hidden_field("person_of", asked(query::PERSON))}
        {hidden_field("step", asked(query::STEP))}
        {hidden_field("text", asked(query::TEXT))}
        {hidden_field("sort", asked(query::SORT))}
        <button type="submit" class="button">{words}</button>
    };
    form_as("form-button", &copying, CopyAuditTrail::url(), fields)
}

fn table(page: &Page, trail: &Trail, shown: &[&AuditRow]) -> AnyView {
    if shown.is_empty() {
        return view! {
            <Empty
                what="No entry fits the filter"
                how="Every entry of the batch is here as soon as it is recorded. Choose another filter, or show all."
            />
        }
        .into_any();
    }
    let default = AuditColumn::Recorded.code();
    let recorded = [
        (AuditColumn::Recorded.code(), "Recorded"),
        (AuditColumn::Performed.code(), "performed"),
    ];
    let what = [
        (AuditColumn::Kind.code(), "What"),
        (AuditColumn::Step.code(), "step"),
    ];
    let person = AuditColumn::Person.code();
    let rows: Vec<_> = shown.iter().map(|row| line(row, trail.zone)).collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Audit trail">
            <table class="trail">
                <thead>
                    <tr>
                        {sortable_by(page, &recorded, default)}
                        {sortable(page, person, "Person", default)}
                        {sortable_by(page, &what, default)}
                        <th scope="col">"Value, the old one struck through"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(row: &AuditRow, zone: Zone) -> AnyView {
    let id = format!("entry-{}", row.version);
    let place = format!("entry {}, ledger {}", row.version, row.position);
    let account = match &row.user_name {
        Some(user_name) => format!("{user_name}, {}", row.role),
        None => row.role.to_string(),
    };
    let effects: Vec<_> = row
        .effects
        .iter()
        .map(|effect| view! { <li>{effect.clone()}</li> })
        .collect();
    let effects = (!effects.is_empty()).then(|| view! { <ul class="trail-effects">{effects}</ul> });
    let old = row.old.clone().map(|old| {
        view! { <span class="visually-hidden">"was "</span><del>{old}</del>" " }
    });
    let new = row.new.clone().map(|new| {
        let now = row
            .old
            .is_some()
            .then(|| view! { <span class="visually-hidden">"is "</span> });
        view! { {now}<span>{new}</span> }
    });
    let performed = row
        .performed_at
        .map(|at| view! { <span class="sub">"performed " <span class="nowrap">{zone.shown(at)}</span></span> });
    let clock = match row.clock {
        ClockState::Confirmed => None,
        ClockState::NotConfirmed => Some(view! { <span class="sub">"clock not confirmed"</span> }),
    };
    let step = row
        .step_title
        .clone()
        .map(|step| view! { <span class="trail-step">{step}</span> });
    let field = row
        .field
        .clone()
        .map(|field| view! { <span class="sub">{field}</span> });
    view! {
        <tr id=id>
            <th scope="row" class="trail-when">
                {zone.shown(row.recorded_at)}
                {clock}
                {performed}
                <span class="sub">{place}</span>
            </th>
            <td>{row.name.clone()}<span class="sub">{account}</span></td>
            <td class="trail-what">{row.what.clone()}{step}{field}{effects}</td>
            <td class="typed trail-value">{old}{new}</td>
            <td class="typed">{row.why.clone()}</td>
        </tr>
    }
    .into_any()
}
