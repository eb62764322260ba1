//! What an event does beside what it says: signatures that it voids, people who may no longer review, a clock in doubt.

use crate::{
    batch::{
        Batch, BatchEvent, Disposition, ExceptionKind, Meaning, Stamp,
        effect::{DecisionEffect, Effect, InDoubt},
    },
    clock::ClockState,
};

impl Batch {
    pub(super) fn take_effect(&mut self, event: &BatchEvent, clock: ClockState, stamp: &Stamp) {
        let effect = event.effect(self);
        self.void_signatures(&effect, stamp.version);
        if effect.makes_contributor {
            self.contributors.insert(stamp.by.user);
        }
        self.contributors.extend(effect.second_contributor);
        self.note_clock(effect.in_doubt, clock, stamp);
    }

    /// A later change voids what was signed before it (DI-3).
    ///
    /// - A correction in a step voids the signature of that step.
    /// - Until the batch is decided on, whatever is added to the record voids QA's review: they have not seen it. The
    ///   decision itself rests on the review and leaves it standing.
    /// - After that a deviation, a comment or a dose is added beside what was signed, and keeps doses here by itself where
    ///   it must. The withdrawal voids the certification, and with it the review; and so would a change of the record
    ///   itself, though no command makes one then.
    fn void_signatures(&mut self, effect: &Effect<'_>, version: u64) {
        let withdraws = effect.decision == DecisionEffect::Withdraws;
        let adds =
            self.disposition == Disposition::Open && effect.decision != DecisionEffect::Decides;
        let changes = effect.in_reviewed_record;
        for record in &mut self.signatures {
            let voided = match record.signature.meaning {
                Meaning::Performed => {
                    effect.voids_step.is_some() && record.step == effect.voids_step
                }
                Meaning::Reviewed => adds || withdraws || changes,
                Meaning::Certified => withdraws || changes,
                Meaning::StopLifted
                | Meaning::DeviationClosed
                | Meaning::Rejected
                | Meaning::Withdrawn => false,
            };
            if voided && record.void_since.is_none() {
                record.void_since = Some(version);
            }
        }
    }

    /// What was recorded by a clock that nobody had confirmed: its time, and the order in which it was done, rest on what
    /// the person stated.
    fn note_clock(&mut self, in_doubt: InDoubt<'_>, clock: ClockState, stamp: &Stamp) {
        match (clock, in_doubt) {
            (ClockState::Confirmed, _) | (ClockState::NotConfirmed, InDoubt::SameAct) => {}
            (ClockState::NotConfirmed, InDoubt::Flagged(step)) => {
                self.except(step, ExceptionKind::ClockNotConfirmed, stamp);
            }
        }
    }
}
