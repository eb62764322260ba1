//! Checks one criterion: that a result can be judged by it, one way or the other.

use super::{
    Apart, Mistake, above_zero, at_most, basis,
    document::{RawCriterion, RawEndotoxin},
    own_name, text, unit, written_limit,
};
use crate::{
    measure::Measure,
    specification::{Criterion, Endotoxin, Limit, ResultKind, Rounding, Stage, telling::tells},
    text::Text,
};
use rust_decimal::Decimal;
use toml::Spanned;

/// More decimals than any result is entered with.
const MOST_DECIMALS: u32 = crate::decimal::MOST_DECIMALS as u32;

/// More categories than any test finds.
const MOST_CATEGORIES: usize = 100;

pub fn checked(raw: Spanned<RawCriterion>, keys: &mut Apart) -> Result<Criterion, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let key = own_name(raw.key.clone(), keys)?;
    let result = result_kind(&raw)?;
    let limit = limit(&raw, &result)?;
    if limit.is_none() && !raw.informative {
        let reason = format!("criterion “{key}” has no limit; write one, or informative = true");
        return Err(Mistake::new(place, reason));
    }
    let rounding = rounding(&raw, limit.as_ref())?;
    if let (Some(judged), Some(written), ResultKind::Number { unit }) =
        (&limit, &raw.limit, &result)
    {
        tells(judged, *unit, rounding == Rounding::AsLimit)
            .map_err(|why| Mistake::of(written, why))?;
    }
    Ok(Criterion {
        basis: basis(raw.basis(), place, &format!("criterion “{key}”"))?,
        rounding,
        decimals: decimals(&raw, &result, limit.as_ref())?,
        due_days: days(&raw)?,
        minimum_days: minimum(&raw)?,
        stage: stage(&raw.stage)?,
        test: text(raw.test, "test", Text::Label)?,
        method: text(raw.method, "method", Text::Title)?,
        sample_point: super::name(raw.sample_point, "sample_point")?,
        informative: raw.informative,
        key,
        result,
        limit,
    })
}

/// The slowest test takes some weeks; a result that is due in years would never be missed.
const MOST_DUE_DAYS: u32 = 365;

/// The days until the result is due, not before it can count.
fn days(raw: &RawCriterion) -> Result<u32, Mistake> {
    let Some(due) = &raw.due_days else {
        return match &raw.minimum_days {
            Some(minimum) if *minimum.get_ref() > 0 => Err(Mistake::of(
                minimum,
                "minimum_days without due_days: say when the result is due, not before the minimum time is over",
            )),
            _ => Ok(0),
        };
    };
    let days = *due.get_ref();
    if days > MOST_DUE_DAYS {
        return Err(Mistake::of(
            due,
            format!("a result is due within {MOST_DUE_DAYS} days"),
        ));
    }
    let minimum = raw
        .minimum_days
        .as_ref()
        .map_or(0, |minimum| *minimum.get_ref());
    if days < minimum {
        let reason = format!(
            "the result is due after {days} days, before the {minimum} days of its method are over; no result could count by then"
        );
        return Err(Mistake::of(due, reason));
    }
    Ok(days)
}

/// The minimum time of the method.
fn minimum(raw: &RawCriterion) -> Result<u32, Mistake> {
    match &raw.minimum_days {
        Some(minimum) if raw.informative => Err(Mistake::of(
            minimum,
            "an informative result is not judged, so no minimum time keeps it from passing",
        )),
        Some(minimum) => Ok(*minimum.get_ref()),
        None => Ok(0),
    }
}

fn stage(raw: &Spanned<String>) -> Result<Stage, Mistake> {
    match raw.get_ref().as_str() {
        "in_process" => Ok(Stage::InProcess),
        "before_release" => Ok(Stage::BeforeRelease),
        "after_release" => Ok(Stage::AfterRelease),
        other => {
            let reason =
                format!("“{other}” is no stage; write in_process, before_release or after_release");
            Err(Mistake::of(raw, reason))
        }
    }
}

