#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;
use std::str::FromStr as _;

fn d(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

// A11-4.7, DI-4
#[test]
fn a_number_is_read_exactly_as_typed() {
    for (typed, meant) in [
        ("0", "0"),
        ("80", "80"),
        ("79.9", "79.9"),
        ("79,9", "79.9"),
        ("0,05", "0.05"),
        ("0.05", "0.05"),
        ("0,125", "0.125"),
        ("00,125", "0.125"),
        ("  79.9\t", "79.9"),
        ("\u{a0}79,9\u{202f}", "79.9"),
        ("007", "7"),
        ("80.0", "80.0"),
        ("10.4670", "10.4670"),
        ("1,0000", "1.0000"),
        ("1,00", "1.00"),
        ("1 900 000", "1900000"),
        ("1\u{202f}900\u{a0}000", "1900000"),
        ("190\u{2009}000", "190000"),
        ("1 900 000.25", "1900000.25"),
        ("1\u{2007}900\u{2007}000", "1900000"),
        ("1'900'000", "1900000"),
        ("1’900’000.5", "1900000.5"),
        ("160 000 000", "160000000"),
        ("+5", "5"),
        ("+ 37.0", "37.0"),
        ("-3", "-3"),
        // A minus is a minus, whoever set it: never 5.
        ("−5", "-5"),
        ("‐5", "-5"),
        ("‑5", "-5"),
        ("‒5", "-5"),
        ("–5", "-5"),
        ("－5", "-5"),
        ("﹣5", "-5"),
        ("− 196", "-196"),
        // The same digits in another width.
        ("７９．９", "79.9"),
        // No group of thousands begins with four digits, or stands beside another sign between groups.
        ("1234.567", "1234.567"),
        ("1 234,567", "1234.567"),
        ("0.467", "0.467"),
        // As counters and publications print.
        ("1.6e8", "160000000"),
        ("1.6E+08", "160000000"),
        ("1.6E8", "160000000"),
        ("1,6E+08", "160000000"),
        ("1.6 × 10^8", "160000000"),
        ("1.6 x 10⁸", "160000000"),
        ("1.6x10^8", "160000000"),
        ("1.6·10^8", "160000000"),
        ("1.6*10^8", "160000000"),
        ("1.6*10**8", "160000000"),
        ("1.234 × 10^6", "1234000"),
        ("97.647e3", "97647"),
        ("10^6", "1000000"),
        ("10⁶", "1000000"),
        ("2.50e-3", "0.00250"),
        ("5 × 10⁻³", "0.005"),
        ("1.2345e2", "123.45"),
        ("−1.6e2", "-160"),
        ("0e0", "0"),
        ("-0,5", "-0.5"),
        ("-1 900", "-1900"),
        ("999999999999999999", "999999999999999999"),
        ("123456789.123456789", "123456789.123456789"),
        ("0.000000001", "0.000000001"),
    ] {
        let read = parse(typed).unwrap();
        assert_eq!(read, d(meant), "{typed}");
        assert_eq!(
            read.scale(),
            d(meant).scale(),
            "decimals of {typed} are kept, as-limit rounding needs them"
        );
    }
}

#[test]
fn minus_nothing_is_nothing() {
    for typed in ["-0", "-0.00", "-0,0", "−0", "-0e5"] {
        assert!(!parse(typed).unwrap().is_sign_negative(), "{typed}");
    }
}

/// Which kind of refusal, without the text that it repeats.
fn kind(refusal: &NotANumber) -> &'static str {
    match refusal {
        NotANumber::Empty => "empty",
        NotANumber::Scan { .. } => "scan",
        NotANumber::Invisible { .. } => "invisible",
        NotANumber::LostPower { .. } => "lost power",
        NotANumber::PowerTwice { .. } => "power twice",
        NotANumber::UndeclaredSign { .. } => "undeclared sign",
        NotANumber::OtherUnit { .. } => "other unit",
        NotANumber::Sign { .. } => "sign",
        NotANumber::Negative { .. } => "negative",
        NotANumber::Exponent { .. } => "exponent",
        NotANumber::Ambiguous { .. } => "ambiguous",
        NotANumber::CommaAndDot { .. } => "comma and dot",
        NotANumber::RepeatedDecimalSign { .. } => "repeated",
        NotANumber::BareDecimalSign { .. } => "bare",
        NotANumber::Groups { .. } => "groups",
        NotANumber::Unit { .. } => "unit",
        NotANumber::OtherDigits { .. } => "digits of another script",
        NotANumber::TooManyDigits { .. } => "too many digits",
        NotANumber::TooManyDecimals { .. } => "too many decimals",
        NotANumber::NoNumber { .. } => "no number",
    }
}

