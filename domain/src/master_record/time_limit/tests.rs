use super::*;

fn limit(text: &str) -> TimeLimit {
    text.parse().unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn a_limit_of_a_day_has_one_spelling() {
    for text in [
        ">= performed_at",
        "> performed_at + 1 day",
        ">= collected_at - 30 days and <= collected_at + 7 days",
        "< collected_at",
    ] {
        assert_eq!(limit(text).to_string(), text);
    }
    for text in [
        "",
        "performed_at",
        "= performed_at",
        ">= now",
        ">= performed_at +1 days",
        ">= performed_at + -1 days",
        ">= performed_at + 0 days",
        ">= performed_at + 1",
        ">= performed_at + 1 month",
        ">= performed_at + 1 day x",
        ">= performed_at and > collected_at",
        ">= performed_at + 99999999 days",
        ">= performed_at - 1 day and <= performed_at + 1 hour",
        ">= performed_at and",
    ] {
        assert!(text.parse::<TimeLimit>().is_err(), "{text}");
    }
}

#[test]
fn a_limit_of_a_day_that_no_value_meets_or_every_one_is_refused() {
    let nothing = Some("no day or moment can meet the limit");
    let far = Some("more than ten years away");
    for (text, refused) in [
        (
            ">= performed_at + 10 days and <= performed_at - 10 days",
            nothing,
        ),
        (
            "<= performed_at - 10 days and >= performed_at + 10 days",
            nothing,
        ),
        (
            ">= performed_at - 10 days and <= performed_at + 10 days",
            None,
        ),
        ("> performed_at and < performed_at", nothing),
        (">= performed_at and < performed_at", nothing),
        (">= performed_at and <= performed_at", None),
        ("> performed_at and < performed_at + 1 day", nothing),
        ("> performed_at and < performed_at + 2 days", None),
        ("> performed_at and < performed_at + 1 hour", None),
        ("> performed_at and <= performed_at + 1 day", None),
        // Work is not before the collection.
        (">= performed_at and <= collected_at - 1 days", nothing),
        (">= performed_at and <= collected_at", None),
        ("> performed_at and <= collected_at", nothing),
        (
            ">= performed_at - 2 days and <= collected_at - 1 days",
            None,
        ),
        (">= collected_at and <= performed_at", None),
        (">= collected_at + 5 days and <= performed_at", None),
        // Every value that anybody means is on one side.
        (">= collected_at - 36500 days", far),
        (">= collected_at - 3661 days", far),
        (">= collected_at - 3660 days", None),
        ("<= performed_at + 87841 hours", far),
        ("<= performed_at + 87840 hours", None),
    ] {
        let read = text.parse::<TimeLimit>().map_err(|why| why.to_string());
        match refused {
            Some(words) => {
                let said = read.err().unwrap_or_else(|| panic!("{text} is taken"));
                assert!(said.contains(words), "{text}: {said}");
            }
            None => assert!(read.is_ok(), "{text}: {read:?}"),
        }
    }
}

#[test]
fn a_limit_says_what_it_is_counted_from() {
    for (text, words) in [
        (">= performed_at", "≥ day of use"),
        (
            ">= collected_at - 30 days and <= collected_at + 1 day",
            "≥ 30 days before day of collection and ≤ 1 day after day of collection",
        ),
    ] {
        let days = limit(text).counted_in(TimeUnit::Days);
        assert_eq!(days.map(|limit| limit.text()).as_deref(), Some(words));
    }
    let hours = limit(">= performed_at - 24 hours");
    assert_eq!(hours.clone().counted_in(TimeUnit::Days), None);
    let words = hours.counted_in(TimeUnit::Hours).map(|limit| limit.text());
    assert_eq!(words.as_deref(), Some("≥ 24 hours before time of use"));
}
