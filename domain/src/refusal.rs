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

/// A refusal that can stand for several.
pub trait Several: Sized {
    /// More than one refusal as one.
    fn several(refused: Vec<Self>) -> Self;
}

/// What has been refused of a command so far. Rules of who and when come before it and end a decision at once; what a
/// person typed is checked field by field, so that they correct a form in one go.
#[derive(Debug)]
pub struct Checks<R> {
    refused: Vec<R>,
}

impl<R> Default for Checks<R> {
    fn default() -> Self {
        Self {
            refused: Vec::new(),
        }
    }
}

impl<R: Several> Checks<R> {
    /// Notes a refusal.
    pub fn refuse(&mut self, refusal: R) {
        self.refused.push(refusal);
    }

    /// What a check gave; `None` where it refused, which is noted.
    pub fn take<T>(&mut self, checked: Result<T, R>) -> Option<T> {
        checked.map_err(|refusal| self.refuse(refusal)).ok()
    }

    /// Whether nothing has been refused.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.refused.is_empty()
    }

    /// Everything that was refused, one by one.
    #[must_use]
    pub fn all(self) -> Vec<R> {
        self.refused
    }

    /// Everything that was refused, as one refusal.
    #[must_use]
    pub fn refused(mut self) -> R {
        match self.refused.len() {
            1 => self.refused.remove(0),
            _ => R::several(self.refused),
        }
    }

    /// Goes on where nothing was refused.
    ///
    /// # Errors
    /// Everything that was refused, as one refusal.
    pub fn finish(self) -> Result<(), R> {
        if self.passed() {
            Ok(())
        } else {
            Err(self.refused())
        }
    }
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
