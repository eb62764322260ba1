//! Reads a master record document and refuses a malformed one with line and reason.

mod checks;
mod document;
mod fields;
mod stops;
mod windows;

use super::{Culture, Field, FieldKind, MasterRecord, Step, StepKind, StepSignature};
use crate::{
    decimal::repeated,
    measure::Measure,
    specification::{
        Limit, Malformed,
        limit::exact,
        parse::{Apart, Mistake, at_most, basis, name, own_name, shaped, text, written_limit},
        telling::tells,
    },
    text::Text,
};
use chrono::TimeDelta;
use document::{RawCulture, RawMasterRecord, RawStep};
use rust_decimal::Decimal;
use std::{ops::Range, str::FromStr};
use toml::Spanned;

pub(super) fn master_record(toml: &str) -> Result<MasterRecord, Malformed> {
    shaped::<RawMasterRecord>(toml)
        .and_then(checked)
        .map_err(|mistake| mistake.in_text(toml))
}

/// The fields that the arithmetic needs of a step of this kind, with their unit.
#[must_use]
pub fn required_fields(kind: StepKind) -> &'static [(&'static str, Measure)] {
    match kind {
        StepKind::Seed => &[
            ("cells-seeded", Measure::CELLS),
            ("area", Measure::SQUARE_CENTIMETRE),
        ],
        StepKind::Passage => &[
            ("total-cells", Measure::CELLS),
            ("viable-cells", Measure::CELLS),
        ],
        StepKind::FinalHarvest => &[
            ("total-cells-1", Measure::CELLS),
            ("viable-cells-1", Measure::CELLS),
            ("total-cells-2", Measure::CELLS),
            ("viable-cells-2", Measure::CELLS),
        ],
        _ => &[],
    }
}

const MOST_LATE_MINUTES: u32 = 7 * 24 * 60;

const MOST_STEPS: usize = 200;
const MOST_FIELDS: usize = 100;

fn checked(raw: RawMasterRecord) -> Result<MasterRecord, Mistake> {
    let key_place = raw.key.span();
    let key = name(raw.key, "key")?;
    if *raw.version.get_ref() == 0 {
        return Err(Mistake::of(&raw.version, "versions count from 1"));
    }
    if *raw.late_after_minutes.get_ref() > MOST_LATE_MINUTES {
        let reason = "an entry is late after a week at most (10080 minutes): later than that, none would ever be";
        return Err(Mistake::of(&raw.late_after_minutes, reason));
    }
    let late_after = TimeDelta::minutes(i64::from(*raw.late_after_minutes.get_ref()));
    at_most(&raw.step, MOST_STEPS, "steps")?;
    let mut named_apart = Named::default();
    let windows: Vec<_> = (raw.step.iter())
        .map(|step| step.get_ref().window.as_ref().map(Spanned::span))
        .collect();
    let passages: Vec<_> = (raw.step.iter())
        .map(|step| step.get_ref().only_passages.clone())
        .collect();
    let named = stops::Named::of(&raw.step);
    let steps = raw
        .step
        .into_iter()
        .map(|raw| step(raw, &mut named_apart))
        .collect::<Result<Vec<_>, _>>()?;
    if steps.is_empty() {
        return Err(Mistake::new(
            key_place,
            "no step; write at least one [[step]]",
        ));
    }
    let culture = raw.culture.map(|raw| culture(raw, &steps)).transpose()?;
    for ((passages, step), place) in passages.into_iter().zip(&steps).zip(0..) {
        passages_in_culture(passages, step, place, culture.as_ref(), &steps)?;
    }
    let record = MasterRecord {
        key,
        version: raw.version.into_inner(),
        title: text(raw.title, "title", Text::Title)?,
        product: text(raw.product, "product", Text::Title)?,
        late_after,
        culture,
        steps,
    };
    kinds_in_place(&record, key_place)?;
    stops::agree(&record, &named)?;
    windows::can_be_met(&record, &windows)?;
    Ok(record)
}

