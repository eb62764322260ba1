//! One field of a step: the form to record it, or what was recorded, who confirmed it, and how it was corrected.

use domain::batch::{Entry, FieldValue, Planned, TimeOf, Value};
use domain::master_record::{Field, FieldKind, StepRef};
use domain::measure::Measure;
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::Sight;
use super::times;
use crate::answer::escaped;
use crate::commands::entry::{CorrectEntry, EntryNotApplicable, RecordEntry, VerifyEntry};
use crate::commands::step::step_id;
use crate::form::{Form, slug};
use crate::judge::Judged;
use crate::parts::fields::{clock, form_as, hidden_field, send};
use crate::parts::{
    ChoiceField, DayField, LongTextField, NumberField, SecondPerson, TextField, TimeField,
    YesNoField, form,
};

/// A field of the step at work.
pub fn of_open_step(sight: &Sight, planned: &Planned<'_>, field: &Field, works: bool) -> AnyView {
    let entry = sight
        .batch
        .steps
        .get(&planned.at)
        .and_then(|record| record.entries.get(&field.key));
    match entry {
        Some(entry) => recorded(sight, &planned.at, field, entry, true),
        None if works => to_record(sight, &planned.at, field),
        None => view! {
            <div class="entry">
                <div class="entry-label">{field.label.clone()}</div>
                <div class="entry-value"><span class="sub">"not recorded yet"</span></div>
            </div>
        }
        .into_any(),
    }
}

fn name(what: &str, step: &StepRef, field: &Field) -> String {
    format!("{what}:{step}:{}", field.key)
}

fn time_of(step: &StepRef, field: &Field) -> TimeOf {
    TimeOf::Entry {
        step: step.clone(),
        field: field.key.clone(),
    }
}

fn about(sight: &Sight, step: &StepRef, field: &Field) -> AnyView {
    view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", step)}
        {hidden_field("field", &field.key)}
    }
    .into_any()
}

/// The form of a field that is not recorded yet: saved on its own.
fn to_record(sight: &Sight, step: &StepRef, field: &Field) -> AnyView {
    let record = sight.page.form(&name("record", step, field));
    let skip = sight.page.form(&name("skip", step, field));
    let fields = view! {
        {about(sight, step, field)}
        {value_field(&record, field, sight, None)}
        <div class="actions"><button type="submit" class="primary">"Record"</button></div>
        {when(&record, sight)}
    };
    let skipping = view! {
        {about(sight, step, field)}
        <TextField form=&skip name="reason" label="Not applicable, because" width="wide"/>
        <div class="actions"><button type="submit">"Record as not applicable"</button></div>
    };
    let anchor = format!("entry-{}", slug(&name("at", step, field)));
    view! {
        <div class="entry entry-open" id=anchor>
            {form_as("form row", &record, RecordEntry::url(), fields)}
            {(field.stop.is_none() || skip.is_begun()).then(|| view! {
                <details class="fold fold-quiet" open=skip.is_begun()>
                    <summary>"Not applicable"<span class="visually-hidden">": "{field.label.clone()}</span></summary>
                    {form(&skip, EntryNotApplicable::url(), skipping)}
                </details>
            })}
            {field.stop.is_some().then(|| view! { <p class="sub critical">"Stop: another answer puts the batch on hold."</p> })}
            {field.critical.then(|| view! { <p class="sub critical">"Critical: a second person confirms it."</p> })}
        </div>
    }
    .into_any()
}

/// Now, unless another time is opened.
fn when(record: &Form, sight: &Sight) -> AnyView {
    let now = sight.zone.shown(sight.now);
    let other = record
        .typed("performed_at")
        .is_some_and(|typed| !typed.is_empty());
    let refused = !record.refused_at("performed_at").is_empty();
    view! {
        <details class="fold fold-quiet when" open=other || refused>
            <summary>"Done now, "{clock(sight.zone, sight.now)}</summary>
            <TimeField form=record name="performed_at" label="Performed at" now=now or_now=true/>
        </details>
    }
    .into_any()
}

