//! A failing answer to a stop holds the batch at once, and nothing but what the master record names lets it go on.

use super::{Process, key};
use domain::{
    batch::{
        BatchEvent, DeviationEvent, DoseEvent, HarvestEvent, ProcessingEvent, Recorded,
        ReleaseEvent, StopEvent,
    },
    ids::UserId,
    master_record::StepRef,
    rights::Role,
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// What lifts a stop, in the words of the oracle.
#[derive(Clone, Copy)]
pub enum Lift {
    /// Two readings of both identifiers.
    Readings,
    /// A passing entry of this field in any time of this step.
    Entry(&'static str, &'static str),
}

/// A stop of a process: step, field, what lifts it.
pub type StopOf = (&'static str, &'static str, Lift);

/// A stop that holds.
struct Held {
    raised_at: Timestamp,
    raised_by: UserId,
    lift: Lift,
    /// Readings that agree, by their entry, since the last one that did not.
    readings: Vec<(u64, UserId)>,
}

/// The entry on which a stop was lifted, the field that had raised it, and when it was lifted.
struct Rests {
    on: (String, String),
    of: (String, String),
    at: u64,
}

/// What is known of an entry that can lift a stop.
struct Evidence {
    first: u64,
    present: u64,
    passes: bool,
    confirmed_by: Option<UserId>,
    by: BTreeSet<UserId>,
}

/// Everything that was let past a stop, and every failing answer that raised none.
pub fn let_past(process: &Process, events: &[Recorded]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut held: BTreeMap<u64, Held> = BTreeMap::new();
    let mut evidence = BTreeMap::new();
    let mut lifted: Vec<Rests> = Vec::new();
    // The field that each stop was raised for.
    let mut raised: Vec<(u64, (String, String))> = Vec::new();
    for (place, recorded) in events.iter().enumerate() {
        let mut complain = |what: &str| wrong.push(format!("entry {}: {what}", recorded.version));
        let next = events[place + 1..].iter().map(|one| &one.event);
        let raised_after = next
            .clone()
            .take_while(|event| {
                matches!(
                    event,
                    BatchEvent::Stop(StopEvent::StopRaised { .. }) | BatchEvent::Deviation(DeviationEvent::DeviationRaised { .. })
                )
            })
            .filter(|event| matches!(event, BatchEvent::Stop(StopEvent::StopRaised { entry, .. }) if *entry == recorded.version))
            .count();
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
                ..
            }) => {
                let first = held.values().map(|one| one.raised_at).min();
                let since = first.is_some_and(|first| *performed_at >= first);
                if since && !alive(process, step) {
                    complain("recorded in a step that a stop blocks");
                }
                let fails = (process.outside)(
                    &step.key,
                    field,
                    value,
                    domain::zone::Zone::utc().day(*performed_at),
                );
                let stops = stop_of(process, step, field).is_some();
                if stops && fails && raised_after != 1 {
                    complain("a failing answer raised no stop");
                }
                if !(stops && fails) && raised_after > 0 {
                    complain("a stop was raised for nothing");
                }
                note(&mut evidence, recorded, step, field, !fails);
            }
            BatchEvent::Processing(ProcessingEvent::EntryCorrected {
                step, field, new, ..
            }) => {
                let at = domain::zone::Zone::utc().day(recorded.at);
                let fails = (process.outside)(&step.key, field, new, at);
                let stops = stop_of(process, step, field).is_some();
                let again = |one: &&Rests| {
                    let since = |(number, of): &(u64, _)| *number > one.at && *of == one.of;
                    one.on == key(step, field) && !raised.iter().any(since)
                };
                // The correction takes the confirmation of a critical entry with it.
                let falls = fails || process.critical.contains(&(&*step.key, &**field));
                let rests = lifted.iter().filter(again).count();
                let wanted = usize::from(stops && fails) + if falls { rests } else { 0 };
                if raised_after != wanted {
                    complain("a correction raised not as many stops as it should");
                }
                note(&mut evidence, recorded, step, field, !fails);
            }
            BatchEvent::Processing(ProcessingEvent::EntryVerified { step, field }) => {
                if let Some(one) = evidence.get_mut(&key(step, field)) {
                    let one: &mut Evidence = one;
                    one.confirmed_by = Some(recorded.by.user);
                }
            }
            BatchEvent::Stop(StopEvent::StopRaised { step, field, .. }) => {
                match stop_of(process, step, field) {
                    Some(lift) => {
                        raised.push((recorded.version, key(step, field)));
                        held.insert(
                            recorded.version,
                            Held {
                                raised_at: recorded.at,
                                raised_by: recorded.by.user,
                                lift,
                                readings: Vec::new(),
                            },
                        );
                    }
                    None => complain("no stop of the process"),
                }
            }
            BatchEvent::Stop(StopEvent::IdentifiersRead {
                stop,
                subject,
                din,
                agree,
            }) => {
                let BatchEvent::Harvest(HarvestEvent::HarvestRegistered(harvest)) =
                    &events[0].event
                else {
                    continue;
                };
                let right =
                    subject.to_uppercase() == harvest.subject.to_uppercase() && *din == harvest.din;
                if right != *agree {
                    complain("what was read is not said as it is");
                }
                if let Some(one) = held.get_mut(stop) {
                    if right {
                        one.readings.push((recorded.version, recorded.by.user));
                    } else {
                        one.readings.clear();
                    }
                }
            }
            BatchEvent::Stop(StopEvent::StopLifted {
                stop, evidence: on, ..
            }) => {
                let Some(one) = held.remove(stop) else {
                    complain("no stop that holds");
                    continue;
                };
                if recorded.by.role != Role::QaReviewer || recorded.by.user == one.raised_by {
                    complain("not QA, or who raised it");
                }
                match lawful(&one, *stop, on, recorded.by.user, &evidence) {
                    Ok(on) => {
                        let of = raised.iter().find(|(number, _)| number == stop);
                        let of = of.map(|(_, of)| of.clone());
                        let at = recorded.version;
                        lifted.extend(on.zip(of).map(|(on, of)| Rests { on, of, at }));
                    }
                    Err(why) => complain(why),
                }
            }
            BatchEvent::Release(ReleaseEvent::ReviewSigned { .. })
            | BatchEvent::Release(ReleaseEvent::Certified { .. })
            | BatchEvent::Dose(DoseEvent::DosePrepared { .. })
            | BatchEvent::Dose(DoseEvent::DoseDispatched { .. })
                if !held.is_empty() =>
            {
                complain("a stop holds the batch");
            }
            BatchEvent::Dose(DoseEvent::DoseInfused { on_hold: None, .. }) if !held.is_empty() => {
                complain("infused on hold without a word");
            }
            BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { step, field, .. }) => {
                if stop_of(process, step, field).is_some() {
                    complain("a stop was passed over");
                }
                if !held.is_empty() && !alive(process, step) {
                    complain("not applicable in a step that a stop blocks");
                }
            }
            BatchEvent::Processing(ProcessingEvent::StepNotApplicable { step, .. })
                if !held.is_empty() && !alive(process, step) =>
            {
                complain("left out a step that a stop blocks");
            }
            _ => {}
        }
    }
    wrong
}

