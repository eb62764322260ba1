#![expect(clippy::unwrap_used, reason = "tests")]

mod record;
mod stops;

use super::*;
use crate::{
    batch::{
        BatchEvent, DeviationClass, DeviationEvent, HarvestEvent, HarvestField, InvalidationReason,
        InventoryEvent, Meaning, ProcessingEvent, QualityEvent, Recorded, SecondAnalyst,
        VerdictChange,
    },
    ids::{DeviationId, SampleId, UnitId},
    release::ResultValue,
    rights::Role,
};
use record::{QA, TECHNICIAN, at, certified, harvested, sample, tested};
use uuid::Uuid;

fn line<'a>(certificate: &'a Certificate, test: &str) -> &'a CriterionOnPaper {
    certificate
        .criteria
        .iter()
        .find(|one| one.test == test)
        .unwrap()
}

#[test]
fn a_batch_has_a_certificate_only_under_a_signature_that_stands() {
    assert!(certified().certificate().is_some());
    let change = || InvalidationReason::Procedure;
    let voided = certified().then(
        QA,
        BatchEvent::Quality(QualityEvent::ResultInvalidated {
            sample: sample(),
            criterion: "sterility".to_owned(),
            reason: change(),
            evidence: "e".to_owned(),
            raw_data: None,
        }),
    );
    for (what, record) in [
        ("not certified", tested(harvested()).review()),
        (
            "certified over a missing result",
            harvested().review().certified("GE-2026-0007-C1"),
        ),
        ("withdrawn", certified().withdrawn()),
        ("voided by a later change", voided),
    ] {
        assert_eq!(record.certificate(), None, "{what}");
    }
}

#[test]
fn it_says_who_what_and_by_which_documents() {
    let certificate = certified().certificate().unwrap();
    assert_eq!(certificate.number, "GE-2026-0007-C1");
    assert_eq!(certificate.status, Status::Final);
    assert_eq!(
        (certificate.din.as_str(), certificate.din_check),
        ("G1234 17 654321", Some('A'))
    );
    assert_eq!(certificate.coi, "CHA999926ABC123");
    assert_eq!(certificate.subject, "GE-01");
    assert_eq!(certificate.specification.label, "BM-MSC v3");
    assert_eq!(certificate.master_record.label, "bm-msc v2");
    assert_eq!(certificate.specification.sha256.len(), 64);
    assert_eq!(
        certificate.conclusion,
        "The batch meets every criterion of specification BM-MSC v3 that is judged, and is certified for release by \
         Éva Őry (user3), Qualified Person on 2026-03-06 08:00 UTC."
    );
    assert_eq!(certificate.checkpoint.origin, "autolog/GE");
    assert_eq!(certificate.checkpoint.size, 40);
}

#[test]
fn results_print_as_they_were_judged() {
    let certificate = certified().certificate().unwrap();
    let shown: Vec<_> = certificate
        .criteria
        .iter()
        .map(|one| {
            let results: Vec<_> = one
                .results
                .iter()
                .map(|result| result.result.as_str())
                .collect();
            (
                one.test.as_str(),
                one.limit.as_str(),
                results.join("; "),
                one.verdict.as_str(),
            )
        })
        .collect();
    let expected = [
        ("Viability", "≥ 70 %", "70 %", "pass"),
        ("Sterility", "no growth", "no growth", "pass"),
        ("Endotoxin", "≤ 0.5 EU/mL", "< 0.05 EU/mL", "pass"),
        ("HLA-DR", "≤ 20 % (informative)", "27.3 %", "informative"),
        // Entered but not reviewed by a second analyst: no result yet.
        ("Karyotype", "none (informative)", "", "informative"),
    ];
    assert_eq!(
        shown,
        expected.map(|(test, limit, result, verdict)| (test, limit, result.to_owned(), verdict))
    );
    let verdict = certified().batch().verdict();
    for (line, judged) in certificate.criteria.iter().zip(&verdict.criteria) {
        assert_eq!(
            line.results.first().map(|first| &first.result),
            judged.value_as_judged.as_ref()
        );
    }
    assert_eq!(certificate.groups.len(), 1);
    assert_eq!(certificate.groups[0].tests, ["Sterility", "Endotoxin"]);
}

