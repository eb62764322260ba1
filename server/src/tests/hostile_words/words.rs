//! What hostile people write: everything that a command can hold in words.

use crate::demo::Act;
use domain::{
    batch::{
        BatchCommand, DeviationCommand, DoseCommand, ExceptionCommand, FieldValue, Harvest,
        HarvestCommand, HarvestField, InventoryCommand, ProcessingCommand, QualityCommand,
        ReleaseCommand, StopCommand, TimesCommand,
    },
    release::ResultValue,
};

/// Ends whatever it can stand in, and begins a formula.
pub const NASTY: &str = "=1+1;=2+2\t=3+3 \"'`</textarea></title></script><script>alert(1)</script><img src=x onerror=alert(1)>\
                     ${7*7} ) /JS (alert(1)) --><!-- ]]>";

pub fn nasty() -> String {
    NASTY.to_owned()
}

/// The same where there is one line alone.
pub fn nasty_line() -> String {
    NASTY.replace('\t', " ")
}

fn nasty_harvest(harvest: Harvest) -> Harvest {
    Harvest {
        collected_by: nasty(),
        anticoagulant: nasty(),
        consent_version: nasty(),
        ..harvest
    }
}

/// The same command with everything in it that is free text replaced. Every field is named, so that a new one has to be
/// looked at here.
fn nasty_command(command: BatchCommand) -> BatchCommand {
    let words = |value: FieldValue| match value {
        FieldValue::Text(_) => FieldValue::Text(nasty()),
        other => other,
    };
    match command {
        BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
            field,
            value,
            reason: _,
        }) => {
            let free = [HarvestField::CollectedBy, HarvestField::Anticoagulant].contains(&field);
            BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
                field,
                value: if free { nasty() } else { value },
                reason: nasty(),
            })
        }
        BatchCommand::Processing(ProcessingCommand::RecordEntry {
            step,
            field,
            value,
            performed_at,
        }) => BatchCommand::Processing(ProcessingCommand::RecordEntry {
            step,
            field,
            value: words(value),
            performed_at,
        }),
        BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step,
            field,
            value,
            reason: _,
        }) => BatchCommand::Processing(ProcessingCommand::CorrectEntry {
            step,
            field,
            value: words(value),
            reason: nasty(),
        }),
        BatchCommand::Times(TimesCommand::CorrectTime { of, at, reason: _ }) => {
            BatchCommand::Times(TimesCommand::CorrectTime {
                of,
                at,
                reason: nasty(),
            })
        }
        BatchCommand::Processing(ProcessingCommand::VerifyEntry { step, field, seen }) => {
            BatchCommand::Processing(ProcessingCommand::VerifyEntry {
                step,
                field,
                seen: words(seen),
            })
        }
        BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
            step,
            field,
            reason: _,
        }) => BatchCommand::Processing(ProcessingCommand::EntryNotApplicable {
            step,
            field,
            reason: nasty(),
        }),
        BatchCommand::Processing(ProcessingCommand::StepNotApplicable { step, reason: _ }) => {
            BatchCommand::Processing(ProcessingCommand::StepNotApplicable {
                step,
                reason: nasty(),
            })
        }
        BatchCommand::Processing(ProcessingCommand::EndCulture { reason: _ }) => {
            BatchCommand::Processing(ProcessingCommand::EndCulture { reason: nasty() })
        }
        BatchCommand::Processing(ProcessingCommand::Comment { step, text: _ }) => {
            BatchCommand::Processing(ProcessingCommand::Comment {
                step,
                text: nasty(),
            })
        }
        BatchCommand::Quality(QualityCommand::EnterResult {
            sample,
            criterion,
            value,
            tested_on,
        }) => {
            let value = match value {
                ResultValue::Text(_) => ResultValue::Text(nasty()),
                other => other,
            };
            BatchCommand::Quality(QualityCommand::EnterResult {
                sample,
                criterion,
                value,
                tested_on,
            })
        }
        BatchCommand::Quality(QualityCommand::InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence: _,
            raw_data: _,
        }) => BatchCommand::Quality(QualityCommand::InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence: nasty(),
            raw_data: nasty(),
        }),
        BatchCommand::Quality(QualityCommand::CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason: _,
            raw_data: _,
            second,
        }) => BatchCommand::Quality(QualityCommand::CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason: nasty(),
            raw_data: nasty(),
            second,
        }),
        BatchCommand::Quality(QualityCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason: _,
        }) => BatchCommand::Quality(QualityCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason: nasty(),
        }),
        BatchCommand::Quality(QualityCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer: _,
        }) => BatchCommand::Quality(QualityCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer: nasty(),
        }),
        BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
            deviation,
            step,
            description: _,
        }) => BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
            deviation,
            step,
            description: nasty(),
        }),
        BatchCommand::Deviation(DeviationCommand::AssessDeviation {
            deviation,
            root_cause: _,
            impact: _,
        }) => BatchCommand::Deviation(DeviationCommand::AssessDeviation {
            deviation,
            root_cause: nasty(),
            impact: nasty(),
        }),
        BatchCommand::Exception(ExceptionCommand::AssessException {
            exception,
            assessment: _,
        }) => BatchCommand::Exception(ExceptionCommand::AssessException {
            exception,
            assessment: nasty(),
        }),
        BatchCommand::Release(ReleaseCommand::Reject { reasons: _, seen }) => {
            BatchCommand::Release(ReleaseCommand::Reject {
                reasons: nasty(),
                seen,
            })
        }
        BatchCommand::Release(ReleaseCommand::WithdrawCertification { reason: _, seen }) => {
            BatchCommand::Release(ReleaseCommand::WithdrawCertification {
                reason: nasty(),
                seen,
            })
        }
        BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit,
            step,
            viable_cells,
            volume_ml,
            location: _,
            stored_at,
        }) => BatchCommand::Inventory(InventoryCommand::StoreUnit {
            unit,
            step,
            viable_cells,
            volume_ml,
            // A location has at most 100 characters, and no two are alike.
            location: format!(
                "{} {}",
                NASTY.chars().take(90).collect::<String>(),
                unit.to_string().split('-').next().unwrap_or_default()
            ),
            stored_at,
        }),
        BatchCommand::Inventory(InventoryCommand::DestroyUnit { unit, reason: _ }) => {
            BatchCommand::Inventory(InventoryCommand::DestroyUnit {
                unit,
                reason: nasty(),
            })
        }
        BatchCommand::Stop(StopCommand::ReadIdentifiers {
            stop,
            subject: _,
            din,
        }) => BatchCommand::Stop(StopCommand::ReadIdentifiers {
            stop,
            subject: nasty(),
            din,
        }),
        BatchCommand::Dose(DoseCommand::DispatchDose {
            dose,
            subject,
            din,
            destination: _,
        }) => BatchCommand::Dose(DoseCommand::DispatchDose {
            dose,
            subject,
            din,
            destination: nasty(),
        }),
        BatchCommand::Dose(DoseCommand::DestroyDose { dose, reason: _ }) => {
            BatchCommand::Dose(DoseCommand::DestroyDose {
                dose,
                reason: nasty(),
            })
        }
        // Nothing that is written in words.
        BatchCommand::Processing(ProcessingCommand::CompleteStep {
            step: _,
            performed_at: _,
            seen: _,
        })
        | BatchCommand::Quality(QualityCommand::TakeSample {
            sample: _,
            step: _,
            taken_at: _,
            viable_cells: _,
        })
        | BatchCommand::Quality(QualityCommand::ReviewResult {
            sample: _,
            criterion: _,
            result: _,
        })
        | BatchCommand::Stop(StopCommand::LiftStop {
            stop: _,
            evidence: _,
            seen: _,
        })
        | BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
            deviation: _,
            class: _,
        })
        | BatchCommand::Deviation(DeviationCommand::CloseDeviation {
            deviation: _,
            seen: _,
        })
        | BatchCommand::Release(ReleaseCommand::SignReview { seen: _ })
        | BatchCommand::Release(ReleaseCommand::Certify { seen: _ })
        | BatchCommand::Dose(DoseCommand::PrepareDose { dose: _, units: _ })
        | BatchCommand::Dose(DoseCommand::RecordInfusion {
            dose: _,
            started_at: _,
            ended_at: _,
            volume_ml: _,
            given_on_hold: _,
        }) => command,
    }
}

pub fn nasty_act(act: Act) -> Act {
    match act {
        Act::Register(harvest) => Act::Register(Box::new(nasty_harvest(*harvest))),
        Act::Do(command) => Act::Do(Box::new(nasty_command(*command))),
        Act::Sign(wanted) => Act::Sign(Box::new(move |seen| nasty_command(wanted(seen)))),
        Act::FromRecord(wanted) => {
            Act::FromRecord(Box::new(move |batch| wanted(batch).map(nasty_command)))
        }
        Act::AssessAll(_) => Act::AssessAll(NASTY),
    }
}
