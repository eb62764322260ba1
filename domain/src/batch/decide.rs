//! The decision on every command of a batch: events, or a refusal with words. One file per use-case.

mod counts;
mod deviation;
mod dose;
mod doubt;
mod entry;
mod harvest;
mod hold;
mod rejudge;
mod release;
mod result;
mod sample;
mod step;
mod stop;
mod times;
mod unit;

pub use harvest::{aspirate_volume, body_weight, harvest_refusals, plausible_weight, register};

use super::{
    Batch, BatchCommand, BatchEvent, Context, Disposition, Meaning, Refusal, Signature, Signed,
    TimeOf,
};
use crate::{
    clock::ClockState,
    measure::Measure,
    rights::{Action, Role, role_for},
    time::Timestamp,
    typed::{self, Takes},
};
use rust_decimal::Decimal;

/// What has been refused of a command on a batch so far.
type Checks = crate::refusal::Checks<Refusal>;

/// What a command does to a batch.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn decide(
    batch: &Batch,
    command: BatchCommand,
    context: &Context,
) -> Result<(Role, Vec<BatchEvent>), Refusal> {
    let (role, mut events) = decided(batch, command, context)?;
    let rejudged = rejudge::results(batch, context, role, &events);
    events.extend(rejudged);
    Ok((role, events))
}

