//! Reviewed results that are judged otherwise by a figure that was corrected beside them.
//!
//! A review says that an analyst saw this result with this verdict. Correcting the sampling time or the body weight can
//! change the verdict without touching the result: then the review is void, in the same act, and QA sees both verdicts.

use crate::{
    batch::{Batch, BatchEvent, By, Context, Recorded},
    rights::Role,
};

/// What the correction is about, and why it was made.
struct Cause<'a> {
    figure: String,
    reason: &'a str,
}

/// One event for each reviewed result on which the verdict is another once these events have happened.
pub(super) fn results(
    batch: &Batch,
    context: &Context,
    role: Role,
    events: &[BatchEvent],
) -> Vec<BatchEvent> {
    let Some(cause) = events.iter().find_map(|event| cause(batch, event)) else {
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
            (before.word() != now.word()).then(|| BatchEvent::ResultRejudged {
                sample: sample.id,
                criterion: test.criterion.clone(),
                before: before.word().to_owned(),
                after: now.word().to_owned(),
                figure: cause.figure.clone(),
                reason: cause.reason.to_owned(),
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

/// What an event corrects that a verdict may rest on. Besides the result itself, whose review ends with its correction,
/// that is the body weight and the day of sampling: all that [`Batch::judged`] reads.
fn cause<'a>(batch: &Batch, event: &'a BatchEvent) -> Option<Cause<'a>> {
    match event {
        BatchEvent::HarvestCorrected { field, reason, .. } => Some(Cause {
            figure: field.label().to_owned(),
            reason,
        }),
        BatchEvent::TimeCorrected { of, reason, .. } => Some(Cause {
            figure: batch.time_label(of),
            reason,
        }),
        BatchEvent::HarvestRegistered(_)
        | BatchEvent::EntryRecorded { .. }
        | BatchEvent::EntryCorrected { .. }
        | BatchEvent::EntryVerified { .. }
        | BatchEvent::EntryNotApplicable { .. }
        | BatchEvent::StepNotApplicable { .. }
        | BatchEvent::StepCompleted { .. }
        | BatchEvent::CultureEnded { .. }
        | BatchEvent::CommentAdded { .. }
        | BatchEvent::SampleTaken { .. }
        | BatchEvent::ResultEntered { .. }
        | BatchEvent::ResultReviewed { .. }
        | BatchEvent::ResultRejudged { .. }
        | BatchEvent::ResultCorrected { .. }
        | BatchEvent::ResultReturned { .. }
        | BatchEvent::ResultConfirmed { .. }
        | BatchEvent::ResultInvalidated { .. }
        | BatchEvent::StopRaised { .. }
        | BatchEvent::IdentifiersRead { .. }
        | BatchEvent::StopLifted { .. }
        | BatchEvent::DeviationRaised { .. }
        | BatchEvent::DeviationClassified { .. }
        | BatchEvent::DeviationAssessed { .. }
        | BatchEvent::DeviationClosed { .. }
        | BatchEvent::ExceptionAssessed { .. }
        | BatchEvent::ReviewSigned { .. }
        | BatchEvent::Certified { .. }
        | BatchEvent::Rejected { .. }
        | BatchEvent::CertificationWithdrawn { .. }
        | BatchEvent::UnitStored { .. }
        | BatchEvent::UnitDestroyed { .. }
        | BatchEvent::DosePrepared { .. }
        | BatchEvent::DoseDispatched { .. }
        | BatchEvent::DoseInfused { .. }
        | BatchEvent::DoseDestroyed { .. } => None,
    }
}
