//! What departs from the expected is an exception: it is recorded, shown, and assessed before the review.

use crate::record::{
    MANY, NO, QA, QP, Record, TECH, after_p0, assess, at, choice, cleared, controlled, correct,
    entry_at, finished, n, raise, received, registered, tested, text,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, ExceptionCommand, ExceptionEvent, ExceptionKind,
        ExceptionRefusal, InputRefusal, ProcessingRefusal, Refusal, ReleaseCommand, ReleaseRefusal,
        StandingRefusal,
    },
    rights::Action,
};

fn kinds(record: &Record) -> Vec<String> {
    record
        .batch()
        .exceptions
        .iter()
        .map(|one| one.kind.to_string())
        .collect()
}

// A11-4.7: strict and inclusive limits at their boundaries.
#[test]
fn a_value_outside_its_limit_is_recorded_and_is_an_exception() {
    for (value, outside) in [
        ("2", true),
        ("2.0", true),
        ("2.1", false),
        ("25", false),
        ("25.0", false),
        ("25.1", true),
        ("-196", true),
    ] {
        let given = registered()
            .after(1)
            .entry(TECH, "receipt", "temperature", n(value));
        let said = format!("Temperature {value} °C is outside its limit > 2 and ≤ 25 °C");
        let wanted = if outside { vec![said] } else { vec![] };
        assert_eq!(kinds(&given), wanted, "{value}");
    }
}

#[test]
fn an_answer_that_is_not_expected_is_an_exception() {
    let given = registered().after(1).entry(TECH, "receipt", "identity", NO);
    assert_eq!(
        kinds(&given),
        ["Identity agrees no is outside its limit yes"]
    );
    let grade = |value: &str| kinds(&received().entry(TECH, "clearance", "grade", choice(value)));
    assert_eq!(grade("B"), Vec::<String>::new());
    assert_eq!(grade("C"), ["Grade C is outside its limit A or B"]);
}

// DI-2, A11-16: a late entry says so; an hour is late after 60 minutes.
#[test]
fn what_is_recorded_late_is_an_exception() {
    let given = received().after(3);
    let cleared_at = |minutes: i64| {
        let performed_at = given.now.plus(chrono::TimeDelta::minutes(-minutes));
        kinds(&given.clone().does(
            TECH,
            entry_at("clearance", "grade", choice("A"), performed_at),
        ))
    };
    assert_eq!(cleared_at(60), Vec::<String>::new());
    assert_eq!(cleared_at(61), ["Recorded late"]);
}

#[test]
fn a_step_done_outside_its_window_is_an_exception() {
    for (hours, outside) in [(71, true), (72, false), (96, false), (97, true)] {
        let given = cleared()
            .seeded(0, "20000000")
            .after(hours)
            .entry(TECH, "medium@P0#1", "lot", text("L1"))
            .completed(TECH, "medium@P0#1");
        assert_eq!(kinds(&given).len(), usize::from(outside), "{hours} h");
    }
}

#[test]
fn a_computed_figure_outside_its_check_is_an_exception() {
    for (viable, outside) in [("699999", true), ("700000", false)] {
        let given = cleared()
            .seeded(0, "20000000")
            .counted(0, "1000000", viable);
        assert_eq!(kinds(&given).len(), usize::from(outside), "{viable}");
    }
}

// Gunetti 2012: CV below 10 %, strictly. 100 and 115 differ by 9.87 %, 100 and 116 by 10.48 %.
#[test]
fn two_counts_that_differ_too_much_are_an_exception() {
    for (second, outside) in [("115000000", false), ("116000000", true)] {
        let given = controlled()
            .after(1)
            .entry(TECH, "harvest", "total-cells-1", n("100000000"))
            .entry(TECH, "harvest", "viable-cells-1", n("90000000"))
            .entry(TECH, "harvest", "total-cells-2", n(second))
            .entry(TECH, "harvest", "viable-cells-2", n("100000000"))
            .completed(TECH, "harvest");
        let wanted: &[&str] = if outside {
            &["CV of the two counts 10.5 % is outside its limit < 10 %"]
        } else {
            &[]
        };
        assert_eq!(kinds(&given), wanted);
    }
}

