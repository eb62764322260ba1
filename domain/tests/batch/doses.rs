//! Doses: from released units, to their own donor, under a signature that stands.

use crate::{
    documents::{MASTER_RECORD, SPECIFICATION},
    record::{
        PHARMACIST, QA, QP, Record, TECH, assess, certified, d, destroy_dose, destroy_unit, din,
        dispatch, dose, finished, infuse, prepare, prepared, raise, registered_by, rome, tested,
        unit,
    },
};
use chrono::TimeDelta;
use domain::{
    batch::{
        BatchCommand, BatchEvent, Blocker, DoseCommand, DoseEvent, DoseRefusal, DoseState,
        HarvestCommand, InputRefusal, InventoryEvent, InventoryRefusal, Refusal, ReleaseRefusal,
        StandingRefusal, UnitForm,
    },
    identifiers::{Din, DonationNumber},
    rights::Action,
};

fn not_certified() -> Refusal {
    Refusal::Release(ReleaseRefusal::NotCertified {
        batch: "GE-2026-0007".to_owned(),
    })
}

#[test]
fn a_dose_is_made_of_released_units_for_the_weight() {
    let given = certified();
    given
        .when(PHARMACIST, prepare(1, &[2, 1, 2]))
        .gives(BatchEvent::Dose(DoseEvent::DosePrepared {
            dose: dose(1),
            code: "GE-2026-0007-DOSE1".to_owned(),
            units: vec![unit(1), unit(2)],
            viable_cells: d("76000000"),
            weight_kg: d("70"),
            weighed_on: crate::record::day("2026-03-01"),
        }));
    for person in [TECH, QA, QP] {
        given
            .when(person, prepare(1, &[1, 2]))
            .refused(Refusal::Standing(StandingRefusal::NotAllowed {
                action: Action::GiveDose,
            }));
    }
}

// NCT02239393: 1 to 2 × 10^6 per kg, both bounds within; 70 kg.
#[test]
fn a_dose_lies_within_its_window() {
    let given = certified();
    let outside = |viable: &str, per_kg: &str| {
        Refusal::Dose(DoseRefusal::DoseOutsideWindow {
            viable: viable.replace(' ', "\u{202f}"),
            weight: "70".to_owned(),
            per_kg: per_kg.to_owned(),
            window: "1 to 2 × 10⁶ viable cells/kg".to_owned(),
        })
    };
    given
        .when(PHARMACIST, prepare(1, &[1]))
        .refused(outside("38 000 000", "0.54"));
    given.when(PHARMACIST, prepare(1, &[1, 2, 3])).accepted();
    given
        .when(PHARMACIST, prepare(1, &[1, 2, 3, 4]))
        .refused(outside("152 000 000", "2.17"));
    given
        .when(PHARMACIST, prepare(1, &[]))
        .refused(Refusal::Dose(DoseRefusal::NoUnitChosen));
}

// A16-steps: no dose leaves without a signature of the QP that stands.
#[test]
fn no_dose_is_prepared_or_leaves_while_no_certification_stands() {
    for given in [
        finished(),
        tested(),
        tested().reviewed(),
        certified().withdrawn(),
    ] {
        given
            .when(PHARMACIST, prepare(1, &[1, 2]))
            .refused(not_certified());
    }
    prepared()
        .withdrawn()
        .when(PHARMACIST, dispatch(1))
        .refused(not_certified());
    // Certified again, it may.
    prepared()
        .withdrawn()
        .reviewed()
        .certified()
        .when(PHARMACIST, dispatch(1))
        .accepted();
}

