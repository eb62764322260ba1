//! Who may change a result, and what it needs where the verdict changes with it.

use super::Process;
use domain::{
    batch::{BatchEvent, InvalidationReason, QualityEvent, Recorded},
    ids::{SampleId, UserId},
    rights::Role,
};
use std::collections::BTreeMap;

/// How far a result is.
#[derive(Clone, Copy)]
struct Result {
    by: UserId,
    reviewed: bool,
    returned: bool,
}

/// Every change of a result that nobody else saw, or that came too late.
pub fn results_changed_unseen(process: &Process, events: &[Recorded]) -> Vec<String> {
    let mut results: BTreeMap<(SampleId, String), Result> = BTreeMap::new();
    let mut wrong = Vec::new();
    for recorded in events {
        let who = recorded.by.user;
        let against = match &recorded.event {
            BatchEvent::Quality(QualityEvent::ResultEntered {
                sample, criterion, ..
            }) => {
                let result = Result {
                    by: who,
                    reviewed: false,
                    returned: false,
                };
                results.insert((*sample, criterion.clone()), result);
                None
            }
            BatchEvent::Quality(QualityEvent::ResultReviewed { sample, criterion }) => {
                let result = results.get_mut(&(*sample, criterion.clone())).unwrap();
                let returned = result.returned;
                result.reviewed = true;
                returned.then_some("reviewed while it was returned")
            }
            BatchEvent::Quality(QualityEvent::ResultRejudged {
                sample, criterion, ..
            }) => {
                let result = results.get_mut(&(*sample, criterion.clone())).unwrap();
                result.reviewed = false;
                None
            }
            BatchEvent::Quality(QualityEvent::ResultReturned {
                sample, criterion, ..
            }) => {
                let result = results.get_mut(&(*sample, criterion.clone())).unwrap();
                let wrong = result.reviewed || result.by == who;
                result.returned = true;
                wrong.then_some("returned after its review, or by its own analyst")
            }
            BatchEvent::Quality(QualityEvent::ResultConfirmed {
                sample, criterion, ..
            }) => {
                let result = results.get_mut(&(*sample, criterion.clone())).unwrap();
                let wrong = !result.returned || result.reviewed || result.by != who;
                result.returned = false;
                wrong.then_some("confirmed by another, or without having been returned")
            }
            BatchEvent::Quality(QualityEvent::ResultCorrected {
                sample,
                criterion,
                old,
                new,
                raw_data,
                verdict,
                ..
            }) => {
                let result = results.get_mut(&(*sample, criterion.clone())).unwrap();
                result.returned = false;
                let judged = process.judged.iter().find(|(key, _)| key == criterion);
                let flips = judged.is_some_and(|(_, passes)| passes(old) != passes(new));
                let seen_by_two = raw_data.is_some()
                    && (verdict.as_ref()).is_some_and(|change| {
                        change.second.user != who && change.second.role == Role::QcAnalyst
                    });
                if result.reviewed || result.by != who {
                    Some("corrected by another, or after its review")
                } else if flips && !seen_by_two {
                    Some("turned its verdict without raw data and a second analyst")
                } else {
                    None
                }
            }
            BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                raw_data,
                ..
            }) => {
                let result = results[&(*sample, criterion.clone())];
                let typing = *reason == InvalidationReason::TranscriptionError;
                let seen = raw_data.is_some() && (result.reviewed || result.returned);
                (typing && !seen).then_some("called a typing error without raw data, or unreviewed")
            }
            _ => None,
        };
        if let Some(why) = against {
            wrong.push(format!("entry {}: {why}: {recorded:?}", recorded.version));
        }
    }
    wrong
}
