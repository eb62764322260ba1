//! Whether a limit tells a passing value from a failing one. One that every value meets judges nothing and looks as if it did;
//! one that no value meets stops each batch.

use super::{Bound, Limit};
use crate::measure::Measure;
use rust_decimal::{Decimal, RoundingStrategy};

/// No result of a cell therapy comes near this figure, in any unit: a bound beyond it judges nothing.
const FARTHEST: i64 = 1_000_000_000_000;

/// Refuses a limit that every value of the unit meets, or none. `rounded` is whether a result is rounded to the digits of the
/// limit before it is compared.
///
/// # Errors
/// What is wrong with the limit, and what to write instead.
pub(crate) fn tells(limit: &Limit, unit: Measure, rounded: bool) -> Result<(), String> {
    let Some((low, high)) = limit.bounds() else {
        return Ok(());
    };
    let text = limit.text(unit, None, None);
    let bounds = || [low, high].into_iter().flatten();
    if let Some(far) = bounds().find(|bound| bound.value.abs() > Decimal::from(FARTHEST)) {
        return Err(format!(
            "no result comes near {}, so the limit {text} judges nothing; write the one that is meant, or informative = true",
            far.value
        ));
    }
    let digits = limit.digits().filter(|_| rounded);
    let compared = |value: Decimal| match digits {
        Some(digits) => {
            value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
        }
        None => value,
    };
    let met = |extreme: Option<Decimal>, bound: Option<Bound>| match (bound, extreme) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some(extreme)) => limit.admits(compared(extreme)),
    };
    if met(unit.least(), low) && met(unit.greatest(), high) {
        return Err(format!(
            "every value in {unit} meets the limit {text}, so it judges nothing; write the one that is meant, or leave the \
             limit out"
        ));
    }
    match digits.or_else(|| whole(unit)) {
        Some(digits) if !any_between(low, high, digits, unit) => Err(format!(
            "no value in {unit} can meet the limit {text}{}",
            match rounded {
                true => ", as results are rounded to its digits",
                false => "",
            }
        )),
        _ => Ok(()),
    }
}

/// Zero digits where the unit counts whole ones.
fn whole(unit: Measure) -> Option<u32> {
    unit.check(Decimal::new(5, 1)).is_err().then_some(0)
}

/// Whether a number of so many digits, one that the unit can have, lies within the bounds.
fn any_between(low: Option<Bound>, high: Option<Bound>, digits: u32, unit: Measure) -> bool {
    let step = Decimal::new(1, digits);
    let first = match low {
        Some(low) => {
            let at = low
                .value
                .round_dp_with_strategy(digits, RoundingStrategy::ToPositiveInfinity);
            if at == low.value && !low.inclusive {
                at + step
            } else {
                at
            }
        }
        // Below an upper bound lies something, unless it is the least that there is: that is refused before.
        None => return true,
    };
    let below =
        high.is_none_or(|high| first < high.value || (high.inclusive && first == high.value));
    below && unit.greatest().is_none_or(|greatest| first <= greatest)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_limit_that_every_value_meets_or_none_is_refused() {
        let every = "judges nothing";
        let none = "no value in";
        for (unit, limit, rounded, refused) in [
            ("%", ">= 0", false, Some(every)),
            ("%", "> 0", false, None),
            ("%", "<= 100", false, Some(every)),
            ("%", "< 100", false, None),
            ("%", ">= 0 and <= 100", false, Some(every)),
            ("%", ">= 0 and <= 99.9", false, None),
            ("%", ">= 0.1 and <= 100", false, None),
            ("%", "= 0", false, None),
            ("%", "= 100", false, None),
            ("%", "> 70 and < 71", true, Some(none)),
            ("%", "> 70 and < 71", false, None),
            ("%", "> 70.0 and < 71.0", true, None),
            ("cells", ">= 0", false, Some(every)),
            ("cells", "> 5 and < 6", false, Some(none)),
            ("cells", "> 5 and < 7", false, None),
            ("cells", "<= 1000000000000", false, None),
            ("cells", "<= 1000000000001", false, Some(every)),
            ("°C", ">= -273.15", false, Some(every)),
            ("°C", ">= -273", true, Some(every)),
            ("°C", ">= -273", false, None),
            ("°C", ">= -80 and <= 60", false, None),
            ("EU/mL", "<= 0.5", false, None),
            ("EU/mL", ">= 0", true, Some(every)),
            ("none", ">= 0", false, None),
        ] {
            let unit: Measure = unit.parse().unwrap();
            let told = tells(&limit.parse().unwrap(), unit, rounded).err();
            match refused {
                Some(words) => {
                    let told = told.unwrap_or_else(|| panic!("{limit} {unit} {rounded} is taken"));
                    assert!(told.contains(words), "{limit} {unit} {rounded}: {told}");
                }
                None => assert_eq!(told, None, "{limit} {unit} {rounded}"),
            }
        }
    }
}
