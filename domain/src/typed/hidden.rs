//! Characters that can't be seen: so that two texts look alike and are not, or one shows in another order than it has.

/// The name of the first character that can't be seen, in a text that is compared: an identifier, a number, a day.
#[must_use]
pub fn invisible(text: &str) -> Option<&'static str> {
    text.chars().find_map(name_of)
}

/// The name of the first character that has no place in words of one line either.
///
/// What joins letters, keeps them apart or chooses their form has one where a script needs it: between two signs of a script
/// beyond Latin, Greek and Cyrillic, or in a picture; what chooses a form, after such a sign.
#[must_use]
pub fn unprintable(text: &str) -> Option<&'static str> {
    with_place(text).find_map(|(sign, needed)| name_of(sign).filter(|_| !needed))
}

/// The same for words of several lines.
#[must_use]
pub fn unprintable_in_lines(text: &str) -> Option<&'static str> {
    let lines = |sign: char| matches!(sign, '\n' | '\r' | '\t');
    text.split(lines).find_map(unprintable)
}

/// Whether a text shows nothing.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|sign| sign.is_whitespace() || name_of(sign).is_some())
}

/// A text without its invisible characters, to be shown in a refusal.
#[must_use]
pub fn without_invisible(text: &str) -> String {
    text.chars()
        .filter(|sign| name_of(*sign).is_none())
        .collect()
}

/// A text as it is printed on one line of a terminal: it moves no cursor, colours nothing and hides nothing.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    with_place(text)
        .map(|(sign, needed)| match name_of(sign) {
            Some(_) if !needed => char::REPLACEMENT_CHARACTER,
            Some(_) | None => sign,
        })
        .collect()
}

/// Each character, with whether the signs beside it need it.
fn with_place(text: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut before = None;
    let mut signs = text.chars().peekable();
    std::iter::from_fn(move || {
        let sign = signs.next()?;
        let after = signs.peek().copied();
        let needed = match sign {
            '\u{200c}' | '\u{200d}' => {
                before.is_some_and(|sign| takes_joiner(sign) || sign == '\u{fe0f}')
                    && after.is_some_and(takes_joiner)
            }
            sign => chooses_form(sign) && before.is_some_and(takes_joiner),
        };
        before = Some(sign);
        Some((sign, needed))
    })
}

/// Signs of scripts whose letters join or have several forms, and pictures.
fn takes_joiner(sign: char) -> bool {
    // Latin and Greek go on at U+1E00, and spaces, hyphens and marks follow them.
    let plain = sign < '\u{590}' || ('\u{1e00}'..='\u{206f}').contains(&sign);
    !plain && !sign.is_whitespace() && name_of(sign).is_none()
}

/// Variation selectors, those of Mongolian among them.
fn chooses_form(sign: char) -> bool {
    matches!(
        sign,
        '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{e0100}'..='\u{e01ef}'
    )
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
        '\u{2060}'..='\u{2065}' | '\u{180e}' => "word joiner",
        '\u{feff}' => "byte order mark",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            "mark of the direction of writing"
        }
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}'
        | '\u{ffa0}' => "filler",
        sign if chooses_form(sign) => "variation selector",
        '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' => "format character",
        '\u{e0000}'..='\u{e0fff}' => "tag",
        sign if sign.is_control() => "control character",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_character_has_a_place_only_where_a_script_needs_it() {
        for text in [
            "Anna Rossi",
            "Nguyễn Văn Á",
            "می\u{200c}خواهم",
            "ක්\u{200d}ය",
            "葛\u{e0100}城",
            "👩\u{200d}🔬",
            "👩\u{200d}❤\u{fe0f}\u{200d}👩",
            "ᠠ\u{180b}ᠠ",
        ] {
            assert_eq!(unprintable(text), None, "{text:?}");
            assert_eq!(on_one_line(text), text);
        }
        for (text, shown) in [
            ("An\u{200d}na", "An\u{fffd}na"),
            ("é\u{200c}é", "é\u{fffd}é"),
            ("Anna\u{fe0f}", "Anna\u{fffd}"),
            ("می\u{200c}", "می\u{fffd}"),
            ("\u{200d}🔬", "\u{fffd}🔬"),
            ("A\u{202e}b", "A\u{fffd}b"),
            ("A\u{2066}b\u{2069}", "A\u{fffd}b\u{fffd}"),
            ("A\u{200b}b", "A\u{fffd}b"),
            ("A\u{feff}", "A\u{fffd}"),
            ("A\u{fff9}b", "A\u{fffd}b"),
            ("A\u{e0041}b", "A\u{fffd}b"),
            ("A\u{1b}[31mb", "A\u{fffd}[31mb"),
            ("A\nb", "A\u{fffd}b"),
        ] {
            assert!(unprintable(text).is_some(), "{text:?}");
            assert_eq!(on_one_line(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_shows_nothing_is_blank() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "\n\t",
            "\u{200b}",
            "\u{200d}",
            "\u{2800}",
            "\u{3164}",
            "\u{202e} \u{2060}",
            "\u{feff}",
            "\u{1b}",
            "\u{34f}",
            "\u{e0020}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "\u{200b}a", "👩\u{200d}🔬"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
