//! Nobody verifies, reviews, assesses, closes or certifies their own work.

use super::{is_of_the_record, key};
use domain::{
    batch::{
        BatchEvent, DeviationEvent, ExceptionEvent, ProcessingEvent, QualityEvent, Recorded,
        ReleaseEvent,
    },
    ids::UserId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every event in which somebody looked at their own work.
pub fn own_work(events: &[Recorded]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut contributors = BTreeSet::new();
    let mut authors: BTreeMap<_, BTreeSet<UserId>> = BTreeMap::new();
    let mut analysts = BTreeMap::new();
    let mut raised = BTreeMap::new();
    let mut reviewer = None;
    for recorded in events {
        let who = recorded.by.user;
        let own = match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryRecorded { step, field, .. }) => {
                authors.entry(key(step, field)).or_default().insert(who);
                false
            }
            BatchEvent::Processing(ProcessingEvent::EntryCorrected { step, field, .. }) => {
                authors.entry(key(step, field)).or_default().insert(who);
                false
            }
            BatchEvent::Processing(ProcessingEvent::EntryVerified { step, field }) => {
                authors[&key(step, field)].contains(&who)
            }
            BatchEvent::Quality(QualityEvent::ResultEntered {
                sample, criterion, ..
            }) => {
                analysts.insert((*sample, criterion.clone()), who);
                false
            }
            BatchEvent::Quality(QualityEvent::ResultReviewed {
                sample, criterion, ..
            })
            | BatchEvent::Quality(QualityEvent::ResultReturned {
                sample, criterion, ..
            })
            | BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample, criterion, ..
            }) => analysts[&(*sample, criterion.clone())] == who,
            BatchEvent::Deviation(DeviationEvent::DeviationRaised { deviation, .. }) => {
                raised.insert(*deviation, who);
                false
            }
            BatchEvent::Deviation(DeviationEvent::DeviationClosed { deviation, .. }) => {
                raised[deviation] == who
            }
            BatchEvent::Exception(ExceptionEvent::ExceptionAssessed { exception, .. }) => {
                let of = events.iter().find(|one| one.version == *exception);
                of.is_none_or(|of| of.by.user == who || second(&of.event) == Some(who))
            }
            BatchEvent::Release(ReleaseEvent::ReviewSigned { .. }) => {
                reviewer = Some(who);
                contributors.contains(&who)
            }
            BatchEvent::Release(ReleaseEvent::Certified { .. }) => {
                contributors.contains(&who) || reviewer == Some(who)
            }
            _ => false,
        };
        if own {
            wrong.push(format!(
                "{} looked at their own work: {recorded:?}",
                recorded.by.name
            ));
        }
        if is_of_the_record(&recorded.event) {
            contributors.insert(who);
            contributors.extend(second(&recorded.event));
        }
    }
    wrong
}

/// The second analyst of a correction.
fn second(event: &BatchEvent) -> Option<UserId> {
    match event {
        BatchEvent::Quality(QualityEvent::ResultCorrected {
            verdict: Some(change),
            ..
        }) => Some(change.second.user),
        _ => None,
    }
}
