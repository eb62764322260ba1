//! The criteria of a certificate with the results that stand.

use super::{CriterionOnPaper, GroupOnPaper, ResultOnPaper};
use crate::{
    batch::{Batch, Sample, Test},
    release::{CriterionVerdict, GroupVerdict, Verdict, judge},
    specification::Criterion,
};

pub(super) fn criteria(batch: &Batch, verdict: &Verdict) -> Vec<CriterionOnPaper> {
    let specification = &batch.documents.specification;
    let both = verdict
        .criteria
        .iter()
        .filter_map(|one| Some((one, specification.criterion(&one.key)?)));
    both.map(|(one, criterion)| line(batch, one, criterion))
        .collect()
}

pub(super) fn groups(batch: &Batch, verdict: &Verdict) -> Vec<GroupOnPaper> {
    let line = |group: &GroupVerdict| GroupOnPaper {
        rule: group.rule,
        tests: group
            .criteria
            .iter()
            .map(|key| batch.test_name(key))
            .collect(),
        outcome: group.outcome.clone(),
    };
    verdict.groups.iter().map(line).collect()
}

fn line(batch: &Batch, verdict: &CriterionVerdict, criterion: &Criterion) -> CriterionOnPaper {
    let tests = batch
        .samples
        .iter()
        .flat_map(|sample| sample.tests.iter().map(move |test| (sample, test)));
    let own = tests.filter(|(_, test)| test.criterion == criterion.key);
    let (decided, others): (Vec<_>, Vec<_>) =
        own.partition(|(sample, _)| Some(sample.id) == verdict.sample);
    let ordered = decided.into_iter().chain(others);
    CriterionOnPaper {
        test: verdict.test.clone(),
        method: verdict.method.clone(),
        sample_point: verdict.sample_point.clone(),
        stage: verdict.stage,
        limit: verdict.limit_text.clone(),
        source: verdict.source.clone(),
        results: ordered
            .filter_map(|(sample, test)| result(batch, criterion, sample, test))
            .collect(),
        informative: criterion.informative,
        verdict: verdict.outcome.word().to_owned(),
    }
}

/// The result of one test, if one stands and a second analyst reviewed it.
fn result(
    batch: &Batch,
    criterion: &Criterion,
    sample: &Sample,
    test: &Test,
) -> Option<ResultOnPaper> {
    let standing = test.standing().filter(|result| result.reviewed.is_some())?;
    let judgement = judge(
        criterion,
        Some(&standing.value),
        Some(batch.harvest.weight_kg),
    );
    let repeats = (test.results.iter())
        .filter_map(|result| result.invalidated.as_ref())
        .filter(|why| why.reason.repeats_test());
    let before = test.replaced().into_iter();
    Some(ResultOnPaper {
        sample: sample.code.clone(),
        result: judgement.shown?,
        tested_on: standing.tested_on,
        corrected_from: before.map(|value| criterion.unit().after(value)).collect(),
        repeated_after: repeats.map(|why| why.reason.to_string()).collect(),
    })
}
