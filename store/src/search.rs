//! Finding batches and their parts by a term.

use domain::ledger::rows::{BoardRow, TermRow};

/// What is looked for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchFilter {
    /// Only at these sites; an empty list finds nothing.
    pub sites: Vec<String>,
    /// The term, folded.
    pub term: String,
    /// Whether only this very term is meant, and not also those that begin with it.
    pub whole: bool,
    /// No more than this many.
    pub limit: u32,
}

/// A term that was found, with the row of its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The term.
    pub term: TermRow,
    /// The batch that it is of.
    pub batch: BoardRow,
}

macro_rules! found {
    ($terms:literal) => {
        concat!(
            // The term and its batch both have a site and a batch's id: those of the batch are read.
            "select t.term as term, t.kind as kind, t.target as target, t.shown as shown,
            b.batch_id as batch_id, b.site as site, b.number as number, b.subject as subject, b.din as din, b.coi as coi,
            b.state as state, b.flags as flags, b.is_open as is_open, b.fresh_since as fresh_since, b.passage as passage,
            b.culture_started as culture_started, b.next_step as next_step, b.next_due as next_due, b.needs as needs,
            b.version as version, b.registered_at as registered_at
            from search_term t join board b on b.batch_id = t.batch_id
            where t.site = $1 and ",
            $terms,
            " order by t.term, t.kind, t.batch_id, t.target limit $3"
        )
    };
}

/// What is this very term: site, term, how many.
pub const FIND_WHOLE: &str = found!("t.term = $2");

/// What is or begins with a term: site, term, how many, and a text after all that begin with it.
pub const FIND_PREFIX: &str = found!("t.term >= $2 and t.term < $4");

impl SearchFilter {
    /// A text after every term that begins with the one that is looked for: none has this character, the last that there
    /// is.
    #[must_use]
    pub fn after_all(&self) -> String {
        format!("{}\u{10ffff}", self.term)
    }
}
