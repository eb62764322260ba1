//! A page being drawn: who looks at it, what its address says, which forms are on it.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use domain::ids::UserId;
use domain::rights::Action;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use store::ClockView;
use uuid::Uuid;

use crate::answer::{CHANGE_PASSWORD, KEPT_FOR, SIGN_IN, by_way_of, kept_in, report, see, status};
use crate::browser;
use crate::desk::{AppState, Desk, Trouble, request, state_of};
use crate::door::Visitor;
use crate::form::{Form, Kept, Shown};

/// One request for a page, signed in or not. A clone is cheap.
#[derive(Clone)]
pub struct Visit(Arc<VisitInner>);

struct VisitInner {
    state: AppState,
    visitor: Option<Visitor>,
    clock: ClockView,
    path: String,
    query: Vec<(String, String)>,
    seed: Uuid,
    kept: Option<Kept>,
    drafts: Vec<Kept>,
    shown: Shown,
}

impl Visit {
    async fn open() -> Result<Self, Trouble> {
        let state = AppState::here()?;
        let parts = request()?;
        let visitor = state.visitor().await?;
        let clock = state.records.clock().await?;
        let query: Vec<_> =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let path = parts.uri.path().to_owned();
        let person = visitor.as_ref().and_then(|visitor| visitor.person.user);
        let kept = kept(&state, &query, kept_in(&path), person).await?;
        let drafts = drafts(&state, person, &path).await;
        let seed = state.new_id()?;
        Ok(Self(Arc::new(VisitInner {
            state,
            visitor,
            clock,
            path,
            query,
            seed,
            kept,
            drafts,
            shown: Shown::default(),
        })))
    }

    /// What the server has handed over.
    #[must_use]
    pub fn state(&self) -> &AppState {
        &self.0.state
    }

    /// Who is signed in, if anybody is.
    #[must_use]
    pub fn visitor(&self) -> Option<&Visitor> {
        self.0.visitor.as_ref()
    }

    /// What is known of the server's clock.
    #[must_use]
    pub fn clock(&self) -> &ClockView {
        &self.0.clock
    }

    /// The path of the address.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// A value of the address's query; `None` where it is missing or empty.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let value = self
            .0
            .query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// The address of this page with one value of its query set, or taken out; for links that sort and filter.
    #[must_use]
    pub fn with_query(&self, name: &str, value: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, old) in self
            .0
            .query
            .iter()
            .filter(|(key, _)| key != name && key != kept_in(&self.0.path))
        {
            query.append_pair(key, old);
        }
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() {
            self.0.path.clone()
        } else {
            format!("{}?{query}", self.0.path)
        }
    }

    /// The address of this page, without a form that it was asked to show again.
    #[must_use]
    pub fn address(&self) -> String {
        self.with_query(kept_in(&self.0.path), None)
    }

    /// A form on this page. `name` is unique on it, such as `record:seed@P1:cells`.
    #[must_use]
    pub fn form(&self, name: &str) -> Form {
        let visitor = self.visitor();
        Form::of_page(
            name,
            &self.address(),
            self.0.seed,
            (self.0.kept.as_ref(), &self.0.drafts),
            visitor.and_then(|visitor| visitor.person.user),
            &self.0.shown,
        )
    }

    /// The form that came back and has no place on this page any more, as when somebody else recorded it meanwhile.
    #[must_use]
    pub fn out_of_place(&self) -> Option<&Kept> {
        self.0.kept.as_ref().filter(|_| !self.0.shown.already())
    }
}

/// The form that the address asks to show again: one of this person and this browser.
async fn kept(
    state: &AppState,
    query: &[(String, String)],
    named: &str,
    person: Option<UserId>,
) -> Result<Option<Kept>, Trouble> {
    let Some((_, id)) = query.iter().find(|(key, _)| key == named) else {
        return Ok(None);
    };
    if id == browser::IN_BROWSER {
        return browser::kept_own(state);
    }
    let (Ok(id), Some(mark), Some(person)) = (id.parse(), browser::known(state)?, person) else {
        return Ok(None);
    };
    let row = state.records.store().kept_form(id, person, &mark).await?;
    let recent = state.records.now().plus(-KEPT_FOR);
    let row = row.filter(|row| row.created_at >= recent);
    Ok(row.and_then(|row| serde_json::from_str(&row.typed).ok()))
}

/// What this person typed on this page before and never sent. A page is drawn without it rather than not at all.
async fn drafts(state: &AppState, person: Option<UserId>, path: &str) -> Vec<Kept> {
    let Some(person) = person else {
        return Vec::new();
    };
    let recent = state.records.now().plus(-KEPT_FOR);
    let drafts = match state.records.store().drafts(person, path).await {
        Ok(drafts) => drafts,
        Err(fault) => {
            let _ = report(&fault.into());
            Vec::new()
        }
    };
    drafts
        .iter()
        .filter(|draft| draft.created_at >= recent)
        .filter_map(|draft| serde_json::from_str(&draft.typed).ok())
        .collect()
}

