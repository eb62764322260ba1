//! Passwords and sessions: not part of the record, and changed in place.

use crate::Fault;
use async_trait::async_trait;
use domain::{
    ids::{SessionId, UserId},
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

/// Accounts. "Not there" is `None`, never a fault.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Keeps a credential, in place of the one before.
    ///
    /// # Errors
    /// [`Fault`].
    async fn put_credential(&self, credential: &Credential) -> Result<(), Fault>;

    /// The credential of a person.
    ///
    /// # Errors
    /// [`Fault`].
    async fn credential(&self, user: UserId) -> Result<Option<Credential>, Fault>;

    /// Counts one more wrong password and answers how many in a row there are now; 0 where there is no such account.
    ///
    /// # Errors
    /// [`Fault`].
    async fn count_failure(&self, user: UserId) -> Result<u32, Fault>;

    /// Forgets the wrong passwords.
    ///
    /// # Errors
    /// [`Fault`].
    async fn forget_failures(&self, user: UserId) -> Result<(), Fault>;

    /// Locks the account since a moment, or unlocks it; unlocking forgets the wrong passwords too.
    ///
    /// # Errors
    /// [`Fault`].
    async fn set_locked(&self, user: UserId, since: Option<Timestamp>) -> Result<(), Fault>;

    /// Begins a session.
    ///
    /// # Errors
    /// [`Fault`].
    async fn start_session(&self, session: &SessionRow) -> Result<(), Fault>;

    /// The session with this token, also an ended one.
    ///
    /// # Errors
    /// [`Fault`].
    async fn session(&self, token_hash: &str) -> Result<Option<SessionRow>, Fault>;

    /// All sessions of a person, newest first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault>;

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`Fault`].
    async fn touch_session(&self, token_hash: &str, now: Timestamp) -> Result<(), Fault>;

    /// Ends a session that lasts; answers whether one did.
    ///
    /// # Errors
    /// [`Fault`].
    async fn end_session(
        &self,
        token_hash: &str,
        now: Timestamp,
        because: &str,
    ) -> Result<bool, Fault>;

    /// Ends all sessions of a person that last; answers how many.
    ///
    /// # Errors
    /// [`Fault`].
    async fn end_sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
        because: &str,
    ) -> Result<u64, Fault>;
}
