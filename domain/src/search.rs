//! What a person looks for: one line, typed or scanned, and the terms under which a batch and its parts are found.
//!
//! Terms are compared by [`folded_code`], which chain-of-identity ids are compared by too. Subject codes and donation numbers
//! are not held against each other by it but by [`folded_subject`](crate::identifiers::folded_subject): there, zeros that lead a
//! number don't count, since two spellings of one patient are refused. Here every sign counts, so that the first ones of a code
//! are also the first ones of its term. What is shown is always spelled as it was recorded.

use crate::{
    decimal::repeated,
    identifiers::{Din, NotADin, NotAScan, Scanned, folded_code, scan_in, without_frame},
    look::one_spelling,
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
    /// A scan that can't be read, or names no donation.
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
        let length = without_frame(text).chars().count();
        if length > MAX_QUERY {
            return Err(NotAQuery::TooLong { length });
        }
        // As an input method of another script types it, also a scan or a DIN.
        let plain: String = one_spelling(text).collect();
        let text = without_frame(&plain);
        if text.starts_with(['=', '&']) {
            return Ok(Self {
                term: folded_code(scanned_din(&text.to_ascii_uppercase())?.as_str()),
                whole: true,
            });
        }
        if let Some(din) = typed_din(text)? {
            return Ok(Self {
                term: folded_code(din.as_str()),
                whole: true,
            });
        }
        let term = folded_code(text);
        if term.is_empty() {
            return Err(NotAQuery::Empty);
        }
        Ok(Self { term, whole: false })
    }
}

/// The one donation that a scan names.
fn scanned_din(scan: &str) -> Result<Din, NotAScan> {
    let din = Scanned::read(scan)?.din();
    din.ok_or_else(|| match scan_in(scan) {
        Some(what) => NotAScan::NoDin { what },
        None => NotAScan::Din(NotADin::NoDinScan {
            text: repeated(scan),
        }),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Result<(String, bool), NotAQuery> {
        Query::read(text).map(|query| (query.term, query.whole))
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
            "G1234 17 654321 A",
            "g1234 17 654321 a",
            "G123417654321A",
            "＝Ｇ１２３４１７６５４３２１７０",
            "Ｇ１２３４　１７　６５４３２１　Ａ",
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
        // Zeros that lead a number count.
        for (text, term) in [
            ("ＧＥ－０１２", "GE012"),
            ("ｇｅ　０１２", "GE012"),
            ("GE-12", "GE12"),
        ] {
            assert_eq!(found(text), Ok((term.to_owned(), false)), "{text}");
        }
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
        ] {
            assert_eq!(found(text), Err(why), "{text}");
        }
        let said = |text: &str| found(text).map_err(|why| why.to_string());
        for (text, words) in [
            ("=G12341765432171", "belongs to another number"),
            ("=?", "is no code that is read here"),
            (
                "=+02000=G12341765432170=A99991765432100",
                "holds two donation numbers",
            ),
            (
                "=+02000=G12341765432170=G12341765432170",
                "holds two donation numbers",
            ),
            ("=<S1234V00", "This is a product code scan."),
            ("=>026365", "This is an expiry date scan."),
        ] {
            let why = said(text);
            assert!(
                why.as_ref().is_err_and(|why| why.contains(words)),
                "{text}: {why:?}"
            );
        }
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
