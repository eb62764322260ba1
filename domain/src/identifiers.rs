//! The identifiers of a donation and of a therapy: ISBT 128 donation identification number ([`Din`]), chain-of-identity
//! id ([`Coi`]), and what a scanner sends ([`Scanned`]).
//!
//! The formats alone are here. Which facilities and products exist is the site's own data.

mod coi;
mod din;
mod folded;
mod scan;

pub use coi::{Coi, NO_COI, NotACoi};
pub use din::{Din, NotADin};
pub use folded::{folded_position, folded_subject};
pub use scan::{NotAScan, ProductUse, Scanned};

/// Reads the two fields of a form that ask for a DIN: the number (or what the scanner sent into its field) and the
/// boxed check character.
///
/// A text that starts with `=` is a scan, and the check field may be empty; where it is filled all the same, it must
/// agree.
///
/// # Errors
/// [`NotADin`], among it the number typed without its check character.
pub fn read_din_input(text: &str, check: &str) -> Result<Din, NotADin> {
    if !text.trim().starts_with('=') {
        return Din::parse_with_check(text, check);
    }
    let din = Din::from_scan(text)?;
    if check.trim().is_empty() {
        Ok(din)
    } else {
        din.agreeing_with(check)
    }
}

/// What is wrong with the five characters of a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotAFacility {
    /// The letter O, which facility numbers leave out because it looks like zero.
    LetterO,
    /// Any other character at the wrong place.
    Shape,
}

/// Checks `apppp`: A-N, P-Z or 1-9; twice A-N, P-Z or 0-9; two digits.
fn check_facility(facility: &str) -> Result<(), NotAFacility> {
    if facility.contains('O') {
        return Err(NotAFacility::LetterO);
    }
    let right = |(at, sign): (usize, u8)| match at {
        0 => sign.is_ascii_uppercase() || matches!(sign, b'1'..=b'9'),
        1 | 2 => sign.is_ascii_uppercase() || sign.is_ascii_digit(),
        3 | 4 => sign.is_ascii_digit(),
        _ => false,
    };
    if facility.len() == 5 && facility.bytes().enumerate().all(right) {
        Ok(())
    } else {
        Err(NotAFacility::Shape)
    }
}

/// A text as typed without the spaces that a label shows between its groups.
fn without_spaces(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|sign| !matches!(sign, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_takes_a_scan_or_a_typed_number_with_its_check_character() {
        for (text, check) in [
            ("=G12341765432170", ""),
            ("=G12341765432170", "A"),
            ("=G12341765432100", "A"),
            (" =G12341765432170\r\n", " "),
            ("G123417654321", "A"),
            ("G1234 17 654321", " A "),
        ] {
            assert_eq!(
                read_din_input(text, check).map(|din| din.to_string()),
                Ok("G123417654321".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_form_refuses_what_the_check_character_does_not_confirm() {
        let din = "G123417654321".to_owned();
        for (text, check, refusal) in [
            ("G123417654321", "", NotADin::CheckMissing),
            (
                "G123417654321",
                "B",
                NotADin::WrongCheck {
                    din: din.clone(),
                    check: 'B',
                },
            ),
            // The scan is right, the character typed beside it belongs to another label.
            (
                "=G12341765432170",
                "B",
                NotADin::WrongCheck {
                    din: din.clone(),
                    check: 'B',
                },
            ),
            (
                "=G12341765432100",
                "B",
                NotADin::WrongCheck {
                    din: din.clone(),
                    check: 'B',
                },
            ),
            (
                "=G12341765432171",
                "A",
                NotADin::WrongFlag {
                    din,
                    flag: "71".to_owned(),
                },
            ),
            ("", "A", NotADin::Empty),
            (
                "=",
                "",
                NotADin::NoDinScan {
                    text: "=".to_owned(),
                },
            ),
        ] {
            assert_eq!(read_din_input(text, check), Err(refusal), "{text} {check}");
        }
    }

    #[test]
    fn a_facility_has_its_shape() {
        for facility in [
            "A9999", "A9998", "A9997", "W0000", "G1234", "1AB00", "9Z912",
        ] {
            assert_eq!(check_facility(facility), Ok(()), "{facility}");
        }
        for facility in [
            "0A123", "A12C4", "a1234", "A123", "A12345", "", "É123", "A-123",
        ] {
            assert_eq!(
                check_facility(facility),
                Err(NotAFacility::Shape),
                "{facility}"
            );
        }
        for facility in ["O1234", "AO123", "A1O34"] {
            assert_eq!(
                check_facility(facility),
                Err(NotAFacility::LetterO),
                "{facility}"
            );
        }
    }
}
