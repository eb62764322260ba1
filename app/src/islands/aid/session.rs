//! Says that the session is about to end, two minutes before it does, with a button to go on. Inactivity itself can't be
//! switched off: going on is something that a person does.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, Element, HtmlFormElement};

use super::{dom, sending};
use crate::reply::Reply;

/// Looked at every few seconds.
const EVERY_MS: i32 = 2000;
/// So long before the end the page says so.
const BEFORE_MS: f64 = 120_000.0;
/// Where the tabs of one browser tell each other that one of them was used. Nothing is stored in the browser.
const USED: &str = "autolog-used";

thread_local! {
    static ENDS_AT: Cell<f64> = const { Cell::new(f64::INFINITY) };
    static USED_AT: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    static TABS: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Starts to look.
pub fn run() {
    listen_to_tabs();
    set();
    let tick = Closure::<dyn Fn()>::new(tick);
    let Some(window) = dom::window() else { return };
    let set = window.set_interval_with_callback_and_timeout_and_arguments_0(
        tick.as_ref().unchecked_ref(),
        EVERY_MS,
    );
    if set.is_ok() {
        tick.forget();
    }
    dom::on("submit", |event| {
        let form = dom::target(&event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form.filter(|form| form.has_attribute("data-stay")) {
            event.prevent_default();
            spawn_local(stay(form));
        }
    });
}

/// Begins again from what a page says that was just drawn.
pub fn set() {
    let Some(notice) = notice() else {
        ENDS_AT.set(f64::INFINITY);
        return;
    };
    ENDS_AT.set(Date::now() + milliseconds(&notice, "data-ends"));
    used();
}

/// The server has answered this person: the session goes on from now.
pub fn goes_on() {
    used();
    tick();
}

/// The server doesn't know this session any more.
pub fn has_ended() {
    ENDS_AT.set(f64::NEG_INFINITY);
    USED_AT.set(f64::NEG_INFINITY);
    tick();
}

fn used() {
    USED_AT.set(Date::now());
    TABS.with_borrow(|tabs| {
        if let Some(tabs) = tabs {
            let _ = tabs.post_message(&JsValue::TRUE);
        }
    });
}

/// Another tab that was used goes on with the session for this one too.
fn listen_to_tabs() {
    let Ok(tabs) = BroadcastChannel::new(USED) else {
        return;
    };
    let heard = Closure::<dyn Fn()>::new(|| USED_AT.set(Date::now()));
    tabs.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    TABS.set(Some(tabs));
}

fn notice() -> Option<Element> {
    dom::document()?.get_element_by_id("session-notice")
}

fn milliseconds(notice: &Element, name: &str) -> f64 {
    let seconds = notice.get_attribute(name);
    let seconds = seconds.and_then(|seconds| seconds.parse::<f64>().ok());
    seconds.unwrap_or(f64::INFINITY) * 1000.0
}

/// When the session ends: another tab may have been used meanwhile.
fn ends_at(notice: &Element) -> f64 {
    let renewed = USED_AT.get() + milliseconds(notice, "data-renews");
    ENDS_AT.get().max(renewed)
}

fn tick() {
    let Some(notice) = notice() else { return };
    let left = ends_at(&notice) - Date::now();
    let ending = left <= BEFORE_MS && left > 0.0;
    let ended = left <= 0.0;
    for (selector, shown) in [(".session-ending", ending), (".session-ended", ended)] {
        for part in dom::all(&notice, selector) {
            if part.has_attribute("hidden") == shown {
                let _ = part.toggle_attribute_with_force("hidden", !shown);
            }
        }
    }
}

async fn stay(form: HtmlFormElement) {
    match sending::post(&form).await {
        Ok(Reply::Done(_)) => goes_on(),
        Ok(Reply::SignIn) => has_ended(),
        // The plain way says what is wrong.
        _ => {
            let _ = form.submit();
        }
    }
}
