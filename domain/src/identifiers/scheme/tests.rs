#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

fn din(text: &str) -> DonationNumber {
    Din::parse(text).unwrap().into()
}

#[test]
fn a_din_is_of_a_facility_of_the_site() {
    let scheme: Scheme = "isbt-128 A9999 A9998".parse().unwrap();
    for number in ["A999917123456", "A999821123456"] {
        assert_eq!(scheme.check(&din(number)), Ok(()), "{number}");
    }
    assert_eq!(
        scheme.check(&din("G123417654321")).unwrap_err().to_string(),
        "DIN G123417654321 is of facility G1234; this site takes donations of A9999, A9998. Check the label; a facility \
         that collects for the site is added with autolog site change."
    );
}

#[test]
fn a_facility_is_checked_when_it_is_given() {
    for (text, refused) in [
        ("isbt-128 A9999", false),
        ("isbt-128 1AB00 A9999", false),
        ("isbt-128 a9999", true),
        ("isbt-128 O1234", true),
        ("isbt-128 A999", true),
        ("isbt-128 A9999 A9999", true),
        ("isbt-128 A9999  A9998", true),
        ("isbt-128 ", true),
        ("isbt-128", true),
        ("codabar X", true),
        ("", true),
    ] {
        assert_eq!(text.parse::<Scheme>().is_err(), refused, "{text}");
    }
    for text in ["isbt-128 A9999 A9998", "own D{year}-{number:4}"] {
        assert_eq!(text.parse::<Scheme>().unwrap().to_string(), text);
    }
}

// A lab without an ISBT 128 licence has numbers of its own.
#[test]
fn a_number_is_read_by_the_pattern_of_the_lab() {
    let pattern: Pattern = "D{year}-{number:4}".parse().unwrap();
    assert_eq!(pattern.example(), "D2026-0001");
    for text in ["D2026-0001", " D2099-9999 "] {
        assert_eq!(pattern.read(text).unwrap().as_str(), text.trim());
    }
    for text in [
        "",
        "D2026-001",
        "D2026-00011",
        "d2026-0001",
        "D1926-0001",
        "D2026-000O",
        "D2026 0001",
        "D2026-０００１",
        "E2026-0001",
        "D2026-0001é",
        "é2026-0001",
    ] {
        assert_eq!(
            pattern.read(text).unwrap_err().to_string(),
            format!(
                "“{}” is no donation number of this site. They are written as D2026-0001: type it as printed.",
                text
            ),
        );
    }
    let letters: Pattern = "{letter:2}/{number:3}.X".parse().unwrap();
    assert!(letters.read("AB/001.X").is_ok() && letters.read("A1/001.X").is_err());
}

#[test]
fn a_pattern_tells_donations_apart_and_has_one_spelling() {
    for (pattern, refused) in [
        ("{number:3}", false),
        ("{number:12}{number:12}{letter:6}", false),
        ("{number:12}{number:12}{letter:7}", true),
        ("{number:2}", true),
        ("D{year}", true),
        ("{letter:6}", true),
        ("{number:0}", true),
        ("{number:13}", true),
        ("{number:+4}", true),
        ("{number}", true),
        ("{number:4", true),
        ("ge-{number:4}", true),
        ("GE {number:4}", true),
        ("GÉ-{number:4}", true),
        ("{text:4}{number:4}", true),
        ("", true),
    ] {
        assert_eq!(pattern.parse::<Pattern>().is_err(), refused, "{pattern}");
    }
}

#[test]
fn a_number_of_the_other_scheme_is_refused() {
    let isbt: Scheme = "isbt-128 A9999".parse().unwrap();
    let own: Scheme = "own {number:12}".parse().unwrap();
    let Scheme::Own(pattern) = &own else { panic!() };
    let number = DonationNumber::Own(pattern.read("123456789012").unwrap());
    assert_eq!(own.check(&number), Ok(()));
    assert!(matches!(
        isbt.check(&number),
        Err(NotOfScheme::Other { .. })
    ));
    assert!(matches!(
        own.check(&din("A999917123456")),
        Err(NotOfScheme::Other { .. })
    ));
}

// A label that reads like another identifier is taken for it; O reads like 0, I and L like 1.
#[test]
fn no_number_reads_like_another_identifier() {
    let din = "a DIN, alone or with its check character";
    let coi = "a chain-of-identity id";
    let made = "the number that Autolog gives to a batch, or to a part of one";
    for (pattern, what) in [
        // 13 characters, facility and year.
        ("A9999{number:8}", Some(din)),
        ("A9999-{number:2}-{number:6}", Some(din)),
        ("O9999{number:8}", Some(din)),
        ("{letter:1}{number:12}", Some(din)),
        ("{number:1}{letter:2}{number:10}", Some(din)),
        ("GE{year}{number:7}", Some(din)),
        ("A999{number:8}", None),
        ("A9999{number:9}", Some(din)),
        ("A9999{number:8}X", Some(din)),
        ("A9999{number:8}XY", None),
        // CH and 13 more.
        ("CHA9999{number:8}", Some(coi)),
        ("CHA9999{number:2}{letter:3}{number:3}", Some(coi)),
        ("CH-A9999-{number:8}", Some(coi)),
        ("{letter:3}{number:12}", Some(coi)),
        ("CJA9999{number:8}", None),
        // Site, year and number, and what hangs on it.
        ("GE-{year}-{number:4}", Some(made)),
        ("GE-2026-{number:4}", Some(made)),
        ("GE-2O26-{number:4}", Some(made)),
        ("GE/{year}.{number:3}", Some(made)),
        ("GE{year}-{number:4}", Some(made)),
        ("G-E-{year}-{number:4}", Some(made)),
        ("{letter:2}-{year}-{number:4}", Some(made)),
        ("{number:4}-{number:4}-{number:4}", Some(made)),
        ("GE-{year}-{number:4}-U{number:2}", Some(made)),
        ("GE-{year}-{number:4}-S01", Some(made)),
        ("GE-{year}-{number:4}-DOSE1", Some(made)),
        ("GE-{year}-{number:4}-D1", Some(made)),
        ("GE-{year}-{number:4}-C1", Some(made)),
        ("GE-{year}-{number:4}-R1", Some(made)),
        ("GE-{year}-{number:4}-X1", None),
        ("ABCDEFGHI-{year}-{number:4}", None),
        ("D{year}-{number:4}", None),
        ("D-{year}-{number:4}", None),
        ("{year}-{number:4}", None),
        ("GE-{number:6}", None),
        ("GE-D{number:5}", None),
        ("G0-{number:4}", None),
        ("{number:12}", None),
    ] {
        let refused = match pattern.parse::<Pattern>() {
            Err(NotAScheme::ReadsLike { what, .. }) => Some(what),
            Ok(_) => None,
            Err(why) => panic!("{pattern}: {why}"),
        };
        assert_eq!(refused, what, "{pattern}");
    }
    assert_eq!(
        "own GE-{year}-{number:4}"
            .parse::<Scheme>()
            .unwrap_err()
            .to_string(),
        "The pattern “GE-{year}-{number:4}” can’t be used: its numbers, as GE-2026-0001, read like the number that Autolog \
         gives to a batch, or to a part of one. Choose one that doesn’t, as D{year}-{number:4}."
    );
}
