//! Rows that follow from the record.

use crate::{Fault, SearchFilter, SearchHit};
use async_trait::async_trait;
use domain::{
    batch::{BatchFlag, BatchState, ClaimKey},
    ids::{BatchId, UserId},
    ledger::rows::{BoardRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow},
};

/// Which batches the board shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardFilter {
    /// Only batches of these sites; an empty list shows none.
    pub sites: Vec<String>,
    /// Which of their batches.
    pub shown: Shown,
    /// No more than this many.
    pub limit: u32,
}

/// Which batches of a site a board shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Those that somebody still has work with; with a flag, only those that have it.
    Open(Option<BatchFlag>),
    /// Those in one of these states; an empty list shows none.
    States(Vec<BatchState>),
}

/// Which lines of the certification register are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFilter {
    /// Only lines of these sites; an empty list shows none.
    pub sites: Vec<String>,
    /// No more than this many.
    pub limit: u32,
}

/// The read tables. "Not there" is `None`, never a fault.
#[async_trait]
pub trait Tables: Send + Sync {
    /// Batches: what is due longest first, then what isn't bound to a time, by number.
    ///
    /// # Errors
    /// [`Fault`].
    async fn board(&self, filter: &BoardFilter) -> Result<Vec<BoardRow>, Fault>;

    /// The row of one batch: also the way from its id to its site.
    ///
    /// # Errors
    /// [`Fault`].
    async fn batch(&self, batch: BatchId) -> Result<Option<BoardRow>, Fault>;

    /// Who holds what one alone can hold, as a refusal names them.
    ///
    /// # Errors
    /// [`Fault`].
    async fn claim(&self, key: &ClaimKey) -> Result<Option<String>, Fault>;

    /// All persons, by printed name.
    ///
    /// # Errors
    /// [`Fault`].
    async fn persons(&self) -> Result<Vec<PersonRow>, Fault>;

    /// One person.
    ///
    /// # Errors
    /// [`Fault`].
    async fn person(&self, user: UserId) -> Result<Option<PersonRow>, Fault>;

    /// The person with this user name, in its normal spelling.
    ///
    /// # Errors
    /// [`Fault`].
    async fn person_named(&self, user_name: &str) -> Result<Option<PersonRow>, Fault>;

    /// The roles of a person, by site and role.
    ///
    /// # Errors
    /// [`Fault`].
    async fn roles(&self, user: UserId) -> Result<Vec<RoleRow>, Fault>;

    /// All sites, by code.
    ///
    /// # Errors
    /// [`Fault`].
    async fn sites(&self) -> Result<Vec<SiteRow>, Fault>;

    /// One site.
    ///
    /// # Errors
    /// [`Fault`].
    async fn site(&self, code: &str) -> Result<Option<SiteRow>, Fault>;

    /// All documents of a kind, by key, newest version first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn documents(&self, kind: &str) -> Result<Vec<DocumentRow>, Fault>;

    /// One version of a document.
    ///
    /// # Errors
    /// [`Fault`].
    async fn document(
        &self,
        kind: &str,
        key: &str,
        version: u32,
    ) -> Result<Option<DocumentRow>, Fault>;

    /// The highest approved version of a document.
    ///
    /// # Errors
    /// [`Fault`].
    async fn latest_document(&self, kind: &str, key: &str) -> Result<Option<DocumentRow>, Fault>;

    /// The certification register, newest first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn register(&self, filter: &RegisterFilter) -> Result<Vec<RegisterRow>, Fault>;

    /// Terms that are, or begin with, what is looked for: the shortest first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn search(&self, filter: &SearchFilter) -> Result<Vec<SearchHit>, Fault>;
}
