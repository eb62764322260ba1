//! One test of one sample.

use chrono::NaiveDate;
use domain::batch::{Batch, Sample, Test, TestResult};
use domain::release::{Judgement, ResultValue, judge_read};
use domain::specification::Criterion;
use domain::time::days_after;
use leptos::prelude::*;

use crate::form::slug;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;

/// One test of one sample, with the criterion that judges it.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub sample: &'a Sample,
    pub test: &'a Test,
    pub criterion: Option<&'a Criterion>,
}

/// Every test of every sample, in the order of the record.
pub(super) fn rows(batch: &Batch) -> Vec<Row<'_>> {
    batch
        .samples
        .iter()
        .flat_map(|sample| rows_of(batch, sample))
        .collect()
}

/// Every test of one sample.
pub(super) fn rows_of<'a>(batch: &'a Batch, sample: &'a Sample) -> Vec<Row<'a>> {
    let row = |test: &'a Test| Row {
        sample,
        test,
        criterion: batch.documents.specification.criterion(&test.criterion),
    };
    sample.tests.iter().map(row).collect()
}

/// The id of a test's row on the page.
pub fn row_id(sample: impl ToString, criterion: &str) -> String {
    format!("test-{}-{}", slug(&sample.to_string()), slug(criterion))
}

impl<'a> Row<'a> {
    /// The test, as the specification names it.
    pub fn name(&self) -> &'a str {
        self.criterion
            .map_or(self.test.criterion.as_str(), |criterion| &criterion.test)
    }

    pub fn id(&self) -> String {
        row_id(self.sample.id, &self.test.criterion)
    }

    /// The page with this test chosen.
    pub fn chosen(&self, batch: &Batch) -> String {
        format!(
            "/batches/{}/quality?sample={}&test={}#chosen",
            batch.id, self.sample.id, self.test.criterion
        )
    }

    /// The name of a form about this test.
    pub fn form(&self, what: &str) -> String {
        format!("{what}:{}:{}", self.sample.code, self.test.criterion)
    }

    /// Whether it waits for its result, for the review of it, or for the next reading of what was read too early.
    pub fn is_awaited(&self, batch: &Batch) -> bool {
        let reviewed = |result: &TestResult| result.reviewed.is_some();
        !self.test.standing().is_some_and(reviewed) || self.too_early(batch).is_some()
    }

    /// Where the result that stands would pass and was read too early: the first day on which a pass counts.
    pub fn too_early(&self, batch: &Batch) -> Option<NaiveDate> {
        batch.too_early(self.sample, self.test)
    }

    /// Whether a result can be entered: there is none that counts, or it was read too early.
    pub fn takes_result(&self, batch: &Batch) -> bool {
        self.test.standing().is_none() || self.too_early(batch).is_some()
    }

    /// The first day on which a pass counts, where the method has a minimum time.
    pub fn counts_from(&self, batch: &Batch) -> Option<NaiveDate> {
        let days = self.criterion?.minimum_days;
        let sampled_on = batch.zone().day(self.sample.taken_at);
        (days > 0).then(|| days_after(sampled_on, days))
    }

    /// The limit for this recipient.
    pub fn limit(&self, batch: &Batch) -> String {
        let weight = Some(batch.harvest.weight_kg);
        self.criterion
            .map_or_else(String::new, |criterion| criterion.limit_text(weight))
    }

    /// A result judged by the criterion, at this moment.
    pub fn judged(&self, batch: &Batch, result: &TestResult) -> Option<Judgement> {
        let weight = Some(batch.harvest.weight_kg);
        let read = Some(batch.read_on(self.sample, result));
        Some(judge_read(self.criterion?, &result.value, read, weight))
    }

    /// A result as it was entered, with its unit.
    pub fn entered(&self, result: &TestResult) -> String {
        self.with_unit(&result.value)
    }

    /// The value that was entered first, with its unit; `None` where it is the one that counts. A result that was typed
    /// again after a transcription error has one too.
    pub fn first_value(&self) -> Option<String> {
        let first = self.test.replaced();
        Some(self.with_unit(first.first()?))
    }

    /// A value of this test with its unit.
    pub fn with_unit(&self, value: &ResultValue) -> String {
        self.criterion
            .map_or_else(|| value.to_string(), |one| one.unit().after(value))
    }

    /// The day when the result is due; marked where it is past and there is none.
    pub fn due(&self, sight: &Sight) -> AnyView {
        let due = self.too_early(&sight.batch).unwrap_or(self.test.due);
        let today = sight.zone.day(sight.now);
        let overdue = self.takes_result(&sight.batch) && due < today;
        let words = if due == today { ", today" } else { "" };
        view! {
            <time class="nowrap" datetime=due.to_string()>{due.to_string()}</time>{words}
            {overdue.then(|| view! { " " {mark("fail", "overdue")} })}
        }
        .into_any()
    }
}
