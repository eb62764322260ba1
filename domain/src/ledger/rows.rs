//! The read tables: rows that `store` keeps beside the ledger so that a page finds it without reading every entry.
//!
//! Each is written in the same transaction as the entries that it follows from, and can be made again from them alone
//! (`autolog rebuild`). So a [`RowChange`] says what **is**, not what to add: applied twice it changes nothing more.

use crate::{
    batch::BatchFlag,
    ids::{BatchId, UserId},
    search::TermKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One change of a read table, as a stream's entries demand it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum RowChange {
    /// The one row of a batch, in place of the row that it had.
    PutBoard(BoardRow),
    /// All claims that a batch has now, in place of those that it had. A claim that another holder has is a conflict, and
    /// nothing of the command is written. One that several batches share is free when the last of them has given it up.
    PutClaims {
        /// The batch.
        batch: BatchId,
        /// Every claim; the same kind, scope and code stands once.
        claims: Vec<ClaimRow>,
    },
    /// All terms under which a batch and its parts are found, in place of those that it had.
    PutTerms {
        /// The batch.
        batch: BatchId,
        /// Its terms, each once.
        terms: Vec<TermRow>,
    },
    /// The one row of a person, in place of the row that they had. Another person's user name is a conflict.
    PutPerson(PersonRow),
    /// All roles that a person has now, in place of those that they had.
    PutRoles {
        /// The person.
        user: UserId,
        /// Every role at every site; empty for none.
        roles: Vec<RoleRow>,
    },
    /// The one row of a site, in place of the row that it had.
    PutSite(SiteRow),
    /// One version of a document, in place of the row that this version had.
    PutDocument(DocumentRow),
    /// One line of the certification register. The same line again changes nothing; another line under the same
    /// number is a conflict.
    PutRegister(RegisterRow),
}

/// A batch on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    /// The batch.
    pub batch: BatchId,
    /// The code of its site, which is also the name of its ledger.
    pub site: String,
    /// The batch number as printed; unique at its site.
    pub number: String,
    /// The subject's code.
    pub subject: String,
    /// The donation identification number, 13 characters.
    pub din: String,
    /// The chain-of-identity id, where one was given.
    pub coi: Option<String>,
    /// The state of the batch: a word of the domain's closed list.
    pub state: String,
    /// What is open beside its state.
    pub flags: Vec<BatchFlag>,
    /// Whether somebody still has work with it.
    pub is_open: bool,
    /// When its marrow was collected, while it is still fresh; `None` from the culture on.
    pub fresh_since: Option<Timestamp>,
    /// The passage in culture now; `None` before the first culture.
    pub passage: Option<u16>,
    /// When the cells were first seeded: the day of culture is counted from it. `None` before and after the culture.
    pub culture_started: Option<Timestamp>,
    /// What is to be done next, in words; `None` where nothing is.
    pub next_step: Option<String>,
    /// When that is due; `None` where it isn't bound to a time.
    pub next_due: Option<Timestamp>,
    /// Whom it waits for, in a word: `technician`, `verifier`, `qa`, `qp`; `None` for nobody.
    pub needs: Option<String>,
    /// The version of the stream that this row follows from.
    pub version: u64,
    /// When the batch was registered.
    pub registered_at: Timestamp,
}

/// Something that one alone can hold: an identifier, a position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClaimRow {
    /// Of what kind: `donation`, `coi`, `position`, ...
    pub kind: String,
    /// The site's code, or `*` where it is unique over all sites.
    pub scope: String,
    /// What is held, in its comparable form.
    pub code: String,
    /// Who holds it, as a refusal names them: a batch number, a subject, a unit.
    pub holder: String,
}

/// A term under which a batch or a part of it is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TermRow {
    /// The code of the batch's site.
    pub site: String,
    /// The term as it is compared: [`crate::identifiers::folded_code`].
    pub term: String,
    /// What it names.
    pub kind: TermKind,
    /// The batch.
    pub batch: BatchId,
    /// The id of the sample, unit, dose or deviation; empty where the batch itself is named.
    pub target: String,
    /// The term as it was recorded.
    pub shown: String,
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The person.
    pub user: UserId,
    /// The name to sign in with, in its normal spelling. Never given to another, also not after the account ends.
    pub user_name: String,
    /// The full name as printed.
    pub printed_name: String,
    /// The state of the account: a word of the domain's closed list, such as `active`, `locked`, `disabled`.
    pub state: String,
    /// Whether the person accepted that their electronic signature binds.
    pub accountable: bool,
    /// The version of the stream that this row follows from.
    pub version: u64,
    /// When the account was made.
    pub added_at: Timestamp,
}

/// One role of a person at a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRow {
    /// The site's code, or `org` for a role that is not bound to a site.
    pub site: String,
    /// The role: a word of the domain's closed list.
    pub role: String,
    /// Since when.
    pub since: Timestamp,
    /// Who gave it, as printed.
    pub by: String,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRow {
    /// Its code, which is also the name of its ledger.
    pub code: String,
    /// Its name as printed.
    pub name: String,
    /// Its address as printed.
    pub address: String,
    /// How its donations are numbered: the text of a `Scheme`.
    pub scheme: String,
    /// Its time zone by its IANA name: `Europe/Rome`.
    pub time_zone: String,
    /// The key of the master record that its new batches run under.
    pub master_record: String,
    /// The key of the specification that its new batches are judged by.
    pub specification: String,
}

/// One version of a specification or master record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// Of what kind: `specification`, `master-record`.
    pub kind: String,
    /// What all its versions share: `bm-msc`.
    pub key: String,
    /// The version: 1, 2, 3, ...
    pub version: u32,
    /// Its title.
    pub title: String,
    /// SHA-256 of the text, 64 hexadecimal digits.
    pub sha256: String,
    /// The exact text.
    pub text: String,
    /// When it was approved; `None` while it isn't.
    pub approved_at: Option<Timestamp>,
    /// Who approved it, as printed.
    pub approved_by: Option<String>,
}

/// A line of the certification register (EU GMP Annex 16, 1.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRow {
    /// The number of the certificate; unique.
    pub certificate_number: String,
    /// The site's code.
    pub site: String,
    /// The batch.
    pub batch: BatchId,
    /// Its number as printed.
    pub batch_number: String,
    /// The product as printed.
    pub product: String,
    /// Who signed.
    pub signer: UserId,
    /// Their full name as printed.
    pub signer_name: String,
    /// When they signed.
    pub signed_at: Timestamp,
    /// `certified` or `rejected`.
    pub decision: String,
}
