//! No dose leaves without a Qualified Person's signature made while every criterion passed and nothing was open, nor
//! after a change that voids it.

use super::{Key, Process, exceptions::not_assessed, is_of_a_deviation, is_of_the_record, key};
use domain::{
    batch::{
        BatchEvent, DeviationEvent, DoseEvent, HarvestEvent, InventoryEvent, Meaning,
        ProcessingEvent, QualityEvent, Recorded, ReleaseEvent, Signature, Signed,
    },
    identifiers::DonationNumber,
    ids::{DoseId, SampleId},
    rights::Role,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How many doses left the site.
pub fn doses_let_go(events: &[Recorded]) -> usize {
    let leaves = |one: &&Recorded| {
        matches!(
            one.event,
            BatchEvent::Dose(DoseEvent::DoseDispatched { .. })
        )
    };
    events.iter().filter(leaves).count()
}

/// Everything that speaks against a dose that left, a dose that was prepared, or a certification.
pub fn unlawful(process: &Process, events: &[Recorded]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (place, recorded) in events.iter().enumerate() {
        let before = &events[..place];
        let mut against = match &recorded.event {
            BatchEvent::Release(ReleaseEvent::Certified {
                signature, signed, ..
            }) => certified(process, before, recorded, signature, signed),
            BatchEvent::Dose(DoseEvent::DosePrepared { .. }) => leaves(before, recorded),
            BatchEvent::Dose(DoseEvent::DoseDispatched {
                dose, subject, din, ..
            }) => {
                let mut against = leaves(before, recorded);
                against.extend(dose_itself(
                    process,
                    before,
                    *dose,
                    recorded,
                    (subject, din),
                ));
                against
            }
            _ => Vec::new(),
        };
        for why in against.drain(..) {
            wrong.push(format!("entry {}: {why}", recorded.version));
        }
    }
    wrong
}

/// What speaks against certifying on these events.
fn certified(
    process: &Process,
    before: &[Recorded],
    recorded: &Recorded,
    signature: &Signature,
    signed: &Signed,
) -> Vec<String> {
    let mut against = not_assessed(process, before);
    let right_signature = recorded.by.role == Role::QualifiedPerson
        && signature.role == Role::QualifiedPerson
        && signature.signer == recorded.by.user
        && signature.meaning == Meaning::Certified
        && signature.at == recorded.at
        && signed.version + 1 == recorded.version;
    if !right_signature {
        against
            .push("the signature is not the Qualified Person’s on the record as it is".to_owned());
    }
    // Whatever is added to an open record voids the review: so the review is what came last.
    match before.last().map(|last| (&last.event, &last.by)) {
        Some((BatchEvent::Release(ReleaseEvent::ReviewSigned { signature, .. }), by))
            if signature.meaning == Meaning::Reviewed && by.role == Role::QaReviewer => {}
        _ => against.push("QA’s review is not what came last".to_owned()),
    }
    against.extend(steps_open(process, before));
    against.extend(not_confirmed(process, before));
    against.extend(not_signed(process, before));
    against.extend(deviations_open(before));
    against.extend(criteria_not_passed(process, before));
    against
}

fn leaves(before: &[Recorded], recorded: &Recorded) -> Vec<String> {
    let mut against = against_leaving(before);
    if recorded.by.role != Role::Pharmacist {
        against.push("not a pharmacist".to_owned());
    }
    against
}

/// What speaks against a dose leaving, or being prepared, after these events: the certification must be younger than all
/// that changed the record or its deviations.
pub fn against_leaving(before: &[Recorded]) -> Vec<String> {
    let certification = |one: &Recorded| {
        matches!(
            one.event,
            BatchEvent::Release(ReleaseEvent::Certified { .. })
        )
    };
    let Some(place) = before.iter().rposition(certification) else {
        return vec!["nothing is certified".to_owned()];
    };
    let voids = |one: &&Recorded| {
        matches!(
            one.event,
            BatchEvent::Release(ReleaseEvent::CertificationWithdrawn { .. })
                | BatchEvent::Release(ReleaseEvent::Rejected { .. })
        ) || is_of_the_record(&one.event)
            || is_of_a_deviation(&one.event)
    };
    before[place..]
        .iter()
        .filter(voids)
        .map(|one| format!("entry {} came after the certification", one.version))
        .collect()
}

/// What speaks against this dose: whose it is, how much it is, how old it is.
fn dose_itself(
    process: &Process,
    before: &[Recorded],
    dose: DoseId,
    recorded: &Recorded,
    (subject, din): (&str, &DonationNumber),
) -> Vec<String> {
    let mut against = Vec::new();
    let Some(BatchEvent::Harvest(HarvestEvent::HarvestRegistered(harvest))) =
        before.first().map(|one| &one.event)
    else {
        return vec!["no harvest".to_owned()];
    };
    if subject.to_uppercase() != harvest.subject.to_uppercase() || *din != harvest.din {
        against.push("another recipient".to_owned());
    }
    let mut weight = harvest.weight_kg;
    let (mut units, mut cells) = (Vec::new(), Decimal::ZERO);
    for one in before {
        match &one.event {
            BatchEvent::Harvest(HarvestEvent::HarvestCorrected { field, new, .. })
                if field.code() == "weight" =>
            {
                weight = new.parse().unwrap();
            }
            BatchEvent::Dose(DoseEvent::DosePrepared {
                dose: id,
                units: taken,
                ..
            }) if *id == dose => units.clone_from(taken),
            BatchEvent::Dose(DoseEvent::DoseDispatched { dose: id, .. })
            | BatchEvent::Dose(DoseEvent::DoseDestroyed { dose: id, .. })
                if *id == dose =>
            {
                against.push("the dose had ended".to_owned());
            }
            _ => {}
        }
    }
    for one in before {
        if let BatchEvent::Inventory(InventoryEvent::UnitStored {
            unit,
            viable_cells,
            stored_at,
            ..
        }) = &one.event
            && units.contains(unit)
        {
            cells += viable_cells;
            if recorded.at >= stored_at.plus(process.shelf_life) {
                against.push(format!("unit {unit} is expired"));
            }
        }
    }
    let (least, most) = process.dose;
    if cells < weight * Decimal::from(least) || cells > weight * Decimal::from(most) {
        against.push(format!("{cells} cells are no dose for {weight} kg"));
    }
    against
}

fn steps_open(process: &Process, before: &[Recorded]) -> Vec<String> {
    let mut over = BTreeSet::new();
    let mut last_passage = None;
    for recorded in before {
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::StepCompleted { step, .. })
            | BatchEvent::Processing(ProcessingEvent::StepNotApplicable { step, .. }) => {
                over.insert(step.to_string());
                last_passage = last_passage.max(step.passage);
            }
            BatchEvent::Processing(ProcessingEvent::EntryRecorded { step, .. }) => {
                last_passage = last_passage.max(step.passage);
            }
            _ => {}
        }
    }
    let mut wanted: Vec<String> = process.steps.iter().map(|&one| one.to_owned()).collect();
    if !process.passage.is_empty() {
        for passage in 0..=last_passage.unwrap_or_default() {
            wanted.extend(
                process
                    .passage
                    .iter()
                    .map(|key| format!("{key}@P{passage}")),
            );
        }
    }
    if let Some(key) = process.passage_sample {
        wanted.push(format!("{key}@P1"));
    }
    wanted
        .into_iter()
        .filter(|step| !over.contains(step))
        .map(|step| format!("{step} is not over"))
        .collect()
}

