//! The step at work: the largest thing on the page.

use domain::batch::{
    BatchCommand, FieldValue, Planned, ProcessingCommand, ProcessingRefusal, Progress, Refusal,
    StopRefusal,
};
use domain::rights::Action;
use leptos::prelude::*;

use super::super::sight::{Offer, Sight};
use super::{complete, entry, figures, taken};
use crate::answer::escaped;
use crate::commands::step::step_id;
use crate::parts::due::Due;
use crate::parts::frame::Tab;

/// The step at work with its forms, and what else is possible now.
pub fn panel(sight: &Sight, plan: &[Planned<'_>], chosen: Option<&Planned<'_>>) -> AnyView {
    let Some(planned) = chosen else {
        return nothing_left(sight);
    };
    let title = sight.batch.step_title(&planned.at);
    let id = step_id(&planned.at);
    let may = sight.may(Action::RecordEntry);
    let open = matches!(sight.batch.disposition, domain::batch::Disposition::Open);
    let stop = sight
        .may(Action::RecordEntry)
        .then(|| stopped(sight, planned))
        .flatten();
    let held = may.then(|| on_hold(sight, planned)).flatten();
    let works = may && open && stop.is_none();
    let entries: Vec<_> = planned
        .step
        .fields
        .iter()
        .map(|field| entry::of_open_step(sight, planned, field, works))
        .collect();
    view! {
        <section class="next" id="next" aria-labelledby="next-title">
            <div class="heading" id=id>
                <h2 id="next-title"><span class="kicker">"Next"</span>" "{title}</h2>
                {due(sight, planned)}
            </div>
            {also(sight, plan, planned)}
            <p class="instruction">{planned.step.instruction.clone()}</p>
            {stop.map(|words| {
                let quality = Tab::Quality.path(&sight.batch);
                view! {
                    <div class="notice stop" role="note">
                        <p>{words}</p>
                        <p><a class="button" href=quality>"Go to the results"</a></p>
                    </div>
                }
            })}
            {held.map(|words| view! { <div class="notice stop" role="note"><p>{words}</p></div> })}
            {(!may).then(|| view! {
                <p class="not-now">"Your roles don’t allow you to record entries; you can read the record."</p>
            })}
            <div class="entries">{entries}</div>
            {figures::checks(sight, planned)}
            {taken::section(sight, planned, works)}
            {works.then(|| complete::section(sight, planned))}
            {open.then(|| complete::asides(sight, planned, works))}
        </section>
    }
    .into_any()
}

fn nothing_left(sight: &Sight) -> AnyView {
    let next = sight.batch.next();
    let words = next.what.map_or_else(
        || "Every step is over.".to_owned(),
        |what| {
            format!(
                "Every step is over. Next: {what}{}.",
                next.needs
                    .map(|who| format!(" ({})", who.label()))
                    .unwrap_or_default()
            )
        },
    );
    view! {
        <section class="next next-over" id="next" aria-labelledby="next-title">
            <h2 id="next-title">"The record is complete"</h2>
            <p>{words}</p>
            <p><a class="button" href=format!("/batches/{}/release", sight.batch.id)>"Go to the release"</a></p>
        </section>
    }
    .into_any()
}

/// Why work in the step is refused while the batch is on hold. Its forms stay: what was done before that is recorded.
fn on_hold(sight: &Sight, planned: &Planned<'_>) -> Option<String> {
    match probed(sight, planned)? {
        why @ Refusal::Stop(StopRefusal::OnHold { .. }) => Some(why.to_string()),
        _ => None,
    }
}

/// An in-process result that keeps the work from going on, in the words of the domain.
fn stopped(sight: &Sight, planned: &Planned<'_>) -> Option<String> {
    match probed(sight, planned)? {
        why @ Refusal::Processing(ProcessingRefusal::InProcessControl { .. }) => {
            Some(why.to_string())
        }
        _ => None,
    }
}

/// Why no entry can be made in the step now.
fn probed(sight: &Sight, planned: &Planned<'_>) -> Option<Refusal> {
    let field = planned.step.fields.first()?.key.clone();
    // The domain is asked whether an entry could be made; only the stop is of interest.
    let probe = BatchCommand::Processing(ProcessingCommand::RecordEntry {
        step: planned.at.clone(),
        field,
        value: FieldValue::Text(String::new()),
        performed_at: None,
    });
    match sight.offers(probe) {
        Offer::NotNow(why) => Some(why),
        Offer::Yes | Offer::Never => None,
    }
}

/// When the step is due, and how that stands against now.
fn due(sight: &Sight, planned: &Planned<'_>) -> Option<AnyView> {
    let until = planned.due?;
    let due = Due::of(sight.zone, until, sight.now);
    let from = planned
        .due_from
        .filter(|from| *from > sight.now)
        .map(|from| {
            view! { <span class="sub">"not before "{sight.zone.shown(from)}</span> }
        });
    let late = due.overdue;
    Some(
        view! {
            <p class="due" class:overdue=late>
                {if late { "was due " } else { "due " }}{sight.moment(until)}
                <span class="sub">{due.words}</span>
                {from}
            </p>
        }
        .into_any(),
    )
}

/// What else can be done now: the recurring steps, and back from one to the step that the batch waits for.
fn also(sight: &Sight, plan: &[Planned<'_>], chosen: &Planned<'_>) -> Option<AnyView> {
    let others: Vec<_> = plan
        .iter()
        .filter(|planned| planned.progress == Progress::Open && planned.at != chosen.at)
        .map(|planned| {
            let due = planned.due.map(|due| {
                let due = Due::of(sight.zone, due, sight.now);
                let words = if due.overdue { ", was due " } else { ", due " };
                view! { <span class="sub" class:overdue=due.overdue>{words}{due.when}</span> }
            });
            view! {
                <a class="button" href=address(&sight.batch.id.to_string(), planned)>
                    {sight.batch.step_title(&planned.at)}{due}
                </a>
            }
        })
        .collect();
    (!others.is_empty()).then(|| {
        view! { <div class="also"><span class="also-name">"Also possible now:"</span>{others}</div> }.into_any()
    })
}

fn address(batch: &str, planned: &Planned<'_>) -> String {
    format!(
        "/batches/{batch}?step={}#next",
        escaped(&planned.at.to_string())
    )
}
