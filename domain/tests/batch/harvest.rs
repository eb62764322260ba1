//! Registering a harvest, and correcting its figures.

use crate::record::{
    COLLECTOR, QA, Record, TECH, at, certified, context, d, day, din, harvest, lookups, registered,
};
use domain::{
    batch::{BatchCommand, BatchEvent, Harvest, HarvestField, Lookups, Refusal, register},
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
    let BatchEvent::HarvestRegistered(registered) = event else {
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
        Refusal::NotAllowed {
            action: Action::RegisterHarvest
        }
    );
}

// ATMP-9, domain.md 6: a DIN is never reused; a chain-of-identity id belongs to one subject.
#[test]
fn identifiers_of_others_are_refused() {
    let used = refusal(|_, lookups| lookups.din_used_by = Some("GE-2026-0001".to_owned()));
    assert_eq!(
        used,
        Refusal::DinUsed {
            din: din(),
            batch: "GE-2026-0001".to_owned()
        }
    );
    let used = refusal(|_, lookups| lookups.coi_used_by = Some("GE-02".to_owned()));
    let coi = "CHA999926ABC123".to_owned();
    assert_eq!(
        used,
        Refusal::CoiUsed {
            coi,
            subject: "GE-02".to_owned()
        }
    );
}

#[test]
fn a_second_donation_of_the_same_therapy_shares_its_chain_of_identity_id() {
    let lookups = Lookups {
        coi_used_by: Some("GE-01".to_owned()),
        ..lookups()
    };
    let now = at("2026-03-02T09:00:00Z");
    assert!(register(harvest(), lookups, &context(COLLECTOR, now)).is_ok());
}

#[test]
fn consent_and_identity_are_confirmed_before_a_harvest_is_registered() {
    assert_eq!(
        refusal(|harvest, _| harvest.consent = false),
        Refusal::NoConsent
    );
    let refused = refusal(|harvest, _| harvest.identity_confirmed = false);
    assert_eq!(refused, Refusal::IdentityNotConfirmed);
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
    BatchCommand::CorrectHarvest {
        field,
        value: value.to_owned(),
        reason: "misread".to_owned(),
    }
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
            .gives(BatchEvent::HarvestCorrected {
                field,
                old: old.to_owned(),
                new: new.to_owned(),
                reason: "misread".to_owned(),
            });
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
        "“1.3.2026” is not a day. Write it as 2026-03-05.",
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
    assert!(matches!(unreadable, Refusal::Unreadable(_)), "{unreadable}");
    let no_reason = BatchCommand::CorrectHarvest {
        field: HarvestField::Weight,
        value: "71".to_owned(),
        reason: " ".to_owned(),
    };
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
