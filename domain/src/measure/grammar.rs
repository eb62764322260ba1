//! How a unit is spelled: in a document, on a page, in UCUM.

use super::{
    MOST_BELOW, Measure, Scale, Term,
    atoms::{Atom, PREFIXES, Sort},
    sense::{too_great, twice},
};
use crate::decimal::repeated;
use std::str::FromStr;

/// The longest spelling of a unit.
const LONGEST: usize = 60;
/// The greatest power of ten in a unit.
const GREATEST_POWER: u8 = 18;
/// How many names are suggested.
const SUGGESTED: usize = 6;

/// A symbol that is no unit by the grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{symbol}” is no known unit: {why}")]
pub struct UnknownMeasure {
    /// What was written.
    pub symbol: String,
    /// Which part of it, and what to write.
    pub why: String,
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    /// Reads a unit as documents write it. `²`, `³`, `10⁶` and `u` for `µ` are read too; one unit has one symbol.
    fn from_str(symbol: &str) -> Result<Self, UnknownMeasure> {
        let refused = |why: String| UnknownMeasure {
            symbol: repeated(symbol),
            why,
        };
        if symbol.len() > LONGEST {
            return Err(refused("it is too long for a unit".to_owned()));
        }
        if symbol == "none" {
            return Ok(Self::PLAIN);
        }
        let plain = plain(symbol);
        let mut parts = match plain.strip_prefix("per ") {
            Some(below) => format!("1/{below}"),
            None => plain.clone(),
        };
        // The one name that has a sign between its letters is written with spaces.
        if parts.starts_with("x g") {
            parts.replace_range(..3, "x\u{a0}g");
        }
        let mut terms = parts.split('/').map(|part| part.replace('\u{a0}', " "));
        let above = terms.next().unwrap_or_default();
        let mut measure = Self::of(term(&above).map_err(refused)?);
        for (many, part) in terms.enumerate() {
            let term = term(&part).map_err(refused)?;
            if term == Term::of(Atom::One) {
                return Err(refused(
                    "a 1 below the line says nothing; leave it out".to_owned(),
                ));
            }
            let below = &measure.below;
            if let Some(twice) = twice(measure.above, below.iter().flatten(), term) {
                return Err(refused(twice));
            }
            let Some(place) = measure.below.get_mut(many) else {
                return Err(refused(format!(
                    "at most {MOST_BELOW} terms stand below the line"
                )));
            };
            *place = Some(term);
        }
        if measure == Self::PLAIN {
            return Err(refused("write “none” for a plain number".to_owned()));
        }
        Ok(measure)
    }
}

/// The characters of the grammar for those that are printed.
fn plain(symbol: &str) -> String {
    let mut text = String::with_capacity(symbol.len());
    let mut raised = false;
    for sign in symbol.chars() {
        let digit = match sign {
            '⁰' => Some('0'),
            '¹' => Some('1'),
            '²' => Some('2'),
            '³' => Some('3'),
            '⁴'..='⁹' => char::from_digit(u32::from(sign) - 0x2070, 10),
            _ => None,
        };
        match digit {
            Some(digit) => {
                if !raised && text.ends_with("10") {
                    text.push('^');
                }
                raised = true;
                text.push(digit);
            }
            None => {
                raised = false;
                text.push(match sign {
                    'μ' => 'µ',
                    '％' => '%',
                    _ => sign,
                });
            }
        }
    }
    let text = text
        .strip_prefix("× 10^")
        .map_or(text.clone(), |rest| format!("10^{rest}"));
    if text.starts_with("× g") {
        text.replacen('×', "x", 1)
    } else {
        text
    }
}

fn term(text: &str) -> Result<Term, String> {
    let (scale, name) = scale(text)?;
    if name.is_empty() {
        if scale.is_none() {
            return Err("a term is empty".to_owned());
        }
        return Ok(Term {
            scale: scale.unwrap_or(Scale::ONE),
            ..Term::of(Atom::One)
        });
    }
    let term = named(name).ok_or_else(|| unknown(name))?;
    if let Some(meant) = too_great(term) {
        return Err(format!(
            "“{}” is a million times as much as a laboratory measures, or more; write {meant} if that is meant",
            repeated(name)
        ));
    }
    Ok(Term {
        scale: scale.unwrap_or(Scale::ONE),
        ..term
    })
}

