//! The scheme by which a site numbers donations: ISBT 128 with its facilities, or a pattern of the lab's own.

mod looks;

use super::{Din, DonationNumber, NotAFacility, OwnNumber, check_facility};
use crate::decimal::repeated;
use looks::Signs;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// How a site's donations are numbered. As text: `isbt-128 A9999 A9998`, the site's own facility first and then those that
/// collect for it; or `own D{year}-{number:4}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// ISBT 128: a DIN begins with one of these facilities.
    Isbt128(Vec<String>),
    /// A lab without an ISBT 128 licence numbers by its own pattern.
    Own(Pattern),
}

/// The most facilities that collect for a site.
const MOST_FACILITIES: usize = 50;

/// Why a text is no scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAScheme {
    /// Neither of the two.
    #[error(
        "“{0}” is no scheme of donation numbers: isbt-128 with facilities, or own with a pattern."
    )]
    Kind(String),
    /// No facility.
    #[error("ISBT 128 needs the facility that the site’s DINs begin with.")]
    NoFacility,
    /// A code that is none.
    #[error(
        "“{0}” is no ISBT 128 facility: a letter (never O) or 1 to 9, two letters or digits, two digits, as in A9999."
    )]
    Facility(String),
    /// Too many.
    #[error("A site has at most {MOST_FACILITIES} facilities.")]
    Facilities,
    /// A facility twice.
    #[error("Facility {0} is named twice.")]
    Twice(String),
    /// A pattern whose numbers are read as something else.
    #[error(
        "The pattern “{pattern}” can’t be used: its numbers, as {example}, read like {what}. Choose one that doesn’t, as \
         D{{year}}-{{number:4}}."
    )]
    ReadsLike {
        /// The pattern.
        pattern: String,
        /// A number by it.
        example: String,
        /// What they read like, with its article.
        what: &'static str,
    },
    /// A pattern that can't be used.
    #[error("The pattern “{pattern}” can’t be used: {why}. Write it as D{{year}}-{{number:4}}.")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        why: &'static str,
    },
}

/// Why a donation number is none of a site's scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOfScheme {
    /// A DIN of another facility.
    #[error(
        "DIN {din} is of facility {facility}; this site takes donations of {known}. Check the label; a facility that collects \
         for the site is added with autolog site change."
    )]
    Facility {
        /// The number.
        din: String,
        /// Its facility.
        facility: String,
        /// Those of the site.
        known: String,
    },
    /// Not by the pattern.
    #[error(
        "“{text}” is no donation number of this site. They are written as {example}: type it as printed."
    )]
    Pattern {
        /// What was typed.
        text: String,
        /// The pattern in words.
        example: String,
    },
    /// Of another scheme than the site's.
    #[error("{number} is not numbered as donations of this site are ({scheme}). Check the site.")]
    Other {
        /// The number.
        number: String,
        /// The scheme of the site.
        scheme: String,
    },
}

impl Scheme {
    /// ISBT 128 with the site's own facility and those that collect for it.
    ///
    /// # Errors
    /// [`NotAScheme`] where one has not the shape of a facility.
    pub fn isbt_128(facilities: &[String]) -> Result<Self, NotAScheme> {
        if facilities.is_empty() {
            return Err(NotAScheme::NoFacility);
        }
        if facilities.len() > MOST_FACILITIES {
            return Err(NotAScheme::Facilities);
        }
        for (nth, facility) in facilities.iter().enumerate() {
            check_facility(facility).map_err(|wrong| match wrong {
                NotAFacility::LetterO | NotAFacility::Shape => {
                    NotAScheme::Facility(repeated(facility))
                }
            })?;
            if facilities[..nth].contains(facility) {
                return Err(NotAScheme::Twice(facility.clone()));
            }
        }
        Ok(Self::Isbt128(facilities.to_vec()))
    }

    /// A pattern of the lab's own.
    ///
    /// # Errors
    /// [`NotAScheme::Pattern`].
    pub fn own(pattern: &str) -> Result<Self, NotAScheme> {
        pattern.parse().map(Self::Own)
    }

    /// What the number of a donation is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Isbt128(_) => "Donation identification number (DIN)",
            Self::Own(_) => "Donation number",
        }
    }

    /// The number is one of this scheme.
    ///
    /// # Errors
    /// [`NotOfScheme`].
    pub fn check(&self, number: &DonationNumber) -> Result<(), NotOfScheme> {
        match (self, number) {
            (Self::Isbt128(facilities), DonationNumber::Isbt128(din)) => {
                of_facility(facilities, din)
            }
            (Self::Own(pattern), DonationNumber::Own(own)) => {
                pattern.read(own.as_str()).map(|_| ())
            }
            (
                Self::Isbt128(_) | Self::Own(_),
                DonationNumber::Isbt128(_) | DonationNumber::Own(_),
            ) => Err(NotOfScheme::Other {
                number: number.to_string(),
                scheme: self.to_string(),
            }),
        }
    }
}

fn of_facility(facilities: &[String], din: &Din) -> Result<(), NotOfScheme> {
    let facility = din.facility();
    if facilities.iter().any(|one| one == facility) {
        return Ok(());
    }
    Err(NotOfScheme::Facility {
        din: din.to_string(),
        facility: facility.to_owned(),
        known: facilities.join(", "),
    })
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Isbt128(facilities) => write!(f, "isbt-128 {}", facilities.join(" ")),
            Self::Own(pattern) => write!(f, "own {pattern}"),
        }
    }
}

