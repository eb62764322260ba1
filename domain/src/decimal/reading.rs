//! From a text to the number that it writes.

use super::{MOST_DECIMALS, MOST_DIGITS, NotANumber, repeated};
use crate::{identifiers, typed};
use rust_decimal::Decimal;

/// The greatest power of ten that is looked at, up or down. It is beyond every number that is kept, so that no text of a
/// few characters makes a number of a million digits.
const GREATEST_POWER: i32 = 40;

/// The sign between a whole number and its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalSign {
    /// Comma or point, as people type it: nobody has said which.
    Either,
    /// The point: declared by a document or for a file.
    Point,
    /// The comma: declared for a file.
    Comma,
}

impl DecimalSign {
    fn admits(self, sign: char) -> bool {
        match self {
            Self::Either => true,
            Self::Point => sign == '.',
            Self::Comma => sign == ',',
        }
    }
}

/// A number at the head of a text, and what stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numeral {
    /// The number.
    pub number: Decimal,
    /// Whether it was written with a power of ten.
    pub power: bool,
    /// What stands after it, without spaces around: a unit, or nothing.
    pub rest: String,
}

/// Reads a number exactly, as a person types it: `79.9`, `79,9`, `-3`, `−3`, `1 900 000`, `1.6e8`, `1.6 × 10^8`.
///
/// # Errors
/// [`NotANumber`] for everything that is not one number in one reading; nothing is rounded.
pub fn parse(text: &str) -> Result<Decimal, NotANumber> {
    read(text, DecimalSign::Either, &|_| true)
}

/// Reads a number exactly, where `possible` says what can stand in its place: `97.647` is not ambiguous where 97,647
/// can't be.
///
/// # Errors
/// [`NotANumber`] for everything that is not one number in one reading; nothing is rounded.
pub fn read(
    text: &str,
    sign: DecimalSign,
    possible: &dyn Fn(Decimal) -> bool,
) -> Result<Decimal, NotANumber> {
    let numeral = Numeral::read(text, sign, possible)?;
    if numeral.rest.is_empty() {
        Ok(numeral.number)
    } else {
        Err(unread(text.trim(), &numeral.rest))
    }
}

impl Numeral {
    /// Reads the number that a text begins with.
    ///
    /// # Errors
    /// [`NotANumber`] where it begins with none, or with none in one reading.
    pub fn read(
        text: &str,
        sign: DecimalSign,
        possible: &dyn Fn(Decimal) -> bool,
    ) -> Result<Self, NotANumber> {
        if let Some(what) = identifiers::scan_in(text) {
            return Err(NotANumber::Scan { what });
        }
        let text = text.trim();
        if let Some(name) = typed::invisible(text) {
            return Err(NotANumber::Invisible {
                text: repeated(&typed::without_invisible(text)),
                name,
            });
        }
        let shown = repeated(text);
        let text: String = text.chars().map(usual_width).collect();
        let (negative, unsigned) = without_sign(&text, &shown)?;
        let (mantissa, rest) = split_mantissa(unsigned);
        if mantissa.is_empty() {
            return Err(match unsigned {
                "" if text.is_empty() => NotANumber::Empty,
                "" => NotANumber::NoNumber { text: shown },
                _ => unread(&shown, unsigned),
            });
        }
        let (mantissa, power, rest) = match power_of_ten(mantissa, rest, &shown)? {
            Some((power, rest)) if mantissa == "10" && power.bare => ("1", Some(power), rest),
            Some((power, rest)) if !power.bare => (mantissa, Some(power), rest),
            Some(_) => return Err(NotANumber::Exponent { text: shown }),
            None => (mantissa, None, rest),
        };
        let (whole, decimals) = parts(mantissa, sign, &shown)?;
        let digits = Digits {
            negative,
            whole: &whole,
            decimals,
            power: power.map_or(0, |power| power.exponent),
        };
        let number = digits.number(&shown)?;
        let grouping = may_be_grouped(mantissa, &whole, decimals) && sign == DecimalSign::Either;
        if grouping && !power.is_some_and(|power| power.scientific(&whole)) {
            let joined = format!("{whole}{decimals}");
            let thousands = Digits {
                whole: &joined,
                decimals: "",
                ..digits
            };
            let other = thousands.number(&shown).is_ok_and(possible);
            // The reading as thousands is never taken by itself: a factor of a thousand is no small mistake.
            if other {
                return Err(thousands.ambiguous(digits, shown));
            }
        }
        Ok(Self {
            number,
            power: power.is_some(),
            rest: rest.trim().to_owned(),
        })
    }
}

