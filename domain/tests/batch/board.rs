//! Where a batch stands, what comes next, and the rows that the read tables keep of it.

use crate::record::{
    PHARMACIST, QA, QC, QP, Record, TECH, YES, after_p0, after_p1, category, certified, choice,
    cleared, comment, correct, destroy_dose, destroy_unit, dispatch, enter, finished, harvested,
    infuse, n, number, prepare, prepared, raise, registered, rome, take, tested, user,
};
use domain::batch::{BatchCommand, BatchState, Needs, ReleaseCommand};

fn rejected(given: Record) -> Record {
    let seen = given.version();
    given.does(
        QP,
        BatchCommand::Release(ReleaseCommand::Reject {
            reasons: "sterility fails".to_owned(),
            seen,
        }),
    )
}

/// One dose given, two units left.
fn given_once() -> Record {
    let given = prepared().does(PHARMACIST, dispatch(1));
    let now = given.now;
    given.does(PHARMACIST, infuse(1, now, now))
}

/// The in-process result is in.
fn stopped(viability: &str) -> Record {
    after_p1()
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number(viability))
}

/// One dose given, the other one destroyed.
fn given_away() -> Record {
    let given = prepared().does(PHARMACIST, prepare(2, &[3, 4]));
    let now = given.now;
    given
        .does(PHARMACIST, dispatch(1))
        .does(PHARMACIST, dispatch(2))
        .does(PHARMACIST, infuse(1, now, now))
        .does(PHARMACIST, destroy_dose(2))
}

#[test]
fn a_batch_stands_where_its_record_says() {
    use BatchState::{
        AwaitingCertification, AwaitingResults, Closed, Hold, InProcess, Infused, NeedsReview,
        Rejected, Released,
    };
    let failing = finished().result(2, "viability", number("60"));
    let unreviewed = {
        let given = finished().result(2, "sterility", category("no growth"));
        let today = given.today();
        given.does(QC, enter(2, "viability", number("60"), today))
    };
    let without_informative = finished().result(2, "viability", number("93")).result(
        2,
        "sterility",
        category("no growth"),
    );
    let all_destroyed =
        |record: Record| (1..=4).fold(record, |record, id| record.does(TECH, destroy_unit(id)));
    let cases: Vec<(&str, Record, BatchState)> = vec![
        ("registered", registered(), InProcess),
        ("in culture", after_p0(), InProcess),
        (
            "deviation open at work",
            after_p0().does(TECH, raise(1, None)),
            InProcess,
        ),
        (
            "deviation closed",
            after_p0().does(TECH, raise(1, None)).deviation_closed(1),
            InProcess,
        ),
        ("steps over", finished(), AwaitingResults),
        ("a result of the product fails", failing, AwaitingResults),
        ("an in-process result fails", stopped("60"), Hold),
        ("an in-process result passes", stopped("70"), InProcess),
        (
            "a deviation is open while results are awaited",
            finished().does(TECH, raise(1, None)),
            AwaitingResults,
        ),
        (
            "a deviation is open before the review",
            tested().does(TECH, raise(1, None)),
            NeedsReview,
        ),
        (
            "a failing result that nobody reviewed",
            unreviewed,
            AwaitingResults,
        ),
        (
            "only an informative result is awaited",
            without_informative,
            NeedsReview,
        ),
        ("all results", tested(), NeedsReview),
        (
            "corrected after the results",
            tested().does(TECH, correct("receipt", "temperature", n("8"))),
            NeedsReview,
        ),
        ("reviewed", tested().reviewed(), AwaitingCertification),
        (
            "review void",
            tested().reviewed().does(QA, comment(None, "seen")),
            NeedsReview,
        ),
        ("certified", certified(), Released),
        ("dose prepared", prepared(), Released),
        (
            "deviation after the certification",
            certified().does(TECH, raise(1, None)),
            Hold,
        ),
        (
            "certified, a deviation raised and closed",
            certified().does(TECH, raise(1, None)).deviation_closed(1),
            Hold,
        ),
        (
            "the same with no unit left",
            all_destroyed(certified())
                .does(TECH, raise(1, None))
                .deviation_closed(1),
            Closed,
        ),
        ("withdrawn", certified().withdrawn(), NeedsReview),
        ("every unit ended, one dose given", given_away(), Infused),
        ("one dose given, two units left", given_once(), Infused),
        (
            "one dose given, the next one prepared",
            given_once().does(PHARMACIST, prepare(2, &[3, 4])),
            Infused,
        ),
        (
            "one dose given, then a deviation: the units left can't leave",
            given_once().does(TECH, raise(1, None)),
            Hold,
        ),
        (
            "one dose destroyed, none given",
            prepared().does(PHARMACIST, destroy_dose(1)),
            Released,
        ),
        (
            "certified, all destroyed",
            all_destroyed(certified()),
            Closed,
        ),
        (
            "a deviation after the last dose holds nothing any more",
            given_away().does(TECH, raise(1, None)),
            Infused,
        ),
        ("rejected with units", rejected(tested()), Rejected),
        (
            "rejected, destroyed",
            all_destroyed(rejected(tested())),
            Closed,
        ),
        ("rejected without units", rejected(after_p0()), Closed),
    ];
    for (what, record, state) in cases {
        assert_eq!(record.batch().state(), state, "{what}");
    }
}

