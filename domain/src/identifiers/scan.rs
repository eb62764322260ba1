//! What a scanner sends: the data structures of ISBT 128 that a marrow, a product or a dose carries.

use super::{
    Din, NotADin, check_facility,
    frame::{Frame, ScanKind, without_frame},
};
use crate::{decimal::repeated, typed};
use chrono::{NaiveDate, NaiveTime};

/// One scanned string, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// `=`, DIN and flag.
    Din(Din),
    /// `=<` and a product code of eight characters.
    Product {
        /// All eight characters; what they name is the site's own table.
        code: String,
        /// What its sixth character says of the use.
        product_use: ProductUse,
    },
    /// `=/`: the processor's own product code.
    ProcessorProduct {
        /// The processing facility, five characters.
        facility: String,
        /// The code that the facility gave, six characters.
        facility_code: String,
        /// The product description, five characters.
        product: String,
    },
    /// `=,` and six characters: which division of the product.
    Division(String),
    /// `=>`: may be used until the end of this day.
    ExpirationDate(NaiveDate),
    /// `&>`: may be used until this day and time.
    ExpirationDateTime {
        /// The day.
        day: NaiveDate,
        /// The time on the label's clock; `None` where the label says 23:59, which stands for a time not known.
        time: Option<NaiveTime>,
    },
    /// `&*`: taken on this day and time.
    CollectionDateTime {
        /// The day.
        day: NaiveDate,
        /// The time on the label's clock.
        time: NaiveTime,
    },
    /// `=+`: several structures in one symbol, complete.
    Compound(Vec<Scanned>),
}

impl Scanned {
    /// The donation number in it, alone or in a compound.
    #[must_use]
    pub fn din(self) -> Option<Din> {
        match self {
            Self::Din(din) => Some(din),
            // A compound holds each structure once.
            Self::Compound(parts) => parts.into_iter().find_map(Self::din),
            Self::Product { .. }
            | Self::ProcessorProduct { .. }
            | Self::Division(_)
            | Self::ExpirationDate(_)
            | Self::ExpirationDateTime { .. }
            | Self::CollectionDateTime { .. } => None,
        }
    }
}

/// What a scanner sent, if the whole text is such a code; `None` for what a person may have typed.
#[must_use]
pub fn scan_in(text: &str) -> Option<ScanKind> {
    let frame = Frame::of(text);
    let whole = |kind: &Kind| match kind {
        Kind::Compound => frame.code.len() >= kind.length(),
        _ => frame.code.len() == kind.length(),
    };
    let isbt = Kind::of(frame.code).filter(|kind| frame.code.is_ascii() && whole(kind));
    match isbt {
        Some(kind) => Some(kind.scan_kind()),
        None => frame
            .aim
            .filter(|aim| matches!(*aim, "]C1" | "]d2" | "]Q3" | "]e0" | "]J1"))
            .filter(|_| begins_as_gs1(frame.code))
            .map(|_| ScanKind::Gs1),
    }
}

/// An application identifier, two to four digits, and its content without a space. Others print Code 128 with the same mark.
pub(super) fn begins_as_gs1(code: &str) -> bool {
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    digits >= 2 && !code.contains(' ')
}

/// Whom a product code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductUse {
    /// `1`: for autologous use only.
    AutologousOnly,
    /// `X`: for autologous use only, biohazard.
    AutologousBiohazard,
    /// Any other: not marked for autologous use.
    Other,
}

/// A scan that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAScan {
    /// Nothing came.
    #[error("The scanner sent nothing. Scan the code again.")]
    Empty,
    /// A control character inside, where a scanner puts none.
    #[error("The scan “{text}” holds a control character ({name}). Scan the code again.")]
    Control {
        /// What the scanner sent, without it.
        text: String,
        /// The name of the character.
        name: &'static str,
    },
    /// A code that holds no donation number.
    #[error("This is {}. Scan the DIN on the label here.", what.with_article())]
    NoDin {
        /// What it is.
        what: ScanKind,
    },
    /// A compound that holds two structures of one kind: two labels.
    #[error(
        "The scanned compound code holds two {what}. Nothing of it is used: set it aside, and scan the one label."
    )]
    Twice {
        /// Of what it holds two.
        what: &'static str,
    },
    /// A structure that is not read here, or no ISBT 128 at all.
    #[error(
        "The scan “{text}” is no code that is read here. Check which code of the label was scanned."
    )]
    Unknown {
        /// What the scanner sent.
        text: String,
    },
    /// Too short or too long for its kind.
    #[error("The scan “{text}” is incomplete or has more than its kind. Scan the code again.")]
    Length {
        /// What the scanner sent.
        text: String,
    },
    /// A DIN that is none.
    #[error(transparent)]
    Din(#[from] NotADin),
    /// A product code, processor's code or division of a wrong shape.
    #[error(
        "The scan “{text}” has a product code of a wrong shape. Scan the code again; if it stays, set the label aside."
    )]
    Code {
        /// The structure as scanned.
        text: String,
    },
    /// A day that the calendar doesn't have, or another century than the present one.
    #[error(
        "The scan “{text}” has a day that is in no calendar. Scan the code again; if it stays, set the label aside."
    )]
    Day {
        /// The structure as scanned.
        text: String,
    },
    /// A time that the clock doesn't have.
    #[error(
        "The scan “{text}” has a time that is on no clock. Scan the code again; if it stays, set the label aside."
    )]
    Time {
        /// The structure as scanned.
        text: String,
    },
    /// A compound that doesn't say how many structures it has, or holds another compound.
    #[error(
        "The scan “{text}” is a compound code of a wrong shape. Scan it again; if it stays, set the label aside."
    )]
    Compound {
        /// The structure as scanned.
        text: String,
    },
    /// A compound that has more or fewer structures than it says.
    #[error(
        "The scanned compound code says {said} parts and has {found}. Nothing of it is used. Scan it again."
    )]
    CompoundCount {
        /// How many it says.
        said: usize,
        /// How many came.
        found: usize,
    },
}

