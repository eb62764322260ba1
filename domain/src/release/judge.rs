//! Judges one result by one criterion.

use super::{Awaits, Outcome, ReadOn, ResultValue, Sign};
use crate::{
    decimal::round_half_up,
    measure::Measure,
    specification::{Bound, Criterion, Endotoxin, Limit, ResultKind, Rounding},
    time::days_after,
};
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
///
/// A censored result passes or fails only where every value that it stands for does; else it is indeterminate. So is a
/// result of another kind than the criterion's, or one that its unit can't have.
#[must_use]
pub fn judge(
    criterion: &Criterion,
    result: Option<&ResultValue>,
    weight_kg: Option<Decimal>,
) -> Judgement {
    let Some(result) = result else {
        let outcome = if criterion.informative {
            Outcome::Informative
        } else {
            Outcome::Missing
        };
        return Judgement {
            outcome,
            shown: None,
        };
    };
    let outcome = if criterion.informative {
        Outcome::Informative
    } else {
        decide(criterion, result, weight_kg).unwrap_or_else(|why| Outcome::Indeterminate { why })
    };
    Judgement {
        outcome,
        shown: Some(shown(criterion, result)),
    }
}

/// Judges a result that was read on a day. Before the minimum time of the method a pass is pending, and a failure fails at
/// once: growth on the third day is growth, no growth on the third day of fourteen says nothing yet.
///
/// The days are counted by the calendar: sampled on the 5th, a minimum of 7 days is over on the 12th.
#[must_use]
pub fn judge_read(
    criterion: &Criterion,
    result: &ResultValue,
    read: Option<ReadOn>,
    weight_kg: Option<Decimal>,
) -> Judgement {
    let mut judgement = judge(criterion, Some(result), weight_kg);
    if let (Outcome::Pass, Some(read)) = (&judgement.outcome, read) {
        let until = days_after(read.sampled_on, criterion.minimum_days);
        if read.tested_on < until {
            let awaits = Awaits::Time { until };
            judgement.outcome = Outcome::Pending { awaits };
        }
    }
    judgement
}

/// The result as it is compared, with its unit. Digits are never added: 80 by a limit of 70.0 stays 80.
fn shown(criterion: &Criterion, result: &ResultValue) -> String {
    let digits = match criterion.rounding {
        _ if criterion.informative => criterion.decimals,
        Rounding::AsLimit => criterion.limit.as_ref().and_then(Limit::digits),
        Rounding::None => None,
    };
    match (result, digits) {
        (ResultValue::Number(number), Some(digits)) => {
            criterion.unit().after(round_half_up(*number, digits))
        }
        _ => criterion.unit().after(result),
    }
}

/// Pass or fail, or why neither.
fn decide(
    criterion: &Criterion,
    result: &ResultValue,
    weight_kg: Option<Decimal>,
) -> Result<Outcome, String> {
    let limit = criterion
        .limit
        .as_ref()
        .ok_or("The criterion has no limit to judge by.")?;
    let passes = match limit {
        Limit::Equals { category } => category_of(criterion, result)? == category,
        Limit::OneOf { categories } => {
            let found = category_of(criterion, result)?;
            categories.iter().any(|category| category == found)
        }
        Limit::Endotoxin(endotoxin) => {
            let (possible, allowed) = in_infusion(*endotoxin, criterion, result, weight_kg)?;
            within(possible, allowed).ok_or_else(|| undecided(criterion, result, weight_kg))?
        }
        Limit::Minimum { .. }
        | Limit::Maximum { .. }
        | Limit::Range { .. }
        | Limit::Exactly { .. } => {
            let possible = possible(criterion, result)?;
            let allowed = Interval::of(limit).before_rounding(criterion.rounding, limit.digits());
            within(possible, allowed).ok_or_else(|| undecided(criterion, result, weight_kg))?
        }
    };
    Ok(if passes { Outcome::Pass } else { Outcome::Fail })
}

fn undecided(criterion: &Criterion, result: &ResultValue, weight_kg: Option<Decimal>) -> String {
    format!(
        "{} can't decide the limit {}: the true value may lie on either side. Repeat the test so that its result can.",
        criterion.unit().after(result),
        criterion.limit_text(weight_kg),
    )
}

fn category_of<'a>(criterion: &Criterion, result: &'a ResultValue) -> Result<&'a str, String> {
    match (&criterion.result, result) {
        (ResultKind::Category { allowed }, ResultValue::Category(found))
            if allowed.contains(found) =>
        {
            Ok(found)
        }
        _ => Err(format!(
            "“{result}” is none of the categories of {}.",
            criterion.test
        )),
    }
}

