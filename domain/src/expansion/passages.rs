//! The growth of a culture over its passages.

use super::{
    Figure, NotComputable, doubling_time_hours, fold, population_doublings, seeding_density,
    viability,
};
use crate::time::Timestamp;
use rust_decimal::Decimal;

/// What was seeded at the start of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeded {
    /// So many viable cells, counted as they are at the harvest.
    Viable(Decimal),
    /// So many mononuclear cells, of which an unknown part are MSC: passage 0.
    Mononuclear(Decimal),
}

impl Seeded {
    /// How many cells, of whichever kind.
    #[must_use]
    pub fn cells(self) -> Decimal {
        match self {
            Self::Viable(cells) | Self::Mononuclear(cells) => cells,
        }
    }
}

/// The counts of one passage, as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageCounts {
    /// Its number; 0 is the primary culture.
    pub passage: u16,
    /// What was seeded.
    pub seeded: Seeded,
    /// The area of all its vessels in cm2.
    pub area_cm2: Option<Decimal>,
    /// When it was seeded; `None` while that is being recorded.
    pub seeded_at: Option<Timestamp>,
    /// Viable cells at its harvest; `None` before.
    pub harvested_viable: Option<Decimal>,
    /// Dead cells at its harvest; `None` before.
    pub harvested_dead: Option<Decimal>,
    /// When it was harvested; `None` before.
    pub harvested_at: Option<Timestamp>,
}

/// The figures of one passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageGrowth {
    /// Its number.
    pub passage: u16,
    /// Population doublings; negative where cells were lost.
    pub doublings: Figure,
    /// Cumulative population doublings from passage 1 to this one.
    pub cumulative_doublings: Figure,
    /// Doubling time in hours.
    pub doubling_time_hours: Figure,
    /// Viable harvested / viable seeded.
    pub fold: Figure,
    /// Cells seeded (of the kind that was seeded) per cm2.
    pub seeding_density: Figure,
    /// Viability at harvest in %.
    pub viability: Figure,
    /// Fewer viable cells were harvested than seeded.
    pub loss: bool,
}

/// The figures of each passage, in the order given.
///
/// Doublings are those of viable cells to viable cells. Passage 0 has none where mononuclear cells were seeded, and is in no
/// sum. The sum needs each passage from 1 on, in order, with its figure: after one without, there is none.
#[must_use]
pub fn expansion(passages: &[PassageCounts]) -> Vec<PassageGrowth> {
    let mut sum = Figure::Value(Decimal::ZERO);
    let mut last = 0_u16;
    let mut growth = Vec::with_capacity(passages.len());
    for counts in passages {
        let doublings = doublings(counts);
        let cumulative_doublings = if counts.passage == 0 {
            Figure::NotComputable(NotComputable::StartsAtPassage1)
        } else {
            let next = last.checked_add(1) == Some(counts.passage);
            last = counts.passage;
            sum = if next {
                sum_of(sum, doublings)
            } else {
                Figure::NotComputable(NotComputable::EarlierPassage)
            };
            sum
        };
        growth.push(figures(counts, doublings, cumulative_doublings));
    }
    growth
}

fn figures(
    counts: &PassageCounts,
    doublings: Figure,
    cumulative_doublings: Figure,
) -> PassageGrowth {
    let density = counts.area_cm2.map_or(Err(NotComputable::NoArea), |area| {
        seeding_density(counts.seeded.cells(), area)
    });
    let viability = match (counts.harvested_viable, counts.harvested_dead) {
        (Some(viable), Some(dead)) => viability(viable, dead).into(),
        _ => Figure::Pending,
    };
    let lost = |(seeded, harvested)| seeded > harvested;
    PassageGrowth {
        passage: counts.passage,
        doublings,
        cumulative_doublings,
        doubling_time_hours: doubling_time(counts),
        fold: of_viable(counts, fold),
        seeding_density: density.into(),
        viability,
        loss: viable_pair(counts).ok().flatten().is_some_and(lost),
    }
}

/// Viable seeded and viable harvested; `Ok(None)` before the harvest.
fn viable_pair(counts: &PassageCounts) -> Result<Option<(Decimal, Decimal)>, NotComputable> {
    match counts.seeded {
        Seeded::Mononuclear(_) => Err(NotComputable::Mononuclear),
        Seeded::Viable(seeded) => Ok(counts.harvested_viable.map(|harvested| (seeded, harvested))),
    }
}

/// A figure of viable seeded and viable harvested.
fn of_viable(
    counts: &PassageCounts,
    formula: impl FnOnce(Decimal, Decimal) -> Result<Decimal, NotComputable>,
) -> Figure {
    match viable_pair(counts) {
        Err(reason) => Figure::NotComputable(reason),
        Ok(None) => Figure::Pending,
        Ok(Some((seeded, harvested))) => formula(seeded, harvested).into(),
    }
}

fn doublings(counts: &PassageCounts) -> Figure {
    of_viable(counts, population_doublings)
}

fn doubling_time(counts: &PassageCounts) -> Figure {
    match (
        viable_pair(counts),
        counts.seeded_at.zip(counts.harvested_at),
    ) {
        (Err(reason), _) => Figure::NotComputable(reason),
        (Ok(Some((seeded, harvested))), Some((start, end))) => hours(start, end)
            .and_then(|hours| doubling_time_hours(seeded, harvested, hours))
            .into(),
        _ => Figure::Pending,
    }
}

/// Hours from `start` to `end`, exact to the microsecond.
fn hours(start: Timestamp, end: Timestamp) -> Result<Decimal, NotComputable> {
    let micros = end
        .since(start)
        .num_microseconds()
        .ok_or(NotComputable::OutOfRange)?;
    Decimal::from(micros)
        .checked_div(Decimal::from(3_600_000_000_i64))
        .ok_or(NotComputable::OutOfRange)
}

/// The sum of the passages before and this one's doublings, where both are there.
fn sum_of(before: Figure, doublings: Figure) -> Figure {
    match (before, doublings) {
        (Figure::Value(before), Figure::Value(doublings)) => before
            .checked_add(doublings)
            .ok_or(NotComputable::OutOfRange)
            .into(),
        (Figure::NotComputable(_), _) => Figure::NotComputable(NotComputable::EarlierPassage),
        (Figure::Value(_), Figure::NotComputable(reason)) => Figure::NotComputable(reason),
        (Figure::Pending, _) | (_, Figure::Pending) => Figure::Pending,
    }
}

#[cfg(test)]
mod tests;
