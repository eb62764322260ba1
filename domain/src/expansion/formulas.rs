//! The formulas of one passage.

use super::{DECIMALS, NotComputable, logarithm::log2, not_below_zero, quotient};
use crate::decimal::round_half_up;
use rust_decimal::Decimal;

/// 100 x √2, to 24 decimals.
const HUNDRED_ROOTS_OF_TWO: Decimal =
    Decimal::from_parts(0x5564cfa8, 0x155aceda, 0x0074fb23, false, 24);

/// Viability in %: 100 x viable / (viable + dead).
///
/// # Errors
/// [`NotComputable`] where nothing was counted, or a count is below zero.
pub fn viability(viable: Decimal, dead: Decimal) -> Result<Decimal, NotComputable> {
    not_below_zero(&[viable, dead])?;
    let counted = viable.checked_add(dead).ok_or(NotComputable::OutOfRange)?;
    quotient(
        Decimal::ONE_HUNDRED,
        viable,
        counted,
        NotComputable::NothingCounted,
    )
}

/// Whether more viable cells are counted than cells in all, which no count can give.
#[must_use]
pub fn viable_above_total(viable: Decimal, total: Decimal) -> bool {
    viable > total
}

/// Coefficient of variation of two counts in %: 100 x standard deviation (of a sample) / mean, which for two counts is
/// 100 x √2 x |difference| / sum. `None` where both are zero, or one is below.
#[must_use]
pub fn coefficient_of_variation(one: Decimal, other: Decimal) -> Option<Decimal> {
    not_below_zero(&[one, other]).ok()?;
    let difference = one.checked_sub(other)?.abs();
    // Dividing last keeps each digit that the counts have; zero by zero is none.
    difference
        .checked_mul(HUNDRED_ROOTS_OF_TWO)?
        .checked_div(one.checked_add(other)?)
}

/// Population doublings (PD): log2(viable harvested / viable seeded); negative where cells were lost.
///
/// Cells that were taken away between passages for freezing or quality control are in neither count.
///
/// # Errors
/// [`NotComputable`] where a count is zero or below.
pub fn population_doublings(seeded: Decimal, harvested: Decimal) -> Result<Decimal, NotComputable> {
    doublings(seeded, harvested).map(|doublings| round_half_up(doublings, DECIMALS))
}

/// Doubling time in hours: T ln 2 / ln(harvested / seeded), which is T / PD, with the PD not rounded.
///
/// # Errors
/// [`NotComputable`] where a count is zero or below, the cells did not increase, or no time passed.
pub fn doubling_time_hours(
    seeded: Decimal,
    harvested: Decimal,
    hours: Decimal,
) -> Result<Decimal, NotComputable> {
    let doublings = doublings(seeded, harvested)?;
    if hours <= Decimal::ZERO {
        return Err(NotComputable::NoTime);
    }
    if doublings <= Decimal::ZERO {
        return Err(NotComputable::NoGrowth);
    }
    let time = hours
        .checked_div(doublings)
        .ok_or(NotComputable::OutOfRange)?;
    Ok(round_half_up(time, DECIMALS))
}

fn doublings(seeded: Decimal, harvested: Decimal) -> Result<Decimal, NotComputable> {
    not_below_zero(&[seeded, harvested])?;
    if seeded.is_zero() {
        return Err(NotComputable::NothingSeeded);
    }
    if harvested.is_zero() {
        return Err(NotComputable::NothingHarvested);
    }
    let both = log2(harvested).zip(log2(seeded));
    both.and_then(|(harvested, seeded)| harvested.checked_sub(seeded))
        .ok_or(NotComputable::OutOfRange)
}

/// Fold expansion: viable harvested / viable seeded.
///
/// # Errors
/// [`NotComputable`] where nothing was seeded, or a count is below zero.
pub fn fold(seeded: Decimal, harvested: Decimal) -> Result<Decimal, NotComputable> {
    quotient(
        Decimal::ONE,
        harvested,
        seeded,
        NotComputable::NothingSeeded,
    )
}

/// Seeding density in cells per cm2: cells seeded / area.
///
/// # Errors
/// [`NotComputable`] where the area is zero, or a figure is below zero.
pub fn seeding_density(seeded: Decimal, area_cm2: Decimal) -> Result<Decimal, NotComputable> {
    quotient(Decimal::ONE, seeded, area_cm2, NotComputable::NoArea)
}

