//! Results of tests, as they are entered and stored.

use crate::{
    decimal::{self, DecimalSign, NotANumber},
    measure::{Impossible, Quantity},
    specification::{Criterion, ResultKind},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest text that a result may be.
const LONGEST: usize = 2000;

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum ResultValue {
    /// A number, with the digits that were entered.
    Number(Decimal),
    /// A number of which only a bound is known: `< 0.05`, `> 95`.
    Censored {
        /// On which side of the bound.
        sign: Sign,
        /// The bound.
        bound: Decimal,
    },
    /// One of the categories of the criterion.
    Category(String),
    /// Free text.
    Text(String),
}

/// On which side of its bound a censored number lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sign {
    /// Below the bound.
    #[serde(rename = "<")]
    Below,
    /// At the bound or below.
    #[serde(rename = "<=")]
    AtMost,
    /// Above the bound.
    #[serde(rename = ">")]
    Above,
    /// At the bound or above.
    #[serde(rename = ">=")]
    AtLeast,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Below => "<",
            Self::AtMost => "≤",
            Self::Above => ">",
            Self::AtLeast => "≥",
        })
    }
}

/// As it was entered, without a unit: `97.0`, `< 0.05`, `no growth`.
impl fmt::Display for ResultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Censored { sign, bound } => write!(f, "{sign} {bound}"),
            Self::Category(text) | Self::Text(text) => f.write_str(text),
        }
    }
}

/// A text that is no result of this criterion's test.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAResult {
    /// Nothing was entered.
    #[error("No result is entered for {test}. Enter one, or leave the test pending.")]
    Empty {
        /// The test.
        test: String,
    },
    /// Not a number.
    #[error("{0}")]
    Number(NotANumber),
    /// A number that the unit can't have.
    #[error("{0}")]
    Impossible(Impossible),
    /// A bound that leaves no possible value: `< 0 %`, `> 100 %`.
    #[error("{value} leaves no possible value. Check the sign and the figure.")]
    NothingLeft {
        /// The censored number with its unit.
        value: String,
    },
    /// A word that the test doesn't know.
    #[error("“{text}” is no result of {test}. Enter one of: {}.", allowed.join("; "))]
    UnknownCategory {
        /// What was entered.
        text: String,
        /// The test.
        test: String,
        /// What it can find.
        allowed: Vec<String>,
    },
    /// More than a certificate can print.
    #[error(
        "The result has {length} characters; at most {LONGEST} are kept. Shorten it, or attach a report."
    )]
    TooLong {
        /// How many it has.
        length: usize,
    },
}

impl ResultValue {
    /// The number, or the bound of a censored one.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) | Self::Censored { bound: number, .. } => Some(*number),
            Self::Category(_) | Self::Text(_) => None,
        }
    }

    /// Reads a result as a person typed it, for the test of this criterion: `97`, `79,9`, `<0.05`, `>= 95`, a category
    /// in any case of letters.
    ///
    /// # Errors
    /// [`NotAResult`] for what the test can't have found.
    pub fn read(text: &str, criterion: &Criterion) -> Result<Self, NotAResult> {
        Self::read_declared(text, criterion, DecimalSign::Either)
    }

    /// The same where the decimal sign is declared, as for a file.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_declared(
        text: &str,
        criterion: &Criterion,
        decimal_sign: DecimalSign,
    ) -> Result<Self, NotAResult> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAResult::Empty {
                test: criterion.test.clone(),
            });
        }
        match &criterion.result {
            ResultKind::Number { .. } => read_number(text, criterion, decimal_sign),
            ResultKind::Category { allowed } => read_category(text, allowed, criterion),
            ResultKind::Text => {
                let length = text.chars().count();
                if length > LONGEST {
                    return Err(NotAResult::TooLong { length });
                }
                Ok(Self::Text(text.to_owned()))
            }
        }
    }
}

/// The signs of a bound as they are typed, printed, and written into web pages by other programs.
const SIGNS: [(&str, Sign); 18] = [
    ("<=", Sign::AtMost),
    ("≤", Sign::AtMost),
    ("⩽", Sign::AtMost),
    ("≦", Sign::AtMost),
    ("＜=", Sign::AtMost),
    ("&lt;=", Sign::AtMost),
    ("&le;", Sign::AtMost),
    ("<", Sign::Below),
    ("＜", Sign::Below),
    ("&lt;", Sign::Below),
    (">=", Sign::AtLeast),
    ("≥", Sign::AtLeast),
    ("⩾", Sign::AtLeast),
    ("≧", Sign::AtLeast),
    ("&gt;=", Sign::AtLeast),
    ("&ge;", Sign::AtLeast),
    (">", Sign::Above),
    ("＞", Sign::Above),
];

/// The sign that a typed bound begins with, and what follows it.
#[must_use]
pub fn sign_of(text: &str) -> Option<(Sign, &str)> {
    let after = |(written, sign): (&str, Sign)| Some((sign, text.strip_prefix(written)?.trim()));
    let entity = || Some((Sign::Above, text.strip_prefix("&gt;")?.trim()));
    SIGNS.into_iter().find_map(after).or_else(entity)
}

fn read_number(
    text: &str,
    criterion: &Criterion,
    decimal_sign: DecimalSign,
) -> Result<ResultValue, NotAResult> {
    let (sign, number) = match sign_of(text) {
        Some((sign, number)) => (Some(sign), number),
        None => (None, text),
    };
    let unit = criterion.unit();
    let number = Quantity::from(unit)
        .read(number, decimal_sign)
        .map_err(NotAResult::Number)?;
    unit.check(number).map_err(NotAResult::Impossible)?;
    let Some(sign) = sign else {
        return Ok(ResultValue::Number(number));
    };
    let nothing_left = match sign {
        Sign::Below => unit.least() == Some(number),
        Sign::Above => unit.greatest() == Some(number),
        Sign::AtMost | Sign::AtLeast => false,
    };
    let result = ResultValue::Censored {
        sign,
        bound: number,
    };
    if nothing_left {
        return Err(NotAResult::NothingLeft {
            value: unit.after(&result),
        });
    }
    Ok(result)
}

fn read_category(
    text: &str,
    allowed: &[String],
    criterion: &Criterion,
) -> Result<ResultValue, NotAResult> {
    let lower = text.to_lowercase();
    allowed
        .iter()
        .find(|category| category.to_lowercase() == lower)
        .map(|category| ResultValue::Category(category.clone()))
        .ok_or_else(|| NotAResult::UnknownCategory {
            text: decimal::repeated(text),
            test: criterion.test.clone(),
            allowed: allowed.to_vec(),
        })
}

#[cfg(test)]
mod tests;