/// Whether a stop was lifted on what it must be; the entry that it rests on, where it is one.
fn lawful(
    stop: &Held,
    number: u64,
    on: &[u64],
    by: UserId,
    evidence: &BTreeMap<(String, String), Evidence>,
) -> Result<Option<(String, String)>, &'static str> {
    match (stop.lift, on) {
        (Lift::Readings, [one, other]) => {
            let read = |entry: &u64| (stop.readings.iter()).find(|(version, _)| version == entry);
            let (Some((_, one)), Some((_, other))) = (read(one), read(other)) else {
                return Err("not on two readings that agree");
            };
            if one == other || *one == by || *other == by {
                return Err("not three people");
            }
            Ok(None)
        }
        (Lift::Entry(step, field), [entry]) => {
            let named = |place: &&(String, String)| {
                place.0.split('#').next() == Some(step) && place.1 == field
            };
            let found = evidence
                .keys()
                .filter(named)
                .find(|place| evidence[*place].present == *entry)
                .ok_or("not on the entry that is named")?;
            let one = &evidence[found];
            let confirmed = one
                .confirmed_by
                .is_some_and(|confirmed_by| confirmed_by != by);
            if one.first < number || !one.passes || !confirmed || one.by.contains(&by) {
                return Err("the entry does not lift it");
            }
            Ok(Some(found.clone()))
        }
        _ => Err("on something else"),
    }
}

fn note(
    evidence: &mut BTreeMap<(String, String), Evidence>,
    recorded: &Recorded,
    step: &StepRef,
    field: &str,
    passes: bool,
) {
    let one = evidence
        .entry(key(step, field))
        .or_insert_with(|| Evidence {
            first: recorded.version,
            present: 0,
            passes,
            confirmed_by: None,
            by: BTreeSet::new(),
        });
    one.present = recorded.version;
    one.passes = passes;
    one.confirmed_by = None;
    one.by.insert(recorded.by.user);
}

fn stop_of(process: &Process, step: &StepRef, field: &str) -> Option<Lift> {
    let of = |(at, of, _): &&StopOf| *at == step.key && *of == field;
    process.stops.iter().find(of).map(|(_, _, lift)| *lift)
}

fn alive(process: &Process, step: &StepRef) -> bool {
    !process.blocked.contains(&&*step.key)
}
