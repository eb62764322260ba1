//! What a command answers to the script in the browser. Without a script the answer is a page.

use domain::refusal::Words;
use serde::{Deserialize, Serialize};

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Recorded; the page that shows it.
    Done(String),
    /// Refused; nothing was recorded.
    Refused(Vec<Words>),
    /// Nobody is signed in, or the session has ended; nothing was recorded.
    SignIn,
    /// Somebody else set the person's password, which has to be changed first; nothing was recorded.
    PasswordFirst,
    /// The page was drawn for somebody else than who is signed in now; nothing was recorded. Sent the plain way, the form
    /// comes back on a page of whoever is.
    PlainWay,
    /// The program failed; the id stands in the log.
    Fault(String),
}

/// The heading over refusals, for so many fields to correct; for none where the form as a whole is refused.
#[must_use]
pub fn not_saved(fields: usize) -> String {
    match fields {
        0 => "Not saved".to_owned(),
        1 => "Not saved: correct 1 field".to_owned(),
        fields => format!("Not saved: correct {fields} fields"),
    }
}
