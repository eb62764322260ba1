//! What is typed and not sent is kept on the server as a draft of its person, so that it survives a change of page, of tab
//! and of session. Never a password, nor the user name that goes with one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use js_sys::{Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlFormElement, RequestInit, Response, UrlSearchParams};

use super::{dom, sending, session};
use crate::reply::Reply;

/// A draft is kept once nothing was typed for so long.
const PAUSE_MS: i32 = 700;

const ENDPOINT: &str = "/api/save-draft";

thread_local! {
    /// Forms in which something was typed that is not kept yet, by the id of the form.
    static TYPED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    /// Drafts on their way, by the id of the form: a form is not sent before its draft has arrived, which would come back
    /// after it otherwise.
    static UNDERWAY: RefCell<BTreeMap<String, Promise>> = const { RefCell::new(BTreeMap::new()) };
    static TIMER: RefCell<Option<i32>> = const { RefCell::new(None) };
}

/// Listens for typing.
pub fn listen() {
    for kind in ["input", "change"] {
        dom::on(kind, |event| {
            let form = dom::target(&event).and_then(|field| field.closest("form").ok().flatten());
            if let Some(form) = form.filter(keeps_drafts) {
                TYPED.with_borrow_mut(|typed| typed.insert(form.id()));
                later();
            }
        });
    }
    // The page may be left before the pause is over.
    dom::on("visibilitychange", |_| save_all());
    dom::on_window("pagehide", |_| save_all());
}

/// A form of a signed-in person that sends a command.
fn keeps_drafts(form: &web_sys::Element) -> bool {
    let own = form.query_selector("input[name=person]").ok().flatten();
    form.has_attribute("data-command") && own.is_some()
}

fn later() {
    let Some(window) = dom::window() else { return };
    TIMER.with_borrow_mut(|timer| {
        if let Some(timer) = timer.take() {
            window.clear_timeout_with_handle(timer);
        }
        let save = Closure::once_into_js(save_all);
        let set = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(save.unchecked_ref(), PAUSE_MS);
        *timer = set.ok();
    });
}

fn save_all() {
    let typed = TYPED.with_borrow_mut(std::mem::take);
    let Some(document) = dom::document() else {
        return;
    };
    for id in typed {
        let form = document.get_element_by_id(&id);
        let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form.filter(|form| !form.has_attribute("data-underway")) {
            save(&form);
        }
    }
}

fn save(form: &HtmlFormElement) {
    let Ok(sent) = request(form) else { return };
    let id = form.id();
    UNDERWAY.with_borrow_mut(|underway| underway.insert(id.clone(), sent.clone()));
    spawn_local(async move {
        let reply = answer(sent).await;
        UNDERWAY.with_borrow_mut(|underway| underway.remove(&id));
        match reply {
            Ok(Reply::Done(_)) => session::goes_on(),
            Ok(Reply::SignIn) => session::has_ended(),
            // What can't be kept now is kept with the next word, or sent.
            _ => {}
        }
    });
}

fn request(form: &HtmlFormElement) -> Result<Promise, JsValue> {
    let typed = sending::typed(form)?;
    without_secrets(form, &typed);
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&typed.into());
    // Goes on also when the page is left.
    Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    let headers = web_sys::Headers::new()?;
    headers.set("Accept", "application/json")?;
    init.set_headers(&headers.into());
    let window = dom::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_str_and_init(ENDPOINT, &init))
}

fn without_secrets(form: &HtmlFormElement, typed: &UrlSearchParams) {
    let secrets = dom::all(form, "input[type=password]");
    for secret in &secrets {
        if let Some(name) = secret.get_attribute("name") {
            typed.delete(&name);
        }
    }
    if !secrets.is_empty() {
        typed.delete("user_name");
    }
}

async fn answer(sent: Promise) -> Result<Reply, JsValue> {
    let response: Response = JsFuture::from(sent).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|_| JsValue::NULL)
}

/// Waits until no draft of this form is on its way, and lets no other begin: the form itself is sent now.
pub async fn settle(form: &HtmlFormElement) {
    let id = form.id();
    TYPED.with_borrow_mut(|typed| typed.remove(&id));
    let underway = UNDERWAY.with_borrow(|underway| underway.get(&id).cloned());
    if let Some(underway) = underway {
        let _ = JsFuture::from(underway).await;
    }
}
