//! Short ways to the document.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Document, Element, Event, FocusOptions, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    NodeList, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};

/// The window; there is one wherever this runs.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// All elements in `of` that fit a selector.
pub fn all(of: &Element, selector: &str) -> Vec<Element> {
    of.query_selector_all(selector)
        .map(list)
        .unwrap_or_default()
}

fn list(nodes: NodeList) -> Vec<Element> {
    (0..nodes.length())
        .filter_map(|at| nodes.item(at)?.dyn_into().ok())
        .collect()
}

/// Calls `act` for each event of a kind, wherever on the page it happens.
pub fn on(kind: &str, act: impl Fn(Event) + 'static) {
    let Some(document) = document() else { return };
    let act = Closure::<dyn Fn(Event)>::new(act);
    // Listens as long as the page lives.
    if document
        .add_event_listener_with_callback(kind, act.as_ref().unchecked_ref())
        .is_ok()
    {
        act.forget();
    }
}

/// The same for an event of the window.
pub fn on_window(kind: &str, act: impl Fn(Event) + 'static) {
    let Some(window) = window() else { return };
    let act = Closure::<dyn Fn(Event)>::new(act);
    if window
        .add_event_listener_with_callback(kind, act.as_ref().unchecked_ref())
        .is_ok()
    {
        act.forget();
    }
}

/// The element that an event began at.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// What stands in a field of words.
pub fn value(element: &Element) -> Option<String> {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return Some(input.value());
    }
    element
        .dyn_ref::<HtmlTextAreaElement>()
        .map(HtmlTextAreaElement::value)
}

/// Brings an element into focus and into sight.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Brings an element into focus. The page moves no further than it must for it to be seen.
pub fn focus_in_place(element: &Element) {
    if let Some(focused) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = focused.focus_with_options(&options);
    }
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
