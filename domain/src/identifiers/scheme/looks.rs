//! Whether the numbers of a pattern can be read as another identifier: look-alikes are one, and separators count between two
//! digits alone, as in [`folded_subject`](crate::identifiers::folded_subject).

/// The characters that can stand at one place, in their comparable form; none for a separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs(u64);

impl Signs {
    const SEPARATOR: Self = Self(0);
    /// A digit.
    pub(super) const DIGIT: Self = Self(0x3ff);
    /// A capital. O is zero, I and L are one.
    pub(super) const LETTER: Self = Self(0x3ff_ffff << 10)
        .without(b'O')
        .without(b'I')
        .without(b'L')
        .or(Self(0b11));
    const ALPHANUMERIC: Self = Self::DIGIT.or(Self::LETTER);

    /// A capital, a digit or a separator.
    pub(super) const fn of(sign: char) -> Self {
        match sign {
            'O' => Self(1),
            'I' | 'L' => Self(1 << 1),
            'A'..='Z' => Self(1 << (sign as u32 - 'A' as u32 + 10)),
            '0'..='9' => Self(1 << (sign as u32 - '0' as u32)),
            _ => Self::SEPARATOR,
        }
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, letter: u8) -> Self {
        Self(self.0 & !(1 << (letter - b'A' + 10)))
    }

    fn is_separator(self) -> bool {
        self == Self::SEPARATOR
    }

    /// Whether a character can be read as one of the others.
    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn is_always_digit(self) -> bool {
        self.0 & !Self::DIGIT.0 == 0
    }
}

/// The four digits of a year from 2000.
pub(super) const YEAR: [Signs; 4] = [Signs::of('2'), Signs::of('0'), Signs::DIGIT, Signs::DIGIT];

/// What numbers of these signs can be read as.
pub(super) fn reads_like(signs: &[Signs]) -> Option<&'static str> {
    // Labels show DINs and chain-of-identity ids in groups.
    let dense: Vec<Signs> = signs
        .iter()
        .copied()
        .filter(|one| !one.is_separator())
        .collect();
    let facility = [
        &[Signs::ALPHANUMERIC; 3][..],
        &[Signs::DIGIT; 2],
        // The year.
        &[Signs::DIGIT; 2],
    ]
    .concat();
    let din = [&facility[..], &[Signs::DIGIT; 6]].concat();
    let coi = [
        &[Signs::of('C'), Signs::of('H')][..],
        &facility[..],
        &[Signs::ALPHANUMERIC; 6],
    ]
    .concat();
    let checked = [&din[..], &[Signs::ALPHANUMERIC]].concat();
    if meet(&dense, &din) || meet(&dense, &checked) {
        return Some("a DIN, alone or with its check character");
    }
    if meet(&dense, &coi) {
        return Some("a chain-of-identity id");
    }
    is_of_a_batch(signs).then_some("the number that Autolog gives to a batch, or to a part of one")
}

/// Whether each of these signs can be read as the other at its place.
fn meet(signs: &[Signs], others: &[Signs]) -> bool {
    signs.len() == others.len()
        && signs
            .iter()
            .zip(others)
            .all(|(one, other)| one.meets(*other))
}

/// Whether they can be read as site, year and number (`GE-2026-0001`), or as that with the code of a part.
fn is_of_a_batch(signs: &[Signs]) -> bool {
    let groups = signs.split(|one| one.is_separator());
    let groups: Vec<&[Signs]> = groups.filter(|group| !group.is_empty()).collect();
    let Some((last, before)) = groups.split_last() else {
        return false;
    };
    is_batch(last, before)
        || PARTS.iter().any(|part| {
            is_part(part, last)
                && before
                    .split_last()
                    .is_some_and(|(number, before)| is_batch(number, before))
        })
}

/// What begins the code of a part, before its number: sample, unit, dose, deviation, certificate, rejection.
const PARTS: [&str; 6] = ["S", "U", "DOSE", "D", "C", "R"];

fn is_part(part: &str, group: &[Signs]) -> bool {
    let named: Vec<Signs> = part.chars().map(Signs::of).collect();
    group
        .split_at_checked(named.len())
        .is_some_and(|(name, number)| {
            meet(name, &named)
                && !number.is_empty()
                && meet(number, &vec![Signs::DIGIT; number.len()])
        })
}

/// The number of a batch is its last group; a year ends what is before it. The year stands alone, or follows a letter of
/// the site's code.
fn is_batch(number: &[Signs], before: &[&[Signs]]) -> bool {
    let Some((year, groups)) = before.split_last() else {
        return false;
    };
    let Some(at) = year.len().checked_sub(YEAR.len()) else {
        return false;
    };
    let (site, year) = year.split_at(at);
    let apart = site.last().is_none_or(|last| !last.is_always_digit());
    let length = site.len() + groups.iter().map(|group| group.len()).sum::<usize>();
    apart
        && (2..=8).contains(&length)
        && meet(year, &YEAR)
        && meet(number, &vec![Signs::DIGIT; number.len()])
}
