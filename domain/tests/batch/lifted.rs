//! What a lifting rests on: an entry of a time after what stopped the batch, and one that still stands.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        QA, Record, TECH, TECH2, at, choice, cleared, correct, entry_at, lift, n, registered_by,
        step,
    },
    stops::{assessed_hold, cracked, last_stop, lifted, present},
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, DeviationEvent, InputRefusal, Refusal, Stop, StopEvent,
        StopRefusal, TimeOf, TimesCommand, TimesEvent, TimesRefusal,
    },
    time::Timestamp,
};

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

fn retime(at: &str, field: &str, to: Timestamp) -> BatchCommand {
    let of = TimeOf::Entry {
        step: step(at),
        field: field.to_owned(),
    };
    BatchCommand::Times(TimesCommand::CorrectTime {
        of,
        at: to,
        reason: "clock was ahead".to_owned(),
    })
}

fn open(record: &Record) -> Vec<String> {
    record.batch().open_stops().map(Stop::words).collect()
}

/// Given a cracked container, found at 10:00, and a temperature too high, found at 10:02; it is 11:00 UTC.
fn two_stops() -> Record {
    let text = MASTER_RECORD.replace(
        r#"limit = "> 2 and <= 25", required = true, site_choice = true }"#,
        r#"limit = "> 2 and <= 25", required = true, site_choice = true, stop = "hold/verdict" }"#,
    );
    assert_ne!(text, MASTER_RECORD);
    let mut given = registered_by(&text, SPECIFICATION).after(1).entry(
        TECH,
        "receipt",
        "container",
        choice("cracked"),
    );
    given.now = given.now.plus(minutes(2));
    let mut given = given.entry(TECH, "receipt", "temperature", n("60"));
    given.now = at("2026-03-02T11:00:00Z");
    given
}

// An inspection says nothing of what was found after it.
#[test]
fn an_assessment_lifts_no_stop_that_was_found_after_it() {
    for (performed_at, of_both) in [
        ("2026-03-02T10:00:00Z", false),
        ("2026-03-02T10:01:00Z", false),
        ("2026-03-02T10:02:00Z", true),
        ("2026-03-02T10:59:00Z", true),
    ] {
        let assessment = entry_at("hold#1", "verdict", choice("go on"), at(performed_at));
        let given = two_stops()
            .does(TECH, assessment)
            .verified(TECH2, "hold#1", "verdict");
        let evidence = present(&given, "hold#1", "verdict");
        let [first, second] = [0, 1].map(|nth| given.batch().stops[nth].number());
        let lifts = |stop| given.signed(QA, lift(stop, &[evidence], given.version()));
        lifts(first).accepted();
        if of_both {
            lifts(second).accepted();
        } else {
            lifts(second).refused(Refusal::Stop(StopRefusal::LiftingEntryBefore {
                label: "Verdict".to_owned(),
                at: given.documents.zone.shown(at(performed_at)),
                stop: "Temperature".to_owned(),
                raised: "2026-03-02 11:02 CET".to_owned(),
            }));
        }
    }
    let early = entry_at(
        "hold#1",
        "verdict",
        choice("go on"),
        at("2026-03-02T09:59:00Z"),
    );
    let refused = two_stops().when(TECH, early).0;
    assert!(
        matches!(&refused, Err(Refusal::Input(InputRefusal::BeforePrevious { before_what, .. })) if before_what == "the stop “Container”"),
        "{refused:?}"
    );
}

// What was found on paper and recorded later was found when it was found.
#[test]
fn an_assessment_comes_after_the_answer_and_not_after_its_recording() {
    let found_at = at("2026-03-02T10:00:00Z");
    let late = crate::record::registered().after(2).does(
        TECH,
        entry_at("receipt", "container", choice("cracked"), found_at),
    );
    let given = late
        .does(
            TECH,
            entry_at(
                "hold#1",
                "verdict",
                choice("go on"),
                found_at.plus(minutes(10)),
            ),
        )
        .verified(TECH2, "hold#1", "verdict");
    assert_eq!(open(&lifted(given, 1)), Vec::<String>::new());
    // An answer that is corrected to a failing one stops the batch when that is recorded: nobody knew of it before.
    let corrected = cleared()
        .after(5)
        .does(TECH, correct("receipt", "container", choice("open")));
    let before = corrected.now.plus(minutes(-1));
    let refused = corrected
        .when(TECH, entry_at("hold#1", "verdict", choice("go on"), before))
        .0;
    assert!(
        matches!(
            refused,
            Err(Refusal::Input(InputRefusal::BeforePrevious { .. }))
        ),
        "{refused:?}"
    );
}

/// Given a cracked container at 10:00 UTC, assessed and lifted at 11:00; it is 13:00.
fn once_lifted() -> Record {
    lifted(assessed_hold(cracked().after(1), 1, "go on"), 1).after(2)
}

