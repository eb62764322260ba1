//! What a command answers: a page to a browser without script, a [`Reply`] to the script.

use axum::http::{HeaderValue, StatusCode, header};
use chrono::TimeDelta;
use domain::ids::{CommandId, UserId};
use domain::refusal::Words;
use leptos::prelude::{ServerFnError, use_context};
use leptos_axum::ResponseOptions;
use std::error::Error;
use store::KeptForm;
use uuid::Uuid;

use crate::browser;
use crate::desk::{AppState, Trouble, anothers_page, request};
use crate::form::{Kept, Typed, hidden};
use crate::reply::Reply;

/// What every command's server function returns.
pub type Answered = Result<Reply, ServerFnError>;

/// So long a form waits for its owner.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(12);

/// Answers a command with the page that shows what was recorded, or with why nothing was.
///
/// # Errors
/// None of its own: a fault is a [`Reply`] too.
pub async fn answer(form: Typed, done: Result<String, Trouble>) -> Answered {
    let script = !accepts_page();
    let done = match done {
        // What was typed on the page of another person is theirs, whatever else is wrong with it.
        Err(Trouble::Refused(words)) => Err(match anothers(&form).await {
            Some(anothers) => anothers,
            None => Trouble::Refused(words),
        }),
        done => done,
    };
    let reply = match done {
        Ok(page) => match forget(&form).await {
            Ok(()) => Reply::Done(page),
            Err(fault) => {
                // It is recorded all the same; the kept form goes with its age.
                let _ = report(&fault);
                Reply::Done(page)
            }
        },
        Err(Trouble::SignIn) => Reply::SignIn,
        Err(Trouble::PasswordFirst) => Reply::PasswordFirst,
        // The page in the browser is of somebody else: the plain way draws it again.
        Err(Trouble::AnothersPage(_)) if script => Reply::PlainWay,
        Err(Trouble::AnothersPage(words) | Trouble::Refused(words)) => Reply::Refused(words),
        Err(Trouble::TooMany(words)) => {
            if script {
                status(StatusCode::TOO_MANY_REQUESTS);
                retry_after_a_minute();
            }
            Reply::Refused(vec![words])
        }
        Err(Trouble::NotFound) => Reply::Refused(vec![Words::of(
            "There is no such record, or it is not of your site. Nothing was recorded.",
        )]),
        Err(Trouble::NotAllowed(action)) => {
            Reply::Refused(vec![domain::batch::Refusal::not_allowed(action).words()])
        }
        Err(fault) => Reply::Fault(report(&fault)),
    };
    if script {
        if matches!(reply, Reply::Fault(_)) {
            status(StatusCode::INTERNAL_SERVER_ERROR);
        }
        return Ok(reply);
    }
    let page = match &reply {
        Reply::Done(page) => page.clone(),
        Reply::Fault(id) => format!("/fault?id={id}"),
        Reply::Refused(words) => sent_back(form, words.clone(), None).await,
        Reply::SignIn => sent_back(form, Vec::new(), Some(SIGN_IN)).await,
        Reply::PasswordFirst => {
            let words = Words::of(
                "Your password had to be changed first, and nothing was recorded. What you typed is still here: check \
                 it and send it again.",
            );
            sent_back(form, vec![words], Some(CHANGE_PASSWORD)).await
        }
        Reply::PlainWay => return Ok(reply),
    };
    see(&page);
    Ok(reply)
}

/// That the page of a form was drawn for another person than the one who is signed in.
async fn anothers(form: &Typed) -> Option<Trouble> {
    let state = AppState::here().ok()?;
    let visitor = state.visitor().await.ok()??;
    let drawn_for: UserId = form.text(hidden::PERSON).parse().ok()?;
    (Some(drawn_for) != visitor.person.user).then(|| anothers_page(&visitor.person.name))
}

/// Keeps the form and names the page that shows it again, by way of the page that has to be gone through `first`.
async fn sent_back(form: Typed, refused: Vec<Words>, first: Option<&str>) -> String {
    let page = local_page(form.text(hidden::PAGE))
        .unwrap_or("/")
        .to_owned();
    let kept = match keep(form, &page, refused).await {
        Ok(kept) => kept,
        Err(trouble) => {
            // What isn't kept is lost for the person, and nothing else is.
            let _ = report(&trouble);
            None
        }
    };
    match (kept, first) {
        (kept, Some(first)) => by_way_of(first, &page, kept.as_deref()),
        (Some(kept), None) => kept_page(&page, &kept),
        (None, None) => page,
    }
}

