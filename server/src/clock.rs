//! The machine's clock. Nothing else reads it.

use domain::time::Timestamp;
use std::sync::Arc;
use store::Clock;

/// The clock of the machine that the server runs on: the record's time, whatever a tablet shows.
pub fn of_the_machine() -> Clock {
    Arc::new(now)
}

/// This moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // Before 1970 and after the year 290 000 no clock is right; the first moment of all is plainly wrong then.
    let micros = since
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok());
    Timestamp::from_micros(micros.unwrap_or(0)).unwrap_or(EPOCH.into())
}

const EPOCH: chrono::DateTime<chrono::Utc> = chrono::DateTime::UNIX_EPOCH;
