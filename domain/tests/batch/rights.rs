//! Each command asked for in each role: allowed where the table of rights says so, refused everywhere else.

use crate::record::{
    self, Person, Record, YES, after_p1, certified, choice, comment, confirm_result, correct,
    correct_result, destroy_dose, destroy_unit, deviation, dispatch, enter, entry, finished,
    infuse, invalidate, n, number, prepare, prepared, raise, received, registered, return_result,
    review_result, skip, store, take, tested, verify,
};
use domain::{
    batch::{
        BatchCommand, DeviationClass, DeviationCommand, HarvestCommand, HarvestField,
        ProcessingCommand, Refusal, ReleaseCommand, StandingRefusal, TimeOf, TimesCommand,
    },
    rights::{Role, may},
};

/// A record in which the command is allowed to a person who has the right, and nothing but the right decides.
fn ways() -> Vec<(Record, BatchCommand)> {
    let receipt = || {
        registered()
            .after(1)
            .entry(record::TECH, "receipt", "identity", YES)
    };
    let ended = after_p1()
        .does(record::TECH, take(1, "ip-sample@P1", "0"))
        .completed(record::TECH, "ip-sample@P1");
    let short = record::after_p0();
    let sampled = finished();
    let today = sampled.today();
    let entered = sampled
        .clone()
        .does(record::QC, enter(2, "viability", number("93"), today));
    // Only who entered a result corrects it: the person who asks for everything below.
    let analyst = Person {
        id: 99,
        name: "Somebody Else",
        roles: &[Role::QcAnalyst],
    };
    let own = sampled
        .clone()
        .does(analyst, enter(2, "viability", number("93"), today));
    let raised = received().does(record::TECH, raise(1, None));
    let classified = raised
        .clone()
        .does(
            record::QA,
            BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                deviation: deviation(1),
                class: DeviationClass::Minor,
            }),
        )
        .does(record::QA, record::assess_deviation(1));
    let departed = receipt().entry(record::TECH, "receipt", "temperature", n("30"));
    let stopped = receipt().entry(record::TECH, "receipt", "container", choice("open"));
    let stop = stopped.batch().stops[0].number();
    let assessed = stopped
        .entry(record::TECH, "hold#1", "verdict", choice("go on"))
        .verified(record::TECH2, "hold#1", "verdict");
    let evidence = assessed.version() - 1;
    let mixed_up = receipt().does(record::TECH, correct("receipt", "identity", record::NO));
    let identity = mixed_up.batch().stops[0].number();
    let (reviewed, certified) = (tested().reviewed(), certified());
    let sent = prepared().does(record::PHARMACIST, dispatch(1));
    let now = sent.now;
    let given = sent
        .clone()
        .does(record::PHARMACIST, infuse(1, now, now))
        .after(1);
    let seen = |record: &Record| record.version();
    vec![
        (
            registered(),
            BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
                field: HarvestField::Weight,
                value: "71".to_owned(),
                reason: "misread".to_owned(),
            }),
        ),
        (receipt(), entry("receipt", "temperature", n("8"))),
        (received(), correct("receipt", "temperature", n("8"))),
        (
            received().after(1),
            BatchCommand::Times(TimesCommand::CorrectTime {
                of: TimeOf::Step {
                    step: record::step("receipt"),
                },
                at: received().now.plus(chrono::TimeDelta::minutes(30)),
                reason: "misread".to_owned(),
            }),
        ),
        (
            received(),
            BatchCommand::Times(TimesCommand::CorrectTime {
                of: TimeOf::Collection,
                at: record::harvest()
                    .collected_at
                    .plus(chrono::TimeDelta::minutes(-30)),
                reason: "misread".to_owned(),
            }),
        ),
        (
            given,
            BatchCommand::Times(TimesCommand::CorrectTime {
                of: TimeOf::InfusionEnd {
                    dose: record::dose(1),
                },
                at: now.plus(chrono::TimeDelta::minutes(30)),
                reason: "misread".to_owned(),
            }),
        ),
        (receipt(), verify("receipt", "identity", YES)),
        (receipt(), record::not_applicable("receipt", "remark")),
        (received(), skip("clearance")),
        (
            received().entry(record::TECH, "clearance", "grade", choice("A")),
            record::complete("clearance", 0),
        ),
        (
            short,
            BatchCommand::Processing(ProcessingCommand::EndCulture {
                reason: "slow".to_owned(),
            }),
        ),
        (ended, comment(None, "seen")),
        (record::harvested(), take(2, "sample", "0")),
        (sampled, enter(2, "viability", number("93"), today)),
        (entered.clone(), review_result(2, "viability", 1)),
        (own.clone(), correct_result(2, "viability", 1, number("95"))),
        (entered.clone(), return_result(2, "viability", 1)),
        (
            own.does(record::QC2, return_result(2, "viability", 1)),
            confirm_result(2, "viability", 1),
        ),
        (entered, invalidate(2, "viability", 1)),
        (
            assessed.clone(),
            record::lift(stop, &[evidence], seen(&assessed)),
        ),
        (
            mixed_up,
            record::read_identifiers(identity, "GE-01", record::din()),
        ),
        (received(), raise(1, None)),
        (
            raised.clone(),
            BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
                deviation: deviation(1),
                class: DeviationClass::Minor,
            }),
        ),
        (raised, record::assess_deviation(1)),
        (
            classified.clone(),
            BatchCommand::Deviation(DeviationCommand::CloseDeviation {
                deviation: deviation(1),
                seen: seen(&classified),
            }),
        ),
        (departed.clone(), record::assess(seen(&departed))),
        (
            tested(),
            BatchCommand::Release(ReleaseCommand::SignReview {
                seen: seen(&tested()),
            }),
        ),
        (
            reviewed.clone(),
            BatchCommand::Release(ReleaseCommand::Certify {
                seen: seen(&reviewed),
            }),
        ),
        (
            reviewed.clone(),
            BatchCommand::Release(ReleaseCommand::Reject {
                reasons: "lost".to_owned(),
                seen: seen(&reviewed),
            }),
        ),
        (
            certified.clone(),
            BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: "error".to_owned(),
                seen: seen(&certified),
            }),
        ),
        (record::sampled(), store(1, "38000000", "T1")),
        (certified.clone(), destroy_unit(1)),
        (certified, prepare(1, &[1, 2])),
        (prepared(), dispatch(1)),
        (sent, infuse(1, now, now)),
        (prepared(), destroy_dose(1)),
    ]
}