#[test]
fn the_board_says_what_is_next_when_and_whom_it_waits_for() {
    use Needs::{Qa, Qc, Qp, Technician, Verifier};
    let unverified = registered()
        .after(1)
        .entry(TECH, "receipt", "identity", YES)
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("8"));
    let sampled_in_process = after_p1()
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1");
    let entered = sampled_in_process.clone().does(
        QC,
        enter(1, "viability-ip", number("94"), sampled_in_process.today()),
    );
    let failing_and_tested = finished()
        .after(24 * 7)
        .result(2, "viability", number("60"))
        .result(2, "sterility", category("no growth"));
    let infused_late = {
        let given = prepared().does(PHARMACIST, dispatch(1)).after(24 * 40);
        let now = given.now;
        given.does(PHARMACIST, infuse(1, now, now))
    };
    let exception = format!("Exception {}", infused_late.version());
    let cases: Vec<(&str, Record, &str, Option<Needs>)> = vec![
        ("new", registered(), "Receipt", Some(Technician)),
        ("second check", unverified, "Receipt", Some(Verifier)),
        (
            "recurring step due first",
            cleared().seeded(0, "20000000"),
            "P0 Change of medium (1)",
            Some(Technician),
        ),
        (
            "in-process control",
            sampled_in_process,
            "Result of Viability, in process",
            Some(Qc),
        ),
        (
            "its review",
            entered,
            "Review of the result of Viability, in process",
            Some(Qc),
        ),
        (
            "deviation while the work goes on",
            after_p0().does(TECH, raise(1, None)),
            "P1 Seeding",
            Some(Technician),
        ),
        (
            "deviation while results are awaited",
            finished().does(TECH, raise(1, None)),
            "Result of Viability",
            Some(Qc),
        ),
        (
            "deviation before the review",
            tested().does(TECH, raise(1, None)),
            "Deviation GE-2026-0007-D1",
            Some(Qa),
        ),
        (
            "an in-process result fails",
            stopped("60"),
            "Decision: Viability, in process fails",
            Some(Qa),
        ),
        (
            "a dose on its way when the deviation is raised",
            prepared()
                .does(PHARMACIST, dispatch(1))
                .does(TECH, raise(1, None)),
            "Deviation GE-2026-0007-D1",
            Some(Qa),
        ),
        (
            "a dose on its way when the certification is withdrawn",
            prepared().does(PHARMACIST, dispatch(1)).withdrawn(),
            "Return and destruction of GE-2026-0007-DOSE1",
            Some(Needs::Pharmacist),
        ),
        ("a dose given, units left", given_once(), "", None),
        (
            "a deviation after the last dose",
            given_away().does(TECH, raise(1, None)),
            "Deviation GE-2026-0007-D1",
            Some(Qa),
        ),
        ("results", finished(), "Result of Viability", Some(Qc)),
        (
            "failing, not reviewed",
            failing_and_tested.clone(),
            "Review of the record",
            Some(Qa),
        ),
        (
            "failing, reviewed",
            failing_and_tested.reviewed(),
            "Decision: Viability fails",
            Some(Qp),
        ),
        ("review", tested(), "Review of the record", Some(Qa)),
        (
            "signature void",
            tested().does(TECH, correct("receipt", "temperature", n("8"))),
            "The signature of Receipt is void since a later change: sign the step again",
            Some(Technician),
        ),
        (
            "not confirmed again",
            tested().does(TECH, correct("passage@P0", "viable-cells", n("910000"))),
            "Viable cells is not confirmed by a second person",
            Some(Verifier),
        ),
        (
            "certification",
            tested().reviewed(),
            "Certification",
            Some(Qp),
        ),
        ("released", certified(), "", None),
        (
            "a dose prepared",
            prepared(),
            "Dispatch of GE-2026-0007-DOSE1",
            Some(Needs::Pharmacist),
        ),
        (
            "a dose on its way",
            prepared().does(PHARMACIST, dispatch(1)),
            "Infusion of GE-2026-0007-DOSE1",
            Some(Needs::Pharmacist),
        ),
        (
            "released, a deviation raised and closed",
            certified().does(TECH, raise(1, None)).deviation_closed(1),
            "New certification after deviation GE-2026-0007-D1",
            Some(Qp),
        ),
        ("infused after expiry", infused_late, &exception, Some(Qa)),
        (
            "rejected",
            rejected(tested()),
            "Destruction of 4 units",
            Some(Technician),
        ),
        (
            "rejected with a dose that is out",
            rejected(prepared().does(PHARMACIST, dispatch(1)).withdrawn()),
            "Return and destruction of GE-2026-0007-DOSE1",
            Some(Needs::Pharmacist),
        ),
        ("closed", given_away(), "", None),
    ];
    for (what, record, next, needs) in cases {
        let row = record.batch().board_row();
        assert_eq!(row.next_step.as_deref().unwrap_or_default(), next, "{what}");
        assert_eq!(
            row.needs,
            needs.map(|needs| needs.code().to_owned()),
            "{what}"
        );
        assert_eq!(row.version, record.version());
    }
}

