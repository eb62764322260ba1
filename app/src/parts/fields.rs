//! Forms and their fields: the label above, the unit beside, hint and limit below it, a refusal where the mistake is.

mod choices;
mod measured;
mod words;

pub use choices::{CheckField, ChoiceField, YesNoField};
pub use measured::{DayField, NumberField, TimeField};
pub use words::{LongTextField, PasswordField, TextField, check_character};

use domain::time::Timestamp;
use leptos::prelude::*;
use std::collections::BTreeSet;

use crate::answer::local_page;
use crate::form::{Form, hidden};
use crate::page::Visit;
use crate::reply::not_saved;
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
    form.stands();
    view! {
        <form method="post" action=action id=form.id() class=class data-command="" novalidate="">
            <input type="hidden" name=hidden::FORM value=form.name().to_owned()/>
            <input type="hidden" name=hidden::PAGE value=form.page().to_owned()/>
            <input type="hidden" name=hidden::COMMAND value=form.command().to_string()/>
            {form.person().map(|person| hidden_field(hidden::PERSON, person))}
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

/// Where one goes after a page that has to be gone through first: the page, and the form that waits there.
pub fn passed_on(visit: &Visit, form: &Form) -> AnyView {
    let asked = |name: &str| form.typed(name).or(visit.query(name).map(str::to_owned));
    let to = asked("to").filter(|page| local_page(page).is_some());
    view! {
        {hidden_field("to", to.unwrap_or_default())}
        {hidden_field("kept", asked("kept").unwrap_or_default())}
    }
    .into_any()
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
    let change = zone.next_change(now).map(|change| {
        let shift = change.to.offset - zone.offset(now).local_minus_utc();
        let after = change.at.since(now).num_seconds();
        format!("{after} {shift} {}", change.to.letters)
    });
    view! {
        <span data-clock=second.to_string() data-zone=letters data-change=change>{zone.clock(now)}</span>
    }
    .into_any()
}

/// Why the form wasn't taken, with links to its fields; or that nothing was sent before the session ended.
fn came_back(form: &Form) -> Option<AnyView> {
    if form.has_draft() {
        let words = "Not saved yet: you typed this before.";
        return Some(view! { <p class="draft-note">{words}</p> }.into_any());
    }
    if !form.came_back() {
        return None;
    }
    let refused = form.refused();
    let heading: String;
    let list: Vec<AnyView>;
    if refused.is_empty() {
        let text = "You were signed out before this was saved, and nothing was recorded. What you typed is still here: \
                    check it and send it again.";
        heading = "Not saved yet".to_owned();
        list = vec![view! { <li>{text}</li> }.into_any()];
    } else {
        let line = |words: &domain::refusal::Words| match &words.field {
            Some(field) => {
                let to = format!("#{}", form.field_id(field));
                view! { <li><a href=to>{words.text.clone()}</a></li> }.into_any()
            }
            None => view! { <li>{words.text.clone()}</li> }.into_any(),
        };
        heading = not_saved(fields_to_correct(refused));
        list = refused.iter().map(line).collect();
    }
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

/// How many fields a person has to correct.
fn fields_to_correct(refused: &[domain::refusal::Words]) -> usize {
    let fields = refused.iter().filter_map(|words| words.field.as_deref());
    fields.collect::<BTreeSet<_>>().len()
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

fn label_of(id: &str, label: String, unit: Option<String>, optional: bool) -> AnyView {
    view! {
        <label for=id.to_owned()>
            {label}
            {unit.map(|unit| view! { <span class="unit">", "{unit}</span> })}
            {optional.then(|| view! { <span class="optional">" (optional)"</span> })}
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Kept, Typed};
    use domain::refusal::Words;
    use uuid::Uuid;

    const NASTY: &str = "</textarea><script>alert(1)</script>\"'&";

    fn kept(field: &str) -> Form {
        let kept = Kept {
            form: "entry".to_owned(),
            typed: Typed::of(&[(field, NASTY)]),
            refused: vec![Words::at(field, NASTY), Words::of("Nothing was recorded.")],
        };
        Form::new("entry", "/batches/1", Uuid::from_u128(1), Some(&kept))
    }

    fn drawn(view: impl FnOnce() -> AnyView) -> String {
        Owner::new().with(|| view().to_html())
    }

    // What a person types is shown to others: it stays words, in every kind of field and in the refusal.
    #[test]
    fn what_was_typed_stays_words() {
        let of = kept("value");
        let fields = [
            drawn(|| {
                form(
                    &of,
                    "/api/x",
                    view! { <TextField form=&of name="value" label=NASTY hint=NASTY/> },
                )
            }),
            drawn(|| {
                form(
                    &of,
                    "/api/x",
                    view! { <LongTextField form=&of name="value" label=NASTY/> },
                )
            }),
            drawn(|| {
                form(
                    &of,
                    "/api/x",
                    view! { <NumberField form=&of name="value" label=NASTY unit=NASTY/> },
                )
            }),
            drawn(|| {
                form(
                    &of,
                    "/api/x",
                    view! { <DayField form=&of name="value" label=NASTY/> },
                )
            }),
            drawn(|| {
                form(
                    &of,
                    "/api/x",
                    view! { <TimeField form=&of name="value" label=NASTY now=NASTY/> },
                )
            }),
            drawn(|| form(&of, "/api/x", check_character(&of, "value", NASTY, NASTY))),
        ];
        for html in fields {
            assert!(!html.contains("<script"), "{html}");
            assert!(!html.contains("</textarea><script"), "{html}");
            assert!(html.contains("&lt;script"), "{html}");
        }
    }

    #[test]
    fn a_refusal_stands_at_its_field_and_in_the_summary() {
        let of = kept("value");
        let html = drawn(|| {
            form(
                &of,
                "/api/x",
                view! { <TextField form=&of name="value" label="Room"/> },
            )
        });
        assert!(
            html.contains("<div id=\"refused\" role=\"alert\""),
            "{html}"
        );
        assert!(html.contains("<a href=\"#entry-value\">"), "{html}");
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        assert!(
            html.contains("aria-describedby=\"entry-value-refusal\""),
            "{html}"
        );
        assert!(html.contains("Nothing was recorded."), "{html}");
    }

    // P11-200a1
    #[test]
    fn a_password_is_never_shown_again() {
        let of = kept("password");
        let html = drawn(|| form(&of, "/api/x", view! { <PasswordField form=&of/> }));
        let field = html
            .split("<input")
            .find(|input| input.contains("type=\"password\""))
            .unwrap_or_default();
        assert!(!field.contains("value="), "{field}");
    }

    #[test]
    fn a_choice_that_was_made_is_made_again() {
        let kept = Kept {
            form: "entry".to_owned(),
            typed: Typed::of(&[("value", "no"), ("identity_confirmed", "yes")]),
            refused: Vec::new(),
        };
        let of = Form::new("entry", "/", Uuid::from_u128(1), Some(&kept));
        let html =
            drawn(|| view! { <YesNoField form=&of name="value" label="Intact"/> }.into_any());
        assert!(
            html.split("<input")
                .any(|one| one.contains("value=\"no\"") && one.contains("checked")),
            "{html}"
        );
        assert!(
            !html
                .split("<input")
                .any(|one| one.contains("value=\"yes\"") && one.contains("checked")),
            "{html}"
        );
        let html = drawn(|| {
            view! { <CheckField form=&of name="identity_confirmed" label="Agree"/> }.into_any()
        });
        assert!(html.contains("checked"), "{html}");
    }

    #[test]
    fn a_number_is_judged_without_a_script_too() {
        let judged = crate::judge::Judged::by(
            "Viability",
            domain::measure::Measure::PERCENT,
            ">= 80".parse().ok().as_ref(),
        );
        let kept = Kept {
            form: "entry".to_owned(),
            typed: Typed::of(&[("value", "79,9")]),
            refused: Vec::new(),
        };
        let of = Form::new("entry", "/", Uuid::from_u128(1), Some(&kept));
        let html = drawn(|| {
            view! { <NumberField form=&of name="value" label="Viability" unit="%" judged=judged/> }
                .into_any()
        });
        assert!(html.contains("≥ 80 %"), "{html}");
        assert!(html.contains("outside the limit (= 79.9 %)"), "{html}");
    }
}
