//! Registering a harvest, and correcting its figures.

use crate::record::{
    COLLECTOR, QA, Record, TECH, at, certified, context, d, day, din, harvest, lookups, registered,
};
use domain::{
    batch::{
        BatchCommand, BatchEvent, ClaimKey, Context, Harvest, HarvestCommand, HarvestEvent,
        HarvestField, HarvestRefusal, Held, InputRefusal, Lookups, Refusal, StandingRefusal,
        claims_of_harvest, decide, register,
    },
    identifiers::{Coi, DonationNumber},
    rights::{Action, Role},
};

fn refusal(change: impl FnOnce(&mut Harvest, &mut Lookups)) -> Refusal {
    let (mut harvest, mut lookups) = (harvest(), lookups());
    change(&mut harvest, &mut lookups);
    let now = at("2026-03-02T09:00:00Z");
    register(harvest, lookups, &context(COLLECTOR, now)).unwrap_err()
}

#[test]
fn a_harvest_gets_the_next_number_of_its_site_and_the_documents_in_force() {
    let now = at("2026-03-02T09:00:00Z");
    let (role, event) = register(harvest(), lookups(), &context(COLLECTOR, now)).unwrap();
    assert_eq!(role, Role::Collector);
    let BatchEvent::Harvest(HarvestEvent::HarvestRegistered(registered)) = event else {
        panic!("{event:?}")
    };
    assert_eq!(registered.number, "GE-2026-0007");
    assert_eq!(registered.din, din());
    assert_eq!(registered.master_record, lookups().master_record);
    assert_eq!(registered.specification, lookups().specification);
}

#[test]
fn who_has_no_right_registers_no_harvest() {
    let now = at("2026-03-02T09:00:00Z");
    let refused = register(harvest(), lookups(), &context(QA, now)).unwrap_err();
    assert_eq!(
        refused,
        Refusal::Standing(StandingRefusal::NotAllowed {
            action: Action::RegisterHarvest
        })
    );
}

/// What a harvest is answered with where others hold this, for the site GE.
fn where_held(held: &[(ClaimKey, &str)], change: impl FnOnce(&mut Harvest)) -> Option<Refusal> {
    let mut harvest = harvest();
    change(&mut harvest);
    let held = held
        .iter()
        .map(|(key, holder)| (key.clone(), (*holder).to_owned()));
    let context = Context {
        held: Held::of(held),
        ..context(COLLECTOR, at("2026-03-02T09:00:00Z"))
    };
    register(harvest, lookups(), &context).err()
}

fn coi(text: &str) -> Coi {
    Coi::parse(text).unwrap()
}

// ATMP-9, domain.md 6: a DIN is never reused; a chain-of-identity id belongs to one subject.
#[test]
fn a_harvest_takes_nothing_that_another_holds() {
    let (mine, other) = ("CHA999926ABC123", "CHA999926ABC124");
    let donation = ClaimKey::donation(&harvest().din);
    let subject = |spelled| vec![(ClaimKey::subject("GE", "GE-01"), spelled)];
    let id_of = |holder| vec![(ClaimKey::coi(&coi(mine)), holder)];
    let id_of_subject = |has| vec![(ClaimKey::coi_of_subject("GE", "GE-01"), has)];
    let spelled = |known: &str| {
        let known = known.to_owned();
        Refusal::Harvest(HarvestRefusal::SubjectSpelled { known })
    };
    let has = |id: &str| {
        let coi = id.to_owned();
        Refusal::Harvest(HarvestRefusal::SubjectHasCoi { coi })
    };
    let used = Refusal::Harvest(HarvestRefusal::DinUsed {
        din: "G123417654321".to_owned(),
        batch: "PI-2026-0001".to_owned(),
    });
    let belongs = |whose: &str| {
        Refusal::Harvest(HarvestRefusal::CoiUsed {
            coi: mine.to_owned(),
            subject: whose.to_owned(),
        })
    };
    let cases = [
        (vec![(donation.clone(), "PI-2026-0001")], Some(used.clone())),
        (
            vec![(donation, "G123417654321 of batch PI-2026-0001")],
            Some(used.clone()),
        ),
        (subject("GE-01"), None),
        (subject("ge-01"), Some(spelled("ge-01"))),
        (subject("GE-O1"), Some(spelled("GE-O1"))),
        (id_of("GE-01 of site GE"), None),
        (id_of("GE-02 of site GE"), Some(belongs("GE-02 of site GE"))),
        // Subject codes are unique at a site alone.
        (id_of("GE-01 of site PI"), Some(belongs("GE-01 of site PI"))),
        (id_of_subject(mine), None),
        (id_of_subject(other), Some(has(other))),
    ];
    for (held, words) in cases {
        assert_eq!(where_held(&held, |_| ()), words, "{held:?}");
    }
    // A repeat harvest keeps the id; the first that has none may get one.
    let without = |harvest: &mut Harvest| harvest.coi = None;
    assert_eq!(where_held(&id_of_subject(other), without), Some(has(other)));
    assert_eq!(where_held(&[], without), None);
    for (refused, words) in [
        (
            used,
            "Donation number G123417654321 is already used by batch PI-2026-0001. A donation number is never used again, nor \
             one that reads like it: check the label.",
        ),
        (
            belongs("GE-02 of site GE"),
            "Chain-of-identity id CHA999926ABC123 belongs to subject GE-02 of site GE; O is read as 0, I and L as 1. Check the order.",
        ),
        (
            spelled("GE-01"),
            "A subject of this site is spelled GE-01, which reads the same. If it is the same patient, enter GE-01; if \
             not, have the code checked by the person who gave it.",
        ),
        (
            has(other),
            "This subject already has chain-of-identity id CHA999926ABC124, and all donations of one therapy share it. \
             Check subject code and order; where they are right, enter CHA999926ABC124.",
        ),
    ] {
        assert_eq!(refused.to_string(), words);
    }
}