#[test]
fn what_is_due_first_is_on_the_board() {
    let due = |record: &Record| {
        record
            .batch()
            .board_row()
            .next_due
            .map(|due| due.to_string())
    };
    assert_eq!(due(&registered()), None);
    // Seeded on 2 March at 10:00; medium within 96 hours.
    assert_eq!(
        due(&cleared().seeded(0, "20000000")).as_deref(),
        Some("2026-03-06T10:00:00.000000Z")
    );
    // Viability is due on the day of the sample, sterility a week after.
    let given = finished();
    let until = |day: chrono::NaiveDate| Some(rome().end_of(day).to_string());
    assert_eq!(due(&given), until(given.today()));
    let given = given.result(2, "viability", number("93"));
    let sterility = given.today() + chrono::Days::new(7);
    assert_eq!(due(&given), until(sterility));
}

#[test]
fn the_board_row_names_the_batch() {
    let given = after_p1();
    let row = given.batch().board_row();
    assert_eq!(
        (row.site.as_str(), row.number.as_str(), row.subject.as_str()),
        ("GE", "GE-2026-0007", "GE-01")
    );
    assert_eq!(
        (row.din.as_str(), row.coi.as_deref()),
        ("G123417654321", Some("CHA999926ABC123"))
    );
    assert_eq!(row.passage, Some(1));
    assert_eq!(
        row.culture_started.map(|at| at.to_string()).as_deref(),
        Some("2026-03-02T10:00:00.000000Z")
    );
    assert_eq!(row.registered_at.to_string(), "2026-03-02T09:00:00.000000Z");
    assert_eq!(row.state, "in-process");
}

#[test]
fn no_day_of_culture_is_counted_after_the_harvest() {
    let day = |given: &Record| given.batch().board_row().culture_started;
    assert_eq!(day(&cleared()), None);
    assert!(day(&after_p1()).is_some());
    assert_eq!(day(&harvested()), None);
}

#[test]
fn a_batch_holds_its_identifiers_alone() {
    let batch = registered().batch();
    let claims = batch.claims();
    let held: Vec<_> = claims
        .iter()
        .map(|row| {
            let parts = [&row.kind, &row.scope, &row.code, &row.holder];
            parts.map(String::as_str)
        })
        .collect();
    let (id, coi) = (batch.id.to_string(), "CHA999926ABC123");
    assert_eq!(
        held,
        [
            ["batch", "*", &id, "GE-2026-0007"],
            ["batch-number", "*", "GE-2026-0007", &id],
            [
                "donation",
                "*",
                "G123417654321",
                "G123417654321 of batch GE-2026-0007"
            ],
            ["subject", "GE", "ge1", "GE-01"],
            ["coi", "*", coi, "GE-01 of site GE"],
            ["coi-of-subject", "GE", "ge1", coi],
        ]
    );
}

// A16-1.6: each decision is a line, also one that was withdrawn since.
#[test]
fn the_register_holds_each_certification_and_the_rejection() {
    let lines = |record: &Record| {
        let rows = record.batch().register_rows();
        rows.into_iter()
            .map(|row| (row.certificate_number, row.decision))
            .collect::<Vec<_>>()
    };
    let line = |number: &str, decision: &str| (number.to_owned(), decision.to_owned());
    assert_eq!(lines(&tested().reviewed()), []);
    let first = line("GE-2026-0007-C1", "certified");
    assert_eq!(lines(&certified()), std::slice::from_ref(&first));
    assert_eq!(
        lines(&certified().withdrawn()),
        std::slice::from_ref(&first)
    );
    let second = line("GE-2026-0007-C2", "certified");
    assert_eq!(
        lines(&certified().withdrawn().reviewed().certified()),
        [first.clone(), second]
    );
    let last = line("GE-2026-0007-R1", "rejected");
    assert_eq!(lines(&rejected(certified().withdrawn())), [first, last]);
    let row = certified().batch().register_rows().remove(0);
    assert_eq!(
        (row.signer, row.signer_name.as_str()),
        (user(QP), "Qualified Person 1")
    );
    assert_eq!(
        (row.batch_number.as_str(), row.product.as_str()),
        ("GE-2026-0007", "Cells")
    );
}

#[test]
fn a_row_follows_from_the_record_alone() {
    let given = harvested();
    assert_eq!(
        given.batch().board_row(),
        given.after(1000).batch().board_row()
    );
}
