//! The fields of a step.

use super::{document::RawField, limit};
use crate::{
    master_record::{Field, FieldKind},
    measure::{Measure, UnknownMeasure},
    specification::{
        Limit,
        parse::{Mistake, basis, name, text},
    },
};
use std::collections::BTreeSet;
use toml::Spanned;

pub(super) fn field(raw: Spanned<RawField>, keys: &mut BTreeSet<String>) -> Result<Field, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let key_place = raw.key.span();
    let key = name(raw.key.clone(), "key")?;
    if !keys.insert(key.clone()) {
        return Err(Mistake::new(
            key_place,
            format!("field “{key}” stands twice in this step"),
        ));
    }
    let numeric = raw.kind.get_ref() == "number";
    if let Some(wrong) = raw
        .unit
        .as_ref()
        .or(raw.limit.as_ref())
        .filter(|_| !numeric)
    {
        return Err(Mistake::of(
            wrong,
            "only a field of type number has a unit and a limit",
        ));
    }
    let label = text(raw.label.clone(), "label")?;
    let hint = raw
        .hint
        .clone()
        .map(|hint| text(hint, "hint"))
        .transpose()?;
    let (required, critical, future) = (raw.required, raw.critical, raw.future);
    let kind = match raw.kind.get_ref().as_str() {
        "number" => number(raw, place)?,
        "text" => FieldKind::Text,
        "choice" => choice(&raw)?,
        "yes-no" => FieldKind::YesNo {
            expected: yes_no(&raw)?,
        },
        "moment" => FieldKind::Moment,
        "day" => FieldKind::Day,
        other => {
            let reason = format!(
                "“{other}” is no type of field; write number, text, choice, yes-no, moment or day"
            );
            return Err(Mistake::of(&raw.kind, reason));
        }
    };
    Ok(Field {
        key,
        label,
        kind,
        required,
        critical,
        hint,
        future,
    })
}

fn number(raw: RawField, place: std::ops::Range<usize>) -> Result<FieldKind, Mistake> {
    let Some(unit) = &raw.unit else {
        return Err(Mistake::new(
            place,
            "a number needs its unit; write unit = \"none\" for a plain number",
        ));
    };
    let unit: Measure = unit
        .get_ref()
        .parse()
        .map_err(|why: UnknownMeasure| Mistake::of(unit, why.to_string()))?;
    let Some(raw_limit) = &raw.limit else {
        return Ok(FieldKind::Number {
            unit,
            limit: None,
            basis: None,
        });
    };
    let limit = limit(raw_limit)?;
    if matches!(
        limit,
        Limit::Equals { .. } | Limit::OneOf { .. } | Limit::Endotoxin(_)
    ) {
        return Err(Mistake::of(
            raw_limit,
            "a field's limit is a bound or a range",
        ));
    }
    let basis = basis(raw.basis(), place, "the limit")?;
    Ok(FieldKind::Number {
        unit,
        limit: Some(limit),
        basis: Some(basis),
    })
}

fn choice(raw: &RawField) -> Result<FieldKind, Mistake> {
    if raw.choices.len() < 2 {
        return Err(Mistake::of(&raw.kind, "a choice needs two choices or more"));
    }
    if let Some(wrong) = raw
        .expected
        .iter()
        .find(|one| !raw.choices.contains(one.get_ref()))
    {
        return Err(Mistake::of(
            wrong,
            format!("“{}” is not one of the choices", wrong.get_ref()),
        ));
    }
    let expected = raw
        .expected
        .iter()
        .map(|one| one.get_ref().clone())
        .collect();
    Ok(FieldKind::Choice {
        choices: raw.choices.clone(),
        expected,
    })
}

fn yes_no(raw: &RawField) -> Result<Option<bool>, Mistake> {
    match raw.expected.as_slice() {
        [] => Ok(None),
        [one] if one.get_ref() == "yes" => Ok(Some(true)),
        [one] if one.get_ref() == "no" => Ok(Some(false)),
        [one, ..] => Err(Mistake::of(
            one,
            "what is expected is [\"yes\"] or [\"no\"]",
        )),
    }
}