fn culture(raw: Spanned<RawCulture>, steps: &[Step]) -> Result<Culture, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let find = |key: &Spanned<String>| {
        steps
            .iter()
            .position(|step| step.key == *key.get_ref())
            .ok_or_else(|| Mistake::of(key, format!("there is no step “{}”", key.get_ref())))
    };
    let (first, last) = (find(&raw.first_step)?, find(&raw.last_step)?);
    if first > last {
        return Err(Mistake::of(
            &raw.last_step,
            "the last step of a passage stands before its first",
        ));
    }
    if steps[first].recurring || steps[last].recurring {
        return Err(Mistake::new(
            place,
            "a passage begins and ends with a step that is not recurring",
        ));
    }
    if raw.minimum_passage.get_ref() > raw.maximum_passage.get_ref() {
        return Err(Mistake::of(
            &raw.minimum_passage,
            "minimum_passage is above maximum_passage",
        ));
    }
    if *raw.maximum_passage.get_ref() > 50 {
        return Err(Mistake::of(
            &raw.maximum_passage,
            "more than 50 passages are not a culture of primary cells",
        ));
    }
    let target = above_zero(&raw.target_viable_per_kg)?;
    let basis = basis(raw.basis(), place, "the culture")?;
    Ok(Culture {
        first_step: raw.first_step.into_inner(),
        last_step: raw.last_step.into_inner(),
        maximum_passage: raw.maximum_passage.into_inner(),
        minimum_passage: raw.minimum_passage.into_inner(),
        target_viable_per_kg: target,
        basis,
    })
}

/// What people tell the steps of a record apart by.
#[derive(Default)]
struct Named {
    keys: Apart,
    titles: Apart,
    points: Apart,
}

fn step(raw: Spanned<RawStep>, named: &mut Named) -> Result<Step, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let key_place = raw.key.span();
    if raw.key.get_ref().chars().any(|c| c.is_ascii_uppercase()) {
        let reason = format!(
            "key “{}”: use lower case, at most 60 characters",
            repeated(raw.key.get_ref())
        );
        return Err(Mistake::new(key_place, reason));
    }
    let key = own_name(raw.key, &mut named.keys)?;
    let title_place = raw.title.span();
    let title = text(raw.title, "title", Text::Title)?;
    if let Some(before) = named.titles.taken(&title) {
        let reason = format!(
            "a step before is called “{}” too; a person tells steps apart by their titles",
            repeated(&before)
        );
        return Err(Mistake::new(title_place, reason));
    }
    let kind: StepKind = word(&raw.kind)?;
    // The arithmetic, and the order of the work, know each of these steps by its one time in a passage or batch.
    let once = matches!(
        kind,
        StepKind::Receive
            | StepKind::Isolate
            | StepKind::Seed
            | StepKind::Passage
            | StepKind::FinalHarvest
    );
    if once && raw.recurring {
        let reason = format!("a step of kind {} can't be recurring", kind.code());
        return Err(Mistake::new(place, reason));
    }
    let signature = raw
        .signature
        .as_ref()
        .map_or(Ok(StepSignature::None), word)?;
    let sample_point = match (kind, raw.sample_point) {
        (StepKind::Sample, None) => {
            return Err(Mistake::new(
                place,
                "a step of kind sample needs a sample_point",
            ));
        }
        (StepKind::Sample, Some(point)) => {
            let place = point.span();
            let point = name(point, "sample_point")?;
            let alike = named.points.taken(&point);
            if let Some(before) = alike.filter(|before| *before != point) {
                let reason =
                    format!("sample point “{point}” reads like “{before}”; write one of them");
                return Err(Mistake::new(place, reason));
            }
            Some(point)
        }
        (_, None) => None,
        (_, Some(point)) => {
            return Err(Mistake::of(
                &point,
                "only a step of kind sample has a sample_point",
            ));
        }
    };
    at_most(&raw.field, MOST_FIELDS, "fields in this step")?;
    let mut named_fields = fields::Named::default();
    let fields = raw
        .field
        .into_iter()
        .map(|raw| fields::field(raw, &mut named_fields))
        .collect::<Result<Vec<_>, _>>()?;
    needed_fields(kind, &fields, &place)?;
    let keeps_alive = stops::keeps_alive(kind, raw.keeps_alive.as_ref())?;
    let recurring = raw.recurring || kind == StepKind::Assess;
    if kind == StepKind::Assess && (raw.recurring || raw.window.is_some()) {
        let reason = "a step of kind assess is opened by a stop: it is neither recurring nor due";
        return Err(Mistake::new(place, reason));
    }
    let checks = checks::checks(raw.check, kind)?;
    Ok(Step {
        key,
        title,
        kind,
        instruction: text(raw.instruction, "instruction", Text::Prose)?,
        recurring,
        keeps_alive,
        only_passages: raw
            .only_passages
            .map(Spanned::into_inner)
            .unwrap_or_default(),
        window: raw
            .window
            .map(|window| windows::window(window, raw.recurring))
            .transpose()?,
        signature,
        sample_point,
        fields,
        checks,
    })
}

