//! The certificate of analysis: everything that the paper says, as a value.
//!
//! It says what the record said when the Qualified Person certified, and how the certificate stands now. A result that
//! was invalidated, or that no second analyst reviewed, is not in it.

mod build;
mod changes;
mod criteria;
mod state;

use crate::{
    ledger::checkpoint::Checkpoint,
    release::Outcome,
    site::Site,
    specification::{GroupRule, Stage},
    time::Timestamp,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use build::{Paper, PrintOf};
pub use state::Printing;

/// A certificate of analysis. All times are texts in the site's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its number, such as `GE-2026-0007-C1`.
    pub number: String,
    /// How it stands.
    pub status: Status,
    /// When the Qualified Person signed.
    pub certified_at: Timestamp,
    /// The site.
    pub site: SiteOnPaper,
    /// The product by its specification.
    pub product: String,
    /// The batch number.
    pub batch: String,
    /// The donation identification number in groups, as a label shows it.
    pub din: String,
    /// Its check character; a number of the lab's own has none.
    pub din_check: Option<char>,
    /// The chain-of-identity id; `none` where the order has none.
    pub coi: String,
    /// The subject's code; never a name.
    pub subject: String,
    /// The specification that the batch was judged by.
    pub specification: DocumentOnPaper,
    /// The master record that it was made under.
    pub master_record: DocumentOnPaper,
    /// The program that judged and printed, with its version.
    pub program: String,
    /// The conclusion in a sentence.
    pub conclusion: String,
    /// Every criterion, in the order of the specification.
    pub criteria: Vec<CriterionOnPaper>,
    /// Groups of criteria that are met together.
    pub groups: Vec<GroupOnPaper>,
    /// Dates of manufacture, of the tests, and the earliest expiry.
    pub dates: Vec<Figure>,
    /// What the dose is computed from.
    pub dose: Vec<Figure>,
    /// The units that were stored.
    pub units: Vec<UnitOnPaper>,
    /// Values that were changed since their first entry (A11-8.2).
    pub changes: Vec<ChangeOnPaper>,
    /// The stops that put the batch on hold, each lifted before it was certified.
    pub stops: Vec<StopOnPaper>,
    /// The deviations of the batch.
    pub deviations: Vec<DeviationOnPaper>,
    /// The signatures that stood when the certificate was signed, its own the last.
    pub signatures: Vec<SignatureOnPaper>,
    /// The certificates of this batch before it.
    pub earlier: Vec<String>,
    /// Which print this is, and how the batch stood at that moment. Everything else is as it was certified.
    pub printing: Printing,
    /// The tree of the ledger that it was printed from.
    pub checkpoint: PrintedCheckpoint,
}

/// How a certificate stands at the moment of printing. A certificate keeps its number whatever becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Status {
    /// Every criterion of every stage is judged, and the certification stands.
    Final,
    /// It was withdrawn: nothing may be released under it.
    Withdrawn {
        /// When.
        at: String,
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
    /// It was withdrawn, and another one stands in its place.
    Superseded {
        /// The number of the one that stands.
        by: String,
        /// When it was withdrawn.
        at: String,
        /// Why.
        reason: String,
    },
    /// A later change of the record voided the signature: nothing may be released under it.
    Void {
        /// When the record was changed.
        at: String,
        /// By whom.
        by: String,
    },
}

impl Status {
    /// The status in a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Final => "Final",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Superseded { .. } => "Superseded",
            Self::Void { .. } => "Void",
        }
    }
}

/// A site as papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteOnPaper {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The time zone in which all times are printed, by its IANA name.
    pub time_zone: String,
}

impl From<&Site> for SiteOnPaper {
    fn from(site: &Site) -> Self {
        Self {
            code: site.code.clone(),
            name: site.name.clone(),
            address: site.address.clone(),
            time_zone: site.time_zone.clone(),
        }
    }
}

/// The tree of the ledger that a paper was printed from: with it anyone can check the paper against an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedCheckpoint {
    /// The ledger, such as `autolog/GE`.
    pub origin: String,
    /// The number of its entries.
    pub size: u64,
    /// The root of their tree in base64, as the checkpoint writes it.
    pub root: String,
}

impl From<&Checkpoint> for PrintedCheckpoint {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            origin: checkpoint.ledger.origin(),
            size: checkpoint.size,
            root: checkpoint.root.base64(),
        }
    }
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentOnPaper {
    /// Key and version: `BM-MSC v3`.
    pub label: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The value.
    pub text: String,
    /// Whether it was changed since its first entry (A11-8.2).
    pub changed: bool,
}

/// A criterion with what the batch gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionOnPaper {
    /// The test.
    pub test: String,
    /// The method.
    pub method: String,
    /// The sample point.
    pub sample_point: String,
    /// When it must be met.
    pub stage: Stage,
    /// The limit for this recipient.
    pub limit: String,
    /// Where the limit is from.
    pub source: String,
    /// The results that stand, the deciding one first; empty where the test is not reported.
    pub results: Vec<ResultOnPaper>,
    /// Reported, not judged.
    pub informative: bool,
    /// The verdict in a word.
    pub verdict: String,
}

/// One result that stands, reviewed by a second analyst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultOnPaper {
    /// The sample's code.
    pub sample: String,
    /// The result as it was judged, with its unit.
    pub result: String,
    /// The day of the test.
    pub tested_on: NaiveDate,
    /// The results before it, where it was corrected or typed again: they stay visible (A11-8.2).
    pub corrected_from: Vec<String>,
    /// Where it repeats a test whose result was invalidated: the listed reasons.
    pub repeated_after: Vec<String>,
}

/// Criteria that are met together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupOnPaper {
    /// What is asked of its members.
    pub rule: GroupRule,
    /// The tests.
    pub tests: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// A unit as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitOnPaper {
    /// Its code.
    pub code: String,
    /// How it was made.
    pub form: String,
    /// Viable cells in it.
    pub viable_cells: String,
    /// Viable cells per kg of body weight, in millions.
    pub per_kg: String,
    /// Its volume.
    pub volume: String,
    /// Where it lies, or that it was destroyed and why.
    pub location: String,
    /// When it was stored.
    pub stored_at: String,
    /// When it expires, where the specification states a shelf life.
    pub expires_at: Option<String>,
}

/// A value that is not the one entered first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOnPaper {
    /// Step and field.
    pub what: String,
    /// The value before.
    pub old: String,
    /// The value after.
    pub new: String,
    /// Why.
    pub reason: String,
    /// Who changed it, with their role.
    pub by: String,
    /// When.
    pub at: String,
}

/// A stop that put the batch on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopOnPaper {
    /// What was found, and what was expected.
    pub what: String,
    /// The step.
    pub step: String,
    /// When it was raised, and by whom.
    pub raised: String,
    /// When it was lifted, by whom, and on what.
    pub lifted: String,
}

/// A deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviationOnPaper {
    /// Its number.
    pub number: String,
    /// What happened.
    pub description: String,
    /// How grave.
    pub class: String,
    /// Its impact on product and patient.
    pub impact: String,
}

/// A signature that stands. Those that a later change voided are not printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureOnPaper {
    /// The signer's printed name.
    pub name: String,
    /// The account's user name.
    pub user_name: String,
    /// The role in which they signed.
    pub role: String,
    /// When, with the zone.
    pub at: String,
    /// What it means.
    pub meaning: String,
    /// What it is about: a step, a deviation, or the whole record.
    pub of: String,
}

#[cfg(test)]
mod tests;
