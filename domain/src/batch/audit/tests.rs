#![expect(clippy::unwrap_used, reason = "tests")]

mod trail;

use super::*;
use std::collections::BTreeSet;
use trail::{corrected_and_signed_again, every_kind, read, rows_of};

/// One row as a line: what stands in each column of the page.
fn line(row: &AuditRow) -> String {
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let performed = row
        .performed_at
        .map_or_else(|| "-".to_owned(), trail::shown);
    let mut text = format!(
        "{:>2} {} [{}] {} | {} | {}: {} -> {} | why: {} | performed: {performed}",
        row.version,
        row.kind,
        row.group,
        row.what,
        or_dash(&row.step_title),
        or_dash(&row.field),
        or_dash(&row.old),
        or_dash(&row.new),
        or_dash(&row.why),
    );
    for effect in &row.effects {
        text.push_str(&format!("\n   * {effect}"));
    }
    text.replace('\u{202f}', " ")
}

fn lines(rows: &[AuditRow]) -> String {
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

// P11-10e1, DI-1
#[test]
fn each_kind_of_event_has_its_words() {
    let rows = rows_of(&every_kind());
    assert!(rows.iter().all(|row| row.what != "Entry"));
    insta::assert_snapshot!(lines(&rows));
}

#[test]
fn no_kind_of_event_is_missing_from_the_table_above() {
    let known: Vec<_> = crate::batch::BatchEvent::kinds().collect();
    let shown: Vec<_> = rows_of(&every_kind())
        .into_iter()
        .map(|row| row.kind)
        .collect();
    for kind in &known {
        assert!(shown.iter().any(|one| one == kind), "{kind} has no words");
    }
    assert_eq!(known.len(), 37);
    // A kind is read as that of one slice.
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), 37);
}

// P11-10e1, DI-1
#[test]
fn each_row_says_who_in_which_role_when_and_where_in_the_ledger() {
    let rows = rows_of(&every_kind());
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(
            (row.version, row.position),
            (at as u64 + 1, at as u64 + 101)
        );
        assert_eq!(row.app_version, "0.1.0");
        assert!(row.recorded_at.to_string().starts_with("2026-03-0"));
    }
    assert_eq!(rows[0].person(), "Technician 1 (tech1)");
    assert_eq!(rows[0].role, Role::Technician);
}

// P11-10e2, A11-15: a change after a signature is seen to have voided it.
#[test]
fn a_row_says_what_followed_from_it() {
    insta::assert_snapshot!(lines(&rows_of(&corrected_and_signed_again())));
}

#[test]
fn a_trail_with_an_unreadable_entry_is_refused_as_a_whole() {
    let mut entries = trail::entries(&every_kind());
    entries[3].kind = "entry-forgotten".to_owned();
    assert!(read(&entries).is_err());
    let mut entries = trail::entries(&every_kind());
    entries[3].actor.user = None;
    assert!(read(&entries).is_err());
}

// A11-8: a time of recording that may be wrong says so, and so does what it led to.
#[test]
fn a_row_says_that_the_clock_was_not_confirmed() {
    let mut entries = trail::entries(&corrected_and_signed_again());
    entries[1].origin.clock = ClockState::NotConfirmed;
    let rows = read(&entries).unwrap();
    let flagged: Vec<_> = rows
        .iter()
        .filter(|row| row.clock == ClockState::NotConfirmed)
        .map(|row| row.version)
        .collect();
    assert_eq!(flagged, [2]);
    let effect = "Exception 2: Recorded while the server's clock was not confirmed: its time of recording may be wrong";
    for row in &rows {
        let said = row.effects.iter().any(|one| one == effect);
        assert_eq!(said, row.version == 2, "{:?}", row.effects);
    }
}

fn filtered(filter: &AuditFilter, rows: &[AuditRow]) -> Vec<u64> {
    rows.iter()
        .filter(|row| filter.keeps(row))
        .map(|row| row.version)
        .collect()
}