/// What stands where a number is expected, or after one.
pub(crate) fn unread(text: &str, rest: &str) -> NotANumber {
    let shown = repeated(text);
    let other_digit = |sign: char| sign.is_numeric() && !sign.is_ascii_digit();
    if rest.chars().any(other_digit) {
        NotANumber::OtherDigits { text: shown }
    } else if rest.starts_with(|sign| matches!(sign, '+' | '±' | '—') || is_minus(sign)) {
        NotANumber::Sign { text: shown }
    } else if text
        .trim_start_matches(|sign| is_minus(sign) || matches!(sign, '+' | ' '))
        .starts_with(|sign: char| usual_width(sign).is_ascii_digit())
        && !rest.contains(|sign: char| sign.is_control())
    {
        NotANumber::Unit { text: shown }
    } else {
        NotANumber::NoNumber { text: shown }
    }
}

/// The same character in its usual width, as an input method for Chinese or Japanese may write digits and signs.
fn usual_width(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '\u{3000}' => ' ',
        _ => sign,
    }
}

/// Hyphen-minus, minus, and the hyphens and the dash that word processors and spreadsheets put for it.
fn is_minus(sign: char) -> bool {
    matches!(
        sign,
        '-' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}'
    )
}

fn without_sign<'a>(text: &'a str, shown: &str) -> Result<(bool, &'a str), NotANumber> {
    let Some(sign) = text
        .chars()
        .next()
        .filter(|sign| is_minus(*sign) || *sign == '+')
    else {
        return Ok((false, text));
    };
    let unsigned = text[sign.len_utf8()..].trim_start();
    if unsigned.starts_with(|next| next == '+' || next == '±' || is_minus(next)) {
        return Err(NotANumber::Sign {
            text: shown.to_owned(),
        });
    }
    Ok((is_minus(sign), unsigned))
}

/// Space, no-break space, figure space, thin space and narrow no-break space: what ISO 80000-1 and spreadsheets put
/// between groups; and the apostrophes that Swiss spreadsheets put there.
fn is_group_space(sign: char) -> bool {
    matches!(
        sign,
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}'
    )
}

/// The digits with all that may stand between them, and what follows.
fn split_mantissa(text: &str) -> (&str, &str) {
    if !text.starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, ',' | '.')) {
        return ("", text);
    }
    let inside =
        |sign: char| sign.is_ascii_digit() || is_group_space(sign) || matches!(sign, ',' | '.');
    let end = text.find(|sign| !inside(sign)).unwrap_or(text.len());
    let mantissa = text[..end].trim_end_matches(is_group_space);
    (mantissa, &text[mantissa.len()..])
}

/// A power of ten after the digits.
#[derive(Debug, Clone, Copy)]
struct Power {
    exponent: i32,
    /// Written with `e`, as machines do.
    machine: bool,
    /// `10^6` alone: the digits before it are the ten.
    bare: bool,
}

impl Power {
    /// Whether the digits before it have their decimals after the first digit, or were written by a machine: then no
    /// sign between thousands stands there.
    fn scientific(self, whole: &str) -> bool {
        self.machine || whole.len() == 1
    }
}

