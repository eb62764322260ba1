//! The arithmetic of expansion and dose: viability, population doublings, density, CFU-F, dose per kilogram, expiry.
//!
//! All of it is decimal arithmetic, also the logarithm ([`population_doublings`]), so that the tablet, the server and
//! the auditor's check come to the same digits on any machine. Quotients keep the 28 digits of a
//! [`Decimal`]; doublings and doubling times are rounded to [`DECIMALS`]. A limit is compared with a figure as it comes from
//! here; only what is shown is rounded further.

mod dose;
mod formulas;
mod logarithm;
mod passages;
mod plausibility;

pub use dose::{dose_per_kg, expiry, recovery_after_thaw};
pub use formulas::{
    CfuUnit, cfu_f, coefficient_of_variation, doubling_time_hours, fold, population_doublings,
    seeding_density, viability, viable_above_total,
};
pub use passages::{PassageCounts, PassageGrowth, Seeded, expansion};
pub use plausibility::{ImplausibleTotal, PrintedTotal, implausible_totals};

use crate::decimal::shown;
use rust_decimal::Decimal;

/// Decimals of a figure that comes from a logarithm.
pub const DECIMALS: u32 = 6;

/// A figure of the record, or why there is none. None of the others is ever a zero or a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Computed.
    Value(Decimal),
    /// It can't be computed from what is recorded, and won't be.
    NotComputable(NotComputable),
    /// A count that it needs is not recorded yet.
    Pending,
}

impl Figure {
    /// The value, where there is one.
    #[must_use]
    pub fn value(self) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(value),
            Self::NotComputable(_) | Self::Pending => None,
        }
    }

    /// The value with so many decimals, or the words that stand in its place in a table.
    #[must_use]
    pub fn shown(self, decimals: u32) -> String {
        match self {
            Self::Value(value) => shown(value, decimals),
            Self::NotComputable(_) => "not computable".to_owned(),
            Self::Pending => "pending".to_owned(),
        }
    }
}

impl From<Result<Decimal, NotComputable>> for Figure {
    fn from(computed: Result<Decimal, NotComputable>) -> Self {
        computed.map_or_else(Self::NotComputable, Self::Value)
    }
}

/// Why a figure can't be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotComputable {
    /// Mononuclear cells were seeded, and how many MSC were among them is not known.
    #[error(
        "Not computable: mononuclear cells were seeded, and how many MSC are among them is not known."
    )]
    Mononuclear,
    /// The cumulative doublings of passage 0.
    #[error("Not computable: cumulative doublings start at passage 1.")]
    StartsAtPassage1,
    /// A sum with a passage before this one that has no figure.
    #[error("Not computable: a passage before this one is missing, out of order or has no figure.")]
    EarlierPassage,
    /// Viable and dead cells are both zero.
    #[error("Not computable: no cells were counted.")]
    NothingCounted,
    /// No viable cells seeded.
    #[error("Not computable: the count of cells seeded is 0.")]
    NothingSeeded,
    /// No viable cells harvested, so no logarithm of their ratio.
    #[error("Not computable: the count of viable cells harvested is 0.")]
    NothingHarvested,
    /// No viable cells frozen.
    #[error("Not computable: the count of viable cells frozen is 0.")]
    NothingFrozen,
    /// The cells did not increase, so they have no doubling time.
    #[error(
        "Not computable: no more viable cells were harvested than seeded, so they did not double."
    )]
    NoGrowth,
    /// The harvest is not after the seeding.
    #[error(
        "Not computable: the time of the harvest is not after the time of seeding. Check both times."
    )]
    NoTime,
    /// No area recorded, or zero.
    #[error("Not computable: the culture area is not recorded or 0.")]
    NoArea,
    /// Body weight zero.
    #[error("Not computable: the body weight is 0.")]
    NoWeight,
    /// No cells plated for the colony count.
    #[error("Not computable: the count of cells plated is 0.")]
    NothingPlated,
    /// More colonies than cells.
    #[error("Not computable: more colonies are counted than cells were plated. Check both counts.")]
    MoreColoniesThanCells,
    /// The shelf life is zero or below.
    #[error("Not computable: the shelf life must be longer than 0.")]
    NoShelfLife,
    /// A count, area, weight or time below zero.
    #[error("Not computable: one of the figures it needs is below 0.")]
    BelowZero,
    /// The result has more digits than are kept.
    #[error("Not computable: the figures are too large or too small to be real. Check them.")]
    OutOfRange,
}

/// Refuses figures below zero.
fn not_below_zero(figures: &[Decimal]) -> Result<(), NotComputable> {
    if figures.iter().any(|figure| *figure < Decimal::ZERO) {
        Err(NotComputable::BelowZero)
    } else {
        Ok(())
    }
}

/// `factor` x `part` / `whole`; `nothing` where the whole is zero.
fn quotient(
    factor: Decimal,
    part: Decimal,
    whole: Decimal,
    nothing: NotComputable,
) -> Result<Decimal, NotComputable> {
    not_below_zero(&[part, whole])?;
    if whole.is_zero() {
        return Err(nothing);
    }
    part.checked_mul(factor)
        .and_then(|part| part.checked_div(whole))
        .ok_or(NotComputable::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_without_a_value_is_no_zero() {
        let figure = Figure::Value(Decimal::TEN);
        assert_eq!(figure.value(), Some(Decimal::TEN));
        for none in [
            Figure::Pending,
            Figure::NotComputable(NotComputable::NothingSeeded),
        ] {
            assert_eq!(none.value(), None);
        }
    }
}
