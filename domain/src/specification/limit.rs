//! Limits: how they are spelled in a document, and printed.

use crate::{
    decimal::{self, DecimalSign, repeated},
    measure::Measure,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One bound of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The value, with the digits that the document wrote.
    pub value: Decimal,
    /// Whether the value itself is within the limit; strict and inclusive limits both occur in print.
    pub inclusive: bool,
}

/// What a result must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Limit {
    /// A number not less than, or above, a bound.
    Minimum {
        /// The bound.
        low: Bound,
    },
    /// A number not more than, or below, a bound.
    Maximum {
        /// The bound.
        high: Bound,
    },
    /// A number between two bounds.
    Range {
        /// The lower bound.
        low: Bound,
        /// The upper bound.
        high: Bound,
    },
    /// Exactly this number.
    Exactly {
        /// The number.
        value: Decimal,
    },
    /// This category.
    Equals {
        /// The category.
        category: String,
    },
    /// One of these categories.
    OneOf {
        /// The categories.
        categories: Vec<String>,
    },
    /// Endotoxin in EU/mL, computed from the recipient's weight.
    Endotoxin(Endotoxin),
}

/// An endotoxin limit: K × weight × duration / volume, not more than. An infusion shorter than one hour counts as one
/// hour (Ph. Eur. 5.1.10; K is 5 EU/kg/h intravenous, 0.2 EU/kg/h intrathecal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endotoxin {
    /// The threshold in EU per kg of body weight and hour.
    pub k: Decimal,
    /// The volume infused, in mL.
    pub volume_ml: Decimal,
    /// The duration of the infusion, in hours.
    pub duration_h: Decimal,
}

impl Endotoxin {
    /// The hours that count: at least one.
    #[must_use]
    pub fn hours(self) -> Decimal {
        self.duration_h.max(Decimal::ONE)
    }

    /// The endotoxin that this recipient may be given in one infusion, in EU; `None` where the weight is not above zero.
    #[must_use]
    pub fn units_allowed(self, weight_kg: Decimal) -> Option<Decimal> {
        if weight_kg <= Decimal::ZERO {
            return None;
        }
        self.k.checked_mul(weight_kg)?.checked_mul(self.hours())
    }

    /// The limit in EU/mL for this recipient, rounded down to `decimals`, so that what is printed never allows more
    /// than what is judged. Judging compares [`Self::units_allowed`] without dividing.
    #[must_use]
    pub fn per_millilitre(self, weight_kg: Decimal, decimals: u32) -> Option<Decimal> {
        let limit = self.units_allowed(weight_kg)?.checked_div(self.volume_ml)?;
        Some(limit.round_dp_with_strategy(decimals, RoundingStrategy::ToZero))
    }

    fn text(self, unit: Measure, weight_kg: Option<Decimal>, decimals: Option<u32>) -> String {
        let computed = weight_kg.and_then(|weight| {
            let limit = self.per_millilitre(weight, decimals.unwrap_or(2))?;
            Some((weight, limit))
        });
        let (k, hours, volume) = (
            self.k.normalize(),
            self.hours().normalize(),
            self.volume_ml.normalize(),
        );
        match computed {
            Some((weight, limit)) => {
                let limit = match decimals {
                    Some(decimals) => decimal::shown(limit, decimals),
                    None => limit.normalize().to_string(),
                };
                format!(
                    "≤ {} ({k} EU/kg/h × {} kg × {hours} h / {volume} mL)",
                    unit.after(limit),
                    weight.normalize(),
                )
            }
            None => format!("≤ {k} EU/kg/h × body weight × {hours} h / {volume} mL"),
        }
    }
}

impl Limit {
    /// The limit as papers print it, with its unit.
    pub fn text(&self, unit: Measure, weight_kg: Option<Decimal>, decimals: Option<u32>) -> String {
        match self {
            Self::Minimum { low } => format!("{} {}", low.sign(">", "≥"), unit.after(low.value)),
            Self::Maximum { high } => format!("{} {}", high.sign("<", "≤"), unit.after(high.value)),
            Self::Range { low, high } => format!(
                "{} {} and {} {}",
                low.sign(">", "≥"),
                low.value,
                high.sign("<", "≤"),
                unit.after(high.value),
            ),
            Self::Exactly { value } => format!("= {}", unit.after(value)),
            Self::Equals { category } => category.clone(),
            Self::OneOf { categories } => format!("one of: {}", categories.join("; ")),
            Self::Endotoxin(endotoxin) => endotoxin.text(unit, weight_kg, decimals),
        }
    }

    /// The lower and the upper bound that the limit sets on a number as it stands; `None` where it sets none: on a
    /// category, or computed from the recipient.
    #[must_use]
    pub fn bounds(&self) -> Option<(Option<Bound>, Option<Bound>)> {
        match *self {
            Self::Minimum { low } => Some((Some(low), None)),
            Self::Maximum { high } => Some((None, Some(high))),
            Self::Range { low, high } => Some((Some(low), Some(high))),
            Self::Exactly { value } => {
                let bound = Some(Bound {
                    value,
                    inclusive: true,
                });
                Some((bound, bound))
            }
            Self::Equals { .. } | Self::OneOf { .. } | Self::Endotoxin(_) => None,
        }
    }