/// What the command itself does, before what follows from it for reviewed results.
fn decided(
    batch: &Batch,
    command: BatchCommand,
    context: &Context,
) -> Result<(Role, Vec<BatchEvent>), Refusal> {
    let role = context.role(action_of(&command))?;
    if context.clock == ClockState::NotConfirmed && !doubt::is_recorded(batch, &command) {
        return Err(Refusal::ClockNotConfirmed);
    }
    if let Some(what) = &batch.altered
        && (context.signing.is_some() || needs_a_whole_record(&command))
    {
        return Err(Refusal::RecordAltered { what: what.clone() });
    }
    hold::permits(batch, &command)?;
    let event = match command {
        BatchCommand::CorrectHarvest {
            field,
            value,
            reason,
        } => harvest::correct(batch, context, field, &value, &reason),
        BatchCommand::RecordEntry {
            step,
            field,
            value,
            performed_at,
        } => {
            return entry::record(batch, context, step, field, value, performed_at)
                .map(|events| (role, events));
        }
        BatchCommand::CorrectEntry {
            step,
            field,
            value,
            reason,
        } => {
            return entry::correct(batch, context, step, field, value, &reason)
                .map(|events| (role, events));
        }
        BatchCommand::CorrectTime { of, at, reason } => {
            return times::correct(batch, context, of, at, &reason).map(|events| (role, events));
        }
        BatchCommand::VerifyEntry { step, field, seen } => {
            entry::verify(batch, context, step, field, &seen)
        }
        BatchCommand::EntryNotApplicable {
            step,
            field,
            reason,
        } => entry::not_applicable(batch, step, field, &reason),
        BatchCommand::StepNotApplicable { step, reason } => {
            step::not_applicable(batch, step, &reason)
        }
        BatchCommand::CompleteStep {
            step,
            performed_at,
            seen,
        } => step::complete(batch, context, role, step, performed_at, seen),
        BatchCommand::EndCulture { reason } => step::end_culture(batch, &reason),
        BatchCommand::Comment { step, text } => step::comment(batch, step, &text),
        BatchCommand::TakeSample {
            sample,
            step,
            taken_at,
            viable_cells,
        } => sample::take(batch, context, sample, step, taken_at, viable_cells),
        BatchCommand::EnterResult {
            sample,
            criterion,
            value,
            tested_on,
        } => sample::enter(batch, context, sample, criterion, value, tested_on),
        BatchCommand::ReviewResult {
            sample,
            criterion,
            result,
        } => result::review(batch, context, (sample, criterion, result)),
        BatchCommand::CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason,
            raw_data,
            second,
        } => result::correct(
            batch,
            context,
            (sample, criterion, result),
            (value, tested_on),
            &reason,
            &raw_data,
            second.as_ref(),
        ),
        BatchCommand::ReturnResult {
            sample,
            criterion,
            result,
            reason,
        } => result::give_back(batch, context, (sample, criterion, result), &reason),
        BatchCommand::ConfirmResult {
            sample,
            criterion,
            result,
            answer,
        } => result::confirm(batch, context, (sample, criterion, result), &answer),
        BatchCommand::InvalidateResult {
            sample,
            criterion,
            result,
            reason,
            evidence,
            raw_data,
        } => result::invalidate(
            batch,
            context,
            (sample, criterion, result),
            reason,
            &evidence,
            &raw_data,
        ),
        BatchCommand::ReadIdentifiers { stop, subject, din } => {
            stop::read_identifiers(batch, stop, &subject, din)
        }
        BatchCommand::LiftStop {
            stop,
            evidence,
            seen,
        } => stop::lift(batch, context, role, stop, evidence, seen),
        BatchCommand::RaiseDeviation {
            deviation,
            step,
            description,
        } => deviation::raise(batch, deviation, step, &description),
        BatchCommand::ClassifyDeviation { deviation, class } => {
            deviation::classify(batch, deviation, class)
        }
        BatchCommand::AssessDeviation {
            deviation,
            root_cause,
            impact,
        } => deviation::assess(batch, deviation, &root_cause, &impact),
        BatchCommand::CloseDeviation { deviation, seen } => {
            deviation::close(batch, context, role, deviation, seen)
        }
        BatchCommand::AssessException {
            exception,
            assessment,
        } => release::assess_exception(batch, context, exception, &assessment),
        BatchCommand::SignReview { seen } => release::sign_review(batch, context, role, seen),
        BatchCommand::Certify { seen } => release::certify(batch, context, role, seen),
        BatchCommand::Reject { reasons, seen } => {
            release::reject(batch, context, role, &reasons, seen)
        }
        BatchCommand::WithdrawCertification { reason, seen } => {
            release::withdraw(batch, context, role, &reason, seen)
        }
        BatchCommand::StoreUnit {
            unit,
            step,
            viable_cells,
            volume_ml,
            location,
            stored_at,
        } => unit::store(
            batch,
            context,
            unit,
            step,
            viable_cells,
            volume_ml,
            &location,
            stored_at,
        ),
        BatchCommand::DestroyUnit { unit, reason } => unit::destroy(batch, context, unit, &reason),
        BatchCommand::PrepareDose { dose, units } => dose::prepare(batch, context, dose, units),
        BatchCommand::DispatchDose {
            dose,
            subject,
            din,
            destination,
        } => dose::dispatch(batch, context, dose, &subject, din, &destination),
        BatchCommand::RecordInfusion {
            dose,
            started_at,
            ended_at,
            volume_ml,
            given_on_hold,
        } => {
            let during = (started_at, ended_at);
            return dose::infuse(batch, context, dose, during, volume_ml, given_on_hold)
                .map(|events| (role, events));
        }
        BatchCommand::DestroyDose { dose, reason } => dose::destroy(batch, context, dose, &reason),
    }?;
    Ok((role, vec![event]))
}