// A look-alike is a slip of the pen or of the eye, and would join two patients or split one.
#[test]
fn an_identifier_that_reads_like_a_held_one_is_held() {
    let held = |text: &str| [(ClaimKey::coi(&coi(text)), "GE-07 of site GE")];
    let ask = |wanted: &str, held: &[(ClaimKey, &str)]| {
        where_held(held, |harvest| harvest.coi = Some(coi(wanted))).map(|why| why.to_string())
    };
    let said = "Chain-of-identity id CHA999926GE0007 belongs to subject GE-07 of site GE; O is read as 0, I and L as 1. \
                Check the order.";
    for (known, wanted, refused) in [
        ("CHA999926GE0007", "CHA999926GE0007", true),
        ("CHA999926GE0007", "CHA999926GEOOO7", true),
        ("CHA999926GE0007", "CHA999926GE0OO7", true),
        ("CHA999926GEOOO7", "CHA999926GE0007", true),
        ("CHA999926GE0007", "CHA999926GE0008", false),
        ("CHA999926GE0A07", "CHA999926GE00A7", false),
    ] {
        let answer = ask(wanted, &held(known));
        assert_eq!(
            answer.as_deref(),
            refused.then_some(said),
            "{known} {wanted}"
        );
    }
    // Of the subject itself, it is the other spelling that is refused.
    let own = [
        (ClaimKey::coi(&coi("CHA999926GE0007")), "GE-01 of site GE"),
        (ClaimKey::coi_of_subject("GE", "GE-01"), "CHA999926GE0007"),
    ];
    assert_eq!(ask("CHA999926GE0007", &own), None);
    assert!(
        ask("CHA999926GEOOO7", &own)
            .unwrap()
            .starts_with("This subject already has chain-of-identity id CHA999926GE0007")
    );
    let context = Context {
        held: Held::of(held("CHA999926GE0007").map(|(key, holder)| (key, holder.to_owned()))),
        ..context(TECH, registered().now)
    };
    let corrected = |value: &str| {
        let command = correction(HarvestField::Coi, value);
        let refused = decide(&registered().batch(), command, &context).map(|_| ());
        refused.map_err(|why| why.to_string())
    };
    assert_eq!(corrected("CHA999926GEOOO7"), Err(said.to_owned()));
    assert_eq!(corrected("CHA999926GE0008"), Ok(()));
    let small = corrected("cha999926ge0008").unwrap_err();
    assert!(small.contains("has lower-case letters"), "{small}");
    let number = |text: &str| ClaimKey::donation(&DonationNumber::own_as_typed(text));
    for other in [
        "GE-2O26-0001",
        "GE/2026-0001",
        "GE2026-0001",
        "GE-2026-OOO1",
    ] {
        assert_eq!(number("GE-2026-0001"), number(other), "{other}");
    }
    assert_eq!(number("G0-0001"), number("GO-0001"));
    for (one, other) in [("G1-0001", "G1-0002"), ("1-012", "11-02")] {
        assert_ne!(number(one), number(other), "{one}");
    }
}