#[test]
fn the_time_of_a_lifting_entry_stays_between_the_stop_and_its_lifting() {
    let given = once_lifted();
    for (to, before) in [
        ("1970-01-01T00:00:00Z", true),
        ("2026-03-02T09:59:00Z", true),
        ("2026-03-02T11:01:00Z", false),
        ("2026-03-02T12:59:00Z", false),
    ] {
        let refused = given.when(TECH, retime("hold#1", "verdict", at(to))).0;
        match refused {
            Err(Refusal::Input(InputRefusal::BeforePrevious { before_what, .. })) if before => {
                assert_eq!(before_what, "the stop “Container”", "{to}");
            }
            Err(Refusal::Times(TimesRefusal::AfterNext { after_what, .. })) if !before => {
                assert_eq!(after_what, "the lifting of the stop “Container”", "{to}");
            }
            other => panic!("{to}: {other:?}"),
        }
    }
    // Nor does the answer come to lie after the assessment of it.
    let refused = given
        .when(
            TECH,
            retime("receipt", "container", at("2026-03-02T11:01:00Z")),
        )
        .0;
    assert!(
        matches!(&refused, Err(Refusal::Times(TimesRefusal::AfterNext { after_what, .. }))
            if after_what == "the assessment that lifted the stop “Container”"),
        "{refused:?}"
    );
    given
        .when(
            TECH,
            retime("receipt", "container", at("2026-03-02T10:30:00Z")),
        )
        .accepted();
}

// QA signed on an entry that was confirmed: a correction takes the confirmation away, and with it what QA signed on.
#[test]
fn a_correction_of_a_confirmed_lifting_entry_raises_the_stop_again() {
    let words = "Container: Verdict go on was corrected after it had lifted this stop, expected an entry that a second person confirmed";
    let half_past = at("2026-03-02T10:30:00Z");
    let events = once_lifted()
        .when(TECH, retime("hold#1", "verdict", half_past))
        .0
        .unwrap();
    assert!(
        matches!(
            events.as_slice(),
            [
                BatchEvent::Times(TimesEvent::TimeCorrected { .. }),
                BatchEvent::Stop(StopEvent::StopRaised { .. }),
                BatchEvent::Deviation(DeviationEvent::DeviationRaised { .. })
            ]
        ),
        "{events:?}"
    );
    let again = once_lifted().does(TECH, retime("hold#1", "verdict", half_past));
    assert_eq!(open(&again), [words]);
    // Confirmed once more, the same entry is still older than this stop.
    let confirmed = again.verified(TECH2, "hold#1", "verdict");
    let evidence = present(&confirmed, "hold#1", "verdict");
    let refused = confirmed
        .signed(
            QA,
            lift(last_stop(&confirmed), &[evidence], confirmed.version()),
        )
        .0;
    assert!(
        matches!(
            refused,
            Err(Refusal::Stop(StopRefusal::StopLiftedOtherwise { .. }))
        ),
        "{refused:?}"
    );
    // A new assessment lifts it, and what the first one says then doesn't matter any more.
    let next = assessed_hold(confirmed.completed(TECH, "hold#1"), 2, "go on");
    let given = lifted(next, 2);
    assert_eq!(open(&given), Vec::<String>::new());
    let third = given.does(TECH, correct("hold#1", "verdict", choice("reject")));
    assert_eq!(open(&third), Vec::<String>::new());
}

#[test]
fn a_lifting_entry_that_still_holds_after_its_correction_raises_nothing() {
    let of = |critical: &str| {
        MASTER_RECORD.replace(
            r#"choices = ["go on", "reject"], expected = ["go on"], required = true, critical = true }"#,
            &format!(
                r#"choices = ["go on", "with care", "reject"], expected = ["go on", "with care"], required = true{critical} }}"#
            ),
        )
    };
    for (critical, to, raised) in [
        ("", "with care", 0),
        ("", "reject", 1),
        (", critical = true", "with care", 1),
        (", critical = true", "reject", 1),
    ] {
        let text = of(critical);
        assert_ne!(text, MASTER_RECORD);
        let stopped = registered_by(&text, SPECIFICATION).after(1).entry(
            TECH,
            "receipt",
            "container",
            choice("cracked"),
        );
        let assessed = stopped.entry(TECH, "hold#1", "verdict", choice("go on"));
        let assessed = if critical.is_empty() {
            assessed
        } else {
            assessed.verified(TECH2, "hold#1", "verdict")
        };
        let given = lifted(assessed, 1).does(TECH, correct("hold#1", "verdict", choice(to)));
        assert_eq!(open(&given).len(), raised, "{critical} {to}");
        // Once more, and it is held by one stop as before.
        let twice = given.does(TECH, correct("hold#1", "verdict", choice("go on")));
        assert_eq!(open(&twice).len(), raised, "{critical} {to}");
    }
}

// All stops that one assessment lifted are raised again with it, each with its deviation.
#[test]
fn each_stop_that_rested_on_a_corrected_entry_is_raised_again() {
    let given = two_stops();
    let [first, second] = [0, 1].map(|nth| given.batch().stops[nth].number());
    let given = assessed_hold(given, 1, "go on");
    let evidence = present(&given, "hold#1", "verdict");
    let given = [first, second].into_iter().fold(given, |record, stop| {
        let seen = record.version();
        record.does(QA, lift(stop, &[evidence], seen))
    });
    assert_eq!(open(&given), Vec::<String>::new());
    let again = given.does(TECH, correct("hold#1", "verdict", choice("reject")));
    assert_eq!(
        open(&again),
        [
            "Container: Verdict reject, expected go on",
            "Temperature: Verdict reject, expected go on"
        ]
    );
    let numbers: Vec<_> = again
        .batch()
        .deviations
        .iter()
        .map(|one| one.number.clone())
        .collect();
    assert_eq!(
        numbers,
        ["D1", "D2", "D3", "D4"].map(|nth| format!("GE-2026-0007-{nth}"))
    );
}
