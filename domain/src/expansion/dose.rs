//! The dose: cells per kilogram and their window, recovery after thaw, expiry.

use super::{NotComputable, not_below_zero, quotient};
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

/// The least and the most viable cells per kg that a dose may have, both included. Its figures are the specification's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoseWindow {
    minimum: Decimal,
    maximum: Decimal,
}

/// Where a dose stands against its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgainstWindow {
    /// Fewer cells than the minimum.
    Below,
    /// Within, the limits included.
    Within,
    /// More cells than the maximum.
    Above,
}

impl DoseWindow {
    /// A window of viable cells per kg.
    ///
    /// # Errors
    /// [`NotComputable`] where the minimum is above the maximum, or one is below zero.
    pub fn new(minimum_per_kg: Decimal, maximum_per_kg: Decimal) -> Result<Self, NotComputable> {
        not_below_zero(&[minimum_per_kg, maximum_per_kg])?;
        if minimum_per_kg > maximum_per_kg {
            return Err(NotComputable::WindowReversed);
        }
        Ok(Self {
            minimum: minimum_per_kg,
            maximum: maximum_per_kg,
        })
    }

    /// The least and the most viable cells for this body weight.
    ///
    /// # Errors
    /// [`NotComputable`] where the weight is zero or below.
    pub fn cells(self, weight_kg: Decimal) -> Result<(Decimal, Decimal), NotComputable> {
        not_below_zero(&[weight_kg])?;
        if weight_kg.is_zero() {
            return Err(NotComputable::NoWeight);
        }
        let both = self
            .minimum
            .checked_mul(weight_kg)
            .zip(self.maximum.checked_mul(weight_kg));
        both.ok_or(NotComputable::OutOfRange)
    }

    /// Judges a dose by its cells, so that no division rounds a limit away.
    ///
    /// # Errors
    /// [`NotComputable`] where the weight is zero or below, or the cells are below zero.
    pub fn judge(
        self,
        viable_cells: Decimal,
        weight_kg: Decimal,
    ) -> Result<AgainstWindow, NotComputable> {
        not_below_zero(&[viable_cells])?;
        let (least, most) = self.cells(weight_kg)?;
        Ok(if viable_cells < least {
            AgainstWindow::Below
        } else if viable_cells > most {
            AgainstWindow::Above
        } else {
            AgainstWindow::Within
        })
    }
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

    fn window() -> DoseWindow {
        // NCT02239393: 1-2 x 10^6 MSC per kg.
        DoseWindow::new(d("1000000"), d("2000000")).unwrap()
    }

    #[test]
    fn the_window_of_a_dose_follows_the_weight() {
        assert_eq!(window().cells(d("70")), Ok((d("70000000"), d("140000000"))));
        assert_eq!(window().cells(d("0")), Err(NotComputable::NoWeight));
        assert_eq!(window().cells(d("-70")), Err(NotComputable::BelowZero));
        assert_eq!(
            DoseWindow::new(d("2"), d("1")),
            Err(NotComputable::WindowReversed)
        );
        assert_eq!(
            DoseWindow::new(d("-2"), d("1")),
            Err(NotComputable::BelowZero)
        );
    }

    #[test]
    fn both_limits_of_the_window_are_within_it() {
        for (cells, kg, stands) in [
            ("69999999", "70", AgainstWindow::Below),
            ("70000000", "70", AgainstWindow::Within),
            ("140000000", "70", AgainstWindow::Within),
            ("140000001", "70", AgainstWindow::Above),
            ("0", "70", AgainstWindow::Below),
            // Per kg this is 1000000.0000... with a third in it: no digit may be rounded up to the limit.
            ("66666666.666666666", "66.666666667", AgainstWindow::Below),
            ("66666666.667", "66.666666667", AgainstWindow::Within),
        ] {
            assert_eq!(window().judge(d(cells), d(kg)), Ok(stands), "{cells} {kg}");
        }
        assert_eq!(
            window().judge(d("-1"), d("70")),
            Err(NotComputable::BelowZero)
        );
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
                let _ = (
                    dose_per_kg(a, b),
                    recovery_after_thaw(a, b),
                    window().judge(a, b),
                );
                let _ = DoseWindow::new(a, b).and_then(|window| window.cells(Decimal::MAX));
            }
        }
    }
}