#[test]
fn a_harvest_looks_up_all_that_it_takes() {
    let registered = registered().batch();
    let keys = claims_of_harvest("GE", &harvest());
    for claim in registered.claims() {
        let asked = keys.iter().any(|key| {
            key.kind.code() == claim.kind && key.scope == claim.scope && key.code == claim.code
        });
        let given = ["batch", "batch-number"].contains(&claim.kind.as_str());
        assert_eq!(asked, !given, "{claim:?}");
    }
}

// A lab without ISBT 128 has no such ids; one that is given later, or was typed wrongly, is corrected with reason.
#[test]
fn a_chain_of_identity_id_is_corrected_and_its_claim_moves() {
    let given = registered();
    let corrected = given
        .clone()
        .does(TECH, correction(HarvestField::Coi, "CHA999926ABC124"));
    let codes = |record: &Record| -> Vec<String> {
        let claims = record.batch().claims().into_iter();
        let claims = claims.filter(|claim| claim.kind.starts_with("coi"));
        claims
            .map(|claim| format!("{} {}", claim.code, claim.holder))
            .collect()
    };
    let (old, new) = ("CHA999926ABC123", "CHA999926ABC124");
    assert_eq!(
        codes(&given),
        [format!("{old} GE-01 of site GE"), format!("ge1 {old}")]
    );
    assert_eq!(
        codes(&corrected),
        [format!("{new} GE-01 of site GE"), format!("ge1 {new}")]
    );
    let none = given
        .clone()
        .does(TECH, correction(HarvestField::Coi, "none"));
    assert_eq!((codes(&none), none.batch().harvest.coi), (vec![], None));
    let event = given.when(TECH, correction(HarvestField::Coi, " none "));
    event.gives(BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
        field: HarvestField::Coi,
        old: old.to_owned(),
        new: "none".to_owned(),
        reason: "misread".to_owned(),
    }));
    let held = [(ClaimKey::coi(&coi(new)), "GE-02 of site GE".to_owned())];
    let context = Context {
        held: Held::of(held),
        ..context(TECH, given.now)
    };
    let refused = decide(&given.batch(), correction(HarvestField::Coi, new), &context);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Chain-of-identity id CHA999926ABC124 belongs to subject GE-02 of site GE; O is read as 0, I and L as 1. Check the order."
    );
}

// The facility in a DIN is one of the site's; a lab of its own numbers has no DINs.
#[test]
fn a_donation_is_numbered_by_the_scheme_of_its_site() {
    let under = |scheme: &str| {
        let lookups = Lookups {
            scheme: scheme.parse().unwrap(),
            ..lookups()
        };
        let now = at("2026-03-02T09:00:00Z");
        register(harvest(), lookups, &context(COLLECTOR, now)).map(|_| ())
    };
    assert_eq!(under("isbt-128 A9999 G1234"), Ok(()));
    for scheme in ["isbt-128 A9999", "own {number:12}"] {
        assert!(
            matches!(
                under(scheme),
                Err(Refusal::Harvest(HarvestRefusal::OtherScheme(_)))
            ),
            "{scheme}"
        );
    }
}

// A batch that could never be released doesn't begin.
#[test]
fn no_batch_begins_under_documents_that_do_not_fit() {
    let misfits = vec![domain::fit::Misfit::NoUnits];
    let refused = refusal(|_, lookups| lookups.misfits.clone_from(&misfits));
    assert_eq!(
        refused,
        Refusal::Harvest(HarvestRefusal::DocumentsMisfit { misfits })
    );
    assert_eq!(
        refused.to_string(),
        "No batch can begin at this site: its specification and its master record don't fit: no step of the master \
         record stores units, so there would be nothing to release. Keep the marrow, and tell QA: a version that fits must \
         be adopted."
    );
}

#[test]
fn consent_and_identity_are_confirmed_before_a_harvest_is_registered() {
    assert_eq!(
        refusal(|harvest, _| harvest.consent = false),
        Refusal::Harvest(HarvestRefusal::NoConsent)
    );
    let refused = refusal(|harvest, _| harvest.identity_confirmed = false);
    assert_eq!(
        refused,
        Refusal::Harvest(HarvestRefusal::IdentityNotConfirmed)
    );
}