/// What a count of fibroblast colony-forming units (CFU-F) is related to. Without it the figure means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CfuUnit {
    /// Colonies per 10^6 mononuclear cells plated.
    PerMillionMononuclear,
    /// Colonies per 1000 cells plated.
    PerThousandCells,
    /// Colonies per 100 cells plated: plating efficiency in %.
    PlatingEfficiency,
}

impl CfuUnit {
    /// The unit as it stands beside the figure.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::PerMillionMononuclear => "CFU-F per 10^6 MNC",
            Self::PerThousandCells => "CFU-F per 1000 cells",
            Self::PlatingEfficiency => "% plating efficiency",
        }
    }

    fn cells(self) -> Decimal {
        match self {
            Self::PerMillionMononuclear => Decimal::new(1_000_000, 0),
            Self::PerThousandCells => Decimal::ONE_THOUSAND,
            Self::PlatingEfficiency => Decimal::ONE_HUNDRED,
        }
    }
}

/// CFU-F in the named unit: colonies x cells of the unit / cells plated.
///
/// # Errors
/// [`NotComputable`] where no cells were plated, or there are more colonies than cells.
pub fn cfu_f(colonies: Decimal, plated: Decimal, unit: CfuUnit) -> Result<Decimal, NotComputable> {
    let cfu = quotient(unit.cells(), colonies, plated, NotComputable::NothingPlated)?;
    if colonies > plated {
        Err(NotComputable::MoreColoniesThanCells)
    } else {
        Ok(cfu)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use crate::decimal::shown;
    use std::str::FromStr as _;

    fn d(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn viability_is_viable_of_all_counted() {
        for (viable, dead, percent) in [
            ("97", "3", Ok("97")),
            ("0", "3", Ok("0")),
            ("5", "0", Ok("100")),
            ("799", "201", Ok("79.9")),
            ("800", "200", Ok("80")),
            ("0.8", "0.2", Ok("80")),
            ("0", "0", Err(NotComputable::NothingCounted)),
            ("-1", "3", Err(NotComputable::BelowZero)),
            ("3", "-1", Err(NotComputable::BelowZero)),
            ("-3", "3", Err(NotComputable::BelowZero)),
        ] {
            assert_eq!(
                viability(d(viable), d(dead)),
                percent.map(d),
                "{viable} {dead}"
            );
        }
    }

    #[test]
    fn no_more_cells_are_viable_than_there_are() {
        assert!(viable_above_total(d("100.1"), d("100")));
        assert!(!viable_above_total(d("100"), d("100")));
        assert!(!viable_above_total(d("0"), d("0")));
    }

    #[test]
    fn two_counts_vary_by_their_standard_deviation_over_their_mean() {
        for (one, other, percent) in [
            ("100", "100", Some("0.000000")),
            ("100", "110", Some("6.734350")),
            ("110", "100", Some("6.734350")),
            ("115", "100", Some("9.866606")),
            ("116", "100", Some("10.475656")),
            ("0", "100", Some("141.421356")),
            ("0", "0", None),
            ("-1", "100", None),
            ("100", "-1", None),
        ] {
            let computed =
                coefficient_of_variation(d(one), d(other)).map(|percent| shown(percent, 6));
            assert_eq!(computed.as_deref(), percent, "{one} {other}");
        }
        assert_eq!(
            shown(HUNDRED_ROOTS_OF_TWO, 24),
            "141.421356237309504880168872"
        );
    }

    #[test]
    fn doublings_are_the_binary_logarithm_of_the_ratio() {
        for (seeded, harvested, doublings) in [
            ("500000", "4000000", Ok("3")),
            ("530", "190000", Ok("8.485791")),
            ("100", "100", Ok("0")),
            ("4000000", "500000", Ok("-3")),
            ("0.5", "4", Ok("3")),
            ("0", "1", Err(NotComputable::NothingSeeded)),
            ("0", "0", Err(NotComputable::NothingSeeded)),
            ("1", "0", Err(NotComputable::NothingHarvested)),
            ("-1", "1", Err(NotComputable::BelowZero)),
            ("1", "-1", Err(NotComputable::BelowZero)),
        ] {
            assert_eq!(
                population_doublings(d(seeded), d(harvested)),
                doublings.map(d),
                "{seeded} {harvested}"
            );
        }
        assert_eq!(
            shown(population_doublings(d("500000"), d("4000000")).unwrap(), 3),
            "3.000"
        );
    }

    #[test]
    fn doubling_time_is_time_over_doublings() {
        let hours = doubling_time_hours(d("300000"), d("2500000"), d("95")).unwrap();
        assert_eq!(shown(hours, 2), "31.06");
        for (seeded, harvested, hours, refusal) in [
            ("100", "100", "95", NotComputable::NoGrowth),
            ("100", "99", "95", NotComputable::NoGrowth),
            ("100", "200", "0", NotComputable::NoTime),
            ("100", "200", "-1", NotComputable::NoTime),
            ("100", "0", "95", NotComputable::NothingHarvested),
            ("0", "100", "95", NotComputable::NothingSeeded),
        ] {
            assert_eq!(
                doubling_time_hours(d(seeded), d(harvested), d(hours)),
                Err(refusal)
            );
        }
        assert_eq!(
            doubling_time_hours(d("100"), d("200"), d("24")),
            Ok(d("24"))
        );
    }

    #[test]
    fn density_is_cells_over_area() {
        assert_eq!(
            shown(seeding_density(d("530"), d("176")).unwrap(), 2),
            "3.01"
        );
        assert_eq!(
            seeding_density(d("530"), d("0")),
            Err(NotComputable::NoArea)
        );
        assert_eq!(
            seeding_density(d("530"), d("-1")),
            Err(NotComputable::BelowZero)
        );
    }

    #[test]
    fn fold_is_harvested_over_seeded() {
        assert_eq!(fold(d("500000"), d("4000000")), Ok(d("8")));
        assert_eq!(fold(d("500000"), d("0")), Ok(d("0")));
        assert_eq!(fold(d("0"), d("1")), Err(NotComputable::NothingSeeded));
    }

    #[test]
    fn colonies_are_counted_in_a_named_unit() {
        for (colonies, plated, unit, cfu) in [
            ("25", "1000000", CfuUnit::PerMillionMononuclear, Ok("25")),
            ("25", "500000", CfuUnit::PerMillionMononuclear, Ok("50")),
            ("12", "100", CfuUnit::PerThousandCells, Ok("120")),
            ("12", "100", CfuUnit::PlatingEfficiency, Ok("12")),
            ("100", "100", CfuUnit::PlatingEfficiency, Ok("100")),
            (
                "101",
                "100",
                CfuUnit::PlatingEfficiency,
                Err(NotComputable::MoreColoniesThanCells),
            ),
            ("0", "100", CfuUnit::PerThousandCells, Ok("0")),
            (
                "0",
                "0",
                CfuUnit::PerThousandCells,
                Err(NotComputable::NothingPlated),
            ),
            (
                "-1",
                "100",
                CfuUnit::PerThousandCells,
                Err(NotComputable::BelowZero),
            ),
        ] {
            assert_eq!(
                cfu_f(d(colonies), d(plated), unit),
                cfu.map(d),
                "{colonies} of {plated}, {}",
                unit.words()
            );
        }
    }

    #[test]
    fn a_count_of_colonies_names_its_unit() {
        for (unit, words) in [
            (CfuUnit::PerMillionMononuclear, "CFU-F per 10^6 MNC"),
            (CfuUnit::PerThousandCells, "CFU-F per 1000 cells"),
            (CfuUnit::PlatingEfficiency, "% plating efficiency"),
        ] {
            assert_eq!(unit.words(), words);
        }
    }

    #[test]
    fn absurd_figures_do_not_panic() {
        let absurd = [
            Decimal::MAX,
            Decimal::MIN,
            Decimal::ZERO,
            Decimal::ONE,
            Decimal::new(1, 28),
            Decimal::new(-1, 28),
        ];
        for a in absurd {
            for b in absurd {
                let _ = coefficient_of_variation(a, b);
                let _ = (
                    viability(a, b),
                    population_doublings(a, b),
                    fold(a, b),
                    seeding_density(a, b),
                );
                let _ = cfu_f(a, b, CfuUnit::PerMillionMononuclear);
                for c in absurd {
                    let _ = doubling_time_hours(a, b, c);
                }
            }
        }
        assert_eq!(
            fold(Decimal::new(1, 28), Decimal::MAX),
            Err(NotComputable::OutOfRange)
        );
        // The doublings of the same absurd figures fit.
        assert!(population_doublings(Decimal::new(1, 28), Decimal::MAX).is_ok());
    }
}
