//! Texts that stand in documents and that people read: labels, titles, prose.

use crate::typed::{is_blank, unprintable, unprintable_in_lines, without_invisible};

/// What a text of a document is for, which says how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A label, a choice, the name of a test: one line, read at a glance.
    Label,
    /// A title, a product, a method: one line.
    Title,
    /// An instruction, a hint, a source: several lines.
    Prose,
}

impl Text {
    /// The most characters that it has.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::Label => 120,
            Self::Title => 200,
            Self::Prose => 4000,
        }
    }

    /// The text without spaces around it, where a person can read all of it.
    ///
    /// # Errors
    /// [`NotReadable`].
    pub fn read(self, text: &str) -> Result<&str, NotReadable> {
        let text = text.trim();
        if is_blank(text) {
            return Err(NotReadable::Empty);
        }
        let length = text.chars().count();
        if length > self.longest() {
            let most = self.longest();
            return Err(NotReadable::TooLong { length, most });
        }
        let hidden = match self {
            Self::Label | Self::Title => unprintable(text),
            Self::Prose => unprintable_in_lines(text),
        };
        if let Some(name) = hidden {
            return Err(NotReadable::Invisible { name });
        }
        Ok(text)
    }
}

/// Why a text of a document can't be read by people; it follows the name of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReadable {
    /// Nothing that is seen.
    #[error("is empty")]
    Empty,
    /// Longer than anybody reads there.
    #[error("has {length} characters; at most {most} are allowed. Shorten it")]
    TooLong {
        /// How many.
        length: usize,
        /// How many are allowed.
        most: usize,
    },
    /// A character that is not seen, or changes how others are.
    #[error("holds an invisible character ({name}). Write it again without that")]
    Invisible {
        /// The name of the character.
        name: &'static str,
    },
}

/// The form in which texts are compared that a person must be able to tell apart: letters in one case, one space for several,
/// nothing invisible. For comparing only.
#[must_use]
pub fn alike(text: &str) -> String {
    let seen = without_invisible(&text.replace(['\t', '\n', '\r'], " "));
    let words: Vec<_> = seen.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_document_can_be_read_by_people() {
        let too_long = |most| NotReadable::TooLong {
            length: most + 1,
            most,
        };
        let hidden = |name| NotReadable::Invisible { name };
        let direction = "mark of the direction of writing";
        let cases: [(Text, String, Result<&str, NotReadable>); 16] = [
            (Text::Label, " Lot ".to_owned(), Ok("Lot")),
            (Text::Label, "é".repeat(120), Ok("")),
            (Text::Label, "é".repeat(121), Err(too_long(120))),
            (Text::Title, "t".repeat(200), Ok("")),
            (Text::Title, "t".repeat(201), Err(too_long(200))),
            (Text::Prose, "p".repeat(4000), Ok("")),
            (Text::Prose, "p".repeat(4001), Err(too_long(4000))),
            (Text::Label, " \u{a0} ".to_owned(), Err(NotReadable::Empty)),
            (Text::Label, "\u{200d}".to_owned(), Err(NotReadable::Empty)),
            (Text::Label, "\u{200b}".to_owned(), Err(NotReadable::Empty)),
            (
                Text::Label,
                "L\u{200b}t".to_owned(),
                Err(hidden("zero-width space")),
            ),
            (
                Text::Label,
                "L\u{0}t".to_owned(),
                Err(hidden("control character")),
            ),
            (Text::Title, "L\u{202e}t".to_owned(), Err(hidden(direction))),
            (Text::Title, "L\nt".to_owned(), Err(hidden("line break"))),
            (Text::Prose, "one\n\ttwo".to_owned(), Ok("one\n\ttwo")),
            (
                Text::Prose,
                "one\u{2066}".to_owned(),
                Err(hidden(direction)),
            ),
        ];
        for (of, text, expected) in cases {
            let read = of.read(&text);
            match expected {
                Ok("") => assert_eq!(read, Ok(text.as_str())),
                expected => assert_eq!(read, expected, "{text:?}"),
            }
        }
    }

    #[test]
    fn texts_that_a_person_reads_as_one_are_alike() {
        for (one, other, same) in [
            ("no growth", "No  Growth", true),
            ("no growth", " no\u{a0}growth ", true),
            ("no growth", "no\ngrowth", true),
            ("negative", "negative\u{200b}", true),
            ("négative", "NÉGATIVE", true),
            ("growth", "no growth", false),
            ("T1", "T2", false),
        ] {
            assert_eq!(alike(one) == alike(other), same, "{one:?} {other:?}");
        }
    }
}
