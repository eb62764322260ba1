//! What becomes of a result: corrected and confirmed by the analyst who entered it, reviewed, returned and invalidated
//! by another.

use crate::{
    batch::{
        Batch, BatchEvent, Context, InvalidationReason, ProcessingRefusal, QualityEvent,
        QualityRefusal, Refusal, Sample, Second, SecondAnalyst, Test, TestResult, VerdictChange,
        decide::{Checks, open, words},
        quality::sample::{day_of_test, fits, test_of},
    },
    ids::SampleId,
    release::{Outcome, ResultValue},
    rights::{Action, role_for},
};
use chrono::NaiveDate;

/// Sample, criterion, and which value of the test the person had before them.
type Seen = (SampleId, String, usize);

/// The result that a command is about.
struct Found<'a> {
    of: &'a Sample,
    result: &'a TestResult,
    test: String,
}

impl Found<'_> {
    fn code(&self) -> String {
        self.of.code.clone()
    }
}

pub(in crate::batch) fn review(
    batch: &Batch,
    context: &Context,
    seen: Seen,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let found = found(batch, &seen)?;
    not_reviewed(&found)?;
    not_own(context, found.result)?;
    if let Some(returned) = found.result.returned() {
        return Err(Refusal::Quality(QualityRefusal::ResultReturned {
            sample: found.code(),
            name: found.result.entered.by.name.clone(),
            reason: returned.reason.clone(),
            test: found.test,
        }));
    }
    let (sample, criterion, _) = seen;
    Ok(BatchEvent::Quality(QualityEvent::ResultReviewed {
        sample,
        criterion,
    }))
}

pub(in crate::batch) fn give_back(
    batch: &Batch,
    context: &Context,
    seen: Seen,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let found = found(batch, &seen)?;
    not_reviewed(&found)?;
    not_own(context, found.result)?;
    if let Some(returned) = found.result.returned() {
        return Err(Refusal::Quality(QualityRefusal::AlreadyReturned {
            sample: found.code(),
            name: returned.stamp.by.name.clone(),
            test: found.test,
        }));
    }
    let reason = words("reason", "Reason", reason)?;
    let (sample, criterion, _) = seen;
    Ok(BatchEvent::Quality(QualityEvent::ResultReturned {
        sample,
        criterion,
        reason,
    }))
}

pub(in crate::batch) fn confirm(
    batch: &Batch,
    context: &Context,
    seen: Seen,
    answer: &str,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let found = found(batch, &seen)?;
    not_reviewed(&found)?;
    own(context, &found)?;
    if found.result.returned().is_none() {
        return Err(Refusal::Quality(QualityRefusal::NotReturned {
            sample: found.code(),
            test: found.test,
        }));
    }
    let answer = words("answer", "What the raw data say", answer)?;
    let (sample, criterion, _) = seen;
    Ok(BatchEvent::Quality(QualityEvent::ResultConfirmed {
        sample,
        criterion,
        answer,
    }))
}

/// A typing error is put right by the analyst who made it, before anybody relies on the result. Where that changes the
/// verdict, the raw data are named and a second analyst has compared them.
pub(in crate::batch) fn correct(
    batch: &Batch,
    context: &Context,
    seen: Seen,
    (value, tested_on): (ResultValue, NaiveDate),
    reason: &str,
    raw_data: &str,
    second: Option<&Second>,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let found = found(batch, &seen)?;
    not_reviewed(&found)?;
    own(context, &found)?;
    let (sample, criterion, _) = seen;
    let mut checks = Checks::default();
    let criterion_of = batch.documents.specification.criterion(&criterion);
    let readable = criterion_of.is_some_and(|of| fits(of, &value));
    if !readable {
        checks.refuse(Refusal::Processing(ProcessingRefusal::WrongKind {
            field: "value".to_owned(),
            label: found.test.clone(),
        }));
    }
    checks.take(day_of_test(found.of, context, tested_on));
    let (old, old_tested_on) = (found.result.value.clone(), found.result.tested_on);
    if old == value && old_tested_on == tested_on {
        checks.refuse(Refusal::Quality(QualityRefusal::ResultUnchanged {
            value: batch.result_shown(&criterion, &old),
        }));
    }
    let reason = checks.take(words("reason", "Reason", reason));
    // What no such test gives has no verdict that the old one could change to.
    let changed = changed_verdict(batch, found.result, (sample, &criterion), &value, tested_on)
        .filter(|_| readable);
    let raw_data = checks.take(reference(raw_data, changed.as_ref()));
    let verdict = match changed {
        Some((before, after)) => {
            let second = second_analyst(context, second, (&before, &after));
            checks.take(second).map(|second| {
                Some(VerdictChange {
                    before: before.word().to_owned(),
                    after: after.word().to_owned(),
                    second,
                })
            })
        }
        None => Some(None),
    };
    let (Some(reason), Some(raw_data), Some(verdict), true) =
        (reason, raw_data, verdict, checks.passed())
    else {
        return Err(checks.refused());
    };
    Ok(BatchEvent::Quality(QualityEvent::ResultCorrected {
        sample,
        criterion,
        old,
        old_tested_on,
        new: value,
        tested_on,
        reason,
        raw_data,
        verdict,
    }))
}

/// What the verdict on the result is and what it becomes, where these differ.
fn changed_verdict(
    batch: &Batch,
    result: &TestResult,
    (sample, criterion): (SampleId, &str),
    value: &ResultValue,
    tested_on: NaiveDate,
) -> Option<(Outcome, Outcome)> {
    let before = batch.outcome_of(sample, criterion, &result.value, result.tested_on)?;
    let after = batch.outcome_of(sample, criterion, value, tested_on)?;
    (before.word() != after.word()).then_some((before, after))
}

