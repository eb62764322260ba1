//! The comparable form of what people type for a subject or a position: two spellings that a person reads as the same
//! have one form. For comparing only; what was typed is what is kept and printed.

/// The form by which subject codes are compared: `GE-100`, `ge-100`, `GE100`, `GE-1OO` and `GE-0100` are one subject.
///
/// Case is folded; O is read as zero, I and L as one; zeros that lead a number don't count. A separator counts only
/// between two numbers, so that `1-12` and `11-2` stay two subjects.
#[must_use]
pub fn folded_subject(code: &str) -> String {
    let mut folded = Folded::default();
    let mut separated = false;
    for ch in code.chars() {
        let Some(ch) = alphanumeric(ch).map(|ch| match ch {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        }) else {
            separated = true;
            continue;
        };
        if separated && ch.is_ascii_digit() && folded.in_number() {
            folded.separate();
        }
        separated = false;
        folded.push(ch);
    }
    folded.finish()
}

/// The form by which positions of a store are compared: `Tank 2 / rack 4`, `tank 2/rack 4` and `TANK2-RACK04` are one.
///
/// Case is folded; words and numbers count, whatever stands between them; zeros that lead a number don't count; an O that
/// follows a digit is a zero. Empty where the text names no position at all.
#[must_use]
pub fn folded_position(text: &str) -> String {
    let mut folded = Folded::default();
    let mut joined = false;
    for ch in text.chars() {
        let Some(ch) = alphanumeric(ch) else {
            joined = false;
            continue;
        };
        let ch = if ch == 'o' && joined && folded.in_number() {
            '0'
        } else {
            ch
        };
        if !joined || ch.is_numeric() != folded.in_number() {
            folded.separate();
        }
        joined = true;
        folded.push(ch);
    }
    folded.finish()
}

/// A letter or digit in its comparable case; `None` for what separates. Full-width characters are read as plain ones.
fn alphanumeric(ch: char) -> Option<char> {
    let plain = match ch {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(ch) - 0xfee0)?,
        other => other,
    };
    let lower = plain.to_lowercase().next().unwrap_or(plain);
    plain.is_alphanumeric().then_some(lower)
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
        assert_eq!(folded_position("tank 1O"), folded_position("tank 10"));
        assert_eq!(folded_position("cell4"), folded_position("Cell 4"));
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