/// Reads `e8`, `E+08`, `× 10^8`, `x 10⁸`, `·10^8`, `*10**8`, and `^6` after a ten.
fn power_of_ten<'a>(
    mantissa: &str,
    rest: &'a str,
    shown: &str,
) -> Result<Option<(Power, &'a str)>, NotANumber> {
    let refused = || NotANumber::Exponent {
        text: shown.to_owned(),
    };
    let spaced = rest.trim_start();
    if let Some(after) = spaced.strip_prefix(['e', 'E']) {
        let signed = after.strip_prefix('+').unwrap_or(after);
        let begins = |text: &str| text.starts_with(|sign: char| sign.is_ascii_digit());
        let unsigned = signed.strip_prefix(is_minus).unwrap_or(signed);
        if !begins(unsigned) {
            // No power of ten, but the first letter of a unit.
            return Ok(None);
        }
        let (exponent, rest) = exponent(signed).ok_or_else(refused)?;
        let power = Power {
            exponent,
            machine: true,
            bare: false,
        };
        return Ok(Some((power, rest)));
    }
    if mantissa == "10" && rest.starts_with(|sign| sign == '^' || superscript(sign).is_some()) {
        let (exponent, rest) = raised(rest).ok_or_else(refused)?;
        let power = Power {
            exponent,
            machine: false,
            bare: true,
        };
        return Ok(Some((power, rest)));
    }
    if rest.starts_with(|sign| sign == '^' || superscript(sign).is_some()) {
        return Err(refused());
    }
    let Some(after) = spaced.strip_prefix(['x', 'X', '×', '·', '*', '⋅', '∙']) else {
        return Ok(None);
    };
    let Some(after) = after.trim_start().strip_prefix("10") else {
        return Ok(None);
    };
    if after.starts_with(|sign: char| sign.is_ascii_digit()) {
        return Err(NotANumber::LostPower {
            text: shown.to_owned(),
        });
    }
    let (exponent, rest) = raised(after).ok_or_else(refused)?;
    let power = Power {
        exponent,
        machine: false,
        bare: false,
    };
    Ok(Some((power, rest)))
}

/// What stands after a ten that is raised: `^8`, `**8`, `⁸`, `⁻³`.
fn raised(text: &str) -> Option<(i32, &str)> {
    for mark in ["^", "**"] {
        if let Some(after) = text.strip_prefix(mark) {
            return exponent(after.strip_prefix('+').unwrap_or(after));
        }
    }
    let end = text
        .find(|sign| superscript(sign).is_none())
        .unwrap_or(text.len());
    let plain: String = text[..end].chars().filter_map(superscript).collect();
    let (exponent, rest) = exponent(plain.strip_prefix('+').unwrap_or(&plain))?;
    rest.is_empty().then_some((exponent, &text[end..]))
}

/// An exponent of at most three digits, and what follows; `None` beyond [`GREATEST_POWER`].
fn exponent(text: &str) -> Option<(i32, &str)> {
    let (negative, unsigned) = match text.strip_prefix(is_minus) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let end = unsigned
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(end);
    let power: i32 = digits
        .parse()
        .ok()
        .filter(|power| *power <= GREATEST_POWER)?;
    (digits.len() <= 3).then_some((if negative { -power } else { power }, rest))
}

fn superscript(sign: char) -> Option<char> {
    Some(match sign {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(u32::from(sign) - 0x2070, 10)?,
        '⁺' => '+',
        '⁻' => '-',
        _ => return None,
    })
}

