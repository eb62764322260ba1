//! The words of samples and results.

use super::{Said, Words, cells};
use crate::{
    batch::audit::AuditGroup,
    batch::{InvalidationReason, QualityEvent, VerdictChange},
    ids::SampleId,
    release::ResultValue,
};
use chrono::NaiveDate;

impl Words<'_> {
    pub(super) fn of_quality(&self, event: &QualityEvent) -> Said {
        match event {
            QualityEvent::SampleTaken {
                code,
                step,
                point,
                taken_at,
                viable_cells,
                tests,
                ..
            } => {
                let tests: Vec<_> = tests
                    .iter()
                    .map(|test| self.batch.test_name(&test.criterion))
                    .collect();
                let tests = if tests.is_empty() {
                    "none".to_owned()
                } else {
                    tests.join(", ")
                };
                Said::of(AuditGroup::Results, "Sample taken")
                    .at(step.clone())
                    .field(code.as_str())
                    .after(format!(
                        "sample point {point}; {}; tests: {tests}",
                        cells(*viable_cells)
                    ))
                    .performed(*taken_at)
            }
            QualityEvent::ResultEntered {
                sample,
                criterion,
                value,
                tested_on,
            } => {
                let before = self.last_result(*sample, criterion);
                let what = match self.last_invalidation(*sample, criterion) {
                    Some(reason) if reason.repeats_test() => "Result of the repeat entered",
                    Some(_) => "Result entered again from the raw data",
                    None => "Result entered",
                };
                self.on_test(what, *sample, criterion)
                    .before(before.map(|value| format!("{value} (invalidated)")))
                    .after(format!(
                        "{}, tested on {tested_on}",
                        self.result(criterion, value)
                    ))
            }
            QualityEvent::ResultReviewed { sample, criterion } => {
                let value = self.last_result(*sample, criterion).unwrap_or_default();
                self.on_test("Result reviewed by a second analyst", *sample, criterion)
                    .after(format!("reviewed: {value}"))
            }
            QualityEvent::ResultRejudged {
                sample,
                criterion,
                before,
                after,
                figure,
                reason,
            } => {
                let value = self.last_result(*sample, criterion).unwrap_or_default();
                self.on_test("Reviewed result judged otherwise", *sample, criterion)
                    .before(Some(format!("{value}, verdict {before}, reviewed")))
                    .after(format!("{value}, verdict {after}; the review is void"))
                    .why(format!("{figure}: {reason}"))
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
                let shown = |value: &ResultValue, on: &NaiveDate| {
                    format!("{}, tested on {on}", self.result(criterion, value))
                };
                let change = verdict.as_ref().map(|change| {
                    let VerdictChange {
                        before,
                        after,
                        second,
                    } = change;
                    format!(
                        "; verdict {before}, now {after}; confirmed by {} ({}), {}",
                        second.name, second.user_name, second.role
                    )
                });
                self.on_test("Result corrected", *sample, criterion)
                    .before(Some(shown(old, old_tested_on)))
                    .after(shown(new, tested_on) + &change.unwrap_or_default())
                    .why(with_raw_data(reason, raw_data.as_deref()))
            }
            QualityEvent::ResultReturned {
                sample,
                criterion,
                reason,
            } => self
                .on_test("Result returned to the analyst", *sample, criterion)
                .before(self.last_result(*sample, criterion))
                .after("returned: to be corrected or confirmed")
                .why(reason.as_str()),
            QualityEvent::ResultConfirmed {
                sample,
                criterion,
                answer,
            } => {
                let value = self.last_result(*sample, criterion).unwrap_or_default();
                self.on_test("Returned result confirmed", *sample, criterion)
                    .after(format!("confirmed: {value}"))
                    .why(answer.as_str())
            }
            QualityEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                evidence,
                raw_data,
            } => self
                .on_test("Result invalidated", *sample, criterion)
                .before(self.last_result(*sample, criterion))
                .after("invalidated")
                .why(with_raw_data(
                    &format!("{reason}: {evidence}"),
                    raw_data.as_deref(),
                )),
        }
    }

    fn result(&self, criterion: &str, value: &ResultValue) -> String {
        self.batch.result_shown(criterion, value)
    }

    fn last_result(&self, sample: SampleId, criterion: &str) -> Option<String> {
        let sample = self.batch.sample(sample)?;
        let test = sample
            .tests
            .iter()
            .find(|test| test.criterion == criterion)?;
        test.results
            .last()
            .map(|result| self.result(criterion, &result.value))
    }

    fn last_invalidation(&self, sample: SampleId, criterion: &str) -> Option<InvalidationReason> {
        let sample = self.batch.sample(sample)?;
        let mut tests = sample.tests.iter();
        let test = tests.find(|test| test.criterion == criterion)?;
        let invalidated = test.results.last()?.invalidated.as_ref();
        invalidated.map(|one| one.reason)
    }

    fn on_test(&self, what: &str, sample: SampleId, criterion: &str) -> Said {
        let test = self.batch.test_name(criterion);
        let said = Said::of(AuditGroup::Results, what);
        match self.batch.sample(sample) {
            Some(sample) => said
                .at(sample.step.clone())
                .field(format!("{test}, sample {}", sample.code)),
            None => said.field(test),
        }
    }
}

fn with_raw_data(why: &str, raw_data: Option<&str>) -> String {
    match raw_data {
        Some(raw_data) => format!("{why}; raw data: {raw_data}"),
        None => why.to_owned(),
    }
}