/// The right that a command needs.
#[must_use]
pub fn action_of(command: &BatchCommand) -> Action {
    match command {
        BatchCommand::CorrectHarvest { .. } => Action::CorrectHarvest,
        BatchCommand::CorrectEntry { .. } => Action::CorrectEntry,
        BatchCommand::CorrectTime { of, .. } => action_of_time(of),
        BatchCommand::RecordEntry { .. }
        | BatchCommand::EntryNotApplicable { .. }
        | BatchCommand::StepNotApplicable { .. }
        | BatchCommand::CompleteStep { .. }
        | BatchCommand::EndCulture { .. }
        | BatchCommand::StoreUnit { .. } => Action::RecordEntry,
        BatchCommand::VerifyEntry { .. } => Action::VerifyEntry,
        BatchCommand::Comment { .. } => Action::Comment,
        BatchCommand::TakeSample { .. } => Action::TakeSample,
        BatchCommand::EnterResult { .. } => Action::EnterResult,
        BatchCommand::CorrectResult { .. } | BatchCommand::ConfirmResult { .. } => {
            Action::CorrectResult
        }
        BatchCommand::ReviewResult { .. }
        | BatchCommand::ReturnResult { .. }
        | BatchCommand::InvalidateResult { .. } => Action::ReviewResult,
        BatchCommand::ReadIdentifiers { .. } => Action::ReadIdentifiers,
        BatchCommand::LiftStop { .. } => Action::LiftStop,
        BatchCommand::RaiseDeviation { .. } => Action::RaiseDeviation,
        BatchCommand::ClassifyDeviation { .. }
        | BatchCommand::AssessDeviation { .. }
        | BatchCommand::CloseDeviation { .. } => Action::CloseDeviation,
        BatchCommand::AssessException { .. } => Action::AssessException,
        BatchCommand::SignReview { .. } => Action::SignReview,
        BatchCommand::Certify { .. } => Action::Certify,
        BatchCommand::Reject { .. } => Action::Reject,
        BatchCommand::WithdrawCertification { .. } => Action::WithdrawCertification,
        BatchCommand::DestroyUnit { .. } => Action::DestroyUnit,
        BatchCommand::PrepareDose { .. }
        | BatchCommand::DispatchDose { .. }
        | BatchCommand::RecordInfusion { .. }
        | BatchCommand::DestroyDose { .. } => Action::GiveDose,
    }
}

/// The right that the correction of a time needs: that to correct what it is the time of.
#[must_use]
pub fn action_of_time(of: &TimeOf) -> Action {
    match of {
        TimeOf::Entry { .. }
        | TimeOf::Step { .. }
        | TimeOf::Sample { .. }
        | TimeOf::Unit { .. } => Action::CorrectEntry,
        TimeOf::Collection => Action::CorrectHarvest,
        TimeOf::InfusionStart { .. } | TimeOf::InfusionEnd { .. } => Action::GiveDose,
    }
}

/// Whether a command binds the record as it stands, or hands cells out on the strength of it. What happened to cells is
/// recorded in any case.
#[must_use]
pub fn needs_a_whole_record(command: &BatchCommand) -> bool {
    matches!(
        command,
        BatchCommand::VerifyEntry { .. }
            | BatchCommand::ReviewResult { .. }
            | BatchCommand::ConfirmResult { .. }
            | BatchCommand::CorrectResult {
                second: Some(_),
                ..
            }
            | BatchCommand::LiftStop { .. }
            | BatchCommand::CloseDeviation { .. }
            | BatchCommand::SignReview { .. }
            | BatchCommand::Certify { .. }
            | BatchCommand::Reject { .. }
            | BatchCommand::WithdrawCertification { .. }
            | BatchCommand::PrepareDose { .. }
            | BatchCommand::DispatchDose { .. }
    )
}

impl Context {
    /// The role in which the person may do `action`.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] where none of their roles may.
    pub fn role(&self, action: Action) -> Result<Role, Refusal> {
        role_for(&self.roles, action).ok_or(Refusal::NotAllowed { action })
    }

    /// A signature of this person on the record as they had it before them.
    fn sign(
        &self,
        batch: &Batch,
        role: Role,
        meaning: Meaning,
        seen: u64,
    ) -> Result<(Signature, Signed), Refusal> {
        let digest = self.signing.clone().ok_or(Refusal::NotAuthenticated)?;
        if seen != batch.version {
            return Err(Refusal::Stale {
                seen,
                version: batch.version,
            });
        }
        let signature = Signature {
            signer: self.user,
            user_name: self.user_name.clone(),
            name: self.name.clone(),
            role,
            at: self.now,
            meaning,
        };
        Ok((
            signature,
            Signed {
                version: batch.version,
                digest,
            },
        ))
    }