// A11-8.2
#[test]
fn a_repeated_result_says_so_and_the_invalid_one_is_not_on_the_paper() {
    let record = harvested()
        .result("sterility", ResultValue::Category("growth".to_owned()))
        .reviewed("sterility")
        .then(
            QA,
            BatchEvent::Quality(QualityEvent::ResultInvalidated {
                sample: sample(),
                criterion: "sterility".to_owned(),
                reason: InvalidationReason::NegativeControl,
                evidence: "plate 7".to_owned(),
                raw_data: None,
            }),
        );
    let certificate = tested(record)
        .review()
        .certified("GE-2026-0007-C1")
        .certificate()
        .unwrap();
    let results = &line(&certificate, "Sterility").results;
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].result, "no growth");
    assert_eq!(
        results[0].repeated_after,
        ["growth in the negative control"]
    );
    assert!(
        line(&certificate, "Viability").results[0]
            .repeated_after
            .is_empty()
    );
    let all = serde_json::to_string(&certificate).unwrap();
    assert!(!all.contains("\"growth\""), "{all}");
}

// A11-8.2
#[test]
fn values_changed_since_their_first_entry_are_listed_and_marked() {
    let weight = BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
        field: HarvestField::Weight,
        old: "60".to_owned(),
        new: "70".to_owned(),
        reason: "typing error".to_owned(),
    });
    let record = harvested()
        .corrected("140000000", "142000000")
        .completed("harvest")
        .then(TECHNICIAN, weight);
    let certificate = tested(record)
        .review()
        .certified("GE-2026-0007-C1")
        .certificate()
        .unwrap();
    let [cells, weight] = certificate.changes.as_slice() else {
        panic!("{:?}", certificate.changes)
    };
    assert_eq!(cells.what, "Final harvest: Viable cells, first count");
    assert_eq!(
        (cells.old.as_str(), cells.new.as_str()),
        (
            "140\u{202f}000\u{202f}000 cells",
            "142\u{202f}000\u{202f}000 cells"
        )
    );
    assert_eq!(
        (cells.reason.as_str(), cells.by.as_str()),
        ("misread", "Technician 1, Technician")
    );
    assert_eq!(cells.at, "2026-03-05 22:00 UTC");
    assert_eq!(
        (
            weight.what.as_str(),
            weight.old.as_str(),
            weight.new.as_str()
        ),
        ("Harvest: body weight", "60 kg", "70 kg")
    );
    let marked: Vec<_> = certificate
        .dose
        .iter()
        .filter(|figure| figure.changed)
        .map(|figure| figure.label.as_str())
        .collect();
    assert_eq!(marked, ["Body weight", "Viable cells of the final harvest"]);
    assert!(
        certified()
            .certificate()
            .unwrap()
            .dose
            .iter()
            .all(|figure| !figure.changed)
    );
}

// A11-14
#[test]
fn a_void_signature_is_not_printed() {
    let record = harvested()
        .corrected("140000000", "142000000")
        .completed("harvest");
    let certificate = tested(record)
        .review()
        .certified("GE-2026-0007-C1")
        .certificate()
        .unwrap();
    let shown: Vec<_> = certificate
        .signatures
        .iter()
        .map(|one| (one.of.as_str(), one.meaning.as_str(), one.name.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("Freezing", "Performed as recorded", "Technician 1"),
            ("Final harvest", "Performed as recorded", "Technician 1"),
            (
                "Batch GE-2026-0007",
                "Reviewed, record complete",
                "Jörg Łukasz"
            ),
            ("Batch GE-2026-0007", "Certified for release", "Éva Őry"),
        ]
    );
}

#[test]
fn units_carry_dose_and_expiry() {
    let certificate = certified().certificate().unwrap();
    let [unit] = certificate.units.as_slice() else {
        panic!("{:?}", certificate.units)
    };
    assert_eq!(
        (unit.viable_cells.as_str(), unit.per_kg.as_str()),
        ("105\u{202f}000\u{202f}000", "1.50")
    );
    assert_eq!(
        (unit.volume.as_str(), unit.location.as_str()),
        ("50 mL", "tank 1 / rack 2")
    );
    assert_eq!(unit.expires_at.as_deref(), Some("2027-03-05 23:59 UTC"));
    let dates: Vec<_> = certificate
        .dates
        .iter()
        .map(|date| (date.label.as_str(), date.text.as_str()))
        .collect();
    assert_eq!(
        dates,
        [
            ("Marrow collected", "2026-03-05 12:00 UTC"),
            ("Final harvest", "2026-03-05 17:00 UTC"),
            ("Freezing", "2026-03-05 20:00 UTC"),
            ("Tested", "2026-03-06"),
            ("Expiry (earliest unit)", "2027-03-05 23:59 UTC"),
        ]
    );
}