/// A page of a person who is signed in.
#[derive(Clone)]
pub struct Page {
    /// The request.
    pub visit: Visit,
    /// The record, and who asks.
    pub desk: Desk,
}

impl Deref for Page {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Page {
    fn of(visit: Visit) -> Result<Self, Trouble> {
        let visitor = visit.visitor().cloned().ok_or(Trouble::SignIn)?;
        let clock = state_of(visit.clock());
        let desk = Desk::of(visit.state().clone(), visitor, clock)?;
        Ok(Self { visit, desk })
    }

    /// Goes on only where a role at some site allows it; gives those sites.
    ///
    /// # Errors
    /// [`Trouble::NotAllowed`].
    pub fn sites(&self, action: Action) -> Result<Vec<String>, Trouble> {
        let sites = self.desk.person.sites_where(action);
        if sites.is_empty() {
            Err(Trouble::NotAllowed(action))
        } else {
            Ok(sites)
        }
    }
}

/// Draws a page for a person who is signed in; others are sent to the sign-in and come back from there.
pub fn drawn<Draw, Drawing>(draw: Draw) -> AnyView
where
    Draw: FnOnce(Page) -> Drawing + Send + 'static,
    Drawing: Future<Output = Result<AnyView, Trouble>> + Send + 'static,
{
    drawn_for_all(|visit| async move { draw(Page::of(visit)?).await })
}

/// Draws a page for anybody.
pub fn drawn_for_all<Draw, Drawing>(draw: Draw) -> AnyView
where
    Draw: FnOnce(Visit) -> Drawing + Send + 'static,
    Drawing: Future<Output = Result<AnyView, Trouble>> + Send + 'static,
{
    Suspend::new(async move {
        keep_out_of_caches();
        let drawn = async { draw(Visit::open().await?).await };
        match drawn.await {
            Ok(view) => view,
            Err(trouble) => instead(trouble),
        }
    })
    .into_any()
}

fn keep_out_of_caches() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// What is shown in the place of a page that can't be drawn.
fn instead(trouble: Trouble) -> AnyView {
    match trouble {
        Trouble::SignIn => {
            see(&by_way_of(SIGN_IN, &here(), None));
            ().into_any()
        }
        Trouble::PasswordFirst => {
            see(&by_way_of(CHANGE_PASSWORD, &here(), None));
            ().into_any()
        }
        Trouble::NotFound => {
            status(StatusCode::NOT_FOUND);
            plain(
                "There is no such page",
                "The address names nothing, or nothing that you may see at your site.",
            )
        }
        Trouble::NotAllowed(action) => {
            status(StatusCode::FORBIDDEN);
            let words = format!(
                "Your roles don’t allow you to {}. Ask an administrator.",
                action.label()
            );
            plain("This page is not for your role", &words)
        }
        Trouble::TooMany(words) => {
            status(StatusCode::TOO_MANY_REQUESTS);
            plain("This page can’t be shown", &words.text)
        }
        Trouble::Refused(words) | Trouble::AnothersPage(words) => {
            status(StatusCode::BAD_REQUEST);
            let words: Vec<_> = words.into_iter().map(|words| words.text).collect();
            plain("This page can’t be shown", &words.join(" "))
        }
        Trouble::Fault(ref why) if why.is_down() => {
            let id = report(&trouble);
            status(StatusCode::SERVICE_UNAVAILABLE);
            let words = format!(
                "Something went wrong with the database: it does not answer. It is not certain whether the last action was \
                 recorded: once it answers again, open its page and look, then try again. Until then write down on paper what \
                 is done to the cells, and tell the person who runs Autolog, with the number {id}."
            );
            plain("The database does not answer", &words)
        }
        Trouble::Fault(_) | Trouble::Broken(_) => fault(&report(&trouble)),
    }
}

/// The address that was asked for.
fn here() -> String {
    request().map_or_else(|_| "/".to_owned(), |parts| parts.uri.to_string())
}

/// The page of a fault, with the id that stands in the log.
pub fn fault(id: &str) -> AnyView {
    status(StatusCode::INTERNAL_SERVER_ERROR);
    let words = format!(
        "Something went wrong in the program. It is not certain whether the last action was recorded: open its page and \
         look, then try again. What goes on failing, tell the person who runs Autolog, and name the number {id}."
    );
    plain("Something went wrong", &words)
}

/// The title of a page. The framework writes it as it is, so that a name in it could end it and go on as a page of its own.
pub fn title(text: &str) -> AnyView {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    view! { <Title text=format!("{text} · Autolog")/> }.into_any()
}

/// A page of one heading and one paragraph.
pub fn plain(heading: &str, words: &str) -> AnyView {
    let (heading, words) = (heading.to_owned(), words.to_owned());
    view! {
        {title(&heading)}
        <main class="plain" id="main">
            <h1>{heading}</h1>
            <p>{words}</p>
            <p><a class="button" href="/">"Go to the board"</a></p>
        </main>
    }
    .into_any()
}