// A11-4.7, DI-4
#[test]
fn what_is_not_one_number_in_one_reading_is_refused() {
    for (typed, why) in [
        ("", "empty"),
        ("   ", "empty"),
        ("\u{a0}", "empty"),
        ("±5", "sign"),
        ("—5", "sign"),
        ("+-5", "sign"),
        ("−−5", "sign"),
        ("--5", "sign"),
        ("(5)", "no number"),
        ("5-", "sign"),
        ("1-2", "sign"),
        ("-", "no number"),
        ("1e41", "exponent"),
        ("10^1000000", "exponent"),
        ("1e999999999999999999999", "exponent"),
        ("1e-999", "exponent"),
        ("5^6", "exponent"),
        ("5²", "exponent"),
        ("1.6 × 10^", "exponent"),
        ("1.6 × 10^^8", "exponent"),
        ("1.6 x 108", "lost power"),
        ("1e18", "too many digits"),
        ("1e-10", "too many decimals"),
        ("1,000", "ambiguous"),
        ("97.647", "ambiguous"),
        ("12.345 × 10^6", "ambiguous"),
        ("12,345", "ambiguous"),
        ("-1,000", "ambiguous"),
        ("1.000", "ambiguous"),
        ("10.467", "ambiguous"),
        ("1.000,5", "comma and dot"),
        ("1,000.5", "comma and dot"),
        ("1,2,3", "repeated"),
        ("1.000.000", "repeated"),
        ("..", "repeated"),
        (".5", "bare"),
        ("5.", "bare"),
        (",5", "bare"),
        ("5,", "bare"),
        (".", "bare"),
        ("-,5", "bare"),
        ("1 90", "groups"),
        ("1900 000", "groups"),
        ("1  900", "groups"),
        ("5 .5", "groups"),
        ("0.000 001", "groups"),
        ("72 %", "unit"),
        ("72%", "unit"),
        ("5 ml", "unit"),
        ("5mL", "unit"),
        ("3 µl", "unit"),
        ("1e", "unit"),
        ("٧٩", "digits of another script"),
        ("५", "digits of another script"),
        ("۷۹", "digits of another script"),
        ("½", "digits of another script"),
        ("1234567890123456789", "too many digits"),
        ("1234567890123.123456", "too many digits"),
        ("0.0000000001", "too many decimals"),
        ("NaN", "no number"),
        ("inf", "no number"),
        ("-inf", "no number"),
        ("O.5", "no number"),
        ("abc", "no number"),
        ("<0.05", "no number"),
        ("0x10", "exponent"),
        ("'5", "no number"),
        ("5\u{0}", "invisible"),
        ("5\n6", "invisible"),
        ("5\u{200b}", "invisible"),
        ("\u{feff}5", "invisible"),
        ("\u{202e}97", "invisible"),
        ("=A99991712345600", "scan"),
        ("=>026365", "scan"),
    ] {
        assert_eq!(parse(typed).as_ref().map_err(kind), Err(why), "{typed:?}");
    }
}

#[test]
fn the_other_reading_is_taken_only_where_thousands_can_not_be_meant() {
    let at_most = |most: &str| {
        let most = d(most);
        move |value: Decimal| value <= most
    };
    assert_eq!(
        read("97.647", DecimalSign::Either, &at_most("100")),
        Ok(d("97.647"))
    );
    assert_eq!(
        read("97,647", DecimalSign::Either, &at_most("100")),
        Ok(d("97.647"))
    );
    assert_eq!(
        read("97.647", DecimalSign::Either, &at_most("97647")).map_err(|why| kind(&why)),
        Err("ambiguous")
    );
    // Thousands are never inferred: the reading as decimals is refused by its own rule, or both are shown.
    let whole = |value: Decimal| value.is_integer();
    let refused = read("97.647", DecimalSign::Either, &whole).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "“97.647” can be read in two ways. Write 97647 if thousands are meant, or 97.6470 if it has three decimals."
    );
}

#[test]
fn a_declared_decimal_sign_is_the_only_one() {
    let anything = |_: Decimal| true;
    for (text, sign, meant) in [
        ("1.005", DecimalSign::Point, Ok("1.005")),
        ("97.647", DecimalSign::Point, Ok("97.647")),
        ("97,647", DecimalSign::Comma, Ok("97.647")),
        ("1 900 000,5", DecimalSign::Comma, Ok("1900000.5")),
        ("1,6E+08", DecimalSign::Comma, Ok("160000000")),
        ("97,647", DecimalSign::Point, Err("undeclared sign")),
        ("97,6", DecimalSign::Point, Err("undeclared sign")),
        ("97.647", DecimalSign::Comma, Err("undeclared sign")),
        ("1,900.5", DecimalSign::Point, Err("undeclared sign")),
    ] {
        let read = read(text, sign, &anything);
        assert_eq!(
            read.as_ref().map_err(kind),
            meant.map(d).as_ref().map_err(|why| *why),
            "{text}"
        );
    }
}

