//! What a command asks for before its own rule is asked: a right, a whole record, a batch that nothing holds, a clock.

use crate::{master_record::StepRef, rights::Action, time::Timestamp};

/// What a command asks for. Each slice says it of each of its commands, so that a new command doesn't compile before
/// somebody has thought of it.
#[derive(Debug)]
pub(super) struct Demands<'a> {
    /// The right that it needs.
    pub action: Action,
    /// Whether it binds the record as it stands, or hands cells out on the strength of it: refused where the record was
    /// changed outside Autolog. What happened to cells is recorded in any case.
    pub whole_record: bool,
    /// The work on cells that it records: refused while a stop holds the batch, but where the step keeps cells alive.
    pub work: Option<Work<'a>>,
    /// The step whose cells it keeps alive, where the master record says that the step does: recorded also while the clock is
    /// not confirmed. Whatever has none waits for the clock.
    pub may_keep_alive: Option<&'a StepRef>,
    /// What it claims that another may hold.
    pub claims: Claim<'a>,
}

/// Work in a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work<'a> {
    /// The step.
    pub step: &'a StepRef,
    /// When it was done, where the person says so.
    pub performed_at: Option<Timestamp>,
    /// Whether it ends the step: of one that is over it is a signature alone, and no work.
    pub ends_step: bool,
}

/// What a command claims that belongs to one batch or one subject at a time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Claim<'a> {
    /// Nothing.
    Nothing,
    /// A position of the freezer, as it was typed.
    Position(&'a str),
    /// A chain-of-identity id, as it was typed.
    Coi(&'a str),
}

impl<'a> Demands<'a> {
    /// The right alone.
    pub fn right(action: Action) -> Self {
        Self {
            action,
            whole_record: false,
            work: None,
            may_keep_alive: None,
            claims: Claim::Nothing,
        }
    }

    /// The right and a record that nobody changed outside Autolog.
    pub fn whole_record(action: Action) -> Self {
        Self {
            whole_record: true,
            ..Self::right(action)
        }
    }

    /// The right for work in a step.
    pub fn work(action: Action, step: &'a StepRef, performed_at: Option<Timestamp>) -> Self {
        let work = Work {
            step,
            performed_at,
            ends_step: false,
        };
        Self {
            work: Some(work),
            ..Self::right(action)
        }
    }

    /// The same; recorded without a confirmed clock where `step` keeps cells alive.
    pub fn keeping_alive(self, step: &'a StepRef) -> Self {
        Self {
            may_keep_alive: Some(step),
            ..self
        }
    }
}
