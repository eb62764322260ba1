//! A copy of the trail for an inspector: the filter, who made it and when stand on it (P11-10e3).

use super::{AuditOrder, AuditRow};
use crate::{csv, ledger::SignedCheckpoint, time::Timestamp, zone::Zone};
use serde::Serialize;
use serde_json::value::RawValue;

/// A copy of an audit trail, or of the part that a filter shows.
#[derive(Clone, Copy)]
pub struct AuditCopy<'a> {
    /// The batch number.
    pub batch: &'a str,
    /// The site's code.
    pub site: &'a str,
    /// The filter in words.
    pub filter: &'a str,
    /// The order of the rows.
    pub order: AuditOrder,
    /// Who made the copy: printed name and user name.
    pub made_by: &'a str,
    /// When.
    pub made_at: Timestamp,
    /// The program and its version.
    pub program: &'a str,
    /// The newest checkpoint of the site's ledger: the leaf hashes of the copy can be proven to be under it.
    pub checkpoint: Option<&'a SignedCheckpoint>,
    /// How many entries the batch has.
    pub entries: usize,
    /// The rows of the copy.
    pub rows: &'a [&'a AuditRow],
    /// The zone of the batch: moments are shown in it, and for a program written with their offset in it.
    pub zone: Zone,
}

/// The headings of the table in a copy.
const HEADINGS: [&str; 19] = [
    "Entry",
    "Ledger position",
    "Recorded at (UTC)",
    "Recorded at (site)",
    "Name",
    "User name",
    "Role",
    "Kind",
    "Action",
    "Step",
    "Field",
    "Old value",
    "New value",
    "Reason",
    "Performed at (UTC)",
    "Performed at (site)",
    "Effects",
    "Program version",
    "Leaf hash",
];

impl AuditCopy<'_> {
    /// The copy as CSV (RFC 4180, UTF-8): lines that say what it is a copy of, an empty one, the headings, the rows. Every
    /// line has the same number of cells, and none begins a formula.
    #[must_use]
    pub fn csv(&self) -> String {
        let said = [
            ("Audit trail of batch", self.batch.to_owned()),
            ("Site", self.site.to_owned()),
            ("Filter", self.filter.to_owned()),
            ("Order", self.order.words()),
            ("Entries in this copy", self.rows.len().to_string()),
            ("Entries of the batch", self.entries.to_string()),
            ("Copy made by", self.made_by.to_owned()),
            ("Copy made at", self.zone.shown(self.made_at)),
            ("Program", self.program.to_owned()),
            ("Newest checkpoint", self.checkpoint_in_words()),
        ];
        let mut text = String::new();
        for (what, value) in said {
            csv::line(&mut text, HEADINGS.len(), [what, value.as_str()]);
        }
        csv::line(&mut text, HEADINGS.len(), [""]);
        csv::line(&mut text, HEADINGS.len(), HEADINGS);
        for row in self.rows {
            let cells = self.cells(row);
            csv::line(&mut text, cells.len(), cells.iter().map(String::as_str));
        }
        text
    }

    fn cells(&self, row: &AuditRow) -> [String; HEADINGS.len()] {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let utc = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        let shown = |at: Option<Timestamp>| at.map_or_else(String::new, |at| self.zone.shown(at));
        [
            row.version.to_string(),
            row.position.to_string(),
            row.recorded_at.to_string(),
            self.zone.shown(row.recorded_at),
            row.name.clone(),
            or_empty(&row.user_name),
            row.role.to_string(),
            row.group.to_string(),
            row.what.clone(),
            or_empty(&row.step_title),
            or_empty(&row.field),
            or_empty(&row.old),
            or_empty(&row.new),
            or_empty(&row.why),
            utc(row.performed_at),
            shown(row.performed_at),
            row.effects.join("; "),
            row.app_version.clone(),
            row.leaf_hash.to_string(),
        ]
    }

    fn checkpoint_in_words(&self) -> String {
        let words = |signed: &SignedCheckpoint| {
            let checkpoint = &signed.checkpoint;
            let origin = checkpoint.ledger.origin();
            format!(
                "{origin}, {} entries, root {}",
                checkpoint.size,
                checkpoint.root.base64()
            )
        };
        self.checkpoint.map_or_else(|| "none yet".to_owned(), words)
    }

    /// The copy as JSON, indented.
    #[must_use]
    pub fn json(&self) -> String {
        let copy = JsonCopy {
            audit_trail_of_batch: self.batch,
            site: self.site,
            filter: self.filter,
            order: self.order.words(),
            entries_in_this_copy: self.rows.len(),
            entries_of_the_batch: self.entries,
            copy_made_by: self.made_by,
            copy_made_at: self.made_at,
            copy_made_at_site: self.zone.rfc3339(self.made_at),
            time_zone: self.zone.name(),
            program: self.program,
            newest_checkpoint: self.checkpoint.map(|signed| signed.note.as_str()),
            entries: (self.rows.iter())
                .map(|row| JsonRow::of(row, self.zone))
                .collect(),
        };
        // Plain strings and numbers have no way to fail.
        serde_json::to_string_pretty(&copy).unwrap_or_default() + "\n"
    }
}

#[derive(Serialize)]
struct JsonCopy<'a> {
    audit_trail_of_batch: &'a str,
    site: &'a str,
    filter: &'a str,
    order: String,
    entries_in_this_copy: usize,
    entries_of_the_batch: usize,
    copy_made_by: &'a str,
    copy_made_at: Timestamp,
    copy_made_at_site: String,
    time_zone: &'a str,
    program: &'a str,
    newest_checkpoint: Option<&'a str>,
    entries: Vec<JsonRow<'a>>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    entry: u64,
    ledger_position: u64,
    recorded_at: Timestamp,
    recorded_at_site: String,
    user: String,
    user_name: Option<&'a str>,
    name: &'a str,
    role: &'a str,
    group: &'a str,
    kind: &'a str,
    action: &'a str,
    step: Option<String>,
    step_title: Option<&'a str>,
    field: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    reason: Option<&'a str>,
    performed_at: Option<Timestamp>,
    performed_at_site: Option<String>,
    effects: &'a [String],
    command: String,
    session: Option<String>,
    program_version: &'a str,
    leaf_hash: String,
    /// The entry as the ledger holds it, byte by byte.
    ledger_entry: Option<&'a RawValue>,
}

impl<'a> JsonRow<'a> {
    fn of(row: &'a AuditRow, zone: Zone) -> Self {
        Self {
            entry: row.version,
            ledger_position: row.position,
            recorded_at: row.recorded_at,
            recorded_at_site: zone.rfc3339(row.recorded_at),
            user: row.user.to_string(),
            user_name: row.user_name.as_deref(),
            name: &row.name,
            role: row.role.code(),
            group: row.group.code(),
            kind: &row.kind,
            action: &row.what,
            step: row.step.as_ref().map(ToString::to_string),
            step_title: row.step_title.as_deref(),
            field: row.field.as_deref(),
            old: row.old.as_deref(),
            new: row.new.as_deref(),
            reason: row.why.as_deref(),
            performed_at: row.performed_at,
            performed_at_site: row.performed_at.map(|at| zone.rfc3339(at)),
            effects: &row.effects,
            command: row.command.to_string(),
            session: row.session.map(|session| session.to_string()),
            program_version: &row.app_version,
            leaf_hash: row.leaf_hash.to_string(),
            // A canonical line is JSON.
            ledger_entry: serde_json::from_str(&row.line).ok(),
        }
    }
}
