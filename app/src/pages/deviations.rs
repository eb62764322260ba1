//! Deviations of a batch: raised by anyone at work, classified, assessed and closed by QA.

mod one;
mod raise;
mod stops;

use domain::batch::{Deviation, DeviationClass};
use leptos::prelude::*;

use super::marks::mark;
use super::sight::Sight;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::Empty;
use crate::parts::frame::Tab;

/// The deviations of a batch.
#[component]
pub fn DeviationsPage() -> impl IntoView {
    drawn(deviations)
}

async fn deviations(page: Page) -> Result<AnyView, Trouble> {
    let sight = Sight::open(page).await?;
    let each: Vec<_> = sight
        .batch
        .deviations
        .iter()
        .map(|deviation| one::section(&sight, deviation))
        .collect();
    let content = view! {
        <h1>"Deviations"</h1>
        {raise::fold(&sight)}
        {stops::sections(&sight)}
        {list(&sight)}
        {each}
    };
    Ok(sight.framed("Deviations", Tab::Deviations, content))
}

fn list(sight: &Sight) -> AnyView {
    if sight.batch.deviations.is_empty() {
        return view! {
            <Empty
                what="No deviations"
                how="Whatever went otherwise than the master record or the specification says is raised above, and stands here until QA has closed it."
            />
        }
        .into_any();
    }
    let lines: Vec<_> = sight
        .batch
        .deviations
        .iter()
        .map(|deviation| line(sight, deviation))
        .collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="List of deviations">
            <table class="worklist">
                <thead>
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"Step"</th>
                        <th scope="col">"What happened"</th>
                        <th scope="col">"Class"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(sight: &Sight, deviation: &Deviation) -> AnyView {
    view! {
        <tr>
            <th scope="row" class="nowrap"><a href=format!("#{}", place_id(deviation))>{deviation.number.clone()}</a></th>
            <td>{step(sight, deviation)}</td>
            <td class="typed">{first_words(&deviation.description)}</td>
            <td>{class(deviation)}</td>
            <td>{state(deviation)}</td>
        </tr>
    }
    .into_any()
}

/// The id of a deviation's section on the page.
fn place_id(deviation: &Deviation) -> String {
    format!("deviation-{}", deviation.id)
}

fn step(sight: &Sight, deviation: &Deviation) -> AnyView {
    match &deviation.step {
        Some(at) => sight.step(at),
        None => "the batch as a whole".into_any(),
    }
}

fn class(deviation: &Deviation) -> AnyView {
    match &deviation.class {
        Some((DeviationClass::Critical, _)) => mark("fail", "critical"),
        Some((class, _)) => class.label().into_any(),
        None => mark("missing", "not classified"),
    }
}

fn state(deviation: &Deviation) -> AnyView {
    if deviation.closed.is_some() {
        mark("pass", "Closed")
    } else {
        mark("fail", "Open")
    }
}

/// Enough of a description to know it again.
fn first_words(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{} …", cut.trim_end())
}