/// The endotoxin that the infusion may hold by the result, and what this recipient may be given, both in EU. Nothing
/// is divided, so nothing is rounded.
fn in_infusion(
    endotoxin: Endotoxin,
    criterion: &Criterion,
    result: &ResultValue,
    weight_kg: Option<Decimal>,
) -> Result<(Interval, Interval), String> {
    let weight = weight_kg
        .ok_or("The limit depends on the body weight, which is not recorded. Enter it.")?;
    let most = endotoxin
        .units_allowed(weight)
        .ok_or("The limit can't be computed from this body weight. Correct it.")?;
    let possible = possible(criterion, result)?
        .times(endotoxin.volume_ml)
        .ok_or("The figures are too large to compute with. Correct them.")?;
    let allowed = Interval {
        low: None,
        high: Some(Bound {
            value: most,
            inclusive: true,
        }),
    };
    Ok((possible, allowed))
}

/// The values that a numeric result may stand for, in nature.
fn possible(criterion: &Criterion, result: &ResultValue) -> Result<Interval, String> {
    let unit = criterion.unit();
    let (ResultKind::Number { .. }, Some(number)) = (&criterion.result, result.number()) else {
        return Err(format!(
            "“{result}” is no number, as {} gives.",
            criterion.test
        ));
    };
    unit.check(number)
        .map_err(|impossible| impossible.to_string())?;
    let bound = |inclusive| Bound {
        value: number,
        inclusive,
    };
    let interval = match result {
        ResultValue::Censored { sign, .. } => match sign {
            Sign::Below => Interval::natural(unit).below(bound(false)),
            Sign::AtMost => Interval::natural(unit).below(bound(true)),
            Sign::Above => Interval::natural(unit).above(bound(false)),
            Sign::AtLeast => Interval::natural(unit).above(bound(true)),
        },
        _ => Interval {
            low: Some(bound(true)),
            high: Some(bound(true)),
        },
    };
    if interval.is_empty() {
        return Err(format!("“{result}” leaves no possible value."));
    }
    Ok(interval)
}

/// Whether the result is within the limit; `None` where some of its possible values are and some are not.
fn within(possible: Interval, allowed: Interval) -> Option<bool> {
    if possible.lies_in(allowed) {
        Some(true)
    } else if possible.misses(allowed) {
        Some(false)
    } else {
        None
    }
}

/// Numbers between two bounds; `None` is unbounded.
#[derive(Clone, Copy)]
struct Interval {
    low: Option<Bound>,
    high: Option<Bound>,
}

impl Interval {
    fn of(limit: &Limit) -> Self {
        let (low, high) = limit.bounds().unwrap_or_default();
        Self { low, high }
    }

    /// All that the unit can be.
    fn natural(unit: Measure) -> Self {
        let inclusive = |value| Bound {
            value,
            inclusive: true,
        };
        Self {
            low: unit.least().map(inclusive),
            high: unit.greatest().map(inclusive),
        }
    }

    fn below(self, high: Bound) -> Self {
        Self {
            high: Some(high),
            ..self
        }
    }

    fn above(self, low: Bound) -> Self {
        Self {
            low: Some(low),
            ..self
        }
    }

    /// The unrounded values that are within these bounds once they are rounded: a minimum of 70 is met from 69.5, a
    /// strict one from 70.5, because a half is rounded away from zero. This judges a censored result as exactly as a
    /// number.
    fn before_rounding(self, rounding: Rounding, digits: Option<u32>) -> Self {
        let (Rounding::AsLimit, Some(digits)) = (rounding, digits) else {
            return self;
        };
        // Half of the last digit; the scale of a Decimal ends at 28.
        let half = Decimal::new(5, digits.min(27) + 1);
        let low = self.low.map(|bound| {
            let value = if bound.inclusive {
                bound.value - half
            } else {
                bound.value + half
            };
            Bound {
                value,
                inclusive: value > Decimal::ZERO,
            }
        });
        let high = self.high.map(|bound| {
            let value = if bound.inclusive {
                bound.value + half
            } else {
                bound.value - half
            };
            Bound {
                value,
                inclusive: value < Decimal::ZERO,
            }
        });
        Self { low, high }
    }

    /// Each value times a factor above zero; `None` where that is too large to compute with.
    fn times(self, factor: Decimal) -> Option<Self> {
        let scaled = |bound: Option<Bound>| match bound {
            None => Some(None),
            Some(Bound { value, inclusive }) => {
                let value = value.checked_mul(factor)?;
                Some(Some(Bound { value, inclusive }))
            }
        };
        Some(Self {
            low: scaled(self.low)?,
            high: scaled(self.high)?,
        })
    }

    fn is_empty(self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high))
            if low.value > high.value || (low.value == high.value && !(low.inclusive && high.inclusive)))
    }

    fn lies_in(self, other: Self) -> bool {
        let low_in = match (self.low, other.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => {
                own.value > other.value
                    || (own.value == other.value && (other.inclusive || !own.inclusive))
            }
        };
        let high_in = match (self.high, other.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => {
                own.value < other.value
                    || (own.value == other.value && (other.inclusive || !own.inclusive))
            }
        };
        low_in && high_in
    }

    fn misses(self, other: Self) -> bool {
        let apart = |low: Option<Bound>, high: Option<Bound>| Self { low, high }.is_empty();
        apart(other.low, self.high) || apart(self.low, other.high)
    }
}

#[cfg(test)]
mod tests;