// A11-4.7: limits of figures, at their boundaries. The site is one hour ahead of UTC.
#[test]
fn figures_of_a_harvest_are_refused_outside_what_can_be() {
    type Case = (fn(&mut Harvest), Option<&'static str>);
    let cases: Vec<Case> = vec![
        (|h| h.collected_at = at("2026-03-02T09:00:00Z"), None),
        (
            |h| h.collected_at = at("2026-03-02T09:00:01Z"),
            Some(
                "Time of collection 2026-03-02 10:00 CET is in the future. Enter when it was done.",
            ),
        ),
        (|h| h.consented_on = day("2026-03-02"), None),
        (
            |h| h.consented_on = day("2026-03-03"),
            Some("Day of consent 2026-03-03 is in the future. Enter when it was done."),
        ),
        (
            |h| {
                h.collected_at = at("2026-03-01T12:00:00Z");
                h.consented_on = day("2026-03-02");
            },
            Some(
                "Time of collection 2026-03-01 13:00 CET is before the day of consent (2026-03-02). Check both times.",
            ),
        ),
        (|h| h.weighed_on = day("2026-03-02"), None),
        (
            |h| h.weighed_on = day("2026-03-03"),
            Some("Day of weighing 2026-03-03 is in the future. Enter when it was done."),
        ),
        (|h| h.volume_ml = d("0.1"), None),
        (
            |h| h.volume_ml = d("0"),
            Some("Volume of the aspirate must be above zero. Enter what was measured."),
        ),
        (|h| h.volume_ml = d("2000"), None),
        (
            |h| h.volume_ml = d("2000.1"),
            Some(
                "Volume of the aspirate 2000.1 mL is not plausible: an aspirate is less than 2000 mL. Check the figure and its unit.",
            ),
        ),
        (|h| h.weight_kg = d("2"), None),
        (
            |h| h.weight_kg = d("1.9"),
            Some(
                "Body weight 1.9 kg is not plausible: a body weighs 2 to 400 kg. Check the figure and its unit.",
            ),
        ),
        (|h| h.weight_kg = d("400"), None),
        (
            |h| h.weight_kg = d("400.1"),
            Some(
                "Body weight 400.1 kg is not plausible: a body weighs 2 to 400 kg. Check the figure and its unit.",
            ),
        ),
        (
            |h| h.weight_kg = d("-70"),
            Some("Body weight must be above zero. Enter what was measured."),
        ),
        (|h| h.subject = "GE-01/b".to_owned(), None),
        (|h| h.subject = "A234567890123456789b".to_owned(), None),
        (
            |h| h.subject = "A234567890123456789bc".to_owned(),
            Some(
                "Subject code “A234567890123456789bc” is not plausible: it holds letters, digits, - and / (at most 20), and never a name. Check the figure and its unit.",
            ),
        ),
        (
            |h| h.subject = "Anna Maria".to_owned(),
            Some(
                "Subject code “Anna Maria” is not plausible: it holds letters, digits, - and / (at most 20), and never a name. Check the figure and its unit.",
            ),
        ),
        (
            |h| h.subject = " ".to_owned(),
            Some("Subject code is empty. Write it in a few words."),
        ),
        (
            |h| h.collected_by = String::new(),
            Some("Collected by is empty. Write it in a few words."),
        ),
        (
            |h| h.anticoagulant = "é".repeat(4001),
            Some("Anticoagulant has 4001 characters; at most 4000 are kept. Shorten it."),
        ),
        (|h| h.anticoagulant = "é".repeat(4000), None),
    ];
    for (change, words) in cases {
        let mut harvest = harvest();
        change(&mut harvest);
        let now = at("2026-03-02T09:00:00Z");
        let refused = register(harvest.clone(), lookups(), &context(COLLECTOR, now)).err();
        assert_eq!(
            refused.map(|refused| refused.to_string()).as_deref(),
            words,
            "{harvest:?}"
        );
    }
}

fn correction(field: HarvestField, value: &str) -> BatchCommand {
    BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
        field,
        value: value.to_owned(),
        reason: "misread".to_owned(),
    })
}