// P11-10e3
#[test]
fn a_filter_keeps_what_it_names_and_says_so() {
    let rows = rows_of(&corrected_and_signed_again());
    let all = AuditFilter::default();
    assert_eq!(filtered(&all, &rows).len(), rows.len());
    assert_eq!(all.words(&rows), "none, all entries");
    let corrections = AuditFilter {
        group: Some(AuditGroup::Corrections),
        ..all.clone()
    };
    assert_eq!(filtered(&corrections, &rows), [4]);
    assert_eq!(corrections.words(&rows), "kind: Corrections");
    let step = AuditFilter {
        step: Some("harvest".parse().unwrap()),
        ..all.clone()
    };
    assert_eq!(filtered(&step, &rows), [2, 3, 4, 5]);
    assert_eq!(step.words(&rows), "step: Final harvest");
    let person = AuditFilter {
        person: Some(trail::user(1)),
        text: " MISREAD ".to_owned(),
        ..all.clone()
    };
    assert_eq!(filtered(&person, &rows), [4]);
    assert_eq!(
        person.words(&rows),
        "person: Technician 1 (tech1); text: “MISREAD”"
    );
    for (text, expected) in [
        ("140000000", 2),
        ("140 000 000", 2),
        ("140\u{202f}000\u{202f}000", 2),
        ("no such words", 0),
    ] {
        let filter = AuditFilter {
            text: text.to_owned(),
            ..all.clone()
        };
        assert_eq!(filtered(&filter, &rows).len(), expected, "{text}");
    }
}

#[test]
fn rows_equal_in_a_column_stay_in_the_order_of_the_ledger() {
    let rows = rows_of(&corrected_and_signed_again());
    let sorted = |column, descending| {
        let mut shown: Vec<_> = rows.iter().collect();
        AuditOrder { column, descending }.sort(&mut shown);
        shown.iter().map(|row| row.version).collect::<Vec<_>>()
    };
    assert_eq!(sorted(AuditColumn::Recorded, false), [1, 2, 3, 4, 5]);
    assert_eq!(sorted(AuditColumn::Recorded, true), [5, 4, 3, 2, 1]);
    assert_eq!(sorted(AuditColumn::Person, false), [1, 2, 3, 4, 5]);
    assert_eq!(sorted(AuditColumn::Step, true), [2, 3, 4, 5, 1]);
}

// P11-10e3
#[test]
fn a_copy_names_its_filter_its_maker_and_its_time() {
    let rows = rows_of(&corrected_and_signed_again());
    let filter = AuditFilter {
        group: Some(AuditGroup::Corrections),
        ..AuditFilter::default()
    };
    let shown: Vec<_> = rows.iter().filter(|row| filter.keeps(row)).collect();
    let words = filter.words(&rows);
    let copy = trail::copy(&words, &shown, rows.len());
    insta::assert_snapshot!(
        "copy_csv",
        copy.csv().replace('\r', "").replace('\u{202f}', " ")
    );
    insta::assert_snapshot!("copy_json", copy.json().replace('\u{202f}', " "));
}

#[test]
fn every_line_of_a_copy_has_as_many_cells_as_the_headings() {
    let rows = rows_of(&every_kind());
    let shown: Vec<_> = rows.iter().collect();
    let csv = trail::copy("none, all entries", &shown, rows.len()).csv();
    let parsed = trail::parse_csv(&csv);
    assert_eq!(parsed.len(), 12 + rows.len());
    for record in &parsed {
        assert_eq!(record.len(), 19, "{record:?}");
    }
    assert_eq!(parsed[0][..2], ["Audit trail of batch", "GE-2026-0007"]);
    // Quotes, commas and line breaks come back as they were typed.
    let comment = parsed
        .iter()
        .find(|record| record[8] == "Comment added")
        .unwrap();
    assert_eq!(
        comment[12],
        "'=HYPERLINK(\"http://x\",\"click\")\nsecond line"
    );
}
