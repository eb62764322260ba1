//! Reads a specification document and refuses a malformed one with line and reason.
//!
//! Two passes: [`document`] gives the shape of the text (unknown and missing fields, wrong types), this file what can't
//! be judged by. Both know the place of each value, so that each refusal names its line.

mod criterion;
mod document;

use super::{
    Basis, Criterion, DoseWindow, Group, GroupRule, Limit, ShelfLife, Specification, Stage,
};
use crate::{
    decimal::repeated,
    measure::Measure,
    text::{Text, alike},
    typed::without_invisible,
};
pub(crate) use document::RawBasis;
use document::{RawDose, RawGroup, RawShelfLife, RawSpecification};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use toml::Spanned;

/// A document that is no specification: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Malformed {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what to write instead.
    pub reason: String,
}

/// What is wrong with the bytes of this span.
pub(crate) struct Mistake {
    span: Range<usize>,
    reason: String,
}

impl Mistake {
    pub(crate) fn new(span: Range<usize>, reason: impl Into<String>) -> Self {
        Self {
            span,
            reason: reason.into(),
        }
    }

    pub(crate) fn of<T>(place: &Spanned<T>, reason: impl Into<String>) -> Self {
        Self::new(place.span(), reason)
    }

    pub(crate) fn in_text(self, toml: &str) -> Malformed {
        let before = &toml.as_bytes()[..self.span.start.min(toml.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Malformed {
            line,
            reason: self.reason,
        }
    }
}

/// The longest text of a document, in bytes. The ones that ship have a tenth of it; longer ones nobody reads before they are
/// adopted, and each batch under them would read them again.
pub const LONGEST_DOCUMENT: usize = 256 * 1024;
const MOST_CRITERIA: usize = 200;
/// The longest name of a thing in a document.
const LONGEST_NAME: usize = 60;

/// A document of any kind as its shape says, where it isn't longer than one can be.
pub(crate) fn shaped<T: DeserializeOwned>(toml: &str) -> Result<T, Mistake> {
    if toml.len() > LONGEST_DOCUMENT {
        let reason = format!(
            "the document has {} bytes; at most {LONGEST_DOCUMENT} (256 kB) are read. Shorten it",
            toml.len()
        );
        return Err(Mistake::new(0..0, reason));
    }
    toml::from_str(toml)
        .map_err(|error| Mistake::new(error.span().unwrap_or(0..0), error.message()))
}

/// Refuses a list of more entries than a document of this kind has, at the first one too many.
pub(crate) fn at_most<T>(list: &[Spanned<T>], most: usize, what: &str) -> Result<(), Mistake> {
    match list.get(most) {
        Some(beyond) => {
            let reason = format!("there are {} {what}; at most {most} are read", list.len());
            Err(Mistake::of(beyond, reason))
        }
        None => Ok(()),
    }
}

/// Texts of one document that a person has to tell apart.
#[derive(Default)]
pub(crate) struct Apart {
    seen: BTreeMap<String, String>,
}

impl Apart {
    /// Notes the text; the one before it that a person reads as the same is returned.
    pub(crate) fn taken(&mut self, text: &str) -> Option<String> {
        match self.seen.get(&alike(text)) {
            Some(before) => Some(before.clone()),
            None => {
                self.seen.insert(alike(text), text.to_owned());
                None
            }
        }
    }
}

pub(super) fn specification(toml: &str) -> Result<Specification, Malformed> {
    shaped::<RawSpecification>(toml)
        .and_then(checked)
        .map_err(|mistake| mistake.in_text(toml))
}

fn checked(raw: RawSpecification) -> Result<Specification, Mistake> {
    let key_place = raw.key.span();
    let key = name(raw.key, "key")?;
    if *raw.version.get_ref() == 0 {
        return Err(Mistake::of(&raw.version, "versions count from 1"));
    }
    let title = text(raw.title, "title", Text::Title)?;
    let product = text(raw.product, "product", Text::Title)?;
    let source = text(raw.source, "source", Text::Prose)?;
    let dose = raw.dose.map(dose).transpose()?;
    let shelf_life = raw.shelf_life.map(shelf_life).transpose()?;
    at_most(&raw.criterion, MOST_CRITERIA, "criteria")?;
    let mut keys = Apart::default();
    let places: Vec<_> = (raw.criterion.iter().map(Spanned::get_ref))
        .map(|criterion| (criterion.test.span(), criterion.sample_point.span()))
        .collect();
    let criteria = raw
        .criterion
        .into_iter()
        .map(|raw| criterion::checked(raw, &mut keys))
        .collect::<Result<Vec<_>, _>>()?;
    tests_apart(&criteria, &places)?;
    let judged = |c: &Criterion| c.stage == Stage::BeforeRelease && !c.informative;
    if !criteria.iter().any(judged) {
        let reason = "no criterion is judged before release; by such a specification nothing could be released";
        return Err(Mistake::new(key_place, reason));
    }
    let mut taken = BTreeSet::new();
    let groups = raw
        .group
        .into_iter()
        .map(|raw| group(raw, &criteria, &mut keys, &mut taken))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Specification {
        key,
        version: raw.version.into_inner(),
        title,
        product,
        source,
        dose,
        shelf_life,
        criteria,
        groups,
    })
}

/// A laboratory finds what to do by the test and the sample: no two criteria have the same of both, and no two sample points
/// differ only as the eye doesn't.
fn tests_apart(
    criteria: &[Criterion],
    places: &[(Range<usize>, Range<usize>)],
) -> Result<(), Mistake> {
    let mut points = Apart::default();
    let mut tests: BTreeMap<String, Apart> = BTreeMap::new();
    for (criterion, (test_place, point_place)) in criteria.iter().zip(places) {
        let (test, point) = (&criterion.test, &criterion.sample_point);
        if let Some(before) = points.taken(point).filter(|before| before != point) {
            let reason = format!("sample point “{point}” reads like “{before}”; write one of them");
            return Err(Mistake::new(point_place.clone(), reason));
        }
        let here = tests.entry(alike(point)).or_default();
        if here.taken(test).is_some() {
            let reason = format!(
                "test “{}” is named twice at sample point “{point}”; name the two so that a person can tell them apart",
                repeated(test)
            );
            return Err(Mistake::new(test_place.clone(), reason));
        }
    }
    Ok(())
}

fn dose(raw: Spanned<RawDose>) -> Result<DoseWindow, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let basis = basis(raw.basis(), place, "the dose")?;
    let unit = unit(&raw.unit)?;
    if !matches!(
        unit,
        Measure::MILLION_CELLS_PER_KILOGRAM | Measure::CELLS_PER_KILOGRAM
    ) {
        let reason = format!(
            "a dose is in 10^6 cells/kg or cells/kg, not in {}",
            unit.symbol()
        );
        return Err(Mistake::of(&raw.unit, reason));
    }
    let minimum = above_zero(&raw.minimum, "minimum")?;
    let maximum = above_zero(&raw.maximum, "maximum")?;
    if minimum > maximum {
        let reason = format!("the least dose {minimum} is above the greatest {maximum}");
        return Err(Mistake::of(&raw.minimum, reason));
    }
    let window = DoseWindow {
        minimum,
        maximum,
        unit,
        basis,
    };
    let most = window.cells(Decimal::ONE).map(|(_, most)| most);
    if most.is_none_or(|most| most > Decimal::from(MOST_CELLS_PER_KG)) {
        let reason = "no dose comes near the greatest: it is 1000 million cells per kg at most";
        return Err(Mistake::of(&raw.maximum, reason));
    }
    Ok(window)
}

