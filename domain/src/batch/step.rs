//! What is recorded of the steps: entries with all their values, and completions.

use super::{Comment, FieldValue, Signature, Stamp};
use crate::time::Timestamp;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What was recorded of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepRecord {
    /// The entries by field.
    pub entries: BTreeMap<String, Entry>,
    /// Completion, if so.
    pub completed: Option<Completion>,
    /// Why the whole step doesn't apply, if so.
    pub not_applicable: Option<Comment>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Whether a sample was taken or a unit stored in it.
    pub made: bool,
}

impl StepRecord {
    /// Whether nothing more is to be done in the step.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.completed.is_some() || self.not_applicable.is_some()
    }

    /// Whether anything was recorded in the step, a sample or a unit among it; a comment alone begins none.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.is_over() || self.made || !self.entries.is_empty()
    }

    /// The number in a field; `None` where it is missing or not a number.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<Decimal> {
        match self.entries.get(field)?.value()? {
            FieldValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The latest moment at which something of the step was performed. What does not apply was not performed.
    #[must_use]
    pub fn performed_at(&self) -> Option<Timestamp> {
        let done = |entry: &&Entry| entry.not_applicable.is_none();
        let entries = (self.entries.values().filter(done)).map(|entry| entry.performed_at);
        let over = (self.completed.as_ref()).map(|completion| completion.performed_at);
        entries.chain(over).max()
    }
}

/// The completion of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// When the work ended, as the person said.
    pub performed_at: Timestamp,
    /// Who completed it first, and when.
    pub stamp: Stamp,
    /// The last signature, where the master record asks for one.
    pub signature: Option<Signature>,
}

/// A field of a step as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The values in order, the last one valid; empty where the field doesn't apply.
    pub values: Vec<Value>,
    /// Why the field doesn't apply, if so.
    pub not_applicable: Option<Comment>,
    /// When it was done, as the person said; where the field doesn't apply, when that was recorded.
    pub performed_at: Timestamp,
    /// Who confirmed the present value, if anyone did.
    pub verified: Option<Stamp>,
}

impl Entry {
    /// The present value; `None` where the field doesn't apply.
    #[must_use]
    pub fn value(&self) -> Option<&FieldValue> {
        self.values.last().map(|value| &value.value)
    }

    /// Whether the value was changed since its first entry; also one that stands where first none applied.
    #[must_use]
    pub fn corrected(&self) -> bool {
        self.values.iter().any(|value| value.reason.is_some())
    }
}

/// One value of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub value: FieldValue,
    /// Who and when.
    pub stamp: Stamp,
    /// Why it replaced the one before; `None` for the first.
    pub reason: Option<String>,
    /// The limit in words that it was outside of when it was recorded, if it was.
    pub outside: Option<String>,
}
