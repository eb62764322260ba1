//! The dose: cells per kilogram, recovery after thaw, expiry. Its window is [`crate::specification::DoseWindow`].

use super::{NotComputable, quotient};
use crate::time::Timestamp;
use chrono::TimeDelta;
use rust_decimal::Decimal;

/// Viable cells given per kg of body weight.
///
/// # Errors
/// [`NotComputable`] where the weight is zero, or a figure is below zero.
pub fn dose_per_kg(viable_cells: Decimal, weight_kg: Decimal) -> Result<Decimal, NotComputable> {
    quotient(
        Decimal::ONE,
        viable_cells,
        weight_kg,
        NotComputable::NoWeight,
    )
}

/// Recovery of viable cells after thaw in %: 100 x viable after thaw / viable frozen. Above 100 where the counts say so.
///
/// # Errors
/// [`NotComputable`] where nothing was frozen, or a count is below zero.
pub fn recovery_after_thaw(
    viable_after: Decimal,
    viable_frozen: Decimal,
) -> Result<Decimal, NotComputable> {
    quotient(
        Decimal::ONE_HUNDRED,
        viable_after,
        viable_frozen,
        NotComputable::NothingFrozen,
    )
}

/// When a dose expires: the end of its formulation or thaw, and the shelf life from there.
///
/// # Errors
/// [`NotComputable`] where the shelf life is zero or below, or ends in a year that can't be written.
pub fn expiry(end: Timestamp, shelf_life: TimeDelta) -> Result<Timestamp, NotComputable> {
    if shelf_life <= TimeDelta::zero() {
        return Err(NotComputable::NoShelfLife);
    }
    let expires = end.plus(shelf_life);
    if expires > end {
        Ok(expires)
    } else {
        Err(NotComputable::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use std::str::FromStr as _;

    fn d(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn dose_and_recovery_are_quotients() {
        assert_eq!(dose_per_kg(d("105000000"), d("70")), Ok(d("1500000")));
        assert_eq!(
            dose_per_kg(d("105000000"), d("0")),
            Err(NotComputable::NoWeight)
        );
        assert_eq!(recovery_after_thaw(d("80"), d("100")), Ok(d("80")));
        assert_eq!(recovery_after_thaw(d("105"), d("100")), Ok(d("105")));
        assert_eq!(
            recovery_after_thaw(d("1"), d("0")),
            Err(NotComputable::NothingFrozen)
        );
    }

    #[test]
    fn a_dose_expires_its_shelf_life_after_thaw() {
        let thawed = Timestamp::parse("2026-03-29T00:30:00+01:00").unwrap();
        let expires = expiry(thawed, TimeDelta::hours(3)).unwrap();
        // Over the change to summer time it is three hours all the same.
        assert_eq!(
            expires,
            Timestamp::parse("2026-03-29T04:30:00+02:00").unwrap()
        );
        assert_eq!(
            expiry(thawed, TimeDelta::zero()),
            Err(NotComputable::NoShelfLife)
        );
        assert_eq!(
            expiry(thawed, TimeDelta::hours(-1)),
            Err(NotComputable::NoShelfLife)
        );
        assert_eq!(
            expiry(thawed, TimeDelta::MAX),
            Err(NotComputable::OutOfRange)
        );
    }

    #[test]
    fn absurd_figures_do_not_panic() {
        let absurd = [
            Decimal::MAX,
            Decimal::MIN,
            Decimal::ZERO,
            Decimal::new(1, 28),
        ];
        for a in absurd {
            for b in absurd {
                let _ = (dose_per_kg(a, b), recovery_after_thaw(a, b));
            }
        }
    }
}