    /// Whether a number as it stands, unrounded, meets the limit; `false` where it sets no bounds on one.
    #[must_use]
    pub fn admits(&self, number: Decimal) -> bool {
        let at = |bound: Bound| bound.inclusive && number == bound.value;
        self.bounds().is_some_and(|(low, high)| {
            low.is_none_or(|low| number > low.value || at(low))
                && high.is_none_or(|high| number < high.value || at(high))
        })
    }

    /// The decimals that the limit is written with, for rounding a result to them; `None` where it holds no number
    /// of its own.
    #[must_use]
    pub fn digits(&self) -> Option<u32> {
        match self {
            Self::Minimum { low: bound } | Self::Maximum { high: bound } => {
                Some(bound.value.scale())
            }
            // The parser refuses bounds of different digits where results are rounded to them.
            Self::Range { low, high } => Some(low.value.scale().max(high.value.scale())),
            Self::Exactly { value } => Some(value.scale()),
            Self::Equals { .. } | Self::OneOf { .. } | Self::Endotoxin(_) => None,
        }
    }
}

impl Bound {
    fn sign(self, strict: &'static str, inclusive: &'static str) -> &'static str {
        if self.inclusive { inclusive } else { strict }
    }
}

/// A limit on a number that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotALimit {
    /// No text.
    #[error("the limit is empty; write one, or say `informative = true`")]
    Empty,
    /// No sign before a number.
    #[error("“{part}” has no sign; write >=, >, <=, < or = before the number")]
    NoSign {
        /// The part of the text.
        part: String,
    },
    /// No exact number after the sign.
    #[error("“{text}” is not an exact number; write it as 70 or 0.5")]
    NoNumber {
        /// What stands where the number is expected.
        text: String,
    },
    /// More than one lower and one upper bound.
    #[error(
        "a limit is one bound, or a lower and an upper bound joined by “and”, as in > 70 and <= 95"
    )]
    TooManyBounds,
    /// Nothing lies between the bounds.
    #[error("no value can meet this limit: the lower bound {low} is above the upper bound {high}")]
    Nothing {
        /// The lower bound.
        low: String,
        /// The upper bound.
        high: String,
    },
}

impl FromStr for Limit {
    type Err = NotALimit;

    /// Reads a limit on a number: `>= 70`, `< 5`, `> 70 and <= 95`, `= 0`; the printed signs ≥ and ≤ are read too.
    fn from_str(text: &str) -> Result<Self, NotALimit> {
        if text.trim().is_empty() {
            return Err(NotALimit::Empty);
        }
        let (mut low, mut high) = (None, None);
        let parts: Vec<&str> = text.split(" and ").collect();
        for part in &parts {
            let (sign, value) = comparison(part)?;
            let (slot, inclusive) = match sign {
                ">=" | "≥" => (&mut low, true),
                ">" => (&mut low, false),
                "<=" | "≤" => (&mut high, true),
                "<" => (&mut high, false),
                _ if parts.len() == 1 => return Ok(Self::Exactly { value }),
                _ => return Err(NotALimit::TooManyBounds),
            };
            if slot.replace(Bound { value, inclusive }).is_some() {
                return Err(NotALimit::TooManyBounds);
            }
        }
        match (low, high) {
            (Some(low), None) => Ok(Self::Minimum { low }),
            (None, Some(high)) => Ok(Self::Maximum { high }),
            (Some(low), Some(high)) => Self::range(low, high),
            (None, None) => Err(NotALimit::Empty),
        }
    }
}

impl Limit {
    fn range(low: Bound, high: Bound) -> Result<Self, NotALimit> {
        let within_both = low.inclusive && high.inclusive;
        if low.value > high.value || (low.value == high.value && !within_both) {
            return Err(NotALimit::Nothing {
                low: low.value.to_string(),
                high: high.value.to_string(),
            });
        }
        Ok(Self::Range { low, high })
    }
}

fn comparison(part: &str) -> Result<(&str, Decimal), NotALimit> {
    let part = part.trim();
    let sign = [">=", "<=", "≥", "≤", ">", "<", "="]
        .into_iter()
        .find(|sign| part.starts_with(sign))
        .ok_or_else(|| NotALimit::NoSign {
            part: repeated(part),
        })?;
    let number = part[sign.len()..].trim();
    let value = exact(number).ok_or_else(|| NotALimit::NoNumber {
        text: repeated(number),
    })?;
    Ok((sign, value))
}

/// Reads a number as documents write it: digits, one point at most, a minus. Stricter than what a person may type: no
/// comma, no space, so that a document has one spelling.
pub(crate) fn exact(text: &str) -> Option<Decimal> {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    // The format of documents declares the point as the decimal sign: 1.005 is read in one way.
    plain
        .then(|| decimal::read(text, DecimalSign::Point, &|_| true).ok())
        .flatten()
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
