#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::{
    ids::{CommandId, UserId},
    ledger::{Actor, Entry, Event, LedgerName, Origin, Signed, StreamName},
    refusal::Words,
    rights::Role,
    zone::{Zone, ZoneTable},
};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::parse("2026-03-05T12:00:00Z")
        .unwrap()
        .plus(TimeDelta::seconds(seconds))
}

fn steady(elapsed: i64, synchronised: Synchronised) -> Option<Steady> {
    let elapsed = TimeDelta::seconds(elapsed);
    Some(Steady {
        elapsed,
        synchronised,
    })
}

const DAY: i64 = 24 * 60 * 60;

// A11-8, P11-10e
#[test]
fn a_clock_behind_the_newest_entry_by_more_than_seconds_is_in_doubt() {
    let newest = Some(at(0));
    let cases = [
        (1, Judgement::Fine(at(1))),
        (0, Judgement::Fine(at(0))),
        (-1, Judgement::Clamped(at(0))),
        (-3, Judgement::Clamped(at(0))),
        (-10, Judgement::Clamped(at(0))),
    ];
    for (shown, expected) in cases {
        for steady in [None, steady(5, Synchronised::Unknown)] {
            let wall = at(shown);
            assert_eq!(
                judge(&Reading { wall, steady }, None, newest),
                expected,
                "{shown}"
            );
        }
    }
    for shown in [-11, -60, -3 * DAY] {
        let (wall, expected) = (at(shown), at(0));
        let doubt = Doubt {
            cause: Cause::BehindRecord,
            shown: wall,
            expected,
        };
        let reading = Reading { wall, steady: None };
        assert_eq!(
            judge(&reading, None, newest),
            Judgement::InDoubt(doubt),
            "{shown}"
        );
    }
    let first = Reading {
        wall: at(-3 * DAY),
        steady: None,
    };
    assert_eq!(judge(&first, None, None), Judgement::Fine(at(-3 * DAY)));
}

#[test]
fn a_clock_that_is_set_while_the_program_runs_is_in_doubt() {
    let anchor = Anchor {
        wall: at(0),
        elapsed: TimeDelta::seconds(500),
    };
    // After an hour by the steady clock; 3.6 s of drift are allowed beside the minute.
    let cases = [
        (0, None),
        (60, None),
        (63, None),
        (64, Some(Cause::SetForward)),
        (365 * DAY, Some(Cause::SetForward)),
        (-63, None),
        (-64, Some(Cause::SetBack)),
        (-2 * DAY, Some(Cause::SetBack)),
    ];
    for (off, expected) in cases {
        let reading = Reading {
            wall: at(3_600 + off),
            steady: steady(500 + 3_600, Synchronised::Yes),
        };
        // The last entry was before all of it.
        let judged = judge(&reading, Some(&anchor), Some(at(-30 * DAY)));
        let cause = match judged {
            Judgement::InDoubt(doubt) => {
                assert_eq!(doubt.expected, at(3_600));
                Some(doubt.cause)
            }
            Judgement::Fine(_) | Judgement::Clamped(_) => None,
        };
        assert_eq!(cause, expected, "{off}");
    }
}

#[test]
fn at_the_start_a_clock_far_ahead_is_in_doubt_where_no_time_service_keeps_it() {
    let newest = at(0);
    let cases = [
        (7 * DAY, Synchronised::Unknown, false),
        (7 * DAY + 1, Synchronised::Unknown, true),
        (7 * DAY + 1, Synchronised::Yes, false),
        (365 * DAY, Synchronised::Unknown, true),
        (365 * DAY, Synchronised::Yes, false),
    ];
    for (shown, synchronised, in_doubt) in cases {
        let reading = Reading {
            wall: at(shown),
            steady: steady(1, synchronised),
        };
        let judged = judge(&reading, None, Some(newest));
        assert_eq!(
            matches!(judged, Judgement::InDoubt(_)),
            in_doubt,
            "{shown} {synchronised:?}"
        );
        // Once it runs, silence is only silence.
        let anchor = Anchor {
            wall: at(shown),
            elapsed: TimeDelta::seconds(1),
        };
        let judged = judge(&reading, Some(&anchor), Some(newest));
        assert_eq!(judged, Judgement::Fine(at(shown)));
        assert_eq!(
            judge(&reading, None, None),
            Judgement::Fine(at(shown)),
            "an empty record"
        );
    }
}

