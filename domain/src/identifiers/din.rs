//! The donation identification number (DIN) of ISBT 128.

use super::{NotAFacility, check_facility, without_spaces};
use crate::decimal::repeated;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// The characters of ISO/IEC 7064 MOD 37-2 in the order of their values 0 to 36.
const CHARACTERS: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
/// A flag of this and above carries the check character.
const FIRST_CHECK_FLAG: u8 = 60;
const LAST_CHECK_FLAG: u8 = 96;

/// A donation identification number: `appppyynnnnnn`, facility, year and serial, 13 characters.
///
/// Its check character is no part of it; it is computed, printed boxed after it, and asked for when a DIN is typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Din(String);

/// A text that is no DIN, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADin {
    /// Nothing was typed or scanned.
    #[error("The DIN is missing. Scan the label, or type the 13 characters and the boxed one.")]
    Empty,
    /// A lower-case letter: the keyboard or the scanner changed what is printed, and may have changed more.
    #[error(
        "“{text}” has lower-case letters. Letters in a DIN are capitals: a lower-case letter means that a keyboard or \
         scanner changed it. Scan it, or type it as printed."
    )]
    LowerCase {
        /// What was typed.
        text: String,
    },
    /// A character that no DIN has.
    #[error(
        "“{text}” has characters that no DIN has. Type capitals and digits as printed, or scan it."
    )]
    Characters {
        /// What was typed.
        text: String,
    },
    /// Not 13 characters.
    #[error(
        "“{text}” has {found} characters; a DIN has 13, without the boxed check character. Read the label again, or \
         scan it."
    )]
    Length {
        /// What was typed.
        text: String,
        /// How many characters it has.
        found: usize,
    },
    /// The letter O in the facility part.
    #[error(
        "“{text}” has the letter O among its first five characters, where it is never used. Type a zero, or scan it."
    )]
    LetterO {
        /// What was typed.
        text: String,
    },
    /// The first five characters are no facility.
    #[error(
        "“{text}” doesn't begin with a facility: a letter or 1 to 9, two letters or digits, two digits. Read the label \
         again, or scan it."
    )]
    Facility {
        /// What was typed.
        text: String,
    },
    /// The last eight characters are not all digits.
    #[error(
        "“{text}” must end in eight digits: two of the year, six of the serial number. Read the label again, or scan it."
    )]
    Digits {
        /// What was typed.
        text: String,
    },
    /// Typed by hand without the check character.
    #[error(
        "The check character is missing. Enter the boxed character after the number on the label, or scan the label."
    )]
    CheckMissing,
    /// Not one of the 37 check characters.
    #[error(
        "“{check}” is not a check character. The check character is a capital letter, a digit or *: read the boxed one on \
         the label."
    )]
    NoCheck {
        /// What was typed into the field of the check character.
        check: String,
    },
    /// Another character than the number has.
    #[error(
        "The check character of {din} is not {check}. Read the boxed character and the number on the label again, or \
         scan it."
    )]
    WrongCheck {
        /// The number as typed.
        din: String,
        /// The character as typed.
        check: char,
    },
    /// Scanned, and something else than a DIN.
    #[error("The scan “{text}” is not the DIN of a label. Scan the code at the DIN.")]
    NoDinScan {
        /// What the scanner sent.
        text: String,
    },
    /// The two characters after the number in a scan are neither a flag nor a check.
    #[error(
        "The scan of {din} ends in “{flag}”, which is no flag. Scan the label again; if it stays, set the label aside."
    )]
    Flag {
        /// The number as scanned.
        din: String,
        /// Its two flag characters.
        flag: String,
    },
    /// The flag of a scan belongs to another number.
    #[error(
        "The scan of {din} ends in {flag}, which belongs to another number. Scan the label again; if it stays, set the \
         label aside."
    )]
    WrongFlag {
        /// The number as scanned.
        din: String,
        /// Its two flag characters.
        flag: String,
    },
}

