//! The server's clock: whether it is confirmed, why not, and the form with which two people confirm it.

use domain::clock::OpenDoubt;
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::clock::ConfirmClock;
use crate::commands::people::zone;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::fields::send;
use crate::parts::{Facts, PasswordField, TextField, fact, form, frame};
use crate::zone::Zone;

/// The clock of the server.
#[component]
pub fn ClockPage() -> impl IntoView {
    drawn(clock)
}

async fn clock(page: Page) -> Result<AnyView, Trouble> {
    let view = page.clock();
    let zone = zone(&page.desk).await?;
    let mut facts = vec![fact("The server's clock shows", shown(zone, view.shown))];
    if let Some(doubt) = view.doubt {
        facts.push(fact("In doubt because", format!("It is {}.", doubt.cause)));
        facts.push(fact("It was held against", shown(zone, doubt.expected)));
    }
    if let Some(correction) = &view.record.correction {
        let names: Vec<_> = correction
            .copy
            .readers
            .iter()
            .map(|reader| reader.name.clone())
            .collect();
        let last = format!("{}, by {}", shown(zone, correction.at), names.join(" and "));
        facts.push(fact("Confirmed last", last));
    }
    let body = match view.doubt {
        None => view! { <p>"The clock is confirmed. Nothing is to be done."</p> }.into_any(),
        Some(_) => in_doubt(&page, zone, view.record.doubt.as_ref()),
    };
    Ok(frame(
        &page,
        "Clock",
        view! {
            <h1>"Clock"</h1>
            <Facts facts=facts/>
            {body}
        },
    ))
}

fn in_doubt(page: &Page, zone: Zone, open: Option<&OpenDoubt>) -> AnyView {
    let may = !page
        .desk
        .person
        .sites_where(Action::ConfirmClock)
        .is_empty();
    let first = open.and_then(|open| open.first.as_ref());
    let own = first.is_some_and(|first| Some(first.user) == page.desk.person.user);
    let so_far = match first {
        Some(first) => format!(
            "{} read {} from: {}. A second person has to read the time elsewhere and confirm it within 30 minutes.",
            first.name,
            shown(zone, first.read),
            first.source
        ),
        None => "Nobody has confirmed it yet.".to_owned(),
    };
    let form = (may && !own).then(|| confirmation(page));
    view! {
        <section aria-labelledby="confirm">
            <h2 id="confirm">"Confirm the clock"</h2>
            <p>
                "Two people each read the time from a clock that is not this server’s: a radio clock, a phone. Where the \
                 server’s clock is wrong, have it set first. Entries made while it was in doubt stay as they are, marked, and \
                 the span of doubtful times is recorded."
            </p>
            <p>{so_far}</p>
            {form}
            {(!may).then(|| view! { <p>"A QA reviewer, a Qualified Person or an administrator confirms it."</p> })}
        </section>
    }
    .into_any()
}

fn confirmation(page: &Page) -> AnyView {
    let confirm = page.form("confirm-clock");
    let fields = view! {
        <TextField form=&confirm name="read" label="Time that you read" hint="Date and time, as 2026-03-05 13:42" autocomplete="off"/>
        <TextField form=&confirm name="source" label="Read from" hint="Such as: radio clock in the corridor" autocomplete="off"/>
        <TextField form=&confirm name="user_name" label="User name" autocomplete="off"/>
        <PasswordField form=&confirm hint="Enter your password to sign."/>
        {send("Confirm the clock")}
    };
    form(&confirm, ConfirmClock::url(), fields)
}

fn shown(zone: Zone, at: domain::time::Timestamp) -> String {
    zone.shown(at)
}
