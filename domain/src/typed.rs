//! What a keyboard, a scanner or a clipboard puts into a field of one line, before the field reads it.

mod hidden;
mod words;

pub use hidden::{
    invisible, is_blank, on_one_line, unprintable, unprintable_in_lines, without_invisible,
};
pub use words::{NotWords, one_line, several_lines};

use crate::identifiers::{self, Coi, Din, ScanKind, Within};

/// What a field of one line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A donation identification number.
    Din,
    /// A chain-of-identity identifier.
    Coi,
    /// A subject code.
    Subject,
    /// A position in storage.
    Position,
    /// Words: a lot, an equipment number, a room, a name.
    Words,
    /// A day that is past: of consent, of weighing, of a test.
    Day,
    /// A day until which something may be used.
    Expiry,
    /// A date and time.
    Moment,
}

impl Takes {
    /// Every kind of field.
    pub const ALL: [Self; 8] = [
        Self::Din,
        Self::Coi,
        Self::Subject,
        Self::Position,
        Self::Words,
        Self::Day,
        Self::Expiry,
        Self::Moment,
    ];

    /// Its code in a page.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Din => "din",
            Self::Coi => "coi",
            Self::Subject => "subject",
            Self::Position => "position",
            Self::Words => "words",
            Self::Day => "day",
            Self::Expiry => "expiry",
            Self::Moment => "moment",
        }
    }

    /// The kind of field with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|takes| takes.code() == code)
    }

    /// Whether a code that a scanner sent can be read in this field.
    fn fits(self, what: ScanKind) -> bool {
        match self {
            Self::Din => matches!(what, ScanKind::Din | ScanKind::Compound),
            Self::Expiry => what == ScanKind::Expiry,
            Self::Day | Self::Moment => what == ScanKind::Collection,
            Self::Coi | Self::Subject | Self::Position | Self::Words => false,
        }
    }

    /// What the field takes instead.
    fn rule(self, label: &str) -> String {
        match self {
            Self::Din => "Scan the DIN on the label here.".to_owned(),
            Self::Coi => "A chain-of-identity identifier begins with CH.".to_owned(),
            Self::Subject => "The subject code has letters, digits and hyphens only.".to_owned(),
            Self::Position => {
                "Enter the position in storage here, as tank, rack, box and place.".to_owned()
            }
            Self::Words => format!("“{label}” is something else: enter that here."),
            Self::Day => format!("Enter “{label}” as 2026-03-05."),
            Self::Expiry => {
                format!("Enter “{label}” as 2026-03-05, or scan the expiry date on the label.")
            }
            Self::Moment => format!("Enter “{label}” as 2026-03-05 13:42."),
        }
    }
}

/// Why what stands in a field of one line can't be taken, whatever is typed into such a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// A code or an identifier that belongs into another field.
    #[error("This is {what}. {rule}")]
    Misplaced {
        /// What it is, with its article: “a DIN scan”.
        what: &'static str,
        /// What the field takes.
        rule: String,
    },
    /// A code or an identifier among other characters.
    #[error(
        "{label} holds {what} and other characters beside it: a scanner sent it into this field. Clear the field. {rule}"
    )]
    Within {
        /// The field.
        label: String,
        /// What it holds, with its article.
        what: &'static str,
        /// What the field takes.
        rule: String,
    },
    /// A character that can't be seen, so that two texts look alike and are not.
    #[error("{label} holds an invisible character ({name}). Type it again, or scan it.")]
    Invisible {
        /// The field.
        label: String,
        /// The name of the character.
        name: &'static str,
    },
}

/// What was typed or scanned into a field of one line: without what a scanner puts around it, and nothing that belongs
/// into another field.
///
/// # Errors
/// [`NotTaken`] with words for the person.
pub fn line<'a>(text: &'a str, label: &str, takes: Takes) -> Result<&'a str, NotTaken> {
    placed(text, label, takes)?;
    let plain = identifiers::without_frame(text);
    if identifiers::scan_in(text).is_some() {
        return Ok(plain);
    }
    let hidden = match takes {
        Takes::Words => unprintable(plain),
        Takes::Din
        | Takes::Coi
        | Takes::Subject
        | Takes::Position
        | Takes::Day
        | Takes::Expiry
        | Takes::Moment => invisible(plain),
    };
    match hidden {
        Some(name) => Err(NotTaken::Invisible {
            label: label.to_owned(),
            name,
        }),
        None => Ok(plain),
    }
}

