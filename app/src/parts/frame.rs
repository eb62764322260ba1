//! The frame of every page: where am I, who am I, and for a batch, whose cells are these.

use domain::batch::Batch;
use domain::clock::Cause;
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::fields::hidden_field;
use super::find::{self, find};
use super::{Band, Hold};
use crate::answer::{SIGN_IN, by_way_of};
use crate::commands::sign_in::SignOut;
use crate::door::RENEWED;
use crate::form::{Kept, hidden};
use crate::islands::Aid;
use crate::page::{self, Page, Visit};
use crate::unsent::StaySignedIn;

/// A page of a signed-in person.
pub fn frame(page: &Page, title: &str, content: impl IntoView + 'static) -> AnyView {
    framed(page, title, None, content.into_any())
}

/// One of the pages of a batch, under its band.
pub fn batch_frame(
    page: &Page,
    title: &str,
    batch: &Batch,
    here: Tab,
    content: impl IntoView + 'static,
) -> AnyView {
    let now = page.desk.now();
    let of = batch.clone();
    let above = view! {
        <Band batch=of.clone() now=now/>
        <Hold batch=of/>
        {batch.altered.clone().map(altered)}
        <section class="tab-row" aria-label="This batch, and who is signed in">
            {tabs(page, batch, here)}
            <p class="who-here"><span class="visually-hidden">"Signed in: "</span>{who_here(page, batch)}</p>
        </section>
    };
    let title = format!("{} · {title}", batch.harvest.number);
    framed(page, &title, Some(above.into_any()), content.into_any())
}

/// What everybody is told first of a batch whose record was changed outside Autolog.
fn altered(what: String) -> AnyView {
    view! {
        <section class="notice stop" role="alert" aria-label="The record was changed">
            <p>
                <strong>"The record of this batch was changed outside Autolog. "</strong>
                {what}
                " What is shown may not be what was recorded. Nothing of it can be signed and no dose can leave. Keep the cells, \
                 go on recording what is done to them, and tell QA and the person who runs Autolog."
            </p>
        </section>
    }
    .into_any()
}

/// The person with their roles at the batch's site.
fn who_here(page: &Page, batch: &Batch) -> String {
    let person = &page.desk.person;
    let roles: Vec<_> = person
        .roles_at(&batch.harvest.site)
        .iter()
        .map(|role| role.label())
        .collect();
    if roles.contains(&person.name.as_str()) || roles.is_empty() {
        return person.name.clone();
    }
    format!("{}, {}", person.name, roles.join(", "))
}

/// A page for anybody, such as the sign-in.
pub fn open_frame(_visit: &Visit, title: &str, content: impl IntoView + 'static) -> AnyView {
    view! {
        {page::title(title)}
        <header class="top"><a class="name" href="/">"Autolog"</a></header>
        <main id="main" class="narrow">{content.into_view()}</main>
        <Aid/>
    }
    .into_any()
}

fn framed(page: &Page, title: &str, above: Option<AnyView>, content: AnyView) -> AnyView {
    // The board and the search have nothing else to type into: a scan there opens what was scanned.
    let scans = matches!(page.path(), "/" | find::PATH);
    view! {
        {page::title(title)}
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="top">
            <a class="name" href="/">"Autolog"</a>
            {navigation(page)}
            {find(page, scans)}
            {who(page)}
        </header>
        <div id="above">
            {page.clock().doubt.map(|doubt| clock_notice(doubt.cause))}
            {above}
            {session_notice(page)}
        </div>
        <main id="main" tabindex="-1">{page.out_of_place().map(out_of_place)}{content}</main>
        <Aid/>
    }
    .into_any()
}

