//! Release: a verdict is computed from the record, criterion by criterion and stage by stage. Missing, pending and
//! indeterminate are never a pass.

mod judge;
mod result;
pub mod table;

pub use judge::{Judgement, judge, judge_read};
pub use result::{NotAResult, ResultValue, Sign, sign_of};

use crate::{
    ids::SampleId,
    specification::{Criterion, Group, GroupRule, Specification, Stage},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What came of one criterion, or of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The result meets the limit.
    Pass,
    /// The result does not meet the limit.
    Fail,
    /// A result that counts is not there yet.
    Pending {
        /// What it waits for.
        awaits: Awaits,
    },
    /// No sample, no result.
    Missing,
    /// The result can't decide the limit.
    Indeterminate {
        /// Why, in words.
        why: String,
    },
    /// Reported, not judged.
    Informative,
}

/// What a pending criterion waits for. Days are those of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Awaits {
    /// A sample is taken, and its result is not there yet.
    Result {
        /// The day on which it is due.
        due: NaiveDate,
    },
    /// The result waits for its review by a second analyst.
    Review,
    /// The result would pass, but it was read before the minimum time of its method.
    Time {
        /// The first day on which a pass counts.
        until: NaiveDate,
    },
}

/// The days on which a sample was taken and a result of it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOn {
    /// The day of sampling, by the clocks of the site.
    pub sampled_on: NaiveDate,
    /// The day of the test: the one on which its result was read.
    pub tested_on: NaiveDate,
}

/// What the record holds on one criterion. A result that was invalidated is not evidence and is not handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The key of the criterion.
    pub criterion: String,
    /// The sample that it is from, where there is one.
    pub sample: Option<SampleId>,
    /// How far its test is.
    pub state: EvidenceState,
}

/// How far a test is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidenceState {
    /// The sample is taken.
    Pending {
        /// The day on which the result is due.
        due: NaiveDate,
    },
    /// The result is entered.
    Result {
        /// The result.
        value: ResultValue,
        /// Whether a second analyst reviewed it.
        reviewed: bool,
        /// When it was read; `None` where nothing says so, as in a table of results: then it counts as read in time.
        read: Option<ReadOn>,
    },
}

/// The verdict on one criterion, with what a page or a paper shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionVerdict {
    /// The key of the criterion.
    pub key: String,
    /// The test.
    pub test: String,
    /// The method.
    pub method: String,
    /// The specification and its version: `BM-MSC v3`.
    pub specification: String,
    /// The sample point.
    pub sample_point: String,
    /// The stage at which it counts.
    pub stage: Stage,
    /// The limit for this recipient.
    pub limit_text: String,
    /// Where the limit is from.
    pub source: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The reviewed result, rounded as it was judged, with its unit.
    pub value_as_judged: Option<String>,
    /// A result that waits for its review; never printed as a result.
    pub awaiting_review: Option<String>,
    /// The sample that decided, where there is one.
    pub sample: Option<SampleId>,
}

/// The verdict on one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupVerdict {
    /// The key of the group.
    pub key: String,
    /// What it asks of its members.
    pub rule: GroupRule,
    /// The keys of its members.
    pub criteria: Vec<String>,
    /// The stage at which it counts.
    pub stage: Stage,
    /// What came of it.
    pub outcome: Outcome,
}

/// The verdict on a batch, by criterion and by group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The specification and its version: `BM-MSC v3`.
    pub specification: String,
    /// Every criterion, in the order of the specification.
    pub criteria: Vec<CriterionVerdict>,
    /// Every group, in the order of the specification.
    pub groups: Vec<GroupVerdict>,
}

/// The verdict at one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageVerdict {
    /// The stage.
    pub stage: Stage,
    /// Whether the criteria allow it; other things of the record may still block.
    pub releasable: bool,
    /// Keys of the criteria and groups that stand in the way.
    pub blocking: Vec<String>,
    /// Keys of the criteria and groups whose result may come after this stage and has not come yet.
    pub open: Vec<String>,
}

impl Outcome {
    /// The outcome in one word, as tables print it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Pending { .. } => "pending",
            Self::Missing => "missing",
            Self::Indeterminate { .. } => "indeterminate",
            Self::Informative => "informative",
        }
    }

    /// How far from a pass: of several results the worst counts.
    fn distance(&self) -> u8 {
        match self {
            Self::Fail => 5,
            Self::Indeterminate { .. } => 4,
            Self::Missing => 3,
            Self::Pending {
                awaits: Awaits::Review,
            } => 2,
            Self::Pending {
                awaits: Awaits::Result { .. } | Awaits::Time { .. },
            } => 1,
            Self::Pass | Self::Informative => 0,
        }
    }
}