// NCT02239393: the window is that of the weight in the record at the moment the dose leaves.
#[test]
fn a_dose_of_another_weight_does_not_leave() {
    let corrected = |weight: &str| {
        let correct = BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field: domain::batch::HarvestField::Weight,
            value: weight.to_owned(),
            reason: "misread".to_owned(),
        });
        prepared()
            .withdrawn()
            .does(TECH, correct)
            .assessed()
            .reviewed()
            .certified()
    };
    // 76 million cells: 1.0 to 2.0 × 10^6 per kg from 76 down to 38 kg.
    for weight in ["76", "38"] {
        corrected(weight).when(PHARMACIST, dispatch(1)).accepted();
    }
    for weight in ["76.1", "37.9"] {
        let refused = corrected(weight).when(PHARMACIST, dispatch(1)).0;
        assert!(
            matches!(&refused, Err(Refusal::Dose(DoseRefusal::DoseOutsideWindow { weight: of, .. })) if of == weight),
            "{refused:?}"
        );
    }
}

#[test]
fn what_comes_up_after_the_certification_keeps_the_dose_here() {
    let raised = prepared().does(TECH, raise(1, None));
    assert!(matches!(
        raised.clone().when(PHARMACIST, dispatch(1)).0,
        Err(Refusal::Release(ReleaseRefusal::HeldBack { .. }))
    ));
    // The signature of a QP who did not know of the deviation is not enough once QA has closed it (ADR 5).
    let closed = raised.deviation_closed(1);
    let number = "GE-2026-0007-D1".to_owned();
    closed
        .when(PHARMACIST, dispatch(1))
        .refused(Refusal::Release(ReleaseRefusal::HeldBack {
            blockers: vec![Blocker::CertifiedBefore { number }],
        }));
    let certified_anew = closed.withdrawn().reviewed().certified();
    certified_anew.when(PHARMACIST, dispatch(1)).accepted();
    // A dose infused after its expiry is an exception; until QA assessed it, the next one stays here.
    let expires_at = expiry(&prepared());
    let given = prepared()
        .does(PHARMACIST, prepare_other(2))
        .does(PHARMACIST, dispatch(1));
    let late = given.now_is(expires_at.plus(TimeDelta::minutes(1)));
    let infused = late.clone().does(PHARMACIST, infuse(1, late.now, late.now));
    let exception = infused.version();
    let what = "GE-2026-0007-DOSE1 was infused after its expiry".to_owned();
    let blocked = Refusal::Release(ReleaseRefusal::HeldBack {
        blockers: vec![Blocker::ExceptionOpen { exception, what }],
    });
    infused.when(PHARMACIST, dispatch(2)).refused(blocked);
    let assessed = infused.does(QA, assess(exception));
    assert!(matches!(
        assessed.when(PHARMACIST, dispatch(2)).0,
        Err(Refusal::Inventory(InventoryRefusal::Expired { .. }))
    ));
}

fn prepare_other(id: u128) -> BatchCommand {
    prepare(id, &[3, 4])
}

fn expiry(record: &Record) -> domain::time::Timestamp {
    let batch = record.batch();
    batch.dose_expires_at(batch.dose(dose(1)).unwrap()).unwrap()
}

impl Record {
    fn now_is(mut self, now: domain::time::Timestamp) -> Self {
        self.now = now;
        self
    }
}

// Until the end of the thirtieth day after freezing, by the specification; at that very moment it is expired.
#[test]
fn an_expired_unit_is_not_prepared_and_an_expired_dose_does_not_leave() {
    let expires_at = expiry(&prepared());
    let before = expires_at.plus(TimeDelta::microseconds(-1));
    certified()
        .now_is(before)
        .when(PHARMACIST, prepare(1, &[1, 2]))
        .accepted();
    prepared()
        .now_is(before)
        .when(PHARMACIST, dispatch(1))
        .accepted();
    let at = expires_at.utc().format("%Y-%m-%d").to_string();
    let refused = prepared()
        .now_is(expires_at)
        .when(PHARMACIST, dispatch(1))
        .0
        .unwrap_err();
    assert!(
        matches!(&refused, Refusal::Inventory(InventoryRefusal::Expired { what, at: until }) if what == "GE-2026-0007-DOSE1" && until.starts_with(&at))
    );
    // Of all units expired, no dose is possible; of one expired, another choice may be.
    let blocked = certified()
        .now_is(expires_at)
        .when(PHARMACIST, prepare(1, &[1, 2]))
        .0;
    assert!(
        matches!(
            blocked,
            Err(Refusal::Release(ReleaseRefusal::HeldBack { .. }))
        ),
        "{blocked:?}"
    );
}

