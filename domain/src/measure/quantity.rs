//! A number in a unit, read as a person or a machine writes it.

use super::Measure;
use crate::decimal::{DecimalSign, NotANumber, Numeral, repeated};
use rust_decimal::Decimal;

/// What can stand in a field for a number: its unit, and the bounds beyond which nobody means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The unit.
    pub unit: Measure,
    /// The least plausible value, itself included.
    pub least: Option<Decimal>,
    /// The greatest plausible value, itself included.
    pub greatest: Option<Decimal>,
}

impl From<Measure> for Quantity {
    fn from(unit: Measure) -> Self {
        Self {
            unit,
            least: None,
            greatest: None,
        }
    }
}

impl Quantity {
    /// A quantity that is between these bounds wherever it is meant.
    #[must_use]
    pub const fn between(unit: Measure, least: Decimal, greatest: Decimal) -> Self {
        Self {
            unit,
            least: Some(least),
            greatest: Some(greatest),
        }
    }

    /// Whether the value can be meant: of two readings of one text, the other is taken where one can't.
    fn possible(&self, value: Decimal) -> bool {
        // Nothing in a laboratory of cells is as hot as a melting steel, and no temperature is typed in thousands.
        let hot = self.unit == Measure::CELSIUS && value > Decimal::ONE_THOUSAND;
        self.unit.check(value).is_ok()
            && !hot
            && self.least.is_none_or(|least| value >= least)
            && self.greatest.is_none_or(|greatest| value <= greatest)
    }

    /// Reads a number in this unit, with or without the unit after it. Bounds only decide between two readings: a value
    /// beyond them is read, and refused by its own rule.
    ///
    /// # Errors
    /// [`NotANumber`], among it a number in another unit.
    pub fn read(&self, text: &str, sign: DecimalSign) -> Result<Decimal, NotANumber> {
        let numeral = Numeral::read(text, sign, &|value| self.possible(value))?;
        if !numeral.rest.is_empty() {
            self.is_named(text, &numeral.rest)?;
        }
        if numeral.power && self.unit.counts_in_powers() {
            return Err(NotANumber::PowerTwice {
                text: repeated(text.trim()),
                unit: self.unit.to_string(),
            });
        }
        Ok(numeral.number)
    }

    /// The same for what can't be below zero.
    ///
    /// # Errors
    /// As [`Self::read`], and [`NotANumber::Negative`].
    pub fn read_non_negative(&self, text: &str, sign: DecimalSign) -> Result<Decimal, NotANumber> {
        let number = self.read(text, sign)?;
        if number < Decimal::ZERO {
            return Err(NotANumber::Negative {
                text: repeated(text.trim()),
            });
        }
        Ok(number)
    }

    /// Refuses a unit after the number that is not this one, by its name.
    fn is_named(&self, text: &str, given: &str) -> Result<(), NotANumber> {
        let text = || repeated(text.trim());
        let own = [
            self.unit.symbol(),
            self.unit.to_string(),
            self.unit.after(1).replacen("1 ", "", 1),
        ];
        if own.iter().any(|own| loose(own) == loose(given)) {
            return Ok(());
        }
        let named = given.parse().ok().or_else(|| named_loosely(given));
        Err(match named {
            Some(unit) if unit == self.unit => return Ok(()),
            Some(other) => NotANumber::OtherUnit {
                text: text(),
                given: other.to_string(),
                unit: self.unit.to_string(),
            },
            None => crate::decimal::unread(text().as_str(), given),
        })
    }
}

/// A unit as people type it: `ml`, `KG`, `10^6 Cells`.
fn loose(unit: &str) -> String {
    unit.chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '^' | '×'))
        .flat_map(char::to_lowercase)
        .map(|sign| match sign {
            'μ' | 'µ' => 'u',
            '²' => '2',
            '³' => '3',
            '⁶' => '6',
            '％' => '%',
            _ => sign,
        })
        .collect()
}

/// A unit in another case of letters, where it is one of the usual ones.
fn named_loosely(given: &str) -> Option<Measure> {
    const USUAL: [&str; 14] = [
        "%", "mL", "L", "µL", "kg", "g", "mg", "cells", "cells/mL", "h", "min", "d", "°C", "EU/mL",
    ];
    let same = |usual: &&&str| loose(usual) == loose(given);
    USUAL.iter().find(same)?.parse().ok()
}