#[test]
fn a_refusal_says_how_to_write_it() {
    assert_eq!(
        parse("12,345").unwrap_err().to_string(),
        "“12,345” can be read in two ways. Write 12345 if thousands are meant, or 12.3450 if it \
         has three decimals."
    );
    // Both ways that it names are read.
    assert_eq!(parse("12345"), Ok(d("12345")));
    assert_eq!(parse("12.3450"), Ok(d("12.345")));
    assert!(parse("5^6").unwrap_err().to_string().contains("in full"));
}

#[test]
fn a_long_text_is_not_repeated_in_full() {
    let words = parse(&"a".repeat(100_000)).unwrap_err().to_string();
    assert!(words.chars().count() < 200, "{words}");
    assert!(
        parse(&"é".repeat(100))
            .unwrap_err()
            .to_string()
            .contains('…')
    );
}

#[test]
fn no_text_makes_it_panic() {
    let signs = [
        "", "-", "−", "1", "10", "000", ",", ".", " ", "\u{202f}", "e", "^", "x10", "⁸", "%", "é",
        "\u{0}", "٣", "\u{fe0f}", "💉",
    ];
    for a in signs {
        for b in signs {
            for c in signs {
                for e in signs {
                    let text = format!("{a}{b}{c}{e}");
                    let _ = parse(&text).map_err(|refusal| refusal.to_string());
                }
            }
        }
    }
    for text in [
        "9".repeat(10_000),
        "1 ".repeat(10_000),
        " 000".repeat(5000),
        format!("0.{}", "0".repeat(9999)),
    ] {
        assert!(parse(&text).is_err());
    }
}

#[test]
fn a_half_is_rounded_away_from_zero() {
    for (number, decimals, rounded) in [
        ("79.94", 1, "79.9"),
        ("79.95", 1, "80.0"),
        ("79.949999999", 1, "79.9"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("-0.04", 1, "0"),
        ("97", 1, "97"),
    ] {
        assert_eq!(round_half_up(d(number), decimals), d(rounded), "{number}");
    }
}

#[test]
fn a_number_is_shown_with_its_decimals_and_no_exponent() {
    for (number, decimals, text) in [
        ("97", 1, "97.0"),
        ("8.4857", 3, "8.486"),
        ("0", 2, "0.00"),
        ("-0.04", 1, "0.0"),
        ("-1.25", 1, "-1.3"),
        ("1900000", 0, "1900000"),
        ("0.0000001", 2, "0.00"),
        ("99.995", 2, "100.00"),
    ] {
        assert_eq!(shown(d(number), decimals), text);
    }
    assert_eq!(shown(Decimal::MAX, 99).len(), 29 + 1 + 28);
    assert_eq!(shown(Decimal::MIN, 0), "-79228162514264337593543950335");
}

#[test]
fn thousands_stand_apart() {
    for (number, text) in [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1\u{202f}000"),
        ("1900000", "1\u{202f}900\u{202f}000"),
        ("-190000.5", "-190\u{202f}000.5"),
        ("1234.56789", "1\u{202f}234.56789"),
        ("-0.0", "0.0"),
    ] {
        assert_eq!(grouped(d(number)), text);
        assert_eq!(
            parse(&grouped(d(number))),
            Ok(d(number)),
            "what is shown can be typed back"
        );
    }
    assert!(grouped(Decimal::MIN).starts_with("-79\u{202f}228"));
}

#[test]
fn significant_digits_round_a_half_away_from_zero() {
    for (number, digits, rounded) in [
        ("1234567", 3, "1230000"),
        ("1235000", 3, "1240000"),
        ("0.0012345", 3, "0.00123"),
        ("0.00125", 2, "0.0013"),
        ("-31.06", 3, "-31.1"),
        ("9.996", 3, "10.0"),
        ("28", 3, "28"),
        ("0", 3, "0"),
        ("7", 0, "7"),
    ] {
        assert_eq!(significant(d(number), digits), d(rounded), "{number}");
    }
    let _ = significant(Decimal::MAX, 1);
    let _ = significant(Decimal::MIN, u32::MAX);
    let _ = significant(Decimal::new(1, 28), u32::MAX);
}
