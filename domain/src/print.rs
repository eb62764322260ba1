//! Papers that leave the house: each print is an entry of its own stream, beside the batch that it is of, so that printing
//! changes nothing of what is reviewed and signed.

use crate::{
    certificate::{PrintedCheckpoint, SiteOnPaper},
    ids::BatchId,
    ledger::{NotAName, StreamName},
    rights::Action,
    search::MAX_QUERY,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// An event of the papers of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum PrintEvent {
    /// A paper was printed.
    Printed(Box<Print>),
}

impl PrintEvent {
    /// The version of the shape of all kinds.
    pub const VERSION: u16 = 1;

    /// The stream of the papers of a batch.
    ///
    /// # Errors
    /// [`NotAName`], which no id of a batch gives.
    pub fn stream(batch: BatchId) -> Result<StreamName, NotAName> {
        StreamName::of("print", batch)
    }
}

/// One print: everything that the same bytes are made from again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Its number, such as `GE-2026-0007-P3`.
    pub number: String,
    /// What was printed.
    pub document: PrintedDocument,
    /// When, by the server's clock: the state that the paper shows is that of this moment.
    pub printed_at: Timestamp,
    /// Who, by the printed name and the user name.
    pub by: String,
    /// The last entry of the batch that the paper knows of.
    pub batch_version: u64,
    /// The tree of the ledger at that moment.
    pub checkpoint: PrintedCheckpoint,
    /// The site as the paper names it.
    pub site: SiteOnPaper,
    /// The program that printed it.
    pub program: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// What was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PrintedDocument {
    /// A certificate of analysis.
    Certificate {
        /// Its number.
        number: String,
    },
    /// A copy of the audit trail.
    AuditTrail {
        /// The format: `csv` or `json`.
        format: String,
        /// Which rows in which order, as the query of the page's address.
        filter: String,
    },
}

/// The longest filter of a copy, in bytes: what is looked for ([`MAX_QUERY`]) in the longest letters, as an address spells them, and
/// the rest. An entry of a print stays short with it, and so does the address that shows it.
pub const LONGEST_FILTER: usize = 3_000;

/// A document that isn't printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPrinted {
    /// A filter longer than any page gives.
    #[error(
        "The filter of this copy has {length} bytes, and no more than {LONGEST_FILTER} are recorded with a copy. Filter the audit trail by at most {MAX_QUERY} characters of text."
    )]
    Filter {
        /// How many it has.
        length: usize,
    },
}

impl PrintedDocument {
    /// Goes on where it is short enough to be recorded.
    ///
    /// # Errors
    /// [`NotPrinted`] with words for the person.
    pub fn check(&self) -> Result<(), NotPrinted> {
        match self {
            Self::AuditTrail { filter, .. } if filter.len() > LONGEST_FILTER => {
                let length = filter.len();
                Err(NotPrinted::Filter { length })
            }
            // The number of a certificate that is there.
            Self::Certificate { .. } | Self::AuditTrail { .. } => Ok(()),
        }
    }

    /// The right that printing it needs.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Certificate { .. } => Action::PrintCertificate,
            Self::AuditTrail { .. } => Action::ReadAuditTrail,
        }
    }
}

impl std::fmt::Display for PrintedDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Certificate { number } => write!(f, "Certificate {number}"),
            Self::AuditTrail { format, filter } if filter.is_empty() => {
                write!(f, "Audit trail, {}", format.to_uppercase())
            }
            Self::AuditTrail { format, .. } => {
                write!(f, "Audit trail, {}, filtered", format.to_uppercase())
            }
        }
    }
}

/// The number of the print after so many of a batch.
#[must_use]
pub fn print_number(batch: &str, before: usize) -> String {
    format!("{batch}-P{}", before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_of_a_copy_has_a_bound_that_the_longest_search_stays_within() {
        let copy = |filter: String| PrintedDocument::AuditTrail {
            format: "csv".to_owned(),
            filter,
        };
        // Each letter has at most 4 bytes, and each of them 3 signs in an address.
        let longest = format!("text={}", "%F0%9F%94%8E".repeat(MAX_QUERY));
        assert_eq!(copy(longest).check(), Ok(()));
        assert_eq!(copy("f".repeat(LONGEST_FILTER)).check(), Ok(()));
        let length = LONGEST_FILTER + 1;
        let refused = Err(NotPrinted::Filter { length });
        assert_eq!(copy("f".repeat(length)).check(), refused);
    }
}
