//! Units that are spelled by the grammar and that nobody means.

use super::{
    Term,
    atoms::{Atom, KILO, MILLI, PREFIXES},
};

/// Why a further term below the line makes no unit: it divides the first one by itself, or stands there already. Two amounts of
/// one kind are divided where they differ by a prefix or a number: `ng/mg`.
pub(super) fn twice<'a>(
    above: Term,
    mut below: impl Iterator<Item = &'a Term>,
    term: Term,
) -> Option<String> {
    let name = match term.atom {
        Atom::One => "a number",
        atom => atom.symbol(),
    };
    if term == above {
        return Some(format!(
            "it divides {name} by itself; write “none” for a plain number"
        ));
    }
    let named = term.atom != Atom::One && below.any(|before| before.atom == term.atom);
    named.then(|| format!("{name} stands below the line twice; leave one out"))
}

/// What is meant by a prefix of a million or more before a unit of which there is never so much: `ML` is a typing error.
pub(super) fn too_great(term: Term) -> Option<String> {
    let of_little = matches!(
        term.atom,
        Atom::Litre
            | Atom::Gram
            | Atom::Metre
            | Atom::Second
            | Atom::Mole
            | Atom::Equivalent
            | Atom::Osmole
    );
    let exponent = match term.exponent {
        1 => String::new(),
        exponent => exponent.to_string(),
    };
    let meant = || {
        format!(
            "{}{}{exponent}",
            PREFIXES[usize::from(MILLI)].0,
            term.atom.symbol()
        )
    };
    (of_little && term.prefix > KILO).then(meant)
}
