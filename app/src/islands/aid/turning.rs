//! From a recorded command to the page that shows it: in place where it is the same page, so that the rest of what was typed
//! stays and nothing jumps.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Event, EventInit, HtmlFormElement, HtmlInputElement,
    HtmlSelectElement, HtmlTextAreaElement, Response, SupportedType, Url,
};

use super::{clock, dom, refusals, session};

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
    let hand = Hand::of(&document, form);
    let after = place_of(&document, form);
    let sent = Sent::of(&document, form);
    let scrolled = window.scroll_y().unwrap_or_default();
    // What is still typed here was never away: no line about it moves the page.
    if let Some(body) = drawn.body() {
        for note in dom::all(&body, ".draft-note") {
            note.remove();
        }
    }
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
    session::set();
    // What was replaced has let the page go to its top.
    window.scroll_to_with_x_and_y(0.0, scrolled);
    typed.put_back(&document);
    // Whoever types elsewhere already goes on there: no letter lands in another field.
    if !hand.is_some_and(|hand| hand.put_back(&document)) {
        arrive(&document, &next, after, &sent);
    }
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
fn arrive(document: &Document, page: &Url, after: Option<usize>, sent: &Sent) {
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
    let place = document.get_element_by_id(place.trim_start_matches('#'));
    // A paper that was just printed is opened by its link.
    if let Some(link) = place.as_ref().and_then(printed) {
        dom::focus_in_place(&link);
        return;
    }
    if let Some(field) = sent.next(document) {
        dom::focus_in_place(&field);
        return;
    }
    if let Some(place) = place {
        refusals::open_around(&place);
        let _ = place.set_attribute("tabindex", "-1");
        dom::focus_in_place(&place);
    }
}

/// The link of the newest print in a part of the page.
fn printed(place: &Element) -> Option<Element> {
    place.query_selector("[data-print]").ok().flatten()
}

/// Which form was sent, among others of its kind: `result:GE-2026-0007-S01:viability` is one of many results.
struct Sent {
    kind: Option<String>,
    place: usize,
    chosen: bool,
}

impl Sent {
    fn of(document: &Document, form: &HtmlFormElement) -> Self {
        let name = name_of(form).unwrap_or_default();
        let kind = name.split_once(':').map(|(kind, _)| format!("{kind}:"));
        let forms = kind.as_ref().map(|kind| of_kind(document, kind));
        let place = forms.and_then(|forms| {
            let same = |one: &Element| one.is_same_node(Some(form));
            forms.iter().position(same)
        });
        Self {
            kind,
            place: place.unwrap_or_default(),
            chosen: form.closest("#chosen").ok().flatten().is_some(),
        }
    }

    /// Where the person goes on with the same work: in the panel that has the next test in it, else in the form that has
    /// taken the place of the one that was sent, or follows it.
    fn next(&self, document: &Document) -> Option<Element> {
        if self.chosen {
            let chosen = document.get_element_by_id("chosen")?;
            let forms = dom::all(&chosen, "form[data-command]");
            return forms.iter().find_map(first_to_fill);
        }
        let forms = of_kind(document, self.kind.as_ref()?);
        forms.iter().skip(self.place).find_map(first_to_fill)
    }
}

fn name_of(form: &Element) -> Option<String> {
    let field = form.query_selector("[name=form]").ok().flatten()?;
    dom::value(&field)
}

fn of_kind(document: &Document, kind: &str) -> Vec<Element> {
    let Some(body) = document.body() else {
        return Vec::new();
    };
    let mut forms = dom::all(&body, "form[data-command]");
    forms.retain(|form| name_of(form).is_some_and(|name| name.starts_with(kind)));
    forms
}

