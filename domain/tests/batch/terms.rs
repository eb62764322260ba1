//! The terms under which a batch and its parts are found.

use crate::record::{
    PHARMACIST, QP, Record, TECH, dispatch, frozen, prepare, raise, registered, tested,
};
use domain::{
    batch::{BatchCommand, ReleaseCommand},
    search::TermKind,
};

fn terms(record: &Record) -> Vec<(TermKind, String, String)> {
    let rows = record.batch().term_rows();
    rows.into_iter()
        .map(|row| (row.kind, row.term, row.target))
        .collect()
}

fn shown(record: &Record, kind: TermKind) -> Vec<String> {
    let mut rows = record.batch().term_rows();
    rows.retain(|row| row.kind == kind);
    rows.into_iter().map(|row| row.shown).collect()
}

#[test]
fn a_batch_is_found_by_each_of_its_identifiers_from_its_registration_on() {
    let batch = |kind, term: &str| (kind, term.to_owned(), String::new());
    let mut wanted = [
        batch(TermKind::Batch, "GE20260007"),
        batch(TermKind::Din, "G123417654321"),
        batch(TermKind::Subject, "GE01"),
        batch(TermKind::Coi, "CHA999926ABC123"),
    ];
    wanted.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(terms(&registered()), wanted);
}

#[test]
fn each_part_of_a_batch_is_found_by_its_own_number() {
    let given = tested()
        .does(TECH, raise(1, Some("harvest")))
        .deviation_closed(1)
        .reviewed()
        .certified()
        .withdrawn()
        .reviewed()
        .certified()
        .does(PHARMACIST, prepare(1, &[1, 2]))
        .does(PHARMACIST, dispatch(1));
    for (kind, wanted) in [
        (
            TermKind::Sample,
            vec!["GE-2026-0007-S01", "GE-2026-0007-S02"],
        ),
        (
            TermKind::Unit,
            vec![
                "GE-2026-0007-U01",
                "GE-2026-0007-U02",
                "GE-2026-0007-U03",
                "GE-2026-0007-U04",
            ],
        ),
        (TermKind::Dose, vec!["GE-2026-0007-DOSE1"]),
        (TermKind::Deviation, vec!["GE-2026-0007-D1"]),
        (
            TermKind::Certificate,
            vec!["GE-2026-0007-C1", "GE-2026-0007-C2"],
        ),
    ] {
        assert_eq!(shown(&given, kind), wanted, "{kind}");
    }
    let batch = given.batch();
    let rows = batch.term_rows();
    let unit = rows.iter().find(|row| row.shown == "GE-2026-0007-U03");
    assert_eq!(
        unit.map(|row| row.target.clone()),
        Some(batch.units[2].id.to_string())
    );
    assert!(
        rows.is_sorted(),
        "in one order, however the batch came about"
    );
}

#[test]
fn a_rejection_is_found_by_its_number() {
    let given = tested();
    let seen = given.version();
    let reasons = "sterility fails".to_owned();
    let rejected = given.does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject { reasons, seen }),
    );
    assert_eq!(shown(&rejected, TermKind::Certificate), ["GE-2026-0007-R1"]);
    assert_eq!(shown(&frozen(), TermKind::Certificate), [""; 0]);
}