impl NotAScan {
    /// Whether it is about the boxed check character, which has a field of its own.
    #[must_use]
    pub fn at_check(&self) -> bool {
        matches!(
            self,
            Self::Din(NotADin::CheckMissing | NotADin::NoCheck { .. } | NotADin::WrongCheck { .. })
        )
    }
}

/// A structure by its two first characters, before its content is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Din,
    Product,
    ProcessorProduct,
    Division,
    ExpirationDate,
    ExpirationDateTime,
    CollectionDateTime,
    Compound,
}

impl Kind {
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut signs = text.chars();
        Some(match (signs.next()?, signs.next()?) {
            ('=', '<') => Self::Product,
            ('=', '/') => Self::ProcessorProduct,
            ('=', ',') => Self::Division,
            ('=', '>') => Self::ExpirationDate,
            ('&', '>') => Self::ExpirationDateTime,
            ('&', '*') => Self::CollectionDateTime,
            ('=', '+') => Self::Compound,
            ('=', sign) if sign.is_ascii_alphanumeric() => Self::Din,
            _ => return None,
        })
    }

    pub(super) fn scan_kind(self) -> ScanKind {
        match self {
            Self::Din => ScanKind::Din,
            Self::Product | Self::ProcessorProduct => ScanKind::Product,
            Self::Division => ScanKind::Division,
            Self::ExpirationDate | Self::ExpirationDateTime => ScanKind::Expiry,
            Self::CollectionDateTime => ScanKind::Collection,
            Self::Compound => ScanKind::Compound,
        }
    }

    /// Of two structures of this kind.
    fn plural(self) -> &'static str {
        match self {
            Self::Din => "donation numbers (DIN)",
            Self::Product | Self::ProcessorProduct => "product codes",
            Self::Division => "division codes",
            Self::ExpirationDate | Self::ExpirationDateTime => "expiry dates",
            Self::CollectionDateTime => "collection dates",
            Self::Compound => "compounds",
        }
    }

    /// Characters of the structure with its identifier; of a compound, those of its head.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Din => 16,
            Self::Product => 10,
            Self::CollectionDateTime | Self::ExpirationDateTime => 12,
            Self::ProcessorProduct => 18,
            Self::Division | Self::ExpirationDate => 8,
            Self::Compound => 7,
        }
    }
}

impl Scanned {
    /// Reads one scan, simple or compound. A compound is complete or refused; nothing of it is used before.
    ///
    /// # Errors
    /// [`NotAScan`] where any part is not as it must be.
    pub fn read(text: &str) -> Result<Self, NotAScan> {
        let text = without_frame(text);
        if text.is_empty() {
            return Err(NotAScan::Empty);
        }
        if let Some(name) = typed::invisible(text) {
            return Err(NotAScan::Control {
                text: repeated(&typed::without_invisible(text)),
                name,
            });
        }
        let unknown = || NotAScan::Unknown {
            text: repeated(text),
        };
        if !text.is_ascii() {
            return Err(unknown());
        }
        let kind = Kind::of(text).ok_or_else(unknown)?;
        if kind == Kind::Compound {
            return compound(text);
        }
        if text.len() != kind.length() {
            return Err(NotAScan::Length {
                text: repeated(text),
            });
        }
        simple(kind, text)
    }
}

