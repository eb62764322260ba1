//! What is refused although it is spelled as documents are: what nobody can read or tell apart, and what is too long.

use super::*;

fn with(old: &str, new: &str) -> String {
    let text = format!("{HEAD}{VIABILITY}{STERILITY}");
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn reason(text: &str) -> String {
    match Specification::parse(text) {
        Ok(_) => panic!("not refused:\n{text}"),
        Err(wrong) => wrong.to_string(),
    }
}

#[test]
fn a_text_that_nobody_can_read_is_refused_by_its_place() {
    for (old, new, wanted) in [
        (
            "\"A test\"",
            "\"A\\u202Etest\"".to_owned(),
            "line 3: title holds an invisible character (mark of the direction of writing)",
        ),
        (
            "\"A test\"",
            format!("\"{}\"", "t".repeat(200_000)),
            "line 3: title has 200000 characters; at most 200",
        ),
        (
            "test = \"Viability\"",
            "test = \"Via\\u0000bility\"".to_owned(),
            "line 8: test holds an invisible character (control character)",
        ),
        (
            "test = \"Viability\"",
            format!("test = \"{}\"", "t".repeat(121)),
            "line 8: test has 121 characters; at most 120",
        ),
        (
            "\"Trypan blue\"",
            "\"Trypan\\nblue\"".to_owned(),
            "line 9: method holds an invisible character (line break)",
        ),
        (
            "\"no growth\", \"growth\"",
            "\"no growth\", \"growth\\u200B\"".to_owned(),
            "line 24: categories holds an invisible character (zero-width space)",
        ),
        (
            "source = \"A paper\"\n[[criterion]]",
            format!("source = \"{}\"\n[[criterion]]", "s".repeat(4001)),
            "line 5: source has 4001 characters; at most 4000",
        ),
    ] {
        let found = reason(&with(old, &new));
        assert!(found.starts_with(wanted), "{found}; wanted {wanted}");
    }
}

#[test]
fn what_people_tell_apart_by_eye_differs_by_more_than_case_and_spaces() {
    for (old, new, wanted) in [
        (
            "test = \"Sterility\"",
            "test = \"viability \"",
            "line 19: test “viability” is named twice at sample point “final-product”",
        ),
        (
            "key = \"sterility\"",
            "key = \"Viability\"",
            "line 18: key “Viability” reads like “viability”",
        ),
        (
            "\"no growth\", \"growth\"",
            "\"no growth\", \"growth\", \"no  growth\"",
            "line 24: “no  growth” stands twice in categories",
        ),
        (
            "sample_point = \"final-product\"\nstage = \"after_release\"",
            "sample_point = \"Final-Product\"\nstage = \"after_release\"",
            "line 21: sample point “Final-Product” reads like “final-product”",
        ),
    ] {
        let found = reason(&with(old, new));
        assert!(found.starts_with(wanted), "{found}; wanted {wanted}");
    }
    // One test at two sample points is told apart by them.
    let two = with("test = \"Sterility\"", "test = \"Viability\"").replace(
        "sample_point = \"final-product\"\nstage = \"after_release\"",
        "sample_point = \"in-process\"\nstage = \"after_release\"",
    );
    assert!(Specification::parse(&two).is_ok());
}

#[test]
fn a_specification_has_a_size_that_people_can_read() {
    let criteria = |many: usize| {
        let one = |nth: usize| {
            VIABILITY
                .replace("\"viability\"", &format!("\"viability-{nth}\""))
                .replace("\"Viability\"", &format!("\"Viability {nth}\""))
        };
        format!("{HEAD}{}", (0..many).map(one).collect::<String>())
    };
    assert!(Specification::parse(&criteria(200)).is_ok());
    assert!(reason(&criteria(201)).contains("there are 201 criteria; at most 200 are read"));
    let categories = |many: usize| {
        let more: String = (2..many).map(|nth| format!(", \"c{nth}\"")).collect();
        with(
            "\"no growth\", \"growth\"",
            &format!("\"no growth\", \"growth\"{more}"),
        )
    };
    assert!(Specification::parse(&categories(100)).is_ok());
    assert!(reason(&categories(101)).contains("there are 101 categories; at most 100 are read"));
    let text = format!("{HEAD}{VIABILITY}");
    let filled = |bytes: usize| format!("{text}#{}", "x".repeat(bytes - text.len() - 1));
    assert!(Specification::parse(&filled(LONGEST_DOCUMENT)).is_ok());
    assert!(
        reason(&filled(LONGEST_DOCUMENT + 1))
            .starts_with("line 1: the document has 262145 bytes; at most 262144 (256 kB) are read")
    );
}