/// Whether a text belongs into the field of one line in which it stands, and holds nothing of another.
///
/// # Errors
/// [`NotTaken::Misplaced`] and [`NotTaken::Within`].
pub fn placed(text: &str, label: &str, takes: Takes) -> Result<(), NotTaken> {
    let misplaced = |what| NotTaken::Misplaced {
        what,
        rule: takes.rule(label),
    };
    match identifiers::scan_in(text) {
        Some(what) if takes.fits(what) => return Ok(()),
        Some(what) => return Err(misplaced(what.with_article())),
        None => {}
    }
    let plain = identifiers::without_frame(text);
    if takes != Takes::Coi && Coi::parse(plain).is_ok() {
        return Err(misplaced("a chain-of-identity identifier (CoI)"));
    }
    // A lot of thirteen digits looks like a DIN; one that begins with a letter where no lot stands is one.
    let is_din =
        plain.starts_with(|sign: char| sign.is_ascii_alphabetic()) && Din::parse(plain).is_ok();
    let other = match takes {
        Takes::Subject => identifiers::other_number(plain),
        Takes::Coi | Takes::Position => is_din.then_some("a donation identification number (DIN)"),
        Takes::Din | Takes::Words | Takes::Day | Takes::Expiry | Takes::Moment => None,
    };
    if let Some(what) = other {
        return Err(misplaced(what));
    }
    let within = match takes {
        // What is no such id, or not it alone, is told by its own reader.
        Takes::Coi => identifiers::code_within(plain).filter(|what| *what != Within::Coi),
        Takes::Subject | Takes::Position | Takes::Words => identifiers::code_within(plain),
        // These read scans, and say themselves what is wrong with one.
        Takes::Din | Takes::Day | Takes::Expiry | Takes::Moment => None,
    };
    match within {
        Some(what) => Err(NotTaken::Within {
            label: label.to_owned(),
            what: what.with_article(),
            rule: takes.rule(label),
        }),
        None => Ok(()),
    }
}

/// Whether words of one line or several are words: not what a scanner sent, alone or several times, and without the whole
/// scan of a DIN. A number can be named in words; its scan is what a label has.
///
/// # Errors
/// [`NotTaken::Misplaced`] and [`NotTaken::Within`].
pub fn placed_in_words(text: &str, label: &str) -> Result<(), NotTaken> {
    let text = text.trim();
    let scan = identifiers::scan_in(text).is_some();
    if scan || Coi::parse(identifiers::without_frame(text)).is_ok() {
        return placed(text, label, Takes::Words);
    }
    let within = |what: Within, rule: &str| NotTaken::Within {
        label: label.to_owned(),
        what: what.with_article(),
        rule: rule.to_owned(),
    };
    if let Some(what) = identifiers::codes_alone(text) {
        return Err(within(what, &Takes::Words.rule(label)));
    }
    if identifiers::din_scan_within(text) {
        let rule = "To name a donation in words, write its number without the sign = before it.";
        return Err(within(Within::Scan(ScanKind::Din), rule));
    }
    Ok(())
}

/// What was typed into a field for words of one line or several: nothing that a scanner sent into it by mistake. Words are
/// kept as they are, whatever they begin with.
///
/// # Errors
/// [`NotTaken`] with words for the person.
pub fn lines<'a>(text: &'a str, label: &str) -> Result<&'a str, NotTaken> {
    let text = text.trim();
    placed_in_words(text, label)?;
    match unprintable_in_lines(text) {
        Some(name) => Err(NotTaken::Invisible {
            label: label.to_owned(),
            name,
        }),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests;
