//! Units of measurement: an open list by a grammar, for specifications and master records alike.
//!
//! A unit is `none`, or a term, or terms with `/` between them: `pg/mL`, `EU/kg/h`, `10^6 cells/kg`, `ng/10^6 cells`,
//! `per 10^6 MNC`. A term is a power of ten or a whole number, a name, or both; a name is one of a list,
//! with a metric prefix where it takes one (docs/specification-format.md).

mod atoms;
mod grammar;
mod quantity;
mod sense;

pub use grammar::UnknownMeasure;
pub use quantity::Quantity;

use atoms::{Atom, Sort};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A value that a unit can't have: 101 %, -3 cells, -300 °C.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// Below the least value of the unit.
    #[error("{value} can't be: the least possible value is {least}. Check the figure.")]
    TooSmall {
        /// The value with its unit.
        value: String,
        /// The least value with its unit.
        least: String,
    },
    /// Above the greatest value of the unit.
    #[error("{value} can't be: the greatest possible value is {greatest}. Check the figure.")]
    TooGreat {
        /// The value with its unit.
        value: String,
        /// The greatest value with its unit.
        greatest: String,
    },
    /// Half a cell.
    #[error("{value} can't be: {what} are counted as whole ones. Check the figure and its unit.")]
    NotWhole {
        /// The value with its unit.
        value: String,
        /// What is counted.
        what: &'static str,
    },
}

/// How often: `10^6` is 1 and 6, `4` is 4 and 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Scale {
    number: u16,
    power: u8,
}

impl Scale {
    const ONE: Self = Self::power(0);

    const fn power(power: u8) -> Self {
        Self { number: 1, power }
    }
}

/// One factor of a unit: how often, a prefix, a name, an exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Term {
    scale: Scale,
    /// In [`atoms::PREFIXES`]; 0 is none.
    prefix: u8,
    atom: Atom,
    exponent: u8,
}

impl Term {
    const fn of(atom: Atom) -> Self {
        Self {
            scale: Scale::ONE,
            prefix: 0,
            atom,
            exponent: 1,
        }
    }

    const fn millions(self) -> Self {
        Self {
            scale: Scale::power(6),
            ..self
        }
    }

    const fn thousands(self) -> Self {
        Self {
            scale: Scale::power(3),
            ..self
        }
    }

    const fn prefixed(self, prefix: u8) -> Self {
        Self { prefix, ..self }
    }
}

/// The most terms below the line.
const MOST_BELOW: usize = 3;

/// A unit of measurement, written and stored as its symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Measure {
    above: Term,
    below: [Option<Term>; MOST_BELOW],
}

const MILLILITRES: Term = Term::of(Atom::Litre).prefixed(atoms::MILLI);
const KILOGRAMS: Term = Term::of(Atom::Gram).prefixed(atoms::KILO);
const SQUARE_CENTIMETRES: Term = Term {
    exponent: 2,
    ..Term::of(Atom::Metre).prefixed(atoms::CENTI)
};

/// The units that the program itself speaks of; every other one comes from a document.
impl Measure {
    /// A plain number: vessels, colonies, passages.
    pub const PLAIN: Self = Self::of(Term::of(Atom::One));
    /// Per cent, 0 to 100: viability, confluence, a marker's positive cells.
    pub const PERCENT: Self = Self::of(Term::of(Atom::Percent));
    /// Cells, counted.
    pub const CELLS: Self = Self::of(Term::of(Atom::Cells));
    /// Cells in millions.
    pub const MILLION_CELLS: Self = Self::of(Term::of(Atom::Cells).millions());
    /// Concentration.
    pub const CELLS_PER_MILLILITRE: Self = Self::CELLS.per(MILLILITRES);
    /// Growth area of the vessels.
    pub const SQUARE_CENTIMETRE: Self = Self::of(SQUARE_CENTIMETRES);
    /// Volume.
    pub const MILLILITRE: Self = Self::of(MILLILITRES);
    /// Temperature.
    pub const CELSIUS: Self = Self::of(Term::of(Atom::Celsius));
    /// Body weight.
    pub const KILOGRAM: Self = Self::of(KILOGRAMS);
    /// Endotoxin concentration.
    pub const ENDOTOXIN_PER_MILLILITRE: Self =
        Self::of(Term::of(Atom::EndotoxinUnits)).per(MILLILITRES);
    /// Endotoxin concentration in international units; 1 IU is 1 EU.
    pub const INTERNATIONAL_UNITS_PER_MILLILITRE: Self =
        Self::of(Term::of(Atom::InternationalUnits)).per(MILLILITRES);
    /// Dose in millions of cells by body weight.
    pub const MILLION_CELLS_PER_KILOGRAM: Self = Self::MILLION_CELLS.per(KILOGRAMS);
    /// Dose by body weight.
    pub const CELLS_PER_KILOGRAM: Self = Self::CELLS.per(KILOGRAMS);
    /// Colony-forming units in a million mononuclear cells seeded.
    pub const PER_MILLION_MONONUCLEAR: Self =
        Self::PLAIN.per(Term::of(Atom::Mononuclear).millions());
    /// Colony-forming units in a thousand cells seeded.
    pub const PER_THOUSAND_CELLS: Self = Self::PLAIN.per(Term::of(Atom::Cells).thousands());
    /// Fold.
    pub const FOLD: Self = Self::of(Term::of(Atom::Fold));

