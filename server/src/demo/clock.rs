//! A clock that is set: the demonstration's entries carry the times at which they would have been made.

use app::door::Elapsed;
use chrono::TimeDelta;
use domain::time::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Clock;

/// A clock that stands until it is set.
#[derive(Clone)]
pub struct SetClock(Arc<Mutex<Shown>>);

struct Shown {
    moment: Timestamp,
    /// How far it was moved on in all: what a clock beside it would show that nobody can put back.
    elapsed: TimeDelta,
}

impl SetClock {
    /// Standing at a moment.
    pub fn at(moment: Timestamp) -> Self {
        let elapsed = TimeDelta::zero();
        Self(Arc::new(Mutex::new(Shown { moment, elapsed })))
    }

    /// What the record reads.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.shown().moment)
    }

    /// What limits read.
    pub fn elapsed(&self) -> Elapsed {
        let clock = self.clone();
        Arc::new(move || clock.shown().elapsed.to_std().unwrap_or_default())
    }

    /// Sets it. No time passes by that.
    pub fn set(&self, moment: Timestamp) {
        self.shown().moment = moment;
    }

    /// Moves it on.
    pub fn forward(&self, by: TimeDelta) {
        let mut shown = self.shown();
        shown.moment = shown.moment.plus(by);
        shown.elapsed += by;
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
