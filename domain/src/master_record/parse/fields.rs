//! The fields of a step.

use super::{document::RawField, limit, word};
use crate::{
    master_record::{Field, FieldKind, LiftedBy, TimeLimit, TimeUnit, Within},
    measure::{Measure, UnknownMeasure},
    rights::words,
    specification::parse::{Apart, Mistake, at_most, basis, name, text},
    text::Text,
};
use std::ops::Range;
use toml::Spanned;

words! {
    /// What a document writes as the type of a field.
    Type, "a type of field" {
        /// A number in a unit.
        Number = "number", "number";
        /// Words.
        Text = "text", "text";
        /// One of some words.
        Choice = "choice", "choice";
        /// Yes or no.
        YesNo = "yes-no", "yes or no";
        /// Date and time.
        Moment = "moment", "date and time";
        /// A day.
        Day = "day", "day";
    }
}

/// More choices than anybody reads through.
const MOST_CHOICES: usize = 100;

/// What people tell the fields of a step apart by.
#[derive(Default)]
pub(super) struct Named {
    keys: Apart,
    labels: Apart,
}

pub(super) fn field(raw: Spanned<RawField>, named: &mut Named) -> Result<Field, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let key = name(raw.key.clone(), "key")?;
    if let Some(before) = named.keys.taken(&key) {
        let reason = if before == key {
            format!("field “{key}” stands twice in this step")
        } else {
            format!("field “{key}” reads like “{before}” of this step; choose another key")
        };
        return Err(Mistake::of(&raw.key, reason));
    }
    let of: Type = word(&raw.kind)?;
    nothing_idle(&raw, of)?;
    let label = text(raw.label.clone(), "label", Text::Label)?;
    if named.labels.taken(&label).is_some() {
        let reason = format!(
            "a field before is called “{label}” too; a person tells the fields of a step apart by their labels"
        );
        return Err(Mistake::of(&raw.label, reason));
    }
    let hint = raw
        .hint
        .clone()
        .map(|hint| text(hint, "hint", Text::Prose))
        .transpose()?;
    let (required, critical) = (raw.required, raw.critical);
    let future = raw.future.as_ref().is_some_and(|future| *future.get_ref());
    let within = within(&raw, of, future, place.clone())?;
    let stop = raw.stop.clone();
    let kind = match of {
        Type::Number => number(raw, place)?,
        Type::Text => FieldKind::Text,
        Type::Choice => choice(&raw)?,
        Type::YesNo => FieldKind::YesNo {
            expected: yes_no(&raw)?,
        },
        Type::Moment => FieldKind::Moment,
        Type::Day => FieldKind::Day,
    };
    let mut field = Field {
        key,
        label,
        kind,
        required,
        critical,
        hint,
        future,
        within,
        stop: None,
    };
    field.stop = stop.map(|stop| lifted_by(&stop, &field)).transpose()?;
    Ok(field)
}

/// What lifts the stop of this field; a stop that never fails, or that can be passed over, is none.
fn lifted_by(raw: &Spanned<String>, field: &Field) -> Result<LiftedBy, Mistake> {
    let lifted_by = (raw.get_ref().parse())
        .map_err(|why: crate::master_record::NotALift| Mistake::of(raw, why.to_string()))?;
    if !field.can_fail() {
        let reason = format!(
            "field “{}” is a stop, but no answer to it fails; give it a limit or expected answers",
            field.key
        );
        return Err(Mistake::of(raw, reason));
    }
    if !field.required {
        let reason = format!(
            "field “{}” is a stop, but it can be left out; write required = true",
            field.key
        );
        return Err(Mistake::of(raw, reason));
    }
    Ok(lifted_by)
}

/// The limit of a day or a moment.
fn within(
    raw: &RawField,
    of: Type,
    future: bool,
    place: Range<usize>,
) -> Result<Option<Within>, Mistake> {
    let unit = match of {
        Type::Day => TimeUnit::Days,
        Type::Moment => TimeUnit::Hours,
        Type::Number | Type::Text | Type::Choice | Type::YesNo => return Ok(None),
    };
    let Some(text) = &raw.limit else {
        return Ok(None);
    };
    let limit: TimeLimit = (text.get_ref().parse())
        .map_err(|why: crate::master_record::NotATimeLimit| Mistake::of(text, why.to_string()))?;
    let limit = limit.counted_in(unit).ok_or_else(|| {
        let reason = "a day is counted in days, a moment in hours";
        Mistake::of(text, reason)
    })?;
    if limit.reaches_past_the_work() && !future {
        let reason = "what is not before the work can lie in the future; write future = true";
        return Err(Mistake::of(text, reason));
    }
    let basis = basis(raw.basis(), place, "the limit")?;
    Ok(Some(Within { limit, basis }))
}

