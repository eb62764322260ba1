//! What events of samples and results do to a batch.

use crate::{
    batch::{
        Batch, DueTest, ExceptionKind, Invalidation, QualityEvent, ResultCorrection, ResultReturn,
        Sample, Stamp, Test, TestResult,
    },
    ids::SampleId,
    release::ResultValue,
};
use chrono::NaiveDate;

impl TestResult {
    fn answer(&mut self, answer: String, stamp: Stamp) {
        if let Some(last) = self.returns.last_mut().filter(|one| one.answered.is_none()) {
            last.answered = Some((answer, stamp));
        }
    }
}

impl Batch {
    pub(in crate::batch) fn apply_quality(&mut self, event: QualityEvent, stamp: Stamp) {
        match event {
            QualityEvent::SampleTaken {
                sample,
                code,
                step,
                point,
                taken_at,
                viable_cells,
                tests,
            } => {
                self.note_late(Some(&step), taken_at, &stamp);
                self.note_on_hold(&step, &stamp);
                self.steps.entry(step.clone()).or_default().made = true;
                let open = |test: DueTest| Test {
                    criterion: test.criterion,
                    due: test.due,
                    results: Vec::new(),
                };
                let tests = tests.into_iter().map(open).collect();
                self.samples.push(Sample {
                    id: sample,
                    code,
                    step,
                    point,
                    taken_at,
                    viable_cells,
                    stamp,
                    tests,
                });
            }
            QualityEvent::ResultEntered {
                sample,
                criterion,
                value,
                tested_on,
            } => {
                self.note_retyped(sample, &criterion, &value, tested_on, &stamp);
                let result = TestResult {
                    value,
                    tested_on,
                    entered: stamp,
                    corrections: Vec::new(),
                    returns: Vec::new(),
                    reviewed: None,
                    invalidated: None,
                };
                if let Some(test) = self.test_mut(sample, &criterion) {
                    test.results.push(result);
                }
            }
            QualityEvent::ResultReviewed { sample, criterion } => {
                if let Some(result) = self.last_result_mut(sample, &criterion) {
                    result.reviewed = Some(stamp);
                }
            }
            QualityEvent::ResultRejudged {
                sample,
                criterion,
                before,
                after,
                figure,
                reason,
            } => {
                let value = self.last_result_mut(sample, &criterion).map(|result| {
                    result.reviewed = None;
                    result.value.clone()
                });
                let result = value.map(|value| self.result_shown(&criterion, &value));
                let kind = ExceptionKind::Rejudged {
                    test: self.test_name(&criterion),
                    result: result.unwrap_or_default(),
                    before,
                    after,
                    figure,
                    reason,
                };
                self.except(None, kind, &stamp);
            }
            QualityEvent::ResultCorrected {
                sample,
                criterion,
                old,
                old_tested_on,
                new,
                tested_on,
                reason,
                raw_data,
                verdict,
            } => {
                if let Some(change) = &verdict {
                    let values = [&old, &new].map(|value| self.result_shown(&criterion, value));
                    let [old, new] = values;
                    let kind = ExceptionKind::VerdictChanged {
                        test: self.test_name(&criterion),
                        old,
                        new,
                        before: change.before.clone(),
                        after: change.after.clone(),
                        reason: reason.clone(),
                    };
                    self.except(None, kind, &stamp);
                }
                let correction = ResultCorrection {
                    old,
                    old_tested_on,
                    new: new.clone(),
                    tested_on,
                    reason,
                    raw_data,
                    verdict,
                    stamp: stamp.clone(),
                };
                if let Some(result) = self.last_result_mut(sample, &criterion) {
                    result.value = new;
                    result.tested_on = tested_on;
                    result.reviewed = None;
                    result.answer("corrected".to_owned(), stamp);
                    result.corrections.push(correction);
                }
            }
            QualityEvent::ResultReturned {
                sample,
                criterion,
                reason,
            } => {
                if let Some(result) = self.last_result_mut(sample, &criterion) {
                    result.returns.push(ResultReturn {
                        reason,
                        stamp,
                        answered: None,
                    });
                }
            }
            QualityEvent::ResultConfirmed {
                sample,
                criterion,
                answer,
            } => {
                if let Some(result) = self.last_result_mut(sample, &criterion) {
                    result.answer(answer, stamp);
                }
            }
            QualityEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                evidence,
                raw_data,
            } => {
                let kind = ExceptionKind::ResultInvalidated {
                    test: self.test_name(&criterion),
                    reason: reason.label().to_owned(),
                };
                self.except(None, kind, &stamp);
                if let Some(result) = self.last_result_mut(sample, &criterion) {
                    result.invalidated = Some(Invalidation {
                        reason,
                        evidence,
                        raw_data,
                        stamp,
                    });
                }
            }
        }
    }

    fn last_result_mut(&mut self, sample: SampleId, criterion: &str) -> Option<&mut TestResult> {
        self.test_mut(sample, criterion)?.results.last_mut()
    }

    /// A result that was typed again after a transcription error and is judged otherwise than the one before.
    fn note_retyped(
        &mut self,
        sample: SampleId,
        criterion: &str,
        value: &ResultValue,
        tested_on: NaiveDate,
        stamp: &Stamp,
    ) {
        let test = self
            .sample(sample)
            .and_then(|of| of.tests.iter().find(|test| test.criterion == criterion));
        let Some(before) = test.and_then(|test| test.results.last()) else {
            return;
        };
        let Some(invalidation) = before
            .invalidated
            .as_ref()
            .filter(|one| !one.reason.repeats_test())
        else {
            return;
        };
        let outcomes = [
            self.outcome_of(sample, criterion, &before.value, before.tested_on),
            self.outcome_of(sample, criterion, value, tested_on),
        ];
        let [Some(was), Some(is)] = outcomes.each_ref().map(Option::as_ref) else {
            return;
        };
        if was.word() == is.word() {
            return;
        }
        let kind = ExceptionKind::VerdictChanged {
            test: self.test_name(criterion),
            old: self.result_shown(criterion, &before.value),
            new: self.result_shown(criterion, value),
            before: was.word().to_owned(),
            after: is.word().to_owned(),
            reason: format!("{}: {}", invalidation.reason, invalidation.evidence),
        };
        self.except(None, kind, stamp);
    }

    pub(in crate::batch) fn test_mut(
        &mut self,
        sample: SampleId,
        criterion: &str,
    ) -> Option<&mut Test> {
        let sample = self.samples.iter_mut().find(|one| one.id == sample)?;
        sample
            .tests
            .iter_mut()
            .find(|test| test.criterion == criterion)
    }
}
