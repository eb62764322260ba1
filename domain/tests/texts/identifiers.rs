//! DINs, chain-of-identity ids and what a scanner sends.

use crate::corpus::{attack, short_words, traps};
use domain::identifiers::{Coi, Din, Scanned, read_din_input, without_frame};

/// ISO/IEC 7064 MOD 37-2 by another way: the check character makes the sum of value times weight 1, the weights being
/// the powers of two from the right, the check character's own 1 among them.
fn check_character(din: &str) -> char {
    const VALUES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
    let value = |sign: char| VALUES.find(sign).unwrap() as u64;
    let weighted = |check: char| {
        let signs = din.chars().chain([check]).collect::<Vec<_>>();
        let sum = signs
            .iter()
            .rev()
            .zip(0..)
            .map(|(sign, place)| value(*sign) << place);
        sum.sum::<u64>() % 37
    };
    VALUES.chars().find(|check| weighted(*check) == 1).unwrap()
}

fn is_facility(text: &str) -> bool {
    let signs = text.as_bytes();
    let letter = |sign: u8| sign.is_ascii_uppercase() && sign != b'O';
    signs.len() == 5
        && (letter(signs[0]) || (b'1'..=b'9').contains(&signs[0]))
        && signs[1..3]
            .iter()
            .all(|sign| letter(*sign) || sign.is_ascii_digit())
        && signs[3..].iter().all(u8::is_ascii_digit)
}

/// Whether a text is a DIN, by hand.
fn is_din(text: &str) -> bool {
    text.len() == 13
        && text.is_ascii()
        && is_facility(&text[..5])
        && text[5..].bytes().all(|sign| sign.is_ascii_digit())
}

fn din(text: &str) {
    match Din::parse(text) {
        Ok(din) => {
            assert!(is_din(text), "{text:?}");
            assert_eq!(din.to_string(), text);
            assert_eq!(din.check_character(), check_character(text), "{text}");
            // Typed, only with the right character out of 37.
            for check in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*abcdefghijklmnopqrstuvwxyz".chars() {
                let typed = Din::parse_with_check(text, &check.to_string());
                // The keyboard of a tablet begins in lower case; in the box that is no other character.
                assert_eq!(
                    typed.is_ok(),
                    check.to_ascii_uppercase() == check_character(text),
                    "{text} {check}"
                );
            }
        }
        Err(refused) => {
            assert!(!is_din(text), "{text:?}: {refused}");
            short_words(&refused);
        }
    }
    for check in ["", "A", "*", "AA", "é"] {
        match read_din_input(text, check) {
            Ok(din) => {
                assert!(is_din(&din.to_string()), "{text:?} {check}");
                let sent = without_frame(text);
                let scanned = sent.starts_with('=');
                if scanned {
                    assert!(flag_agrees(sent, &din.to_string()), "{text:?}");
                    assert_eq!(sent.matches(&din.to_string()).count(), 1, "{text:?}");
                }
                // Where the box is filled, it agrees.
                let own = din.check_character().to_string();
                assert!(
                    (scanned && check.is_empty()) || check == own,
                    "{text:?} {check}"
                );
            }
            Err(refused) => short_words(&refused),
        }
    }
}

/// Whether the two characters after the number in a scan are a flag that says nothing of it, or its check character.
fn flag_agrees(sent: &str, number: &str) -> bool {
    let (_, flag) = sent.split_once(&format!("={number}")).unwrap();
    let flag: u64 = flag[..2].parse().unwrap();
    let values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
    let check = values.find(check_character(number)).unwrap() as u64;
    flag < 60 || flag == check + 60
}

fn coi(text: &str) {
    match Coi::parse(text) {
        Ok(coi) => {
            assert_eq!(coi.to_string(), text);
            let upper = |sign: u8| sign.is_ascii_uppercase() || sign.is_ascii_digit();
            assert!(
                text.len() == 15 && text.starts_with("CH") && is_facility(&text[2..7]),
                "{text:?}"
            );
            assert!(
                text.as_bytes()[7..9].iter().all(u8::is_ascii_digit),
                "{text:?}"
            );
            assert!(text.bytes().all(upper), "{text:?}");
        }
        Err(refused) => short_words(&refused),
    }
    if let Ok(coi) = Coi::parse_typed(text) {
        assert_eq!(Coi::parse(coi.as_str()).as_ref(), Ok(&coi));
    }
}

/// Every structure of a scan, those of a compound one by one.
fn parts(scanned: Scanned) -> Vec<Scanned> {
    match scanned {
        Scanned::Compound(parts) => parts,
        one => vec![one],
    }
}

fn scan(text: &str) {
    let scanned = match Scanned::read(text) {
        Ok(scanned) => scanned,
        Err(refused) => return short_words(&refused),
    };
    let sent = without_frame(text);
    if let Scanned::Compound(parts) = &scanned {
        assert_eq!(sent[2..4].parse(), Ok(parts.len()), "{text:?}");
    }
    for part in parts(scanned) {
        match part {
            Scanned::Din(din) => {
                let number = din.to_string();
                assert!(is_din(&number), "{text:?}");
                assert!(flag_agrees(sent, &number), "{text:?}");
            }
            Scanned::Product { code, .. } => assert!(code.len() == 8 && sent.contains(&code)),
            Scanned::ProcessorProduct { facility, .. } => assert!(is_facility(&facility)),
            Scanned::Compound(_) => panic!("a compound in a compound: {text:?}"),
            Scanned::Division(_)
            | Scanned::ExpirationDate(_)
            | Scanned::ExpirationDateTime { .. }
            | Scanned::CollectionDateTime { .. } => {}
        }
    }
}

#[test]
fn what_is_taken_for_a_din_is_one_and_its_check_agrees() {
    attack("dins", din);
    for trap in traps() {
        din(&trap);
    }
}

#[test]
fn what_is_taken_for_a_chain_of_identity_id_is_one() {
    attack("cois", coi);
    for trap in traps() {
        coi(&trap);
    }
}

#[test]
fn a_scan_is_understood_whole_or_not_at_all() {
    attack("scans", scan);
    for trap in traps() {
        scan(&trap);
        scan(&format!("={trap}"));
        scan(&format!("=+99000{trap}"));
    }
}

// Two neighbours swapped, or one character misread: what a check character is for.
#[test]
fn one_wrong_character_is_found() {
    let good = "G123417654321";
    let check = check_character(good).to_string();
    for place in 0..13 {
        for other in "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ".chars() {
            let mut wrong = good.to_owned();
            wrong.replace_range(place..=place, &other.to_string());
            let accepted = Din::parse_with_check(&wrong, &check).is_ok();
            assert_eq!(accepted, wrong == good, "{wrong}");
        }
    }
    for place in 0..12 {
        let mut signs: Vec<char> = good.chars().collect();
        signs.swap(place, place + 1);
        let swapped: String = signs.into_iter().collect();
        let accepted = Din::parse_with_check(&swapped, &check).is_ok();
        assert_eq!(accepted, swapped == good, "{swapped}");
    }
}
