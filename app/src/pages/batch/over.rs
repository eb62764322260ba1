//! The steps that are over: what was recorded in each, by whom, when.
//!
//! A long record would be a page of some hundred kilobytes, most of it folded away. So the steps done last stand there with all
//! that was recorded, and the ones before with a line that leads to it.

use std::collections::BTreeSet;

use domain::batch::{Planned, Progress, StepRecord, TimeOf};
use domain::master_record::{Field, StepRef};
use domain::rights::Action;
use leptos::prelude::*;

use super::super::sight::Sight;
use super::{complete, entry, figures, taken, times};
use crate::commands::step::{at_step, step_id};

/// So many steps stand in the page with all that was recorded.
const IN_FULL: usize = 30;

/// What of the address asks for all of them.
const ALL: (&str, &str) = ("steps", "all");

/// The steps that are over, as they stand in the page.
pub struct Over<'a, 'b> {
    /// The last one first.
    steps: Vec<&'b Planned<'a>>,
    /// Those with all that was recorded.
    in_full: BTreeSet<&'b StepRef>,
}

impl<'a, 'b> Over<'a, 'b> {
    /// In full stand those done last, those that somebody has to look at, and the one that the address names.
    pub fn of(sight: &Sight, plan: &'b [Planned<'a>]) -> Self {
        let mut steps: Vec<_> = plan
            .iter()
            .filter(|planned| planned.progress == Progress::Over)
            .collect();
        let performed_at = |planned: &&Planned<'_>| {
            let record = sight.batch.steps.get(&planned.at);
            record.and_then(StepRecord::performed_at)
        };
        // Recurring steps stand apart in the plan; here everything stands in the order in which it was done.
        steps.sort_by_key(performed_at);
        steps.reverse();
        let all = sight.page.query(ALL.0) == Some(ALL.1);
        let in_full = steps
            .iter()
            .enumerate()
            .filter(|(place, planned)| all || *place < IN_FULL || is_open(sight, planned))
            .map(|(_, planned)| &planned.at)
            .collect();
        Self { steps, in_full }
    }

    /// Where a step that is over is read.
    pub fn link(&self, sight: &Sight, step: &StepRef) -> String {
        if self.in_full.contains(step) {
            format!("#{}", step_id(step))
        } else {
            at_step(&sight.batch, step)
        }
    }
}

/// The steps that are over, the last one first, under the passage that they belong to.
pub fn sections(sight: &Sight, over: &Over<'_, '_>) -> Vec<AnyView> {
    let mut views = Vec::new();
    let lines = over.steps.len() - over.in_full.len();
    if lines > 0 {
        let to = format!("/batches/{}?{}={}", sight.batch.id, ALL.0, ALL.1);
        let words = format!("Show what was recorded in all {} steps", over.steps.len());
        views.push(view! { <p class="over-all"><a href=to>{words}</a></p> }.into_any());
    }
    for run in over
        .steps
        .chunk_by(|one, next| one.at.passage == next.at.passage)
    {
        let words = match run.first().and_then(|planned| planned.at.passage) {
            Some(passage) => format!("Passage {passage}"),
            None if before_culture(sight, run) => "Before the culture".to_owned(),
            None => "After the culture".to_owned(),
        };
        views.push(view! { <h2 class="passage-heading">{words}</h2> }.into_any());
        views.extend(run.iter().filter_map(|planned| {
            if over.in_full.contains(&planned.at) {
                section(sight, planned)
            } else {
                line(sight, planned, over)
            }
        }));
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

/// The line of a step that stands in the page with no more than that.
fn line(sight: &Sight, planned: &Planned<'_>, over: &Over<'_, '_>) -> Option<AnyView> {
    let record = sight.batch.steps.get(&planned.at)?;
    let title = sight.batch.step_title(&planned.at);
    Some(
        view! {
            <div class="over over-line" id=step_id(&planned.at)>
                <h3><a href=over.link(sight, &planned.at)>{title}</a></h3>
                <span class="over-when">{ended(sight, record)}</span>
            </div>
        }
        .into_any(),
    )
}

/// Whether a step stands unfolded: somebody has to look at it, or the address names it.
fn is_open(sight: &Sight, planned: &Planned<'_>) -> bool {
    let named = sight.page.query("step") == Some(planned.at.to_string().as_str());
    named || signature_void(sight, planned) || waits(sight, planned)
}

/// Whether an entry of the step waits for a second person.
fn waits(sight: &Sight, planned: &Planned<'_>) -> bool {
    let record = sight.batch.steps.get(&planned.at);
    let unverified = |field: &Field| {
        let entry = record.and_then(|record| record.entries.get(&field.key));
        entry.is_some_and(|entry| entry.verified.is_none() && entry.not_applicable.is_none())
    };
    let mut fields = planned.step.fields.iter();
    fields.any(|field| field.critical && unverified(field))
}

fn section(sight: &Sight, planned: &Planned<'_>) -> Option<AnyView> {
    let record = sight.batch.steps.get(&planned.at)?;
    let id = step_id(&planned.at);
    let title = sight.batch.step_title(&planned.at);
    let void = signature_void(sight, planned);
    let waits = waits(sight, planned);
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
    let end = record.completed.as_ref().map(|done| {
        let of = TimeOf::Step {
            step: planned.at.clone(),
        };
        let former = times::former(sight, &of);
        view! { {former}{times::correction(sight, &of, done.performed_at)} }
    });
    Some(
        view! {
            <details class="over" id=id open=is_open(sight, planned)>
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
                {end}
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
