//! A clock that is set: the demonstration's entries carry the times at which they would have been made.

use chrono::TimeDelta;
use domain::time::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use store::Clock;

/// A clock that stands until it is set.
#[derive(Clone)]
pub struct SetClock(Arc<Mutex<Timestamp>>);

impl SetClock {
    /// Standing at a moment.
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(moment)))
    }

    /// What the record reads.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || *clock.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets it.
    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Moves it on.
    pub fn forward(&self, by: TimeDelta) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *standing = standing.plus(by);
    }
}