    /// A time that a person stated: not in the future, not before what came before it.
    fn stated(
        &self,
        field: &'static str,
        what: &'static str,
        at: Option<Timestamp>,
        before: Option<(String, Timestamp)>,
    ) -> Result<Timestamp, Refusal> {
        let at = match (at, self.clock) {
            (Some(at), _) => at,
            (None, ClockState::Confirmed) => self.now,
            (None, ClockState::NotConfirmed) => return Err(Refusal::TimeNeeded { field, what }),
        };
        if at > self.now && self.clock == ClockState::Confirmed {
            return Err(Refusal::InFuture {
                field,
                what,
                at: self.shown(at),
            });
        }
        match before {
            Some((before_what, before)) if is_before(at, before) => Err(Refusal::BeforePrevious {
                field,
                what,
                at: self.shown(at),
                before_what,
                before: self.shown(before),
            }),
            _ => Ok(at),
        }
    }
}

/// Whether the one is before the other, as far as a person can tell: a time typed to the minute means that whole minute,
/// and what was recorded by itself within it is not after it.
fn is_before(at: Timestamp, before: Timestamp) -> bool {
    const MINUTE: i64 = 60_000_000;
    let (at, before) = (at.micros(), before.micros());
    if at.rem_euclid(MINUTE) == 0 {
        at < before - before.rem_euclid(MINUTE)
    } else {
        at < before
    }
}

/// The longest text that a reason, comment or description keeps.
pub const MAX_WORDS: usize = 4000;

/// A text that must be given.
fn words(field: &'static str, what: &'static str, text: &str) -> Result<String, Refusal> {
    short_words(field, what, text, MAX_WORDS)
}

/// A text that must be given, of `max` characters at most.
fn short_words(
    field: &'static str,
    what: &'static str,
    text: &str,
    max: usize,
) -> Result<String, Refusal> {
    let text = text.trim();
    if typed::is_blank(text) {
        return Err(Refusal::Empty { field, what });
    }
    let length = text.chars().count();
    if length > max {
        return Err(Refusal::TooLong {
            field,
            what,
            length,
            max,
        });
    }
    typed::lines(text, what).map_err(|why| Refusal::NotTaken { field, why })?;
    Ok(text.to_owned())
}

/// A text of one line that must be given, and belongs where it stands.
fn line(
    field: &'static str,
    what: &'static str,
    text: &str,
    takes: Takes,
) -> Result<String, Refusal> {
    let line = words(field, what, text)?;
    typed::placed(&line, what, takes).map_err(|why| Refusal::NotTaken { field, why })?;
    Ok(line)
}

/// A figure that must be above zero.
fn above_zero(field: &'static str, what: &'static str, value: Decimal) -> Result<Decimal, Refusal> {
    if value > Decimal::ZERO {
        Ok(value)
    } else {
        Err(Refusal::NotAboveZero { field, what })
    }
}

/// A count of viable cells: whole ones, none at all included.
fn counted(field: &'static str, what: &'static str, cells: Decimal) -> Result<Decimal, Refusal> {
    match Measure::CELLS.check(cells) {
        Ok(()) => Ok(cells),
        Err(_) => Err(Refusal::Implausible {
            field,
            what,
            value: cells.to_string(),
            rule: "cells are counted as whole ones, and none is the least",
        }),
    }
}

/// The record is open for entries: the batch is neither certified nor rejected.
fn open(batch: &Batch) -> Result<(), Refusal> {
    let state = match &batch.disposition {
        Disposition::Open => return Ok(()),
        Disposition::Certified(_) => "certified",
        Disposition::Rejected { .. } => "rejected",
    };
    Err(Refusal::RecordClosed {
        batch: batch.harvest.number.clone(),
        state,
    })
}