/// The input for a value of a field, by its kind.
fn value_field(of: &Form, field: &Field, sight: &Sight, value: Option<&FieldValue>) -> AnyView {
    let label = field.label.clone();
    let hint = field.hint.clone();
    let before = value.map(ToString::to_string);
    match &field.kind {
        FieldKind::Number { unit, .. } => {
            let unit = (*unit != Measure::PLAIN).then(|| unit.to_string());
            let judged = Judged::by_field(field);
            view! {
                <NumberField form=of name="value" label=label nostrip:unit=unit nostrip:hint=hint nostrip:judged=judged
                    nostrip:value=before key=field.key.clone()/>
            }
            .into_any()
        }
        FieldKind::Text => view! {
            <TextField form=of name="value" label=label nostrip:hint=hint nostrip:value=before/>
        }
        .into_any(),
        FieldKind::Choice { choices, expected } => {
            let choices = choices.iter().map(|choice| (choice.clone(), choice.clone())).collect();
            let expected = (!expected.is_empty()).then(|| format!("Expected: {}", expected.join(" or ")));
            let hint = hint.or(expected);
            view! {
                <ChoiceField form=of name="value" label=label choices=choices nostrip:hint=hint nostrip:value=before/>
            }
            .into_any()
        }
        FieldKind::YesNo { .. } => {
            view! { <YesNoField form=of name="value" label=label nostrip:hint=hint nostrip:value=before/> }.into_any()
        }
        FieldKind::Moment => {
            view! { <TimeField form=of name="value" label=label now=sight.zone.shown(sight.now)/> }.into_any()
        }
        FieldKind::Day => {
            let hint = hint.or_else(|| field.within.as_ref().map(|within| format!("Limit: {}", within.limit.text())));
            let takes = field.takes_scans();
            view! { <DayField form=of name="value" label=label nostrip:hint=hint nostrip:value=before takes=takes/> }.into_any()
        }
    }
}

/// What was recorded in a field. In the step at work its correction is at hand; elsewhere a link asks for it, so that a
/// record of many steps stays light.
pub fn recorded(
    sight: &Sight,
    step: &StepRef,
    field: &Field,
    entry: &Entry,
    at_work: bool,
) -> AnyView {
    let waits = field.critical && entry.verified.is_none() && entry.not_applicable.is_none();
    let open = matches!(sight.batch.disposition, domain::batch::Disposition::Open);
    view! {
        <div class="entry" class:entry-waits=waits>
            <div class="entry-label">{field.label.clone()}</div>
            <div class="entry-value">{value(sight, field, entry)}{history(sight, field, entry)}</div>
            <div class="entry-who">{who(sight, entry)}{times::former(sight, &time_of(step, field))}</div>
            {field.critical.then(|| confirmation(sight, step, field, entry, waits && open))}
            {(open && sight.may(Action::CorrectEntry)).then(|| correction(sight, step, field, entry, at_work))}
        </div>
    }
    .into_any()
}

/// A value in the words of its field; a moment in the zone of the site.
fn shown(sight: &Sight, field: &Field, value: &FieldValue) -> String {
    match value {
        FieldValue::Moment(at) => sight.zone.shown(*at),
        other => field.shown(other),
    }
}

/// The present value, the replaced ones struck through before it (P11-10e2), and whether it is outside its limit.
fn value(sight: &Sight, field: &Field, entry: &Entry) -> AnyView {
    let shown = |value: &FieldValue| shown(sight, field, value);
    let Some((last, old)) = entry.values.split_last() else {
        let why = entry.not_applicable.as_ref().map(|why| why.text.clone());
        return view! { <span class="sub">"not applicable: "</span>{why} }.into_any();
    };
    let old: Vec<_> = old
        .iter()
        .map(|value| view! { <del><span class="visually-hidden">"formerly "</span>{shown(&value.value)}</del>" " })
        .collect();
    let outside = last.outside.clone();
    let skipped = entry
        .not_applicable
        .as_ref()
        .filter(|_| !old.is_empty() || entry.values.is_empty());
    view! {
        {old}
        {skipped.map(|why| view! { <del>"not applicable: "{why.text.clone()}</del>" " })}
        <span class="value" class:outside=outside.is_some()>{shown(&last.value)}</span>
        {outside.map(|limit| view! { " "<span class="outside-limit">"outside "{limit}</span> })}
    }
    .into_any()
}

