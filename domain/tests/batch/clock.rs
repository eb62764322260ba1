//! While the clock of the server isn't confirmed: what keeps cells alive is recorded, and nothing else.

use crate::record::{
    PHARMACIST, Person, QA, QP, Record, TECH, TECH2, YES, assess, choice, complete, complete_at,
    context, d, din, dose, entry, entry_at, frozen, n, received, registered, step,
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, Context, DoseCommand, ExceptionKind, InputRefusal,
        ProcessingCommand, Refusal, ReleaseCommand, StandingRefusal, decide,
    },
    clock::ClockState,
    time::Timestamp,
};

/// What a command comes to while the clock shows `now` and isn't confirmed.
fn in_doubt(
    given: &Record,
    person: Person,
    now: Timestamp,
    command: BatchCommand,
) -> Result<Vec<BatchEvent>, Refusal> {
    let context = Context {
        clock: ClockState::NotConfirmed,
        signing: Some("00".to_owned()),
        ..context(person, now)
    };
    decide(&given.batch(), command, &context).map(|(_, events)| events)
}

// A11-8, ATMP-9: no dose leaves by a clock that nobody trusts; so an expired one can't either.
#[test]
fn by_a_clock_in_doubt_no_dose_leaves_and_nothing_is_signed_off() {
    let given = frozen();
    let now = given.now;
    let seen = given.version();
    let din = din();
    let refused = [
        (
            PHARMACIST,
            BatchCommand::Dose(DoseCommand::DispatchDose {
                dose: dose(1),
                subject: given.batch().harvest.subject,
                din,
                destination: "Ward 3".to_owned(),
            }),
        ),
        (
            PHARMACIST,
            BatchCommand::Dose(DoseCommand::RecordInfusion {
                dose: dose(1),
                started_at: now,
                ended_at: now,
                volume_ml: d("100"),
                given_on_hold: false,
            }),
        ),
        (
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen }),
        ),
        (QP, BatchCommand::Release(ReleaseCommand::Certify { seen })),
        (
            TECH,
            BatchCommand::Processing(ProcessingCommand::Comment {
                step: None,
                text: "a word".to_owned(),
            }),
        ),
    ];
    for (person, command) in refused {
        let what = format!("{command:?}");
        assert_eq!(
            in_doubt(&given, person, now, command),
            Err(Refusal::Standing(StandingRefusal::ClockNotConfirmed)),
            "{what}"
        );
    }
}

#[test]
fn by_a_clock_in_doubt_what_keeps_cells_alive_is_recorded_with_a_stated_time() {
    let given = registered().after(1);
    let true_time = given.now;
    // The clock is two days back, or a year ahead: it says nothing of what the person states.
    for off in [TimeDelta::days(-2), TimeDelta::days(365)] {
        let now = true_time.plus(off);
        let stated = entry_at("receipt", "identity", YES, true_time);
        assert!(in_doubt(&given, TECH, now, stated).is_ok(), "{off}");
        let unstated = in_doubt(&given, TECH, now, entry("receipt", "identity", YES));
        assert!(
            matches!(
                unstated,
                Err(Refusal::Input(InputRefusal::TimeNeeded { .. }))
            ),
            "{off}: {unstated:?}"
        );
    }
    let given = given
        .entry(TECH, "receipt", "identity", YES)
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .verified(TECH2, "receipt", "identity");
    let (now, seen) = (true_time.plus(TimeDelta::days(-2)), given.version());
    assert!(in_doubt(&given, TECH, now, complete_at("receipt", true_time, seen)).is_ok());
    let unstated = in_doubt(&given, TECH, now, complete("receipt", seen));
    assert!(
        matches!(
            unstated,
            Err(Refusal::Input(InputRefusal::TimeNeeded { .. }))
        ),
        "{unstated:?}"
    );
}

/// Given also what this came to by a clock in doubt.
fn recorded_in_doubt(given: Record, person: Person, command: BatchCommand) -> Record {
    let events = in_doubt(&given, person, given.now, command).unwrap();
    events.into_iter().fold(given, |record, event| {
        let mut record = record.event(person, event);
        record.events.last_mut().unwrap().clock = ClockState::NotConfirmed;
        record
    })
}

const FLAG: &str =
    "Recorded while the server's clock was not confirmed: its time of recording may be wrong";

// A11-8, DI-2: QA sees what rests on a stated time alone, and says what it means.
#[test]
fn what_was_recorded_by_a_clock_in_doubt_is_an_exception() {
    let given = registered().after(1);
    let stated = |field: &str, value| entry_at("receipt", field, value, given.now);
    let flagged = recorded_in_doubt(given.clone(), TECH, stated("temperature", n("18.5")));
    let batch = flagged.batch();
    let [exception] = batch.exceptions.as_slice() else {
        panic!("{:?}", batch.exceptions)
    };
    assert_eq!(exception.kind, ExceptionKind::ClockNotConfirmed);
    assert_eq!(exception.kind.to_string(), FLAG);
    assert_eq!(exception.step, Some(step("receipt")));
    let number = exception.stamp.version;
    let blocks = Blocker::ExceptionOpen {
        exception: number,
        what: FLAG.to_owned(),
    };
    assert!(batch.review_blockers().contains(&blocks));
    let assessed = flagged.does(QA, assess(number));
    assert!(!assessed.batch().review_blockers().contains(&blocks));
    // What follows by a confirmed clock is not flagged.
    let after = assessed.entry(TECH, "receipt", "container", choice("intact"));
    assert_eq!(after.batch().exceptions.len(), 1);
    // An entry that fails is flagged once, not again with its stop and its deviation.
    let stopped = recorded_in_doubt(given.clone(), TECH, stated("container", choice("open")));
    let kinds: Vec<_> = (stopped.batch().exceptions.iter())
        .map(|one| (one.stamp.version, one.kind.to_string()))
        .collect();
    let outside = "Container open is outside its limit intact".to_owned();
    assert_eq!(kinds, [(2, FLAG.to_owned()), (2, outside)]);
}

#[test]
fn by_a_clock_in_doubt_a_checklist_waits() {
    let given = received();
    let stated = entry_at("clearance", "grade", choice("A"), given.now);
    let refused = in_doubt(&given, TECH, given.now, stated);
    assert_eq!(
        refused,
        Err(Refusal::Standing(StandingRefusal::ClockNotConfirmed))
    );
}
