//! What departs from the expected, and who looked at it.

use super::{Process, number, values};
use domain::{
    batch::{
        BatchEvent, DoseEvent, ExceptionEvent, HarvestEvent, InvalidationReason, InventoryEvent,
        ProcessingEvent, QualityEvent, Recorded, StopEvent,
    },
    ids::SampleId,
    release::ResultValue,
    time::Timestamp,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The entries that depart from the expected and that nobody else has assessed since, with the reason.
pub fn not_assessed(process: &Process, events: &[Recorded]) -> Vec<String> {
    let mut completed = BTreeSet::new();
    let mut hold = Hold::default();
    let mut open = Vec::new();
    for (place, recorded) in events.iter().enumerate() {
        let upto = &events[..=place];
        let again = matches!(&recorded.event, BatchEvent::Processing(ProcessingEvent::StepCompleted { step, .. }) if completed.contains(&step.to_string()));
        let on_hold = hold.flags(recorded, again);
        if let Some(why) = departs(process, recorded, upto, &mut completed).or(on_hold) {
            let of = (recorded.version, recorded.by.user);
            let assessed = events[place..].iter().any(|later| {
                matches!(&later.event, BatchEvent::Exception(ExceptionEvent::ExceptionAssessed { exception, .. }) if *exception == of.0)
                    && later.by.user != of.1
            });
            if !assessed {
                open.push(format!("exception {} ({why}) is not assessed", of.0));
            }
        }
    }
    open
}

/// The stops that hold the batch, and the steps in which work was flagged since the newest.
#[derive(Default)]
struct Hold {
    stops: BTreeSet<u64>,
    flagged: BTreeMap<String, u64>,
}

impl Hold {
    fn flags(&mut self, recorded: &Recorded, again: bool) -> Option<&'static str> {
        let step = match &recorded.event {
            BatchEvent::Stop(StopEvent::StopRaised { .. }) => {
                self.stops.insert(recorded.version);
                return None;
            }
            BatchEvent::Stop(StopEvent::StopLifted { stop, .. }) => {
                self.stops.remove(stop);
                return None;
            }
            BatchEvent::Processing(ProcessingEvent::EntryRecorded { step, .. })
            | BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { step, .. })
            | BatchEvent::Processing(ProcessingEvent::StepNotApplicable { step, .. })
            | BatchEvent::Quality(QualityEvent::SampleTaken { step, .. })
            | BatchEvent::Inventory(InventoryEvent::UnitStored { step, .. }) => step,
            BatchEvent::Processing(ProcessingEvent::StepCompleted { step, .. }) if !again => step,
            _ => return None,
        };
        let newest = *self.stops.last()?;
        let flagged = self.flagged.get(&step.to_string());
        if step.key == "hold" || flagged.is_some_and(|flagged| *flagged > newest) {
            return None;
        }
        self.flagged.insert(step.to_string(), recorded.version);
        Some("on hold")
    }
}