/// `10^6 cells` is a scale and a name, `4 h` too; `10^6` alone is a scale.
fn scale(text: &str) -> Result<(Option<Scale>, &str), String> {
    let digits = text
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(text.len());
    if digits == 0 {
        return Ok((None, text));
    }
    let (number, mut rest) = text.split_at(digits);
    let wrong = || {
        format!(
            "“{}” is no whole number or power of ten that a unit has",
            repeated(text)
        )
    };
    let scale = if number == "10" && rest.starts_with('^') {
        let power = rest[1..]
            .find(|sign: char| !sign.is_ascii_digit())
            .map_or(rest.len(), |end| end + 1);
        let exponent = rest[1..power].parse().ok();
        rest = &rest[power..];
        let exponent = exponent.filter(|power| (1..=GREATEST_POWER).contains(power));
        Scale::power(exponent.ok_or_else(wrong)?)
    } else {
        whole(number).ok_or_else(wrong)?
    };
    match rest.strip_prefix(' ') {
        Some(name) if !name.is_empty() => Ok((Some(scale), name)),
        None if rest.is_empty() => Ok((Some(scale), rest)),
        _ => Err(format!(
            "write a space after the number, as in 10^6 cells, in “{}”",
            repeated(text)
        )),
    }
}

/// A whole number as a scale: 1000 is 10^3, for one unit has one symbol.
fn whole(digits: &str) -> Option<Scale> {
    let mut number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    let mut power = 0;
    while number.is_multiple_of(10) {
        number /= 10;
        power += 1;
    }
    let number = u16::try_from(number).ok()?;
    Some(Scale { number, power })
}

fn named(name: &str) -> Option<Term> {
    if let Some(atom) = atom(name) {
        return Some(Term::of(atom));
    }
    if let Some(prefixed) = prefixed(name) {
        return Some(prefixed);
    }
    let (base, exponent) = match name.strip_suffix(['2', '3']) {
        Some(base) => (base, if name.ends_with('2') { 2 } else { 3 }),
        None => return None,
    };
    let base = base.strip_suffix('^').unwrap_or(base);
    let term = atom(base).map(Term::of).or_else(|| prefixed(base))?;
    (term.atom == Atom::Metre).then_some(Term { exponent, ..term })
}

fn atom(name: &str) -> Option<Atom> {
    // As it is printed.
    if name == "fold" {
        return Some(Atom::Fold);
    }
    let fits =
        |atom: &&Atom| **atom != Atom::One && (atom.symbol() == name || atom.singular() == name);
    Atom::ALL.iter().find(fits).copied()
}

fn prefixed(name: &str) -> Option<Term> {
    let found = PREFIXES
        .iter()
        .zip(0..)
        .skip(1)
        .find_map(|((written, code), place)| {
            let rest = name
                .strip_prefix(written)
                .or_else(|| name.strip_prefix(code))?;
            let atom = atom(rest).filter(|atom| atom.sort() == Sort::Metric)?;
            Some(Term::of(atom).prefixed(place))
        });
    found.filter(|term| !(term.atom == Atom::InternationalUnits && term.prefix == 0))
}

