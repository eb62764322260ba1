//! What departs from the expected. QA assesses each before the review.

use domain::batch::{BatchCommand, Exception, ExceptionCommand, ExceptionKind};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::release::AssessException;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{Empty, LongTextField, form};

/// Every exception, in the order of the record; those that one entry made stand together.
pub(super) fn section(sight: &Sight) -> AnyView {
    let exceptions = &sight.batch.exceptions;
    let open = exceptions
        .iter()
        .filter(|one| one.assessed.is_none())
        .count();
    let heading = format!("Exceptions ({} of {} not assessed)", open, exceptions.len());
    let list = if exceptions.is_empty() {
        view! {
            <Empty
                what="No exceptions"
                how="A value outside its limit, a late or corrected entry, a step left out: whatever departs from the expected stands here, and QA assesses it."
            />
        }
        .into_any()
    } else {
        exceptions
            .chunk_by(|one, next| one.stamp.version == next.stamp.version)
            .map(|together| article(sight, together))
            .collect_view()
            .into_any()
    };
    view! {
        <section id="exceptions" aria-labelledby="exceptions-heading">
            <h2 id="exceptions-heading">{heading}</h2>
            {list}
        </section>
    }
    .into_any()
}

fn article(sight: &Sight, together: &[Exception]) -> Option<AnyView> {
    let first = together.first()?;
    let number = first.stamp.version;
    let heading = format!("exception-{number}-heading");
    let kinds: Vec<_> = together
        .iter()
        .map(|one| view! { <li>{words(sight, &one.kind)}</li> })
        .collect();
    let state = if first.assessed.is_some() {
        mark("pass", "Assessed")
    } else {
        mark("missing", "Not assessed")
    };
    Some(
        view! {
            <article class="exception" id=format!("exception-{number}") aria-labelledby=heading.clone()>
                <h3 id=heading.clone()>"Entry " {number} " " {state}</h3>
                <ul>{kinds}</ul>
                <p class="about">
                    {first.step.as_ref().map(|at| view! { {sight.step(at)} ", " })}
                    {sight.who(&first.stamp)}
                </p>
                {assessment(sight, first)}
            </article>
        }
        .into_any(),
    )
}

/// What departs, with the times in the zone of the site.
fn words(sight: &Sight, kind: &ExceptionKind) -> String {
    let shown = |at| sight.zone.shown(at);
    match kind {
        ExceptionKind::Late { performed_at } => format!("{kind}: done at {}", shown(*performed_at)),
        ExceptionKind::OutsideWindow {
            from,
            to,
            performed_at,
        } => format!(
            "{kind}: done at {}, to be done from {} to {}",
            shown(*performed_at),
            shown(*from),
            shown(*to)
        ),
        ExceptionKind::InfusedAfterExpiry { expires_at, .. } => {
            format!("{kind}, {}", shown(*expires_at))
        }
        ExceptionKind::OutsideLimit { .. }
        | ExceptionKind::OutsideCheck { .. }
        | ExceptionKind::Corrected { .. }
        | ExceptionKind::NotApplicable { .. }
        | ExceptionKind::CultureEnded { .. }
        | ExceptionKind::ResultInvalidated { .. }
        | ExceptionKind::VerdictChanged { .. }
        | ExceptionKind::Rejudged { .. }
        | ExceptionKind::CellsLost { .. }
        | ExceptionKind::OnHold { .. }
        | ExceptionKind::InfusedOnHold { .. }
        | ExceptionKind::ClockNotConfirmed => kind.to_string(),
    }
}

fn assessment(sight: &Sight, exception: &Exception) -> Option<AnyView> {
    if let Some((text, stamp)) = &exception.assessed {
        return Some(
            view! { <p class="words">"Assessment: " {text.clone()}</p> <p class="about">{sight.who(stamp)}</p> }
                .into_any(),
        );
    }
    let number = exception.stamp.version;
    let assessing = sight.page.form(&format!("assess:{number}"));
    let command = BatchCommand::Exception(ExceptionCommand::AssessException {
        exception: number,
        assessment: String::new(),
    });
    sight.offered(command, &assessing, || {
        let fields = view! {
            {hidden_field("batch", sight.batch.id)}
            {hidden_field("exception", number)}
            <LongTextField form=&assessing name="assessment" label="Assessment: what it means for the product" rows=2/>
            {send("Record the assessment")}
        };
        form(&assessing, AssessException::url(), fields)
    })
}
