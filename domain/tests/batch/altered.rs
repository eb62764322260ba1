//! A record that was changed outside Autolog: nothing of it is signed, no dose leaves, and the work goes on.

use crate::record::{
    DIGEST, PHARMACIST, Person, QA, QP, Record, TECH, certified, comment, context, destroy_dose,
    dispatch, finished, prepare, prepared, tested, unit,
};
use domain::batch::{
    Batch, BatchCommand, Blocker, Context, DoseCommand, Refusal, ReleaseCommand, StandingRefusal,
    decide,
};

const WHAT: &str =
    "Entry 12 was altered: it does not match the hash that was kept when it was recorded.";

fn altered(record: &Record) -> Batch {
    let mut batch = record.batch();
    batch.altered = Some(WHAT.to_owned());
    batch
}

fn asked(record: &Record, person: Person, command: BatchCommand) -> Result<(), Refusal> {
    let context = Context {
        signing: Some(DIGEST.to_owned()),
        ..context(person, record.now)
    };
    decide(&altered(record), command, &context).map(|_| ())
}

fn refused() -> Result<(), Refusal> {
    Err(Refusal::Standing(StandingRefusal::RecordAltered {
        what: WHAT.to_owned(),
    }))
}

// P11-10a2: invalid or altered records are discerned, and nothing is released on them.
#[test]
fn it_blocks_review_certification_and_every_dose() {
    let given = tested();
    let seen = given.version();
    for blockers in [
        altered(&given).review_blockers(),
        altered(&given).blockers(given.now),
    ] {
        assert_eq!(
            blockers[0],
            Blocker::RecordAltered {
                what: WHAT.to_owned()
            }
        );
    }
    assert_eq!(
        asked(
            &given,
            QA,
            BatchCommand::Release(ReleaseCommand::SignReview { seen })
        ),
        refused()
    );
    let given = tested().reviewed();
    let seen = given.version();
    assert_eq!(
        asked(
            &given,
            QP,
            BatchCommand::Release(ReleaseCommand::Certify { seen })
        ),
        refused()
    );
    for command in [
        BatchCommand::Release(ReleaseCommand::Reject {
            reasons: "sterility fails".to_owned(),
            seen,
        }),
        BatchCommand::Release(ReleaseCommand::WithdrawCertification {
            reason: "error".to_owned(),
            seen,
        }),
    ] {
        assert_eq!(asked(&given, QP, command), refused());
    }
    assert_eq!(
        asked(&certified(), PHARMACIST, prepare(1, &[1, 2])),
        refused()
    );
    assert_eq!(asked(&prepared(), PHARMACIST, dispatch(1)), refused());
    let given = certified();
    let by = context(PHARMACIST, given.now);
    let released = |batch: &Batch| batch.released_unit(unit(1), &by).is_ok();
    assert!(released(&given.batch()) && !released(&altered(&given)));
}

#[test]
fn it_is_told_on_a_page_before_anything_is_typed() {
    let given = tested().reviewed();
    let seen = given.version();
    let shown = decide(
        &altered(&given),
        BatchCommand::Release(ReleaseCommand::Certify { seen }),
        &context(QP, given.now),
    );
    let words = shown.unwrap_err().to_string();
    assert!(
        words.starts_with(
            "The record of this batch was changed outside Autolog: Entry 12 was altered"
        ),
        "{words}"
    );
}

// ALCOA: what happens to the cells is recorded when it happens.
#[test]
fn what_happens_to_the_cells_is_still_recorded() {
    let given = finished();
    let unsigned = context(TECH, given.now);
    assert!(
        decide(
            &altered(&given),
            comment(None, "Incubator alarm"),
            &unsigned
        )
        .is_ok()
    );
    let given = prepared();
    let by = context(PHARMACIST, given.now);
    assert!(decide(&altered(&given), destroy_dose(1), &by).is_ok());
    let given = prepared().does(PHARMACIST, dispatch(1));
    let by = context(PHARMACIST, given.now);
    // It must not be given; where it was, that is said and recorded.
    let infusion = |given_on_hold: bool| {
        BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose: crate::record::dose(1),
            started_at: given.now,
            ended_at: given.now,
            volume_ml: crate::record::d("100"),
            given_on_hold,
        })
    };
    assert!(decide(&altered(&given), infusion(false), &by).is_err());
    assert!(decide(&altered(&given), infusion(true), &by).is_ok());
}