/// The digits before the decimal sign, without what stands between their groups, and those after it.
fn parts<'a>(
    mantissa: &'a str,
    declared: DecimalSign,
    shown: &str,
) -> Result<(String, &'a str), NotANumber> {
    let text = || shown.to_owned();
    let commas = mantissa.matches(',').count();
    let dots = mantissa.matches('.').count();
    for (many, sign, found) in [(commas, ',', "comma"), (dots, '.', "point")] {
        if many > 0 && !declared.admits(sign) {
            let declared = if sign == ',' { "point" } else { "comma" };
            return Err(NotANumber::UndeclaredSign {
                text: text(),
                found,
                declared,
            });
        }
    }
    if commas > 0 && dots > 0 {
        return Err(NotANumber::CommaAndDot { text: text() });
    }
    if commas + dots > 1 {
        return Err(NotANumber::RepeatedDecimalSign { text: text() });
    }
    let (whole, decimals) = match mantissa.split_once([',', '.']) {
        Some((whole, decimals)) if whole.is_empty() || decimals.is_empty() => {
            return Err(NotANumber::BareDecimalSign { text: text() });
        }
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    if decimals.contains(is_group_space) {
        return Err(NotANumber::Groups { text: text() });
    }
    let whole = ungrouped(whole).ok_or_else(|| NotANumber::Groups { text: text() })?;
    Ok((whole, decimals))
}

/// The digits without what stands between groups of three; `None` where it stands elsewhere.
fn ungrouped(whole: &str) -> Option<String> {
    if !whole.contains(is_group_space) {
        return Some(whole.to_owned());
    }
    let groups: Vec<&str> = whole.split(is_group_space).collect();
    let (first, rest) = groups.split_first()?;
    let in_threes = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    in_threes.then(|| groups.concat())
}

/// Whether the one comma or dot could separate thousands: one to three digits before it, of which the first is no
/// zero, three after it, and no other sign between groups.
fn may_be_grouped(mantissa: &str, whole: &str, decimals: &str) -> bool {
    decimals.len() == 3
        && (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
        && !mantissa.contains(is_group_space)
}

/// The digits of a number and where its decimal sign stands.
#[derive(Clone, Copy)]
struct Digits<'a> {
    negative: bool,
    whole: &'a str,
    decimals: &'a str,
    power: i32,
}

impl Digits<'_> {
    fn number(self, shown: &str) -> Result<Decimal, NotANumber> {
        let text = || shown.to_owned();
        let many = self.whole.len() + self.decimals.len();
        // Both are bounded, the power by its reader: nothing overflows, nothing long is built.
        let scale = i64::try_from(self.decimals.len()).unwrap_or(i64::MAX) - i64::from(self.power);
        let zeros = usize::try_from(-scale.min(0)).unwrap_or(usize::MAX);
        let decimals = usize::try_from(scale.max(0)).unwrap_or(usize::MAX);
        let digits = if self.power == 0 {
            many
        } else {
            let significant = self.whole.trim_start_matches('0').len() + self.decimals.len();
            significant.saturating_add(zeros)
        };
        if digits > MOST_DIGITS {
            return Err(NotANumber::TooManyDigits {
                text: text(),
                digits,
            });
        }
        if decimals > MOST_DECIMALS {
            return Err(NotANumber::TooManyDecimals {
                text: text(),
                decimals,
            });
        }
        let mantissa = format!("{}{}{}", self.whole, self.decimals, "0".repeat(zeros));
        match (mantissa.parse::<i64>(), u32::try_from(decimals)) {
            // Minus nothing is nothing: a zero never carries a sign.
            (Ok(mantissa), Ok(scale)) => Ok(Decimal::new(
                if self.negative { -mantissa } else { mantissa },
                scale,
            )),
            _ => Err(NotANumber::NoNumber { text: text() }),
        }
    }

    /// This reading as thousands beside `decimals`, the other one.
    fn ambiguous(self, decimals: Self, text: String) -> NotANumber {
        let sign = if self.negative { "-" } else { "" };
        let power = match self.power {
            0 => String::new(),
            power => format!("e{power}"),
        };
        NotANumber::Ambiguous {
            text,
            joined: format!("{sign}{}{power}", self.whole),
            // One zero more: with four decimals it is read in one way.
            dotted: format!("{sign}{}.{}0{power}", decimals.whole, decimals.decimals),
        }
    }
}
