//! What holds a batch, on each of its pages.

use domain::batch::{Batch, Disposition, Stop};
use leptos::prelude::*;

/// The stops that hold a batch, each with what lifts it and a link to where that is done; nothing where none does.
#[component]
pub fn Hold(
    /// The batch.
    batch: Batch,
) -> impl IntoView {
    // A rejected batch waits for nothing.
    let rejected = matches!(batch.disposition, Disposition::Rejected { .. });
    let lines: Vec<_> = batch.open_stops().map(|stop| line(&batch, stop)).collect();
    (!rejected && !lines.is_empty()).then(|| {
        view! {
            <section class="hold" aria-label="On hold">
                <p class="hold-name">"On hold"</p>
                <ul class="hold-stops">{lines}</ul>
                <p class="hold-what">
                    "Nothing of this batch is given to a patient. Work that keeps the cells alive goes on and is flagged."
                </p>
            </section>
        }
    })
}

fn line(batch: &Batch, stop: &Stop) -> AnyView {
    let to = format!("/batches/{}/deviations#stop-{}", batch.id, stop.number());
    let where_from = batch.step_title(&stop.step);
    view! {
        <li>
            <a href=to><strong>{stop.words()}</strong></a>
            <span class="sub">{format!(" {where_from}, entry {}.", stop.entry)}</span>
            <span class="sub">{format!(" Lifted by {}.", batch.lift_words(&stop.lifted_by))}</span>
        </li>
    }
    .into_any()
}
