#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;

#[test]
fn a_chain_of_identity_id_is_read_as_typed() {
    for typed in [
        "CHA999917ABC123",
        " CHA999917ABC123 ",
        "CH A9999 17 ABC123",
        "CHA9999 17ABC123",
    ] {
        assert_eq!(
            Coi::parse_typed(typed).map(|coi| coi.to_string()),
            Ok("CHA999917ABC123".to_owned())
        );
    }
    for typed in ["CHW000026000001", "CHG123426ZZZZZZ", "CHA999826O0O0O0"] {
        let read = Coi::parse(typed).unwrap();
        assert_eq!(read.as_str(), typed);
    }
}

// DI-4
#[test]
fn what_is_no_chain_of_identity_id_is_refused() {
    let text = str::to_owned;
    for (typed, refusal) in [
        ("", NotACoi::Empty),
        ("  ", NotACoi::Empty),
        (
            "CHa999917ABC123",
            NotACoi::LowerCase {
                text: text("CHa999917ABC123"),
            },
        ),
        (
            "chA999917ABC123",
            NotACoi::LowerCase {
                text: text("chA999917ABC123"),
            },
        ),
        (
            "CHA999917ABC12-",
            NotACoi::Characters {
                text: text("CHA999917ABC12-"),
            },
        ),
        (
            "CHA999917ABC12é",
            NotACoi::Characters {
                text: text("CHA999917ABC12é"),
            },
        ),
        (
            "CXA999917ABC123",
            NotACoi::Prefix {
                text: text("CXA999917ABC123"),
            },
        ),
        (
            "A999917123456",
            NotACoi::Prefix {
                text: text("A999917123456"),
            },
        ),
        (
            "CHA999917ABC12",
            NotACoi::Length {
                text: text("CHA999917ABC12"),
                found: 14,
            },
        ),
        (
            "CHA999917ABC1234",
            NotACoi::Length {
                text: text("CHA999917ABC1234"),
                found: 16,
            },
        ),
        (
            "CH",
            NotACoi::Length {
                text: text("CH"),
                found: 2,
            },
        ),
        (
            "CHO999917ABC123",
            NotACoi::Facility {
                text: text("CHO999917ABC123"),
            },
        ),
        (
            "CHA99A917ABC123",
            NotACoi::Facility {
                text: text("CHA99A917ABC123"),
            },
        ),
        (
            "CHA9999A7ABC123",
            NotACoi::Year {
                text: text("CHA9999A7ABC123"),
            },
        ),
    ] {
        assert_eq!(Coi::parse_typed(typed), Err(refusal), "{typed}");
    }
}

#[test]
fn a_record_with_a_broken_id_is_not_read() {
    let coi = Coi::parse("CHA999917ABC123").unwrap();
    assert_eq!(serde_json::to_string(&coi).unwrap(), "\"CHA999917ABC123\"");
    assert_eq!(
        serde_json::from_str::<Coi>("\"CHA999917ABC123\"").unwrap(),
        coi
    );
    for text in ["\"CH A9999 17 ABC123\"", "\"CHA999917ABC12\"", "null"] {
        assert!(serde_json::from_str::<Coi>(text).is_err(), "{text}");
    }
}
