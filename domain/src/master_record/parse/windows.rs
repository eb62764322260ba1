//! The windows of steps: that each has an end, and that work in the order of the document can be within each of them.

use super::{document::RawWindow, word};
use crate::{
    master_record::{MasterRecord, Step, StepKind, Window, WindowStart},
    specification::parse::{Mistake, basis},
};
use chrono::TimeDelta;
use std::{collections::BTreeMap, ops::Range};
use toml::Spanned;

/// A year: a window without an end in sight is none.
const MOST_HOURS: u32 = 365 * 24;

pub(super) fn window(raw: Spanned<RawWindow>, recurring: bool) -> Result<Window, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let hours = |hours: u32| TimeDelta::hours(i64::from(hours));
    if *raw.to_hours.get_ref() == 0 || raw.from_hours > *raw.to_hours.get_ref() {
        return Err(Mistake::of(
            &raw.to_hours,
            "to_hours must be above zero and not below from_hours",
        ));
    }
    let counts_from = raw
        .counts_from
        .as_ref()
        .map_or(Ok(WindowStart::WorkBefore), word)?;
    if counts_from == WindowStart::Collection
        && let Some(place) = raw.counts_from.as_ref().filter(|_| recurring)
    {
        return Err(Mistake::of(
            place,
            "a recurring step is due again after each time, so its window counts from the work before it",
        ));
    }
    if *raw.to_hours.get_ref() > MOST_HOURS {
        let reason = "a window ends within a year (8760 hours); leave it out where a step has none";
        return Err(Mistake::of(&raw.to_hours, reason));
    }
    let basis = basis(raw.basis(), place, "the window")?;
    Ok(Window {
        counts_from,
        from: hours(raw.from_hours),
        to: hours(raw.to_hours.into_inner()),
        basis,
    })
}

/// Refuses a window that closes before the earliest time at which its step can be done: each batch would have an exception
/// there. `places` are those of the windows in the text, by step.
pub(super) fn can_be_met(
    record: &MasterRecord,
    places: &[Option<Range<usize>>],
) -> Result<(), Mistake> {
    let place_of = |at: usize| places.get(at).cloned().flatten().unwrap_or_default();
    closes_after_the_steps_before(record).map_err(|(at, why)| Mistake::new(place_of(at), why))?;
    opens_before_the_step_after(record).map_err(|(at, why)| Mistake::new(place_of(at), why))
}

/// What every batch does before a step takes at least so long, counted from the collection.
fn closes_after_the_steps_before(record: &MasterRecord) -> Result<(), (usize, String)> {
    let passages = (record.culture.as_ref()).map_or(0, |culture| culture.minimum_passage);
    let mut earliest = TimeDelta::zero();
    for (at, step) in in_order(record, passages) {
        let Some(window) = step.window.as_ref().filter(|_| !step.recurring) else {
            continue;
        };
        if window.counts_from == WindowStart::Collection && earliest > window.to {
            let reason = format!(
                "step “{}” is to be done within {} of the collection, and by their windows the steps before it take {} at least; \
                 no batch could be in time",
                step.key,
                hours(window.to),
                hours(earliest)
            );
            return Err((at, reason));
        }
        earliest = earliest_after(earliest, window);
    }
    Ok(())
}

/// A recurring step is done before the next step that isn't: its window opens before the one of that step closes, in one
/// passage at least.
fn opens_before_the_step_after(record: &MasterRecord) -> Result<(), (usize, String)> {
    let passages = (record.culture.as_ref()).map_or(0, |culture| culture.maximum_passage);
    let order = in_order(record, passages);
    let mut earliest = TimeDelta::zero();
    let mut never: BTreeMap<usize, Option<String>> = BTreeMap::new();
    for (nth, (at, step)) in order.iter().enumerate() {
        let Some(window) = &step.window else {
            continue;
        };
        if !step.recurring {
            earliest = earliest_after(earliest, window);
            continue;
        }
        let mut after = order.iter().skip(nth).map(|(_, step)| *step);
        let next = after.find(|step| !step.recurring);
        let closes = next.and_then(|next| Some((next, next.window.as_ref()?)));
        let too_late = closes.filter(|(_, closing)| match closing.counts_from {
            WindowStart::WorkBefore => window.from > closing.to,
            WindowStart::Collection => earliest_after(earliest, window) > closing.to,
        });
        let why = too_late.map(|(next, closing)| {
            format!(
                "step “{}” is due {} after the work before it at the earliest, and step “{}”, which ends it, within {} of {}; \
                 no batch could do both in time",
                step.key,
                hours(window.from),
                next.key,
                hours(closing.to),
                closing.counts_from
            )
        });
        let so_far = never.entry(*at).or_insert_with(|| why.clone());
        if why.is_none() {
            *so_far = None;
        }
    }
    let first = never.into_iter().find_map(|(at, why)| Some((at, why?)));
    first.map_or(Ok(()), Err)
}

/// The earliest end of a step with this window, where the work before it ended then.
fn earliest_after(before: TimeDelta, window: &Window) -> TimeDelta {
    match window.counts_from {
        WindowStart::WorkBefore => before + window.from,
        WindowStart::Collection => before.max(window.from),
    }
}

/// The steps with their places in the order in which a batch does them, with passages up to this one.
fn in_order(record: &MasterRecord, last_passage: u16) -> Vec<(usize, &Step)> {
    let steps = || record.steps.iter().enumerate();
    let mut order: Vec<_> = match record.culture_range() {
        None => steps().collect(),
        Some((first, last)) => {
            let of_passage = |passage: u16| {
                steps().filter(move |(at, step)| {
                    let only = &step.only_passages;
                    (first..=last).contains(at) && (only.is_empty() || only.contains(&passage))
                })
            };
            let before = steps().filter(|(at, _)| *at < first);
            let after = steps().filter(|(at, _)| *at > last);
            before
                .chain((0..=last_passage).flat_map(of_passage))
                .chain(after)
                .collect()
        }
    };
    order.retain(|(_, step)| step.kind != StepKind::Assess);
    order
}

fn hours(time: TimeDelta) -> String {
    match time.num_hours() {
        1 => "1 hour".to_owned(),
        many => format!("{many} hours"),
    }
}
