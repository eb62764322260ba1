//! What must be unique, wanted by twenty at once, over two sites and two servers, on both engines: one gets it, and each
//! other one is told who holds it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "claims/lab.rs"]
mod lab;
#[path = "conformance/place.rs"]
#[expect(dead_code, reason = "shared with the conformance suite")]
mod place;

use domain::{
    batch::{BatchCommand, HarvestCommand, HarvestField, InventoryCommand},
    identifiers::{Coi, Din, DonationNumber},
};
use lab::{Lab, harvest, unit};
use place::Place;
use store::Answer;

macro_rules! on_both {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(&super::Place::sqlite()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(place) = super::Place::postgres().await {
                    super::$case(&place).await;
                    place.drop_database().await;
                }
            })*
        }
    };
}

on_both! {
    one_of_twenty_harvests_gets_a_donation_number
    one_of_twenty_patients_gets_a_chain_of_identity_id
    one_of_twenty_spellings_of_a_subject_is_registered
    one_of_twenty_chain_of_identity_ids_is_the_subjects
    one_of_twenty_units_gets_a_position
    a_position_is_free_when_its_unit_has_left
    a_corrected_chain_of_identity_id_belongs_to_no_other_subject
    an_identifier_that_reads_like_a_held_one_is_held
    a_position_is_kept_as_typed_and_compared_as_read
    a_batch_id_is_used_once_over_all_sites
    a_lab_numbers_donations_by_its_own_pattern
    a_din_of_another_facility_is_refused
}

const ALL: u32 = 20;

/// One was recorded; the other nineteen were refused in words that say this.
fn one_of(answers: Vec<Answer>, said: &str) {
    assert_eq!(answers.len(), ALL as usize);
    let mut done = 0;
    for answer in answers {
        match answer {
            Answer::Done(_) => done += 1,
            Answer::Refused(words) => assert!(
                words.iter().any(|words| words.text.contains(said)),
                "{words:?}"
            ),
        }
    }
    assert_eq!(done, 1);
}

async fn one_of_twenty_harvests_gets_a_donation_number(place: &Place) {
    let lab = Lab::open(place).await;
    let answers = lab.register_at_once(ALL, |number, _| {
        let mut one = harvest(number);
        one.din = harvest(1).din;
        one
    });
    one_of(answers.await, "A999926000001 is already used by batch ");
    lab.holds(1).await;
}

async fn one_of_twenty_patients_gets_a_chain_of_identity_id(place: &Place) {
    let lab = Lab::open(place).await;
    let answers = lab.register_at_once(ALL, |number, _| {
        let mut one = harvest(number);
        one.coi = harvest(1).coi;
        one
    });
    let said = "Chain-of-identity id CHA999926000001 belongs to subject S-";
    one_of(answers.await, said);
    lab.holds(1).await;
    // A repeat harvest of the same subject keeps it. Which subject that is, the board says.
    let board = lab.board().await;
    let mut again = harvest(ALL + 1);
    again.subject.clone_from(&board[0].subject);
    let mut without = again.clone();
    without.coi = None;
    let refused = lab.register(&board[0].site, ALL + 1, without).await;
    assert!(lab::says(
        &refused,
        "already has chain-of-identity id CHA999926000001"
    ));
    again.coi = harvest(1).coi;
    let kept = lab.register(&board[0].site, ALL + 2, again).await;
    assert!(matches!(kept, Answer::Done(_)), "{kept:?}");
    lab.holds(2).await;
}

async fn one_of_twenty_spellings_of_a_subject_is_registered(place: &Place) {
    let lab = Lab::open(place).await;
    let spellings = [
        "GE-100", "ge-100", "GE-1OO", "GE-l00", "Ge-100", "gE-100", "GE-10O", "GE-1O0", "GE100",
        "ge100", "GE/100", "GE--100", "GE-0100", "GE-I00", "GE-i0o", "ge/1oo", "GE-1oO", "G-E-100",
        "GE-L00", "-GE-100",
    ];
    let answers = lab.register_all_at(ALL, "GE", |number| {
        let mut one = harvest(number);
        one.subject = spellings[number as usize - 1].to_owned();
        one.coi = None;
        one
    });
    one_of(answers.await, "A subject of this site is spelled ");
    lab.holds(1).await;
    // Another site has subjects of its own.
    let mut other = harvest(30);
    other.subject = "ge-100".to_owned();
    assert!(matches!(
        lab.register("PI", 30, other).await,
        Answer::Done(_)
    ));
    let board = lab.board().await;
    let typed = board.iter().find(|row| row.site == "GE").unwrap();
    assert!(
        spellings.contains(&typed.subject.as_str()),
        "printed as typed"
    );
}

