//! The machine's clock. Nothing else reads it.

use app::door::Elapsed;
use chrono::TimeDelta;
use domain::{
    clock::{Steady, Synchronised},
    time::Timestamp,
};
use std::{path::Path, sync::Arc};
use store::{Clock, SteadyClock};

/// `systemd-timesyncd` makes this file once it has set the clock by a time server; it is gone at the next boot. Other time
/// services leave nothing that says so: what they do is unknown here.
const TIMESYNCD: &str = "/run/systemd/timesync/synchronized";

/// The clock that nobody can set: the time since the machine was started, also while it was suspended.
pub fn steady() -> SteadyClock {
    Arc::new(|| Steady {
        elapsed: since_boot(),
        synchronised: if Path::new(TIMESYNCD).exists() {
            Synchronised::Yes
        } else {
            Synchronised::Unknown
        },
    })
}

/// The same for what is limited to so often in a time.
pub fn elapsed() -> Elapsed {
    Arc::new(|| since_boot().to_std().unwrap_or_default())
}

#[cfg(target_os = "linux")]
fn since_boot() -> TimeDelta {
    let shown = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    TimeDelta::seconds(shown.tv_sec) + TimeDelta::nanoseconds(shown.tv_nsec)
}

/// Elsewhere the time since the program first asked. It may stand still while the machine is suspended: the clock is then
/// taken for one that was set forward, and has to be confirmed.
#[cfg(not(target_os = "linux"))]
fn since_boot() -> TimeDelta {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    let elapsed = FIRST.get_or_init(std::time::Instant::now).elapsed();
    TimeDelta::from_std(elapsed).unwrap_or(TimeDelta::MAX)
}

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
