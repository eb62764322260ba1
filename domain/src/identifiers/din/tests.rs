#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;

/// DIN, check character, flag.
const VECTORS: [(&str, char, u8); 12] = [
    ("G123417654321", 'A', 70),
    ("G123498654321", 'H', 77),
    ("A999921123456", '3', 63),
    ("W000009123456", 'G', 76),
    ("A999818123456", 'N', 83),
    ("A999820123456", 'E', 74),
    ("A999917123456", '9', 69),
    ("A999917123654", 'Y', 94),
    ("A999917345628", '*', 96),
    ("A999917345658", 'O', 84),
    ("A999915000001", 'M', 82),
    ("A999918000001", '8', 68),
];

#[test]
fn the_check_character_is_that_of_iso_7064_mod_37_2() {
    for (text, check, flag) in VECTORS {
        let din = Din::parse(text).unwrap();
        assert_eq!((din.check_character(), din.flag()), (check, flag), "{text}");
        assert_eq!((din.as_str(), din.to_string()), (text, text.to_owned()));
        assert_eq!(
            Din::parse_with_check(text, &check.to_string()),
            Ok(din.clone())
        );
        assert_eq!(
            Din::parse_with_check(&din.grouped(), &format!(" {check} ")),
            Ok(din.clone())
        );
        assert_eq!(Din::from_scan(&format!("={text}{flag}")), Ok(din.clone()));
        assert_eq!(
            Din::from_scan(&format!("={text}00")),
            Ok(din),
            "flag 00 carries no check"
        );
    }
}

#[test]
fn every_other_check_character_is_refused() {
    for (text, right, right_flag) in VECTORS {
        for check in CHARACTERS
            .iter()
            .copied()
            .map(char::from)
            .filter(|check| *check != right)
        {
            let refusal = NotADin::WrongCheck {
                din: text.to_owned(),
                check,
            };
            assert_eq!(
                Din::parse_with_check(text, &check.to_string()),
                Err(refusal)
            );
        }
        for flag in (60..=96).filter(|flag| *flag != right_flag) {
            let refusal = NotADin::WrongFlag {
                din: text.to_owned(),
                flag: flag.to_string(),
            };
            assert_eq!(Din::from_scan(&format!("={text}{flag}")), Err(refusal));
        }
    }
}

#[test]
fn one_mistyped_character_or_two_swapped_are_found() {
    for (text, check, _) in VECTORS {
        for at in 0..text.len() {
            for other in CHARACTERS.iter().copied().map(char::from) {
                let mistyped: String = text
                    .char_indices()
                    .map(|(place, sign)| if place == at { other } else { sign })
                    .collect();
                assert!(
                    mistyped == text
                        || Din::parse_with_check(&mistyped, &check.to_string()).is_err()
                );
            }
            let mut swapped: Vec<char> = text.chars().collect();
            swapped.swap(at, (at + 1) % text.len());
            let swapped: String = swapped.into_iter().collect();
            let neighbours = at + 1 < text.len();
            assert!(
                !neighbours
                    || swapped == text
                    || Din::parse_with_check(&swapped, &check.to_string()).is_err()
            );
        }
    }
}

// DI-4
#[test]
fn what_is_no_din_is_refused() {
    let text = str::to_owned;
    for (typed, refusal) in [
        ("", NotADin::Empty),
        (
            "g123417654321",
            NotADin::LowerCase {
                text: text("g123417654321"),
            },
        ),
        (
            "GO23417654321",
            NotADin::LetterO {
                text: text("GO23417654321"),
            },
        ),
        (
            "O123417654321",
            NotADin::LetterO {
                text: text("O123417654321"),
            },
        ),
        (
            "G12O417654321",
            NotADin::LetterO {
                text: text("G12O417654321"),
            },
        ),
        (
            "0123417654321",
            NotADin::Facility {
                text: text("0123417654321"),
            },
        ),
        (
            "G12A417654321",
            NotADin::Facility {
                text: text("G12A417654321"),
            },
        ),
        (
            "G1234I7654321",
            NotADin::Digits {
                text: text("G1234I7654321"),
            },
        ),
        (
            "G12341765432O",
            NotADin::Digits {
                text: text("G12341765432O"),
            },
        ),
        (
            "G1234176543210",
            NotADin::Length {
                text: text("G1234176543210"),
                found: 14,
            },
        ),
        (
            "G12341765432",
            NotADin::Length {
                text: text("G12341765432"),
                found: 12,
            },
        ),
        (
            "G1234-17-654321",
            NotADin::Characters {
                text: text("G1234-17-654321"),
            },
        ),
        (
            "G12341765432١",
            NotADin::Characters {
                text: text("G12341765432١"),
            },
        ),
        (
            "Ğ123417654321",
            NotADin::Characters {
                text: text("Ğ123417654321"),
            },
        ),
        // In the record there is one spelling, without spaces.
        (
            "G1234 17 654321",
            NotADin::Characters {
                text: text("G1234 17 654321"),
            },
        ),
    ] {
        assert_eq!(Din::parse(typed), Err(refusal), "{typed}");
    }
}

#[test]
fn a_check_character_is_one_of_37() {
    for check in ["AA", "é", "💉", "+", "A A"] {
        let refusal = NotADin::NoCheck {
            check: check.to_owned(),
        };
        assert_eq!(
            Din::parse_with_check("G123417654321", check),
            Err(refusal),
            "{check}"
        );
    }
    for check in ["", "  "] {
        assert_eq!(
            Din::parse_with_check("G123417654321", check),
            Err(NotADin::CheckMissing)
        );
    }
}

#[test]
fn what_is_no_scan_of_a_din_is_refused() {
    for scan in [
        "",
        "=",
        "G12341765432170",
        "=<S12954A0",
        "=>019031",
        "&>0183652359",
        "=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>019031",
        "=é2341765432170",
    ] {
        assert!(
            matches!(Din::from_scan(scan), Err(NotADin::NoDinScan { .. })),
            "{scan}"
        );
    }
    for scan in ["=G1234176543217", "=G123417654321070", "=G"] {
        assert!(
            matches!(Din::from_scan(scan), Err(NotADin::Length { .. })),
            "{scan}"
        );
    }
    for flag in ["97", "99", "A0", "+7", "7 "] {
        assert!(
            Din::from_scan(&format!("=G123417654321{flag}")).is_err(),
            "{flag}"
        );
    }
    assert!(matches!(
        Din::from_scan("=g12341765432170"),
        Err(NotADin::LowerCase { .. })
    ));
    assert!(matches!(
        Din::from_scan("=GO2341765432170"),
        Err(NotADin::LetterO { .. })
    ));
}

#[test]
fn the_refusal_does_not_give_the_right_character_away() {
    let refusal = Din::parse_with_check("G1234 17 654321", "B").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "The check character of G123417654321 is not B. Read the boxed character and the number on the label \
         again, or scan it."
    );
}

#[test]
fn a_label_shows_it_in_groups() {
    assert_eq!(
        Din::parse("G123417654321").unwrap().grouped(),
        "G1234 17 654321"
    );
}

#[test]
fn a_record_with_a_broken_din_is_not_read() {
    let din = Din::parse("G123417654321").unwrap();
    assert_eq!(serde_json::to_string(&din).unwrap(), "\"G123417654321\"");
    assert_eq!(
        serde_json::from_str::<Din>("\"G123417654321\"").unwrap(),
        din
    );
    for text in ["\"G1234176543210\"", "\"g123417654321\"", "\"\"", "7"] {
        assert!(serde_json::from_str::<Din>(text).is_err(), "{text}");
    }
}
