//! What events of samples, results, deviations and exceptions do to a batch.

use crate::{
    batch::{
        Batch, BatchEvent, Deviation, DueTest, ExceptionKind, Invalidation, Sample, Stamp, Test,
        TestResult,
    },
    ids::{DeviationId, SampleId},
};

impl Batch {
    pub(super) fn apply_quality(&mut self, event: BatchEvent, stamp: Stamp) {
        match event {
            BatchEvent::SampleTaken {
                sample,
                code,
                step,
                point,
                taken_at,
                viable_cells,
                tests,
            } => {
                self.note_late(Some(&step), taken_at, &stamp);
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
            BatchEvent::ResultEntered {
                sample,
                criterion,
                value,
                tested_on,
            } => {
                let result = TestResult {
                    value,
                    tested_on,
                    entered: stamp,
                    reviewed: None,
                    invalidated: None,
                };
                if let Some(test) = self.test_mut(sample, &criterion) {
                    test.results.push(result);
                }
            }
            BatchEvent::ResultReviewed { sample, criterion } => {
                let standing = self
                    .test_mut(sample, &criterion)
                    .and_then(|test| test.results.last_mut());
                if let Some(result) = standing {
                    result.reviewed = Some(stamp);
                }
            }
            BatchEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                evidence,
            } => {
                let kind = ExceptionKind::ResultInvalidated {
                    test: self.test_name(&criterion),
                    reason: reason.label().to_owned(),
                };
                self.except(None, kind, &stamp);
                let standing = self
                    .test_mut(sample, &criterion)
                    .and_then(|test| test.results.last_mut());
                if let Some(result) = standing {
                    result.invalidated = Some(Invalidation {
                        reason,
                        evidence,
                        stamp,
                    });
                }
            }
            BatchEvent::DeviationRaised {
                deviation,
                number,
                step,
                description,
            } => self.deviations.push(Deviation {
                id: deviation,
                number,
                step,
                description,
                raised: stamp,
                class: None,
                assessment: None,
                closed: None,
            }),
            BatchEvent::DeviationClassified { deviation, class } => {
                self.deviation_mut(deviation, |one| one.class = Some((class, stamp)));
            }
            BatchEvent::DeviationAssessed {
                deviation,
                root_cause,
                impact,
            } => {
                self.deviation_mut(deviation, |one| {
                    one.assessment = Some((root_cause, impact, stamp))
                });
            }
            BatchEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            } => {
                self.deviation_mut(deviation, |one| one.closed = Some(signature.clone()));
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::ExceptionAssessed {
                exception,
                assessment,
            } => {
                for one in self
                    .exceptions
                    .iter_mut()
                    .filter(|one| one.stamp.version == exception)
                {
                    one.assessed = Some((assessment.clone(), stamp.clone()));
                }
            }
            other => self.apply_release(other, stamp),
        }
    }

    pub(super) fn test_mut(&mut self, sample: SampleId, criterion: &str) -> Option<&mut Test> {
        let sample = self.samples.iter_mut().find(|one| one.id == sample)?;
        sample
            .tests
            .iter_mut()
            .find(|test| test.criterion == criterion)
    }

    pub(super) fn deviation_mut(&mut self, id: DeviationId, change: impl FnOnce(&mut Deviation)) {
        if let Some(deviation) = self.deviations.iter_mut().find(|one| one.id == id) {
            change(deviation);
        }
    }
}
