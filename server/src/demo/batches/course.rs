//! From the figures of a batch to who does what.

use super::{DemoBatch, DemoPassage, Product, Release};
use crate::demo::{
    id,
    script::{Act, Scene, Script, Turn},
};
use anyhow::Result;
use chrono::{Datelike as _, TimeDelta};
use domain::{
    batch::{
        Batch, BatchCommand, DeviationClass, DeviationCommand, DoseCommand, FieldValue, Harvest,
        InventoryCommand, ProcessingCommand, ReleaseCommand, StopCommand,
    },
    identifiers::{Coi, Din, DonationNumber},
    ids::{DeviationId, DoseId},
    time::Timestamp,
};
use rust_decimal::Decimal;

const IN_PROCESS: &str = "in-process-sample@P1";
const FINAL: &str = "final-product-sample";

/// The results of the final product as they usually come in: criterion, days after sampling, result.
const USUAL_RESULTS: [(&str, i64, &str); 14] = [
    ("viability", 0, "95.8"),
    ("endotoxin", 1, "<0.05"),
    ("cd105", 2, "98.6"),
    ("cd73", 2, "99.1"),
    ("cd90", 2, "99.4"),
    ("cd45", 2, "0.4"),
    ("cd31", 2, "<0.5"),
    ("hla-dr", 2, "3.2"),
    ("mycoplasma", 3, "not detected"),
    ("sterility", 7, "no growth"),
    ("osteogenic", 21, "present"),
    ("chondrogenic", 21, "present"),
    ("adipogenic", 21, "present"),
    ("karyotype", 21, "46,XX"),
];

/// Who does what to a batch, in the order of time.
pub fn script(batch: &DemoBatch, scene: &Scene<'_>) -> Result<Vec<Turn>> {
    let mut script = Script::begin(batch, scene, "08:40")?;
    register(&mut script)?;
    if batch.passages.is_empty() {
        return Ok(script.end());
    }
    receive(&mut script)?;
    for (number, passage) in batch.passages.iter().enumerate() {
        grow(&mut script, number, passage)?;
    }
    if let Some(product) = &batch.product {
        freeze(&mut script, product)?;
        release(&mut script)?;
    }
    Ok(script.end())
}

fn register(script: &mut Script<'_>) -> Result<()> {
    let batch = script.batch;
    let (facility, year) = (batch.site.facility(), script.day().year() % 100);
    let collected_at = script.at;
    let harvest = Harvest {
        subject: batch.subject.to_owned(),
        din: din(script)?,
        coi: Some(Coi::parse(&format!(
            "CH{facility}{year:02}{}{:04}",
            batch.site.code(),
            batch.serial
        ))?),
        collected_at,
        collected_by: "Collector on duty".to_owned(),
        volume_ml: batch.volume_ml.parse()?,
        anticoagulant: "Heparin, 100 IU per mL".to_owned(),
        consent: true,
        consent_version: "ICF 3.0".to_owned(),
        consented_on: script.day() - TimeDelta::days(9),
        weight_kg: batch.weight_kg.parse()?,
        weighed_on: script.day() - TimeDelta::days(1),
        identity_confirmed: true,
    };
    script.go(collected_at, TimeDelta::minutes(20));
    script.act(batch.site.collector(), Act::Register(Box::new(harvest)));
    script.go(collected_at, TimeDelta::minutes(150));
    Ok(())
}

fn receive(script: &mut Script<'_>) -> Result<()> {
    let batch = script.batch;
    let received = [
        ("time-since-collection", "2.5"),
        ("volume-received", batch.volume_ml),
        ("temperature-highest", batch.warmest),
    ];
    script.step("receipt", &received, vec![])?;
    if batch.release == Release::Infused {
        warm_transport(script)?;
    }
    let day = script.day().to_string();
    script.step("donor-testing", &[("sampled-on", &day)], vec![])?;
    script.step("line-clearance", &[], vec![])?;
    script.go(script.at, TimeDelta::minutes(90));
    let isolated = [
        ("volume-processed", batch.volume_ml),
        ("mnc-count", batch.mnc),
        ("viability", "97.4"),
    ];
    script.step("isolation", &isolated, vec![])
}

