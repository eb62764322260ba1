//! Numbers that somebody could take for the code of a subject: those of a donation or a therapy, and those that Autolog
//! makes.

use super::{Coi, Din};

/// What a text is where a subject code is asked for, if it is a number of something else: as printed, with or without the
/// separators of its groups and the character after it, in any case of letters.
#[must_use]
pub fn other_number(text: &str) -> Option<&'static str> {
    let text = text.trim().to_ascii_uppercase();
    if is_made_here(&text) {
        return Some(
            "a number that Autolog makes (of a batch, sample, unit, dose, deviation or certificate)",
        );
    }
    if in_groups(&text, &[5, 7, 13]).is_some_and(|bare| begins_with_din(&bare)) {
        return Some("a donation identification number (DIN)");
    }
    let coi = |bare: String| {
        let (id, check) = bare.split_at_checked(15)?;
        (check.len() <= 1 && Coi::parse(id).is_ok()).then_some(())
    };
    (in_groups(&text, &[2, 7, 9, 15]).and_then(coi))
        .map(|()| "a chain-of-identity identifier (CoI)")
}

/// The text without separators, where these stand between its groups alone.
fn in_groups(text: &str, ends: &[usize]) -> Option<String> {
    let mut bare = String::new();
    for sign in text.chars() {
        match sign {
            '-' | '/' | ' ' if ends.contains(&bare.len()) => {}
            sign if sign.is_ascii_alphanumeric() || sign == '*' => bare.push(sign),
            _ => return None,
        }
    }
    Some(bare)
}

/// A DIN with nothing, its check character or its two digits of flag after it. Digits alone are a number of another kind.
fn begins_with_din(bare: &str) -> bool {
    let Some((number, after)) = bare.split_at_checked(13) else {
        return false;
    };
    let after_it =
        after.len() <= 1 || (after.len() == 2 && after.bytes().all(|one| one.is_ascii_digit()));
    let letters = number.bytes().any(|sign| sign.is_ascii_alphabetic());
    after_it && letters && Din::parse(number).is_ok()
}

/// `GE-2026-0007`, alone or with the number of a part: `-S01`, `-U01`, `-D1`, `-C1`, `-DOSE1`.
fn is_made_here(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    let mut groups = text.split(['-', '/']);
    let (Some(site), Some(year), Some(number)) = (groups.next(), groups.next(), groups.next())
    else {
        return false;
    };
    let of_batch = (2..=8).contains(&site.len())
        && site.bytes().all(|sign| sign.is_ascii_alphanumeric())
        && year.len() == 4
        && year.starts_with("20")
        && digits(year)
        && digits(number)
        && (number.len() == 4 || (number.len() > 4 && !number.starts_with('0')));
    let part = groups.next();
    let of_part = part.is_none_or(|part| {
        let number = ["DOSE", "S", "U", "D", "C"]
            .into_iter()
            .find_map(|kind| part.strip_prefix(kind));
        number.is_some_and(digits)
    });
    of_batch && of_part && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_something_else_is_told_from_a_subject_code() {
        let din = Some("a donation identification number (DIN)");
        let coi = Some("a chain-of-identity identifier (CoI)");
        let made = Some(
            "a number that Autolog makes (of a batch, sample, unit, dose, deviation or certificate)",
        );
        for (text, what) in [
            ("A999726500054", din),
            ("A999726500054K", din),
            ("a999726500054k", din),
            ("A999726500054*", din),
            ("A99972650005400", din),
            ("A9997-26-500054", din),
            ("A9997/26/500054-K", din),
            ("A9997 26 500054", din),
            ("1AB0026500054", din),
            ("CHA999926ABC123", coi),
            ("CH-A9999-26-ABC123", coi),
            ("cha999926abc123k", coi),
            ("GE-2026-0001", made),
            ("ge-2026-0001", made),
            ("GE/2026/0001", made),
            ("GE-2026-12345", made),
            ("GE-2026-0001-S01", made),
            ("GE-2026-0001-U12", made),
            ("GE-2026-0001-D1", made),
            ("GE-2026-0001-C1", made),
            ("GE-2026-0001-DOSE1", made),
            ("GE-01", None),
            ("GE-007", None),
            ("S01-2026-000123", None),
            ("GE-1999-0001", None),
            ("GE-2026-001", None),
            ("GE-2026-0001-X1", None),
            ("GE-2026-0001-S", None),
            ("1234567890123", None),
            ("12345678901234", None),
            ("A-9997-265-00054", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(other_number(text), what, "{text}");
        }
    }
}
