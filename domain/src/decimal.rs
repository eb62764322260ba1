//! Numbers as a person types them, and as a page or a paper shows them.
//!
//! A number is read exactly or refused with words; it is never guessed. What two people could read in two ways
//! (`1,000`) is refused, because the one reading is a thousand times the other.

use rust_decimal::{Decimal, RoundingStrategy};

/// The most digits that a typed number may have, before and after the decimal sign together.
pub const MOST_DIGITS: usize = 18;
/// The most decimals that a typed number may have.
pub const MOST_DECIMALS: usize = 9;

/// The finest scale that a [`Decimal`] can hold.
const FINEST: u32 = 28;
/// So much of a refused text is repeated to the person, no more.
const REPEATED: usize = 40;

/// A text that is no number, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Nothing was typed.
    #[error("Nothing is entered. Enter a number, for example 79.9.")]
    Empty,
    /// A plus sign, a sign in the middle, a typographic minus.
    #[error("“{text}” has a sign that is not read. Write the number alone, for example 79.9.")]
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
    /// A power of ten, as `1e6` or `1.9x10^6`.
    #[error("“{text}” is written with a power of ten. Write it in full, for example 1 900 000.")]
    Exponent {
        /// What was typed.
        text: String,
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
    /// No digit before or after the decimal sign.
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
    /// A percent sign or a unit after the number.
    #[error(
        "“{text}” has a unit or a percent sign. Enter the number alone; the unit stands beside the field."
    )]
    Unit {
        /// What was typed.
        text: String,
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

/// Reads a number exactly: `79.9`, `79,9`, `-3`, `1 900 000`, with or without spaces around it.
///
/// # Errors
/// [`NotANumber`] for everything that is not one number in one reading; nothing is rounded.
pub fn parse(text: &str) -> Result<Decimal, NotANumber> {
    let text = text.trim();
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if unsigned.is_empty() {
        return Err(if negative {
            NotANumber::NoNumber {
                text: repeated(text),
            }
        } else {
            NotANumber::Empty
        });
    }
    refuse_other_signs(text, unsigned)?;
    let (whole, decimals) = parts(text, unsigned)?;
    let whole = ungrouped(whole).ok_or_else(|| NotANumber::Groups {
        text: repeated(text),
    })?;
    if decimals.len() == 3 && whole.bytes().any(|digit| digit != b'0') {
        let sign = if negative { "-" } else { "" };
        return Err(NotANumber::Ambiguous {
            text: repeated(text),
            joined: repeated(&format!("{sign}{whole}{decimals}")),
            dotted: repeated(&format!("{sign}{whole}.{decimals}0")),
        });
    }
    let digits = whole.len() + decimals.len();
    if digits > MOST_DIGITS {
        return Err(NotANumber::TooManyDigits {
            text: repeated(text),
            digits,
        });
    }
    if decimals.len() > MOST_DECIMALS {
        return Err(NotANumber::TooManyDecimals {
            text: repeated(text),
            decimals: decimals.len(),
        });
    }
    let mantissa = format!("{whole}{decimals}").parse::<i64>();
    match (mantissa, u32::try_from(decimals.len())) {
        // Minus nothing is nothing: a zero never carries a sign.
        (Ok(mantissa), Ok(scale)) => Ok(Decimal::new(
            if negative { -mantissa } else { mantissa },
            scale,
        )),
        _ => Err(NotANumber::NoNumber {
            text: repeated(text),
        }),
    }
}

/// Reads a number that can't be below zero: a count, a volume, a percentage.
///
/// # Errors
/// As [`parse`], and [`NotANumber::Negative`] below zero.
pub fn parse_non_negative(text: &str) -> Result<Decimal, NotANumber> {
    let number = parse(text)?;
    if number < Decimal::ZERO {
        return Err(NotANumber::Negative {
            text: repeated(text.trim()),
        });
    }
    Ok(number)
}

/// Refuses everything but ASCII digits, commas, dots and the spaces between groups, with the words that help most.
fn refuse_other_signs(text: &str, unsigned: &str) -> Result<(), NotANumber> {
    if unsigned
        .chars()
        .all(|sign| sign.is_ascii_digit() || is_group_space(sign) || matches!(sign, ',' | '.'))
    {
        return Ok(());
    }
    let text = repeated(text);
    let starts_with_a_digit = unsigned.starts_with(|sign: char| sign.is_ascii_digit());
    let after_the_digits = unsigned.trim_start_matches(|sign: char| {
        sign.is_ascii_digit() || is_group_space(sign) || matches!(sign, ',' | '.')
    });
    Err(
        if unsigned
            .chars()
            .any(|sign| sign.is_numeric() && !sign.is_ascii_digit())
        {
            NotANumber::OtherDigits { text }
        } else if starts_with_a_digit && is_power_of_ten(after_the_digits) {
            NotANumber::Exponent { text }
        } else if unsigned.contains(['+', '-', '−', '–', '±']) {
            NotANumber::Sign { text }
        } else if starts_with_a_digit && !after_the_digits.contains(|sign: char| sign.is_control())
        {
            NotANumber::Unit { text }
        } else {
            NotANumber::NoNumber { text }
        },
    )
}

/// Whether what follows the digits is `e6`, `E+6`, `x10^6`, `^6` or the like.
fn is_power_of_ten(rest: &str) -> bool {
    let exponent = |rest: &str| {
        let digits = rest.trim_start_matches(['+', '-']);
        !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    match rest.strip_prefix(['e', 'E', '^']) {
        Some(rest) => exponent(rest),
        None => rest.starts_with(['x', 'X', '*', '×', '·']) && rest.contains("10"),
    }
}

/// The digits before and after the decimal sign; before it, spaces may still stand between the groups.
fn parts<'a>(text: &str, unsigned: &'a str) -> Result<(&'a str, &'a str), NotANumber> {
    let commas = unsigned.matches(',').count();
    let dots = unsigned.matches('.').count();
    if commas > 0 && dots > 0 {
        return Err(NotANumber::CommaAndDot {
            text: repeated(text),
        });
    }
    if commas + dots > 1 {
        return Err(NotANumber::RepeatedDecimalSign {
            text: repeated(text),
        });
    }
    let Some((whole, decimals)) = unsigned.split_once([',', '.']) else {
        return Ok((unsigned, ""));
    };
    if whole.is_empty() || decimals.is_empty() {
        return Err(NotANumber::BareDecimalSign {
            text: repeated(text),
        });
    }
    if decimals.contains(is_group_space) {
        return Err(NotANumber::Groups {
            text: repeated(text),
        });
    }
    Ok((whole, decimals))
}

/// The digits without the spaces between groups of three; `None` where a space stands elsewhere.
fn ungrouped(whole: &str) -> Option<String> {
    if !whole.contains(is_group_space) {
        return Some(whole.to_owned());
    }
    let groups: Vec<&str> = whole.split(is_group_space).collect();
    let (first, rest) = groups.split_first()?;
    let in_threes = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    in_threes.then(|| groups.concat())
}

/// Space, no-break space, thin space and narrow no-break space: what ISO 80000-1 and spreadsheets put between groups.
fn is_group_space(sign: char) -> bool {
    matches!(sign, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// As much of a refused text as a sentence can hold.
pub(crate) fn repeated(text: &str) -> String {
    match text.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Rounds to so many decimals, a half away from zero, as the European Pharmacopoeia does (General Notices 1.4: the
/// last digit is raised where the next one is 5 or more).
#[must_use]
pub fn round_half_up(d: Decimal, decimals: u32) -> Decimal {
    d.round_dp_with_strategy(decimals.min(FINEST), RoundingStrategy::MidpointAwayFromZero)
}

/// Rounds to so many significant digits, a half away from zero; 0 digits are taken as 1. For showing, never for
/// comparing.
#[must_use]
pub fn significant(d: Decimal, digits: u32) -> Decimal {
    if d.is_zero() {
        return Decimal::ZERO;
    }
    d.round_sf_with_strategy(digits.max(1), RoundingStrategy::MidpointAwayFromZero)
        .unwrap_or(d)
}

/// The number with exactly so many decimals, rounded by [`round_half_up`]; never an exponent, never “-0”.
#[must_use]
pub fn shown(d: Decimal, decimals: u32) -> String {
    let width = decimals.min(FINEST) as usize;
    let text = plain(round_half_up(d, decimals));
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if width == 0 {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction:0<width$}")
    }
}

/// The number as it is, with a narrow no-break space (U+202F) between thousands: `1 900 000`.
#[must_use]
pub fn grouped(d: Decimal) -> String {
    let text = plain(d);
    let (sign, unsigned) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = unsigned
        .find('.')
        .map_or((unsigned, ""), |at| unsigned.split_at(at));
    let mut grouped = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// All digits of the number; a zero without a sign.
fn plain(d: Decimal) -> String {
    if d.is_zero() {
        d.abs().to_string()
    } else {
        d.to_string()
    }
}

#[cfg(test)]
mod tests;