#[test]
fn an_expired_unit_beside_others_is_refused_by_its_code() {
    // The first unit lay in the store two days longer.
    let given = crate::record::sampled()
        .does(TECH, crate::record::store(1, "75000000", "T1"))
        .after(48);
    let given = given.does(TECH, crate::record::store(2, "75000000", "T2"));
    let given = given
        .entry(TECH, "freeze", "freezer", crate::record::text("CRF-1"))
        .completed(TECH, "freeze");
    let given = given
        .entry(TECH, "closing", "problems", crate::record::text("none"))
        .completed(TECH, "closing")
        .assessed();
    let given = given
        .after(24 * 7)
        .result(2, "viability", crate::record::number("93"))
        .result(2, "sterility", crate::record::category("no growth"))
        .reviewed()
        .certified();
    let first = given
        .batch()
        .expires_at(given.batch().unit(unit(1)).unwrap())
        .unwrap();
    let given = given.now_is(first);
    let refused = given.when(PHARMACIST, prepare(1, &[1])).0.unwrap_err();
    assert!(
        matches!(refused, Refusal::Inventory(InventoryRefusal::Expired { what, .. }) if what == "GE-2026-0007-U01")
    );
    given.when(PHARMACIST, prepare(1, &[2])).accepted();
}

#[test]
fn a_unit_without_a_shelf_life_is_not_given() {
    let endless = SPECIFICATION.replace("[shelf_life]\nfrozen_days = 30\nsite_choice = true\n", "");
    let without_dose = endless.replace(
        "[dose]\nminimum = 1\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsite_choice = true\n",
        "",
    );
    assert!(!without_dose.contains("[dose]"));
    let given = registered_by(MASTER_RECORD, &without_dose);
    let events = certified().events;
    let given = Record { events, ..given }.now_is(certified().now);
    given
        .when(PHARMACIST, prepare(1, &[1]))
        .refused(Refusal::Inventory(InventoryRefusal::NoShelfLife {
            unit: "GE-2026-0007-U01".to_owned(),
        }));
}

// A fresh unit keeps for hours from its formulation; at that very moment it is expired.
#[test]
fn a_unit_that_is_given_fresh_expires_by_its_own_figure() {
    let fresh_record = MASTER_RECORD
        .replace("kind = \"freeze\"", "kind = \"formulate\"")
        .replace(
            "instruction = \"Freeze.\"\nkeeps_alive = true",
            "instruction = \"Fill.\"",
        );
    let fresh_only = SPECIFICATION.replace("frozen_days = 30", "formulated_hours = 240");
    let both = SPECIFICATION.replace(
        "frozen_days = 30",
        "frozen_days = 30\nformulated_hours = 240",
    );
    let expires = |master_record: &str, specification: &str, form: UnitForm| {
        let given = registered_by(master_record, specification);
        let mut events = certified().events;
        for recorded in &mut events {
            if let BatchEvent::Inventory(InventoryEvent::UnitStored { form: of, .. }) =
                &mut recorded.event
            {
                *of = form;
            }
        }
        let given = Record { events, ..given }.now_is(certified().now);
        let batch = given.batch();
        let stored = batch.unit(unit(1)).unwrap();
        let expires_at = batch.expires_at(stored);
        if let Some(at) = expires_at {
            let before = given.clone().now_is(at.plus(TimeDelta::microseconds(-1)));
            before.when(PHARMACIST, prepare(1, &[1, 2])).accepted();
            let expired = given.now_is(at).when(PHARMACIST, prepare(1, &[1, 2])).0;
            assert!(matches!(
                expired,
                Err(Refusal::Release(ReleaseRefusal::HeldBack { .. }))
            ));
        }
        (stored.stored_at, expires_at)
    };
    type Life = fn(domain::time::Timestamp) -> domain::time::Timestamp;
    let days: Life = |stored| rome().end_of(rome().day(stored) + chrono::Days::new(30));
    let hours: Life = |stored| stored.plus(TimeDelta::hours(240));
    use UnitForm::{Formulated, Frozen};
    for (master, specification, form, life) in [
        (MASTER_RECORD, SPECIFICATION, Frozen, Some(days)),
        (&fresh_record, SPECIFICATION, Formulated, None),
        (&fresh_record, &fresh_only, Formulated, Some(hours)),
        (MASTER_RECORD, &fresh_only, Frozen, None),
        (MASTER_RECORD, &both, Frozen, Some(days)),
        (&fresh_record, &both, Formulated, Some(hours)),
    ] {
        let (stored_at, expires_at) = expires(master, specification, form);
        assert_eq!(expires_at, life.map(|life| life(stored_at)), "{form}");
    }
}

