//! Words: one line, several, a check character, a password.

use domain::typed::Takes;
use leptos::prelude::*;

use super::{Around, label_of};
use crate::form::Form;

/// One line of words.
#[component]
pub fn TextField(
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
    /// How wide it is: `short`, `middle` or `wide`.
    #[prop(default = "middle")]
    width: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Whether a scanner may send a donation number into it.
    #[prop(optional)]
    scans: bool,
    /// What it is for, so that a scan that belongs elsewhere is named.
    #[prop(default = Takes::Words)]
    takes: Takes,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    let judgement_id = format!("{}-judgement", around.id);
    let takes = if scans { Takes::Din } else { takes };
    let takes = takes.code();
    view! {
        <div class="field">
            {label_of(&around.id, label.clone(), None, optional)}
            {around.hint}
            {around.refusal}
            <input
                type="text"
                data-scan=scans.then_some("")
                data-takes=takes
                data-label=label
                class=format!("input-{width}")
                id=around.id
                name=name
                value=form.typed(name).or(value)
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
            <p class="judgement" id=judgement_id aria-live="polite"></p>
        </div>
    }
}

/// The boxed check character of an identifier, in a box as on the label.
pub fn check_character(form: &Form, name: &'static str, label: &str, hint: &str) -> AnyView {
    let around = Around::of(form, name, Some(hint.to_owned()));
    view! {
        <div class="field">
            {label_of(&around.id, label.to_owned(), None, false)}
            {around.hint}
            {around.refusal}
            <input
                type="text"
                class="input-check"
                id=around.id
                name=name
                value=form.typed(name)
                maxlength="1"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
        </div>
    }
    .into_any()
}

/// Several lines of words.
#[component]
pub fn LongTextField(
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
    /// How many lines are seen.
    #[prop(default = 3)]
    rows: u8,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    view! {
        <div class="field">
            {label_of(&around.id, label, None, optional)}
            {around.hint}
            {around.refusal}
            <textarea
                id=around.id
                name=name
                rows=rows.to_string()
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            >{form.typed(name).unwrap_or_default()}</textarea>
        </div>
    }
}

/// A password; it is never shown again.
#[component]
pub fn PasswordField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name, which has `password` in it.
    #[prop(default = "password")]
    name: &'static str,
    /// What it is.
    #[prop(default = "Password".to_owned(), into)]
    label: String,
    /// How to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What the browser may fill in: a password that signs is typed each time.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    view! {
        <div class="field">
            {label_of(&around.id, label, None, false)}
            {around.hint}
            {around.refusal}
            <input
                type="password"
                class="input-middle"
                id=around.id
                name=name
                autocomplete=autocomplete
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
        </div>
    }
}
