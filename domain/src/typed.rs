//! What a keyboard, a scanner or a clipboard puts into a field of one line, before the field reads it.

use crate::identifiers::{self, Coi, Din, ScanKind};

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
    let misplaced = |what| NotTaken::Misplaced {
        what,
        rule: takes.rule(label),
    };
    match identifiers::scan_in(text) {
        Some(what) if takes.fits(what) => return Ok(identifiers::without_frame(text)),
        Some(what) => return Err(misplaced(what.with_article())),
        None => {}
    }
    let plain = identifiers::without_frame(text);
    if takes != Takes::Coi && Coi::parse(plain).is_ok() {
        return Err(misplaced("a chain-of-identity identifier (CoI)"));
    }
    let only_identifiers = matches!(takes, Takes::Coi | Takes::Subject | Takes::Position);
    // A lot of thirteen digits looks like a DIN; one that begins with a letter where no lot stands is one.
    if only_identifiers
        && plain.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && Din::parse(plain).is_ok()
    {
        return Err(misplaced("a donation identification number (DIN)"));
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

/// What was typed into a field for words of one line or several: nothing that a scanner sent into it by mistake. Words are
/// kept as they are, whatever they begin with.
///
/// # Errors
/// [`NotTaken`] with words for the person.
pub fn lines<'a>(text: &'a str, label: &str) -> Result<&'a str, NotTaken> {
    let text = text.trim();
    let scan = identifiers::scan_in(text).is_some();
    if scan || Coi::parse(identifiers::without_frame(text)).is_ok() {
        return line(text, label, Takes::Words);
    }
    match unprintable_in_lines(text) {
        Some(name) => Err(NotTaken::Invisible {
            label: label.to_owned(),
            name,
        }),
        None => Ok(text),
    }
}

/// The name of the first character that can't be seen, in a text that is compared: an identifier, a number, a day.
#[must_use]
pub fn invisible(text: &str) -> Option<&'static str> {
    text.chars().find_map(name_of)
}

/// The name of the first character that has no place in words either. What joins letters and chooses their form is
/// needed by some scripts and by emoji.
#[must_use]
pub fn unprintable(text: &str) -> Option<&'static str> {
    text.chars()
        .filter(|sign| !matches!(sign, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'))
        .find_map(name_of)
}

/// The same for words of several lines.
#[must_use]
pub fn unprintable_in_lines(text: &str) -> Option<&'static str> {
    let lines = |sign: char| matches!(sign, '\n' | '\r' | '\t');
    text.split(lines).find_map(unprintable)
}

/// A text without its invisible characters, to be shown in a refusal.
#[must_use]
pub fn without_invisible(text: &str) -> String {
    text.chars()
        .filter(|sign| name_of(*sign).is_none())
        .collect()
}