/// Critical values that nobody confirmed since they were entered.
fn not_confirmed(process: &Process, before: &[Recorded]) -> Vec<String> {
    let mut open: BTreeSet<Key> = BTreeSet::new();
    let critical = |step: &str, field: &str| process.critical.contains(&(step, field));
    for recorded in before {
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryRecorded { step, field, .. })
            | BatchEvent::Processing(ProcessingEvent::EntryCorrected { step, field, .. })
                if critical(&step.key, field) =>
            {
                open.insert(key(step, field));
            }
            BatchEvent::Processing(ProcessingEvent::EntryVerified { step, field }) => {
                open.remove(&key(step, field));
            }
            _ => {}
        }
    }
    open.into_iter()
        .map(|(step, field)| format!("{field} of {step} is not confirmed"))
        .collect()
}

/// Steps that were changed after they were signed.
fn not_signed(process: &Process, before: &[Recorded]) -> Vec<String> {
    let mut void = BTreeSet::new();
    for recorded in before {
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryCorrected { step, .. })
                if process.signed.contains(&&*step.key) =>
            {
                void.insert(step.to_string());
            }
            BatchEvent::Processing(ProcessingEvent::StepCompleted {
                step, signature, ..
            }) if process.signed.contains(&&*step.key) => {
                void.remove(&step.to_string());
                if signature.is_none() {
                    void.insert(step.to_string());
                }
            }
            _ => {}
        }
    }
    void.into_iter()
        .map(|step| format!("{step} is not signed as it is"))
        .collect()
}