fn result_kind(raw: &RawCriterion) -> Result<ResultKind, Mistake> {
    let kind = match raw.result.get_ref().as_str() {
        "number" => ResultKind::Number {
            unit: match &raw.unit {
                Some(symbol) => unit(symbol)?,
                None => {
                    let reason = "a number needs a unit; write unit = \"none\" for a plain number";
                    return Err(Mistake::of(&raw.result, reason));
                }
            },
        },
        "category" => ResultKind::Category {
            allowed: match &raw.categories {
                Some(categories) => distinct(categories, "categories", 2)?,
                None => {
                    let reason = "a category needs categories: all that the test can find";
                    return Err(Mistake::of(&raw.result, reason));
                }
            },
        },
        "text" => ResultKind::Text,
        other => {
            let reason = format!("“{other}” is no kind of result; write number, category or text");
            return Err(Mistake::of(&raw.result, reason));
        }
    };
    if let (Some(symbol), false) = (&raw.unit, matches!(kind, ResultKind::Number { .. })) {
        return Err(Mistake::of(symbol, "only a number has a unit"));
    }
    if let (Some(list), false) = (&raw.categories, matches!(kind, ResultKind::Category { .. })) {
        return Err(Mistake::of(list, "only a category has categories"));
    }
    Ok(kind)
}

/// Texts that differ in more than the case of their letters and their spaces: a result is read in any case, and people tell
/// them apart by eye.
fn distinct(
    list: &Spanned<Vec<Spanned<String>>>,
    field: &str,
    least: usize,
) -> Result<Vec<String>, Mistake> {
    at_most(list.get_ref(), MOST_CATEGORIES, field)?;
    let mut seen = Apart::default();
    let mut texts = vec![];
    for entry in list.get_ref() {
        let trimmed = text(entry.clone(), field, Text::Label)?;
        if seen.taken(&trimmed).is_some() {
            return Err(Mistake::of(
                entry,
                format!("“{trimmed}” stands twice in {field}"),
            ));
        }
        texts.push(trimmed);
    }
    if texts.len() < least {
        return Err(Mistake::of(list, format!("{field} needs {least} or more")));
    }
    Ok(texts)
}

fn limit(raw: &RawCriterion, result: &ResultKind) -> Result<Option<Limit>, Mistake> {
    let written = [
        raw.limit.as_ref().map(|limit| (limit.span(), "limit")),
        raw.equals.as_ref().map(|equals| (equals.span(), "equals")),
        raw.one_of.as_ref().map(|one_of| (one_of.span(), "one_of")),
        raw.endotoxin
            .as_ref()
            .map(|endotoxin| (endotoxin.span(), "endotoxin")),
    ];
    let mut written = written.into_iter().flatten();
    let Some((place, field)) = written.next() else {
        return Ok(None);
    };
    if let Some((second, other)) = written.next() {
        return Err(Mistake::new(
            second,
            format!("{other} beside {field}: a criterion has one limit"),
        ));
    }
    match result {
        ResultKind::Text => Err(Mistake::new(
            place,
            "a text can't be judged by a limit; list its categories instead",
        )),
        ResultKind::Number { unit } => match (&raw.limit, &raw.endotoxin) {
            (Some(limit), _) => written_limit(limit).map(Some),
            (_, Some(endotoxin)) => endotoxin_limit(endotoxin, *unit).map(Some),
            _ => Err(Mistake::new(
                place,
                format!("{field} is for a category; write limit for a number"),
            )),
        },
        ResultKind::Category { allowed } => match (&raw.equals, &raw.one_of) {
            (Some(equals), _) => {
                let category = known(equals, allowed)?;
                Ok(Some(Limit::Equals { category }))
            }
            (_, Some(one_of)) => categories_limit(one_of, allowed).map(Some),
            _ => Err(Mistake::new(
                place,
                format!("{field} is for a number; write equals or one_of for a category"),
            )),
        },
    }
}

