//! Whether a limit tells a passing value from a failing one. One that every value meets judges nothing and looks as if it did;
//! one that no value meets stops each batch.

use super::{Bound, Limit};
use crate::measure::Measure;
use rust_decimal::{Decimal, RoundingStrategy};

/// No result of a cell therapy comes near this figure, in any unit: a bound beyond it judges nothing.
const FARTHEST: i64 = 1_000_000_000_000;

/// Refuses a limit that every value of the unit meets, or none, and one that names a value which the unit can't have. `rounded`
/// is whether a result is rounded to the digits of the limit before it is compared.
///
/// # Errors
/// What is wrong with the limit, and what to write instead.
pub(crate) fn tells(limit: &Limit, unit: Measure, rounded: bool) -> Result<(), String> {
    let Some((low, high)) = limit.bounds() else {
        return Ok(());
    };
    let text = limit.text(unit, None, None);
    let of_unit = match unit {
        Measure::PLAIN => String::new(),
        unit => format!(" in {unit}"),
    };
    let bounds = || [low, high].into_iter().flatten();
    for bound in bounds() {
        unit.check(bound.value).map_err(|why| why.to_string())?;
    }
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
            "every value{of_unit} meets the limit {text}, so it judges nothing; write the one that is meant, or leave the \
             limit out"
        ));
    }
    let admits =
        |extreme: Option<Decimal>| extreme.is_none_or(|extreme| limit.admits(compared(extreme)));
    let any = match (low, high) {
        (None, None) => true,
        // What lies farthest from the one bound meets it, or nothing does.
        (Some(_), None) => admits(unit.greatest()),
        (None, Some(_)) => admits(unit.least()),
        (Some(low), Some(high)) => digits
            .or_else(|| unit.decimals())
            .is_none_or(|digits| any_between(low, high, digits)),
    };
    if any {
        return Ok(());
    }
    let rounding = match rounded {
        true => ", as results are rounded to its digits",
        false => "",
    };
    Err(format!(
        "no value{of_unit} can meet the limit {text}{rounding}; write the one that is meant"
    ))
}

/// Whether a number of so many digits lies within the bounds, each of which the unit can have.
fn any_between(low: Bound, high: Bound, digits: u32) -> bool {
    let at = low
        .value
        .round_dp_with_strategy(digits, RoundingStrategy::ToPositiveInfinity);
    let first = if at == low.value && !low.inclusive {
        at + Decimal::new(1, digits)
    } else {
        at
    };
    first < high.value || (high.inclusive && first == high.value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_limit_that_every_value_meets_or_none_is_refused() {
        let every = "judges nothing";
        let none = "can meet the limit";
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
            ("%", "> 100", false, Some(none)),
            ("%", "> 100", true, Some(none)),
            ("%", "> 99", true, None),
            ("%", "< 0", false, Some(none)),
            ("%", "< 0.1", true, None),
            (
                "%",
                ">= 101",
                false,
                Some("the greatest possible value is 100 %"),
            ),
            ("%", "<= -1", false, Some("the least possible value is 0 %")),
            ("mL", "< 0", false, Some(none)),
            ("mL", "> 0", false, None),
            ("mL", "<= 0", false, None),
            ("%", "> 70 and < 71", true, Some(none)),
            ("%", "> 70 and < 71", false, None),
            ("%", "> 70.0 and < 71.0", true, None),
            ("cells", ">= 0", false, Some(every)),
            ("cells", "> 5 and < 6", false, Some(none)),
            ("cells", "> 5 and < 7", false, None),
            ("cells", "< 0", false, Some(none)),
            ("cells", "< 1", false, None),
            ("cells", ">= 0.5", false, Some("counted as whole ones")),
            ("10^6 cells", "> 1.000001 and < 1.000002", false, Some(none)),
            ("10^6 cells", "> 1.000001 and < 1.000003", false, None),
            ("cells", "<= 1000000000000", false, None),
            ("cells", "<= 1000000000001", false, Some(every)),
            ("°C", ">= -273.15", false, Some(every)),
            ("°C", ">= -273", true, Some(every)),
            ("°C", ">= -273", false, None),
            ("°C", "< -273.15", false, Some(none)),
            ("°C", "< -273", true, Some(none)),
            ("°C", "< -273", false, None),
            ("°C", ">= -80 and <= 60", false, None),
            ("EU/mL", "<= 0.5", false, None),
            ("EU/mL", ">= 0", true, Some(every)),
            ("none", ">= 0", false, None),
            ("none", "> 1 and < 2", true, Some("no value can meet")),
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
