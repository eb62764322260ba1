//! Papers that leave the house: each print is an entry of its own stream, beside the batch that it is of, so that printing
//! changes nothing of what is reviewed and signed.

use crate::{
    certificate::{PrintedCheckpoint, SiteOnPaper},
    ids::BatchId,
    ledger::{NotAName, StreamName},
    rights::Action,
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

impl PrintedDocument {
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