// domain.md 5: a loss gives a negative figure: keep the sign and flag it.
#[test]
fn a_passage_that_lost_cells_is_an_exception() {
    for (viable, lost) in [("499999", true), ("500000", false), ("500001", false)] {
        let given = after_p0().seeded(1, "500000").counted(1, viable, viable);
        let wanted: &[&str] = if lost {
            &["Passage 1 gave fewer viable cells than were seeded"]
        } else {
            &[]
        };
        assert_eq!(kinds(&given), wanted, "{viable}");
    }
    // In P0 nobody knows how many of the seeded cells were MSC.
    assert_eq!(kinds(&after_p0()), Vec::<String>::new());
}

#[test]
fn one_event_may_depart_in_several_ways_and_is_assessed_once() {
    let late = at("2026-03-02T08:30:00Z");
    let given = registered()
        .after(3)
        .does(TECH, entry_at("receipt", "temperature", n("30"), late));
    assert_eq!(kinds(&given).len(), 2);
    let number = given.version();
    let batch = given.does(QA, assess(number)).batch();
    assert!(batch.exceptions.iter().all(|one| one.assessed.is_some()));
}

// DI-5: review by exception; the review itself is recorded.
#[test]
fn qa_assesses_an_exception_in_words() {
    let given = registered()
        .after(1)
        .entry(TECH, "receipt", "temperature", n("30"));
    let number = given.version();
    given.when(QA, assess(number)).gives(BatchEvent::Exception(
        ExceptionEvent::ExceptionAssessed {
            exception: number,
            assessment: "no influence".to_owned(),
        },
    ));
    given
        .when(QP, assess(number))
        .refused(Refusal::Standing(StandingRefusal::NotAllowed {
            action: Action::AssessException,
        }));
    given
        .when(QA, assess(1))
        .refused(Refusal::Exception(ExceptionRefusal::UnknownException {
            batch: "GE-2026-0007".to_owned(),
            exception: 1,
        }));
    let empty = BatchCommand::Exception(ExceptionCommand::AssessException {
        exception: number,
        assessment: String::new(),
    });
    given
        .when(QA, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "assessment",
            what: "Assessment",
        }));
    let assessed = given.does(QA, assess(number));
    assessed
        .when(QA, assess(number))
        .refused(Refusal::Exception(ExceptionRefusal::AlreadyAssessed {
            exception: number,
            name: "QA reviewer 1".to_owned(),
        }));
}

#[test]
fn nobody_assesses_an_exception_of_their_own_making() {
    let given = registered()
        .after(1)
        .entry(MANY, "receipt", "temperature", n("30"));
    let own = Refusal::Processing(ProcessingRefusal::OwnEntry {
        name: "Many Roles".to_owned(),
    });
    given.when(MANY, assess(given.version())).refused(own);
}

#[test]
fn an_exception_that_nobody_assessed_blocks_the_review() {
    let given = tested()
        .does(TECH, correct("receipt", "temperature", n("8")))
        .completed(TECH, "receipt");
    let exception = given.version() - 1;
    let what = ExceptionKind::Corrected {
        field: "Temperature".to_owned(),
        reason: "misread".to_owned(),
    }
    .to_string();
    let open = Blocker::ExceptionOpen { exception, what };
    let review = |record: &Record| {
        record.signed(
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview {
                seen: record.version(),
            }),
        )
    };
    review(&given).refused(Refusal::Release(ReleaseRefusal::Blocked {
        blockers: vec![open],
    }));
    review(&given.does(QA, assess(exception))).accepted();
}

#[test]
fn a_batch_in_which_all_went_as_expected_has_no_exception() {
    assert_eq!(kinds(&finished()), Vec::<String>::new());
    // A deviation is no exception of its own: it blocks by itself.
    assert_eq!(
        kinds(&finished().does(TECH, raise(1, None))),
        Vec::<String>::new()
    );
}
