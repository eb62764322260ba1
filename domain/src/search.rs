//! What a person looks for: one line, typed or scanned, and the terms under which a batch and its parts are found.
//!
//! Terms are folded for comparing alone: capitals, no spaces or hyphens, and the letters O, I and L as the digits that
//! they are taken for. What is shown is always spelled as it was recorded.

use crate::{
    decimal::repeated,
    identifiers::{Din, NotADin, NotAScan, Scanned},
    rights::words,
};

words! {
    /// What a term names.
    TermKind, "a kind of term" {
        /// A batch by its number.
        Batch = "batch", "Batch";
        /// A batch by its donation identification number.
        Din = "din", "DIN";
        /// A batch by the code of its subject.
        Subject = "subject", "Subject";
        /// A batch by the chain-of-identity id of its therapy.
        Coi = "coi", "CoI";
        /// A sample.
        Sample = "sample", "Sample";
        /// A unit.
        Unit = "unit", "Unit";
        /// A dose.
        Dose = "dose", "Dose";
        /// A deviation.
        Deviation = "deviation", "Deviation";
        /// A certificate, or the decision to reject.
        Certificate = "certificate", "Certificate";
    }
}

/// The most characters that are looked for. A compound scan has fewer than 100.
pub const MAX_QUERY: usize = 200;

/// What is looked for, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The term, folded: what is found is it, or begins with it.
    pub term: String,
    /// Whether the whole term was given, as by a scan: then what merely begins with it isn't meant.
    pub whole: bool,
}

/// A line that can't be looked for, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuery {
    /// Nothing that could be compared.
    #[error("Enter or scan what you look for: it has at least one letter or digit.")]
    Empty,
    /// Longer than any identifier.
    #[error(
        "This has {length} characters; nothing that can be looked for has more than {MAX_QUERY}. Scan or type one identifier."
    )]
    TooLong {
        /// How many characters came.
        length: usize,
    },
    /// A scan that names no donation.
    #[error(
        "The scan “{text}” names no donation: every label of this kind has it. Scan the DIN, or the code of the unit."
    )]
    NoDin {
        /// What was scanned.
        text: String,
    },
    /// A scan of more than one donation.
    #[error("The scan “{text}” names two donations. Nothing was looked for: scan one label.")]
    TwoDins {
        /// What was scanned.
        text: String,
    },
    /// A scan that can't be read.
    #[error(transparent)]
    Scan(#[from] NotAScan),
    /// A DIN whose check character contradicts it.
    #[error(transparent)]
    Din(#[from] NotADin),
}

impl Query {
    /// Reads what was typed or scanned into the search box. Lower case is taken: nothing is recorded of it.
    ///
    /// # Errors
    /// [`NotAQuery`] with words for the person.
    pub fn read(text: &str) -> Result<Self, NotAQuery> {
        let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign.is_control());
        let length = text.chars().count();
        if length > MAX_QUERY {
            return Err(NotAQuery::TooLong { length });
        }
        let text = without_symbology(text);
        if text.starts_with(['=', '&']) {
            let scanned = Scanned::read(&text.to_ascii_uppercase())?;
            return Ok(Self {
                term: fold(din_of(&scanned, text)?.as_str()),
                whole: true,
            });
        }
        if let Some(din) = typed_din(text)? {
            return Ok(Self {
                term: fold(din.as_str()),
                whole: true,
            });
        }
        let term = fold(text);
        if term.is_empty() {
            return Err(NotAQuery::Empty);
        }
        Ok(Self { term, whole: false })
    }
}

/// The text without the three characters by which a scanner can say what kind of symbol it read, such as `]C1`.
fn without_symbology(text: &str) -> &str {
    let mut signs = text.chars();
    let prefix = (signs.next(), signs.next(), signs.next());
    match prefix {
        (Some(']'), Some(kind), Some(modifier))
            if kind.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            signs.as_str()
        }
        _ => text,
    }
}

