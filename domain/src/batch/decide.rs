//! The decision on every command of a batch: what each is asked first, its slice, and what the slices share.

use super::{
    Batch, BatchCommand, BatchEvent, Context, Disposition, InputRefusal, Meaning, Refusal,
    Signature, Signed, StandingRefusal, StopRefusal, demands::Work, deviation, dose, exception,
    harvest, inventory, processing, quality, release, stop, stop::stops_in_words, times,
};
use crate::{
    clock::ClockState,
    master_record::{StepKind, StepRef},
    measure::Measure,
    rights::{Action, Role, role_for},
    time::Timestamp,
    typed::{self, Takes},
};
use rust_decimal::Decimal;

/// The one event of most commands.
pub(super) fn one(event: BatchEvent) -> Vec<BatchEvent> {
    vec![event]
}

/// What has been refused of a command on a batch so far.
pub(super) type Checks = crate::refusal::Checks<Refusal>;

/// What a command does to a batch.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn decide(
    batch: &Batch,
    command: BatchCommand,
    context: &Context,
) -> Result<(Role, Vec<BatchEvent>), Refusal> {
    let demands = command.demands();
    let role = context.role(demands.action)?;
    if context.clock == ClockState::NotConfirmed && !keeps_alive(batch, demands.may_keep_alive) {
        return Err(Refusal::Standing(StandingRefusal::ClockNotConfirmed));
    }
    if let Some(what) = &batch.altered
        && (context.signing.is_some() || demands.whole_record)
    {
        let what = what.clone();
        return Err(Refusal::Standing(StandingRefusal::RecordAltered { what }));
    }
    if let Some(work) = demands.work {
        not_held(batch, work)?;
    }
    let mut events = match command {
        BatchCommand::Harvest(command) => harvest::decide::decide(batch, command, context),
        BatchCommand::Processing(command) => {
            processing::decide::decide(batch, command, context, role)
        }
        BatchCommand::Times(command) => times::decide::decide(batch, command, context),
        BatchCommand::Quality(command) => quality::decide::decide(batch, command, context),
        BatchCommand::Stop(command) => stop::decide::decide(batch, command, context, role),
        BatchCommand::Deviation(command) => {
            deviation::decide::decide(batch, command, context, role)
        }
        BatchCommand::Exception(command) => exception::decide::decide(batch, command, context),
        BatchCommand::Release(command) => release::decide::decide(batch, command, context, role),
        BatchCommand::Inventory(command) => inventory::decide::decide(batch, command, context),
        BatchCommand::Dose(command) => dose::decide::decide(batch, command, context),
    }?;
    let rejudged = quality::rejudge::results(batch, context, role, &events);
    events.extend(rejudged);
    Ok((role, events))
}

/// Cells in culture don't wait for a clock: what keeps them alive is recorded, with the time at which the person says that it
/// was done. Nothing else is: no dose leaves, nothing is signed off, and no window or shelf life is judged by that clock.
fn keeps_alive(batch: &Batch, at: Option<&StepRef>) -> bool {
    let step = at.and_then(|at| batch.documents.master_record.step(&at.key));
    step.is_some_and(|step| step.keeps_alive)
}

/// Work in a step may be recorded while stops hold the batch: what is about to be done is refused, what keeps the cells alive
/// and what was already done is recorded and flagged.
///
/// # Errors
/// [`StopRefusal::OnHold`]. What the release list says of an open stop refuses review, certification, preparation and
/// dispatch where they are decided; so does what holds a dose its infusion.
fn not_held(batch: &Batch, work: Work<'_>) -> Result<(), Refusal> {
    let Some(first) = batch.open_stops().next() else {
        return Ok(());
    };
    // A step that there isn't is refused by the command itself.
    let Some(step) = batch.documents.master_record.step(&work.step.key) else {
        return Ok(());
    };
    let over = (batch.steps.get(work.step)).is_some_and(|record| record.completed.is_some());
    let done_before = work.performed_at.is_some_and(|at| at < first.raised.at);
    let permitted = step.keeps_alive || step.kind == StepKind::Assess || done_before;
    // A step that is over is signed again: nothing more is done in it.
    if permitted || work.ends_step && over {
        return Ok(());
    }
    Err(Refusal::Stop(StopRefusal::OnHold {
        title: batch.step_title(work.step),
        held_by: stops_in_words(batch.open_stops()).unwrap_or_default(),
    }))
}

