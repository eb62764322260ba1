use super::*;

const DIN: &str = "=A99991712345600";
const PRODUCT: &str = "=<S12951A0";
const EXPIRY: &str = "&>0263652359";
const COLLECTION: &str = "&*0260091330";
const COI: &str = "CHA999926000001";

// ATMP-9: a scan into the wrong field is recognised, refused and named.
#[test]
fn a_scan_into_the_wrong_field_is_refused_and_named() {
    let cases = [
        (
            DIN,
            Takes::Subject,
            "This is a DIN scan. The subject code has letters, digits and hyphens only.",
        ),
        (
            "]C1=A99991712345600\r",
            Takes::Subject,
            "This is a DIN scan.",
        ),
        (
            "\u{2}=A99991712345600\u{3}",
            Takes::Words,
            "This is a DIN scan. “Lot” is something else",
        ),
        (
            "A999917123456",
            Takes::Subject,
            "This is a donation identification number (DIN).",
        ),
        (
            DIN,
            Takes::Coi,
            "This is a DIN scan. A chain-of-identity identifier begins with CH.",
        ),
        (PRODUCT, Takes::Words, "This is a product code scan."),
        (
            PRODUCT,
            Takes::Din,
            "This is a product code scan. Scan the DIN",
        ),
        (
            EXPIRY,
            Takes::Din,
            "This is an expiry date scan. Scan the DIN",
        ),
        (
            EXPIRY,
            Takes::Day,
            "This is an expiry date scan. Enter “Lot” as 2026-03-05.",
        ),
        (EXPIRY, Takes::Words, "This is an expiry date scan."),
        ("=>026365", Takes::Moment, "This is an expiry date scan."),
        (COLLECTION, Takes::Expiry, "This is a collection date scan."),
        (
            COI,
            Takes::Position,
            "This is a chain-of-identity identifier (CoI). Enter the position",
        ),
        (
            COI,
            Takes::Words,
            "This is a chain-of-identity identifier (CoI).",
        ),
        (
            COI,
            Takes::Subject,
            "This is a chain-of-identity identifier (CoI).",
        ),
        (
            "]d2010400638133393110ABC",
            Takes::Words,
            "This is a GS1 code scan.",
        ),
        (
            "=+02000=A99991712345600=>026365",
            Takes::Subject,
            "This is a compound scan.",
        ),
    ];
    for (text, takes, words) in cases {
        let refused = line(text, "Lot", takes).map_err(|why| why.to_string());
        assert!(
            refused.as_ref().is_err_and(|said| said.starts_with(words)),
            "{text:?} in {takes:?}: {refused:?}"
        );
    }
}

#[test]
fn what_fits_is_taken_without_what_a_scanner_puts_around_it() {
    let cases = [
        (DIN, Takes::Din, DIN),
        ("]C1\u{1d}=A99991712345600\u{1e}\u{4}\r\n", Takes::Din, DIN),
        (EXPIRY, Takes::Expiry, EXPIRY),
        (COLLECTION, Takes::Day, COLLECTION),
        (COLLECTION, Takes::Moment, COLLECTION),
        (COI, Takes::Coi, COI),
        ("]C0LOT-0815\r", Takes::Words, "LOT-0815"),
        ("\u{2}LOT-0815\u{3}", Takes::Words, "LOT-0815"),
        ("GE-012", Takes::Subject, "GE-012"),
        // Lots that look like something else.
        ("1234567890123", Takes::Words, "1234567890123"),
        ("W123426123456", Takes::Words, "W123426123456"),
        ("=5", Takes::Words, "=5"),
        ("=1+1", Takes::Words, "=1+1"),
        ("& Co.", Takes::Words, "& Co."),
        ("]C", Takes::Words, "]C"),
        ("می\u{200c}خواهم", Takes::Words, "می\u{200c}خواهم"),
    ];
    for (text, takes, expected) in cases {
        assert_eq!(
            line(text, "Lot", takes).as_deref(),
            Ok(expected),
            "{text:?}"
        );
    }
}

// DI-4: two texts that look alike are alike.
#[test]
fn an_invisible_character_is_refused_by_its_name() {
    let cases = [
        ("GE\u{200b}-012", Takes::Subject, "zero-width space"),
        ("\u{feff}GE-012", Takes::Subject, "byte order mark"),
        (
            "GE-012\u{200f}",
            Takes::Subject,
            "mark of the direction of writing",
        ),
        (
            "GE-\u{202e}210",
            Takes::Subject,
            "mark of the direction of writing",
        ),
        ("GE\u{ad}012", Takes::Position, "soft hyphen"),
        ("A1\tB2", Takes::Position, "tab"),
        ("LOT\u{1d}7", Takes::Words, "GS or FNC1"),
        ("LOT\u{0}7", Takes::Words, "control character"),
        (
            "LOT\u{202e}7",
            Takes::Words,
            "mark of the direction of writing",
        ),
        ("LOT\n7", Takes::Words, "line break"),
    ];
    for (text, takes, name) in cases {
        let refused = line(text, "It", takes).map_err(|why| why.to_string());
        assert!(
            refused.as_ref().is_err_and(|said| said.contains(name)),
            "{text:?}: {refused:?}"
        );
    }
    for text in ["]C1 was on the label", "one\nA999917123456", "a\tb"] {
        assert_eq!(lines(text, "Comment"), Ok(text));
    }
    for text in [
        "=A99991712345600",
        "=A99991712345600=A99991712345600",
        "one\n=A99991712345600",
    ] {
        assert!(lines(text, "Comment").is_err(), "{text}");
    }
    assert_eq!(
        line("R1=A99991712345600", "Room", Takes::Words).map_err(|why| why.to_string()),
        Err(
            "Room holds a DIN scan and other characters beside it: a scanner sent it into this field. Clear the field. \
             “Room” is something else: enter that here."
                .to_owned()
        )
    );
    assert_eq!(unprintable_in_lines("one\r\n\ttwo 👩\u{200d}🔬"), None);
    assert_eq!(unprintable_in_lines("one\u{2}"), Some("STX, start of text"));
}

#[test]
fn each_kind_of_field_is_found_by_its_code() {
    for takes in Takes::ALL {
        assert_eq!(Takes::from_code(takes.code()), Some(takes));
    }
    assert_eq!(Takes::from_code(""), None);
}
