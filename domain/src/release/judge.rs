//! Judges one result by one criterion.

use super::{Outcome, ResultValue};
use crate::specification::Criterion;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one result is by one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What came of it.
    pub outcome: Outcome,
    /// The result as it was judged, rounded, with its unit; `None` without a result.
    pub shown: Option<String>,
}

/// Judges a result by a criterion. `weight_kg` is the recipient's, for an endotoxin limit.
#[must_use]
pub fn judge(
    _criterion: &Criterion,
    _result: Option<&ResultValue>,
    _weight_kg: Option<Decimal>,
) -> Judgement {
    Judgement {
        outcome: Outcome::Missing,
        shown: None,
    }
}