// A11-9, P11-10e1: old, new and reason stand in the event.
#[test]
fn a_figure_of_the_harvest_is_corrected_with_old_new_and_reason() {
    let cases = [
        (HarvestField::CollectedBy, "Dr. B", "Dr. Collector", "Dr. B"),
        (HarvestField::Volume, "42,5", "40", "42.5"),
        (HarvestField::Anticoagulant, "citrate", "heparin", "citrate"),
        (HarvestField::ConsentVersion, "4", "3", "4"),
        (HarvestField::Weight, "72.5", "70", "72.5"),
        (
            HarvestField::WeighedOn,
            " 2026-02-28 ",
            "2026-03-01",
            "2026-02-28",
        ),
    ];
    for (field, typed, old, new) in cases {
        registered()
            .when(TECH, correction(field, typed))
            .gives(BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
                field,
                old: old.to_owned(),
                new: new.to_owned(),
                reason: "misread".to_owned(),
            }));
    }
}

#[test]
fn a_correction_of_the_harvest_takes_effect_and_is_an_exception() {
    let batch = registered()
        .does(TECH, correction(HarvestField::Weight, "72.5"))
        .batch();
    assert_eq!(batch.harvest.weight_kg, d("72.5"));
    assert_eq!(
        batch.exceptions[0].kind.to_string(),
        "body weight was corrected: misread"
    );
}

#[test]
fn a_correction_of_the_harvest_is_refused_with_words() {
    let refused = |record: &Record, command, words: &str| record.when(TECH, command).says(words);
    let given = registered();
    refused(
        &given,
        correction(HarvestField::Weight, "70"),
        "The new value is the same as the old one (70). Nothing was changed.",
    );
    refused(
        &given,
        correction(HarvestField::WeighedOn, "1.3.2026"),
        "“1.3.2026” can be read in two ways. Write 2026-03-01 or 2026-01-03.",
    );
    refused(
        &given,
        correction(HarvestField::WeighedOn, "2026-03-03"),
        "Day of weighing 2026-03-03 is in the future. Enter when it was done.",
    );
    refused(
        &given,
        correction(HarvestField::Weight, "700"),
        "Body weight 700 kg is not plausible: a body weighs 2 to 400 kg. Check the figure and its unit.",
    );
    let Err(unreadable) = given
        .when(TECH, correction(HarvestField::Volume, "forty"))
        .0
    else {
        panic!("not refused")
    };
    assert!(
        matches!(unreadable, Refusal::Input(InputRefusal::Unreadable(_))),
        "{unreadable}"
    );
    let no_reason = BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
        field: HarvestField::Weight,
        value: "71".to_owned(),
        reason: " ".to_owned(),
    });
    refused(
        &given,
        no_reason,
        "Reason is empty. Write it in a few words.",
    );
    refused(
        &certified(),
        correction(HarvestField::Weight, "71"),
        "Batch GE-2026-0007 is certified: its record can only be read. Raise a deviation, or have the certification withdrawn.",
    );
}

// A person corrects a form once, not field by field.
#[test]
fn everything_that_is_wrong_with_a_harvest_is_said_at_once() {
    let refusal = refusal(|harvest, _| {
        harvest.consent = false;
        harvest.identity_confirmed = false;
        harvest.subject = "Anna Rossi".to_owned();
        harvest.collected_by = " ".to_owned();
        harvest.volume_ml = d("0");
        harvest.weight_kg = d("700");
    });
    let words = refusal.all_words();
    let fields: Vec<_> = words
        .iter()
        .filter_map(|one| one.field.as_deref())
        .collect();
    assert_eq!(
        fields,
        [
            "consent",
            "identity_confirmed",
            "subject",
            "collected_by",
            "volume_ml",
            "weight_kg",
        ]
    );
}

// A weight of years ago doses nobody: the boundaries are a year and ten years before the collection of 2 March 2026.
#[test]
fn a_consent_or_a_weight_of_long_ago_is_refused() {
    for (consented_on, weighed_on, refused) in [
        ("2016-02-23", "2025-03-01", None),
        ("2016-02-22", "2025-03-01", Some("consented_on")),
        ("2026-02-20", "2025-02-28", Some("weighed_on")),
        ("1926-02-20", "2026-03-01", Some("consented_on")),
        ("2026-02-20", "1900-01-01", Some("weighed_on")),
    ] {
        let harvest = Harvest {
            consented_on: day(consented_on),
            weighed_on: day(weighed_on),
            ..harvest()
        };
        let now = harvest.collected_at.plus(chrono::TimeDelta::hours(1));
        let context = context(COLLECTOR, now);
        let answer = register(harvest, lookups(), &context);
        let field = answer.err().map(|refusal| match refusal {
            Refusal::Input(InputRefusal::Implausible { field, .. }) => field,
            other => panic!("{other}"),
        });
        assert_eq!(field, refused, "{consented_on} {weighed_on}");
    }
}
