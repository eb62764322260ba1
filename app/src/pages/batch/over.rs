//! The steps that are over: what was recorded in each, by whom, when.

use domain::batch::{Planned, Progress, StepRecord};
use domain::rights::Action;
use leptos::prelude::*;

use super::super::sight::Sight;
use super::{complete, entry, figures, taken};
use crate::commands::step::step_id;

/// The steps that are over, the last one first, under the passage that they belong to.
pub fn sections(sight: &Sight, plan: &[Planned<'_>]) -> Vec<AnyView> {
    let mut over: Vec<_> = plan
        .iter()
        .filter(|planned| planned.progress == Progress::Over)
        .collect();
    let performed_at = |planned: &Planned<'_>| {
        sight
            .batch
            .steps
            .get(&planned.at)
            .and_then(StepRecord::performed_at)
    };
    // Recurring steps stand apart in the plan; here everything stands in the order in which it was done.
    over.sort_by_key(|planned| performed_at(planned));
    over.reverse();
    let mut views = Vec::new();
    for run in over.chunk_by(|one, next| one.at.passage == next.at.passage) {
        let words = match run.first().and_then(|planned| planned.at.passage) {
            Some(passage) => format!("Passage {passage}"),
            None if before_culture(sight, run) => "Before the culture".to_owned(),
            None => "After the culture".to_owned(),
        };
        views.push(view! { <h2 class="passage-heading">{words}</h2> }.into_any());
        views.extend(run.iter().filter_map(|planned| section(sight, planned)));
    }
    views
}

fn before_culture(sight: &Sight, run: &[&Planned<'_>]) -> bool {
    let master = &sight.batch.documents.master_record;
    let place = |key: &str| master.steps.iter().position(|step| step.key == key);
    let first = run.first().and_then(|planned| place(&planned.at.key));
    first
        .zip(master.culture_range())
        .is_some_and(|(place, (culture, _))| place < culture)
}

fn section(sight: &Sight, planned: &Planned<'_>) -> Option<AnyView> {
    let record = sight.batch.steps.get(&planned.at)?;
    let id = step_id(&planned.at);
    let title = sight.batch.step_title(&planned.at);
    let void = signature_void(sight, planned);
    let named = sight.page.query("step") == Some(planned.at.to_string().as_str());
    let waits = planned.step.fields.iter().any(|field| {
        let entry = record.entries.get(&field.key);
        field.critical
            && entry.is_some_and(|entry| entry.verified.is_none() && entry.not_applicable.is_none())
    });
    let entries: Vec<_> = planned
        .step
        .fields
        .iter()
        .filter_map(|field| {
            Some(entry::recorded(
                sight,
                &planned.at,
                field,
                record.entries.get(&field.key)?,
                false,
            ))
        })
        .collect();
    let comments: Vec<_> = record
        .comments
        .iter()
        .map(|comment| view! { <p class="comment"><q>{comment.text.clone()}</q>" "{sight.who(&comment.stamp)}</p> })
        .collect();
    let sign_again = (void && sight.may(Action::RecordEntry)).then(|| {
        view! {
            <div class="notice stop">
                <p>"The signature of this step is void since a later change. Read the step again, then sign it again."</p>
                {complete::complete(sight, planned)}
            </div>
        }
    });
    Some(
        view! {
            <details class="over" id=id open=named || void || waits>
                <summary>
                    <h3>{title}</h3>
                    <span class="over-when">{ended(sight, record)}</span>
                    {waits.then(|| view! { <span class="chip">"waits for a second person"</span> })}
                    {void.then(|| view! { <span class="chip">"signature void"</span> })}
                </summary>
                {sign_again}
                <div class="entries">{entries}</div>
                {figures::checks(sight, planned)}
                {taken::section(sight, planned, false)}
                {comments}
                {signatures(sight, planned)}
            </details>
        }
        .into_any(),
    )
}

fn ended(sight: &Sight, record: &StepRecord) -> AnyView {
    match (&record.completed, &record.not_applicable) {
        (Some(done), _) => {
            view! { {sight.moment(done.performed_at)}", "{done.stamp.by.name.clone()} }.into_any()
        }
        (None, Some(why)) => {
            view! { "not applicable: "{why.text.clone()}", "{sight.who(&why.stamp)} }.into_any()
        }
        (None, None) => ().into_any(),
    }
}

/// Whether every signature of the step is void.
fn signature_void(sight: &Sight, planned: &Planned<'_>) -> bool {
    let mut of_step = sight
        .batch
        .signatures
        .iter()
        .filter(|one| one.step.as_ref() == Some(&planned.at))
        .peekable();
    of_step.peek().is_some() && of_step.all(|one| one.void_since.is_some())
}

/// Each signature of the step, the void ones marked so (DI-3).
fn signatures(sight: &Sight, planned: &Planned<'_>) -> Vec<AnyView> {
    let of_step = sight
        .batch
        .signatures
        .iter()
        .filter(|one| one.step.as_ref() == Some(&planned.at));
    of_step
        .map(|one| {
            let void = one.void_since.is_some();
            view! {
                <p class="signature-line">
                    {if void { view! { <del>{sight.signed(&one.signature)}</del>" void since a later change" }.into_any() }
                     else { sight.signed(&one.signature) }}
                </p>
            }
            .into_any()
        })
        .collect()
}