fn deviations_open(before: &[Recorded]) -> Vec<String> {
    let mut open = BTreeMap::new();
    for recorded in before {
        match &recorded.event {
            BatchEvent::Deviation(DeviationEvent::DeviationRaised { deviation, .. }) => {
                open.insert(*deviation, (false, false));
            }
            BatchEvent::Deviation(DeviationEvent::DeviationClassified { deviation, .. }) => {
                open.entry(*deviation).and_modify(|one| one.0 = true);
            }
            BatchEvent::Deviation(DeviationEvent::DeviationAssessed { deviation, .. }) => {
                open.entry(*deviation).and_modify(|one| one.1 = true);
            }
            // One that was closed half done stays open here.
            BatchEvent::Deviation(DeviationEvent::DeviationClosed { deviation, .. })
                if open.get(deviation) == Some(&(true, true)) =>
            {
                open.remove(deviation);
            }
            _ => {}
        }
    }
    open.keys()
        .map(|deviation| format!("deviation {deviation} is open"))
        .collect()
}

/// Criteria without a passing, reviewed result in each sample that was taken for them.
fn criteria_not_passed(process: &Process, before: &[Recorded]) -> Vec<String> {
    let mut results: BTreeMap<(String, SampleId), Option<(bool, bool)>> = BTreeMap::new();
    for recorded in before {
        match &recorded.event {
            BatchEvent::Quality(QualityEvent::SampleTaken { sample, tests, .. }) => {
                for test in tests {
                    results.insert((test.criterion.clone(), *sample), None);
                }
            }
            BatchEvent::Quality(QualityEvent::ResultEntered {
                sample,
                criterion,
                value,
                ..
            }) => {
                let passes = process
                    .judged
                    .iter()
                    .any(|(key, passes)| key == criterion && passes(value));
                results.insert((criterion.clone(), *sample), Some((passes, false)));
            }
            BatchEvent::Quality(QualityEvent::ResultCorrected {
                sample,
                criterion,
                new,
                ..
            }) => {
                let passes = process
                    .judged
                    .iter()
                    .any(|(key, passes)| key == criterion && passes(new));
                results.insert((criterion.clone(), *sample), Some((passes, false)));
            }
            BatchEvent::Quality(QualityEvent::ResultReviewed {
                sample, criterion, ..
            }) => {
                if let Some(Some((_, reviewed))) = results.get_mut(&(criterion.clone(), *sample)) {
                    *reviewed = true;
                }
            }
            BatchEvent::Quality(QualityEvent::ResultRejudged {
                sample, criterion, ..
            }) => {
                if let Some(Some((_, reviewed))) = results.get_mut(&(criterion.clone(), *sample)) {
                    *reviewed = false;
                }
            }
            BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample, criterion, ..
            }) => {
                results.insert((criterion.clone(), *sample), None);
            }
            _ => {}
        }
    }
    let mut against = Vec::new();
    for (key, _) in process.judged {
        let mut of = results
            .iter()
            .filter(|((criterion, _), _)| criterion == key);
        let found: Vec<_> = of.by_ref().map(|(_, result)| *result).collect();
        if found.is_empty() || found.iter().any(|result| *result != Some((true, true))) {
            against.push(format!("{key} is no pass: {found:?}"));
        }
    }
    against
}
