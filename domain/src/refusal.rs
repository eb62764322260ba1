//! What a person is told when a command is refused.

use serde::{Deserialize, Serialize};

/// A refusal in words: what was refused, the rule, the value, and what to do.
///
/// Each use-case has its own closed enum of refusals; this is what a page shows of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The form field that it stands at, by its name; `None` where it is about the whole form.
    pub field: Option<String>,
    /// One or two sentences for the person.
    pub text: String,
}

impl Words {
    /// Words about the whole form.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            field: None,
            text: text.into(),
        }
    }

    /// Words that stand at one field.
    #[must_use]
    pub fn at(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            text: text.into(),
        }
    }
}
