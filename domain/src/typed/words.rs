//! Words that go into the record: the one rule that they all pass, whether they come from a form or from the command line.

use super::{NotTaken, Takes, is_blank, line, lines};

/// Why words can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWords {
    /// Nothing, or nothing that shows.
    #[error("{label} is empty. Enter it.")]
    Empty {
        /// The field.
        label: String,
    },
    /// More than is kept.
    #[error("{label} has {length} characters; {max} are kept. Say it in fewer.")]
    TooLong {
        /// The field.
        label: String,
        /// How many there are.
        length: usize,
        /// How many are kept.
        max: usize,
    },
    /// They hold what can't be seen, or are a scan.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

/// Words of one line, at most `max` characters: names and addresses. White space between them is one blank, since more, or
/// another one, prints alike.
///
/// # Errors
/// [`NotWords`] with words for the person.
pub fn one_line(text: &str, label: &str, max: usize) -> Result<String, NotWords> {
    not_blank(text, label)?;
    let words: Vec<_> = line(text, label, Takes::Words)?
        .split_whitespace()
        .collect();
    short(words.join(" "), label, max)
}

/// Words of one line or several, at most `max` characters: reasons and descriptions.
///
/// # Errors
/// [`NotWords`] with words for the person.
pub fn several_lines(text: &str, label: &str, max: usize) -> Result<String, NotWords> {
    not_blank(text, label)?;
    short(lines(text, label)?.to_owned(), label, max)
}

fn not_blank(text: &str, label: &str) -> Result<(), NotWords> {
    if is_blank(text) {
        let label = label.to_owned();
        return Err(NotWords::Empty { label });
    }
    Ok(())
}

fn short(text: String, label: &str, max: usize) -> Result<String, NotWords> {
    let length = text.chars().count();
    if length > max {
        return Err(NotWords::TooLong {
            label: label.to_owned(),
            length,
            max,
        });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pass_one_rule() {
        for (text, kept, kept_in_lines) in [
            ("Anna Rossi", Some("Anna Rossi"), Some("Anna Rossi")),
            (
                " Anna\u{a0}\u{3000} Rossi ",
                Some("Anna Rossi"),
                Some("Anna\u{a0}\u{3000} Rossi"),
            ),
            ("one\ntwo\tthree", None, Some("one\ntwo\tthree")),
            (
                "می\u{200c}خواهم",
                Some("می\u{200c}خواهم"),
                Some("می\u{200c}خواهم"),
            ),
            ("", None, None),
            (" \u{200b}", None, None),
            ("An\u{202e}na", None, None),
            ("An\u{200b}na", None, None),
            ("An\u{1b}[31mna", None, None),
            ("=A99991712345600", None, None),
            ("12345678901", Some("12345678901"), Some("12345678901")),
            ("0123456789012345678901234567890", None, None),
        ] {
            assert_eq!(one_line(text, "It", 30).ok().as_deref(), kept, "{text:?}");
            let lines = several_lines(text, "It", 30).ok();
            assert_eq!(lines.as_deref(), kept_in_lines, "{text:?}");
        }
        for (text, said) in [
            ("\u{200b}", "Reason is empty. Enter it."),
            (
                "a\u{202e}b",
                "Reason holds an invisible character (mark of the direction of writing). Type it again, or scan it.",
            ),
            (
                "0123456789012345678901234567890",
                "Reason has 31 characters; 30 are kept. Say it in fewer.",
            ),
        ] {
            let refused = several_lines(text, "Reason", 30).map_err(|why| why.to_string());
            assert_eq!(refused, Err(said.to_owned()));
        }
    }
}
