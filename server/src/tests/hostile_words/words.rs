//! What hostile people write: everything that a command can hold in words.

use crate::demo::Act;
use domain::{
    batch::{BatchCommand, FieldValue, Harvest, HarvestField},
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
    use BatchCommand::*;
    let words = |value: FieldValue| match value {
        FieldValue::Text(_) => FieldValue::Text(nasty()),
        other => other,
    };
    match command {
        CorrectHarvest {
            field,
            value,
            reason: _,
        } => {
            let free = [HarvestField::CollectedBy, HarvestField::Anticoagulant].contains(&field);
            CorrectHarvest {
                field,
                value: if free { nasty() } else { value },
                reason: nasty(),
            }
        }
        RecordEntry {
            step,
            field,
            value,
            performed_at,
        } => RecordEntry {
            step,
            field,
            value: words(value),
            performed_at,
        },
        CorrectEntry {
            step,
            field,
            value,
            reason: _,
        } => CorrectEntry {
            step,
            field,
            value: words(value),
            reason: nasty(),
        },
        CorrectTime { of, at, reason: _ } => CorrectTime {
            of,
            at,
            reason: nasty(),
        },
        VerifyEntry { step, field, seen } => VerifyEntry {
            step,
            field,
            seen: words(seen),
        },
        EntryNotApplicable {
            step,
            field,
            reason: _,
        } => EntryNotApplicable {
            step,
            field,
            reason: nasty(),
        },
        StepNotApplicable { step, reason: _ } => StepNotApplicable {
            step,
            reason: nasty(),
        },
        EndCulture { reason: _ } => EndCulture { reason: nasty() },
        Comment { step, text: _ } => Comment {
            step,
            text: nasty(),
        },
        EnterResult {
            sample,
            criterion,
            value,
            tested_on,
        } => {
            let value = match value {
                ResultValue::Text(_) => ResultValue::Text(nasty()),
                other => other,
            };
            EnterResult {
                sample,
                criterion,
                value,
                tested_on,
            }
        }
        InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence: _,
            raw_data: _,
        } => InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence: nasty(),
            raw_data: nasty(),
        },
        CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason: _,
            raw_data: _,
            second,
        } => CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason: nasty(),
            raw_data: nasty(),
            second,
        },
        ReturnResult {
            sample,
            criterion,
            result,
            reason: _,
        } => ReturnResult {
            sample,
            criterion,
            result,
            reason: nasty(),
        },
        ConfirmResult {
            sample,
            criterion,
            result,
            answer: _,
        } => ConfirmResult {
            sample,
            criterion,
            result,
            answer: nasty(),
        },
        RaiseDeviation {
            deviation,
            step,
            description: _,
        } => RaiseDeviation {
            deviation,
            step,
            description: nasty(),
        },
        AssessDeviation {
            deviation,
            root_cause: _,
            impact: _,
        } => AssessDeviation {
            deviation,
            root_cause: nasty(),
            impact: nasty(),
        },
        AssessException {
            exception,
            assessment: _,
        } => AssessException {
            exception,
            assessment: nasty(),
        },
        Reject { reasons: _, seen } => Reject {
            reasons: nasty(),
            seen,
        },
        WithdrawCertification { reason: _, seen } => WithdrawCertification {
            reason: nasty(),
            seen,
        },
        StoreUnit {
            unit,
            step,
            viable_cells,
            volume_ml,
            location: _,
            stored_at,
        } => StoreUnit {
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
        },
        DestroyUnit { unit, reason: _ } => DestroyUnit {
            unit,
            reason: nasty(),
        },
        ReadIdentifiers {
            stop,
            subject: _,
            din,
        } => ReadIdentifiers {
            stop,
            subject: nasty(),
            din,
        },
        DispatchDose {
            dose,
            subject,
            din,
            destination: _,
        } => DispatchDose {
            dose,
            subject,
            din,
            destination: nasty(),
        },
        DestroyDose { dose, reason: _ } => DestroyDose {
            dose,
            reason: nasty(),
        },
        // Nothing that is written in words.
        CompleteStep {
            step: _,
            performed_at: _,
            seen: _,
        }
        | TakeSample {
            sample: _,
            step: _,
            taken_at: _,
            viable_cells: _,
        }
        | ReviewResult {
            sample: _,
            criterion: _,
            result: _,
        }
        | LiftStop {
            stop: _,
            evidence: _,
            seen: _,
        }
        | ClassifyDeviation {
            deviation: _,
            class: _,
        }
        | CloseDeviation {
            deviation: _,
            seen: _,
        }
        | SignReview { seen: _ }
        | Certify { seen: _ }
        | PrepareDose { dose: _, units: _ }
        | RecordInfusion {
            dose: _,
            started_at: _,
            ended_at: _,
            volume_ml: _,
            given_on_hold: _,
        } => command,
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
