//! Reviewed results that are judged otherwise by a figure that was corrected beside them.
//!
//! A review says that an analyst saw this result with this verdict. Correcting the sampling time or the body weight can
//! change the verdict without touching the result: then the review is void, in the same act, and QA sees both verdicts.

use crate::{
    batch::{Batch, BatchEvent, By, Context, QualityEvent, Recorded},
    rights::Role,
};

/// One event for each reviewed result on which the verdict is another once these events have happened.
pub(in crate::batch) fn results(
    batch: &Batch,
    context: &Context,
    role: Role,
    events: &[BatchEvent],
) -> Vec<BatchEvent> {
    let mut moved = events
        .iter()
        .filter_map(|event| event.effect(batch).moved_figure);
    let Some(moved) = moved.next() else {
        return Vec::new();
    };
    let after = after(batch, context, role, events);
    let tests = batch.samples.iter().flat_map(|sample| {
        let of_sample = sample.tests.iter();
        of_sample.map(move |test| (sample, test))
    });
    tests
        .filter_map(|(sample, test)| {
            let result = test.standing().filter(|result| result.reviewed.is_some())?;
            let before = batch.judged(sample, &test.criterion, result)?;
            let now = after.judged(after.sample(sample.id)?, &test.criterion, result)?;
            (before.word() != now.word()).then(|| {
                BatchEvent::Quality(QualityEvent::ResultRejudged {
                    sample: sample.id,
                    criterion: test.criterion.clone(),
                    before: before.word().to_owned(),
                    after: now.word().to_owned(),
                    figure: moved.name.clone(),
                    reason: moved.reason.to_owned(),
                })
            })
        })
        .collect()
}

/// The batch as these events would leave it.
fn after(batch: &Batch, context: &Context, role: Role, events: &[BatchEvent]) -> Batch {
    let mut after = batch.clone();
    for event in events {
        let by = By {
            user: context.user,
            name: context.name.clone(),
            role,
        };
        after.apply(Recorded {
            version: after.version + 1,
            at: context.now,
            clock: context.clock,
            by,
            event: event.clone(),
        });
    }
    after
}
