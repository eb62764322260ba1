//! How often passwords may be guessed: one limit for every check of a password, whatever it is for.
//!
//! Only wrong ones count, as the tablets of a hospital can share one address. They count by the name that was typed, by the
//! session and by the address, each for itself. A lock of the account comes sooner; this slows down whoever tries many
//! accounts, and names that don't exist.

use chrono::TimeDelta;
use domain::{ids::SessionId, time::Timestamp};
use governor::{
    Quota, RateLimiter, clock::Clock, middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use store::Records;

/// Wrong passwords in a minute with one user name.
const WITH_NAME: u32 = 10;
/// Wrong passwords in a minute in one session.
const IN_SESSION: u32 = 10;
/// Wrong passwords in a minute from one address.
const FROM_ADDRESS: u32 = 30;
/// Sign-ins of one person in a minute: each makes an entry in the record.
const SIGN_INS: u32 = 60;

/// From where a password was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whence {
    /// The address that the connection, or the proxy in front, names.
    pub address: Option<IpAddr>,
    /// The session, where somebody is signed in there.
    pub session: Option<SessionId>,
}

/// What was counted, in memory: a restart forgets it, the accounts' own counts stay.
pub(super) struct Limiter {
    names: Meter,
    sessions: Meter,
    addresses: Meter,
    sign_ins: Meter,
}

impl Limiter {
    pub(super) fn new(records: &Records) -> Self {
        let meter = |most| Meter::new(records, most);
        Self {
            names: meter(WITH_NAME),
            sessions: meter(IN_SESSION),
            addresses: meter(FROM_ADDRESS),
            sign_ins: meter(SIGN_INS),
        }
    }

    /// Whether too many passwords were wrong, so that no further one is checked now.
    pub(super) fn is_full(&self, user_name: &str, from: Whence) -> bool {
        self.names.is_full(&normal(user_name))
            || from
                .session
                .is_some_and(|one| self.sessions.is_full(&one.0))
            || from
                .address
                .is_some_and(|one| self.addresses.is_full(&network(one)))
    }

    /// Counts a wrong password.
    pub(super) fn note_wrong(&self, user_name: &str, from: Whence) {
        let mut full = self.names.note(&normal(user_name));
        if let Some(session) = from.session {
            full |= self.sessions.note(&session.0);
        }
        if let Some(address) = from.address {
            full |= self.addresses.note(&network(address));
        }
        if full {
            tracing::warn!(address = ?from.address, "too many wrong passwords, no more are checked for now");
        }
    }

    /// Counts a sign-in; `false` where there were too many.
    pub(super) fn may_sign_in(&self, user_name: &str) -> bool {
        let name = normal(user_name);
        if self.sign_ins.is_full(&name) {
            return false;
        }
        let _ = self.sign_ins.note(&name);
        true
    }
}

fn normal(user_name: &str) -> String {
    user_name.trim().to_lowercase()
}

/// What one customer of a network has: an IPv4 address, or the first half of an IPv6 one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let first = v6.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(
                first[0], first[1], first[2], first[3], 0, 0, 0, 0,
            ))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// One count. What is counted goes into one of 65,536 places, drawn for this run: however much is tried, it doesn't grow, and
/// nobody can tell who shares a place.
struct Meter {
    places: RandomState,
    limiter: RateLimiter<u16, HashMapStateStore<u16>, RecordClock, StateInformationMiddleware>,
    /// A place that is full, until when.
    full: Mutex<HashMap<u16, Timestamp>>,
    clock: RecordClock,
}

impl Meter {
    fn new(records: &Records, most: u32) -> Self {
        let clock = RecordClock(records.clone());
        let quota = Quota::per_minute(NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN));
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Self {
            places: RandomState::new(),
            limiter: limiter.with_middleware(),
            full: Mutex::default(),
            clock,
        }
    }

    fn is_full(&self, what: &impl Hash) -> bool {
        let now = self.clock.0.now();
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.place(what);
        // A clock that was set back keeps nobody out for longer than it ever does.
        let lasts = |until: &Timestamp| *until > now && until.since(now) <= TimeDelta::minutes(1);
        let is_full = full.get(&place).is_some_and(lasts);
        if !is_full {
            full.remove(&place);
        }
        is_full
    }

    /// Counts one; whether the place is full with it.
    fn note(&self, what: &impl Hash) -> bool {
        let place = self.place(what);
        let (is_full, wait) = match self.limiter.check_key(&place) {
            Ok(state) => {
                let wait = state.quota().replenish_interval();
                (state.remaining_burst_capacity() == 0, wait)
            }
            Err(until) => (true, until.wait_time_from(self.clock.now())),
        };
        if is_full {
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(1));
            let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
            full.insert(place, self.clock.0.now().plus(wait));
        }
        is_full
    }

    fn place(&self, what: &impl Hash) -> u16 {
        // The lowest 16 bits of a hash with a key of this run.
        let [low, high, ..] = self.places.hash_one(what).to_le_bytes();
        u16::from_le_bytes([low, high])
    }
}

/// The clock of the record, as the limiter reads it.
#[derive(Clone)]
struct RecordClock(Records);

impl Clock for RecordClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let micros = u64::try_from(self.0.now().micros()).unwrap_or(0);
        Duration::from_micros(micros)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_ipv6_customer_has_one_place_and_an_ipv4_address_the_same_in_both_spellings() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