/// Thirty years, as long as records are kept: a unit without an end in sight has no shelf life.
const MOST_FROZEN_DAYS: u32 = 10_958;

/// Thirty days: cells that are given fresh live for hours.
const MOST_FORMULATED_HOURS: u32 = 720;

/// A thousand million cells per kg of body weight: no dose of cells comes near.
const MOST_CELLS_PER_KG: i64 = 1_000_000_000;

fn shelf_life(raw: Spanned<RawShelfLife>) -> Result<ShelfLife, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let basis = basis(raw.basis(), place.clone(), "the shelf life")?;
    if raw.frozen_days.is_none() && raw.formulated_hours.is_none() {
        let reason = "the shelf life has no figure: write frozen_days, formulated_hours or both";
        return Err(Mistake::new(place, reason));
    }
    let some_time = |figure: Option<Spanned<u32>>, one: &str, most: u32| match figure {
        Some(figure) if !(1..=most).contains(figure.get_ref()) => {
            let reason = format!("a shelf life is one {one} at least and {most} {one}s at most");
            Err(Mistake::of(&figure, reason))
        }
        figure => Ok(figure.map(Spanned::into_inner)),
    };
    Ok(ShelfLife {
        frozen_days: some_time(raw.frozen_days, "day", MOST_FROZEN_DAYS)?,
        formulated_hours: some_time(raw.formulated_hours, "hour", MOST_FORMULATED_HOURS)?,
        basis,
    })
}

