//! Forms and their fields: the label above, the unit beside, hint and limit below it, a refusal where the mistake is.

use domain::time::Timestamp;
use leptos::prelude::*;

use crate::form::{Form, hidden};
use crate::judge::Judged;
use crate::zone::Zone;

/// A form that sends a command: its hidden fields, what was refused, and `fields`.
pub fn form(form: &Form, action: &'static str, fields: impl IntoView + 'static) -> AnyView {
    form_as("form", form, action, fields)
}

/// The same with a class of its own, such as `form row` for one field and its button beside it.
pub fn form_as(
    class: &'static str,
    form: &Form,
    action: &'static str,
    fields: impl IntoView + 'static,
) -> AnyView {
    view! {
        <form method="post" action=action id=form.id() class=class data-command="" novalidate="">
            <input type="hidden" name=hidden::FORM value=form.name().to_owned()/>
            <input type="hidden" name=hidden::PAGE value=form.page().to_owned()/>
            <input type="hidden" name=hidden::COMMAND value=form.command().to_string()/>
            {came_back(form)}
            {fields.into_view()}
        </form>
    }
    .into_any()
}

/// A field that the person doesn't see.
pub fn hidden_field(name: &'static str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_string()/> }.into_any()
}

/// The button that sends a form; the words say what happens.
pub fn send(words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! { <div class="actions"><button type="submit" class="primary">{words}</button></div> }
        .into_any()
}

/// The server's time at the site, which the script keeps going.
pub fn clock(zone: Zone, now: Timestamp) -> AnyView {
    let (second, letters) = zone.second_of_day(now);
    view! { <span data-clock=second.to_string() data-zone=letters>{zone.clock(now)}</span> }.into_any()
}

/// Why the form wasn't taken, with links to its fields; or that nothing was sent before the session ended.
fn came_back(form: &Form) -> Option<AnyView> {
    if !form.came_back() {
        return None;
    }
    let refused = form.refused();
    let (heading, list) = if refused.is_empty() {
        let text = "You were signed out before this was saved, and nothing was recorded. What you typed is still here: \
                    check it and send it again.";
        ("Not saved yet", vec![view! { <li>{text}</li> }.into_any()])
    } else {
        let line = |words: &domain::refusal::Words| match &words.field {
            Some(field) => {
                let to = format!("#{}", form.field_id(field));
                view! { <li><a href=to>{words.text.clone()}</a></li> }.into_any()
            }
            None => view! { <li>{words.text.clone()}</li> }.into_any(),
        };
        ("Not recorded", refused.iter().map(line).collect())
    };
    let id = "refused";
    Some(
        view! {
            <div class="refusals" id=id role="alert" tabindex="-1" autofocus="">
                <p class="refusals-heading">{heading}</p>
                <ul>{list}</ul>
            </div>
        }
        .into_any(),
    )
}

/// What is the same for every field.
struct Around {
    id: String,
    described_by: Option<String>,
    invalid: Option<&'static str>,
    hint: Option<AnyView>,
    refusal: AnyView,
}

impl Around {
    fn of(form: &Form, name: &str, hint: Option<String>) -> Self {
        let id = form.field_id(name);
        let refused = form.refused_at(name);
        let mut described_by = Vec::new();
        let hint_id = format!("{id}-hint");
        let refusal_id = format!("{id}-refusal");
        let hint = hint.map(|hint| {
            described_by.push(hint_id.clone());
            view! { <p class="hint" id=hint_id>{hint}</p> }.into_any()
        });
        // It is there also when empty, so that the script can put its words in.
        described_by.push(refusal_id.clone());
        let invalid = (!refused.is_empty()).then_some("true");
        let words = (!refused.is_empty()).then(|| refused.join(" "));
        let refusal = view! { <p class="refusal" id=refusal_id>{words}</p> }.into_any();
        Self {
            id,
            described_by: Some(described_by.join(" ")),
            invalid,
            hint,
            refusal,
        }
    }
}

fn label(id: &str, label: String, unit: Option<String>, optional: bool) -> AnyView {
    view! {
        <label for=id.to_owned()>
            {label}
            {unit.map(|unit| view! { <span class="unit">", "{unit}</span> })}
            {optional.then(|| view! { <span class="optional">" (optional)"</span> })}
        </label>
    }
    .into_any()
}

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
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    let judgement = scans.then(|| {
        let id = format!("{}-judgement", around.id);
        view! { <p class="judgement" id=id aria-live="polite"></p> }
    });
    view! {
        <div class="field">
            {self::label(&around.id, label, None, optional)}
            {around.hint}
            {around.refusal}
            <input
                type="text"
                data-scan=scans.then_some("")
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
            {judgement}
        </div>
    }
}

/// The boxed check character of an identifier, in a box as on the label.
pub fn check_character(form: &Form, name: &'static str, label: &str, hint: &str) -> AnyView {
    let around = Around::of(form, name, Some(hint.to_owned()));
    view! {
        <div class="field">
            {self::label(&around.id, label.to_owned(), None, false)}
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
            {self::label(&around.id, label, None, optional)}
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
            {self::label(&around.id, label, unit, optional)}
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
) -> impl IntoView {
    let around = Around::of(&form, name, hint);
    view! {
        <div class="field">
            {self::label(&around.id, label, None, false)}
            {around.hint}
            {around.refusal}
            <input
                type="date"
                class="input-short"
                id=around.id
                name=name
                value=form.typed(name).or(value)
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
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
    view! {
        <div class="field">
            {self::label(&around.id, label, None, false)}
            {around.hint}
            {around.refusal}
            <input
                type="text"
                class="input-middle"
                id=around.id
                name=name
                value=form.typed(name)
                autocomplete="off"
                aria-describedby=around.described_by
                aria-invalid=around.invalid
            />
        </div>
    }
}

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
                {self::label(&around.id, label, None, false)}
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
            view! {
                <label class="choice" for=of>
                    <input type="radio" id=id name=name value=code checked=checked/>
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
            {self::label(&around.id, label, None, false)}
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
