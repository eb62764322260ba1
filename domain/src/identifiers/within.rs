//! Codes inside a text: several scans that ran together, or one behind what was typed.

use super::{
    Coi, Din, ScanKind,
    frame::Frame,
    scan::{Kind, begins_as_gs1, simple},
};

/// What stands in a text besides other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// A code that a scanner sent.
    Scan(ScanKind),
    /// A chain-of-identity id.
    Coi,
}

impl Within {
    /// Its name with the article: “a DIN scan”.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Scan(what) => what.with_article(),
            Self::Coi => "a chain-of-identity identifier (CoI)",
        }
    }
}

/// The first code that stands anywhere in a short text: whole, whatever is before and after it.
#[must_use]
pub fn code_within(text: &str) -> Option<Within> {
    let text = text.to_ascii_uppercase();
    (text.char_indices()).find_map(|(at, sign)| match sign {
        '=' | '&' => structure_at(&text[at..]).map(|(kind, _)| Within::Scan(kind.scan_kind())),
        ']' => gs1_at(&text[at..]).then_some(Within::Scan(ScanKind::Gs1)),
        'C' => coi_at(&text[at..]).map(|_| Within::Coi),
        _ => None,
    })
}

/// The first code of a text that consists of codes alone.
#[must_use]
pub fn codes_alone(text: &str) -> Option<Within> {
    let text = text.to_ascii_uppercase();
    let mut rest = text.as_str();
    let mut first = None;
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign.is_control());
        if rest.is_empty() {
            return first;
        }
        // Nothing says where a code of GS1 ends: whatever is left belongs to it.
        if gs1_at(rest) {
            return first.or(Some(Within::Scan(ScanKind::Gs1)));
        }
        let code = Frame::of(rest).code;
        let (what, length) = match structure_at(code) {
            Some((kind, length)) => (Within::Scan(kind.scan_kind()), length),
            None => (Within::Coi, coi_at(code)?),
        };
        first = first.or(Some(what));
        rest = code.get(length..)?;
    }
}

/// Whether a complete scan of a DIN stands anywhere in a text: `=`, the number and two characters of flag.
#[must_use]
pub fn din_scan_within(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    (text.match_indices('='))
        .filter_map(|(at, _)| structure_at(&text[at..]))
        .any(|(kind, _)| kind == Kind::Din)
}

/// The structure with which a text in capitals begins, and its length.
fn structure_at(text: &str) -> Option<(Kind, usize)> {
    let kind = Kind::of(text)?;
    let code = text.get(..kind.length()).filter(|code| code.is_ascii())?;
    match kind {
        // A flag that belongs to another number makes it no less a scan.
        Kind::Din => {
            let flag = code.get(14..)?;
            let whole = Din::parse(code.get(1..14)?).is_ok()
                && flag.bytes().all(|sign| sign.is_ascii_alphanumeric());
            whole.then_some((kind, kind.length()))
        }
        Kind::Compound => {
            let counted = code.bytes().skip(2).all(|digit| digit.is_ascii_digit());
            counted.then(|| (kind, kind.length() + structures_at(&text[kind.length()..])))
        }
        Kind::Product
        | Kind::ProcessorProduct
        | Kind::Division
        | Kind::ExpirationDate
        | Kind::ExpirationDateTime
        | Kind::CollectionDateTime => simple(kind, code).ok().map(|_| (kind, kind.length())),
    }
}

/// The length of the structures with which the content of a compound begins.
fn structures_at(text: &str) -> usize {
    let mut length = 0;
    while let Some((kind, one)) = text.get(length..).and_then(structure_at) {
        if kind == Kind::Compound {
            break;
        }
        length += one;
    }
    length
}

/// Whether a text begins with the mark of a symbol of GS1 and its content.
fn gs1_at(text: &str) -> bool {
    let frame = Frame::of(text);
    let aim = frame.aim.map(str::to_ascii_uppercase);
    (aim.as_deref()).is_some_and(|aim| matches!(aim, "]C1" | "]D2" | "]Q3" | "]E0" | "]J1"))
        && begins_as_gs1(frame.code)
}