/// Keeps a form for its own person and this browser, where the browser had a session of theirs; answers what stands for
/// it in an address. What anybody else sends is kept by their browser alone, if at all.
async fn keep(form: Typed, page: &str, refused: Vec<Words>) -> Result<Option<String>, Trouble> {
    let state = AppState::here()?;
    let command = form.text(hidden::COMMAND).parse().ok();
    let me = state
        .visitor()
        .await?
        .and_then(|visitor| visitor.person.user);
    let owner = owner(&state, &form, me).await?;
    let kept = Kept {
        form: form.text(hidden::FORM).to_owned(),
        typed: form.without_passwords(),
        refused: refused.clone(),
    };
    // Before the sign-in there is nobody whose it could be.
    let open = [SIGN_IN, CHANGE_PASSWORD]
        .iter()
        .any(|first| page.starts_with(first));
    let told = |refused| Kept {
        form: String::new(),
        typed: Typed::default(),
        refused,
    };
    let (Some(owner), Some(command), false) = (owner, command, open) else {
        let drawn_for: Option<UserId> = kept.typed.text(hidden::PERSON).parse().ok();
        let mine = open || drawn_for.is_none() || drawn_for == me;
        let kept = if mine { kept } else { told(refused) };
        return Ok(own(&state, kept, me.is_some() || open));
    };
    let mark = browser::mark(&state)?;
    let typed =
        serde_json::to_string(&kept).map_err(|_| Trouble::Broken("a form can't be kept"))?;
    let row = KeptForm {
        id: browser::kept_id(&mark, owner, command),
        owner,
        browser: Some(mark),
        created_at: state.records.now(),
        page: page.to_owned(),
        form: kept.form.clone(),
        typed,
    };
    let fits = state.records.store().keep_form(&row).await?;
    if fits && (me.is_none() || me == Some(owner)) {
        return Ok(Some(row.id.to_string()));
    }
    // Whoever is signed in is told why nothing was recorded, and nothing of what was typed.
    let mut refused = refused;
    if !fits {
        refused.push(Words::of(TOO_LONG_TO_KEEP));
    }
    Ok(own(&state, told(refused), true))
}

const TOO_LONG_TO_KEEP: &str =
    "What you typed is longer than 64 kB: it was not kept. Open the form again and shorten it.";

/// Has the browser keep a form by itself.
fn own(state: &AppState, kept: Kept, wanted: bool) -> Option<String> {
    let small = |kept: &Kept| browser::keep_own(state, kept);
    let words_alone = || Kept {
        typed: Typed::default(),
        ..kept.clone()
    };
    let done = wanted && (small(&kept) || small(&words_alone()));
    done.then(|| browser::IN_BROWSER.to_owned())
}

/// Whose a form is: of the person whose page it stood on, where this browser had a session of theirs.
async fn owner(
    state: &AppState,
    form: &Typed,
    me: Option<UserId>,
) -> Result<Option<UserId>, Trouble> {
    let token = state.door.cookie().token(&request()?.headers);
    let of_session = match (me, token) {
        (None, Some(token)) => state.door.session_of(&token).await?,
        (me, _) => me,
    };
    let drawn_for = form.text(hidden::PERSON).parse().ok();
    let Some(owner) = drawn_for.or(of_session) else {
        return Ok(None);
    };
    if of_session == Some(owner) {
        return Ok(Some(owner));
    }
    let Some(mark) = browser::known(state)? else {
        return Ok(None);
    };
    let recent = state.records.now().plus(-KEPT_FOR);
    let seen = state.records.store().known_browser(&mark, owner).await?;
    Ok(seen.filter(|seen| *seen >= recent).map(|_| owner))
}

/// Forgets what was kept of a form, once it was taken.
async fn forget(form: &Typed) -> Result<(), Trouble> {
    let state = AppState::here()?;
    let visitor = state.visitor().await?;
    let (Some(owner), Ok(command)) = (
        visitor.and_then(|visitor| visitor.person.user),
        form.text(hidden::COMMAND).parse::<CommandId>(),
    ) else {
        return Ok(());
    };
    let store = state.records.store();
    store.forget_form(browser::draft_id(owner, command)).await?;
    if let Some(mark) = browser::known(&state)? {
        let id = browser::kept_id(&mark, owner, command);
        store.forget_form(id).await?;
    }
    Ok(())
}

/// The page of the sign-in.
pub const SIGN_IN: &str = "/sign-in";
/// The page on which a password that somebody else set is changed.
pub const CHANGE_PASSWORD: &str = "/change-password";

/// The page that has to be gone through `first`, from where one comes to the page `to` and the form that waits there.
#[must_use]
pub fn by_way_of(first: &str, to: &str, kept: Option<&str>) -> String {
    let to = escaped(to);
    match kept {
        Some(kept) => format!("{first}?to={to}&kept={kept}"),
        None if to == "%2F" => first.to_owned(),
        None => format!("{first}?to={to}"),
    }
}

