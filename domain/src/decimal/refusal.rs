//! Why a text is no number, in words.

use super::{MOST_DECIMALS, MOST_DIGITS};
use crate::identifiers::ScanKind;

/// A text that is no number, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Nothing was typed.
    #[error("Nothing is entered. Enter a number, for example 79.9.")]
    Empty,
    /// A code that a scanner sent.
    #[error("This is {}. Enter a number here, for example 79.9.", what.with_article())]
    Scan {
        /// Which code.
        what: ScanKind,
    },
    /// A character that can't be seen.
    #[error("“{text}” holds an invisible character ({name}). Type the number again.")]
    Invisible {
        /// What was typed, without it.
        text: String,
        /// Its name.
        name: &'static str,
    },
    /// Two signs, a sign in the middle or after the number, a plus-minus, a dash as long as a letter m.
    #[error(
        "“{text}” has a sign that can't be read. Write one minus or none before the number, for example -5."
    )]
    Sign {
        /// What was typed.
        text: String,
    },
    /// Below zero, where only zero and above make sense.
    #[error("“{text}” is below zero. Enter zero or a number above it.")]
    Negative {
        /// What was typed.
        text: String,
    },
    /// A power of ten in another form, or beyond every number that is kept.
    #[error(
        "“{text}” has a power of ten that can't be read. Write it as 1.6e8, or in full: 160 000 000."
    )]
    Exponent {
        /// What was typed.
        text: String,
    },
    /// `1.6 x 108`, where the power of ten lost its form when it was copied.
    #[error(
        "“{text}” may be a power of ten or a product. Write it as 1.6e8, or in full: 160 000 000."
    )]
    LostPower {
        /// What was typed.
        text: String,
    },
    /// A power of ten in a field that counts in a power of ten itself.
    #[error(
        "“{text}” has a power of ten, and so has the unit of this field ({unit}). Write how many {unit} there are, \
         without a power of ten."
    )]
    PowerTwice {
        /// What was typed.
        text: String,
        /// The unit of the field.
        unit: String,
    },
    /// A comma or a dot before exactly three digits: thousands to one reader, decimals to another.
    #[error(
        "“{text}” can be read in two ways. Write {joined} if thousands are meant, or {dotted} if it has three decimals."
    )]
    Ambiguous {
        /// What was typed.
        text: String,
        /// How to write it if thousands were meant.
        joined: String,
        /// How to write it if decimals were meant.
        dotted: String,
    },
    /// Another decimal sign than the one that was declared.
    #[error(
        "“{text}” has a {found}, and the decimal sign of this file is declared as the {declared}. Write the number with \
         a {declared}, without signs between thousands, or declare the other sign."
    )]
    UndeclaredSign {
        /// What was written.
        text: String,
        /// The sign in it.
        found: &'static str,
        /// The declared one.
        declared: &'static str,
    },
    /// A comma and a dot in one number.
    #[error(
        "“{text}” has a comma and a dot. Use one decimal sign and spaces for thousands, for example 1 000.5."
    )]
    CommaAndDot {
        /// What was typed.
        text: String,
    },
    /// Two or more commas, or two or more dots.
    #[error(
        "“{text}” has more than one decimal sign. Use one, and spaces for thousands, for example 1 900 000.5."
    )]
    RepeatedDecimalSign {
        /// What was typed.
        text: String,
    },
    /// No digit before or after the decimal sign: a point that stands alone is overlooked, and a number ten times as
    /// great is read.
    #[error(
        "“{text}” lacks a digit before or after the decimal sign. Write it in full, for example 0.5."
    )]
    BareDecimalSign {
        /// What was typed.
        text: String,
    },
    /// Spaces that do not stand between groups of three digits.
    #[error(
        "“{text}” has spaces that do not separate groups of three digits. Write 1900000 or 1 900 000."
    )]
    Groups {
        /// What was typed.
        text: String,
    },
    /// Something after the number that is no unit.
    #[error(
        "“{text}” has more than a number. Enter the number alone; the unit stands beside the field."
    )]
    Unit {
        /// What was typed.
        text: String,
    },
    /// Another unit than that of the field.
    #[error(
        "“{text}” is in {given}; this field {}. Nothing is converted: enter the value of this field.",
        of_field(unit)
    )]
    OtherUnit {
        /// What was typed.
        text: String,
        /// The unit in it.
        given: String,
        /// The unit of the field; empty for a plain number.
        unit: String,
    },
    /// Digits of another script.
    #[error("“{text}” has digits other than 0 to 9. Write it with 0 to 9.")]
    OtherDigits {
        /// What was typed.
        text: String,
    },
    /// More than [`MOST_DIGITS`] digits.
    #[error("“{text}” has {digits} digits; at most {MOST_DIGITS} are read. Check the number.")]
    TooManyDigits {
        /// What was typed.
        text: String,
        /// How many digits it has.
        digits: usize,
    },
    /// More than [`MOST_DECIMALS`] decimals.
    #[error(
        "“{text}” has {decimals} decimals; at most {MOST_DECIMALS} are read, and none is rounded away. Enter it with \
         fewer."
    )]
    TooManyDecimals {
        /// What was typed.
        text: String,
        /// How many decimals it has.
        decimals: usize,
    },
    /// Letters and everything else.
    #[error("“{text}” is not a number. Enter a number, for example 79.9.")]
    NoNumber {
        /// What was typed.
        text: String,
    },
}

fn of_field(unit: &str) -> String {
    if unit.is_empty() {
        "has no unit".to_owned()
    } else {
        format!("is in {unit}")
    }
}
