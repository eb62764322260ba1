//! Numbers as a person types them.

use crate::corpus::{attack, short_words, traps};
use domain::decimal::{DecimalSign, NotANumber, grouped, parse, shown};
use rust_decimal::Decimal;

const MINUS: [char; 8] = ['-', '‐', '‑', '‒', '–', '−', '﹣', '－'];
const RAISED: [(char, char); 12] = [
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '-'),
];

/// What stands before a power of ten, its exponent, and whether `e` wrote it; from the right, as the program reads from the
/// left.
fn power(text: &str) -> Option<(String, Option<i32>, bool)> {
    let integer = |text: &str| {
        let text: String = text
            .chars()
            .map(|sign| if MINUS.contains(&sign) { '-' } else { sign })
            .collect();
        let digits = text.trim_start_matches(['+', '-']);
        let signs = text.len() - digits.len();
        let plain = signs <= 1
            && (1..=3).contains(&digits.len())
            && digits.chars().all(|one| one.is_ascii_digit());
        // As the program has it: a plus after e or a mark, then one minus at most.
        plain
            .then(|| text.parse::<i32>().ok())
            .flatten()
            .filter(|power| power.abs() <= 40)
    };
    if let Some((before, after)) = text.rsplit_once(['e', 'E']) {
        return Some((before.trim_end().to_owned(), Some(integer(after)?), true));
    }
    let raised = |sign: char| {
        RAISED
            .iter()
            .find(|(high, _)| *high == sign)
            .map(|(_, low)| *low)
    };
    let (head, exponent) = if let Some((head, exponent)) = text.rsplit_once("**") {
        (head, exponent.to_owned())
    } else if let Some((head, exponent)) = text.rsplit_once('^') {
        (head, exponent.to_owned())
    } else {
        let head = text.trim_end_matches(|sign| raised(sign).is_some());
        if head == text {
            return Some((text.to_owned(), None, false));
        }
        (
            head,
            text[head.len()..].chars().filter_map(raised).collect(),
        )
    };
    let exponent = integer(&exponent)?;
    let before = head.strip_suffix("10")?;
    if before.is_empty() {
        return Some(("1".to_owned(), Some(exponent), false));
    }
    let before = before
        .trim_end()
        .strip_suffix(['x', 'X', '×', '·', '*', '⋅', '∙'])?;
    Some((before.trim_end().to_owned(), Some(exponent), false))
}

/// The number by hand: minus, digits without leading zeros, decimals; `None` for what is no number in one reading.
fn by_hand(text: &str) -> Option<String> {
    let text = text.trim();
    // Fullwidth forms stand 0xfee0 above ASCII.
    let text: String = text
        .chars()
        .map(|sign| match u32::from(sign) {
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap(),
            0x3000 => ' ',
            _ => sign,
        })
        .collect();
    let minus = text.starts_with(MINUS);
    let unsigned = text
        .strip_prefix(MINUS)
        .or(text.strip_prefix('+'))
        .map_or(&*text, str::trim_start);
    // The ten of a bare power has no sign between it and its minus to be mistaken.
    let (mantissa, exponent, machine) = power(unsigned)?;
    let spaces = [
        '\u{20}', '\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}', '\'', '’',
    ];
    let marked = mantissa.contains([',', '.']);
    let (whole, decimals) = mantissa.split_once([',', '.']).unwrap_or((&mantissa, ""));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_digit());
    let groups: Vec<&str> = whole.split(spaces).collect();
    let rest_in_threes = groups[1..].iter().all(|group| group.len() == 3);
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && rest_in_threes);
    if !grouped || !groups.iter().all(|group| digits(group)) || (marked && !digits(decimals)) {
        return None;
    }
    // Three digits after a comma or a dot, and one to three before it, are thousands to some.
    let thousands = decimals.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
    let scientific = exponent.is_some() && (machine || whole.len() == 1);
    let whole = groups.concat();
    // Both readings have to be numbers that are kept: else one is left.
    let both = || shifted(minus, &format!("{whole}{decimals}"), "", exponent).is_some();
    let read = shifted(minus, &whole, decimals, exponent)?;
    (!thousands || scientific || !both()).then_some(read)
}

/// The digits with the decimal sign moved, as far as that is kept.
fn shifted(minus: bool, whole: &str, decimals: &str, exponent: Option<i32>) -> Option<String> {
    let exponent = exponent.unwrap_or(0);
    let many = if exponent == 0 {
        whole.len() + decimals.len()
    } else {
        whole.trim_start_matches('0').len() + decimals.len()
    };
    let places = i64::try_from(decimals.len()).unwrap() - i64::from(exponent);
    let zeros = usize::try_from(-places).unwrap_or(0);
    if many + zeros > 18 || places > 9 {
        return None;
    }
    let digits = format!("{whole}{decimals}{}", "0".repeat(zeros));
    let scale = usize::try_from(places).unwrap_or(0);
    let digits = format!("{}{digits}", "0".repeat(scale + 1));
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    let nothing = digits.chars().all(|sign| sign == '0');
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if minus && !nothing { "-" } else { "" };
    let dot = if scale == 0 { "" } else { "." };
    Some(format!("{sign}{whole}{dot}{decimals}"))
}

fn check(text: &str) {
    let read = parse(text);
    match (&read, by_hand(text)) {
        (Ok(number), Some(expected)) => {
            assert_eq!(number.to_string(), expected, "{text:?}");
            // With three decimals it is shown as it would not be typed.
            if number.scale() != 3 {
                assert_eq!(parse(&grouped(*number)), Ok(*number), "{text:?}");
            }
            let all = shown(*number, number.scale());
            assert_eq!(all, number.to_string(), "{text:?}");
            assert_eq!(read_point(&all), Ok(*number), "{text:?}");
        }
        (Err(refused), None) => short_words(refused),
        // What begins as a scan does is no number, whatever it holds.
        (Err(refused @ NotANumber::Scan { .. }), Some(_)) => short_words(refused),
        (read, by_hand) => panic!("{text:?}: {read:?}, by hand {by_hand:?}"),
    }
    // Of two readings, the one that is possible, or none.
    if let Ok(number) = read_at_most(text, 100) {
        assert!(
            read == Ok(number) || matches!(read, Err(NotANumber::Ambiguous { .. })),
            "{text:?}"
        );
    }
}

fn read_point(text: &str) -> Result<Decimal, NotANumber> {
    domain::decimal::read(text, DecimalSign::Point, &|_| true)
}

fn read_at_most(text: &str, most: i64) -> Result<Decimal, NotANumber> {
    let possible = |value: Decimal| value <= Decimal::from(most);
    domain::decimal::read(text, DecimalSign::Either, &possible)
}

#[test]
fn a_number_has_one_reading() {
    attack("numbers", check);
}

// A11-4.7
#[test]
fn no_number_costs_more_than_its_length() {
    for trap in traps() {
        let refused = parse(&trap).unwrap_err();
        short_words(&refused);
    }
    assert!(matches!(
        parse("1e999999999"),
        Err(NotANumber::Exponent { .. })
    ));
}
