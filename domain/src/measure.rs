//! Units of measurement: one closed list, for specifications and master records alike.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// A symbol that names no unit of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{symbol}” is no known unit. Known units: {}.", known_symbols())]
pub struct UnknownMeasure {
    /// What was written.
    pub symbol: String,
}

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
    #[error("{value} can't be: cells are counted as whole ones. Check the figure and its unit.")]
    NotWhole {
        /// The value with its unit.
        value: String,
    },
}

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal)*) => {
        /// A unit of measurement, written and stored as its symbol.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Measure {$(
            $(#[$doc])*
            $name,
        )*}

        impl Measure {
            /// Every unit, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The symbol as a document writes it, `none` for a number without a unit.
            #[must_use]
            pub fn symbol(self) -> &'static str {
                match self {
                    $(Self::$name => $symbol,)*
                }
            }
        }
    };
}

measures! {
    /// Percent, 0 to 100: viability, confluence, a marker's positive cells.
    Percent = "%"
    /// Cells, counted.
    Cells = "cells"
    /// Cells in millions.
    MillionCells = "10^6 cells"
    /// Concentration in millions of cells.
    MillionCellsPerMillilitre = "10^6 cells/mL"
    /// Concentration.
    CellsPerMillilitre = "cells/mL"
    /// Seeding density.
    CellsPerSquareCentimetre = "cells/cm2"
    /// Growth area of the vessels.
    SquareCentimetre = "cm2"
    /// Volume.
    Millilitre = "mL"
    /// Volume of bulk medium.
    Litre = "L"
    /// Temperature.
    Celsius = "°C"
    /// Hours.
    Hour = "h"
    /// Minutes.
    Minute = "min"
    /// Days.
    Day = "d"
    /// Body weight.
    Kilogram = "kg"
    /// Mass of a reagent.
    Gram = "g"
    /// Relative centrifugal force.
    TimesGravity = "x g"
    /// Endotoxin concentration.
    EndotoxinPerMillilitre = "EU/mL"
    /// Endotoxin by body weight.
    EndotoxinPerKilogram = "EU/kg"
    /// Endotoxin concentration in international units; 1 IU is 1 EU.
    InternationalUnitsPerMillilitre = "IU/mL"
    /// Activity of an anticoagulant in the collection container.
    InternationalUnits = "IU"
    /// Dose in millions of cells by body weight.
    MillionCellsPerKilogram = "10^6 cells/kg"
    /// Dose by body weight.
    CellsPerKilogram = "cells/kg"
    /// Colony-forming units in a million mononuclear cells seeded.
    PerMillionMononuclear = "per 10^6 MNC"
    /// Colony-forming units in a thousand cells seeded.
    PerThousandCells = "per 1000 cells"
    /// Fold.
    Fold = "x"
    /// A plain number: vessels, colonies, passages.
    Plain = "none"
}

impl Measure {
    /// A number, as it is to be shown, followed by its unit: `79.9 %`; a plain number stays alone.
    #[must_use]
    pub fn after(self, number: impl fmt::Display) -> String {
        match self {
            Self::Plain => number.to_string(),
            _ => format!("{number} {self}"),
        }
    }

    /// The least value that this unit can have, in nature.
    #[must_use]
    pub fn least(self) -> Option<Decimal> {
        match self {
            // Absolute zero.
            Self::Celsius => Some(Decimal::new(-27315, 2)),
            // A plain number may be a difference or a logarithm.
            Self::Plain => None,
            _ => Some(Decimal::ZERO),
        }
    }

    /// The greatest value that this unit can have, in nature.
    #[must_use]
    pub fn greatest(self) -> Option<Decimal> {
        (self == Self::Percent).then_some(Decimal::ONE_HUNDRED)
    }

    /// How many decimals a value can have where it counts single cells; `None` where it may have any.
    fn decimals(self) -> Option<u32> {
        match self {
            Self::Cells => Some(0),
            Self::MillionCells => Some(6),
            _ => None,
        }
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
            });
        }
        Ok(())
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(symbol: &str) -> Result<Self, UnknownMeasure> {
        Self::ALL
            .iter()
            .find(|measure| measure.symbol() == symbol)
            .copied()
            .ok_or_else(|| UnknownMeasure {
                symbol: symbol.to_owned(),
            })
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

fn known_symbols() -> String {
    let symbols: Vec<_> = Measure::ALL.iter().map(|m| m.symbol()).collect();
    symbols.join(", ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn each_unit_is_read_from_its_symbol_and_stored_as_it() {
        for measure in Measure::ALL {
            assert_eq!(measure.symbol().parse(), Ok(*measure));
            let stored = serde_json::to_string(measure).unwrap();
            assert_eq!(stored, format!("\"{}\"", measure.symbol()));
            assert_eq!(serde_json::from_str::<Measure>(&stored).unwrap(), *measure);
        }
    }

    #[test]
    fn an_unknown_unit_is_refused_with_the_known_ones() {
        for symbol in ["", "percent", "ml", "10^6cells", "% ", "cells/cm²"] {
            let refused = symbol.parse::<Measure>().unwrap_err().to_string();
            assert!(refused.starts_with(&format!(
                "“{symbol}” is no known unit. Known units: %, cells"
            )));
        }
    }

    // A11-4.7
    #[test]
    fn a_value_outside_nature_is_refused() {
        let cases = [
            (Measure::Percent, "0", None),
            (Measure::Percent, "100", None),
            (Measure::Percent, "100.0", None),
            (
                Measure::Percent,
                "100.1",
                Some("100.1 % can't be: the greatest possible value is 100 %. Check the figure."),
            ),
            (
                Measure::Percent,
                "-0.1",
                Some("-0.1 % can't be: the least possible value is 0 %. Check the figure."),
            ),
            (Measure::Cells, "0", None),
            (
                Measure::Cells,
                "-1",
                Some("-1 cells can't be: the least possible value is 0 cells. Check the figure."),
            ),
            (Measure::Cells, "1000.0", None),
            (
                Measure::Cells,
                "1000.5",
                Some(
                    "1000.5 cells can't be: cells are counted as whole ones. Check the figure and its unit.",
                ),
            ),
            (Measure::MillionCells, "1.500000", None),
            (Measure::MillionCells, "1.0000010", None),
            (
                Measure::MillionCells,
                "1.0000005",
                Some(
                    "1.0000005 10^6 cells can't be: cells are counted as whole ones. Check the figure and its unit.",
                ),
            ),
            (Measure::CellsPerMillilitre, "0.5", None),
            (Measure::Celsius, "-196", None),
            (Measure::Celsius, "-273.15", None),
            (
                Measure::Celsius,
                "-273.16",
                Some(
                    "-273.16 °C can't be: the least possible value is -273.15 °C. Check the figure.",
                ),
            ),
            (Measure::Plain, "-3", None),
            (Measure::Fold, "250", None),
        ];
        for (measure, value, refused) in cases {
            let value: Decimal = value.parse().unwrap();
            let words = measure.check(value).err().map(|e| e.to_string());
            assert_eq!(words.as_deref(), refused, "{measure} {value}");
        }
    }

    #[test]
    fn a_plain_number_is_shown_without_a_unit() {
        assert_eq!(Measure::Percent.after("79.9"), "79.9 %");
        assert_eq!(Measure::Plain.after(3), "3");
    }
}