/// What the script shows two minutes before the session ends, and when it has ended. It lies over the page, so that nothing
/// on it moves.
fn session_notice(page: &Page) -> Option<AnyView> {
    let visitor = page.visitor()?;
    let now = page.desk.now();
    let seconds = |left: chrono::TimeDelta| left.num_seconds().max(0).to_string();
    let latest = visitor.ends_at_latest.since(now);
    let here = page.address();
    let sign_in = by_way_of(SIGN_IN, &here, None);
    Some(
        view! {
            <div
                id="session-notice"
                data-ends=seconds(visitor.ends_at.since(now))
                data-renews=seconds(RENEWED.min(latest))
            >
                <div class="session-ending" role="alert" hidden="">
                    <p>
                        <strong>"You will be signed out within 2 minutes. "</strong>
                        "What you have typed is kept for you."
                    </p>
                    <form method="post" action=StaySignedIn::url() data-stay="">
                        {hidden_field(hidden::PAGE, &here)}
                        <button type="submit">"Stay signed in"</button>
                    </form>
                </div>
                <div class="session-ended" role="alert" hidden="">
                    <p>
                        <strong>"You are signed out. "</strong>
                        "What you have typed is kept for you for 12 hours."
                    </p>
                    <a class="button" href=sign_in>"Sign in again"</a>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// What everybody is told while the clock of the server isn't confirmed.
fn clock_notice(cause: Cause) -> AnyView {
    view! {
        <section class="notice stop clock-notice" role="alert" aria-label="Clock not confirmed">
            <p>
                <strong>"Clock not confirmed. "</strong>
                {format!("The server’s clock is {cause}. ")}
                "Only steps that keep cells alive are recorded, each with the time that you enter; no dose leaves. Write the rest \
                 down on paper. "
                <a href="/clock">"Confirm the clock"</a>
            </p>
        </section>
    }
    .into_any()
}

/// Why a form wasn't taken that has no place on its page any more, and what was typed into it.
fn out_of_place(kept: &Kept) -> AnyView {
    let why: Vec<_> = kept
        .refused
        .iter()
        .map(|words| view! { <li>{words.text.clone()}</li> })
        .collect();
    let typed: Vec<_> = kept
        .typed
        .by_hand()
        .map(|(field, value)| view! { <li>{format!("{field}: ")}<q class="words">{value.to_owned()}</q></li> })
        .collect();
    let heading = if why.is_empty() {
        "Not saved: you were signed out, and what you typed has no place on this page any more"
    } else {
        "Not saved"
    };
    view! {
        <div class="refusals" id="refused" role="alert" tabindex="-1" autofocus="">
            <p class="refusals-heading">{heading}</p>
            <ul>{why}</ul>
            {(!typed.is_empty()).then(|| view! { <p>"What was typed:"</p><ul>{typed}</ul> })}
        </div>
    }
    .into_any()
}

fn link(page: &Page, href: &'static str, words: &'static str) -> AnyView {
    let current = (page.path() == href).then_some("page");
    view! { <a href=href aria-current=current>{words}</a> }.into_any()
}

fn navigation(page: &Page) -> AnyView {
    let may = |action| !page.desk.person.sites_where(action).is_empty();
    let links = [
        may(Action::ReadBatch).then(|| link(page, "/", "Board")),
        may(Action::RegisterHarvest).then(|| link(page, "/harvests/new", "New harvest")),
        may(Action::ReadBatch).then(|| link(page, "/register", "Register")),
        may(Action::KeepAccounts).then(|| link(page, "/people", "People")),
        Some(link(page, "/about", "About")),
    ];
    view! { <nav class="pages" aria-label="Pages">{links.into_iter().flatten().collect::<Vec<_>>()}</nav> }.into_any()
}

/// Name and roles of the person, their account, and the way out.
fn who(page: &Page) -> AnyView {
    let person = &page.desk.person;
    let mut roles: Vec<_> = person
        .roles
        .iter()
        .map(|(site, role)| format!("{role}, {site}"))
        .collect();
    roles.dedup();
    view! {
        <div class="who">
            <a class="person" href="/account">
                <span class="person-name">{person.name.clone()}</span>
                <span class="person-roles">{roles.join(" · ")}</span>
            </a>
            <form method="post" action=SignOut::url()>
                <button type="submit">"Sign out"</button>
            </form>
        </div>
    }
    .into_any()
}

/// The pages of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The batch record.
    Record,
    /// Samples and their results.
    Quality,
    /// Deviations.
    Deviations,
    /// Review, certification and doses.
    Release,
    /// The audit trail.
    Audit,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Record,
        Self::Quality,
        Self::Deviations,
        Self::Release,
        Self::Audit,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::Record => "Record",
            Self::Quality => "Quality",
            Self::Deviations => "Deviations",
            Self::Release => "Release",
            Self::Audit => "Audit trail",
        }
    }

    /// The path of the page.
    #[must_use]
    pub fn path(self, batch: &Batch) -> String {
        let id = batch.id;
        match self {
            Self::Record => format!("/batches/{id}"),
            Self::Quality => format!("/batches/{id}/quality"),
            Self::Deviations => format!("/batches/{id}/deviations"),
            Self::Release => format!("/batches/{id}/release"),
            Self::Audit => format!("/batches/{id}/audit"),
        }
    }
}

fn tabs(page: &Page, batch: &Batch, here: Tab) -> AnyView {
    let may_read_trail = page
        .desk
        .person
        .may(&batch.harvest.site, Action::ReadAuditTrail);
    let links: Vec<_> = Tab::ALL
        .into_iter()
        .filter(|tab| *tab != Tab::Audit || may_read_trail)
        .map(|tab| {
            let current = (tab == here).then_some("page");
            view! { <a href=tab.path(batch) aria-current=current>{tab.words()}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Pages of the batch">{links}</nav> }.into_any()
}