/// The first field of a form that is not folded away, or its button.
fn first_to_fill(form: &Element) -> Option<Element> {
    if form.closest("details:not([open])").ok().flatten().is_some() {
        return None;
    }
    let chosen = form
        .query_selector("input[type=radio]:checked")
        .ok()
        .flatten();
    let fields = dom::all(
        form,
        "input:not([type=hidden]):not([type=radio]), textarea, select, button",
    );
    let radio = dom::all(form, "input[type=radio]").into_iter().next();
    // The sign of a result is chosen already where it is exact: the figure is what is typed.
    match (chosen, radio) {
        (None, Some(radio)) => Some(radio),
        _ => fields.into_iter().next(),
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

/// Where a person is typing while the answer is on its way: a field, and the place in its words.
struct Hand {
    field: String,
    place: Option<(u32, u32)>,
}

impl Hand {
    fn of(document: &Document, sent: &HtmlFormElement) -> Option<Self> {
        let at = document.active_element()?;
        let form = at.closest("form[data-command]").ok().flatten()?;
        if form.is_same_node(Some(sent)) || !at.matches("input, textarea, select").ok()? {
            return None;
        }
        let place = match at.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.selection_start().ok().zip(input.selection_end().ok()),
            None => at
                .dyn_ref::<HtmlTextAreaElement>()
                .and_then(|area| area.selection_start().ok().zip(area.selection_end().ok())),
        };
        let place = place.and_then(|(start, end)| start.zip(end));
        Some(Self {
            field: at.id(),
            place,
        })
    }

    /// Whether the field is still there.
    fn put_back(self, document: &Document) -> bool {
        let Some(field) = document.get_element_by_id(&self.field) else {
            return false;
        };
        dom::focus(&field);
        if let Some((start, end)) = self.place {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                let _ = input.set_selection_range(start, end);
            } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
                let _ = area.set_selection_range(start, end);
            }
        }
        true
    }
}

/// What is typed into the other forms of a page and not recorded yet.
struct Typed(Vec<TypedForm>);

/// What is typed into one form.
struct TypedForm {
    /// The id of the form in its page.
    form: String,
    /// The id of its command: where its answer was lost, it is sent again as the same command.
    command: String,
    /// Its fields by name.
    fields: Vec<(String, State)>,
}

enum State {
    Words(String),
    Ticked(String, bool),
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
            let fields = dom::all(
                &form,
                "input:not([type=hidden]):not([type=password]), textarea, select",
            );
            let fields: Vec<_> = fields
                .iter()
                .filter_map(|field| Some((field.get_attribute("name")?, state(field)?)))
                .collect();
            if let Some(command) = command(&form)
                && !fields.is_empty()
            {
                typed.push(TypedForm {
                    form: form.id(),
                    command: command.value(),
                    fields,
                });
            }
        }
        Self(typed)
    }

    fn put_back(self, document: &Document) {
        for typed in self.0 {
            let Some(form) = document.get_element_by_id(&typed.form) else {
                continue;
            };
            if let Some(command) = command(&form) {
                command.set_value(&typed.command);
            }
            let fields = dom::all(&form, "input, textarea, select");
            for (name, state) in typed.fields {
                let named = fields
                    .iter()
                    .filter(|field| field.get_attribute("name").as_deref() == Some(&name));
                for field in named {
                    put(field, &state);
                }
            }
        }
    }
}

/// The field that holds the id of a form's command.
fn command(form: &Element) -> Option<HtmlInputElement> {
    let field = form.query_selector("[name=command_id]");
    field.ok().flatten()?.dyn_into().ok()
}

/// What a person has changed in a field; `None` where it is as it was drawn.
fn state(field: &Element) -> Option<State> {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "checkbox" => (input.checked() != input.default_checked())
                .then(|| State::Ticked(input.value(), input.checked())),
            "radio" => (input.checked() && !input.default_checked())
                .then(|| State::Ticked(input.value(), true)),
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
        State::Ticked(value, ticked) => {
            if let Some(input) = field
                .dyn_ref::<HtmlInputElement>()
                .filter(|input| input.value() == *value)
            {
                input.set_checked(*ticked);
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
            tell(field);
        }
    }
}

/// Tells the page that what stands in a field has changed, so that it is judged again.
pub fn tell(field: &Element) {
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = field.dispatch_event(&event);
    }
}
