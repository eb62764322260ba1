//! The chain-of-identity id (CoI) of a therapy.

use super::{ScanKind, check_facility, scan_in, without_frame, without_spaces};
use crate::decimal::repeated;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A chain-of-identity id: `CH`, facility (5), year (2), six capitals or digits; 15 characters.
///
/// One therapy of one patient has one, for all its donations. It does not replace the DIN of a donation. Its check
/// character is not verified here and is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coi(String);

/// What stands in place of the id where an order has none: many labs use no chain-of-identity ids.
pub const NO_COI: &str = "none";

/// A text that is no chain-of-identity id, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACoi {
    /// Nothing was typed.
    #[error("The chain-of-identity id is missing. Type it as printed, beginning with CH.")]
    Empty,
    /// A code that a scanner sent.
    #[error("This is {}. A chain-of-identity identifier begins with CH.", what.with_article())]
    Scan {
        /// Which code.
        what: ScanKind,
    },
    /// A lower-case letter: the keyboard or the scanner changed what is printed, and may have changed more.
    #[error(
        "“{text}” has lower-case letters. Letters in a chain-of-identity identifier are capitals: a lower-case letter means \
         that a keyboard or scanner changed it. Scan it, or type it as printed."
    )]
    LowerCase {
        /// What was typed.
        text: String,
    },
    /// A character that no id has.
    #[error(
        "“{text}” has characters that no chain-of-identity id has. Type capitals and digits as printed."
    )]
    Characters {
        /// What was typed.
        text: String,
    },
    /// It doesn't begin with CH.
    #[error(
        "“{text}” doesn't begin with CH, as a chain-of-identity id does. A DIN belongs into its own field."
    )]
    Prefix {
        /// What was typed.
        text: String,
    },
    /// Not 15 characters.
    #[error("“{text}” has {found} characters; a chain-of-identity id has 15. Read it again.")]
    Length {
        /// What was typed.
        text: String,
        /// How many characters it has.
        found: usize,
    },
    /// The five characters after CH are no facility.
    #[error(
        "“{text}” has no facility after CH: a letter (never O) or 1 to 9, two letters or digits, two digits. Read it \
         again."
    )]
    Facility {
        /// What was typed.
        text: String,
    },
    /// The year is not two digits.
    #[error("“{text}” has no year of two digits after the facility. Read it again.")]
    Year {
        /// What was typed.
        text: String,
    },
}

impl Coi {
    /// Reads the 15 characters as they stand in the record.
    ///
    /// # Errors
    /// [`NotACoi`] where the shape is wrong.
    pub fn parse(text: &str) -> Result<Self, NotACoi> {
        let shown = || repeated(text);
        if text.is_empty() {
            return Err(NotACoi::Empty);
        }
        if text.contains(|sign: char| sign.is_ascii_lowercase()) {
            return Err(NotACoi::LowerCase { text: shown() });
        }
        if !text.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
            return Err(NotACoi::Characters { text: shown() });
        }
        let rest = text
            .strip_prefix("CH")
            .ok_or_else(|| NotACoi::Prefix { text: shown() })?;
        if text.len() != 15 {
            return Err(NotACoi::Length {
                text: shown(),
                found: text.len(),
            });
        }
        let (facility, rest) = rest.split_at(5);
        check_facility(facility).map_err(|_| NotACoi::Facility { text: shown() })?;
        if !rest.bytes().take(2).all(|digit| digit.is_ascii_digit()) {
            return Err(NotACoi::Year { text: shown() });
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads an id as typed, with or without spaces between its groups.
    ///
    /// # Errors
    /// As [`Coi::parse`].
    pub fn parse_typed(text: &str) -> Result<Self, NotACoi> {
        match scan_in(text) {
            Some(what) => Err(NotACoi::Scan { what }),
            None => Self::parse(&without_spaces(without_frame(text))),
        }
    }

    /// The id in words of the record, `none` where the order has none.
    #[must_use]
    pub fn shown(coi: Option<&Self>) -> String {
        coi.map_or_else(|| NO_COI.to_owned(), ToString::to_string)
    }

    /// The 15 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Coi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Coi {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Coi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