#[test]
fn a_unit_is_in_one_dose() {
    let given = prepared();
    given
        .when(PHARMACIST, prepare(2, &[2, 3]))
        .refused(Refusal::Inventory(InventoryRefusal::UnitEnded {
            unit: "GE-2026-0007-U02".to_owned(),
        }));
    given
        .when(PHARMACIST, prepare(2, &[3, 9]))
        .refused(Refusal::Inventory(InventoryRefusal::UnknownUnit));
    given.when(PHARMACIST, prepare(2, &[3, 4])).accepted();
    let destroyed = certified().does(TECH, destroy_unit(1));
    destroyed
        .when(PHARMACIST, prepare(1, &[1, 2]))
        .refused(Refusal::Inventory(InventoryRefusal::UnitEnded {
            unit: "GE-2026-0007-U01".to_owned(),
        }));
    // The units of a dose that was destroyed have ended with it.
    let given = given.does(PHARMACIST, destroy_dose(1));
    given
        .when(PHARMACIST, prepare(2, &[1, 2]))
        .refused(Refusal::Inventory(InventoryRefusal::UnitEnded {
            unit: "GE-2026-0007-U01".to_owned(),
        }));
}

// ATMP-9: two identifiers, at each transfer.
#[test]
fn a_dose_leaves_for_its_own_donor_alone() {
    let given = prepared();
    given
        .when(PHARMACIST, dispatch(1))
        .gives(BatchEvent::Dose(DoseEvent::DoseDispatched {
            dose: dose(1),
            subject: "GE-01".to_owned(),
            din: din(),
            destination: "Ward 3".to_owned(),
            dispatched_at: given.now,
        }));
    let to = |subject: &str, din: DonationNumber, destination: &str| {
        BatchCommand::Dose(DoseCommand::DispatchDose {
            dose: dose(1),
            subject: subject.to_owned(),
            din,
            destination: destination.to_owned(),
        })
    };
    given
        .when(PHARMACIST, to(" GE-01 ", din(), "Ward 3"))
        .accepted();
    given.when(PHARMACIST, to("GE-02", din(), "Ward 3")).says(
        "Subject code GE-02 is not that of this batch. Stop: this dose is for its own donor alone. Check the order and the label.",
    );
    given
        .when(PHARMACIST, to("GE-O1", din(), "Ward 3"))
        .refused(Refusal::Dose(DoseRefusal::WrongRecipient {
            field: "subject",
            what: "Subject code",
            given: "GE-O1".to_owned(),
        }));
    // Case is folded for comparing alone: what was typed is what is recorded.
    given
        .when(PHARMACIST, to("ge-01", din(), "Ward 3"))
        .gives(BatchEvent::Dose(DoseEvent::DoseDispatched {
            dose: dose(1),
            subject: "ge-01".to_owned(),
            din: din(),
            destination: "Ward 3".to_owned(),
            dispatched_at: given.now,
        }));
    let other: DonationNumber = Din::parse("G123498654321").unwrap().into();
    given
        .when(PHARMACIST, to("GE-01", other.clone(), "Ward 3"))
        .refused(Refusal::Dose(DoseRefusal::WrongRecipient {
            field: "din",
            what: "DIN",
            given: other.to_string(),
        }));
    given
        .when(PHARMACIST, to("GE-01", din(), ""))
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "destination",
            what: "Destination",
        }));
}