impl FromStr for Scheme {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        match text.split_once(' ') {
            Some(("isbt-128", facilities)) => {
                let facilities: Vec<_> = facilities.split(' ').map(str::to_owned).collect();
                Self::isbt_128(&facilities)
            }
            Some(("own", pattern)) => Self::own(pattern),
            Some(_) | None => Err(NotAScheme::Kind(repeated(text))),
        }
    }
}

impl Serialize for Scheme {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// The pattern of a lab's own donation numbers: capitals, digits and `-`, `/`, `.` stand for themselves; `{year}` for four digits of
/// a year from 2000, `{number:4}` for so many digits, `{letter:2}` for so many capitals.
///
/// Each part has one width, so that a number is read in one way; and no small letter and no blank, so that it has one spelling.
/// No number reads like a DIN, a chain-of-identity id or a number that Autolog makes, also with a look-alike in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(char),
    Year,
    Number(usize),
    Letter(usize),
}

/// The longest number of a pattern.
const LONGEST: usize = 30;

impl Pattern {
    /// Reads a number as typed or scanned.
    ///
    /// # Errors
    /// [`NotOfScheme::Pattern`].
    pub fn read(&self, text: &str) -> Result<OwnNumber, NotOfScheme> {
        let text = text.trim();
        if self.admits(text) {
            return Ok(OwnNumber(text.to_owned()));
        }
        Err(NotOfScheme::Pattern {
            text: repeated(text),
            example: self.example(),
        })
    }

    fn admits(&self, text: &str) -> bool {
        let mut rest = text;
        for part in &self.parts {
            let Some((taken, left)) = rest.split_at_checked(part.width()) else {
                return false;
            };
            if !part.admits(taken) {
                return false;
            }
            rest = left;
        }
        rest.is_empty()
    }

    /// A number by this pattern, for hints: `GE-2026-0001`.
    #[must_use]
    pub fn example(&self) -> String {
        let mut example = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(ch) => example.push(*ch),
                Part::Year => example.push_str("2026"),
                Part::Number(width) => example.push_str(&format!("{:0width$}", 1, width = *width)),
                Part::Letter(width) => example.extend(std::iter::repeat_n('A', *width)),
            }
        }
        example
    }
}

impl Part {
    fn width(&self) -> usize {
        match self {
            Self::Literal(_) => 1,
            Self::Year => 4,
            Self::Number(width) | Self::Letter(width) => *width,
        }
    }

    fn admits(&self, text: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|ch| ch.is_ascii_digit());
        match self {
            Self::Literal(ch) => text.chars().eq([*ch]),
            Self::Year => text.starts_with("20") && digits(text),
            Self::Number(_) => digits(text),
            Self::Letter(_) => text.bytes().all(|ch| ch.is_ascii_uppercase()),
        }
    }

    /// What can stand at each of its places.
    fn signs(&self) -> Vec<Signs> {
        match self {
            Self::Literal(ch) => vec![Signs::of(*ch)],
            Self::Year => looks::YEAR.to_vec(),
            Self::Number(width) => vec![Signs::DIGIT; *width],
            Self::Letter(width) => vec![Signs::LETTER; *width],
        }
    }

    /// What stands between braces.
    fn named(name: &str) -> Option<Self> {
        let width = |width: &str| {
            let plain = width.bytes().all(|ch| ch.is_ascii_digit());
            let width = width.parse().ok().filter(|_| plain)?;
            (1..=12).contains(&width).then_some(width)
        };
        match name.split_once(':') {
            None if name == "year" => Some(Self::Year),
            Some(("number", digits)) => width(digits).map(Self::Number),
            Some(("letter", letters)) => width(letters).map(Self::Letter),
            Some(_) | None => None,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pattern {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        let wrong = |why| NotAScheme::Pattern {
            pattern: repeated(text),
            why,
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(ch) = rest.chars().next() {
            if ch == '{' {
                let (name, after) = rest[1..]
                    .split_once('}')
                    .ok_or_else(|| wrong("a brace is not closed"))?;
                let part = Part::named(name);
                parts.push(part.ok_or_else(|| {
                    wrong("a part is {year}, {number:N} or {letter:N} with N from 1 to 12")
                })?);
                rest = after;
            } else if ch.is_ascii_uppercase() || ch.is_ascii_digit() || "-/.".contains(ch) {
                parts.push(Part::Literal(ch));
                rest = &rest[1..];
            } else {
                return Err(wrong(
                    "capitals, digits, - / and . stand for themselves, and nothing else",
                ));
            }
        }
        let digits = parts.iter().map(|part| match part {
            Part::Number(width) => *width,
            Part::Literal(_) | Part::Year | Part::Letter(_) => 0,
        });
        if digits.sum::<usize>() < 3 {
            return Err(wrong(
                "it needs a {number:N} of three digits or more, which counts the donations",
            ));
        }
        if parts.iter().map(Part::width).sum::<usize>() > LONGEST {
            return Err(wrong("its numbers have more than 30 characters"));
        }
        let pattern = Self {
            text: text.to_owned(),
            parts,
        };
        let signs = pattern.parts.iter().flat_map(Part::signs);
        match looks::reads_like(&signs.collect::<Vec<_>>()) {
            Some(what) => Err(NotAScheme::ReadsLike {
                pattern: text.to_owned(),
                example: pattern.example(),
                what,
            }),
            None => Ok(pattern),
        }
    }
}

#[cfg(test)]
mod tests;
