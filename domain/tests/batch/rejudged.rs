//! Who corrects a figure that a verdict rests on turns no reviewed result by it: the review is void, and QA sees both
//! verdicts.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    minimum_times::{STERILITY, outcome, read, sampled_at},
    record::{
        Answer, QC, QC2, Record, TECH, at, category, day, documents, enter, harvested, number,
        review_result, rome, sample, take,
    },
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, HarvestCommand, HarvestField, QualityEvent, TimeOf,
        TimesCommand, TimesEvent,
    },
    release::{Awaits, Outcome},
};

fn retime(to: &str) -> BatchCommand {
    BatchCommand::Times(TimesCommand::CorrectTime {
        of: TimeOf::Sample { sample: sample(2) },
        at: at(to),
        reason: "misread".to_owned(),
    })
}

fn weigh(kg: &str) -> BatchCommand {
    BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
        field: HarvestField::Weight,
        value: kg.to_owned(),
        reason: "typing error".to_owned(),
    })
}

/// The verdicts before and after of each result that the command makes another.
fn turned(answer: Answer) -> Vec<(String, String, String)> {
    let events = answer.0.unwrap().into_iter();
    let of = |event| match event {
        BatchEvent::Quality(QualityEvent::ResultRejudged {
            criterion,
            before,
            after,
            ..
        }) => Some((criterion, before, after)),
        _ => None,
    };
    events.filter_map(of).collect()
}

fn verdicts(criterion: &str, before: &str, after: &str) -> Vec<(String, String, String)> {
    vec![(criterion.to_owned(), before.to_owned(), after.to_owned())]
}

// RMM-1: no growth on the thirteenth day says nothing yet; a sample that was taken a day earlier makes it the fourteenth.
#[test]
fn the_corrected_time_of_a_sample_turns_no_reviewed_result() {
    let given = || sampled_at(rome(), "2026-03-17T09:00:00Z");
    let early = read(&given(), "no growth", day("2026-03-30"));
    let events = early.when(TECH, retime("2026-03-16T12:00:00Z")).0.unwrap();
    let rejudged = BatchEvent::Quality(QualityEvent::ResultRejudged {
        sample: sample(2),
        criterion: STERILITY.to_owned(),
        before: "pending".to_owned(),
        after: "pass".to_owned(),
        figure: "Time of sample GE-2026-0007-S02".to_owned(),
        reason: "misread".to_owned(),
    });
    assert!(
        matches!(events.as_slice(), [BatchEvent::Times(TimesEvent::TimeCorrected { .. }), second] if *second == rejudged),
        "{events:?}"
    );
    let corrected = early.does(TECH, retime("2026-03-16T12:00:00Z"));
    let awaits = Awaits::Review;
    assert_eq!(outcome(&corrected), Outcome::Pending { awaits });
    let blockers = corrected.batch().review_blockers();
    assert!(blockers.contains(&Blocker::ResultNotReviewed {
        sample: "GE-2026-0007-S02".to_owned(),
        test: "Sterility".to_owned(),
    }));
    let words = "Result of Sterility (no growth) was judged pending and is judged pass since another figure was corrected \
                 (Time of sample GE-2026-0007-S02: misread); its review is void";
    let batch = corrected.batch();
    let exception = batch.exceptions.last().unwrap();
    assert_eq!(exception.kind.to_string(), words);
    assert_eq!(exception.stamp.version, corrected.version());
    assert!(exception.assessed.is_none());
    // An analyst sees it with its new verdict.
    let again = corrected.does(QC2, review_result(2, STERILITY, 1));
    assert_eq!(outcome(&again), Outcome::Pass);
}

#[test]
fn a_review_stands_where_the_verdict_does() {
    let given = || sampled_at(rome(), "2026-03-17T09:00:00Z");
    for (result, read_on, to, expected) in [
        ("no growth", "2026-03-20", "2026-03-16T12:00:00Z", None),
        ("no growth", "2026-03-30", "2026-03-17T10:00:00Z", None),
        ("growth", "2026-03-30", "2026-03-16T12:00:00Z", None),
        ("no growth", "2026-04-20", "2026-03-16T12:00:00Z", None),
        (
            "no growth",
            "2026-03-30",
            "2026-03-16T12:00:00Z",
            Some(("pending", "pass")),
        ),
        (
            "no growth",
            "2026-03-31",
            "2026-03-18T09:00:00Z",
            Some(("pass", "pending")),
        ),
    ] {
        let read = read(&given(), result, day(read_on));
        let expected = expected.map_or_else(Vec::new, |(before, after)| {
            verdicts(STERILITY, before, after)
        });
        assert_eq!(
            turned(read.when(TECH, retime(to))),
            expected,
            "{result} {read_on} {to}"
        );
    }
    // Nobody has reviewed it yet: who does sees the verdict as it is.
    let entered = given().does(
        QC,
        enter(2, STERILITY, category("no growth"), day("2026-03-30")),
    );
    let answer = entered.when(TECH, retime("2026-03-16T12:00:00Z"));
    assert_eq!(turned(answer), vec![]);
}

/// Given a reviewed endotoxin by the limit of 5 EU/kg in 100 mL, for 70 kg.
fn with_endotoxin(result: &str) -> Record {
    let criterion = r#"
[[criterion]]
key = "endotoxin"
test = "Endotoxin"
method = "LAL"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "EU/mL"
endotoxin = { k = 5, volume_ml = 100, duration_h = 1 }
site_choice = true
"#;
    let mut given = harvested();
    given.documents = documents(MASTER_RECORD, &format!("{SPECIFICATION}{criterion}"));
    let today = given.today();
    given
        .does(TECH, take(2, "sample", "0"))
        .does(QC, enter(2, "endotoxin", number(result), today))
        .does(QC2, review_result(2, "endotoxin", 1))
}

// Ph. Eur. 5.1.10: what a body may be given goes by its weight.
#[test]
fn a_corrected_body_weight_turns_no_reviewed_result() {
    for (result, kg, before, after) in [
        ("4", "110", "fail", "pass"),
        ("3.5", "69.9", "pass", "fail"),
        ("4", "80", "fail", "pass"),
    ] {
        let given = with_endotoxin(result);
        assert_eq!(
            turned(given.when(TECH, weigh(kg))),
            verdicts("endotoxin", before, after),
            "{result} {kg}"
        );
        let corrected = given.does(TECH, weigh(kg));
        let batch = corrected.batch();
        let words = format!(
            "Result of Endotoxin ({result} EU/mL) was judged {before} and is judged {after} since another figure was corrected \
             (body weight: typing error); its review is void"
        );
        assert_eq!(batch.exceptions.last().unwrap().kind.to_string(), words);
        let awaits = Awaits::Review;
        let verdict = batch.verdict();
        assert_eq!(
            verdict.criterion("endotoxin").unwrap().outcome,
            Outcome::Pending { awaits }
        );
    }
    for (result, kg) in [("4", "79.9"), ("3.5", "71"), ("0.1", "110")] {
        let answer = with_endotoxin(result).when(TECH, weigh(kg));
        assert_eq!(turned(answer), vec![], "{result} {kg}");
    }
    // Another figure of the harvest turns nothing.
    let volume = BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
        field: HarvestField::Volume,
        value: "41".to_owned(),
        reason: "misread".to_owned(),
    });
    assert_eq!(turned(with_endotoxin("4").when(TECH, volume)), vec![]);
}
