//! The order of the passages: to the target, to the maximum, or ended early. And the windows of recurring steps.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        Record, TECH, YES, after_p0, after_p1, at, cleared, entry, harvested, n, number,
        registered, registered_by, skip, step, take, text,
    },
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, InputRefusal, ProcessingCommand, ProcessingEvent,
        ProcessingRefusal, Progress, Refusal,
    },
    expansion::Figure,
};

fn next(record: &Record) -> String {
    record
        .batch()
        .next_step()
        .map_or_else(String::new, |planned| planned.at.to_string())
}

/// Given P1 with so many viable cells, its control passed.
fn p1(viable: &str) -> Record {
    after_p0()
        .seeded(1, "500000")
        .counted(1, viable, viable)
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number("94"))
}

// 10^6 per kg at 70 kg.
#[test]
fn passages_follow_until_the_target_is_reached() {
    for (viable, then) in [
        ("69999999", "seed@P2"),
        ("70000000", "harvest"),
        ("70000001", "harvest"),
    ] {
        assert_eq!(next(&p1(viable)), then, "{viable}");
    }
}

#[test]
fn the_target_does_not_end_the_culture_before_the_minimum_passage() {
    let given = cleared()
        .seeded(0, "20000000")
        .counted(0, "999000000", "900000000");
    assert_eq!(next(&given), "seed@P1");
}

#[test]
fn no_passage_follows_the_last() {
    let given = p1("1000000")
        .seeded(2, "500000")
        .counted(2, "1000000", "900000");
    assert_eq!(next(&given), "seed@P3");
    let given = given.seeded(3, "500000").counted(3, "1000000", "900000");
    assert_eq!(next(&given), "harvest");
    given
        .when(TECH, entry("seed@P4", "area", n("176")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("seed@P4"),
        }));
}

#[test]
fn a_step_of_some_passages_is_left_out_of_the_others() {
    let batch = p1("1000000").seeded(2, "500000").batch();
    let sampled: Vec<_> = batch
        .plan()
        .iter()
        .filter(|one| one.at.key == "ip-sample")
        .map(|one| one.at.to_string())
        .collect();
    assert_eq!(sampled, ["ip-sample@P1"]);
}