#[test]
fn a_dose_goes_one_way() {
    let state = |state, wanted| {
        Refusal::Dose(DoseRefusal::DoseState {
            dose: "GE-2026-0007-DOSE1".to_owned(),
            state,
            wanted,
        })
    };
    let given = prepared();
    let now = given.now;
    given
        .when(PHARMACIST, infuse(1, now, now))
        .refused(state("prepared and still at the site", "dispatched"));
    let sent = given.clone().does(PHARMACIST, dispatch(1));
    sent.when(PHARMACIST, dispatch(1))
        .refused(state("dispatched", "prepared and still at the site"));
    let infused = sent.clone().does(PHARMACIST, infuse(1, now, now));
    infused
        .when(PHARMACIST, infuse(1, now, now))
        .refused(state("already infused", "dispatched"));
    infused
        .when(PHARMACIST, destroy_dose(1))
        .refused(state("already infused", "prepared or dispatched"));
    for dose in [given, sent] {
        let destroyed = dose.does(PHARMACIST, destroy_dose(1));
        destroyed
            .when(PHARMACIST, dispatch(1))
            .refused(state("destroyed", "prepared and still at the site"));
        destroyed
            .when(PHARMACIST, destroy_dose(1))
            .refused(state("destroyed", "prepared or dispatched"));
    }
    for command in [dispatch(9), infuse(9, now, now), destroy_dose(9)] {
        prepared()
            .when(PHARMACIST, command)
            .refused(Refusal::Dose(DoseRefusal::UnknownDose));
    }
}

// DI-4: the record keeps seconds, a person types minutes.
#[test]
fn a_time_typed_to_the_minute_means_the_whole_minute() {
    let mut given = prepared();
    given.now = given.now.plus(TimeDelta::seconds(30));
    let sent = given.does(PHARMACIST, dispatch(1)).after(1);
    let minute = |seconds: i64| sent.now.plus(TimeDelta::seconds(seconds - 60 * 60));
    for (second, accepted) in [
        (-30, true),
        (-29, false),
        (-1, false),
        (0, true),
        (-90, false),
    ] {
        let answer = sent.when(PHARMACIST, infuse(1, minute(second), sent.now));
        if accepted {
            answer.accepted();
        } else {
            assert!(
                matches!(
                    answer.0,
                    Err(Refusal::Input(InputRefusal::BeforePrevious {
                        field: "started_at",
                        ..
                    }))
                ),
                "{second}"
            );
        }
    }
}

