//! The limits of a step on figures that are computed from its fields.

use super::{document::RawCheck, limit, word};
use crate::{
    master_record::{Check, CheckOf, StepKind},
    measure::Measure,
    specification::parse::{Mistake, basis},
};
use toml::Spanned;

/// Each figure has one limit: two of them would be one that is hard to read, or contradict each other.
pub(super) fn checks(raw: Vec<Spanned<RawCheck>>, kind: StepKind) -> Result<Vec<Check>, Mistake> {
    let mut checks: Vec<Check> = Vec::new();
    for raw in raw {
        let place = raw.get_ref().of.span();
        let check = check(raw, kind)?;
        if checks.iter().any(|before| before.of == check.of) {
            let reason = format!(
                "{} has a check in this step already; write one limit with both bounds, as in >= 70 and <= 95",
                check.of.code()
            );
            return Err(Mistake::new(place, reason));
        }
        checks.push(check);
    }
    Ok(checks)
}

fn check(raw: Spanned<RawCheck>, kind: StepKind) -> Result<Check, Mistake> {
    let place = raw.span();
    let raw = raw.into_inner();
    let of = word(&raw.of)?;
    let fits = match of {
        CheckOf::Viability => matches!(kind, StepKind::Passage | StepKind::FinalHarvest),
        CheckOf::CountCv => kind == StepKind::FinalHarvest,
    };
    if !fits {
        return Err(Mistake::of(
            &raw.of,
            format!(
                "{} can't be computed for a step of kind {}",
                of.code(),
                kind.code()
            ),
        ));
    }
    Ok(Check {
        of,
        limit: limit(&raw.limit, Measure::PERCENT)?,
        basis: basis(raw.basis(), place, "the check")?,
    })
}