// P11-10g, A11-15: a positive and a negative test for each role × command.
#[test]
fn each_command_is_allowed_to_the_roles_of_the_table_and_to_nobody_else() {
    for (record, command) in ways() {
        let action = command.action();
        for role in Role::ALL {
            let person = Person {
                id: 99,
                name: "Somebody Else",
                roles: std::slice::from_ref(role),
            };
            let answer = record.signed(person, command.clone()).0;
            if may(*role, action) {
                assert!(answer.is_ok(), "{role}: {command:?}: {answer:?}");
            } else {
                assert_eq!(
                    answer,
                    Err(Refusal::Standing(StandingRefusal::NotAllowed { action })),
                    "{role}: {command:?}"
                );
            }
        }
        let nobody = Person {
            id: 99,
            name: "Somebody Else",
            roles: &[],
        };
        assert_eq!(
            record.signed(nobody, command).0,
            Err(Refusal::Standing(StandingRefusal::NotAllowed { action }))
        );
    }
}

#[test]
fn the_walk_takes_each_command() {
    let walked: std::collections::BTreeSet<_> = ways()
        .iter()
        .map(|(_, command)| crate::coverage::name(command))
        .collect();
    let all = crate::coverage::variants(
        include_str!("../../src/batch/command.rs"),
        "pub enum BatchCommand {",
    );
    assert_eq!(walked, all.into_iter().collect());
}