    const fn of(above: Term) -> Self {
        Self {
            above,
            below: [None; MOST_BELOW],
        }
    }

    /// One more term below the line of a unit that has none.
    const fn per(self, term: Term) -> Self {
        Self {
            above: self.above,
            below: [Some(term), None, None],
        }
    }
}

impl Measure {
    /// The symbol as a document writes it and as it is stored: `10^6 cells/kg`; `none` for a number without a unit.
    #[must_use]
    pub fn symbol(self) -> String {
        grammar::written(self)
    }

    /// The code of this unit in UCUM, for exchange: `pg/mL`, `[CFU]/mL`, `10*6/kg`.
    #[must_use]
    pub fn ucum(self) -> String {
        grammar::ucum(self)
    }

    /// A number, as it is to be shown, followed by its unit: `79.9 %`, `1 cell`, `2 × 10⁶ cells/kg`; a plain number stays
    /// alone.
    #[must_use]
    pub fn after(self, number: impl fmt::Display) -> String {
        let number = number.to_string();
        if self == Self::PLAIN {
            return number;
        }
        if self == Self::FOLD {
            return format!("{number}-fold");
        }
        let unit = grammar::shown(self, number == "1");
        format!("{number} {unit}")
    }

    /// Whether the unit is alone, without anything below the line.
    fn is_alone(self) -> bool {
        self.below.iter().all(Option::is_none)
    }

    /// Whether a value counts in a power of ten: `10^6 cells`.
    #[must_use]
    pub fn counts_in_powers(self) -> bool {
        self.above.scale != Scale::ONE
    }

    /// The least value that this unit can have, in nature.
    #[must_use]
    pub fn least(self) -> Option<Decimal> {
        match self.above.atom.sort() {
            // Absolute zero; a rate of cooling is below zero.
            Sort::Temperature => self.is_alone().then(|| Decimal::new(-27315, 2)),
            // A plain number may be a difference, and a logarithm is below zero.
            Sort::Plain if self.is_alone() => None,
            Sort::Logarithm => None,
            Sort::Plain | Sort::Count | Sort::Metric | Sort::Other => Some(Decimal::ZERO),
        }
    }

    /// The greatest value that this unit can have, in nature.
    #[must_use]
    pub fn greatest(self) -> Option<Decimal> {
        (self == Self::PERCENT).then_some(Decimal::ONE_HUNDRED)
    }

    /// How many decimals a value can have where it counts single cells; `None` where it may have any.
    pub(crate) fn decimals(self) -> Option<u32> {
        let counted = self.above.atom.sort() == Sort::Count && self.is_alone();
        (counted && self.above.scale.number == 1).then(|| u32::from(self.above.scale.power))
    }

    /// Refuses what the unit can't be: a percentage below 0 or above 100, a negative count, volume or time, a part of a
    /// cell.
    ///
    /// # Errors
    /// [`Impossible`] with the bound that was passed.
    pub fn check(self, value: Decimal) -> Result<(), Impossible> {
        if let Some(least) = self.least().filter(|least| value < *least) {
            return Err(Impossible::TooSmall {
                value: self.after(value),
                least: self.after(least),
            });
        }
        if let Some(greatest) = self.greatest().filter(|greatest| value > *greatest) {
            return Err(Impossible::TooGreat {
                value: self.after(value),
                greatest: self.after(greatest),
            });
        }
        if self
            .decimals()
            .is_some_and(|decimals| value.normalize().scale() > decimals)
        {
            return Err(Impossible::NotWhole {
                value: self.after(value),
                what: self.above.atom.symbol(),
            });
        }
        Ok(())
    }
}

/// As a page or a paper shows the unit, beside a field or in a heading: `× 10⁶ cells/kg`, `cells/cm²`.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grammar::shown(*self, false))
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.symbol())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