/// The one donation that a scan names.
fn din_of<'a>(scanned: &'a Scanned, text: &str) -> Result<&'a Din, NotAQuery> {
    let parts = match scanned {
        Scanned::Compound(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut dins = parts.iter().filter_map(|part| match part {
        Scanned::Din(din) => Some(din),
        Scanned::Product { .. }
        | Scanned::ProcessorProduct { .. }
        | Scanned::Division(_)
        | Scanned::ExpirationDate(_)
        | Scanned::ExpirationDateTime { .. }
        | Scanned::CollectionDateTime { .. }
        | Scanned::Compound(_) => None,
    });
    let text = || repeated(text);
    let din = dins
        .next()
        .ok_or_else(|| NotAQuery::NoDin { text: text() })?;
    match dins.find(|other| *other != din) {
        Some(_) => Err(NotAQuery::TwoDins { text: text() }),
        None => Ok(din),
    }
}

/// A DIN typed as the label shows it, with its boxed check character; `None` where it is anything else.
fn typed_din(text: &str) -> Result<Option<Din>, NotADin> {
    let mut signs: Vec<char> = text
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    if signs.len() != 14 {
        return Ok(None);
    }
    let check: String = signs.pop().into_iter().collect();
    let number: String = signs.into_iter().collect();
    match Din::parse(&number) {
        Ok(_) => Din::parse_with_check(&number, &check).map(Some),
        Err(_) => Ok(None),
    }
}

/// The spelling of a term for comparing.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Result<(String, bool), NotAQuery> {
        Query::read(text).map(|query| (query.term, query.whole))
    }

    #[test]
    fn a_term_is_compared_without_case_spaces_hyphens_and_look_alikes() {
        for (text, term) in [
            ("GE-2026-0007", "GE20260007"),
            ("ge 2026 0007", "GE20260007"),
            ("GE-1OO", "GE100"),
            ("ge-l0o", "GE100"),
            ("GE-I00", "GE100"),
            ("Zürich-7", "ZÜR1CH7"),
            ("GE-2026-0007-U01", "GE20260007U01"),
            ("%_*'\"", ""),
        ] {
            assert_eq!(fold(text), term, "{text}");
        }
    }

    #[test]
    fn a_din_is_found_as_scanned_typed_and_in_lower_case() {
        let din = || Ok(("G123417654321".to_owned(), true));
        for text in [
            "=G12341765432170",
            "=G12341765432100",
            "=g12341765432170",
            " =G12341765432170\r\n",
            "\u{2}=G12341765432170\u{3}",
            "]C0=G12341765432170",
            "=+02000=G12341765432170=<S1234V00",
            "=+02000=G12341765432170=G12341765432170",
            "G1234 17 654321 A",
            "g1234 17 654321 a",
            "G123417654321A",
        ] {
            assert_eq!(found(text), din(), "{text}");
        }
        // Without its check character it is looked for like anything else, also in part.
        for text in ["G123417654321", "G1234 17 654321", "g1234-17-654321"] {
            assert_eq!(
                found(text),
                Ok(("G123417654321".to_owned(), false)),
                "{text}"
            );
        }
        assert_eq!(
            found("]d2GE-2026-0007-U01"),
            Ok(("GE20260007U01".to_owned(), false))
        );
        assert_eq!(found("g1234 17"), Ok(("G123417".to_owned(), false)));
    }

    #[test]
    fn what_contradicts_itself_is_not_looked_for() {
        let din = "G123417654321".to_owned();
        for (text, why) in [
            ("", NotAQuery::Empty),
            (" - ", NotAQuery::Empty),
            ("%", NotAQuery::Empty),
            (
                "G1234 17 654321 B",
                NotAQuery::Din(NotADin::WrongCheck {
                    din: din.clone(),
                    check: 'B',
                }),
            ),
            (
                "G1234 17 654321 *",
                NotAQuery::Din(NotADin::WrongCheck { din, check: '*' }),
            ),
            (
                "=+02000=G12341765432170=A99991765432100",
                NotAQuery::TwoDins {
                    text: "=+02000=G12341765432170=A99991765432100".to_owned(),
                },
            ),
            (
                "=<S1234V00",
                NotAQuery::NoDin {
                    text: "=<S1234V00".to_owned(),
                },
            ),
        ] {
            assert_eq!(found(text), Err(why), "{text}");
        }
        assert!(matches!(found("=G12341765432171"), Err(NotAQuery::Scan(_))));
        assert!(matches!(found("=?"), Err(NotAQuery::Scan(_))));
    }

    #[test]
    fn a_query_has_a_bound() {
        assert!(found(&"7".repeat(MAX_QUERY)).is_ok());
        assert_eq!(
            found(&"7".repeat(MAX_QUERY + 1)),
            Err(NotAQuery::TooLong {
                length: MAX_QUERY + 1
            })
        );
        assert!(found(&"ß".repeat(MAX_QUERY)).is_ok());
    }
}
