//! The audit trail of a batch: each entry of its ledger as a row in words (21 CFR 11.10(e); EU GMP Annex 11, 12.4).
//!
//! The trail is not kept beside the record: it is read from the same entries as the batch itself, so nothing can be in
//! the one and not in the other. One entry is one row.

mod copy;
mod filter;
mod row;

pub use copy::AuditCopy;
pub use filter::{AuditColumn, AuditFilter, AuditOrder};

use super::{Batch, NotAnEvent, Recorded};
use crate::{
    clock::ClockState,
    ids::{CommandId, SessionId, UserId},
    ledger,
    master_record::StepRef,
    rights::{Role, words},
    time::Timestamp,
};
use row::Said;
use std::collections::BTreeMap;

words! {
    /// What an entry of the audit trail is about.
    AuditGroup, "a group of the audit trail" {
        /// The harvest as registered.
        Harvest = "harvest", "Harvest";
        /// Values recorded, verified, marked as not applicable.
        Entries = "entries", "Entries";
        /// Values corrected.
        Corrections = "corrections", "Corrections";
        /// Steps completed or not applicable, the end of the culture.
        Steps = "steps", "Steps";
        /// Samples and their results.
        Results = "results", "Samples and results";
        /// Deviations and exceptions.
        Deviations = "deviations", "Deviations and exceptions";
        /// Review, certification, rejection, withdrawal.
        Release = "release", "Review and release";
        /// Units and doses.
        Units = "units", "Units and doses";
        /// Comments.
        Comments = "comments", "Comments";
    }
}

/// One entry of a batch in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the ledger of the site.
    pub position: u64,
    /// Its place in the batch.
    pub version: u64,
    /// When the server recorded it.
    pub recorded_at: Timestamp,
    /// Whether its clock was confirmed then.
    pub clock: ClockState,
    /// Who: the account.
    pub user: UserId,
    /// Its user name; `None` where the account isn't known any more.
    pub user_name: Option<String>,
    /// The full name as printed at that moment.
    pub name: String,
    /// The role in which they acted.
    pub role: Role,
    /// What it is about.
    pub group: AuditGroup,
    /// The kind as it stands in the ledger, such as `entry-corrected`.
    pub kind: String,
    /// What was done, in words.
    pub what: String,
    /// The step, where it is about one.
    pub step: Option<StepRef>,
    /// The step's title with its passage.
    pub step_title: Option<String>,
    /// Which figure, test, sample, deviation, unit or dose, by the name that pages give it.
    pub field: Option<String>,
    /// The value before, with its unit.
    pub old: Option<String>,
    /// The value since, with its unit; of something signed, who signed what.
    pub new: Option<String>,
    /// Why, in the person's own words.
    pub why: Option<String>,
    /// When it was done, as the person said.
    pub performed_at: Option<Timestamp>,
    /// What followed from it: an exception that it made, a signature that it voided.
    pub effects: Vec<String>,
    /// The command that the entry answers.
    pub command: CommandId,
    /// The session.
    pub session: Option<SessionId>,
    /// The version of the program that wrote the entry.
    pub app_version: String,
    /// The entry's leaf in the tree of the ledger.
    pub leaf_hash: ledger::Hash,
    /// The entry itself: the line that is hashed, and that an export of the ledger holds.
    pub line: String,
}

/// What the words of a trail need besides the record.
#[derive(Clone, Copy)]
pub struct AuditReading<'a> {
    /// The user names by account.
    pub user_names: &'a BTreeMap<UserId, String>,
    /// Writes a moment in the site's zone, with the zone.
    pub shown: &'a dyn Fn(Timestamp) -> String,
}

impl Batch {
    /// The audit trail of this batch, oldest first. `entries` are all entries of its stream.
    ///
    /// # Errors
    /// [`NotAnEvent`] where an entry can't be read: a trail is whole or it is refused.
    pub fn audit(
        &self,
        entries: &[ledger::Entry],
        reading: &AuditReading<'_>,
    ) -> Result<Vec<AuditRow>, NotAnEvent> {
        let mut rows = Vec::with_capacity(entries.len());
        let mut before: Option<Self> = None;
        for entry in entries {
            let recorded = Recorded::from_entry(entry)?;
            let after = match before {
                Some(ref batch) => {
                    let mut after = batch.clone();
                    after.apply(recorded.clone());
                    Some(after)
                }
                None => Self::fold(self.id, self.documents.clone(), [recorded.clone()]),
            };
            // The words of the first entry need no state before it.
            let state = before.as_ref().or(after.as_ref()).unwrap_or(self);
            let said = row::said(state, &recorded.event, reading);
            let effects = after
                .as_ref()
                .map(|after| effects(after, entry.version, reading))
                .unwrap_or_default();
            rows.push(audit_row(state, entry, recorded, said, effects, reading));
            before = after;
        }
        Ok(rows)
    }
}

fn audit_row(
    state: &Batch,
    entry: &ledger::Entry,
    recorded: Recorded,
    said: Said,
    effects: Vec<String>,
    reading: &AuditReading<'_>,
) -> AuditRow {
    AuditRow {
        position: entry.position,
        version: entry.version,
        recorded_at: entry.recorded_at,
        clock: entry.origin.clock,
        user: recorded.by.user,
        user_name: reading.user_names.get(&recorded.by.user).cloned(),
        name: recorded.by.name,
        role: recorded.by.role,
        group: said.group,
        kind: entry.kind.clone(),
        what: said.what,
        step_title: said.step.as_ref().map(|step| state.step_title(step)),
        step: said.step,
        field: said.field,
        old: said.old,
        new: said.new,
        why: said.why,
        performed_at: said.performed_at,
        effects,
        command: entry.command_id,
        session: entry.origin.session,
        app_version: entry.origin.app_version.clone(),
        leaf_hash: entry.leaf_hash(),
        line: entry.line(),
    }
}

/// What the entry `version` led to: exceptions that it made, signatures that it voided.
fn effects(after: &Batch, version: u64, reading: &AuditReading<'_>) -> Vec<String> {
    let exceptions = after
        .exceptions
        .iter()
        .filter(|exception| exception.stamp.version == version)
        .map(|exception| format!("Exception {version}: {}", exception.kind));
    let voided = after
        .signatures
        .iter()
        .filter(|record| record.void_since == Some(version))
        .map(|record| {
            format!(
                "Voids the signature “{}” of {}, {}",
                record.signature.meaning,
                record.signature.name,
                (reading.shown)(record.signature.at)
            )
        });
    exceptions.chain(voided).collect()
}

#[cfg(test)]
mod tests;
