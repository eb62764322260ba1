//! Whether printed cumulative totals follow from the counts of each passage.

use crate::decimal::{grouped, significant};
use rust_decimal::Decimal;
use std::fmt;

/// A cumulative total as printed or typed, with the fold expansion that was counted at its passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedTotal {
    /// The passage.
    pub passage: u16,
    /// Viable harvested / viable seeded at this passage.
    pub fold: Decimal,
    /// All cells that the culture would have had, were none taken away.
    pub total: Decimal,
}

/// A total that does not follow from the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImplausibleTotal {
    /// The passage.
    pub passage: u16,
    /// The total as given.
    pub total: Decimal,
    /// The total that the counts and the other totals give; `None` where they give none.
    pub expected: Option<Decimal>,
}

impl fmt::Display for ImplausibleTotal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = grouped(self.total);
        write!(
            f,
            "The cumulative total {total} of passage {} does not follow from the counts",
            self.passage
        )?;
        if let Some(expected) = self.expected {
            write!(
                f,
                ", which give about {}",
                grouped(significant(expected, 2).round())
            )?;
        }
        write!(f, ". Check it against its source.")
    }
}

/// The totals that differ from what the counts give by more than so many per cent.
///
/// Each total, divided by the folds up to its passage, gives the cells at the start; these should be one number. The
/// median is taken for it, so that of three totals the wrong one is named and not those around it. Of two that
/// disagree both are named.
#[must_use]
pub fn implausible_totals(
    totals: &[PrintedTotal],
    tolerance_percent: Decimal,
) -> Vec<ImplausibleTotal> {
    let mut folds = Some(Decimal::ONE);
    let chain: Vec<(PrintedTotal, Option<Decimal>)> = totals
        .iter()
        .map(|printed| {
            let counted = printed.fold > Decimal::ZERO;
            folds = folds
                .filter(|_| counted)
                .and_then(|folds| folds.checked_mul(printed.fold));
            (*printed, folds.filter(|folds| !folds.is_zero()))
        })
        .collect();
    let starts = chain
        .iter()
        .filter_map(|(printed, folds)| start(printed.total, *folds))
        .collect();
    let middle = median(starts);
    let implausible = |(printed, folds): (PrintedTotal, Option<Decimal>)| {
        let expected = middle
            .zip(folds)
            .and_then(|(middle, folds)| middle.checked_mul(folds));
        let follows =
            expected.is_some_and(|expected| within(printed.total, expected, tolerance_percent));
        (!follows).then_some(ImplausibleTotal {
            passage: printed.passage,
            total: printed.total,
            expected,
        })
    };
    chain.into_iter().filter_map(implausible).collect()
}

/// The cells at the start that this total implies.
fn start(total: Decimal, folds: Option<Decimal>) -> Option<Decimal> {
    if total <= Decimal::ZERO {
        return None;
    }
    total.checked_div(folds?)
}

fn median(mut numbers: Vec<Decimal>) -> Option<Decimal> {
    numbers.sort_unstable();
    let upper = *numbers.get(numbers.len() / 2)?;
    let lower = *numbers.get(numbers.len().checked_sub(1)? / 2)?;
    upper.checked_add(lower)?.checked_div(Decimal::TWO)
}

