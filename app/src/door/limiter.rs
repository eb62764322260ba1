//! How often passwords may be guessed: one limit for every check of a password, whatever it is for.
//!
//! Only wrong ones count, as the tablets of a hospital can share one address. They count by the name that was typed, by the
//! session and by the address, each for itself. A lock of the account comes sooner; this slows down somebody who tries many
//! accounts, and names that don't exist.
//!
//! What a person can have recorded again and again without an end is counted here too.
//!
//! All of it is counted by a clock that nobody can set ([`Elapsed`]). By that of the record a limit would be off once that clock
//! was ahead and was put back.

use domain::ids::{SessionId, UserId};
use governor::{
    Quota, RateLimiter, clock::Clock, middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Wrong passwords in a minute with one user name.
const WITH_NAME: u32 = 10;
/// Wrong passwords in a minute in one session.
const IN_SESSION: u32 = 10;
/// Wrong passwords in a minute from one address.
const FROM_ADDRESS: u32 = 30;
/// Sign-ins of one person in a minute: each makes an entry in the record.
const SIGN_INS: u32 = 60;

/// The time since some moment, by a clock that only goes on, whatever becomes of the record's.
pub type Elapsed = Arc<dyn Fn() -> Duration + Send + Sync>;

/// What one person can have recorded so often in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// A paper is printed, or a copy is made.
    Print,
    /// A comment is added.
    Comment,
    /// A password is set, the person's own or another's.
    Password,
}

impl Often {
    /// How often.
    #[must_use]
    pub fn most(self) -> u32 {
        match self {
            Self::Print | Self::Comment => 120,
            Self::Password => 60,
        }
    }

    /// What the person did.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Print => "printed or copied papers",
            Self::Comment => "added comments",
            Self::Password => "set passwords",
        }
    }
}

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
    prints: Meter,
    comments: Meter,
    passwords: Meter,
}

impl Limiter {
    pub(super) fn new(elapsed: &Elapsed) -> Self {
        let in_a_minute = |most| Meter::new(elapsed, Quota::per_minute(at_least_one(most)));
        let in_an_hour =
            |what: Often| Meter::new(elapsed, Quota::per_hour(at_least_one(what.most())));
        Self {
            names: in_a_minute(WITH_NAME),
            sessions: in_a_minute(IN_SESSION),
            addresses: in_a_minute(FROM_ADDRESS),
            sign_ins: in_a_minute(SIGN_INS),
            prints: in_an_hour(Often::Print),
            comments: in_an_hour(Often::Comment),
            passwords: in_an_hour(Often::Password),
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
        self.sign_ins.may(&normal(user_name))
    }

    /// Counts what a person does; `false` where it was too often.
    pub(super) fn may_again(&self, what: Often, user: UserId) -> bool {
        let meter = match what {
            Often::Print => &self.prints,
            Often::Comment => &self.comments,
            Often::Password => &self.passwords,
        };
        meter.may(&user.0)
    }
}

fn at_least_one(most: u32) -> NonZeroU32 {
    NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN)
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
    limiter: RateLimiter<u16, HashMapStateStore<u16>, SteadyClock, StateInformationMiddleware>,
    /// A place that is full, until when.
    full: Mutex<HashMap<u16, Duration>>,
    clock: SteadyClock,
}

impl Meter {
    fn new(elapsed: &Elapsed, quota: Quota) -> Self {
        let clock = SteadyClock(Arc::clone(elapsed));
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Self {
            places: RandomState::new(),
            limiter: limiter.with_middleware(),
            full: Mutex::default(),
            clock,
        }
    }

    fn is_full(&self, what: &impl Hash) -> bool {
        let now = self.clock.now();
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.place(what);
        let is_full = full.get(&place).is_some_and(|until| *until > now);
        if !is_full {
            full.remove(&place);
        }
        is_full
    }

    /// Counts one where there is room for it; `false` where there is none.
    fn may(&self, what: &impl Hash) -> bool {
        // Asked and counted in one step: two at the same moment don't get the same room.
        self.limiter.check_key(&self.place(what)).is_ok()
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
            let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
            full.insert(place, self.clock.now().saturating_add(wait));
        }
        is_full
    }

    fn place(&self, what: &impl Hash) -> u16 {
        // The lowest 16 bits of a hash with a key of this run.
        let [low, high, ..] = self.places.hash_one(what).to_le_bytes();
        u16::from_le_bytes([low, high])
    }
}

/// [`Elapsed`] as the limiter reads it.
#[derive(Clone)]
struct SteadyClock(Elapsed);

impl Clock for SteadyClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.0)()
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
    #[test]
    fn a_person_does_something_so_often_in_an_hour_and_others_as_often() {
        let shown = Arc::new(Mutex::new(Duration::from_secs(7)));
        let clock = Arc::clone(&shown);
        let elapsed: Elapsed = Arc::new(move || *clock.lock().unwrap());
        let limiter = Limiter::new(&elapsed);
        let user = |number| UserId(uuid::Uuid::from_u128(number));
        for what in [Often::Print, Often::Comment, Often::Password] {
            for nth in 0..what.most() {
                assert!(limiter.may_again(what, user(1)), "{what:?} {nth}");
            }
            assert!(!limiter.may_again(what, user(1)), "{what:?}");
            assert!(limiter.may_again(what, user(2)), "{what:?}");
        }
        *shown.lock().unwrap() += Duration::from_secs(60 * 60);
        assert!(limiter.may_again(Often::Print, user(1)));
    }
}
