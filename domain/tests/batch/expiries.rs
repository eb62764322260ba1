//! Days that are held against the work: a lot is used through its day of expiry and not after it.

use crate::documents::{MASTER_RECORD, SPECIFICATION};
use crate::record::{TECH, at, correct, day, entry_at, received, registered_by};
use domain::batch::FieldValue;

fn expiry(text: &str) -> FieldValue {
    FieldValue::Day(day(text))
}

fn kinds(record: &crate::record::Record) -> Vec<String> {
    let batch = record.batch();
    batch
        .exceptions
        .iter()
        .map(|one| one.kind.to_string())
        .collect()
}

fn outside(expiry: &str, used: &str) -> String {
    format!("Expiry {expiry} is outside its limit ≥ {used} (day of use)")
}

// The site is an hour east of UTC: its day of use ends at 23:00Z.
#[test]
fn a_lot_is_used_through_the_day_of_its_expiry_at_the_site() {
    for (performed_at, expires, used) in [
        // The day before, the same day, the day after.
        ("2026-03-03T10:00:00Z", "2026-03-02", Some("2026-03-03")),
        ("2026-03-03T10:00:00Z", "2026-03-03", None),
        ("2026-03-03T10:00:00Z", "2026-03-04", None),
        // Through its day in the zone of the site.
        ("2026-03-03T22:59:00Z", "2026-03-03", None),
        ("2026-03-03T23:00:00Z", "2026-03-03", Some("2026-03-04")),
        ("2026-03-02T23:00:00Z", "2026-03-02", Some("2026-03-03")),
        // What expired years ago.
        ("2026-03-03T10:00:00Z", "2020-01-01", Some("2026-03-03")),
    ] {
        let record = received().after(48);
        let record = record.does(
            TECH,
            entry_at("clearance", "expiry", expiry(expires), at(performed_at)),
        );
        let late = "Recorded late".to_owned();
        let wanted: Vec<_> = used
            .map(|used| outside(expires, used))
            .into_iter()
            .chain([late])
            .collect();
        assert_eq!(kinds(&record), wanted, "{expires} used {performed_at}");
    }
}

#[test]
fn an_expiry_is_judged_by_when_the_lot_was_used_and_not_by_when_it_was_written_down() {
    // Used on its last day, written down three days later.
    let record = received().after(72);
    let record = record.does(
        TECH,
        entry_at(
            "clearance",
            "expiry",
            expiry("2026-03-02"),
            at("2026-03-02T20:00:00Z"),
        ),
    );
    assert_eq!(kinds(&record), ["Recorded late"]);
}

#[test]
fn a_corrected_expiry_is_judged_again_by_the_day_of_use() {
    let used = received().does(
        TECH,
        crate::record::entry("clearance", "expiry", expiry("2026-03-02")),
    );
    assert_eq!(kinds(&used), Vec::<String>::new());
    let wrong = used
        .after(24 * 30)
        .does(TECH, correct("clearance", "expiry", expiry("2026-03-01")));
    assert_eq!(
        kinds(&wrong),
        [
            "Expiry was corrected: misread".to_owned(),
            outside("2026-03-01", "2026-03-02"),
        ]
    );
    // The value that was outside stays so in the record; the one that replaces it is judged by itself.
    let right = wrong.does(TECH, correct("clearance", "expiry", expiry("2026-03-31")));
    let batch = right.batch();
    let values = &batch.steps[&crate::record::step("clearance")].entries["expiry"].values;
    let outside: Vec<_> = values.iter().map(|value| value.outside.is_some()).collect();
    assert_eq!(outside, [false, true, false]);
}

// A test of the donor's blood counts for so long, and no sample of it is of later than the harvest by a week.
#[test]
fn a_day_can_be_held_against_the_collection() {
    let limit = r#">= collected_at - 30 days and <= collected_at + 7 days"#;
    let documents = MASTER_RECORD.replace(
        r#"{ key = "made-on", label = "Made on", type = "day" },"#,
        &format!(
            r#"{{ key = "made-on", label = "Made on", type = "day", limit = "{limit}", site_choice = true }},"#
        ),
    );
    for (made_on, missed) in [
        (
            "2026-01-30",
            Some("≥ 2026-01-31 (30 days before day of collection)"),
        ),
        ("2026-01-31", None),
        ("2026-03-09", None),
        (
            "2026-03-10",
            Some("≤ 2026-03-09 (7 days after day of collection)"),
        ),
    ] {
        let record =
            crate::record::receive(registered_by(&documents, SPECIFICATION)).after(24 * 20);
        let record = record.does(
            TECH,
            crate::record::entry("clearance", "made-on", expiry(made_on)),
        );
        let wanted: Vec<_> = missed
            .map(|limit| format!("Made on {made_on} is outside its limit {limit}"))
            .into_iter()
            .collect();
        assert_eq!(kinds(&record), wanted, "{made_on}");
    }
}

// A thawed aliquot keeps for hours: a moment is held against the work to the minute.
#[test]
fn a_moment_can_be_held_against_the_work() {
    let documents = MASTER_RECORD.replace(
        r#"{ key = "cleaned-at", label = "Cleaned at", type = "moment" },"#,
        r#"{ key = "cleaned-at", label = "Usable until", type = "moment", future = true, limit = ">= performed_at", site_choice = true },"#,
    );
    let record = crate::record::receive(registered_by(&documents, SPECIFICATION));
    let now = at("2026-03-02T10:00:00Z");
    assert_eq!(record.now, now);
    for (until, missed) in [
        ("2026-03-02T09:59:00Z", true),
        ("2026-03-02T10:00:00Z", false),
        ("2026-03-02T18:00:00Z", false),
    ] {
        let value = FieldValue::Moment(at(until));
        let record = record
            .clone()
            .does(TECH, crate::record::entry("clearance", "cleaned-at", value));
        let exceptions = kinds(&record);
        assert_eq!(exceptions.len(), usize::from(missed), "{exceptions:?}");
        if missed {
            assert!(
                exceptions[0].ends_with("≥ 2026-03-02 11:00 CET (time of use)"),
                "{exceptions:?}"
            );
        }
    }
}

#[test]
fn a_corrected_time_of_use_is_judged_again() {
    let used = received().does(
        TECH,
        crate::record::entry("clearance", "expiry", expiry("2026-03-02")),
    );
    let corrected = used.after(48).does(
        TECH,
        domain::batch::BatchCommand::Times(domain::batch::TimesCommand::CorrectTime {
            of: domain::batch::TimeOf::Entry {
                step: crate::record::step("clearance"),
                field: "expiry".to_owned(),
            },
            at: at("2026-03-03T09:00:00Z"),
            reason: "the day before was typed".to_owned(),
        }),
    );
    assert!(
        kinds(&corrected).contains(&outside("2026-03-02", "2026-03-03")),
        "{:?}",
        kinds(&corrected)
    );
}