fn entry(version: u64, recorded_at: Timestamp, event: &ClockEvent) -> Entry {
    let Event {
        kind,
        kind_version,
        payload,
    } = Event::of(event, ClockEvent::VERSION).unwrap();
    Entry {
        ledger: LedgerName::org(),
        position: version,
        stream: StreamName::clock(&LedgerName::org()),
        version,
        recorded_at,
        actor: Actor {
            user: None,
            name: "Autolog".to_owned(),
            role: "program".to_owned(),
        },
        origin: Origin {
            session: None,
            app_version: "0.1.0".to_owned(),
            clock: ClockState::NotConfirmed,
        },
        command_id: CommandId(Uuid::from_u128(u128::from(version))),
        kind,
        kind_version,
        payload,
    }
}

fn confirming(user: u128, role: Role, shown: Timestamp) -> Confirming {
    Confirming {
        user: UserId(Uuid::from_u128(user)),
        name: format!("Person {user}"),
        roles: vec![role],
        shown,
        zone: Zone::of(Box::leak(Box::new(ZoneTable::fixed(
            "Test/CET", 3_600, "CET",
        )))),
        signing: Some(Signed {
            version: 1,
            digest: "00".repeat(32),
        }),
        newest: Some(at(365 * DAY)),
        first_beyond: Some(at(364 * DAY)),
    }
}

fn in_doubt() -> (ClockRecord, Vec<Entry>) {
    let doubt = Doubt {
        cause: Cause::BehindRecord,
        shown: at(0),
        expected: at(365 * DAY),
    };
    let noticed = super::doubt(&ClockRecord::default(), doubt).unwrap();
    let entries = vec![entry(1, at(365 * DAY), &noticed)];
    (ClockRecord::fold(&entries).unwrap(), entries)
}

// A11-8: two people, and a time that doesn't come from the machine.
#[test]
fn two_people_who_read_the_time_elsewhere_end_a_doubt() {
    let (record, mut entries) = in_doubt();
    let first = confirming(1, Role::QaReviewer, at(60));
    let event = confirm(&record, &first, at(0), " radio clock ").unwrap();
    entries.push(entry(2, at(365 * DAY), &event));
    let record = ClockRecord::fold(&entries).unwrap();
    assert_eq!(
        record
            .doubt
            .as_ref()
            .unwrap()
            .first
            .as_ref()
            .unwrap()
            .source,
        "radio clock"
    );
    let refused = confirm(&record, &first, at(60), "phone").unwrap_err();
    assert!(matches!(refused, Refusal::SamePerson { .. }), "{refused}");
    let second = confirming(2, Role::Administrator, at(120));
    let event = confirm(&record, &second, at(120), "phone").unwrap();
    let ClockEvent::ClockCorrected(corrected) = &event else {
        panic!("{event:?}")
    };
    assert_eq!(
        (corrected.from, corrected.to),
        (at(364 * DAY), at(365 * DAY))
    );
    assert_eq!(corrected.readers.len(), 2);
    entries.push(entry(3, at(120), &event));
    let record = ClockRecord::fold(&entries).unwrap();
    assert_eq!(record.doubt, None);
    let correction = record.correction.clone().unwrap();
    assert_eq!(correction.at, at(120));
    assert_eq!(correction.copy.org.leaf, entries[2].leaf_hash());
    let refused = confirm(&record, &second, at(120), "phone").unwrap_err();
    assert_eq!(refused, Refusal::NotInDoubt);
}