impl Din {
    /// Reads the 13 characters as they stand in the record, without a check character.
    ///
    /// # Errors
    /// [`NotADin`] where the shape is wrong.
    pub fn parse(text: &str) -> Result<Self, NotADin> {
        let shown = || repeated(text);
        if text.is_empty() {
            return Err(NotADin::Empty);
        }
        if text.contains(|sign: char| sign.is_ascii_lowercase()) {
            return Err(NotADin::LowerCase { text: shown() });
        }
        if !text.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
            return Err(NotADin::Characters { text: shown() });
        }
        if text.len() != 13 {
            return Err(NotADin::Length {
                text: shown(),
                found: text.len(),
            });
        }
        let (facility, digits) = text.split_at(5);
        check_facility(facility).map_err(|wrong| match wrong {
            NotAFacility::LetterO => NotADin::LetterO { text: shown() },
            NotAFacility::Shape => NotADin::Facility { text: shown() },
        })?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(NotADin::Digits { text: shown() });
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads a number typed by hand, with or without the spaces of the label, and its boxed check character.
    ///
    /// # Errors
    /// [`NotADin`] where the shape is wrong, or the character is not the number's.
    pub fn parse_with_check(text: &str, check: &str) -> Result<Self, NotADin> {
        Self::parse(&without_spaces(text))?.agreeing_with(check)
    }

    /// Reads what a scanner sends of a DIN: `=`, 13 characters, two flag characters. Flags of 60 to 96 carry the check
    /// character and must agree; those below say nothing of the number.
    ///
    /// # Errors
    /// [`NotADin`] where it is another structure, the shape is wrong, or the flag belongs to another number.
    pub fn from_scan(text: &str) -> Result<Self, NotADin> {
        let text = super::without_frame(text);
        let not_a_din = || NotADin::NoDinScan {
            text: repeated(text),
        };
        let number_and_flag = text.strip_prefix('=').ok_or_else(not_a_din)?;
        if !number_and_flag.is_ascii()
            || !number_and_flag.starts_with(|sign: char| sign.is_ascii_alphanumeric())
        {
            return Err(not_a_din());
        }
        if number_and_flag.len() != 15 {
            let found = number_and_flag.len().saturating_sub(2);
            return Err(NotADin::Length {
                text: repeated(text),
                found,
            });
        }
        let (number, flag) = number_and_flag.split_at(13);
        let din = Self::parse(number)?;
        let value = if flag.bytes().all(|digit| digit.is_ascii_digit()) {
            flag.parse::<u8>().ok()
        } else {
            None
        };
        match value {
            Some(value) if value < FIRST_CHECK_FLAG || value == din.flag() => Ok(din),
            Some(FIRST_CHECK_FLAG..=LAST_CHECK_FLAG) => Err(NotADin::WrongFlag {
                din: din.0,
                flag: flag.to_owned(),
            }),
            _ => Err(NotADin::Flag {
                din: din.0,
                flag: flag.to_owned(),
            }),
        }
    }

    /// This number, if the typed character is its check character.
    pub(super) fn agreeing_with(self, check: &str) -> Result<Self, NotADin> {
        // In the box a letter has one meaning; the keyboard of a tablet begins in lower case.
        let check = check.trim().to_ascii_uppercase();
        let mut characters = check.chars();
        match (characters.next(), characters.next()) {
            (None, _) => Err(NotADin::CheckMissing),
            (Some(typed), None) if typed == self.check_character() => Ok(self),
            (Some(typed), None) if typed.is_ascii_alphanumeric() || typed == '*' => {
                // The right one isn't named: a person who is told it copies it instead of reading the label.
                Err(NotADin::WrongCheck {
                    din: self.0,
                    check: typed,
                })
            }
            _ => Err(NotADin::NoCheck {
                check: repeated(&check),
            }),
        }
    }

    /// The value of the check character by ISO/IEC 7064 MOD 37-2, 0 to 36.
    fn check_value(&self) -> u8 {
        let sum = self
            .0
            .bytes()
            .fold(0, |sum, sign| (sum + value_of(sign)) * 2 % 37);
        // At most 37, before the last remainder.
        ((38 - sum) % 37) as u8
    }

    /// The check character: a digit, a capital letter or `*`.
    #[must_use]
    pub fn check_character(&self) -> char {
        CHARACTERS
            .get(usize::from(self.check_value()))
            .copied()
            .map_or('*', char::from)
    }

    /// The flag that carries the check character in a scan, 60 to 96.
    #[must_use]
    pub fn flag(&self) -> u8 {
        FIRST_CHECK_FLAG + self.check_value()
    }

    /// The number as a label shows it: `G1234 17 654321`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let (facility, rest) = self.0.split_at(5);
        let (year, serial) = rest.split_at(2);
        format!("{facility} {year} {serial}")
    }

    /// The facility that the number was given by: its first five characters.
    #[must_use]
    pub fn facility(&self) -> &str {
        self.0.get(..5).unwrap_or_default()
    }

    /// The 13 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of a character of a DIN: 0-9, then A-Z as 10 to 35.
fn value_of(sign: u8) -> u32 {
    char::from(sign).to_digit(36).unwrap_or_default()
}

impl fmt::Display for Din {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Din {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Din {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
