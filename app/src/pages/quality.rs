//! Quality: the samples of a batch, their tests, and the results.

mod change;
mod chosen;
mod row;
mod sample;

use leptos::prelude::*;

use self::row::{Row, rows};
use super::sight::Sight;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::Empty;
use crate::parts::frame::Tab;

pub use row::row_id;

/// The samples of a batch and their results.
#[component]
pub fn QualityPage() -> impl IntoView {
    drawn(quality)
}

async fn quality(page: Page) -> Result<AnyView, Trouble> {
    let sight = Sight::open(page).await?;
    let content = view! {
        <h1>"Samples and results"</h1>
        {chosen::panel(&sight)}
        {awaited(&sight)}
        {samples(&sight)}
    };
    Ok(sight.framed("Quality", Tab::Quality, content))
}

fn samples(sight: &Sight) -> AnyView {
    if sight.batch.samples.is_empty() {
        return view! {
            <Empty
                what="No samples yet"
                how="A sample taken at a sampling step of the batch record stands here, with its tests and when each result is due."
            />
        }
        .into_any();
    }
    sight
        .batch
        .samples
        .iter()
        .map(|one| sample::section(sight, one))
        .collect_view()
        .into_any()
}

/// What the batch waits for here, the next due first.
fn awaited(sight: &Sight) -> Option<AnyView> {
    if sight.batch.samples.is_empty() {
        return None;
    }
    let mut awaited: Vec<_> = rows(&sight.batch)
        .into_iter()
        .filter(|row| row.is_awaited(&sight.batch))
        .collect();
    awaited.sort_by_key(|row| row.too_early(&sight.batch).unwrap_or(row.test.due));
    if awaited.is_empty() {
        return Some(
            view! { <p class="all-done">"Every test has a result that a second analyst reviewed."</p> }.into_any(),
        );
    }
    let lines: Vec<_> = awaited.iter().map(|row| awaited_line(sight, row)).collect();
    let heading = format!("Waiting ({})", lines.len());
    Some(
        view! {
            <section aria-labelledby="waiting">
                <h2 id="waiting">{heading}</h2>
                <div class="scrolls" tabindex="0" role="region" aria-label="Table of what is waited for">
                    <table class="worklist">
                        <thead>
                            <tr>
                                <th scope="col">"Due"</th>
                                <th scope="col">"Test"</th>
                                <th scope="col">"Sample"</th>
                                <th scope="col">"Waits for"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn awaited_line(sight: &Sight, row: &Row<'_>) -> AnyView {
    let waits_for = match row.test.standing() {
        Some(result) if result.returned().is_some() => "correction or confirmation by the analyst",
        Some(result) if result.reviewed.is_none() => "review by a second analyst",
        Some(_) => "the next reading: the last was before the minimum time of the method",
        None => "the result",
    };
    view! {
        <tr>
            <td>{row.due(sight)}</td>
            <td><a href=row.chosen(&sight.batch)>{row.name().to_owned()}</a></td>
            <td>{row.sample.code.clone()} ", " {row.sample.point.clone()}</td>
            <td>{waits_for}</td>
        </tr>
    }
    .into_any()
}
