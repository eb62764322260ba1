//! Choices, and what is confirmed.

use leptos::prelude::*;

use super::{Around, label_of};
use crate::form::Form;

/// One of a few choices, as buttons that a glove hits; of many, as a list.
#[component]
pub fn ChoiceField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// What is sent, and its words.
    choices: Vec<(String, String)>,
    /// How to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: Option<String>,
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    let chosen = form.typed(name).or(value);
    if choices.len() > 6 {
        let options: Vec<_> = choices
            .into_iter()
            .map(|(code, words)| {
                let selected = chosen.as_deref() == Some(code.as_str());
                view! { <option value=code selected=selected>{words}</option> }
            })
            .collect();
        return view! {
            <div class="field">
                {label_of(&around.id, label, None, false)}
                {around.hint}
                {around.refusal}
                <select id=around.id name=name aria-describedby=around.described_by aria-invalid=around.invalid>
                    <option value="">"Choose"</option>
                    {options}
                </select>
            </div>
        }
        .into_any();
    }
    let radios: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(place, (code, words))| {
            // A link to the field leads to its first choice.
            let id = if place == 0 {
                around.id.clone()
            } else {
                format!("{}-{place}", around.id)
            };
            let checked = chosen.as_deref() == Some(code.as_str());
            let of = id.clone();
            let invalid = around.invalid.filter(|_| place == 0);
            view! {
                <label class="choice" for=of>
                    <input type="radio" id=id name=name value=code checked=checked aria-invalid=invalid/>
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=around.described_by>
            <legend>{label}</legend>
            {around.hint}
            {around.refusal}
            <div class="choices">{radios}</div>
        </fieldset>
    }
    .into_any()
}

/// Yes or no.
#[component]
pub fn YesNoField(
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
    /// What is chosen at first.
    #[prop(optional, into)]
    value: Option<String>,
) -> impl IntoView {
    let choices = vec![
        ("yes".to_owned(), "Yes".to_owned()),
        ("no".to_owned(), "No".to_owned()),
    ];
    view! { <ChoiceField form=form name=name label=label choices=choices nostrip:hint=hint nostrip:value=value/> }
}

/// Something to confirm.
#[component]
pub fn CheckField(
    /// The form.
    #[prop(into)]
    form: Form,
    /// The field's name.
    name: &'static str,
    /// What is confirmed.
    #[prop(into)]
    label: String,
    /// What is sent when it is ticked.
    #[prop(default = "yes".to_owned(), into)]
    value: String,
) -> impl IntoView {
    let around = Around::of(&form, name, None);
    let checked = form.ticked(name, &value);
    let of = around.id.clone();
    view! {
        <div class="field">
            {around.refusal}
            <label class="choice" for=of>
                <input
                    type="checkbox"
                    id=around.id
                    name=name
                    value=value
                    checked=checked
                    aria-describedby=around.described_by
                    aria-invalid=around.invalid
                />
                <span>{label}</span>
            </label>
        </div>
    }
}