/// Who recorded the first value and when it was done; also when it was written down, where that was later.
fn who(sight: &Sight, entry: &Entry) -> AnyView {
    let first = entry
        .values
        .first()
        .map(|value| &value.stamp)
        .or(entry.not_applicable.as_ref().map(|why| &why.stamp));
    let Some(stamp) = first else {
        return ().into_any();
    };
    let later = stamp.at.since(entry.performed_at) >= chrono::TimeDelta::minutes(1);
    view! {
        {stamp.by.name.clone()}", "{sight.moment(entry.performed_at)}
        {later.then(|| view! { <span class="sub">", recorded "{sight.zone.shown(stamp.at)}</span> })}
    }
    .into_any()
}

/// Who confirmed a critical entry, or the panel in which a second person does.
fn confirmation(
    sight: &Sight,
    step: &StepRef,
    field: &Field,
    entry: &Entry,
    waits: bool,
) -> AnyView {
    if let Some(stamp) = &entry.verified {
        return view! { <div class="entry-confirmed">"Confirmed by "{sight.who(stamp)}</div> }
            .into_any();
    }
    let (true, Some(present)) = (waits, entry.values.last()) else {
        return ().into_any();
    };
    let verify = sight.page.form(&name("verify", step, field));
    let seen = serde_json::to_string(&present.value).unwrap_or_default();
    let title = sight.batch.step_title(step);
    let number = &sight.batch.harvest.number;
    let value = shown(sight, field, &present.value);
    let what = format!(
        "“{}” is recorded as {value} in {title}, batch {number}.",
        field.label
    );
    let fields = view! {
        {about(sight, step, field)}
        {hidden_field("seen", seen)}
        <SecondPerson form=&verify what=what/>
    };
    view! {
        <details class="fold confirm" open=verify.is_begun()>
            <summary>"Waits for a second person"<span class="visually-hidden">": "{field.label.clone()}</span></summary>
            {form(&verify, VerifyEntry::url(), fields)}
        </details>
    }
    .into_any()
}

/// Each value with who, when and why; on demand.
fn history(sight: &Sight, field: &Field, entry: &Entry) -> Option<AnyView> {
    if !entry.corrected() {
        return None;
    }
    let line = |value: &Value| {
        view! {
            <li>
                <strong>{shown(sight, field, &value.value)}</strong>", "{sight.who(&value.stamp)}
                {value.reason.clone().map(|reason| view! { ", because: "<q>{reason}</q> })}
            </li>
        }
    };
    let lines: Vec<_> = entry.values.iter().map(line).collect();
    Some(
        view! {
            <details class="fold fold-quiet">
                <summary>"Corrected"<span class="visually-hidden">": "{field.label.clone()}</span></summary>
                <ol class="history">{lines}</ol>
            </details>
        }
        .into_any(),
    )
}

fn correction(
    sight: &Sight,
    step: &StepRef,
    field: &Field,
    entry: &Entry,
    at_work: bool,
) -> AnyView {
    let correct = sight.page.form(&name("correct", step, field));
    let step_name = step.to_string();
    let asked = sight.page.query("step") == Some(step_name.as_str())
        && sight.page.query("correct") == Some(field.key.as_str());
    if !at_work && !asked && !correct.is_begun() {
        let to = format!(
            "/batches/{}?step={}&correct={}#{}",
            sight.batch.id,
            escaped(&step_name),
            escaped(&field.key),
            step_id(step)
        );
        return view! {
            <a class="quiet" href=to>"Correct"<span class="visually-hidden">": "{field.label.clone()}</span></a>
        }
        .into_any();
    }
    let fields = view! {
        {about(sight, step, field)}
        {value_field(&correct, field, sight, entry.value())}
        <LongTextField form=&correct name="reason" label="Reason for the correction" rows=2
            hint="The old value stays readable, with this reason."/>
        {send("Correct the entry")}
    };
    view! {
        <details class="fold fold-quiet" open=asked || correct.is_begun()>
            <summary>"Correct"<span class="visually-hidden">": "{field.label.clone()}</span></summary>
            {form(&correct, CorrectEntry::url(), fields)}
        </details>
        {times::correction(sight, &time_of(step, field), entry.performed_at)}
    }
    .into_any()
}
