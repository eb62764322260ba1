//! Numbers as a person types them, and as a page or a paper shows them.
//!
//! A number is read exactly or refused with words; it is never guessed. What two people could read in two ways
//! (`1,000`) is refused where the field can hold both, because the one reading is a thousand times the other
//! (docs/adr/0019-one-reading.md).

mod reading;
mod refusal;

pub(crate) use reading::unread;
pub use reading::{DecimalSign, Numeral, parse, read};
pub use refusal::NotANumber;

use rust_decimal::{Decimal, RoundingStrategy};

/// The most digits that a typed number may have, before and after the decimal sign together.
pub const MOST_DIGITS: usize = 18;
/// The most decimals that a typed number may have.
pub const MOST_DECIMALS: usize = 9;

/// The finest scale that a [`Decimal`] can hold.
const FINEST: u32 = 28;
/// So much of a refused text is repeated to the person, no more.
const REPEATED: usize = 40;

/// As much of a refused text as a sentence can hold.
#[must_use]
pub fn repeated(text: &str) -> String {
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
