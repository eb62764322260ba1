//! The words of samples, results, deviations and exceptions.

use super::{Said, Words, cells, other};
use crate::{
    batch::{BatchEvent, audit::AuditGroup},
    ids::{DeviationId, SampleId},
    release::ResultValue,
};

impl Words<'_> {
    pub(super) fn of_results(&self, event: &BatchEvent) -> Said {
        match event {
            BatchEvent::SampleTaken {
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
            BatchEvent::ResultEntered {
                sample,
                criterion,
                value,
                tested_on,
            } => {
                let before = self.last_result(*sample, criterion);
                let what = if before.is_some() {
                    "Result of the repeat entered"
                } else {
                    "Result entered"
                };
                self.on_test(what, *sample, criterion)
                    .before(before.map(|value| format!("{value} (invalidated)")))
                    .after(format!(
                        "{}, tested on {tested_on}",
                        self.result(criterion, value)
                    ))
            }
            BatchEvent::ResultReviewed { sample, criterion } => {
                let value = self.last_result(*sample, criterion).unwrap_or_default();
                self.on_test("Result reviewed by a second analyst", *sample, criterion)
                    .after(format!("reviewed: {value}"))
            }
            BatchEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                evidence,
            } => self
                .on_test("Result invalidated", *sample, criterion)
                .before(self.last_result(*sample, criterion))
                .after("invalidated")
                .why(format!("{reason}: {evidence}")),
            _ => other(),
        }
    }

    pub(super) fn of_deviations(&self, event: &BatchEvent) -> Said {
        match event {
            BatchEvent::DeviationRaised {
                number,
                step,
                description,
                ..
            } => Said::of(AuditGroup::Deviations, "Deviation raised")
                .at(step.clone())
                .field(number.as_str())
                .after(description.as_str()),
            BatchEvent::DeviationClassified { deviation, class } => {
                let before = self
                    .batch
                    .deviation(*deviation)
                    .and_then(|one| one.class.as_ref())
                    .map(|(class, _)| class.to_string());
                self.on_deviation("Deviation classified", *deviation)
                    .before(before)
                    .after(class.label())
            }
            BatchEvent::DeviationAssessed {
                deviation,
                root_cause,
                impact,
            } => {
                let assessed =
                    |cause: &str, impact: &str| format!("root cause: {cause}; impact: {impact}");
                let before = self
                    .batch
                    .deviation(*deviation)
                    .and_then(|one| one.assessment.as_ref())
                    .map(|(cause, impact, _)| assessed(cause, impact));
                self.on_deviation("Cause and impact of a deviation stated", *deviation)
                    .before(before)
                    .after(assessed(root_cause, impact))
            }
            BatchEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            } => self
                .on_deviation("Deviation closed and signed", *deviation)
                .before("open".to_owned())
                .after(format!("closed; {}", self.signature(signature, signed))),
            BatchEvent::ExceptionAssessed {
                exception,
                assessment,
            } => {
                let known = self
                    .batch
                    .exceptions
                    .iter()
                    .find(|one| one.stamp.version == *exception);
                let field = match known {
                    Some(one) => format!("Exception {exception}: {}", one.kind),
                    None => format!("Exception {exception}"),
                };
                Said::of(AuditGroup::Deviations, "Exception assessed")
                    .at(known.and_then(|one| one.step.clone()))
                    .field(field)
                    .after(assessment.as_str())
            }
            _ => other(),
        }
    }

    fn result(&self, criterion: &str, value: &ResultValue) -> String {
        match self.batch.documents.specification.criterion(criterion) {
            Some(criterion) => criterion.unit().after(value),
            None => value.to_string(),
        }
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

    fn on_deviation(&self, what: &str, deviation: DeviationId) -> Said {
        let said = Said::of(AuditGroup::Deviations, what);
        match self.batch.deviation(deviation) {
            Some(one) => said.at(one.step.clone()).field(one.number.as_str()),
            None => said.field(deviation.to_string()),
        }
    }
}