impl CriterionVerdict {
    /// The verdict in a sentence or two, with what to do next: for a refusal, or a list of what blocks.
    #[must_use]
    pub fn words(&self) -> String {
        let Self {
            test,
            limit_text: limit,
            ..
        } = self;
        let value = self
            .value_as_judged
            .as_deref()
            .unwrap_or("without a result");
        match &self.outcome {
            Outcome::Pass => format!("{test} {value} meets the limit {limit}."),
            Outcome::Fail => format!(
                "{test} {value} does not meet the limit {limit} (specification {}). Raise a deviation or correct the entry.",
                self.specification
            ),
            Outcome::Pending { awaits } => match awaits {
                Awaits::Result { due } => {
                    format!("{test}: the sample is taken, its result is due on {due}.")
                }
                Awaits::Review => format!(
                    "{test} {} waits for its review by a second analyst.",
                    self.awaiting_review.as_deref().unwrap_or_default()
                ),
                Awaits::Time { until } => format!(
                    "{test} {value} was read before the minimum time of its method: pending until {until}. Read it again on \
                     that day or later and enter that result."
                ),
            },
            Outcome::Missing => {
                format!(
                    "{test} has no result. Take the sample “{}” and enter it.",
                    self.sample_point
                )
            }
            Outcome::Indeterminate { why } => format!("{test}: {why}"),
            Outcome::Informative => format!("{test} {value} is reported, not judged."),
        }
    }
}

impl Verdict {
    /// The verdict at a stage.
    ///
    /// - in process: every criterion of that stage passes (of none, nothing stops the next step);
    /// - before release: every criterion up to that stage passes, at least one does, and every criterion of the stage
    ///   after has passed or is pending with a sample taken (a pass read too early is as pending as none). A result that waits for its review is there, so it is not
    ///   let by as pending: it may be the one that fails;
    /// - after release: every criterion passes.
    ///
    /// Members of a group count through their group.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> StageVerdict {
        let (mut blocking, mut open, mut passing) = (vec![], vec![], false);
        for (key, at, outcome) in self.counted() {
            let later = at > stage;
            match outcome {
                _ if later && stage == Stage::InProcess => {}
                Outcome::Pass => passing |= at <= Stage::BeforeRelease,
                Outcome::Pending {
                    awaits: Awaits::Result { .. } | Awaits::Time { .. },
                } if later => open.push(key.to_owned()),
                _ => blocking.push(key.to_owned()),
            }
        }
        StageVerdict {
            stage,
            releasable: blocking.is_empty() && (passing || stage == Stage::InProcess),
            blocking,
            open,
        }
    }

    /// Whether every judged criterion of every stage passes.
    #[must_use]
    pub fn releasable_finally(&self) -> bool {
        self.stage(Stage::AfterRelease).releasable
    }

    /// The verdict on the criterion of that key.
    #[must_use]
    pub fn criterion(&self, key: &str) -> Option<&CriterionVerdict> {
        self.criteria.iter().find(|criterion| criterion.key == key)
    }

    /// What counts of a criterion: its own outcome, or that of the group that it is in.
    #[must_use]
    pub fn counted_outcome(&self, key: &str) -> Option<&Outcome> {
        let holds = |group: &&GroupVerdict| group.criteria.iter().any(|member| member == key);
        let group = self.groups.iter().find(holds).map(|group| &group.outcome);
        group.or_else(|| self.criterion(key).map(|criterion| &criterion.outcome))
    }

    /// What counts at a stage: criteria that stand alone, and groups; not what is informative.
    fn counted(&self) -> impl Iterator<Item = (&str, Stage, &Outcome)> {
        let grouped = |key: &String| self.groups.iter().any(|group| group.criteria.contains(key));
        let alone = self
            .criteria
            .iter()
            .filter(move |c| c.outcome != Outcome::Informative && !grouped(&c.key))
            .map(|c| (c.key.as_str(), c.stage, &c.outcome));
        let groups = self
            .groups
            .iter()
            .map(|g| (g.key.as_str(), g.stage, &g.outcome));
        alone.chain(groups)
    }
}