#[test]
fn a_withdrawn_certificate_keeps_its_number_and_says_what_became_of_it() {
    let withdrawn = certified().withdrawn();
    let paper = withdrawn.numbered("GE-2026-0007-C1").unwrap();
    let Status::Withdrawn { by, reason, .. } = &paper.status else {
        panic!("{:?}", paper.status)
    };
    assert_eq!(
        (by.as_str(), reason.as_str()),
        ("Éva Őry (user3), Qualified Person", "wrong weight")
    );
    assert_eq!(withdrawn.numbered("GE-2026-0007-C2"), None);

    let again = certified()
        .withdrawn()
        .review()
        .certified("GE-2026-0007-C2");
    let first = again.numbered("GE-2026-0007-C1").unwrap();
    assert!(
        matches!(&first.status, Status::Superseded { by, .. } if by == "GE-2026-0007-C2"),
        "{:?}",
        first.status
    );
    let second = again.certificate().unwrap();
    assert_eq!(
        (second.number.as_str(), &second.status),
        ("GE-2026-0007-C2", &Status::Final)
    );
    let [earlier] = second.earlier.as_slice() else {
        panic!("{:?}", second.earlier)
    };
    assert!(
        earlier.starts_with("GE-2026-0007-C1, withdrawn on ")
            && earlier.ends_with(": wrong weight"),
        "{earlier}"
    );
}

// DI-3
#[test]
fn a_certificate_whose_signature_a_later_change_voided_never_looks_as_if_it_stood() {
    let record = certified().then(
        QA,
        BatchEvent::Quality(QualityEvent::ResultInvalidated {
            sample: sample(),
            criterion: "sterility".to_owned(),
            reason: InvalidationReason::Procedure,
            evidence: "e".to_owned(),
            raw_data: None,
        }),
    );
    assert_eq!(record.certificate(), None);
    let paper = record.numbered("GE-2026-0007-C1").unwrap();
    let Status::Void { at, by } = &paper.status else {
        panic!("{:?}", paper.status)
    };
    assert_eq!(
        (at.as_str(), by.as_str()),
        ("2026-03-06 09:00 UTC", "Jörg Łukasz, QA reviewer")
    );
}

// A11-8.2: what is certified shows what was entered first, whether it was corrected before its review or after it.
#[test]
fn a_corrected_result_prints_with_the_value_before_it_and_who_confirmed_it() {
    let number = |text: &str| ResultValue::Number(text.parse().unwrap());
    let record = tested(
        harvested()
            .result("viability", number("39"))
            .then(
                TECHNICIAN,
                BatchEvent::Quality(QualityEvent::ResultCorrected {
                    sample: sample(),
                    criterion: "viability".to_owned(),
                    old: number("39"),
                    old_tested_on: "2026-03-05".parse().unwrap(),
                    new: number("93"),
                    tested_on: "2026-03-05".parse().unwrap(),
                    reason: "digits swapped".to_owned(),
                    raw_data: Some("FC-12".to_owned()),
                    verdict: Some(VerdictChange {
                        before: "fail".to_owned(),
                        after: "pass".to_owned(),
                        second: SecondAnalyst {
                            user: record::by(QA).user,
                            user_name: "qc.2".to_owned(),
                            name: "QC analyst 2".to_owned(),
                            role: Role::QcAnalyst,
                        },
                    }),
                }),
            )
            .reviewed("viability")
            .then(
                QA,
                BatchEvent::Quality(QualityEvent::ResultInvalidated {
                    sample: sample(),
                    criterion: "viability".to_owned(),
                    reason: InvalidationReason::TranscriptionError,
                    evidence: "95 on the printout".to_owned(),
                    raw_data: Some("FC-12".to_owned()),
                }),
            ),
    );
    let certificate = record
        .review()
        .certified("GE-2026-0007-C1")
        .certificate()
        .unwrap();
    let results = &line(&certificate, "Viability").results;
    assert_eq!(results[0].corrected_from, ["39 %", "93 %"]);
    assert!(results[0].repeated_after.is_empty());
    let changes: Vec<_> = certificate
        .changes
        .iter()
        .filter(|one| one.what.starts_with("Result of Viability"))
        .map(|one| (one.old.as_str(), one.reason.as_str()))
        .collect();
    assert_eq!(
        changes,
        [
            (
                "39 %",
                "digits swapped; raw data: FC-12; verdict fail, now pass"
            ),
            (
                "93 %, tested on 2026-03-05",
                "transcription error: 95 on the printout; raw data: FC-12"
            ),
        ]
    );
}