/// Where the raw data are: asked for where the verdict changes, kept where it is given.
fn reference(
    raw_data: &str,
    changed: Option<&(Outcome, Outcome)>,
) -> Result<Option<String>, Refusal> {
    match (raw_data.trim().is_empty(), changed) {
        (true, None) => Ok(None),
        (true, Some((before, after))) => Err(Refusal::Quality(QualityRefusal::NoRawData {
            before: before.word(),
            after: after.word(),
        })),
        (false, _) => words("raw_data", "Raw data", raw_data).map(Some),
    }
}

/// The second analyst, if that is another person who may review results.
fn second_analyst(
    context: &Context,
    second: Option<&Second>,
    (before, after): (&Outcome, &Outcome),
) -> Result<SecondAnalyst, Refusal> {
    let second = second.ok_or(Refusal::Quality(QualityRefusal::NoSecondAnalyst {
        before: before.word(),
        after: after.word(),
    }))?;
    if second.user == context.user {
        return Err(Refusal::Quality(QualityRefusal::OwnCorrection {
            name: context.name.clone(),
        }));
    }
    let role = role_for(&second.roles, Action::ReviewResult);
    let role = role.ok_or_else(|| {
        Refusal::Quality(QualityRefusal::NoAnalyst {
            name: second.name.clone(),
        })
    })?;
    Ok(SecondAnalyst {
        user: second.user,
        user_name: second.user_name.clone(),
        name: second.name.clone(),
        role,
    })
}

pub(in crate::batch) fn invalidate(
    batch: &Batch,
    context: &Context,
    seen: Seen,
    reason: InvalidationReason,
    evidence: &str,
    raw_data: &str,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let found = found(batch, &seen)?;
    not_own(context, found.result)?;
    let (sample, criterion, _) = seen;
    if reason.repeats_test() {
        repeated_never(batch, &found, (sample, &criterion))?;
    } else if found.result.reviewed.is_none() && found.result.returned().is_none() {
        return Err(Refusal::Quality(QualityRefusal::TypingErrorBeforeReview {
            sample: found.code(),
            name: found.result.entered.by.name.clone(),
            test: found.test,
        }));
    }
    let mut checks = Checks::default();
    let evidence = checks.take(words("evidence", "Evidence", evidence));
    let raw_data = if raw_data.trim().is_empty() && reason.repeats_test() {
        Some(None)
    } else {
        checks
            .take(words("raw_data", "Raw data", raw_data))
            .map(Some)
    };
    let (Some(evidence), Some(raw_data)) = (evidence, raw_data) else {
        return Err(checks.refused());
    };
    Ok(BatchEvent::Quality(QualityEvent::ResultInvalidated {
        sample,
        criterion,
        reason,
        evidence,
        raw_data,
    }))
}

/// A test is repeated once at most. A result that was typed again from the raw data is no repeat.
fn repeated_never(
    batch: &Batch,
    found: &Found<'_>,
    (sample, criterion): (SampleId, &str),
) -> Result<(), Refusal> {
    let (_, test) = test_of(batch, sample, criterion)?;
    let repeated = (test.results.iter())
        .filter_map(|result| result.invalidated.as_ref())
        .any(|invalidation| invalidation.reason.repeats_test());
    if repeated {
        return Err(Refusal::Quality(QualityRefusal::RepeatedOnce {
            test: found.test.clone(),
            sample: found.code(),
        }));
    }
    Ok(())
}

/// The result that stands, if it is the one that the person had before them: on a page that is out of date it may have
/// been corrected, or invalidated and repeated, meanwhile.
fn found<'a>(batch: &'a Batch, (sample, criterion, seen): &Seen) -> Result<Found<'a>, Refusal> {
    let (of, test) = test_of(batch, *sample, criterion)?;
    let name = batch.test_name(criterion);
    let standing: Option<&'a TestResult> = Test::standing(test);
    let result = standing.ok_or_else(|| {
        Refusal::Quality(QualityRefusal::NoResult {
            test: name.clone(),
            sample: of.code.clone(),
        })
    })?;
    if *seen != test.values() {
        return Err(Refusal::Quality(QualityRefusal::ResultReplaced {
            test: name,
            sample: of.code.clone(),
            value: result.value.to_string(),
        }));
    }
    Ok(Found {
        of,
        result,
        test: name,
    })
}

fn not_reviewed(found: &Found<'_>) -> Result<(), Refusal> {
    match &found.result.reviewed {
        Some(stamp) => Err(Refusal::Quality(QualityRefusal::AlreadyReviewed {
            test: found.test.clone(),
            sample: found.code(),
            name: stamp.by.name.clone(),
        })),
        None => Ok(()),
    }
}

/// Only the analyst who entered a result corrects it or confirms it.
fn own(context: &Context, found: &Found<'_>) -> Result<(), Refusal> {
    if found.result.entered.by.user == context.user {
        return Ok(());
    }
    Err(Refusal::Quality(QualityRefusal::AnothersResult {
        test: found.test.clone(),
        sample: found.code(),
        name: found.result.entered.by.name.clone(),
    }))
}

fn not_own(context: &Context, result: &TestResult) -> Result<(), Refusal> {
    if result.entered.by.user == context.user {
        return Err(Refusal::Quality(QualityRefusal::OwnResult {
            name: context.name.clone(),
        }));
    }
    Ok(())
}
