//! Numbers as a person types them.

use crate::corpus::{attack, short_words, traps};
use domain::decimal::{NotANumber, grouped, parse, parse_non_negative, shown};

/// The number by hand: minus, digits without leading zeros, decimals; `None` for what is no number in one reading.
fn by_hand(text: &str) -> Option<(bool, String, String)> {
    let text = text.trim();
    let (minus, text) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let spaces = ['\u{20}', '\u{a0}', '\u{2009}', '\u{202f}'];
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_digit());
    let groups: Vec<&str> = whole.split(spaces).collect();
    let rest_in_threes = groups[1..].iter().all(|group| group.len() == 3);
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && rest_in_threes);
    if !grouped || !groups.iter().all(|group| digits(group)) || !digits(decimals) {
        return None;
    }
    let whole = groups.concat();
    let zero = whole.chars().all(|sign| sign == '0');
    // Three digits after a comma or a dot are thousands to some.
    if text.contains([',', '.']) && decimals.len() == 3 && !zero {
        return None;
    }
    let decimals = if text.contains([',', '.']) {
        decimals
    } else {
        ""
    };
    if whole.len() + decimals.len() > 18 || decimals.len() > 9 {
        return None;
    }
    let nothing = zero && decimals.chars().all(|sign| sign == '0');
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some((minus && !nothing, whole.to_owned(), decimals.to_owned()))
}

fn check(text: &str) {
    let read = parse(text);
    match (&read, by_hand(text)) {
        (Ok(number), Some((minus, whole, decimals))) => {
            let dot = if decimals.is_empty() { "" } else { "." };
            let sign = if minus { "-" } else { "" };
            assert_eq!(
                number.to_string(),
                format!("{sign}{whole}{dot}{decimals}"),
                "{text:?}"
            );
            assert_eq!(parse(&grouped(*number)), Ok(*number), "{text:?}");
            let all = shown(*number, number.scale());
            assert_eq!(all, number.to_string(), "{text:?}");
        }
        (Err(refused), None) => short_words(refused),
        (read, by_hand) => panic!("{text:?}: {read:?}, by hand {by_hand:?}"),
    }
    if let (Ok(number), Ok(read)) = (parse_non_negative(text), &read) {
        assert!(number == *read && !number.is_sign_negative(), "{text:?}");
    }
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