#[test]
fn the_culture_is_ended_between_two_passages_for_a_reason() {
    let end = || {
        BatchCommand::Processing(ProcessingCommand::EndCulture {
            reason: "slow growth".to_owned(),
        })
    };
    let given = p1("1000000");
    given
        .when(TECH, end())
        .gives(BatchEvent::Processing(ProcessingEvent::CultureEnded {
            reason: "slow growth".to_owned(),
        }));
    let ended = given.clone().does(TECH, end());
    assert_eq!(next(&ended), "harvest");
    assert_eq!(
        ended.batch().exceptions[0].kind.to_string(),
        "Culture ended before its target: slow growth"
    );
    for too_early_or_late in [
        registered(),
        cleared(),
        cleared().seeded(0, "20000000"),
        given.clone().entry(TECH, "seed@P2", "area", n("176")),
        p1("70000000"),
        harvested(),
        ended,
    ] {
        too_early_or_late
            .when(TECH, end())
            .refused(Refusal::Processing(ProcessingRefusal::CultureNotOpen));
    }
    let empty = BatchCommand::Processing(ProcessingCommand::EndCulture {
        reason: String::new(),
    });
    given
        .when(TECH, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
}

#[test]
fn a_recurring_step_stands_once_for_each_time_and_once_more_while_it_can_be_done() {
    let changed = |record: Record, nth: u16| {
        let at = format!("medium@P0#{nth}");
        record
            .after(80)
            .entry(TECH, &at, "lot", text("L1"))
            .completed(TECH, &at)
    };
    let progress = |record: &Record| {
        let batch = record.batch();
        let plan = batch
            .plan()
            .into_iter()
            .filter(|one| one.at.key == "medium");
        plan.map(|one| (one.at.to_string(), one.progress))
            .collect::<Vec<_>>()
    };
    let line = |nth: u16, progress| (format!("medium@P0#{nth}"), progress);
    let given = cleared().seeded(0, "20000000");
    assert_eq!(progress(&given), [line(1, Progress::Open)]);
    let given = changed(changed(given, 1), 2);
    let open = [
        line(1, Progress::Over),
        line(2, Progress::Over),
        line(3, Progress::Open),
    ];
    assert_eq!(progress(&given), open);
    let counted = given.counted(0, "1000000", "900000");
    assert_eq!(progress(&counted), open[..2]);
    counted
        .when(TECH, entry("medium@P0#3", "lot", text("L3")))
        .refused(Refusal::Processing(ProcessingRefusal::UnknownStep {
            step: step("medium@P0#3"),
        }));
}

#[test]
fn a_change_of_medium_is_due_from_the_seeding_and_then_from_the_last_one() {
    let due = |record: &Record, at: &str| {
        let batch = record.batch();
        let planned = batch.planned(&step(at)).unwrap();
        (
            planned.due_from.unwrap().to_string(),
            planned.due.unwrap().to_string(),
        )
    };
    let window = |from: &str, to: &str| {
        (
            format!("{from}:00:00.000000Z"),
            format!("{to}:00:00.000000Z"),
        )
    };
    // Seeded on 2 March at 10:00.
    let given = cleared().seeded(0, "20000000");
    assert_eq!(
        due(&given, "medium@P0#1"),
        window("2026-03-05T10", "2026-03-06T10")
    );
    let given = given
        .after(80)
        .entry(TECH, "medium@P0#1", "lot", text("L1"))
        .completed(TECH, "medium@P0#1");
    // Done on 5 March at 18:00.
    assert_eq!(
        due(&given, "medium@P0#2"),
        window("2026-03-08T18", "2026-03-09T18")
    );
    let skipped = given.after(90).does(TECH, skip("medium@P0#2"));
    // Left out on 9 March at 12:00.
    assert_eq!(
        due(&skipped, "medium@P0#3"),
        window("2026-03-12T12", "2026-03-13T12")
    );
    assert_eq!(skipped.batch().next_due().unwrap().at, step("medium@P0#3"));
}

#[test]
fn the_passage_and_the_start_of_the_culture_are_read_from_the_steps() {
    assert_eq!(cleared().batch().passage(), None);
    assert_eq!(cleared().batch().culture_began(), None);
    let given = cleared().seeded(0, "20000000");
    assert_eq!(given.batch().passage(), Some(0));
    assert_eq!(
        given.batch().culture_began(),
        Some(at("2026-03-02T10:00:00Z"))
    );
    assert_eq!(after_p1().batch().passage(), Some(1));
}

// domain.md 5, Colter 2000: 59R P1 530 → 1.9e5 in 14 days; P0 is not computable.
#[test]
fn growth_is_reckoned_from_the_entries() {
    let given = after_p0()
        .seeded(1, "530")
        .after(168)
        .counted(1, "200000", "190000");
    let growth = given.batch().growth();
    assert!(matches!(growth[0].doublings, Figure::NotComputable(_)));
    assert_eq!(growth[1].doublings.shown(3), "8.486");
    assert_eq!(growth[1].cumulative_doublings.shown(3), "8.486");
    assert_eq!(growth[1].doubling_time_hours.shown(2), "39.60");
    assert_eq!(growth[1].seeding_density.shown(2), "3.01");
}

#[test]
fn a_process_without_passages_is_a_row_of_steps() {
    let start = MASTER_RECORD.find("[culture]").unwrap();
    let steps = MASTER_RECORD.find("[[step]]").unwrap();
    let from = MASTER_RECORD.find("[[step]]\nkey = \"seed\"").unwrap();
    let to = MASTER_RECORD.find("[[step]]\nkey = \"harvest\"").unwrap();
    let fresh = format!(
        "{}{}{}",
        &MASTER_RECORD[..start],
        &MASTER_RECORD[steps..from],
        &MASTER_RECORD[to..]
    );
    let given = registered_by(&fresh, SPECIFICATION).entry(TECH, "receipt", "identity", YES);
    let keys: Vec<_> = given
        .batch()
        .plan()
        .iter()
        .map(|one| one.at.to_string())
        .collect();
    assert_eq!(
        keys,
        [
            "receipt",
            "clearance",
            "harvest",
            "sample",
            "freeze",
            "closing"
        ]
    );
}