/// What a field of this type has no use for is a mistake of the document, not to be passed over.
fn nothing_idle(raw: &RawField, of: Type) -> Result<(), Mistake> {
    let wrong = |place: Option<Range<usize>>, reason: &str| match place {
        Some(place) => Err(Mistake::new(place, reason)),
        None => Ok(()),
    };
    if of != Type::Number {
        let reason = "only a field of type number has a unit";
        wrong(raw.unit.as_ref().map(Spanned::span), reason)?;
    }
    if !matches!(of, Type::Number | Type::Moment | Type::Day) {
        let reason = "only a number, a day and a moment have a limit; a choice and a yes-no have expected answers";
        wrong(raw.limit.as_ref().map(Spanned::span), reason)?;
    }
    if raw.limit.is_none() {
        let reason = "a source stands beside a limit, and this field has none";
        let place = raw.site_choice.then(|| raw.key.span());
        wrong(raw.source.as_ref().map(Spanned::span).or(place), reason)?;
    }
    if of != Type::Choice {
        let reason = "only a field of type choice has choices";
        wrong(raw.choices.as_ref().map(Spanned::span), reason)?;
    }
    if !matches!(of, Type::Choice | Type::YesNo) {
        let reason = "only a choice and a yes-no have expected answers; a number has a limit";
        wrong(raw.expected.as_ref().map(Spanned::span), reason)?;
    }
    if !matches!(of, Type::Day | Type::Moment) {
        let reason = "only a day and a moment may lie in the future";
        wrong(raw.future.as_ref().map(Spanned::span), reason)?;
    }
    Ok(())
}

fn number(raw: RawField, place: Range<usize>) -> Result<FieldKind, Mistake> {
    let Some(symbol) = &raw.unit else {
        let reason = "a number needs its unit; write unit = \"none\" for a plain number";
        return Err(Mistake::new(place, reason));
    };
    let unit: Measure = (symbol.get_ref().parse())
        .map_err(|why: UnknownMeasure| Mistake::of(symbol, why.to_string()))?;
    let limit = (raw.limit.as_ref().map(|text| limit(text, unit))).transpose()?;
    let basis = match limit {
        Some(_) => Some(basis(raw.basis(), place, "the limit")?),
        None => None,
    };
    Ok(FieldKind::Number { unit, limit, basis })
}

fn choice(raw: &RawField) -> Result<FieldKind, Mistake> {
    let mut choices = Vec::new();
    let mut seen = Apart::default();
    if let Some(list) = &raw.choices {
        at_most(list.get_ref(), MOST_CHOICES, "choices")?;
    }
    for one in raw.choices.iter().flat_map(Spanned::get_ref) {
        let choice = text(one.clone(), "a choice", Text::Label)?;
        if seen.taken(&choice).is_some() {
            return Err(Mistake::of(
                one,
                format!("“{choice}” stands twice in choices"),
            ));
        }
        choices.push(choice);
    }
    if choices.len() < 2 {
        return Err(Mistake::of(&raw.kind, "a choice needs two choices or more"));
    }
    let mut expected = Vec::new();
    for one in raw.expected.iter().flat_map(Spanned::get_ref) {
        if !choices.contains(one.get_ref()) {
            let reason = format!("“{}” is not one of the choices", one.get_ref());
            return Err(Mistake::of(one, reason));
        }
        expected.push(one.get_ref().clone());
    }
    if let Some(list) = &raw.expected
        && choices.iter().all(|choice| expected.contains(choice))
    {
        let reason = "expected names every choice, so that no answer could be an exception; leave it out, or name fewer";
        return Err(Mistake::of(list, reason));
    }
    Ok(FieldKind::Choice { choices, expected })
}

fn yes_no(raw: &RawField) -> Result<Option<bool>, Mistake> {
    let Some(expected) = &raw.expected else {
        return Ok(None);
    };
    let answers: Vec<_> = (expected.get_ref().iter())
        .map(|one| one.get_ref().as_str())
        .collect();
    match answers.as_slice() {
        ["yes"] => Ok(Some(true)),
        ["no"] => Ok(Some(false)),
        _ => Err(Mistake::of(
            expected,
            "what is expected is [\"yes\"] or [\"no\"]",
        )),
    }
}