async fn one_of_twenty_chain_of_identity_ids_is_the_subjects(place: &Place) {
    let lab = Lab::open(place).await;
    let answers = lab.register_all_at(ALL, "GE", |number| {
        let mut one = harvest(number);
        one.subject = "S-1".to_owned();
        one
    });
    one_of(
        answers.await,
        "This subject already has chain-of-identity id CHA9999",
    );
    lab.holds(1).await;
}

async fn one_of_twenty_units_gets_a_position(place: &Place) {
    let lab = Lab::open(place).await;
    for number in 1..=ALL {
        lab.sampled(number).await;
    }
    let answers = lab.at_once(ALL, |number| {
        let position = match number % 4 {
            0 => "Tank 2 / rack 4",
            1 => "tank 2/rack 4",
            2 => "TANK2-RACK04",
            _ => " Tank  02 , rack 4",
        };
        unit(number, position)
    });
    one_of(answers.await, "-U01 lies at this position");
    lab.holds(ALL as usize).await;
}

async fn a_position_is_free_when_its_unit_has_left(place: &Place) {
    let lab = Lab::open(place).await;
    for number in 1..=2 {
        lab.sampled(number).await;
    }
    let done = |answer: Answer| assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    done(lab.on_batch(1, unit(1, "Tank 2 / rack 4")).await);
    let refused = lab.on_batch(2, unit(2, "tank 2 rack 4")).await;
    assert!(
        lab::says(&refused, "Unit GE-2026-0001-U01 lies at this position"),
        "{refused:?}"
    );
    let destroy = BatchCommand::Inventory(InventoryCommand::DestroyUnit {
        unit: lab::unit_id(1),
        reason: "bag broken".to_owned(),
    });
    done(lab.on_batch(1, destroy).await);
    done(lab.on_batch(2, unit(2, "tank 2 rack 4")).await);
    lab.holds(2).await;
}

async fn a_corrected_chain_of_identity_id_belongs_to_no_other_subject(place: &Place) {
    let lab = Lab::open(place).await;
    for number in 1..=3 {
        let mut one = harvest(number);
        // The third is a repeat harvest of the first.
        if number == 3 {
            one.subject = harvest(1).subject;
            one.coi = harvest(1).coi;
        }
        let answer = lab.register("GE", number, one).await;
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    }
    let correct = |value: &str| {
        BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field: HarvestField::Coi,
            value: value.to_owned(),
            reason: "typed wrongly".to_owned(),
        })
    };
    let other = lab.on_batch(1, correct("CHA999926000002")).await;
    assert!(
        lab::says(&other, "belongs to subject S-2 of site GE"),
        "{other:?}"
    );
    // The other batch of the subject holds to the id that it has.
    let split = lab.on_batch(1, correct("CHA999926000009")).await;
    assert!(
        lab::says(&split, "already has chain-of-identity id CHA999926000001"),
        "{split:?}"
    );
    for (batch, value) in [(3, "none"), (1, "CHA999926000009"), (3, "CHA999926000009")] {
        let answer = lab.on_batch(batch, correct(value)).await;
        assert!(matches!(answer, Answer::Done(_)), "{value}: {answer:?}");
    }
    // What was given up belongs to nobody.
    let freed = lab.on_batch(2, correct("CHA999926000001")).await;
    assert!(matches!(freed, Answer::Done(_)), "{freed:?}");
    lab.holds(3).await;
}

