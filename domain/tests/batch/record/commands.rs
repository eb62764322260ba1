//! What can be asked for, in few words.

use super::{d, deviation, din, dose, sample, sampled, step, unit};
use chrono::NaiveDate;
use domain::{
    batch::{
        BatchCommand, DeviationCommand, DoseCommand, ExceptionCommand, FieldValue,
        InvalidationReason, InventoryCommand, ProcessingCommand, QualityCommand, Second,
        StopCommand,
    },
    release::ResultValue,
    time::Timestamp,
};

pub fn entry(at: &str, field: &str, value: FieldValue) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::RecordEntry {
        step: step(at),
        field: field.to_owned(),
        value,
        performed_at: None,
    })
}

pub fn entry_at(at: &str, field: &str, value: FieldValue, performed_at: Timestamp) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::RecordEntry {
        step: step(at),
        field: field.to_owned(),
        value,
        performed_at: Some(performed_at),
    })
}

pub fn correct(at: &str, field: &str, value: FieldValue) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::CorrectEntry {
        step: step(at),
        field: field.to_owned(),
        value,
        reason: "misread".to_owned(),
    })
}

pub fn verify(at: &str, field: &str, seen: FieldValue) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::VerifyEntry {
        step: step(at),
        field: field.to_owned(),
        seen,
    })
}

pub fn complete(at: &str, seen: u64) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::CompleteStep {
        step: step(at),
        performed_at: None,
        seen,
    })
}

pub fn complete_at(at: &str, performed_at: Timestamp, seen: u64) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::CompleteStep {
        step: step(at),
        performed_at: Some(performed_at),
        seen,
    })
}

pub fn not_applicable(at: &str, field: &str) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
        step: step(at),
        field: field.to_owned(),
        reason: "not done".to_owned(),
    })
}

pub fn skip(at: &str) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
        step: step(at),
        reason: "not done".to_owned(),
    })
}

pub fn comment(at: Option<&str>, text: &str) -> BatchCommand {
    BatchCommand::Processing(ProcessingCommand::Comment {
        step: at.map(step),
        text: text.to_owned(),
    })
}

pub fn take(id: u128, at: &str, viable: &str) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::TakeSample {
        sample: sample(id),
        step: step(at),
        taken_at: None,
        viable_cells: d(viable),
    })
}

pub fn enter(of: u128, criterion: &str, value: ResultValue, on: NaiveDate) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::EnterResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        value,
        tested_on: on,
    })
}

pub fn review_result(of: u128, criterion: &str, result: usize) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ReviewResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        result,
    })
}

/// A correction without raw data and without a second analyst.
pub fn correct_result(
    of: u128,
    criterion: &str,
    result: usize,
    value: ResultValue,
) -> BatchCommand {
    correct_seen(of, criterion, result, value, "", None)
}

/// A correction with what it needs where the verdict changes.
pub fn correct_seen(
    of: u128,
    criterion: &str,
    result: usize,
    value: ResultValue,
    raw_data: &str,
    second: Option<Second>,
) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::CorrectResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        result,
        value,
        tested_on: sampled().today(),
        reason: "digits swapped".to_owned(),
        raw_data: raw_data.to_owned(),
        second,
    })
}

pub fn return_result(of: u128, criterion: &str, result: usize) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ReturnResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        result,
        reason: "the printout says 93".to_owned(),
    })
}

pub fn confirm_result(of: u128, criterion: &str, result: usize) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ConfirmResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        result,
        answer: "read again: the same".to_owned(),
    })
}

pub fn invalidate(of: u128, criterion: &str, result: usize) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::InvalidateResult {
        sample: sample(of),
        criterion: criterion.to_owned(),
        result,
        reason: InvalidationReason::NegativeControl,
        evidence: "growth in control 3".to_owned(),
        raw_data: String::new(),
    })
}

pub fn read_identifiers(
    stop: u64,
    subject: &str,
    din: domain::identifiers::DonationNumber,
) -> BatchCommand {
    BatchCommand::Stop(StopCommand::ReadIdentifiers {
        stop,
        subject: subject.to_owned(),
        din,
    })
}

pub fn lift(stop: u64, evidence: &[u64], seen: u64) -> BatchCommand {
    BatchCommand::Stop(StopCommand::LiftStop {
        stop,
        evidence: evidence.to_vec(),
        seen,
    })
}

pub fn raise(id: u128, at: Option<&str>) -> BatchCommand {
    BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
        deviation: deviation(id),
        step: at.map(step),
        description: "spilled".to_owned(),
    })
}

pub fn assess_deviation(id: u128) -> BatchCommand {
    BatchCommand::Deviation(DeviationCommand::AssessDeviation {
        deviation: deviation(id),
        root_cause: "haste".to_owned(),
        impact: "none".to_owned(),
    })
}

pub fn assess(exception: u64) -> BatchCommand {
    BatchCommand::Exception(ExceptionCommand::AssessException {
        exception,
        assessment: "no influence".to_owned(),
    })
}

pub fn store(id: u128, viable: &str, location: &str) -> BatchCommand {
    BatchCommand::Inventory(InventoryCommand::StoreUnit {
        unit: unit(id),
        step: step("freeze"),
        viable_cells: d(viable),
        volume_ml: d("50"),
        location: location.to_owned(),
        stored_at: None,
    })
}

pub fn destroy_unit(id: u128) -> BatchCommand {
    BatchCommand::Inventory(InventoryCommand::DestroyUnit {
        unit: unit(id),
        reason: "bag broken".to_owned(),
    })
}

pub fn prepare(id: u128, units: &[u128]) -> BatchCommand {
    BatchCommand::Dose(DoseCommand::PrepareDose {
        dose: dose(id),
        units: units.iter().map(|one| unit(*one)).collect(),
    })
}

pub fn dispatch(id: u128) -> BatchCommand {
    BatchCommand::Dose(DoseCommand::DispatchDose {
        dose: dose(id),
        subject: "GE-01".to_owned(),
        din: din(),
        destination: "Ward 3".to_owned(),
    })
}

pub fn infuse(id: u128, started_at: Timestamp, ended_at: Timestamp) -> BatchCommand {
    BatchCommand::Dose(DoseCommand::RecordInfusion {
        dose: dose(id),
        started_at,
        ended_at,
        volume_ml: d("100"),
        given_on_hold: false,
    })
}

pub fn destroy_dose(id: u128) -> BatchCommand {
    BatchCommand::Dose(DoseCommand::DestroyDose {
        dose: dose(id),
        reason: "patient unwell".to_owned(),
    })
}