/// A list of passages stands inside the culture, names passages that there can be, and spares no passage its beginning,
/// its seeding and its count.
fn passages_in_culture(
    passages: Option<Spanned<Vec<u16>>>,
    step: &Step,
    place: usize,
    culture: Option<&Culture>,
    steps: &[Step],
) -> Result<(), Mistake> {
    let Some(passages) = passages else {
        return Ok(());
    };
    let wrong = |reason: String| Err(Mistake::of(&passages, reason));
    let at = |key: &str| steps.iter().position(|step| step.key == key);
    let inside = |culture: &&Culture| {
        (at(&culture.first_step)..=at(&culture.last_step)).contains(&Some(place))
    };
    let Some(culture) = culture.filter(inside) else {
        return wrong("only a step inside the culture happens in some passages".to_owned());
    };
    let needed = matches!(step.kind, StepKind::Seed | StepKind::Passage);
    if needed || step.key == culture.first_step {
        return wrong(format!("step “{}” happens in each passage", step.key));
    }
    if passages.get_ref().is_empty() {
        return wrong("only_passages names no passage; leave it out for each".to_owned());
    }
    match (passages.get_ref().iter()).find(|one| **one > culture.maximum_passage) {
        Some(late) => wrong(format!(
            "there is no P{late}: the last passage is P{}",
            culture.maximum_passage
        )),
        None => Ok(()),
    }
}

fn needed_fields(kind: StepKind, fields: &[Field], place: &Range<usize>) -> Result<(), Mistake> {
    for (needed, unit) in required_fields(kind) {
        let there = fields.iter().any(|field| {
            field.key == *needed
                && field.required
                && matches!(&field.kind, FieldKind::Number { unit: own, .. } if own == unit)
        });
        if !there {
            let reason = format!(
                "a step of kind {} needs the required number field “{needed}” in {}: the arithmetic reads it",
                kind.code(),
                unit.symbol()
            );
            return Err(Mistake::new(place.clone(), reason));
        }
    }
    Ok(())
}

/// One final harvest at most, after the passages; seeding and counting inside them; and nothing stored before it.
fn kinds_in_place(record: &MasterRecord, place: Range<usize>) -> Result<(), Mistake> {
    let at = |kind: StepKind| {
        record
            .steps
            .iter()
            .enumerate()
            .filter(move |(_, step)| step.kind == kind)
    };
    let wrong = |reason: &str| Err(Mistake::new(place.clone(), reason));
    for kind in [StepKind::Seed, StepKind::Passage] {
        if at(kind).any(|(index, _)| !record.in_culture(index)) || at(kind).count() > 1 {
            return wrong("a step of kind seed or passage stands once, inside the culture");
        }
    }
    if record.culture.is_some() && at(StepKind::Passage).count() != 1 {
        return wrong("a culture needs one step of kind passage, which counts its cells");
    }
    let last = record.culture_range().map(|(_, last)| last);
    if at(StepKind::FinalHarvest).count() > 1
        || at(StepKind::FinalHarvest).any(|(index, _)| last.is_some_and(|last| index <= last))
    {
        return wrong("there is one final harvest at most, after the culture");
    }
    let harvest = at(StepKind::FinalHarvest).map(|(index, _)| index).next();
    let stored = at(StepKind::Freeze)
        .chain(at(StepKind::Formulate))
        .map(|(index, _)| index)
        .min();
    match (harvest, stored) {
        (None, Some(_)) => wrong("units are stored from a final harvest, which this record lacks"),
        (Some(harvest), Some(stored)) if stored < harvest => {
            wrong("units are stored before the final harvest")
        }
        _ => Ok(()),
    }
}

fn word<T: FromStr<Err = String>>(raw: &Spanned<String>) -> Result<T, Mistake> {
    raw.get_ref()
        .parse()
        .map_err(|why: String| Mistake::of(raw, why))
}

/// A limit on a number that tells one value of its unit from another.
fn limit(raw: &Spanned<String>, unit: Measure) -> Result<Limit, Mistake> {
    let limit = written_limit(raw)?;
    tells(&limit, unit, false).map_err(|why| Mistake::of(raw, why))?;
    Ok(limit)
}

fn above_zero(raw: &Spanned<String>) -> Result<Decimal, Mistake> {
    match exact(raw.get_ref()) {
        Some(number) if number > Decimal::ZERO => Ok(number),
        _ => {
            let text = repeated(raw.get_ref());
            let reason = format!("“{text}” is not a number above zero; write it as \"2000000\"");
            Err(Mistake::of(raw, reason))
        }
    }
}