/// Judges the evidence of a batch by its specification.
///
/// Of several results for one criterion the worst counts: a valid failing result can't be averaged away. Evidence for a
/// key that the specification doesn't have counts for nothing. So taking all evidence of a criterion away never makes a
/// batch releasable, and neither does adding a result to one that is there.
#[must_use]
pub fn evaluate(
    specification: &Specification,
    evidence: &[Evidence],
    weight_kg: Option<Decimal>,
) -> Verdict {
    let criteria: Vec<_> = specification
        .criteria
        .iter()
        .map(|criterion| {
            let own = evidence.iter().filter(|e| e.criterion == criterion.key);
            criterion_verdict(specification, criterion, own, weight_kg)
        })
        .collect();
    let groups = specification
        .groups
        .iter()
        .map(|group| group_verdict(group, &criteria))
        .collect();
    Verdict {
        specification: specification.label(),
        criteria,
        groups,
    }
}

fn criterion_verdict<'a>(
    specification: &Specification,
    criterion: &Criterion,
    evidence: impl Iterator<Item = &'a Evidence>,
    weight_kg: Option<Decimal>,
) -> CriterionVerdict {
    let blank = CriterionVerdict {
        key: criterion.key.clone(),
        test: criterion.test.clone(),
        method: criterion.method.clone(),
        specification: specification.label(),
        sample_point: criterion.sample_point.clone(),
        stage: criterion.stage,
        limit_text: criterion.limit_text(weight_kg),
        source: criterion.basis.to_string(),
        outcome: judge(criterion, None, weight_kg).outcome,
        value_as_judged: None,
        awaiting_review: None,
        sample: None,
    };
    let found = evidence.map(|evidence| finding(&blank, criterion, evidence, weight_kg));
    if criterion.informative {
        found.fold(blank.clone(), also_reported)
    } else {
        // The first of the worst, so that the order of the record decides between equals.
        found
            .reduce(|worst, next| {
                let further = next.outcome.distance() > worst.outcome.distance();
                if further { next } else { worst }
            })
            .unwrap_or(blank)
    }
}

/// What one piece of evidence alone would be.
fn finding(
    blank: &CriterionVerdict,
    criterion: &Criterion,
    evidence: &Evidence,
    weight_kg: Option<Decimal>,
) -> CriterionVerdict {
    let mut verdict = CriterionVerdict {
        sample: evidence.sample,
        ..blank.clone()
    };
    match &evidence.state {
        EvidenceState::Pending { due } => {
            let awaits = Awaits::Result { due: *due };
            verdict.outcome = Outcome::Pending { awaits };
        }
        EvidenceState::Result {
            value,
            reviewed: true,
            read,
        } => {
            let judgement = judge_read(criterion, value, *read, weight_kg);
            verdict.outcome = judgement.outcome;
            verdict.value_as_judged = judgement.shown;
        }
        EvidenceState::Result {
            value,
            reviewed: false,
            read: _,
        } => {
            let awaits = Awaits::Review;
            verdict.outcome = Outcome::Pending { awaits };
            verdict.awaiting_review = Some(criterion.unit().after(value));
        }
    }
    verdict
}

/// An informative criterion reports every result; none is worse than another.
fn also_reported(mut all: CriterionVerdict, next: CriterionVerdict) -> CriterionVerdict {
    let joined = |before: Option<String>, after: Option<String>| match (before, after) {
        (Some(before), Some(after)) => Some(format!("{before}; {after}")),
        (before, after) => before.or(after),
    };
    all.value_as_judged = joined(all.value_as_judged, next.value_as_judged);
    all.awaiting_review = joined(all.awaiting_review, next.awaiting_review);
    all.sample = all.sample.or(next.sample);
    all
}

fn group_verdict(group: &Group, criteria: &[CriterionVerdict]) -> GroupVerdict {
    let members = || criteria.iter().filter(|c| group.criteria.contains(&c.key));
    let outcomes = members().map(|c| c.outcome.clone());
    let decisive = match group.rule {
        GroupRule::OneOf => outcomes.min_by_key(Outcome::distance),
        GroupRule::EachOf => outcomes.max_by_key(Outcome::distance),
    };
    GroupVerdict {
        key: group.key.clone(),
        rule: group.rule,
        criteria: group.criteria.clone(),
        stage: members()
            .map(|c| c.stage)
            .min()
            .unwrap_or(Stage::BeforeRelease),
        outcome: decisive.unwrap_or(Outcome::Missing),
    }
}

#[cfg(test)]
mod tests;