fn group(
    raw: Spanned<RawGroup>,
    criteria: &[Criterion],
    keys: &mut Apart,
    taken: &mut BTreeSet<String>,
) -> Result<Group, Mistake> {
    let raw = raw.into_inner();
    let key = own_name(raw.key, keys)?;
    let rule = match raw.rule.get_ref().as_str() {
        "one-of" => GroupRule::OneOf,
        "each-of" => GroupRule::EachOf,
        other => {
            let reason = format!("“{other}” is no rule of a group; write one-of or each-of");
            return Err(Mistake::of(&raw.rule, reason));
        }
    };
    let members = raw.criteria.get_ref();
    if members.len() < 2 {
        return Err(Mistake::of(
            &raw.criteria,
            format!("group “{key}” needs two criteria or more"),
        ));
    }
    let mut stage = None;
    for member in members {
        let wrong = |reason: &str| {
            Mistake::of(member, format!("criterion “{}” {reason}", member.get_ref()))
        };
        let criterion = criteria
            .iter()
            .find(|criterion| criterion.key == *member.get_ref())
            .ok_or_else(|| wrong("of the group is not in this specification"))?;
        if criterion.informative {
            return Err(wrong("is informative, it can't be in a group"));
        }
        if *stage.get_or_insert(criterion.stage) != criterion.stage {
            return Err(wrong("is of another stage than the group's first"));
        }
        if !taken.insert(criterion.key.clone()) {
            return Err(wrong("is in a group already"));
        }
    }
    let criteria = members
        .iter()
        .map(|member| member.get_ref().clone())
        .collect();
    Ok(Group {
        key,
        rule,
        criteria,
    })
}

/// The source of a figure, or that it is the site's own choice; a figure with neither is refused.
pub(crate) fn basis(raw: RawBasis<'_>, place: Range<usize>, of: &str) -> Result<Basis, Mistake> {
    let source = raw
        .source
        .map(|source| text(source.clone(), "source", Text::Prose))
        .transpose()?;
    match (raw.site_choice, source) {
        (true, note) => Ok(Basis::SiteChoice { note }),
        (false, Some(text)) => Ok(Basis::Source { text }),
        (false, None) => {
            let reason = format!("{of} has no source; name it, or write site_choice = true");
            Err(Mistake::new(place, reason))
        }
    }
}

fn unit(raw: &Spanned<String>) -> Result<Measure, Mistake> {
    raw.get_ref()
        .parse()
        .map_err(|unknown: crate::measure::UnknownMeasure| Mistake::of(raw, unknown.to_string()))
}

fn above_zero(raw: &Spanned<document::Exact>, field: &str) -> Result<Decimal, Mistake> {
    let value = raw.get_ref().0;
    if value > Decimal::ZERO {
        Ok(value)
    } else {
        Err(Mistake::of(
            raw,
            format!("{field} must be above zero, it is {value}"),
        ))
    }
}

/// A text that a person can read, without spaces around it.
pub(crate) fn text(raw: Spanned<String>, field: &str, of: Text) -> Result<String, Mistake> {
    of.read(raw.get_ref())
        .map(str::to_owned)
        .map_err(|why| Mistake::of(&raw, format!("{field} {why}")))
}

/// A name that forms, tables and addresses can carry: letters, digits and hyphens.
pub(crate) fn name(raw: Spanned<String>, field: &str) -> Result<String, Mistake> {
    let text = raw.get_ref();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if text.is_empty() || !plain || text.len() > LONGEST_NAME {
        let reason = format!(
            "{field} “{}” is not a name; use letters, digits and hyphens, at most {LONGEST_NAME}",
            repeated(&without_invisible(text))
        );
        return Err(Mistake::of(&raw, reason));
    }
    Ok(raw.into_inner())
}

/// A name that no thing before has, in whatever case of letters.
pub(crate) fn own_name(raw: Spanned<String>, keys: &mut Apart) -> Result<String, Mistake> {
    let place = raw.span();
    let key = name(raw, "key")?;
    let reason = match keys.taken(&key) {
        None => return Ok(key),
        Some(before) if before == key => format!("key “{key}” is used twice"),
        Some(before) => format!("key “{key}” reads like “{before}”; choose another"),
    };
    Err(Mistake::new(place, reason))
}

/// A limit on a number as the document writes it.
pub(crate) fn written_limit(raw: &Spanned<String>) -> Result<Limit, Mistake> {
    (raw.get_ref().parse()).map_err(|why: super::NotALimit| Mistake::of(raw, why.to_string()))
}