/// Whether the total differs from the expected one by no more than so many per cent of it.
fn within(total: Decimal, expected: Decimal, percent: Decimal) -> bool {
    let difference = total
        .checked_sub(expected)
        .map(|difference| difference.abs());
    let hundredfold =
        difference.and_then(|difference| difference.checked_mul(Decimal::ONE_HUNDRED));
    let allowed = expected.checked_mul(percent);
    hundredfold
        .zip(allowed)
        .is_some_and(|(hundredfold, allowed)| hundredfold <= allowed)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;

    /// Colter, Class, DiGirolamo, Prockop, PNAS 2000;97:3213, table 2: harvest of 530 cells seeded and the cumulative
    /// total of MSC as printed, passages 1 to 3. Printed with two digits.
    const COLTER_58R: [(i64, i64); 3] = [
        (80_000, 70_000_000),
        (1_100_000, 15_000_000_000),
        (230_000, 65_000_000_000_000),
    ];
    const COLTER_58L: [(i64, i64); 3] = [
        (86_000, 110_000_000),
        (420_000, 11_000_000_000),
        (310_000, 50_000_000_000_000),
    ];
    const COLTER_59R: [(i64, i64); 3] = [
        (190_000, 280_000_000),
        (240_000, 130_000_000_000),
        (750_000, 180_000_000_000_000),
    ];
    const COLTER_59L: [(i64, i64); 3] = [
        (140_000, 240_000_000),
        (170_000, 78_000_000_000),
        (500_000, 74_000_000_000_000),
    ];

    fn printed(rows: &[(i64, i64)]) -> Vec<PrintedTotal> {
        (1..)
            .zip(rows)
            .map(|(passage, (harvested, total))| PrintedTotal {
                passage,
                fold: Decimal::from(*harvested) / Decimal::from(530),
                total: Decimal::from(*total),
            })
            .collect()
    }

    // A11d-10.1
    #[test]
    fn totals_that_do_not_follow_from_the_counts_are_named() {
        for (donor, rows, wrong) in [
            ("58R", COLTER_58R, vec![2]),
            ("58L", COLTER_58L, vec![2]),
            ("59R", COLTER_59R, vec![]),
            ("59L", COLTER_59L, vec![]),
        ] {
            let named: Vec<u16> = implausible_totals(&printed(&rows), Decimal::TEN)
                .iter()
                .map(|total| total.passage)
                .collect();
            assert_eq!(named, wrong, "{donor}");
        }
    }

    #[test]
    fn the_words_name_the_total_and_what_the_counts_give() {
        let implausible = implausible_totals(&printed(&COLTER_58R), Decimal::TEN);
        let words = implausible
            .first()
            .unwrap()
            .to_string()
            .replace('\u{202f}', " ");
        assert_eq!(
            words,
            "The cumulative total 15 000 000 000 of passage 2 does not follow from the counts, which give about \
             150 000 000 000. Check it against its source."
        );
    }

    #[test]
    fn the_tolerance_itself_is_within() {
        let row = |passage, fold, total| PrintedTotal {
            passage,
            fold: Decimal::from(fold),
            total: Decimal::from(total),
        };
        let rows = |last| [row(1, 10, 1000), row(2, 10, 10_000), row(3, 10, last)];
        assert!(implausible_totals(&rows(110_000), Decimal::TEN).is_empty());
        assert!(implausible_totals(&rows(90_000), Decimal::TEN).is_empty());
        assert_eq!(implausible_totals(&rows(110_001), Decimal::TEN).len(), 1);
        assert_eq!(implausible_totals(&rows(89_999), Decimal::TEN).len(), 1);
        let two = [row(1, 10, 1000), row(2, 10, 100_000)];
        assert_eq!(
            implausible_totals(&two, Decimal::TEN).len(),
            2,
            "of two it can't be said which"
        );
        assert!(implausible_totals(&[row(1, 10, 1000)], Decimal::TEN).is_empty());
        assert!(implausible_totals(&[], Decimal::TEN).is_empty());
    }

    #[test]
    fn absurd_totals_are_named_and_do_not_panic() {
        let absurd = [
            Decimal::MIN,
            Decimal::ZERO,
            Decimal::new(1, 28),
            Decimal::MAX,
        ];
        for fold in absurd {
            for total in absurd {
                let rows = [PrintedTotal {
                    passage: 1,
                    fold,
                    total,
                }; 3];
                for tolerance in absurd {
                    let named = implausible_totals(&rows, tolerance);
                    assert!(fold > Decimal::ZERO && total > Decimal::ZERO || named.len() == 3);
                    let _ = named.iter().map(ToString::to_string).collect::<Vec<_>>();
                }
            }
        }
    }
}