async fn an_identifier_that_reads_like_a_held_one_is_held(place: &Place) {
    let lab = Lab::open(place).await;
    let with = |number: u32, coi: &str| {
        let mut one = harvest(number);
        one.coi = Some(Coi::parse(coi).unwrap());
        one
    };
    let done = |answer: Answer| assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    done(lab.register("GE", 1, with(1, "CHA999926GE0007")).await);
    for (number, site, look_alike) in [
        (2, "GE", "CHA999926GEOOO7"),
        (3, "PI", "CHA999926GE0OO7"),
        (4, "PI", "CHA999926GE0007"),
    ] {
        let refused = lab.register(site, number, with(number, look_alike)).await;
        assert!(
            lab::says(&refused, "belongs to subject S-1 of site GE"),
            "{look_alike}: {refused:?}"
        );
    }
    done(lab.register("GE", 5, with(5, "CHA999926GE0005")).await);
    let correct = |value: &str| {
        BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field: HarvestField::Coi,
            value: value.to_owned(),
            reason: "typed wrongly".to_owned(),
        })
    };
    let refused = lab.on_batch(5, correct("CHA999926GE0OO7")).await;
    assert!(
        lab::says(&refused, "belongs to subject S-1 of site GE"),
        "{refused:?}"
    );
    // The subject's own id is typed rightly: that is no other id.
    done(lab.on_batch(1, correct("CHA999926GEOOO7")).await);
    lab.holds(2).await;
    for (site, pattern) in [("GE", "own G0-{number:4}"), ("PI", "own GO-{number:4}")] {
        lab.renumber(site, pattern).await;
    }
    let numbered = |number: u32, din: &str| {
        let mut one = harvest(number);
        one.din = DonationNumber::own_as_typed(din);
        one.coi = None;
        one
    };
    done(lab.register("GE", 6, numbered(6, "G0-0001")).await);
    let refused = lab.register("PI", 7, numbered(7, "GO-0001")).await;
    assert!(
        lab::says(
            &refused,
            "Donation number G0-0001 is already used by batch GE-2026-"
        ),
        "{refused:?}"
    );
    done(lab.register("PI", 8, numbered(8, "GO-0002")).await);
    lab.holds(4).await;
}

async fn a_position_is_kept_as_typed_and_compared_as_read(place: &Place) {
    let lab = Lab::open(place).await;
    for number in 1..=2 {
        lab.sampled(number).await;
    }
    let typed = "Beha\u{308}lter l / rack \u{3a4}2";
    let answer = lab.on_batch(1, unit(1, typed)).await;
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    for look_alike in ["Behälter 1 / rack T2", "BEHÄLTER I, RACK T2"] {
        let refused = lab.on_batch(2, unit(2, look_alike)).await;
        assert!(
            lab::says(&refused, "Unit GE-2026-0001-U01 lies at this position"),
            "{look_alike}: {refused:?}"
        );
    }
    assert_eq!(lab.location(1).await, typed);
    lab.holds(2).await;
}

async fn a_batch_id_is_used_once_over_all_sites(place: &Place) {
    let lab = Lab::open(place).await;
    let first = lab.register("GE", 1, harvest(1)).await;
    assert!(matches!(first, Answer::Done(_)), "{first:?}");
    for site in ["GE", "PI"] {
        let again = lab.register_as(site, 1, 40, harvest(2)).await;
        assert!(
            lab::says(&again, "This batch is in the record already"),
            "{again:?}"
        );
    }
    assert_eq!(lab.board().await[0].site, "GE");
    lab.holds(1).await;
}

async fn a_din_of_another_facility_is_refused(place: &Place) {
    let lab = Lab::open(place).await;
    let mut other = harvest(1);
    other.din = Din::parse("G123417654321").unwrap().into();
    let refused = lab.register("GE", 1, other).await;
    assert!(
        lab::says(
            &refused,
            "is of facility G1234; this site takes donations of A9999"
        ),
        "{refused:?}"
    );
    lab.holds(0).await;
}

// A lab without an ISBT 128 licence; no number is given twice, over all sites.
async fn a_lab_numbers_donations_by_its_own_pattern(place: &Place) {
    let lab = Lab::open(place).await;
    for site in ["GE", "PI"] {
        lab.renumber(site, "own {year}-{number:4}").await;
    }
    let din = lab.register("GE", 1, harvest(1)).await;
    assert!(
        lab::says(&din, "is not numbered as donations of this site are"),
        "{din:?}"
    );
    let numbered = |number: u32| {
        let mut one = harvest(number);
        one.din = DonationNumber::own_as_typed("2026-0001");
        one.coi = None;
        one
    };
    let answers = lab.register_at_once(ALL, |number, _| numbered(number));
    one_of(
        answers.await,
        "Donation number 2026-0001 is already used by batch ",
    );
    let board = lab.board().await;
    assert_eq!((board[0].din.as_str(), &board[0].coi), ("2026-0001", &None));
    lab.holds(1).await;
}
