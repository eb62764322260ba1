//! The identifiers of a donation and of a therapy: ISBT 128 donation identification number ([`Din`]), chain-of-identity
//! id ([`Coi`]), and what a scanner sends ([`Scanned`]).
//!
//! The formats alone are here. Which facilities and products exist is the site's own data.

mod coi;
mod din;
mod donation;
mod folded;
mod frame;
mod other;
mod scan;
mod scheme;
mod within;

pub use coi::{Coi, NO_COI, NotACoi};
pub use din::{Din, NotADin};
pub use donation::{DonationNumber, OwnNumber};
pub use folded::{folded_code, folded_position, folded_subject};
pub use frame::{ScanKind, without_frame};
pub use other::other_number;
pub use scan::{NotAScan, ProductUse, Scanned, scan_in};
pub use scheme::{NotAScheme, NotOfScheme, Pattern, Scheme};
pub use within::{Within, code_within, codes_alone, din_scan_within};

/// Reads the two fields of a form that ask for a DIN: the number (or what the scanner sent into its field, alone or in a
/// compound) and the boxed check character.
///
/// After a scan the check field may be empty; where it is filled all the same, it must agree: else two labels were read.
///
/// # Errors
/// [`NotAScan`], among it the number typed without its check character ([`NotAScan::at_check`]).
pub fn read_din_input(text: &str, check: &str) -> Result<Din, NotAScan> {
    let code = without_frame(text);
    if !code.starts_with(['=', '&']) {
        if let Some(what) = scan_in(text) {
            return Err(NotAScan::NoDin { what });
        }
        return Ok(Din::parse_with_check(code, check)?);
    }
    let din = Scanned::read(code)?.din();
    let din = din.ok_or_else(|| match scan_in(code) {
        Some(what) => NotAScan::NoDin { what },
        None => NotADin::NoDinScan {
            text: crate::decimal::repeated(code),
        }
        .into(),
    })?;
    if check.trim().is_empty() {
        Ok(din)
    } else {
        Ok(din.agreeing_with(check)?)
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
    #![expect(clippy::unwrap_used, reason = "tests")]
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
            let refusal = match refusal {
                // Three characters are no DIN: that scan is none.
                NotADin::NoDinScan { text } => NotAScan::Unknown { text },
                refusal => NotAScan::Din(refusal),
            };
            assert_eq!(read_din_input(text, check), Err(refusal), "{text} {check}");
        }
    }

    // ATMP-9: as at registration, so in the identity check at dispatch.
    #[test]
    fn a_scan_with_two_donation_numbers_is_refused() {
        let two = "=+02000=G12341765432170=A99991712345600";
        assert_eq!(
            read_din_input(two, "").unwrap_err().to_string(),
            "The scanned compound code holds two donation numbers (DIN). Nothing of it is used: set it aside, and scan the \
             one label."
        );
        // The same number twice is two labels as well.
        let same = "=+02000=G12341765432170=G12341765432170";
        assert!(matches!(
            read_din_input(same, ""),
            Err(NotAScan::Twice { .. })
        ));
        let one = "=+02000=G12341765432170=>026365";
        assert!(read_din_input(one, "").is_ok());
        assert!(read_din_input(one, "A").is_ok());
        assert!(matches!(
            read_din_input(one, "B"),
            Err(NotAScan::Din(NotADin::WrongCheck { .. }))
        ));
        for (text, words) in [
            (
                "=>026365",
                "This is an expiry date scan. Scan the DIN on the label here.",
            ),
            ("&>0263652359", "This is an expiry date scan."),
            ("=<S12951A0", "This is a product code scan."),
            ("=+01000=>026365", "This is a compound scan."),
            ("]d20104006381333931", "This is a GS1 code scan."),
        ] {
            let said = read_din_input(text, "").unwrap_err().to_string();
            assert!(said.starts_with(words), "{text}: {said}");
        }
    }

    #[test]
    fn what_a_scanner_puts_around_a_code_is_taken_off() {
        for text in [
            "]C1=G12341765432170",
            "]d2=G12341765432170",
            "]Q3=G12341765432170",
            "\u{1d}=G12341765432170",
            "]C1\u{1d}=G12341765432170\r\n",
            "\u{2}=G12341765432170\u{3}",
            "\u{2}]C0=G12341765432170\r\u{3}",
            "=G12341765432170\u{1e}\u{4}",
            "\t=G12341765432170\t",
            "]C1=+02000=G12341765432170=>026365\n",
        ] {
            let din = read_din_input(text, "").map(|din| din.to_string());
            assert_eq!(din, Ok("G123417654321".to_owned()), "{text:?}");
        }
        assert!(matches!(
            read_din_input("=G1234\u{1d}1765432170", ""),
            Err(NotAScan::Control { .. })
        ));
        // What is typed is held against its check character, whatever case that is typed in.
        assert!(read_din_input("]C0G123417654321", "a").is_ok());
        assert!(read_din_input("G123417654321", "a").is_ok());
        assert!(matches!(
            read_din_input("G123417654321", "b"),
            Err(NotAScan::Din(NotADin::WrongCheck { check: 'B', .. }))
        ));
        let lower = read_din_input("=g12341765432170", "")
            .unwrap_err()
            .to_string();
        assert!(
            lower.ends_with(
                "Letters in a DIN are capitals: a lower-case letter means that a keyboard or scanner changed it. Scan it, \
                 or type it as printed."
            ),
            "{lower}"
        );
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
