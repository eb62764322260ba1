//! From a recorded command to the page that shows it: in place where it is the same page, so that the rest of what was typed
//! stays and nothing jumps.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Event, EventInit, HtmlFormElement, HtmlInputElement,
    HtmlSelectElement, HtmlTextAreaElement, Response, SupportedType, Url,
};

use super::{clock, dom, refusals};

/// Goes to a page after `form` was recorded.
pub async fn to(page: &str, form: &HtmlFormElement) -> Result<(), JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let location = window.location();
    let next = Url::new_with_base(page, &location.href()?)?;
    if next.pathname() != location.pathname()? {
        return location.assign(page);
    }
    let Some(drawn) = fetch(&next).await? else {
        return location.assign(page);
    };
    let document = dom::document().ok_or(JsValue::NULL)?;
    let typed = Typed::of(&document, form);
    let after = place_of(&document, form);
    for id in ["above", "main"] {
        if let (Some(old), Some(new)) =
            (document.get_element_by_id(id), drawn.get_element_by_id(id))
        {
            old.set_inner_html(&new.inner_html());
            let init = EventInit::new();
            init.set_bubbles(true);
            // The page's own script wakes the islands in it.
            old.dispatch_event(&Event::new_with_event_init_dict("turned", &init)?)?;
        }
    }
    document.set_title(&drawn.title());
    window
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(&next.href()))?;
    clock::set();
    typed.put_back(&document);
    arrive(&document, &next, after);
    Ok(())
}

/// The page as the server draws it now; `None` where it isn't that page, as after the end of the session.
async fn fetch(page: &Url) -> Result<Option<Document>, JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str(&page.href()))
        .await?
        .dyn_into()?;
    if !response.ok() || response.redirected() {
        return Ok(None);
    }
    let text = JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    // Parsed apart from the page: scripts in it don't run.
    DomParser::new()?
        .parse_from_string(&text, SupportedType::TextHtml)
        .map(Some)
}

/// Where the person goes on: the next field to be recorded after the one that was, else where the address points.
fn arrive(document: &Document, page: &Url, after: Option<usize>) {
    let next = document.get_element_by_id("next");
    let entries = next
        .map(|next| dom::all(&next, ".entries > .entry"))
        .unwrap_or_default();
    let (before, from) = entries.split_at(after.unwrap_or_default().min(entries.len()));
    let open = from.iter().chain(before).find_map(unanswered);
    if let Some(field) = open {
        dom::focus(&field);
        return;
    }
    let place = page.hash();
    if let Some(place) = document.get_element_by_id(place.trim_start_matches('#')) {
        refusals::open_around(&place);
        place.scroll_into_view();
        let _ = place.set_attribute("tabindex", "-1");
        dom::focus(&place);
    }
}

/// The first input of an entry in which nothing is typed or chosen yet.
fn unanswered(entry: &Element) -> Option<Element> {
    let inputs = dom::all(entry, ".row > .field input, .row > .field select");
    let answered = inputs
        .iter()
        .filter_map(|input| input.dyn_ref::<HtmlInputElement>())
        .any(|input| match input.type_().as_str() {
            "radio" | "checkbox" => input.checked(),
            _ => !input.value().is_empty(),
        });
    inputs.into_iter().next().filter(|_| !answered)
}

/// The place of a form among the entries of the step at work.
fn place_of(document: &Document, form: &HtmlFormElement) -> Option<usize> {
    let next = document.get_element_by_id("next")?;
    dom::all(&next, ".entries > .entry")
        .iter()
        .position(|entry| entry.contains(Some(form)))
}

/// What is typed into the other forms of a page and not sent yet.
struct Typed(Vec<(String, String, State)>);

enum State {
    Words(String),
    Ticked(String),
}

impl Typed {
    fn of(document: &Document, sent: &HtmlFormElement) -> Self {
        let Some(body) = document.body() else {
            return Self(Vec::new());
        };
        let mut typed = Vec::new();
        for form in dom::all(&body, "form[data-command]") {
            if form.is_same_node(Some(sent)) {
                continue;
            }
            for field in dom::all(
                &form,
                "input:not([type=hidden]):not([type=password]), textarea, select",
            ) {
                let name = field.get_attribute("name").unwrap_or_default();
                if let Some(state) = state(&field) {
                    typed.push((form.id(), name, state));
                }
            }
        }
        Self(typed)
    }

    fn put_back(self, document: &Document) {
        for (form, name, state) in self.0 {
            let Some(form) = document.get_element_by_id(&form) else {
                continue;
            };
            let fields = dom::all(&form, "input, textarea, select");
            let named = fields
                .iter()
                .filter(|field| field.get_attribute("name").as_deref() == Some(&name));
            for field in named {
                put(field, &state);
            }
        }
    }
}

/// What a person has changed in a field; `None` where it is as it was drawn.
fn state(field: &Element) -> Option<State> {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "checkbox" | "radio" => {
                (input.checked() && !input.default_checked()).then(|| State::Ticked(input.value()))
            }
            _ => (input.value() != input.default_value()).then(|| State::Words(input.value())),
        };
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return (Ok(area.value()) != area.default_value()).then(|| State::Words(area.value()));
    }
    let select = field.dyn_ref::<HtmlSelectElement>()?;
    (!select.value().is_empty()).then(|| State::Words(select.value()))
}

fn put(field: &Element, state: &State) {
    match state {
        State::Ticked(value) => {
            if let Some(input) = field
                .dyn_ref::<HtmlInputElement>()
                .filter(|input| input.value() == *value)
            {
                input.set_checked(true);
                refusals::open_around(field);
            }
        }
        State::Words(words) => {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                input.set_value(words);
            } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
                area.set_value(words);
            } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
                select.set_value(words);
            }
            refusals::open_around(field);
            let init = EventInit::new();
            init.set_bubbles(true);
            if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
                // So that what was typed is judged again.
                let _ = field.dispatch_event(&event);
            }
        }
    }
}
