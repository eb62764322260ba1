//! The server's time, kept going: each `data-clock` holds the second of the day at the site when the page was drawn.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::dom;

/// Goes on every few seconds.
const EVERY_MS: i32 = 5000;

thread_local! {
    static DRAWN_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// Starts the clock.
pub fn run() {
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
}

/// Begins anew from what a page that was just drawn says.
pub fn set() {
    DRAWN_AT.set(now());
}

fn now() -> f64 {
    dom::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

fn tick() {
    let Some(body) = dom::document().and_then(|document| document.body()) else {
        return;
    };
    let gone = ((now() - DRAWN_AT.get()) / 1000.0) as u32;
    for clock in dom::all(&body, "[data-clock]") {
        let drawn: Option<u32> = clock
            .get_attribute("data-clock")
            .and_then(|second| second.parse().ok());
        let Some(drawn) = drawn else { continue };
        let minute = (drawn + gone) / 60 % (24 * 60);
        let zone = clock.get_attribute("data-zone").unwrap_or_default();
        let words = format!("{:02}:{:02} {zone}", minute / 60, minute % 60);
        if clock.text_content().as_deref() != Some(&words) {
            clock.set_text_content(Some(&words));
        }
    }
}