impl Context {
    /// The role in which the person may do `action`.
    ///
    /// # Errors
    /// [`StandingRefusal::NotAllowed`] where none of their roles may.
    pub fn role(&self, action: Action) -> Result<Role, Refusal> {
        role_for(&self.roles, action).ok_or(Refusal::not_allowed(action))
    }

    /// A signature of this person on the record as they had it before them.
    pub(super) fn sign(
        &self,
        batch: &Batch,
        role: Role,
        meaning: Meaning,
        seen: u64,
    ) -> Result<(Signature, Signed), Refusal> {
        let digest = self
            .signing
            .clone()
            .ok_or(Refusal::Standing(StandingRefusal::NotAuthenticated))?;
        if seen != batch.version {
            return Err(Refusal::Standing(StandingRefusal::Stale {
                seen,
                version: batch.version,
            }));
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
    pub(super) fn stated(
        &self,
        field: &'static str,
        what: &'static str,
        at: Option<Timestamp>,
        before: Option<(String, Timestamp)>,
    ) -> Result<Timestamp, Refusal> {
        let at = match (at, self.clock) {
            (Some(at), _) => at,
            (None, ClockState::Confirmed) => self.now,
            (None, ClockState::NotConfirmed) => {
                return Err(Refusal::Input(InputRefusal::TimeNeeded { field, what }));
            }
        };
        if at > self.now && self.clock == ClockState::Confirmed {
            return Err(Refusal::Input(InputRefusal::InFuture {
                field,
                what,
                at: self.shown(at),
            }));
        }
        match before {
            Some((before_what, before)) if is_before(at, before) => {
                Err(Refusal::Input(InputRefusal::BeforePrevious {
                    field,
                    what,
                    at: self.shown(at),
                    before_what,
                    before: self.shown(before),
                }))
            }
            _ => Ok(at),
        }
    }
}

/// Whether the one is before the other, as far as a person can tell: a time typed to the minute means that whole minute,
/// and what was recorded by itself within it is not after it.
pub(super) fn is_before(at: Timestamp, before: Timestamp) -> bool {
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
pub(super) fn words(
    field: &'static str,
    what: &'static str,
    text: &str,
) -> Result<String, Refusal> {
    short_words(field, what, text, MAX_WORDS)
}

/// A text that must be given, of `max` characters at most.
pub(super) fn short_words(
    field: &'static str,
    what: &'static str,
    text: &str,
    max: usize,
) -> Result<String, Refusal> {
    let text = text.trim();
    if typed::is_blank(text) {
        return Err(Refusal::Input(InputRefusal::Empty { field, what }));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Refusal::Input(InputRefusal::TooLong {
            field,
            what,
            length,
            max,
        }));
    }
    typed::lines(text, what)
        .map_err(|why| Refusal::Input(InputRefusal::NotTaken { field, why }))?;
    Ok(text.to_owned())
}

/// A text of one line that must be given, and belongs where it stands.
pub(super) fn line(
    field: &'static str,
    what: &'static str,
    text: &str,
    takes: Takes,
) -> Result<String, Refusal> {
    let line = words(field, what, text)?;
    typed::placed(&line, what, takes)
        .map_err(|why| Refusal::Input(InputRefusal::NotTaken { field, why }))?;
    Ok(line)
}

/// A figure that must be above zero.
pub(super) fn above_zero(
    field: &'static str,
    what: &'static str,
    value: Decimal,
) -> Result<Decimal, Refusal> {
    if value > Decimal::ZERO {
        Ok(value)
    } else {
        Err(Refusal::Input(InputRefusal::NotAboveZero { field, what }))
    }
}

/// A count of viable cells: whole ones, none at all included.
pub(super) fn counted(
    field: &'static str,
    what: &'static str,
    cells: Decimal,
) -> Result<Decimal, Refusal> {
    match Measure::CELLS.check(cells) {
        Ok(()) => Ok(cells),
        Err(_) => Err(Refusal::Input(InputRefusal::Implausible {
            field,
            what,
            value: cells.to_string(),
            rule: "cells are counted as whole ones, and none is the least",
        })),
    }
}

/// The record is open for entries: the batch is neither certified nor rejected.
pub(super) fn open(batch: &Batch) -> Result<(), Refusal> {
    let state = match &batch.disposition {
        Disposition::Open => return Ok(()),
        Disposition::Certified(_) => "certified",
        Disposition::Rejected { .. } => "rejected",
    };
    Err(Refusal::Standing(StandingRefusal::RecordClosed {
        batch: batch.harvest.number.clone(),
        state,
    }))
}