fn departs(
    process: &Process,
    recorded: &Recorded,
    upto: &[Recorded],
    completed: &mut BTreeSet<String>,
) -> Option<&'static str> {
    let late =
        |at: &Timestamp| (recorded.at.since(*at) > process.late_after).then_some("recorded late");
    match &recorded.event {
        BatchEvent::Harvest(HarvestEvent::HarvestCorrected { .. })
        | BatchEvent::Processing(ProcessingEvent::EntryCorrected { .. }) => Some("corrected"),
        BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { .. })
        | BatchEvent::Processing(ProcessingEvent::StepNotApplicable { .. }) => {
            Some("not applicable")
        }
        BatchEvent::Processing(ProcessingEvent::CultureEnded { .. }) => Some("culture ended"),
        BatchEvent::Quality(QualityEvent::ResultCorrected {
            verdict: Some(_), ..
        }) => Some("verdict changed"),
        BatchEvent::Quality(QualityEvent::ResultEntered {
            sample,
            criterion,
            value,
            ..
        }) => typed_again(process, (sample, criterion), value, &upto[..upto.len() - 1]),
        BatchEvent::Quality(QualityEvent::ResultInvalidated { .. }) => Some("result invalidated"),
        BatchEvent::Quality(QualityEvent::ResultRejudged { .. }) => Some("verdict changed"),
        BatchEvent::Processing(ProcessingEvent::EntryRecorded {
            step,
            field,
            value,
            performed_at,
            ..
        }) => {
            let outside = (process.outside)(
                &step.key,
                field,
                value,
                domain::zone::Zone::utc().day(*performed_at),
            );
            outside
                .then_some("outside its limit")
                .or(late(performed_at))
        }
        BatchEvent::Dose(DoseEvent::DoseInfused {
            on_hold: Some(_), ..
        }) => Some("given on hold"),
        BatchEvent::Quality(QualityEvent::SampleTaken { taken_at, .. }) => late(taken_at),
        BatchEvent::Inventory(InventoryEvent::UnitStored { stored_at, .. }) => late(stored_at),
        BatchEvent::Processing(ProcessingEvent::StepCompleted {
            step, performed_at, ..
        }) if completed.insert(step.to_string()) => {
            late(performed_at).or_else(|| counts(&step.to_string(), &step.key, upto))
        }
        _ => None,
    }
}

/// Counts of a finished step that are outside 70 % viability or 10 % of variation, or fewer cells than were seeded.
fn counts(step: &str, key: &str, upto: &[Recorded]) -> Option<&'static str> {
    let values = values(upto);
    let of = |field: &str| number(&values, step, field);
    let below_70 =
        |viable: Decimal, total: Decimal| viable * Decimal::TEN < total * Decimal::from(7);
    if key == "passage" {
        let (total, viable) = (of("total-cells")?, of("viable-cells")?);
        let seeded = number(&values, &step.replace("passage", "seed"), "cells-seeded");
        // What P0 is seeded with are not the cells that it gives.
        let lost = !step.ends_with("@P0") && seeded.is_some_and(|seeded| viable < seeded);
        return (below_70(viable, total) || lost).then_some("few viable cells");
    }
    if key != "harvest" {
        return None;
    }
    let (one, other) = (of("total-cells-1")?, of("total-cells-2")?);
    let viable = of("viable-cells-1")? + of("viable-cells-2")?;
    if below_70(viable, one + other) {
        return Some("few viable cells");
    }
    // CV < 10 % of two counts: 100 √2 |difference| / sum < 10, squared so that no root is taken.
    let (difference, sum) = (one - other, one + other);
    let at_limit = Decimal::TWO * Decimal::ONE_HUNDRED * difference * difference >= sum * sum;
    (!sum.is_zero() && at_limit).then_some("two counts far apart")
}

/// A result that was typed again after a transcription error, where the one passes and the other doesn't.
fn typed_again(
    process: &Process,
    test: (&SampleId, &String),
    value: &ResultValue,
    before: &[Recorded],
) -> Option<&'static str> {
    let (_, passes) = process.judged.iter().find(|(key, _)| key == test.1)?;
    let mut typing_error = false;
    let mut old = None;
    for recorded in before {
        match &recorded.event {
            BatchEvent::Quality(QualityEvent::ResultEntered {
                sample,
                criterion,
                value,
                ..
            }) if (sample, criterion) == test => {
                (old, typing_error) = (Some(value), false);
            }
            BatchEvent::Quality(QualityEvent::ResultCorrected {
                sample,
                criterion,
                new,
                ..
            }) if (sample, criterion) == test => old = Some(new),
            BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                ..
            }) if (sample, criterion) == test => {
                typing_error = *reason == InvalidationReason::TranscriptionError;
            }
            _ => {}
        }
    }
    (typing_error && passes(old?) != passes(value)).then_some("verdict changed")
}