/// The length of the chain-of-identity id with which a text in capitals begins: the text, a word of it, or the first of
/// two ran together. What goes on in letters or digits is an account number, or a lot.
fn coi_at(text: &str) -> Option<usize> {
    const LENGTH: usize = 15;
    let (coi, rest) = text.split_at_checked(LENGTH)?;
    let ends =
        !rest.starts_with(|sign: char| sign.is_ascii_alphanumeric()) || coi_at(rest).is_some();
    (ends && Coi::parse(coi).is_ok()).then_some(LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIN: &str = "=A99991712345600";
    const COI: &str = "CHA999926000001";
    const A_DIN: Option<Within> = Some(Within::Scan(ScanKind::Din));

    // ATMP-9: neither two scans nor a scan behind words are words.
    #[test]
    fn a_code_is_found_wherever_it_stands_in_a_text() {
        let two_cois = format!("{COI}{COI}");
        for (text, what) in [
            (format!("{DIN}{DIN}"), A_DIN),
            (format!("{DIN}=<E0001V00"), A_DIN),
            (format!("{DIN}&>0263651200"), A_DIN),
            (format!("]C1{DIN}]C1{DIN}"), A_DIN),
            (format!("R1{DIN}"), A_DIN),
            (format!("R1 {DIN} "), A_DIN),
            (format!("R1{DIN}x"), A_DIN),
            // A keyboard that changed the case.
            (format!("R1{}", DIN.to_lowercase()), A_DIN),
            // A flag of another number.
            ("R1=A99991712345671".to_owned(), A_DIN),
            (
                "R1=<S12951A0".to_owned(),
                Some(Within::Scan(ScanKind::Product)),
            ),
            (
                "R1=>026365".to_owned(),
                Some(Within::Scan(ScanKind::Expiry)),
            ),
            (
                "R1=+02000=A99991712345600=>026365".to_owned(),
                Some(Within::Scan(ScanKind::Compound)),
            ),
            (
                "R1]d2010400638133393110ABC".to_owned(),
                Some(Within::Scan(ScanKind::Gs1)),
            ),
            (two_cois, Some(Within::Coi)),
            (format!("R1 {COI}"), Some(Within::Coi)),
            (format!("R1{COI}"), Some(Within::Coi)),
            (format!("{COI}, R1"), Some(Within::Coi)),
            ("=5".to_owned(), None),
            ("=1+1".to_owned(), None),
            ("A=B".to_owned(), None),
            ("=A9999171234560".to_owned(), None),
            ("& Co.".to_owned(), None),
            ("]C1 was on the label".to_owned(), None),
            ("A999917123456".to_owned(), None),
            ("CH9300762011623852957".to_owned(), None),
            ("Zürich=ä".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(code_within(&text), what, "{text:?}");
        }
    }

    #[test]
    fn a_text_of_codes_alone_is_told_from_words_about_one() {
        for (text, what) in [
            (format!("{DIN}{DIN}"), A_DIN),
            (format!("{DIN}\r\n{DIN}\r\n"), A_DIN),
            (format!("]C1{DIN}]C1{DIN}"), A_DIN),
            (format!("{COI} {DIN}"), Some(Within::Coi)),
            (format!("{COI}{COI}"), Some(Within::Coi)),
            (
                "]d2010400638133393110ABC".to_owned(),
                Some(Within::Scan(ScanKind::Gs1)),
            ),
            (format!("read as {COI}"), None),
            (format!("{DIN} twice"), None),
            ("=<S12951A0 was on it".to_owned(), None),
            (String::new(), None),
            (" \n".to_owned(), None),
        ] {
            assert_eq!(codes_alone(&text), what, "{text:?}");
        }
    }

    #[test]
    fn a_scan_of_a_din_is_found_in_prose_and_a_number_is_not() {
        for (text, found) in [
            (format!("the label says {DIN} and not"), true),
            (format!("one\n{DIN}"), true),
            ("the label says A9999 17 123456 [9]".to_owned(), false),
            ("the label says A999917123456".to_owned(), false),
            ("pH=7 and =<S12951A0".to_owned(), false),
        ] {
            assert_eq!(din_scan_within(&text), found, "{text:?}");
        }
    }
}
