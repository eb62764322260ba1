//! A record that is a demonstration says so itself: made-up people with a published password.

use serde::{Deserialize, Serialize};

/// An event of the record as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum DemonstrationEvent {
    /// The record was begun as a demonstration.
    DemonstrationBegun {
        /// What that means, in words.
        statement: String,
    },
}

/// What it means that a record is a demonstration.
pub const STATEMENT: &str = "Every person, patient and site of this record is made up. Its accounts have a published \
                             password.";

/// Begins a record as a demonstration; `None` where somebody has an account in it already.
#[must_use]
pub fn begin(accounts: u64) -> Option<DemonstrationEvent> {
    (accounts == 0).then(|| DemonstrationEvent::DemonstrationBegun {
        statement: STATEMENT.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_people_becomes_no_demonstration() {
        assert!(begin(0).is_some());
        assert_eq!(begin(1), None);
    }
}