/// Why a name is unknown, with those near it.
fn unknown(name: &str) -> String {
    let mut near: Vec<(usize, String)> = spellings()
        .map(|known| (distance(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(far, known)| *far <= known.chars().count().min(4) / 2)
        .collect();
    near.sort_by_key(|(far, known)| (*far, known.len()));
    near.truncate(SUGGESTED);
    let near: Vec<_> = near.into_iter().map(|(_, known)| known).collect();
    let shown = repeated(name);
    if near.is_empty() {
        return format!(
            "“{shown}” is no name of a unit. Names are such as %, cells, copies, CFU, EU, IU, g, mol, L, m, h, min, °C, with \
             a metric prefix where it takes one; write “none” for a plain number"
        );
    }
    format!(
        "“{shown}” is no name of a unit. Near it are {}",
        near.join(", ")
    )
}

/// The names that a laboratory meets, with their usual prefixes.
fn spellings() -> impl Iterator<Item = String> {
    Atom::ALL.iter().skip(1).flat_map(|atom| {
        let prefixes: &[u8] = match atom.sort() {
            Sort::Metric => &[0, 3, 4, 5, 9],
            Sort::Plain | Sort::Count | Sort::Other | Sort::Temperature | Sort::Logarithm => &[0],
        };
        prefixes.iter().map(|prefix| {
            let (prefix, _) = PREFIXES[usize::from(*prefix)];
            format!("{prefix}{}", atom.symbol())
        })
    })
}

/// Letters to insert, remove or replace. Both are short: a unit has at most [`LONGEST`] bytes.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, sign) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, letter) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(sign != *letter);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// How a unit is spelled for somebody.
#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    Document,
    Page,
}

/// The symbol as a document writes it.
pub(super) fn written(measure: Measure) -> String {
    if measure == Measure::PLAIN {
        return "none".to_owned();
    }
    spelled(measure, Spelling::Document, false)
}

/// As a page or a paper shows it; `one` where the number before it is 1.
pub(super) fn shown(measure: Measure, one: bool) -> String {
    match measure {
        Measure::PLAIN => String::new(),
        Measure::FOLD => "fold".to_owned(),
        _ => spelled(measure, Spelling::Page, one),
    }
}

fn spelled(measure: Measure, spelling: Spelling, one: bool) -> String {
    let per = measure.above == Term::of(Atom::One);
    let mut text = if per {
        "per ".to_owned()
    } else {
        let times = spelling == Spelling::Page && measure.counts_in_powers();
        let times = if times { "× " } else { "" };
        times.to_owned() + &of_term(measure.above, spelling, !one)
    };
    for (place, term) in measure.below.iter().flatten().enumerate() {
        if place > 0 || !per {
            text.push('/');
        }
        text.push_str(&of_term(*term, spelling, false));
    }
    text
}

/// One term; `several` where its name stands for more than one, as a number of things above the line does.
fn of_term(term: Term, spelling: Spelling, several: bool) -> String {
    let scale = match (term.scale, spelling) {
        (Scale::ONE, _) => None,
        (Scale { number: 1, power }, Spelling::Document) if power > 3 => {
            Some(format!("10^{power}"))
        }
        (Scale { number: 1, power }, Spelling::Page) if power > 3 => {
            Some(format!("10{}", superscripts(power)))
        }
        (Scale { number, power }, _) => Some(format!("{number}{}", "0".repeat(usize::from(power)))),
    };
    let (prefix, _) = PREFIXES[usize::from(term.prefix)];
    let name = if several || scale.is_some() {
        term.atom.symbol()
    } else {
        term.atom.singular()
    };
    let name = match (term.atom, spelling) {
        (Atom::Gravity, Spelling::Page) => "× g",
        _ => name,
    };
    let exponent = match (term.exponent, spelling) {
        (1, _) => String::new(),
        (exponent, Spelling::Document) => exponent.to_string(),
        (exponent, Spelling::Page) => superscripts(exponent),
    };
    let name = format!("{prefix}{name}{exponent}");
    match scale {
        Some(scale) if name.is_empty() => scale,
        Some(scale) => format!("{scale} {name}"),
        None => name,
    }
}

fn superscripts(number: u8) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |digit: u8| RAISED.get(usize::from(digit.wrapping_sub(b'0')));
    number.to_string().bytes().filter_map(digit).collect()
}

/// The code in UCUM.
pub(super) fn ucum(measure: Measure) -> String {
    let per = measure.above == Term::of(Atom::One);
    let mut text = if per && !measure.is_alone() {
        String::new()
    } else {
        code(measure.above, false)
    };
    for term in measure.below.iter().flatten() {
        text.push('/');
        text.push_str(&code(*term, true));
    }
    text
}

fn code(term: Term, below: bool) -> String {
    let scale = match term.scale {
        Scale::ONE => None,
        Scale { number: 1, power } => Some(format!("10*{power}")),
        Scale { number, power } => Some(format!("{number}{}", "0".repeat(usize::from(power)))),
    };
    let exponent = match term.exponent {
        1 => String::new(),
        exponent => exponent.to_string(),
    };
    let (_, prefix) = PREFIXES[usize::from(term.prefix)];
    let name = format!("{prefix}{}{exponent}", term.atom.ucum());
    match scale {
        None => name,
        Some(scale) if term.atom == Atom::One => scale,
        // An annotation says of what a number is, and stands at it.
        Some(scale) if name.starts_with('{') && scale.starts_with("10*") => scale + &name,
        Some(scale) if below => format!("({scale}.{name})"),
        Some(scale) => format!("{scale}.{name}"),
    }
}
