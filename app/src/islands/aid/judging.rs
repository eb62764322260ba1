//! Numbers and scans are judged while they are typed, by the same code as on the server.

use web_sys::Element;

use super::{dom, scanning};
use crate::judge::{Computed, Judged, Judgement, judge_din};

/// Listens for typing.
pub fn listen() {
    dom::on("input", |event| {
        if let Some(field) = dom::target(&event) {
            typed(&field);
        }
    });
}

fn typed(field: &Element) {
    let Some(value) = dom::value(field) else {
        return;
    };
    if field.get_attribute("name").as_deref() == Some("sign") {
        // The sign of a bound stands beside the figure and belongs to it.
        figures_beside(field).iter().for_each(typed);
        return;
    }
    let value = with_sign(field, value);
    if let Some(judged) = field
        .get_attribute("data-judge")
        .and_then(|text| Judged::from_text(&text))
    {
        show(field, judged.judge(&value));
        compute(field);
    } else if field.has_attribute("data-scan") {
        show(field, judge_din(&value));
    } else if field.has_attribute("data-takes") {
        show(field, scanning::judge(field, &value));
    }
}

fn figures_beside(sign: &Element) -> Vec<Element> {
    let form = sign.closest("form").ok().flatten();
    form.map(|form| dom::all(&form, "[data-judge]"))
        .unwrap_or_default()
}

/// The figure with the sign that is chosen beside it: `<` and `0.05`.
fn with_sign(field: &Element, value: String) -> String {
    let form = field.closest("form").ok().flatten();
    let sign = form.and_then(|form| form.query_selector("[name=sign]:checked").ok().flatten());
    match sign.and_then(|sign| dom::value(&sign)) {
        Some(sign) if !value.trim().is_empty() => sign + value.trim(),
        _ => value,
    }
}

/// Shows what the text in a field is worth, beside it.
pub fn show(field: &Element, judgement: Option<Judgement>) {
    let Some(place) = dom::document()
        .and_then(|document| document.get_element_by_id(&format!("{}-judgement", field.id())))
    else {
        return;
    };
    put(&place, judgement, "");
}

fn put(place: &Element, judgement: Option<Judgement>, otherwise: &str) {
    place.set_class_name(judgement.as_ref().map_or("judgement", Judgement::class));
    place.set_text_content(Some(
        judgement
            .as_ref()
            .map_or(otherwise, |judgement| &judgement.words),
    ));
}

/// Computes the figures of the step that a field belongs to.
fn compute(field: &Element) {
    let Ok(Some(step)) = field.closest(".next, .over") else {
        return;
    };
    for place in dom::all(&step, "[data-compute]") {
        let Some(computed) = place
            .get_attribute("data-compute")
            .and_then(|text| Computed::from_text(&text))
        else {
            continue;
        };
        let typed = |key: &str| {
            let fields = dom::all(&step, "[data-key]");
            let field = fields
                .into_iter()
                .find(|field| field.get_attribute("data-key").as_deref() == Some(key))?;
            dom::value(&field).filter(|value| !value.trim().is_empty())
        };
        put(&place, computed.judge(&typed), "not computable yet");
    }
}

/// Why a number can't be read, where that is so because it is a scan.
pub fn not_read(field: &Element, value: &str) -> Option<Judgement> {
    field.get_attribute("data-judge")?;
    let what = domain::identifiers::scan_in(value)?;
    let words = format!("This is {}. Enter a number here.", what.with_article());
    Some(Judgement {
        words,
        within: false,
    })
}
