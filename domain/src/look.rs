//! What a character looks like, for comparing alone: spellings of one text in Unicode are one, and a letter of another
//! script is the Latin one that it is printed as.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

/// The text in its one spelling (NFKC): `ä` is one character, full-width letters and digits are plain ones.
pub(crate) fn one_spelling(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkc()
}

/// A letter or digit in its comparable case, as the Latin letter or digit that it looks like; `None` for what separates.
///
/// Capitals decide, since codes and positions are written in them: the Greek capital tau is a `t`, and its small form too.
pub(crate) fn alphanumeric(sign: char) -> Option<char> {
    if !sign.is_alphanumeric() {
        return None;
    }
    if sign.is_ascii() {
        return Some(sign.to_ascii_lowercase());
    }
    let lower = alone(sign.to_lowercase()).unwrap_or(sign);
    let capital = alone(sign.to_uppercase()).unwrap_or(sign);
    let latin = [capital, lower].into_iter().find_map(plain);
    Some(match latin {
        // All upright strokes look like the small l; as a letter it is the I.
        Some('l') if sign.is_alphabetic() => 'i',
        Some(latin) => latin.to_ascii_lowercase(),
        None => lower,
    })
}

/// What a whole text looks like in print, whatever its case: UTS 39, and i, l, 1 as well as o and 0 are one.
#[must_use]
pub(crate) fn look_of(text: &str) -> String {
    let printed: String = skeleton(&text.nfkc().collect::<String>()).collect();
    // Small letters have look-alikes of their own.
    let small = printed.to_lowercase();
    skeleton(&small)
        .flat_map(char::to_lowercase)
        .map(|sign| match sign {
            'i' | '1' | '|' => 'l',
            '0' => 'o',
            other => other,
        })
        .collect()
}

/// The ASCII letter or digit that a character is printed as.
fn plain(sign: char) -> Option<char> {
    let mut buffer = [0; 4];
    let printed = alone(skeleton(sign.encode_utf8(&mut buffer)))?;
    printed.is_ascii_alphanumeric().then_some(printed)
}

/// The only character, where there is one alone.
fn alone(mut signs: impl Iterator<Item = char>) -> Option<char> {
    let first = signs.next()?;
    signs.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_another_script_is_what_it_is_printed_as() {
        for (sign, latin) in [
            ('T', Some('t')),
            ('\u{3a4}', Some('t')),
            ('\u{3c4}', Some('t')),
            ('\u{39d}', Some('n')),
            ('\u{410}', Some('a')),
            ('\u{430}', Some('a')),
            ('\u{412}', Some('b')),
            ('\u{432}', Some('b')),
            ('\u{406}', Some('i')),
            ('\u{456}', Some('i')),
            ('ä', Some('ä')),
            ('Ä', Some('ä')),
            ('ß', Some('ß')),
            ('架', Some('架')),
            ('-', None),
            (' ', None),
        ] {
            assert_eq!(alphanumeric(sign), latin, "{sign}");
        }
    }

    #[test]
    fn texts_that_print_alike_look_alike() {
        for (one, other) in [
            ("QA reviewer 1", "QA reviewer l"),
            ("QA reviewer 1", "QA reviewer I"),
            ("QA reviewer 1", "qa reviewer 1"),
            ("A. Rossi", "\u{410}. Rossi"),
            ("Müller", "Mu\u{308}ller"),
            ("Bob 0", "Bob O"),
            ("Carmen", "Carrnen"),
            ("MARIA", "Maria"),
        ] {
            assert_eq!(look_of(one), look_of(other), "{one} {other}");
        }
        for (one, other) in [
            ("QA reviewer 1", "QA reviewer 2"),
            ("Müller", "Muller"),
            ("Anna Rossi", "Anna Rossi (QC)"),
        ] {
            assert_ne!(look_of(one), look_of(other), "{one} {other}");
        }
    }
}