#[test]
fn everything_wrong_with_a_reading_is_said_at_once() {
    let (record, mut entries) = in_doubt();
    let first = confirming(1, Role::QaReviewer, at(0));
    let fields = |read: Timestamp, source: &str| {
        let refused = confirm(&record, &first, read, source).err();
        let words = refused.map(|why| why.all_words()).unwrap_or_default();
        words
            .into_iter()
            .map(|words| words.field.unwrap())
            .collect::<Vec<_>>()
    };
    let long = "x".repeat(201);
    assert_eq!(fields(at(120), "phone"), Vec::<String>::new());
    assert_eq!(fields(at(121), "phone"), ["read"]);
    assert_eq!(fields(at(-120), " "), ["source"]);
    assert_eq!(fields(at(-121), " "), ["read", "source"]);
    assert_eq!(fields(at(DAY), &long), ["read", "source"]);
    // The signature is asked for last.
    let unsigned = Confirming {
        signing: None,
        ..first.clone()
    };
    let refused = confirm(&record, &unsigned, at(DAY), " ").unwrap_err();
    assert!(matches!(refused, Refusal::Several(_)), "{refused}");
    let refused = confirm(&record, &unsigned, at(0), "phone").unwrap_err();
    assert_eq!(refused, Refusal::NotAuthenticated);
    // Who has confirmed it already can't put it right by another reading.
    let event = confirm(&record, &first, at(0), "phone").unwrap();
    entries.push(entry(2, at(365 * DAY), &event));
    let record = ClockRecord::fold(&entries).unwrap();
    let refused = confirm(&record, &first, at(DAY), "").unwrap_err();
    assert!(matches!(refused, Refusal::SamePerson { .. }), "{refused}");
}

#[test]
fn a_first_reading_counts_for_half_an_hour_and_not_across_a_clock_that_was_set() {
    let (_, mut entries) = in_doubt();
    let (record, _) = in_doubt();
    let event = confirm(
        &record,
        &confirming(1, Role::QaReviewer, at(0)),
        at(0),
        "phone",
    )
    .unwrap();
    entries.push(entry(2, at(365 * DAY), &event));
    let record = ClockRecord::fold(&entries).unwrap();
    for (shown, ends) in [(0, true), (1_800, true), (1_801, false), (-1, false)] {
        let second = confirming(2, Role::QualifiedPerson, at(shown));
        let event = confirm(&record, &second, at(shown), "phone").unwrap();
        assert_eq!(
            matches!(event, ClockEvent::ClockCorrected(_)),
            ends,
            "{shown}"
        );
    }
}

#[test]
fn the_clock_is_not_confirmed_without_right_password_source_or_the_true_time() {
    let (record, _) = in_doubt();
    let by = confirming(1, Role::QaReviewer, at(0));
    let field = |refusal: &Refusal| -> Words { refusal.words() };
    for (read, taken) in [(-121, false), (-120, true), (120, true), (121, false)] {
        let event = confirm(&record, &by, at(read), "phone");
        assert_eq!(event.is_ok(), taken, "{read}");
    }
    let refused = confirm(&record, &by, at(365 * DAY), "phone").unwrap_err();
    assert_eq!(field(&refused).field.as_deref(), Some("read"));
    assert!(
        refused.to_string().contains("2026-03-05 13:00:00 CET"),
        "{refused}"
    );
    let refused = confirm(&record, &by, at(0), "  ").unwrap_err();
    assert_eq!(field(&refused).field.as_deref(), Some("source"));
    let unsigned = Confirming {
        signing: None,
        ..by.clone()
    };
    let refused = confirm(&record, &unsigned, at(0), "phone").unwrap_err();
    assert_eq!(refused, Refusal::NotAuthenticated);
    for role in Role::ALL {
        let by = confirming(1, *role, at(0));
        let may = crate::rights::may(*role, crate::rights::Action::ConfirmClock);
        assert_eq!(confirm(&record, &by, at(0), "phone").is_ok(), may, "{role}");
    }
}
