//! Forms are sent without a new page: what was typed stays until it is recorded.

use domain::refusal::Words;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, FormData, HtmlButtonElement, HtmlFormElement, RequestInit, Response, UrlSearchParams,
};

use super::{dom, refusals, turning};
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
    let answer = post(&form).await;
    let outcome = match answer {
        Ok(Reply::Done(page)) => turning::to(&page, &form).await,
        Ok(Reply::Refused(words)) => refusals::show(&form, "Not recorded", &words),
        // The plain way keeps the form, asks to sign in or for another password, and brings it back.
        Ok(Reply::SignIn | Reply::PasswordFirst) => form.submit(),
        Ok(Reply::Fault(id)) => not_saved(
            &form,
            &format!(
                "Something went wrong in the program (number {id}). What you typed is still here: try again."
            ),
        ),
        Err(Failed::NoConnection) => not_saved(
            &form,
            "There is no connection to the server. What you typed is still here: try again.",
        ),
        Err(Failed::Answered(words)) => not_saved(&form, &words),
    };
    underway(&form, false);
    if outcome.is_err() {
        // Whatever the script can't do, the page can.
        let _ = form.submit();
    }
}

fn not_saved(form: &HtmlFormElement, text: &str) -> Result<(), JsValue> {
    refusals::show(form, "Not saved", &[Words::of(text)])
}

enum Failed {
    NoConnection,
    Answered(String),
}

async fn post(form: &HtmlFormElement) -> Result<Reply, Failed> {
    let (status, text) = request(form).await.map_err(|_| Failed::NoConnection)?;
    serde_json::from_str(&text).map_err(|_| {
        let words = match status {
            413 => "The form is too long for the server. Shorten it.".to_owned(),
            429 => "There were too many attempts. Wait a minute, then try again.".to_owned(),
            status => {
                format!("The server answered {status}. What you typed is still here: try again.")
            }
        };
        Failed::Answered(words)
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

fn typed(form: &HtmlFormElement) -> Result<UrlSearchParams, JsValue> {
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
    for button in dom::all(form, "button") {
        if let Some(button) = button.dyn_ref::<HtmlButtonElement>() {
            button.set_disabled(underway);
        }
    }
}