fn grow(script: &mut Script<'_>, number: usize, passage: &DemoPassage) -> Result<()> {
    script.go(script.at, TimeDelta::minutes(20));
    let vessels = [
        ("cells-seeded", passage.seeded),
        ("area", passage.area),
        ("vessels", passage.vessels),
    ];
    script.step(&format!("seed@P{number}"), &vessels, vec![])?;
    let seeded = script.at;
    let confluence = ["25", "55", "70"];
    for (nth, hours) in passage.medium_changed_after.iter().enumerate() {
        script.go(seeded, TimeDelta::hours(*hours));
        script.step(&format!("change-medium@P{number}#{}", nth + 1), &[], vec![])?;
        let seen = [("confluence", confluence[nth.min(2)])];
        script.step(&format!("observe@P{number}#{}", nth + 1), &seen, vec![])?;
    }
    let Some((total, viable)) = passage.counted else {
        return Ok(());
    };
    script.go(seeded, TimeDelta::hours(passage.hours));
    let counted = [
        ("confluence", "80"),
        ("total-cells", total),
        ("viable-cells", viable),
    ];
    script.step(&format!("passage@P{number}"), &counted, vec![])?;
    if number == 1 {
        in_process(script)?;
    }
    Ok(())
}

fn in_process(script: &mut Script<'_>) -> Result<()> {
    if script.batch.release == Release::Blocked {
        return lost_sample(script);
    }
    let sample = script.take_sample(IN_PROCESS, Decimal::from(20_000))?;
    script.step(IN_PROCESS, &[], vec![sample])?;
    script.go(script.at, TimeDelta::minutes(40));
    script.result(IN_PROCESS, "viability-in-process", "94.6")
}

/// The tube broke: no sample, so the criterion is missing, and a deviation that is still open.
fn lost_sample(script: &mut Script<'_>) -> Result<()> {
    let technician = script.batch.site.technician();
    let deviation = DeviationId(id(&format!("deviation/{}/tube", script.batch.name)));
    let raise = BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
        deviation,
        step: Some(IN_PROCESS.parse()?),
        description: "The tube with the in-process sample broke in the centrifuge. No cells were left to sample \
                      again without delaying the passage."
            .to_owned(),
    });
    script.act_do(technician, raise);
    let reason = "The tube broke in the centrifuge, see the deviation".to_owned();
    script.act_do(
        technician,
        BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
            step: IN_PROCESS.parse()?,
            reason,
        }),
    );
    script.go(script.at, TimeDelta::hours(1));
    script.act_do(
        "qa.1",
        BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
            deviation,
            class: DeviationClass::Major,
        }),
    );
    Ok(())
}

fn freeze(script: &mut Script<'_>, product: &Product) -> Result<()> {
    script.go(script.at, TimeDelta::minutes(30));
    let counts = [
        ("total-cells-1", product.first_count.0),
        ("viable-cells-1", product.first_count.1),
        ("total-cells-2", product.second_count.0),
        ("viable-cells-2", product.second_count.1),
    ];
    script.step("final-harvest", &counts, vec![])?;
    let sample = script.take_sample(FINAL, Decimal::from(4_000_000))?;
    script.step(FINAL, &[], vec![sample])?;
    let taken_at = script.at;
    script.go(script.at, TimeDelta::minutes(30));
    let mut units = Vec::new();
    for number in 1..=product.units {
        units.push(BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit: script.unit_id(number),
            step: "freeze".parse()?,
            viable_cells: product.unit_cells.parse()?,
            volume_ml: Decimal::from(20),
            location: format!("Tank 2 / rack 4 / box {} / {number}", script.batch.serial),
            stored_at: None,
        }));
    }
    let run = format!("CRF-01-{}.csv", script.day());
    script.step("freeze", &[("run-file", &run)], units)?;
    let number = product.units.to_string();
    let closed = [
        ("units-stored", number.as_str()),
        ("viable-cells-stored", product.stored_cells),
        ("yield", product.yield_percent),
    ];
    script.step("closing", &closed, vec![])?;
    results(script, taken_at, product)
}

fn results(script: &mut Script<'_>, taken_at: Timestamp, product: &Product) -> Result<()> {
    for (criterion, days, usual) in USUAL_RESULTS {
        script.go(taken_at, TimeDelta::days(days) + TimeDelta::minutes(50));
        let own = product.results.iter().find(|(key, _)| *key == criterion);
        script.result(FINAL, criterion, own.map_or(usual, |(_, result)| *result))?;
    }
    Ok(())
}

fn release(script: &mut Script<'_>) -> Result<()> {
    let tested = script.at;
    match script.batch.release {
        Release::NotYet => {}
        Release::Blocked => {
            let why = "Explained in the deviation, which stays open until its impact is stated.";
            script.act("qa.1", Act::AssessAll(why));
        }
        Release::WaitsForReview => {
            correct_confluence(script)?;
            assess(script);
        }
        Release::Certified => {
            correct_confluence(script)?;
            assess(script);
            certify(script, tested);
        }
        Release::Infused => {
            close_deviation(script);
            assess(script);
            certify(script, tested);
            give(script)?;
        }
    }
    Ok(())
}

