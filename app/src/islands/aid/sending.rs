//! Forms are sent without a new page: what was typed stays until it is recorded.

use domain::refusal::Words;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, FormData, HtmlButtonElement, HtmlFormElement, RequestInit, Response, UrlSearchParams,
};

use super::{dom, drafts, refusals, session, turning};
use crate::reply::Reply;

/// Listens for forms that are sent.
pub fn listen() {
    dom::on("submit", |event| {
        if let Some(form) = command(&event) {
            event.prevent_default();
            // A second tap with a gloved hand sends nothing.
            if !form.has_attribute("data-underway") {
                spawn_local(send(form));
            }
        }
    });
}

fn command(event: &Event) -> Option<HtmlFormElement> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    form.has_attribute("data-command").then_some(form)
}

async fn send(form: HtmlFormElement) {
    underway(&form, true);
    drafts::settle(&form).await;
    let answer = post(&form).await;
    if answer.is_ok() {
        session::goes_on();
    }
    let turned = match &answer {
        Ok(Reply::Done(page)) => turning::to(page, &form).await,
        _ => Ok(()),
    };
    // Before anything is shown in it: what is inert can't take the focus.
    underway(&form, false);
    let outcome = match answer {
        Ok(Reply::Done(_)) => match turned {
            Ok(()) => Ok(()),
            Err(_) => say(
                &form,
                "Recorded",
                "This was recorded, but the page can’t be shown anew: there is no connection to the server. Load it \
                 again when the connection is back.",
            ),
        },
        Ok(Reply::Refused(words)) => refusals::refused(&form, &words),
        // The plain way keeps the form, asks to sign in or for another password, and brings it back.
        Ok(Reply::SignIn | Reply::PasswordFirst | Reply::PlainWay) => form.submit(),
        Ok(Reply::Fault(id)) => say(
            &form,
            "Not confirmed",
            &format!(
                "Something went wrong in the program (number {id}), so it is not known whether this was recorded. \
                 {SEND_AGAIN}"
            ),
        ),
        Err(Failed::NoConnection) => say(
            &form,
            "Not confirmed",
            &format!(
                "There is no connection to the server, so it is not known whether this was recorded. {SEND_AGAIN}"
            ),
        ),
        Err(Failed::Unclear(status)) => say(
            &form,
            "Not confirmed",
            &format!(
                "The server answered {status}, so it is not known whether this was recorded. {SEND_AGAIN}"
            ),
        ),
        Err(Failed::Answered(words)) => say(&form, "Not saved", words),
    };
    if outcome.is_err() {
        // Whatever the script can't do, the page can.
        let _ = form.submit();
    }
}

/// A form that is sent again is the same command, which the record takes once.
const SEND_AGAIN: &str = "What you typed is still here: send it again. It is recorded only once, also if it was already.";

fn say(form: &HtmlFormElement, heading: &str, text: &str) -> Result<(), JsValue> {
    refusals::show(form, heading, &[Words::of(text)])
}

pub(super) enum Failed {
    NoConnection,
    /// Something else than this program answered, or it broke.
    Unclear(u16),
    Answered(&'static str),
}

pub(super) async fn post(form: &HtmlFormElement) -> Result<Reply, Failed> {
    let (status, text) = request(form).await.map_err(|_| Failed::NoConnection)?;
    serde_json::from_str(&text).map_err(|_| match status {
        413 => Failed::Answered("The form is too long for the server. Shorten it."),
        429 => Failed::Answered("There were too many attempts. Wait a minute, then try again."),
        status => Failed::Unclear(status),
    })
}

async fn request(form: &HtmlFormElement) -> Result<(u16, String), JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&typed(form)?.into());
    let headers = web_sys::Headers::new()?;
    headers.set("Accept", "application/json")?;
    init.set_headers(&headers.into());
    let window = dom::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(&form.action(), &init))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}

pub(super) fn typed(form: &HtmlFormElement) -> Result<UrlSearchParams, JsValue> {
    let typed = UrlSearchParams::new()?;
    let pairs = FormData::new_with_form(form)?;
    for pair in js_sys::try_iter(&pairs)?.into_iter().flatten() {
        let pair: Array = pair?.dyn_into()?;
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            typed.append(&name, &value);
        }
    }
    Ok(typed)
}

fn underway(form: &HtmlFormElement, underway: bool) {
    let _ = form.toggle_attribute_with_force("data-underway", underway);
    // What is sent stays what it was: nobody types on into a form that is about to be replaced.
    let _ = form.toggle_attribute_with_force("inert", underway);
    for button in dom::all(form, "button") {
        if let Some(button) = button.dyn_ref::<HtmlButtonElement>() {
            button.set_disabled(underway);
        }
    }
}