/// Reads `=+`, count (2 digits), reference (3 digits), and so many structures.
fn compound(text: &str) -> Result<Scanned, NotAScan> {
    let misshapen = || NotAScan::Compound {
        text: repeated(text),
    };
    let (head, mut rest) = text
        .split_at_checked(Kind::Compound.length())
        .ok_or_else(misshapen)?;
    let (_, digits) = head.split_at(2);
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(misshapen());
    }
    let said = usize::try_from(number(digits, 0, 2)).map_err(|_| misshapen())?;
    let mut structures = Vec::new();
    while !rest.is_empty() {
        let kind = Kind::of(rest)
            .filter(|kind| *kind != Kind::Compound)
            .ok_or_else(misshapen)?;
        let (structure, after) = rest.split_at_checked(kind.length()).ok_or_else(misshapen)?;
        structures.push((kind, structure));
        rest = after;
    }
    // Two labels in one scan: whichever is used first, the other is another bag.
    for (place, (kind, _)) in structures.iter().enumerate() {
        let same = |(other, _): &(Kind, &str)| other.scan_kind() == kind.scan_kind();
        if structures[..place].iter().any(same) {
            return Err(NotAScan::Twice {
                what: kind.plural(),
            });
        }
    }
    if structures.len() != said || said == 0 {
        return Err(NotAScan::CompoundCount {
            said,
            found: structures.len(),
        });
    }
    let parts: Result<Vec<_>, _> = structures
        .into_iter()
        .map(|(kind, structure)| simple(kind, structure))
        .collect();
    parts.map(Scanned::Compound)
}

/// Reads one structure of the right length.
pub(super) fn simple(kind: Kind, text: &str) -> Result<Scanned, NotAScan> {
    let (_, content) = text.split_at(if kind == Kind::Din { 1 } else { 2 });
    Ok(match kind {
        Kind::Din => Scanned::Din(Din::from_scan(text)?),
        Kind::Product => product(text, content)?,
        Kind::ProcessorProduct => processor_product(text, content)?,
        Kind::Division if is_code(content) => Scanned::Division(content.to_owned()),
        Kind::Division => {
            return Err(NotAScan::Code {
                text: text.to_owned(),
            });
        }
        Kind::ExpirationDate => Scanned::ExpirationDate(day(text, content)?),
        Kind::ExpirationDateTime => {
            let (day, time) = day_and_time(text, content)?;
            let known = !content.ends_with("2359");
            Scanned::ExpirationDateTime {
                day,
                time: known.then_some(time),
            }
        }
        Kind::CollectionDateTime => {
            let (day, time) = day_and_time(text, content)?;
            Scanned::CollectionDateTime { day, time }
        }
        Kind::Compound => {
            return Err(NotAScan::Compound {
                text: text.to_owned(),
            });
        }
    })
}

fn product(text: &str, content: &str) -> Result<Scanned, NotAScan> {
    let description = content.get(..5).is_some_and(is_code);
    let letters_and_digits = content.bytes().all(|sign| sign.is_ascii_alphanumeric());
    if !description
        || !letters_and_digits
        || !content.starts_with(|sign: char| sign.is_ascii_uppercase())
    {
        return Err(NotAScan::Code {
            text: text.to_owned(),
        });
    }
    let product_use = match content.as_bytes().get(5) {
        Some(b'1') => ProductUse::AutologousOnly,
        Some(b'X') => ProductUse::AutologousBiohazard,
        _ => ProductUse::Other,
    };
    Ok(Scanned::Product {
        code: content.to_owned(),
        product_use,
    })
}

fn processor_product(text: &str, content: &str) -> Result<Scanned, NotAScan> {
    let (facility, rest) = content.split_at(5);
    let (facility_code, product) = rest.split_at(6);
    if check_facility(facility).is_err() || !is_code(facility_code) || !is_code(product) {
        return Err(NotAScan::Code {
            text: text.to_owned(),
        });
    }
    Ok(Scanned::ProcessorProduct {
        facility: facility.to_owned(),
        facility_code: facility_code.to_owned(),
        product: product.to_owned(),
    })
}

fn is_code(text: &str) -> bool {
    text.bytes()
        .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit())
}

/// Reads `cyyjjj`: century digit, year, day of the year. Century 0 is 2000 to 2099, and no label that is scanned here
/// has another.
fn day(text: &str, content: &str) -> Result<NaiveDate, NotAScan> {
    let refusal = || NotAScan::Day {
        text: text.to_owned(),
    };
    if !content.bytes().all(|digit| digit.is_ascii_digit()) || !content.starts_with('0') {
        return Err(refusal());
    }
    let year = i32::try_from(2000 + number(content, 1, 3)).map_err(|_| refusal())?;
    NaiveDate::from_yo_opt(year, number(content, 3, 6)).ok_or_else(refusal)
}

/// Reads `cyyjjjhhmm`.
fn day_and_time(text: &str, content: &str) -> Result<(NaiveDate, NaiveTime), NotAScan> {
    let (date, clock) = content.split_at(6);
    let day = day(text, date)?;
    let refusal = || NotAScan::Time {
        text: text.to_owned(),
    };
    if !clock.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(refusal());
    }
    let time =
        NaiveTime::from_hms_opt(number(clock, 0, 2), number(clock, 2, 4), 0).ok_or_else(refusal)?;
    Ok((day, time))
}

/// The number that the ASCII digits from `start` to `end` write.
fn number(digits: &str, start: usize, end: usize) -> u32 {
    digits.bytes().take(end).skip(start).fold(0, |sum, digit| {
        sum * 10 + u32::from(digit.saturating_sub(b'0'))
    })
}

#[cfg(test)]
mod tests;