#[test]
fn what_happens_after_the_signature_does_not_change_the_paper() {
    let later = certified()
        .then(
            QA,
            BatchEvent::Processing(ProcessingEvent::CommentAdded {
                step: None,
                text: "c".to_owned(),
            }),
        )
        .then(
            TECHNICIAN,
            BatchEvent::Inventory(InventoryEvent::UnitDestroyed {
                unit: UnitId(Uuid::from_u128(30)),
                reason: "broken bag".to_owned(),
                destroyed_at: at(90),
            }),
        );
    // The state at printing stands apart; what was certified is the same.
    let certified_part = |record: &record::Record| {
        let mut certificate = record.certificate().unwrap();
        certificate.printing.lines.clear();
        certificate
    };
    assert_eq!(certified_part(&later), certified_part(&certified()));
}

/// Given that a deviation was raised after the certification.
fn late_deviation() -> record::Record {
    certified().then(
        QA,
        BatchEvent::Deviation(DeviationEvent::DeviationRaised {
            deviation: DeviationId(Uuid::from_u128(41)),
            number: "GE-2026-0007-D1".to_owned(),
            step: None,
            description: "Incubator alarm found late".to_owned(),
        }),
    )
}

// A print says how the batch stands now; what was certified stays word for word.
#[test]
fn a_print_says_at_its_top_how_the_batch_stood_at_that_moment() {
    let printing = |record: record::Record| {
        let paper = record.numbered("GE-2026-0007-C1").unwrap();
        assert!(
            paper
                .conclusion
                .starts_with("The batch meets every criterion")
        );
        paper.printing
    };
    let standing = printing(certified());
    assert_eq!(standing.number, "GE-2026-0007-P1");
    assert_eq!(standing.by, "Inspector 1 (inspector.1)");
    let held = printing(late_deviation());
    assert_eq!((held.state.as_str(), held.holds), ("Certified, held", true));
    assert!(
        held.lines.iter().any(|line| {
            line.starts_with("Held: deviation GE-2026-0007-D1, open since 2026-03-06")
                && line.ends_with("Incubator alarm found late")
        }),
        "{:?}",
        held.lines
    );
    let withdrawn = printing(certified().withdrawn());
    assert_eq!(
        (withdrawn.state.as_str(), withdrawn.holds),
        ("Withdrawn", true)
    );
    let destroyed = printing(certified().then(
        TECHNICIAN,
        BatchEvent::Inventory(InventoryEvent::UnitDestroyed {
            unit: UnitId(Uuid::from_u128(30)),
            reason: "broken bag".to_owned(),
            destroyed_at: at(90),
        }),
    ));
    assert!(
        destroyed
            .lines
            .iter()
            .any(|line| line.contains("destroyed on") && line.ends_with("broken bag")),
        "{:?}",
        destroyed.lines
    );
}

#[test]
fn deviations_stand_with_their_impact() {
    let deviation = DeviationId(Uuid::from_u128(40));
    let closed = |signature, signed| {
        BatchEvent::Deviation(DeviationEvent::DeviationClosed {
            deviation,
            signature,
            signed,
        })
    };
    let record = harvested()
        .then(
            TECHNICIAN,
            BatchEvent::Deviation(DeviationEvent::DeviationRaised {
                deviation,
                number: "GE-2026-0007-D1".to_owned(),
                step: None,
                description: "Incubator at 35 °C".to_owned(),
            }),
        )
        .then(
            QA,
            BatchEvent::Deviation(DeviationEvent::DeviationClassified {
                deviation,
                class: DeviationClass::Minor,
            }),
        )
        .then(
            QA,
            BatchEvent::Deviation(DeviationEvent::DeviationAssessed {
                deviation,
                root_cause: "door".to_owned(),
                impact: "none".to_owned(),
            }),
        )
        .signed(QA, Meaning::DeviationClosed, closed);
    let certificate = tested(record)
        .review()
        .certified("GE-2026-0007-C1")
        .certificate()
        .unwrap();
    let [one] = certificate.deviations.as_slice() else {
        panic!("{:?}", certificate.deviations)
    };
    assert_eq!(
        (one.number.as_str(), one.class.as_str(), one.impact.as_str()),
        ("GE-2026-0007-D1", "minor", "none")
    );
    assert!(
        certificate
            .signatures
            .iter()
            .any(|one| one.of == "Deviation GE-2026-0007-D1")
    );
}

#[test]
fn it_survives_being_written_and_read() {
    let certificate = certified().certificate().unwrap();
    let text = serde_json::to_string(&certificate).unwrap();
    assert_eq!(
        serde_json::from_str::<Certificate>(&text).unwrap(),
        certificate
    );
}
