//! What people do next. A move is a few numbers; what they mean depends on the state of the batch, so that most sequences
//! get somewhere: three of four moves take the batch further, the others go aside or wild.

mod aside;
mod plausible;
mod values;
mod wild;

use crate::{
    people::{
        EVERYBODY, MANY, MANY2, PHARMACIST, Person, QA, QA_AND_QP, QA2, QC, QC2, QP, QP2, TECH,
        TECH2,
    },
    world::World,
};
use chrono::TimeDelta;
use domain::batch::BatchCommand;
use proptest::prelude::*;

pub const TECHNICIANS: &[Person] = &[TECH, TECH2, TECH, TECH2, MANY];
pub const VERIFIERS: &[Person] = &[TECH, TECH2, QC, QA2, MANY2];
pub const ANALYSTS: &[Person] = &[QC, QC2, QC, QC2, MANY];
pub const QA_REVIEWERS: &[Person] = &[QA, QA2, QA_AND_QP, MANY2];
pub const QUALIFIED_PERSONS: &[Person] = &[QP, QP2, QA_AND_QP, MANY2];
pub const PHARMACISTS: &[Person] = &[PHARMACIST, PHARMACIST, MANY];

/// A command, and who would be asked to do it.
pub struct Proposal {
    pub by: &'static [Person],
    pub command: BatchCommand,
}

/// One move: small numbers that shrink towards the plausible.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Below 75 further, below 88 aside, below 96 wild, the rest a long wait first.
    kind: u8,
    /// Which of the commands that could be asked.
    pick: u16,
    /// Which value, which person.
    detail: u16,
    /// How long after the move before.
    minutes: u8,
}

/// Sequences of moves, as long as a batch takes from harvest to infusion and then some.
pub fn sequences() -> impl Strategy<Value = Vec<Move>> {
    let one = (0..100_u8, any::<u16>(), any::<u16>(), 0..25_u8).prop_map(
        |(kind, pick, detail, minutes)| Move {
            kind,
            pick,
            detail,
            minutes,
        },
    );
    prop::collection::vec(one, 40..260)
}

impl Move {
    /// Asks the batch for what this move means now.
    pub fn make(self, world: &mut World) {
        world.now = world.now.plus(TimeDelta::minutes(self.minutes.into()));
        if self.kind >= 98 {
            let days = i64::from(self.pick % 14) + 1;
            world.now = world.now.plus(TimeDelta::days(days));
        }
        match self.kind {
            75..88 => self.ask(world, aside::proposals(world, self.detail)),
            88..96 => {
                let (command, signing) = wild::command(world, self.pick, self.detail);
                let person = EVERYBODY[usize::from(self.detail) % EVERYBODY.len()];
                let _ = world.ask(person, signing, command);
            }
            _ => self.ask(world, plausible::proposals(world, self.detail)),
        }
    }

    fn ask(self, world: &mut World, proposals: Vec<Proposal>) {
        let place = usize::from(self.pick) % proposals.len().max(1);
        let Some(Proposal { by, command }) = proposals.into_iter().nth(place) else {
            return;
        };
        let person = by[usize::from(self.detail / 7) % by.len()];
        // Now and then the password is left out.
        let signing = self.detail % 31 != 30;
        let _ = world.ask(person, signing, command);
    }
}
