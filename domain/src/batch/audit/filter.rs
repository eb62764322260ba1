//! What of the trail is shown, and in which order.

use super::{AuditGroup, AuditRow};
use crate::{ids::UserId, master_record::StepRef, rights::words};
use std::cmp::Ordering;

/// Which rows of a trail are shown: those that meet all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only rows about this.
    pub group: Option<AuditGroup>,
    /// Only what this account did.
    pub person: Option<UserId>,
    /// Only rows of this step.
    pub step: Option<StepRef>,
    /// Only rows in which this text stands, in any case of letters; empty for all.
    pub text: String,
}

impl AuditFilter {
    /// Whether every row is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the row is shown.
    #[must_use]
    pub fn keeps(&self, row: &AuditRow) -> bool {
        self.group.is_none_or(|group| group == row.group)
            && self.person.is_none_or(|person| person == row.user)
            && self
                .step
                .as_ref()
                .is_none_or(|step| row.step.as_ref() == Some(step))
            && has_text(row, self.text.trim())
    }

    /// The filter in words, as a copy names it (P11-10e3). `rows` is the whole trail: it knows the names.
    #[must_use]
    pub fn words(&self, rows: &[AuditRow]) -> String {
        let mut words = Vec::new();
        if let Some(group) = self.group {
            words.push(format!("kind: {group}"));
        }
        if let Some(person) = self.person {
            let known = rows.iter().rev().find(|row| row.user == person);
            let name = known.map_or_else(|| person.to_string(), AuditRow::person);
            words.push(format!("person: {name}"));
        }
        if let Some(step) = &self.step {
            let known = rows.iter().find(|row| row.step.as_ref() == Some(step));
            let title = known.and_then(|row| row.step_title.clone());
            words.push(format!(
                "step: {}",
                title.unwrap_or_else(|| step.to_string())
            ));
        }
        if !self.text.trim().is_empty() {
            words.push(format!("text: “{}”", self.text.trim()));
        }
        if words.is_empty() {
            return "none, all entries".to_owned();
        }
        words.join("; ")
    }
}

impl AuditRow {
    /// Name and user name: `Technician 1 (tech1)`.
    #[must_use]
    pub fn person(&self) -> String {
        match &self.user_name {
            Some(user_name) => format!("{} ({user_name})", self.name),
            None => self.name.clone(),
        }
    }
}

fn has_text(row: &AuditRow, text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let plain = |words: &str| words.to_lowercase().replace('\u{202f}', " ");
    let text = plain(text);
    // A number is also found without the spaces between its thousands.
    let has = |words: &str| {
        plain(words).contains(&text) || words.to_lowercase().replace('\u{202f}', "").contains(&text)
    };
    let optional = [
        &row.step_title,
        &row.field,
        &row.old,
        &row.new,
        &row.why,
        &row.user_name,
    ];
    has(&row.what)
        || has(&row.name)
        || has(row.role.label())
        || has(&row.kind)
        || row.effects.iter().any(|effect| has(effect))
        || optional.into_iter().flatten().any(|words| has(words))
}

words! {
    /// A column by which the trail can be sorted.
    AuditColumn, "a column of the audit trail" {
        /// When it was recorded, which is also the order of the ledger.
        Recorded = "recorded", "Recorded";
        /// When it was done.
        Performed = "performed", "Performed";
        /// Who.
        Person = "person", "Person";
        /// What it is about.
        Kind = "kind", "Kind";
        /// The step.
        Step = "step", "Step";
    }
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditOrder {
    /// By which column.
    pub column: AuditColumn,
    /// Whether the last comes first.
    pub descending: bool,
}

impl Default for AuditOrder {
    fn default() -> Self {
        Self {
            column: AuditColumn::Recorded,
            descending: false,
        }
    }
}

impl AuditOrder {
    /// Puts rows in order; rows that are equal in the column stay in the order of the ledger.
    pub fn sort(self, rows: &mut [&AuditRow]) {
        rows.sort_by(|one, other| {
            let order = self.compare(one, other);
            let order = if self.descending {
                order.reverse()
            } else {
                order
            };
            order.then(one.version.cmp(&other.version))
        });
    }

    /// The order in words, as a copy names it.
    #[must_use]
    pub fn words(self) -> String {
        let column = self.column.label().to_lowercase();
        if self.descending {
            format!("{column}, last first")
        } else {
            column
        }
    }

    fn compare(self, one: &AuditRow, other: &AuditRow) -> Ordering {
        match self.column {
            AuditColumn::Recorded => one.version.cmp(&other.version),
            AuditColumn::Performed => one.performed_at.cmp(&other.performed_at),
            AuditColumn::Person => one.name.cmp(&other.name).then(one.user.cmp(&other.user)),
            AuditColumn::Kind => one
                .group
                .cmp(&other.group)
                .then_with(|| one.what.cmp(&other.what)),
            AuditColumn::Step => one.step.cmp(&other.step),
        }
    }
}
