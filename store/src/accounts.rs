//! Passwords and sessions: not part of the record, and changed in place.

use crate::Fault;
use async_trait::async_trait;
use domain::{
    ids::{SessionId, UserId},
    ledger::Hash,
    people::{Ending, OpenSession},
    rights::Standing,
    time::Timestamp,
};
use std::fmt;

/// What a person proves themselves with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The person.
    pub user: UserId,
    /// The password's hash as a PHC string.
    pub password_hash: String,
    /// Whether the password was set by someone else and must be changed at the next sign-in.
    pub must_change: bool,
    /// How often in a row a wrong password was given.
    pub failed_attempts: u32,
    /// Since when the account is locked.
    pub locked_at: Option<Timestamp>,
    /// When the password was last set.
    pub changed_at: Timestamp,
}

impl Credential {
    /// Which password it is, without being it: a hash over the kept hash.
    #[must_use]
    pub fn mark(&self) -> Hash {
        Hash::of(self.password_hash.as_bytes())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The hash stays out of every log.
        write!(
            f,
            "Credential({}, {} failed, locked {:?})",
            self.user, self.failed_attempts, self.locked_at
        )
    }
}

/// A session of a signed-in person. The token itself is known to the browser alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of the token.
    pub token_hash: String,
    /// The id that entries name.
    pub id: SessionId,
    /// The person.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ended; `None` while it lasts.
    pub ended_at: Option<Timestamp>,
    /// Why it ended, in a word: `signed-out`, `expired`, `disabled`.
    pub ended_because: Option<String>,
}

impl SessionRow {
    /// What decides how long it lasts.
    #[must_use]
    pub fn open(&self) -> OpenSession {
        OpenSession {
            id: self.id,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        }
    }
}

/// What an entry does to accounts beside the record: done in the transaction that records the entry, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Keeps a credential, in place of the one before. An account that is locked stays so.
    PutCredential(Credential),
    /// Locks an account.
    Lock {
        /// The account.
        user: UserId,
        /// Since when.
        since: Timestamp,
    },
    /// Unlocks an account and forgets its wrong passwords.
    Unlock {
        /// The account.
        user: UserId,
    },
    /// Begins a session, with which the wrong passwords of its person are forgotten.
    StartSession(SessionRow),
    /// Ends a session that lasts.
    EndSession {
        /// Which.
        session: SessionId,
        /// When.
        at: Timestamp,
        /// Why, in a word.
        because: Ending,
    },
}

/// Accounts. "Not there" is `None`, never a fault.
///
/// Nothing here sets a password, locks an account, begins or ends a session: each of these has its entry in the record,
/// and is an [`Effect`] of it.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// How a person stands now, acting in this session; `None` where there is no such account. A decision asks by
    /// [`Lookup::Standing`](crate::Lookup::Standing) what holds when it is recorded.
    ///
    /// # Errors
    /// [`Fault`].
    async fn standing(
        &self,
        user: UserId,
        session: Option<SessionId>,
    ) -> Result<Option<Standing>, Fault>;

    /// The credential of a person.
    ///
    /// # Errors
    /// [`Fault`].
    async fn credential(&self, user: UserId) -> Result<Option<Credential>, Fault>;

    /// Counts a guess as wrong before it is checked, so that no number of guesses at the same moment, on whatever servers,
    /// is checked uncounted. Answers how many in a row there are now; `None`, and counts nothing, where there are `most` already,
    /// where the account is locked, or where there is none.
    ///
    /// # Errors
    /// [`Fault`].
    async fn count_guess(&self, user: UserId, most: u32) -> Result<Option<u32>, Fault>;

    /// Forgets the wrong passwords.
    ///
    /// # Errors
    /// [`Fault`].
    async fn forget_failures(&self, user: UserId) -> Result<(), Fault>;

    /// The session with this token, also an ended one.
    ///
    /// # Errors
    /// [`Fault`].
    async fn session(&self, token_hash: &str) -> Result<Option<SessionRow>, Fault>;

    /// The sessions of a person, newest first, no more than `most`.
    ///
    /// # Errors
    /// [`Fault`].
    async fn sessions_of(&self, user: UserId, most: u32) -> Result<Vec<SessionRow>, Fault>;

    /// The sessions of a person that last, the one that was used longest ago first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn open_sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault>;

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`Fault`].
    async fn touch_session(&self, token_hash: &str, now: Timestamp) -> Result<(), Fault>;

    /// Forgets the sessions that ended before `moment`; answers how many. Their beginning and end stay in the record.
    ///
    /// # Errors
    /// [`Fault`].
    async fn forget_sessions(&self, moment: Timestamp) -> Result<u64, Fault>;
}