/// Somebody had typed 55 for 65: the old value stays in sight, with the reason.
fn correct_confluence(script: &mut Script<'_>) -> Result<()> {
    let number = |value: i64| FieldValue::Number(Decimal::from(value));
    let correct = BatchCommand::Processing(ProcessingCommand::CorrectEntry {
        step: "observe@P0#2".parse()?,
        field: "confluence".to_owned(),
        value: number(65),
        reason: "Typed wrongly: the picture shows 65 %".to_owned(),
    });
    script.act_do(script.batch.site.technician(), correct);
    Ok(())
}

fn assess(script: &mut Script<'_>) {
    script.go(script.at, TimeDelta::minutes(45));
    script.act(
        "qa.1",
        Act::AssessAll(
            "No influence on the product: the cells and the figures derived are the same.",
        ),
    );
}

/// The box was warmer than the limit for a while: that stopped the batch. The marrow is inspected again, a second person
/// confirms what was found, and QA lifts the stop on that entry.
fn warm_transport(script: &mut Script<'_>) -> Result<()> {
    script.go(script.at, TimeDelta::minutes(8));
    let found = "The box was above 25 °C for 12 minutes, at most 25.6 °C, by the logger's file; marrow and container are \
                 as they should be.";
    script.step("hold-assessment#1", &[("found", found)], vec![])?;
    script.go(script.at, TimeDelta::minutes(10));
    script.as_the_record_asks("qa.1", |batch| {
        let stop = batch.open_stops().next()?;
        let assessment = batch.steps.get(&"hold-assessment#1".parse().ok()?)?;
        let usable = assessment.entries.get("material-usable")?;
        Some(BatchCommand::Stop(StopCommand::LiftStop {
            stop: stop.number(),
            evidence: vec![usable.values.last()?.stamp.version],
            seen: batch.version,
        }))
    });
    Ok(())
}

/// The deviation that the stop raised, from its class to its end.
fn close_deviation(script: &mut Script<'_>) {
    script.go(script.at, TimeDelta::minutes(30));
    let of = |batch: &Batch| batch.open_deviations().next().map(|one| one.id);
    script.as_the_record_asks("qa.1", move |batch| {
        Some(BatchCommand::Deviation(
            DeviationCommand::ClassifyDeviation {
                deviation: of(batch)?,
                class: DeviationClass::Minor,
            },
        ))
    });
    script.as_the_record_asks("qa.1", move |batch| {
        let impact =
            "None: marrow is stable at room temperature for longer, and viability was 97.4 %.";
        Some(BatchCommand::Deviation(DeviationCommand::AssessDeviation {
            deviation: of(batch)?,
            root_cause: "The box stood in the sun at the loading bay.".to_owned(),
            impact: impact.to_owned(),
        }))
    });
    script.as_the_record_asks("qa.1", move |batch| {
        Some(BatchCommand::Deviation(DeviationCommand::CloseDeviation {
            deviation: of(batch)?,
            seen: batch.version,
        }))
    });
}

fn certify(script: &mut Script<'_>, tested: Timestamp) {
    script.go(tested, TimeDelta::hours(26));
    script.sign("qa.1", |seen| {
        BatchCommand::Release(ReleaseCommand::SignReview { seen })
    });
    script.go(tested, TimeDelta::hours(49));
    script.sign("qp.1", |seen| {
        BatchCommand::Release(ReleaseCommand::Certify { seen })
    });
}

fn give(script: &mut Script<'_>) -> Result<()> {
    let certified = script.at;
    let (subject, din) = (script.batch.subject.to_owned(), din(script)?);
    let dose = DoseId(id(&format!("dose/{}/1", script.batch.name)));
    let units = vec![script.unit_id(1), script.unit_id(2)];
    script.go(certified, TimeDelta::days(7));
    script.act_do(
        "pharmacist.1",
        BatchCommand::Dose(DoseCommand::PrepareDose { dose, units }),
    );
    script.go(script.at, TimeDelta::minutes(35));
    let destination = "Neurology ward, day hospital".to_owned();
    script.act_do(
        "pharmacist.1",
        BatchCommand::Dose(DoseCommand::DispatchDose {
            dose,
            subject,
            din,
            destination,
        }),
    );
    let started_at = script.at.plus(TimeDelta::minutes(25));
    let ended_at = started_at.plus(TimeDelta::minutes(30));
    script.go(ended_at, TimeDelta::minutes(5));
    let volume_ml = Decimal::from(100);
    script.act_do(
        "pharmacist.1",
        BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose,
            started_at,
            ended_at,
            volume_ml,
            given_on_hold: false,
        }),
    );
    Ok(())
}

fn din(script: &Script<'_>) -> Result<DonationNumber> {
    let batch = script.batch;
    let collected = script.scene.zone.day(script.scene.now) - TimeDelta::days(batch.days_ago);
    Ok(Din::parse(&format!(
        "{}{:02}{:06}",
        batch.site.facility(),
        collected.year() % 100,
        batch.serial
    ))?
    .into())
}
