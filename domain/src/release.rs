//! Release: a verdict is computed from the record, criterion by criterion and stage by stage. Missing, pending and
//! indeterminate are never a pass.

mod judge;
mod result;

pub use judge::{Judgement, judge};
pub use result::{NotAResult, ResultValue, Sign};

use crate::{
    ids::SampleId,
    specification::{GroupRule, Specification, Stage},
    time::Timestamp,
};
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
    /// A sample is taken and its result is not there yet (`due` says when it is expected), or the result waits for its
    /// review by a second analyst (`due` is `None`).
    Pending {
        /// When the result is due.
        due: Option<Timestamp>,
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
        /// When the result is due.
        due: Timestamp,
    },
    /// The result is entered.
    Result {
        /// The result.
        value: ResultValue,
        /// Whether a second analyst reviewed it.
        reviewed: bool,
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

impl Verdict {
    /// The verdict at a stage.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> StageVerdict {
        StageVerdict {
            stage,
            releasable: false,
            blocking: vec![],
            open: vec![],
        }
    }

    /// Whether every judged criterion of every stage passes.
    #[must_use]
    pub fn releasable_finally(&self) -> bool {
        self.stage(Stage::AfterRelease).releasable
    }
}

/// Judges the evidence of a batch by its specification.
#[must_use]
pub fn evaluate(
    _specification: &Specification,
    _evidence: &[Evidence],
    _weight_kg: Option<Decimal>,
) -> Verdict {
    Verdict {
        criteria: vec![],
        groups: vec![],
    }
}
