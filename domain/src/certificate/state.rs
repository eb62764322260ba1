//! How a certificate and its batch stand at the moment of printing. What was certified stays as it was; what has become of
//! it since stands above.

use super::{Paper, Status};
use crate::batch::{Batch, Blocker, Disposition, Dose, DoseState, UnitState};
use serde::{Deserialize, Serialize};

/// One print of a certificate, and how the batch stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printing {
    /// The number of the print, such as `GE-2026-0007-P3`.
    pub number: String,
    /// When it was made, with the zone.
    pub at: String,
    /// By whom.
    pub by: String,
    /// How the certificate stood, in a few words.
    pub state: String,
    /// What holds the batch, and what became of its doses and units: a line each.
    pub lines: Vec<String>,
    /// Whether a dose could leave under this certificate at that moment, for all that the record said.
    pub holds: bool,
}

impl Printing {
    /// The state of a batch at the moment of `paper`, for a certificate whose status is `status`.
    pub(super) fn of(batch: &Batch, status: &Status, paper: &Paper<'_>) -> Self {
        let mut blockers = match status {
            Status::Final => batch.blockers(paper.print.at),
            Status::Withdrawn { .. } | Status::Superseded { .. } | Status::Void { .. } => {
                Vec::new()
            }
        };
        // What the Qualified Person did not know comes first.
        let unknown = |blocker: &Blocker| {
            matches!(
                blocker,
                Blocker::RecordAltered { .. }
                    | Blocker::DeviationOpen { .. }
                    | Blocker::CertifiedBefore { .. }
            )
        };
        blockers.sort_by_key(|blocker| !unknown(blocker));
        let infused = batch.doses.iter().any(is_infused);
        let state = match (status, &batch.disposition) {
            (Status::Superseded { by, .. }, _) => format!("Superseded by {by}"),
            (Status::Void { .. }, _) => "Void: the record was changed after it".to_owned(),
            (Status::Withdrawn { .. }, Disposition::Rejected { .. }) => {
                "Withdrawn, batch rejected".to_owned()
            }
            (Status::Withdrawn { .. }, _) => "Withdrawn".to_owned(),
            (Status::Final, _) if !blockers.is_empty() => "Certified, held".to_owned(),
            (Status::Final, _) if infused => "Certified, dose infused".to_owned(),
            (Status::Final, _) => "Certified".to_owned(),
        };
        let mut lines: Vec<_> = blockers
            .iter()
            .map(|blocker| held(batch, blocker, paper))
            .collect();
        lines.extend(batch.doses.iter().map(|dose| of_dose(dose, paper)));
        lines.extend(batch.units.iter().filter_map(|unit| match &unit.state {
            UnitState::Destroyed { reason, at } => Some(format!(
                "Unit {} destroyed on {}: {reason}",
                unit.code,
                (paper.shown)(*at)
            )),
            UnitState::Stored | UnitState::InDose(_) => None,
        }));
        if lines.is_empty() {
            lines.push(match status {
                Status::Final => "No deviation, exception or expiry holds the batch.".to_owned(),
                Status::Withdrawn { .. } | Status::Superseded { .. } | Status::Void { .. } => {
                    "Nothing may be released under this certificate.".to_owned()
                }
            });
        }
        Self {
            number: paper.print.number.clone(),
            at: (paper.shown)(paper.print.at),
            by: paper.print.by.clone(),
            state,
            lines,
            holds: *status != Status::Final || !blockers.is_empty(),
        }
    }
}

/// What holds the batch, in a line.
fn held(batch: &Batch, blocker: &Blocker, paper: &Paper<'_>) -> String {
    match blocker {
        Blocker::DeviationOpen { deviation, number } => match batch.deviation(*deviation) {
            Some(one) => format!(
                "Held: deviation {number}, open since {}: {}",
                (paper.shown)(one.raised.at),
                one.description
            ),
            None => format!("Held: deviation {number} is open"),
        },
        Blocker::CertifiedBefore { number } => {
            format!(
                "Held: deviation {number} was raised after the certification, which does not cover it"
            )
        }
        other => format!("Held: {other}"),
    }
}

fn is_infused(dose: &Dose) -> bool {
    matches!(dose.state, DoseState::Infused { .. })
}

fn of_dose(dose: &Dose, paper: &Paper<'_>) -> String {
    let shown = paper.shown;
    let code = &dose.code;
    match &dose.state {
        DoseState::Prepared => format!("Dose {code} prepared on {}", shown(dose.prepared.at)),
        DoseState::Dispatched { at, destination } => {
            format!("Dose {code} dispatched on {} to {destination}", shown(*at))
        }
        DoseState::Infused {
            started_at,
            ended_at,
            ..
        } => format!(
            "Dose {code} infused from {} to {}",
            shown(*started_at),
            shown(*ended_at)
        ),
        DoseState::Destroyed { reason, at } => {
            format!("Dose {code} destroyed on {}: {reason}", shown(*at))
        }
    }
}