fn name_of(sign: char) -> Option<&'static str> {
    Some(match sign {
        '\t' => "tab",
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "line break",
        '\u{2}' => "STX, start of text",
        '\u{3}' => "ETX, end of text",
        '\u{4}' => "EOT, end of transmission",
        '\u{1b}' => "escape",
        '\u{1d}' => "GS or FNC1, group separator",
        '\u{1e}' => "RS, record separator",
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero-width space",
        '\u{200c}' | '\u{200d}' | '\u{34f}' => "zero-width joiner",
        '\u{2060}'..='\u{2064}' | '\u{180e}' => "word joiner",
        '\u{feff}' => "byte order mark",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            "mark of the direction of writing"
        }
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "filler",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{e0000}'..='\u{e007f}' => "tag",
        sign if sign.is_control() => "control character",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIN: &str = "=A99991712345600";
    const PRODUCT: &str = "=<S12951A0";
    const EXPIRY: &str = "&>0263652359";
    const COLLECTION: &str = "&*0260091330";
    const COI: &str = "CHA999926000001";

    // ATMP-9: a scan into the wrong field is recognised, refused and named.
    #[test]
    fn a_scan_into_the_wrong_field_is_refused_and_named() {
        let cases = [
            (
                DIN,
                Takes::Subject,
                "This is a DIN scan. The subject code has letters, digits and hyphens only.",
            ),
            (
                "]C1=A99991712345600\r",
                Takes::Subject,
                "This is a DIN scan.",
            ),
            (
                "\u{2}=A99991712345600\u{3}",
                Takes::Words,
                "This is a DIN scan. “Lot” is something else",
            ),
            (
                "A999917123456",
                Takes::Subject,
                "This is a donation identification number (DIN).",
            ),
            (
                DIN,
                Takes::Coi,
                "This is a DIN scan. A chain-of-identity identifier begins with CH.",
            ),
            (PRODUCT, Takes::Words, "This is a product code scan."),
            (
                PRODUCT,
                Takes::Din,
                "This is a product code scan. Scan the DIN",
            ),
            (
                EXPIRY,
                Takes::Din,
                "This is an expiry date scan. Scan the DIN",
            ),
            (
                EXPIRY,
                Takes::Day,
                "This is an expiry date scan. Enter “Lot” as 2026-03-05.",
            ),
            (EXPIRY, Takes::Words, "This is an expiry date scan."),
            ("=>026365", Takes::Moment, "This is an expiry date scan."),
            (COLLECTION, Takes::Expiry, "This is a collection date scan."),
            (
                COI,
                Takes::Position,
                "This is a chain-of-identity identifier (CoI). Enter the position",
            ),
            (
                COI,
                Takes::Words,
                "This is a chain-of-identity identifier (CoI).",
            ),
            (
                COI,
                Takes::Subject,
                "This is a chain-of-identity identifier (CoI).",
            ),
            (
                "]d2010400638133393110ABC",
                Takes::Words,
                "This is a GS1 code scan.",
            ),
            (
                "=+02000=A99991712345600=>026365",
                Takes::Subject,
                "This is a compound scan.",
            ),
        ];
        for (text, takes, words) in cases {
            let refused = line(text, "Lot", takes).map_err(|why| why.to_string());
            assert!(
                refused.as_ref().is_err_and(|said| said.starts_with(words)),
                "{text:?} in {takes:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn what_fits_is_taken_without_what_a_scanner_puts_around_it() {
        let cases = [
            (DIN, Takes::Din, DIN),
            ("]C1\u{1d}=A99991712345600\u{1e}\u{4}\r\n", Takes::Din, DIN),
            (EXPIRY, Takes::Expiry, EXPIRY),
            (COLLECTION, Takes::Day, COLLECTION),
            (COLLECTION, Takes::Moment, COLLECTION),
            (COI, Takes::Coi, COI),
            ("]C0LOT-0815\r", Takes::Words, "LOT-0815"),
            ("\u{2}LOT-0815\u{3}", Takes::Words, "LOT-0815"),
            ("GE-012", Takes::Subject, "GE-012"),
            // Lots that look like something else.
            ("1234567890123", Takes::Words, "1234567890123"),
            ("W123426123456", Takes::Words, "W123426123456"),
            ("=5", Takes::Words, "=5"),
            ("=1+1", Takes::Words, "=1+1"),
            ("& Co.", Takes::Words, "& Co."),
            ("]C", Takes::Words, "]C"),
            ("می\u{200c}خواهم", Takes::Words, "می\u{200c}خواهم"),
        ];
        for (text, takes, expected) in cases {
            assert_eq!(
                line(text, "Lot", takes).as_deref(),
                Ok(expected),
                "{text:?}"
            );
        }
    }

    // DI-4: two texts that look alike are alike.
    #[test]
    fn an_invisible_character_is_refused_by_its_name() {
        let cases = [
            ("GE\u{200b}-012", Takes::Subject, "zero-width space"),
            ("\u{feff}GE-012", Takes::Subject, "byte order mark"),
            (
                "GE-012\u{200f}",
                Takes::Subject,
                "mark of the direction of writing",
            ),
            (
                "GE-\u{202e}210",
                Takes::Subject,
                "mark of the direction of writing",
            ),
            ("GE\u{ad}012", Takes::Position, "soft hyphen"),
            ("A1\tB2", Takes::Position, "tab"),
            ("LOT\u{1d}7", Takes::Words, "GS or FNC1"),
            ("LOT\u{0}7", Takes::Words, "control character"),
            (
                "LOT\u{202e}7",
                Takes::Words,
                "mark of the direction of writing",
            ),
            ("LOT\n7", Takes::Words, "line break"),
        ];
        for (text, takes, name) in cases {
            let refused = line(text, "It", takes).map_err(|why| why.to_string());
            assert!(
                refused.as_ref().is_err_and(|said| said.contains(name)),
                "{text:?}: {refused:?}"
            );
        }
        for text in ["]C1 was on the label", "one\n=A99991712345600", "a\tb"] {
            assert_eq!(lines(text, "Comment"), Ok(text));
        }
        assert!(lines("=A99991712345600", "Comment").is_err());
        assert_eq!(unprintable_in_lines("one\r\n\ttwo 👩\u{200d}🔬"), None);
        assert_eq!(unprintable_in_lines("one\u{2}"), Some("STX, start of text"));
    }

    #[test]
    fn each_kind_of_field_is_found_by_its_code() {
        for takes in Takes::ALL {
            assert_eq!(Takes::from_code(takes.code()), Some(takes));
        }
        assert_eq!(Takes::from_code(""), None);
    }
}
