//! The server's time, kept going: each `data-clock` holds the second of the day at the site when the page was drawn, and
//! `data-change` when the site's clocks are changed next.

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

/// Begins again from what a page that was just drawn says.
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
        let change = clock.get_attribute("data-change");
        let change = change.as_deref().and_then(change_of);
        let (shift, letters) = match change.filter(|(after, ..)| gone >= *after) {
            Some((_, shift, letters)) => (shift, letters.to_owned()),
            None => (0, clock.get_attribute("data-zone").unwrap_or_default()),
        };
        let second = i64::from(drawn) + i64::from(gone) + i64::from(shift);
        let minute = second.rem_euclid(24 * 60 * 60) / 60;
        let words = format!("{:02}:{:02} {letters}", minute / 60, minute % 60);
        if clock.text_content().as_deref() != Some(&words) {
            clock.set_text_content(Some(&words));
        }
    }
}

/// In how many seconds the clocks are changed, by how many, and how they are called then: `5400 3600 CEST`.
fn change_of(text: &str) -> Option<(u32, i32, &str)> {
    let mut parts = text.splitn(3, ' ');
    let (after, shift) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some((after, shift, parts.next()?))
}
