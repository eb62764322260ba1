//! Who signed what, which signatures are void since when, and which are still missing.

use domain::batch::{Batch, Blocker, Disposition, Meaning, SignatureRecord};
use domain::ledger::Entry;
use domain::master_record::{StepRef, StepSignature};
use leptos::prelude::*;

use crate::desk::Trouble;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::Empty;

/// The list of signatures.
pub(super) async fn section(sight: &Sight) -> Result<AnyView, Trouble> {
    let entries = sight
        .page
        .desk
        .records
        .readable_entries(sight.batch.id)
        .await?;
    Ok(view! {
        <section id="signatures" aria-labelledby="signatures-heading">
            <h2 id="signatures-heading">"Signatures"</h2>
            {missing(sight)}
            {list(sight, &entries)}
        </section>
    }
    .into_any())
}

fn list(sight: &Sight, entries: &[Entry]) -> AnyView {
    if sight.batch.signatures.is_empty() {
        return view! {
            <Empty
                what="No signatures yet"
                how="Whoever signs a step, the review or the certification stands here, with the meaning and the moment."
            />
        }
        .into_any();
    }
    let lines: Vec<_> = sight
        .batch
        .signatures
        .iter()
        .map(|record| line(sight, record, entries))
        .collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Table of the signatures">
            <table class="signatures">
                <thead>
                    <tr>
                        <th scope="col">"Meaning"</th>
                        <th scope="col">"Of"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col">"User name"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Signed at"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(sight: &Sight, record: &SignatureRecord, entries: &[Entry]) -> AnyView {
    let signature = &record.signature;
    view! {
        <tr class=record.void_since.map(|_| "void")>
            <td>{signature.meaning.label()}</td>
            <td>{of(sight, record)}</td>
            <td>{signature.name.clone()}</td>
            <td>{signature.user_name.clone()}</td>
            <td>{signature.role.label()}</td>
            <td>{sight.moment(signature.at)}</td>
            <td>{state(sight, record, entries)}</td>
        </tr>
    }
    .into_any()
}

/// What was signed.
fn of(sight: &Sight, record: &SignatureRecord) -> AnyView {
    if let Some(at) = &record.step {
        return sight.step(at);
    }
    let closed = |one: &&domain::batch::Deviation| one.closed.as_ref() == Some(&record.signature);
    match (
        record.signature.meaning,
        sight.batch.deviations.iter().find(closed),
    ) {
        (Meaning::DeviationClosed, Some(deviation)) => {
            let to = format!(
                "/batches/{}/deviations#deviation-{}",
                sight.batch.id, deviation.id
            );
            view! { <a href=to>{deviation.number.clone()}</a> }.into_any()
        }
        _ => format!("the record up to entry {}", record.signed.version).into_any(),
    }
}

fn state(sight: &Sight, record: &SignatureRecord, entries: &[Entry]) -> AnyView {
    let Some(since) = record.void_since else {
        return mark("pass", "Stands");
    };
    let entry = entries.iter().find(|entry| entry.version == since);
    let since = entry.map(|entry| {
        let by = format!("entry {since} of {}", entry.actor.name);
        view! {
            <span class="why">"since " {sight.moment(entry.recorded_at)} ", " {by}</span>
        }
    });
    view! { {mark("void", "Void")} {since} }.into_any()
}

/// The signatures that are still to come.
fn missing(sight: &Sight) -> Option<AnyView> {
    let batch = &sight.batch;
    if matches!(batch.disposition, Disposition::Rejected { .. }) {
        return None;
    }
    let mut lines: Vec<AnyView> = batch
        .blockers(sight.now)
        .iter()
        .filter_map(|blocker| match blocker {
            Blocker::StepOpen { step, .. } if is_signed(batch, step) => {
                Some(missing_line(sight.step(step), Meaning::Performed))
            }
            Blocker::SignatureVoid { step, .. } => {
                Some(missing_line(sight.step(step), Meaning::Performed))
            }
            Blocker::NotReviewed => Some(missing_line("QA", Meaning::Reviewed)),
            _ => None,
        })
        .collect();
    if matches!(batch.disposition, Disposition::Open) {
        lines.push(missing_line("Qualified Person", Meaning::Certified));
    }
    if lines.is_empty() {
        return None;
    }
    Some(
        view! {
            <h3>"Still missing"</h3>
            <ul class="missing-signatures">{lines}</ul>
        }
        .into_any(),
    )
}

fn missing_line(of: impl IntoView + 'static, meaning: Meaning) -> AnyView {
    view! { <li>{mark("missing", meaning.label())} ": " {of.into_view()}</li> }.into_any()
}

fn is_signed(batch: &Batch, step: &StepRef) -> bool {
    let step = batch.documents.master_record.step(&step.key);
    step.is_some_and(|step| step.signature != StepSignature::None)
}
