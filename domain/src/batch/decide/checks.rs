//! Checking a whole form: everything that is wrong with it is said at once.

use crate::batch::Refusal;

/// What has been refused of a command so far. Rules of who and when come before it and end a decision at once; what a
/// person typed is checked field by field, so that they correct a form in one go.
#[derive(Default)]
pub(super) struct Checks {
    refused: Vec<Refusal>,
}

impl Checks {
    /// Notes a refusal.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused.push(refusal);
    }

    /// What a check gave; `None` where it refused, which is noted.
    pub(super) fn take<T>(&mut self, checked: Result<T, Refusal>) -> Option<T> {
        checked.map_err(|refusal| self.refuse(refusal)).ok()
    }

    /// Whether nothing has been refused.
    pub(super) fn passed(&self) -> bool {
        self.refused.is_empty()
    }

    /// Everything that was refused, one by one.
    pub(super) fn all(self) -> Vec<Refusal> {
        self.refused
    }

    /// Everything that was refused, as one refusal.
    pub(super) fn refused(mut self) -> Refusal {
        match self.refused.len() {
            1 => self.refused.remove(0),
            _ => Refusal::Several(self.refused),
        }
    }
}
