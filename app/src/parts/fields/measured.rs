//! Numbers, days and moments.

use domain::time::read_day;
use domain::typed::Takes;
use leptos::prelude::*;

use super::{Around, label_of};
use crate::form::Form;
use crate::judge::Judged;

/// A number, with its unit and, where it has one, its limit: judged as it is typed by the rules of the server.
#[component]
pub fn NumberField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// Its unit, as shown.
    #[prop(optional, into)]
    unit: Option<String>,
    /// How to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What it is judged by.
    #[prop(optional, into)]
    judged: Option<Judged>,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// The key by which a figure is computed from it while it is typed.
    #[prop(optional, into)]
    key: Option<String>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    let value = form.typed(name).or(value);
    let judgement_id = format!("{}-judgement", around.id);
    let limit = judged.as_ref().and_then(|judged| judged.limit_words());
    let judgement = judged
        .as_ref()
        .zip(value.as_deref())
        .and_then(|(judged, value)| judged.judge(value));
    let class = judgement
        .as_ref()
        .map_or("judgement", |judgement| judgement.class());
    let judge = judged.as_ref().map(Judged::to_text);
    let described_by = around
        .described_by
        .map(|ids| format!("{ids} {judgement_id}"));
    view! {
        <div class="field">
            {label_of(&around.id, label, unit, optional)}
            {around.hint}
            {around.refusal}
            <div class="measured">
                <input
                    type="text"
                    class="input-number"
                    inputmode="decimal"
                    id=around.id
                    name=name
                    value=value
                    autocomplete="off"
                    aria-describedby=described_by
                    aria-invalid=around.invalid
                    data-judge=judge
                    data-key=key
                />
                {limit.map(|limit| view! { <span class="limit">"limit "{limit}</span> })}
                <span class=class id=judgement_id aria-live="polite">{judgement.map(|judgement| judgement.words)}</span>
            </div>
        </div>
    }
}

/// A day.
#[component]
pub fn DayField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// How to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// What a scanner may send into it.
    #[prop(default = Takes::Day)]
    takes: Takes,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    let judgement_id = format!("{}-judgement", around.id);
    let value = form.typed(name).or(value);
    // A browser shows no text in a field for a date: what was typed and refused stays readable.
    let is_date = value
        .as_deref()
        .is_none_or(|value| value.is_empty() || read_day(value).is_some());
    let kind = if is_date { "date" } else { "text" };
    let takes = takes.code();
    view! {
        <div class="field">
            {label_of(&around.id, label.clone(), None, false)}
            {around.hint}
            {around.refusal}
            <input
                type=kind
                class="input-short"
                id=around.id
                name=name
                value=value
                data-takes=takes
                data-label=label
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
            <p class="judgement" id=judgement_id aria-live="polite"></p>
        </div>
    }
}

/// A moment in the zone of the site. Where `or_now` holds, empty means now, by the server's clock.
#[component]
pub fn TimeField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// The server's time at the site, such as `2026-03-05 13:42 CET`.
    #[prop(into)]
    now: String,
    /// Whether empty means now.
    #[prop(optional)]
    or_now: bool,
) -> impl IntoView {
    let hint = if or_now {
        format!("Leave it empty for now, {now}. Else 13:42 for today, or 2026-03-05 13:42.")
    } else {
        format!("13:42 for today, or 2026-03-05 13:42. It is now {now}.")
    };
    let around = Around::of(&form, name, Some(hint));
    let judgement_id = format!("{}-judgement", around.id);
    let takes = Takes::Moment.code();
    view! {
        <div class="field">
            {label_of(&around.id, label.clone(), None, false)}
            {around.hint}
            {around.refusal}
            <input
                type="text"
                class="input-middle"
                id=around.id
                name=name
                value=form.typed(name)
                data-takes=takes
                data-label=label
                autocomplete="off"
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
            <p class="judgement" id=judgement_id aria-live="polite"></p>
        </div>
    }
}