fn endotoxin_limit(raw: &Spanned<RawEndotoxin>, unit: Measure) -> Result<Limit, Mistake> {
    if !matches!(
        unit,
        Measure::ENDOTOXIN_PER_MILLILITRE | Measure::INTERNATIONAL_UNITS_PER_MILLILITRE
    ) {
        let reason = format!(
            "an endotoxin limit by weight is in EU/mL or IU/mL, not in {}",
            unit.symbol()
        );
        return Err(Mistake::of(raw, reason));
    }
    let figures = raw.get_ref();
    let endotoxin = Endotoxin {
        k: above_zero(&figures.k, "k")?,
        volume_ml: above_zero(&figures.volume_ml, "volume_ml")?,
        duration_h: above_zero(&figures.duration_h, "duration_h")?,
    };
    let heavy = Decimal::ONE_HUNDRED;
    let allowed = (endotoxin.k.checked_mul(heavy))
        .and_then(|units| units.checked_mul(endotoxin.duration_h.max(Decimal::ONE)))
        .and_then(|units| units.checked_div(endotoxin.volume_ml));
    if allowed.is_none_or(|allowed| allowed > Decimal::from(1000)) {
        let reason = "by these figures a patient of 100 kg may get more than 1000 EU/mL, which every result meets: check k, \
                      volume_ml and duration_h";
        return Err(Mistake::of(raw, reason));
    }
    Ok(Limit::Endotoxin(endotoxin))
}

fn known(category: &Spanned<String>, allowed: &[String]) -> Result<String, Mistake> {
    let category_text = text(category.clone(), "equals", Text::Label)?;
    if allowed.contains(&category_text) {
        return Ok(category_text);
    }
    let reason = format!(
        "“{category_text}” is none of the categories: {}",
        allowed.join("; ")
    );
    Err(Mistake::of(category, reason))
}

fn categories_limit(
    one_of: &Spanned<Vec<Spanned<String>>>,
    allowed: &[String],
) -> Result<Limit, Mistake> {
    let categories = distinct(one_of, "one_of", 1)?;
    for category in one_of.get_ref() {
        known(category, allowed)?;
    }
    if categories.len() == allowed.len() {
        return Err(Mistake::of(
            one_of,
            "one_of names every category, so that no result could fail",
        ));
    }
    Ok(Limit::OneOf { categories })
}

fn rounding(raw: &RawCriterion, limit: Option<&Limit>) -> Result<Rounding, Mistake> {
    let digits = limit.and_then(Limit::digits).filter(|_| !raw.informative);
    let Some(written) = &raw.rounding else {
        return match (digits, &raw.limit) {
            (Some(_), Some(limit)) => {
                let reason = "say how a result is rounded before it is compared: rounding = \"as-limit\" or \"none\"";
                Err(Mistake::of(limit, reason))
            }
            _ => Ok(Rounding::None),
        };
    };
    let rounding = match written.get_ref().as_str() {
        "as-limit" => Rounding::AsLimit,
        "none" => Rounding::None,
        other => {
            let reason = format!("“{other}” is no rounding; write as-limit or none");
            return Err(Mistake::of(written, reason));
        }
    };
    if rounding == Rounding::AsLimit {
        if digits.is_none() {
            let reason = "rounding as-limit needs a judged limit with digits of its own";
            return Err(Mistake::of(written, reason));
        }
        if let Some(Limit::Range { low, high }) = limit
            && low.value.scale() != high.value.scale()
        {
            let reason = "rounding as-limit needs both bounds with the same decimals, as in >= 7.0 and <= 7.4";
            return Err(Mistake::of(written, reason));
        }
    }
    Ok(rounding)
}

fn decimals(
    raw: &RawCriterion,
    result: &ResultKind,
    limit: Option<&Limit>,
) -> Result<Option<u32>, Mistake> {
    let Some(written) = &raw.decimals else {
        return Ok(None);
    };
    let shows = raw.informative || matches!(limit, Some(Limit::Endotoxin(_)));
    if !shows || !matches!(result, ResultKind::Number { .. }) {
        let reason = "decimals are for an informative number or a computed limit; a judged number is shown as judged";
        return Err(Mistake::of(written, reason));
    }
    if *written.get_ref() > MOST_DECIMALS {
        return Err(Mistake::of(
            written,
            format!("at most {MOST_DECIMALS} decimals are kept"),
        ));
    }
    Ok(Some(*written.get_ref()))
}
