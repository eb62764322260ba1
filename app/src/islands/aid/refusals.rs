//! Why a form wasn't taken: at its top with links, and at each field, as the server draws it without a script.

use domain::refusal::Words;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlFormElement, HtmlInputElement};

use super::dom;
use crate::reply::not_saved;

/// Listens for corrections: a refusal goes away when its field is corrected.
pub fn listen() {
    for kind in ["input", "change"] {
        dom::on(kind, |event| {
            if let Some(field) = dom::target(&event) {
                corrected(&field);
            }
        });
    }
}

/// Takes the refusal of a field away, at the field and from the summary, which counts those that are left.
fn corrected(field: &Element) {
    let Ok(Some(form)) = field.closest("form[data-command]") else {
        return;
    };
    let name = field.get_attribute("name").unwrap_or_default();
    for refused in dom::all(&form, "[aria-invalid]") {
        if refused.get_attribute("name").as_deref() != Some(&name) {
            continue;
        }
        let _ = refused.remove_attribute("aria-invalid");
        let id = refused.id();
        let place = dom::document()
            .and_then(|document| document.get_element_by_id(&format!("{id}-refusal")));
        if let Some(place) = place {
            place.set_text_content(None);
        }
        for link in dom::all(&form, ".refusals a") {
            if link.get_attribute("href").as_deref() == Some(&format!("#{id}"))
                && let Some(line) = link.parent_element()
            {
                line.remove();
            }
        }
        count(&form);
    }
}

fn count(form: &Element) {
    for summary in dom::all(form, ".refusals") {
        if dom::all(&summary, "li").is_empty() {
            summary.remove();
            continue;
        }
        let fields: std::collections::BTreeSet<_> = dom::all(&summary, "li a")
            .iter()
            .filter_map(|link| link.get_attribute("href"))
            .collect();
        for heading in dom::all(&summary, ".refusals-heading") {
            heading.set_text_content(Some(&not_saved(fields.len())));
        }
    }
}

/// Takes away what an earlier answer put in.
pub fn clear(form: &HtmlFormElement) {
    for summary in dom::all(form, ".refusals") {
        summary.remove();
    }
    for refusal in dom::all(form, ".refusal") {
        refusal.set_text_content(None);
    }
    // As without a script: what signs is typed again.
    for password in dom::all(form, "input[type=password]") {
        if let Some(password) = password.dyn_ref::<HtmlInputElement>() {
            password.set_value("");
        }
    }
    for field in dom::all(form, "[aria-invalid]") {
        let _ = field.remove_attribute("aria-invalid");
    }
}

/// Shows why nothing was recorded, with the number of fields to correct; what was typed stays.
pub fn refused(sent: &HtmlFormElement, words: &[Words]) -> Result<(), JsValue> {
    let fields = words.iter().filter_map(|words| words.field.as_deref());
    let fields: std::collections::BTreeSet<_> = fields.collect();
    show(sent, &not_saved(fields.len()), words)
}

/// Shows what came of a form under a heading; what was typed stays.
pub fn show(sent: &HtmlFormElement, heading: &str, refused: &[Words]) -> Result<(), JsValue> {
    let document = dom::document().ok_or(JsValue::NULL)?;
    let form = &present(&document, sent);
    clear(form);
    let summary = document.create_element("div")?;
    summary.set_class_name("refusals");
    summary.set_attribute("role", "alert")?;
    summary.set_attribute("tabindex", "-1")?;
    let title = document.create_element("p")?;
    title.set_class_name("refusals-heading");
    title.set_text_content(Some(heading));
    let list = document.create_element("ul")?;
    for words in refused {
        let line = document.create_element("li")?;
        match words.field.as_deref().and_then(|name| field(form, name)) {
            Some(field) => {
                at_field(&field, &words.text)?;
                let link = document.create_element("a")?;
                link.set_attribute("href", &format!("#{}", field.id()))?;
                link.set_text_content(Some(&words.text));
                line.append_child(&link)?;
            }
            None => line.set_text_content(Some(&words.text)),
        }
        list.append_child(&line)?;
    }
    summary.append_child(&title)?;
    summary.append_child(&list)?;
    let place: Element = match document.get_element_by_id("main") {
        // The page has changed, and the form has no place on it any more.
        Some(main) if !form.is_connected() => main,
        _ => form.clone().into(),
    };
    place.insert_before(&summary, place.first_child().as_ref())?;
    open_around(&summary);
    dom::focus(&summary);
    Ok(())
}

/// The form as it stands on the page now: another that was recorded meanwhile may have had the page drawn again.
fn present(document: &Document, sent: &HtmlFormElement) -> HtmlFormElement {
    let drawn = || document.get_element_by_id(&sent.id())?.dyn_into().ok();
    let anew = if sent.is_connected() { None } else { drawn() };
    anew.unwrap_or_else(|| sent.clone())
}

fn field(form: &HtmlFormElement, name: &str) -> Option<Element> {
    // Names come from the domain; the one character that would end the selector is left out.
    let name = name.replace('"', "");
    form.query_selector(&format!("[name=\"{name}\"]:not([type=hidden])"))
        .ok()
        .flatten()
}

fn at_field(field: &Element, text: &str) -> Result<(), JsValue> {
    field.set_attribute("aria-invalid", "true")?;
    open_around(field);
    let place = dom::document()
        .and_then(|document| document.get_element_by_id(&format!("{}-refusal", field.id())));
    if let Some(place) = place {
        let before = place.text_content().unwrap_or_default();
        place.set_text_content(Some(format!("{before} {text}").trim()));
    }
    Ok(())
}

/// Opens whatever an element is folded into.
pub fn open_around(element: &Element) {
    let mut at = element.parent_element();
    while let Some(around) = at {
        if around.tag_name() == "DETAILS" {
            let _ = around.set_attribute("open", "");
        }
        at = around.parent_element();
    }
}