#[test]
fn an_infusion_has_start_end_and_volume_in_order() {
    let given = prepared().does(PHARMACIST, dispatch(1));
    let sent = given.now;
    let given = given.after(2);
    let now = given.now;
    let minute = TimeDelta::minutes(1);
    given
        .when(PHARMACIST, infuse(1, sent, now))
        .gives(BatchEvent::Dose(DoseEvent::DoseInfused {
            dose: dose(1),
            started_at: sent,
            ended_at: now,
            volume_ml: d("100"),
            on_hold: None,
        }));
    let refused = |started, ended| {
        given
            .when(PHARMACIST, infuse(1, started, ended))
            .0
            .unwrap_err()
    };
    let before = refused(sent.plus(-minute), now);
    assert!(
        matches!(
            before,
            Refusal::Input(InputRefusal::BeforePrevious {
                field: "started_at",
                ..
            })
        ),
        "{before}"
    );
    let reversed = refused(now, now.plus(-minute));
    assert!(
        matches!(
            reversed,
            Refusal::Input(InputRefusal::BeforePrevious {
                field: "ended_at",
                ..
            })
        ),
        "{reversed}"
    );
    let future = refused(now, now.plus(minute));
    assert!(
        matches!(
            future,
            Refusal::Input(InputRefusal::InFuture {
                field: "ended_at",
                ..
            })
        ),
        "{future}"
    );
    let nothing = BatchCommand::Dose(DoseCommand::RecordInfusion {
        dose: dose(1),
        started_at: sent,
        ended_at: now,
        volume_ml: d("0"),
        given_on_hold: false,
    });
    given
        .when(PHARMACIST, nothing)
        .refused(Refusal::Input(InputRefusal::NotAboveZero {
            field: "volume_ml",
            what: "Volume given",
        }));
}

// domain.md 2: expiry is checked at the end of the infusion, too; what was given is recorded all the same.
#[test]
fn an_infusion_past_the_expiry_is_recorded_as_an_exception() {
    let expires_at = expiry(&prepared());
    for (minutes, exceptions) in [(-1, 0), (0, 0), (1, 1)] {
        let given = prepared()
            .does(PHARMACIST, dispatch(1))
            .now_is(expires_at.plus(TimeDelta::minutes(1)));
        let ended = expires_at.plus(TimeDelta::minutes(minutes));
        let batch = given
            .does(
                PHARMACIST,
                infuse(1, expires_at.plus(TimeDelta::hours(-1)), ended),
            )
            .batch();
        assert_eq!(batch.exceptions.len(), exceptions, "{minutes} min");
    }
}

#[test]
fn a_dose_that_is_not_given_is_destroyed_for_a_reason() {
    let given = prepared();
    given
        .when(PHARMACIST, destroy_dose(1))
        .gives(BatchEvent::Dose(DoseEvent::DoseDestroyed {
            dose: dose(1),
            reason: "patient unwell".to_owned(),
            destroyed_at: given.now,
        }));
    let empty = BatchCommand::Dose(DoseCommand::DestroyDose {
        dose: dose(1),
        reason: String::new(),
    });
    given
        .when(PHARMACIST, empty)
        .refused(Refusal::Input(InputRefusal::Empty {
            field: "reason",
            what: "Reason",
        }));
    // It is destroyed also when the certification was withdrawn: it lies there, and must not be given.
    let batch = given.withdrawn().does(PHARMACIST, destroy_dose(1)).batch();
    assert!(matches!(
        batch.dose(dose(1)).unwrap().state,
        DoseState::Destroyed { .. }
    ));
}

// A choice of units that is not the first or of one size is found.
#[test]
fn a_dose_is_possible_where_any_choice_of_units_lies_in_the_window() {
    let possible = |units: &[&str]| {
        let stored =
            units
                .iter()
                .enumerate()
                .fold(crate::record::sampled(), |record, (place, cells)| {
                    record.does(
                        TECH,
                        crate::record::store(place as u128 + 1, cells, &format!("T{place}")),
                    )
                });
        let batch = stored.batch();
        !batch
            .blockers(stored.now)
            .iter()
            .any(|one| matches!(one, Blocker::NoDosePossible { .. }))
    };
    for (units, wanted) in [
        (&["70000000"][..], true),
        (&["69999999"], false),
        (&["140000000"], true),
        (&["140000001"], false),
        (&["35000000", "35000000"], true),
        (&["10000000", "141000000"], false),
        (&["10000000", "62000000", "20000000"], true),
        (&[], false),
    ] {
        assert_eq!(possible(units), wanted, "{units:?}");
    }
}
