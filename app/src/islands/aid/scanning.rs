//! Enter in a field of one line, which is also how a scanner ends: it goes on to the next field and never sends the form. A
//! scan that doesn't belong into its field is named there at once.
//!
//! Keystrokes are not timed to tell a scanner from a person: slow scanners and fast hands would be taken for one another, and
//! what is recorded must not depend on it.

use std::cell::Cell;

use domain::time::typed_day;
use domain::typed::Takes;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{dom, judging, turning};
use crate::judge::{Judgement, judge_din, judge_line};

/// How long after an Enter that led to a button another one is passed over, in milliseconds: scanners can send two.
const SECOND_ENTER: f64 = 400.0;

thread_local! {
    /// When an Enter led to another place last.
    static MOVED: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// Listens for keys.
pub fn listen() {
    dom::on("keydown", |event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
            pressed(&event, key);
        }
    });
}

fn pressed(event: &Event, key: &KeyboardEvent) {
    let Some(at) = dom::target(event) else { return };
    if key.key() != "Enter" {
        if matches!(key.key().as_str(), "=" | "&" | "]") && !key.ctrl_key() && !key.meta_key() {
            open_for_scan(event, &at, &key.key());
        }
        return;
    }
    if key.is_composing() {
        return;
    }
    if at.tag_name() == "BUTTON" {
        if event.time_stamp() - MOVED.get() < SECOND_ENTER {
            event.prevent_default();
        }
        return;
    }
    let Some(field) = one_line(&at) else { return };
    let Ok(Some(form)) = at.closest("form[data-command]") else {
        return;
    };
    event.prevent_default();
    MOVED.set(event.time_stamp());
    if !misplaced(field) {
        into_date(field);
        go_on(&form, &at);
    }
}

/// A field of one line. A password is left to the browser: nothing is scanned into it, and Enter signs as everywhere.
fn one_line(at: &Element) -> Option<&HtmlInputElement> {
    let input = at.dyn_ref::<HtmlInputElement>()?;
    let words = matches!(
        input.type_().as_str(),
        "text" | "date" | "search" | "number" | "tel" | "email"
    );
    words.then_some(input)
}

/// A browser's field for a date takes single digits out of a scan and drops the rest; a field of words keeps it whole until it is
/// read.
fn open_for_scan(event: &Event, at: &Element, begins: &str) {
    let Some(field) = one_line(at).filter(|field| field.type_() == "date") else {
        return;
    };
    if takes(field).is_none() {
        return;
    }
    event.prevent_default();
    field.set_type("text");
    field.set_value(begins);
    let end = u32::try_from(begins.len()).unwrap_or_default();
    let _ = field.focus();
    let _ = field.set_selection_range(end, end);
}

/// A scanned day stands in its field as a day.
fn into_date(field: &HtmlInputElement) {
    let day = field.type_() == "text" && matches!(takes(field), Some(Takes::Day | Takes::Expiry));
    if let Some(day) = day.then(|| typed_day(&field.value()).ok()).flatten() {
        field.set_type("date");
        field.set_value(&day.to_string());
        turning::tell(field);
    }
}

fn takes(field: &Element) -> Option<Takes> {
    Takes::from_code(&field.get_attribute("data-takes")?)
}

/// What is wrong with the text in a field that says what it takes.
pub fn judge(field: &Element, value: &str) -> Option<Judgement> {
    let label = field.get_attribute("data-label").unwrap_or_default();
    judge_line(value, &label, takes(field)?)
}

/// Whether what stands in a field belongs into another one; then it is said, and the next scan takes its place.
fn misplaced(field: &HtmlInputElement) -> bool {
    let value = field.value();
    let judgement = judge(field, &value)
        .or_else(|| judging::not_read(field, &value))
        .or_else(|| not_a_din(field, &value));
    let Some(judgement) = judgement else {
        return false;
    };
    judging::show(field, Some(judgement));
    field.select();
    true
}

/// Why a scan into the field of a DIN is none: two of them in one scan, a flag of another number.
fn not_a_din(field: &HtmlInputElement, value: &str) -> Option<Judgement> {
    let scan = field.has_attribute("data-scan") && value.contains(['=', '&']);
    let judgement = scan.then(|| judge_din(value)).flatten()?;
    (!judgement.within).then_some(judgement)
}

/// Goes to the next field that is seen, else to the button that sends the form.
fn go_on(form: &Element, at: &Element) {
    let places = dom::all(
        form,
        "input:not([type=hidden]), select, textarea, button[type=submit]",
    );
    let scan = dom::value(at).is_some_and(|value| value.contains(['=', '&']));
    let seen = |one: &&Element| {
        one.dyn_ref::<HtmlElement>()
            .is_some_and(|one| one.offset_parent().is_some())
    };
    // The check character is not asked for after a scan.
    let asked = |one: &&Element| !(scan && one.class_list().contains("input-check"));
    let next = places
        .iter()
        .skip_while(|one| !one.is_same_node(Some(at)))
        .skip(1)
        .filter(seen)
        .find(asked);
    if let Some(next) = next {
        dom::focus(next);
    }
}
