//! The comparable form of what people type for a code, a subject or a position: two spellings that a person reads as the
//! same have one form. For comparing only; what was typed is what is kept and printed.

use crate::look::{alphanumeric, one_spelling};

/// The form by which codes of a fixed width are compared, chain-of-identity ids for one, and by which everything is looked
/// for: capitals, letters and digits alone, O read as zero, I and L as one.
///
/// Every zero counts, other than in [`folded_subject`]: `0A07` and `00A7` are two ids. And it goes sign by sign, so that
/// what begins a code also begins its form, which a search by the first signs needs.
#[must_use]
pub fn folded_code(code: &str) -> String {
    one_spelling(code)
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// The form by which subject codes are compared: `GE-100`, `ge-100`, `GE100`, `GE-1OO` and `GE-0100` are one subject. The
/// numbers of a lab's own donations and the codes of sites and documents are compared by it too.
///
/// Case is folded; O is read as zero, I and L as one; zeros that lead a number don't count. A separator counts only
/// between two numbers, so that `1-12` and `11-2` stay two subjects.
#[must_use]
pub fn folded_subject(code: &str) -> String {
    let mut folded = Folded::default();
    let mut separated = false;
    for sign in one_spelling(code) {
        let Some(sign) = alphanumeric(sign).map(as_digit) else {
            separated = true;
            continue;
        };
        if separated && sign.is_ascii_digit() && folded.in_number() {
            folded.separate();
        }
        separated = false;
        folded.push(sign);
    }
    folded.finish()
}

/// The form by which positions of a store are compared: `Tank 2 / rack 4`, `tank 2/rack 4` and `TANK2-RACK04` are one.
///
/// Case is folded; words and numbers count, whatever stands between them; zeros that lead a number don't count. Letters of
/// another script are the Latin ones that they look like. O, I and L are digits after a digit, and where a word has no other
/// letters: `rack 1`, `rack I` and `rack l` are one. Before digits they are letters, since they name the rows of a box: `I1`,
/// `L1` and `11` are three places. Empty where the text names no position at all.
#[must_use]
pub fn folded_position(text: &str) -> String {
    let signs: Vec<_> = one_spelling(text).map(alphanumeric).collect();
    let mut folded = Folded::default();
    for word in signs.split(Option::is_none) {
        let word: Vec<char> = word.iter().flatten().copied().collect();
        let mut number = false;
        let mut runs = word
            .chunk_by(|one, other| one.is_numeric() == other.is_numeric())
            .peekable();
        while let Some(run) = runs.next() {
            let alike = run.iter().all(|sign| as_digit(*sign).is_numeric());
            let digits = alike && (number || runs.peek().is_none());
            if !(digits && number) {
                folded.separate();
            }
            for sign in run {
                folded.push(if digits { as_digit(*sign) } else { *sign });
            }
            number = digits || run.iter().all(|sign| sign.is_numeric());
        }
    }
    folded.finish()
}

/// The digit that a letter is taken for.
fn as_digit(sign: char) -> char {
    match sign {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

/// Words and numbers, each number without its leading zeros.
#[derive(Default)]
struct Folded {
    done: String,
    number: String,
}

impl Folded {
    fn in_number(&self) -> bool {
        !self.number.is_empty()
    }

    fn push(&mut self, ch: char) {
        if ch.is_numeric() {
            self.number.push(ch);
        } else {
            self.end_number();
            self.done.push(ch);
        }
    }

    fn separate(&mut self) {
        self.end_number();
        if !self.done.is_empty() && !self.done.ends_with('/') {
            self.done.push('/');
        }
    }

    fn end_number(&mut self) {
        if self.number.is_empty() {
            return;
        }
        let number = self.number.trim_start_matches('0');
        self.done
            .push_str(if number.is_empty() { "0" } else { number });
        self.number.clear();
    }

    fn finish(mut self) -> String {
        self.end_number();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_a_person_reads_as_one_subject_are_one() {
        for spelling in [
            "GE-100",
            "ge-100",
            "GE-1OO",
            "GE-1oo",
            "GE-l00",
            "GE-I00",
            "GE100",
            "GE/100",
            "GE--100",
            "-GE-100-",
            "GE-0100",
            "G-E100",
            "ＧＥ-１００",
            "G\u{415}-100",
        ] {
            assert_eq!(folded_subject(spelling), "ge100", "{spelling}");
        }
        assert_eq!(folded_subject("LI-05"), folded_subject("1i-O5"));
        assert_eq!(folded_subject("GE-000"), folded_subject("GE-0"));
    }

    #[test]
    fn different_subjects_stay_different() {
        for (one, other) in [
            ("GE-100", "GE-101"),
            ("GE-100", "PI-100"),
            ("GE-100", "GE-1001"),
            ("1-12", "11-2"),
            ("01-002", "010-02"),
            ("GE-12", "GE-1-2"),
            ("GE-01", "GE-010"),
        ] {
            assert_ne!(folded_subject(one), folded_subject(other), "{one} {other}");
        }
    }

    #[test]
    fn look_alikes_of_a_code_of_fixed_width_are_one() {
        for spelling in [
            "CHA999926GE0007",
            "CHA999926GEOOO7",
            "CHA999926GE0OO7",
            "cha999926ge0007",
            "CHA9999 26 GE0007",
        ] {
            assert_eq!(folded_code(spelling), "CHA999926GE0007", "{spelling}");
        }
        for (code, folded) in [
            ("GE-2026-0007", "GE20260007"),
            ("ge 2026 0007", "GE20260007"),
            ("GE-1OO", "GE100"),
            ("ge-l0o", "GE100"),
            ("GE-I00", "GE100"),
            ("Zürich-7", "ZÜR1CH7"),
            ("Zu\u{308}rich-7", "ZÜR1CH7"),
            ("GE-2026-0007-U01", "GE20260007U01"),
            ("%_*'\"", ""),
        ] {
            assert_eq!(folded_code(code), folded, "{code}");
        }
        // Each has all its zeros.
        assert_ne!(
            folded_code("CHA999926GE0A07"),
            folded_code("CHA999926GE00A7")
        );
    }

    #[test]
    fn spellings_of_one_position_are_one() {
        for spelling in [
            "Tank 2 / rack 4",
            "tank 2/rack 4",
            "TANK2-RACK04",
            "  tank  02 ,rack.4 ",
            "Tank\u{a0}2\u{2009}/\u{202f}Rack 4",
            "ｔａｎｋ　２／ｒａｃｋ　４",
        ] {
            assert_eq!(folded_position(spelling), "tank/2/rack/4", "{spelling}");
        }
        for (one, other) in [
            ("tank 1O", "tank 10"),
            ("cell4", "Cell 4"),
            ("Behälter 2", "Beha\u{308}lter 2"),
            ("rack 1", "rack l"),
            ("rack 1", "rack I"),
            ("rack 11", "rack 1l"),
            ("rack 11", "rack II"),
            ("rack 0", "rack O"),
            ("rack 101", "rack 1OI"),
            ("Tank 2", "\u{3a4}ank 2"),
            ("TANK 2", "\u{3a4}\u{391}\u{39d}\u{39a} 2"),
            ("rack 2", "r\u{430}\u{441}k 2"),
        ] {
            assert_eq!(
                folded_position(one),
                folded_position(other),
                "{one} {other}"
            );
        }
        assert_eq!(folded_position(" / - "), "");
    }

    #[test]
    fn different_positions_stay_different() {
        for (one, other) in [
            ("2/14", "21/4"),
            ("2/14", "2/1/4"),
            ("tank 2 rack 14", "tank 21 rack 4"),
            ("box 1 I1", "box 1 L1"),
            ("box 1 A1", "box 1 A10"),
            ("tank 2", "tank 2 rack 4"),
            ("tank O1", "tank 01"),
            ("rack I1", "rack 11"),
            ("tank 2 links", "tank 21 inks"),
            ("tank2oben", "tank20ben"),
            ("Behälter 2", "Behalter 2"),
        ] {
            assert_ne!(
                folded_position(one),
                folded_position(other),
                "{one} {other}"
            );
        }
    }
}