/// Where one goes after that page, by the fields `to` and `kept` of its form; `otherwise` where it names nothing.
#[must_use]
pub fn onward(form: &Typed, otherwise: &str) -> String {
    let gone_through = |page: &&str| page.starts_with(SIGN_IN) || page.starts_with(CHANGE_PASSWORD);
    let to = local_page(form.text("to")).filter(|page| !gone_through(page));
    // The id of a form, and nothing else that could stand in an address.
    match form.text("kept").parse::<Uuid>() {
        Ok(kept) => kept_page(to.unwrap_or("/"), &kept.to_string()),
        Err(_) => to.unwrap_or(otherwise).to_owned(),
    }
}

/// The page with a kept form, where the form stands.
#[must_use]
pub fn kept_page(page: &str, kept: &str) -> String {
    let (page, _) = page.split_once('#').unwrap_or((page, ""));
    let sign = if page.contains('?') { '&' } else { '?' };
    let path = page.split_once('?').map_or(page, |(path, _)| path);
    format!("{page}{sign}{}={kept}#refused", kept_in(path))
}

/// The name in the address of a page under which its kept form goes.
///
/// A page that is gone through first has its own: under `kept` it passes on the form of another page, which has to
/// wait there.
#[must_use]
pub fn kept_in(path: &str) -> &'static str {
    if [SIGN_IN, CHANGE_PASSWORD].contains(&path) {
        "again"
    } else {
        "kept"
    }
}

/// The page, if it is one of this program: nobody is sent elsewhere by a link that somebody else made.
#[must_use]
pub fn local_page(page: &str) -> Option<&str> {
    let plain = page
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (page.starts_with('/') && !page.starts_with("//") && plain && page.len() < 2000).then_some(page)
}

/// A text as it stands in the query of an address.
#[must_use]
pub fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Sends the browser to another page, which it asks for again.
pub fn see(page: &str) {
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let Ok(location) = HeaderValue::from_str(page) else {
        return;
    };
    response.insert_header(header::LOCATION, location);
    response.set_status(StatusCode::SEE_OTHER);
}

/// Sets the status of the answer.
pub fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

fn retry_after_a_minute() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
}

/// Writes a fault to the log and gives the id under which it stands there.
#[must_use]
pub fn report(trouble: &Trouble) -> String {
    let state = AppState::here();
    let id = state
        .and_then(|state| state.new_id())
        .map_or_else(|_| "none".to_owned(), |id| id.to_string());
    match trouble {
        Trouble::Fault(fault) => {
            let causes: Vec<_> = std::iter::successors(fault.source(), |cause| (*cause).source())
                .map(ToString::to_string)
                .collect();
            tracing::error!(fault = %id, causes = causes.join(": "), "{fault}");
        }
        other => tracing::error!(fault = %id, "{other:?}"),
    }
    id
}

/// Whether a page is wanted, as by a browser that sends a plain form.
pub fn accepts_page() -> bool {
    let accept = |parts: axum::http::request::Parts| {
        parts
            .headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.contains("text/html"))
    };
    request().ok().and_then(accept).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for page in ["/", "/batches/1?kept=2#next", "/sign-in?to=%2F"] {
            assert_eq!(local_page(page), Some(page));
        }
        for page in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\nb",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_page(page), None, "{page:?}");
        }
    }

    #[test]
    fn after_the_sign_in_one_comes_to_a_page_of_this_site() {
        let kept = "00000000-0000-0000-0000-000000000007";
        for (to, kept, page) in [
            ("/register", "", "/register"),
            (
                "/register",
                kept,
                &*format!("/register?kept={kept}#refused"),
            ),
            ("", kept, &*format!("/?kept={kept}#refused")),
            ("//evil.example", "", "/account"),
            ("/sign-in?to=%2F", "", "/account"),
            ("/change-password", "", "/account"),
            ("", "1\r\nSet-Cookie: autolog=x", "/account"),
            ("/register", "7&sort=number", "/register"),
        ] {
            let form = Typed::of(&[("to", to), ("kept", kept)]);
            assert_eq!(onward(&form, "/account"), page, "{to} {kept}");
        }
    }

    #[test]
    fn a_kept_form_is_shown_where_it_stands() {
        assert_eq!(
            kept_page("/batches/1?open=all#s", "k"),
            "/batches/1?open=all&kept=k#refused"
        );
        assert_eq!(kept_page("/batches/1", "k"), "/batches/1?kept=k#refused");
        // Under `kept` the sign-in passes on the form of another page.
        assert_eq!(
            kept_page("/sign-in?to=%2F", "k"),
            "/sign-in?to=%2F&again=k#refused"
        );
    }
}
