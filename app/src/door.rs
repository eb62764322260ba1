//! Who may come in: passwords, sessions, and the second look at a password that a signature needs.
//!
//! What an account *is* stands in the organisation's ledger; here is only what proves that somebody is its owner. No
//! clock and no random source of its own: both come from the server.

mod account;
mod confirm;
mod cookie;
mod hasher;
mod limiter;
mod password;
mod refusal;
mod session;

pub use account::STATEMENT;
pub use confirm::is_own_user_name;
pub use cookie::SessionCookie;
pub use limiter::{Elapsed, Often, Whence};
pub use password::{LONGEST, NewPassword, PUBLISHED, SHORTEST, password_rule};
pub use refusal::Refusal;
pub use session::{ENDED_KEPT_FOR, RENEWED, SignedIn};

use domain::{
    ids::{CommandId, UserId},
    ledger::rows::{PersonRow, RoleRow},
    people::{AccountState, PersonCommand, normal_user_name},
    rights::Role,
    time::Timestamp,
};
use hasher::Hasher;
use limiter::Limiter;
use std::{sync::Arc, time::Duration};
use store::{Answer, Credential, Person, Records};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// What fills bytes at random, fit for secrets.
pub type Random = Arc<dyn Fn(&mut [u8]) -> std::io::Result<()> + Send + Sync>;

/// So many wrong passwords in a row lock an account.
pub const WRONG_PASSWORDS_ALLOWED: u32 = 5;

/// Every refused sign-in takes at least this long, so that its time doesn't tell which user names exist.
const REFUSED_AFTER: Duration = Duration::from_millis(300);

/// What can fail at the door that is not the person's doing. It is a 500, never a wrong password.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The record or the accounts can't be read or written.
    #[error(transparent)]
    Record(#[from] store::Fault),
    /// A password can't be hashed, or the kept hash can't be read.
    #[error("a password can't be checked: {0}")]
    Hashing(String),
    /// No random bytes.
    #[error("the random source failed")]
    Random(#[source] std::io::Error),
}

impl Fault {
    /// Whether it is only that the database can't be reached.
    #[must_use]
    pub fn is_down(&self) -> bool {
        match self {
            Self::Record(fault) => fault.is_down(),
            Self::Hashing(_) | Self::Random(_) => false,
        }
    }
}

/// A person whose session was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The person. While [`Visitor::must_change`] holds they have no role at all, so that nothing is allowed to them.
    pub person: Person,
    /// Whether somebody else set the password, so that it has to be changed before anything else.
    pub must_change: bool,
    /// When the session ends, where nothing more is asked.
    pub ends_at: Timestamp,
    /// When it ends at the latest, whatever is asked.
    pub ends_at_latest: Timestamp,
}

/// The door of the program. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    records: Records,
    random: Random,
    cookie: SessionCookie,
    hasher: Hasher,
    limiter: Arc<Limiter>,
    /// Whose password is being checked.
    checks: Arc<Turns>,
    /// Whose password is being changed.
    changes: Arc<Turns>,
}

/// Accounts wait for one another by the last byte of their id.
type Turns = [Mutex<()>; 16];

impl Door {
    /// A door to `records`. `elapsed` is the clock by which it is limited how often something is done; `cookie` says how the
    /// session's token is kept by the browser.
    ///
    /// # Errors
    /// [`Fault`] where no password can be hashed.
    pub async fn new(
        records: Records,
        random: Random,
        elapsed: &Elapsed,
        cookie: SessionCookie,
    ) -> Result<Self, Fault> {
        let hasher = Hasher::new(&random).await?;
        Ok(Self {
            limiter: Arc::new(Limiter::new(elapsed)),
            records,
            random,
            cookie,
            hasher,
            checks: Arc::default(),
            changes: Arc::default(),
        })
    }

    /// How the session's token is kept by the browser.
    #[must_use]
    pub fn cookie(&self) -> &SessionCookie {
        &self.cookie
    }

    /// A new random id (version 4): for commands, for the seed of a page, for what a person adds.
    ///
    /// # Errors
    /// [`Fault::Random`].
    pub fn new_id(&self) -> Result<Uuid, Fault> {
        let mut bytes = [0; 16];
        (self.random)(&mut bytes).map_err(Fault::Random)?;
        Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    fn new_command(&self) -> Result<CommandId, Fault> {
        self.new_id().map(CommandId)
    }

    /// The account and its credential, where user name and password are right and the account can be used.
    ///
    /// An empty password is told as missing, and counts as no attempt. An unknown name, a wrong password, a locked and a disabled account take the same time and have the same answer.
    async fn verify(
        &self,
        user_name: &str,
        password: &str,
        from: Whence,
    ) -> Result<Result<Known, Refusal>, Fault> {
        if password.is_empty() {
            return Ok(Err(Refusal::NoPassword));
        }
        let refused_at = tokio::time::sleep(REFUSED_AFTER);
        let known = self.verify_now(user_name, password, from).await?;
        if known == Err(Refusal::Wrong) {
            refused_at.await;
        }
        Ok(known)
    }

    async fn verify_now(
        &self,
        user_name: &str,
        password: &str,
        from: Whence,
    ) -> Result<Result<Known, Refusal>, Fault> {
        if self.limiter.is_full(user_name, from) {
            return Ok(Err(Refusal::TooMany));
        }
        let store = self.records.store();
        let row = self.person_named(user_name).await?;
        // One after the other for each account.
        let _one = match &row {
            Some(row) => Some(self.one_by_one(&self.checks, row.user).await),
            None => None,
        };
        let turn = self.hasher.turn().await?;
        // Others may have failed while this one waited.
        if self.limiter.is_full(user_name, from) {
            return Ok(Err(Refusal::TooMany));
        }
        let credential = match &row {
            Some(row) if row.state == AccountState::Active.code() => {
                store.credential(row.user).await?
            }
            _ => None,
        };
        let known = row.zip(credential);
        let count = match &known {
            Some((row, _)) => {
                let most = WRONG_PASSWORDS_ALLOWED;
                store.count_guess(row.user, most).await?
            }
            None => None,
        };
        let hash = match (&known, count) {
            (Some((_, credential)), Some(_)) => credential.password_hash.as_str(),
            _ => self.hasher.nobodys(),
        };
        let (right, turn) = turn.verify(password, hash).await?;
        let right = right && count.is_some();
        if !right {
            // Before the turn goes to the next.
            self.limiter.note_wrong(user_name, from);
        }
        drop(turn);
        let Some((row, credential)) = known else {
            return Ok(Err(Refusal::Wrong));
        };
        if right {
            store.forget_failures(row.user).await?;
            return Ok(Ok(Known { row, credential }));
        }
        match count {
            Some(failures) => {
                tracing::warn!(user = %row.user, failures, "wrong password");
                if failures >= WRONG_PASSWORDS_ALLOWED {
                    self.lock(row.user, failures).await?;
                }
            }
            None => self.lock_what_was_not_locked(row.user).await?,
        }
        Ok(Err(Refusal::Wrong))
    }

    // P11-300d, A11d-11.7: only an administrator unlocks.
    async fn lock(&self, user: UserId, failures: u32) -> Result<(), Fault> {
        let command = self.new_command()?;
        let what = PersonCommand::Lock { failures };
        let locked = self
            .records
            .on_person(&Person::program(), command, user, what, None)
            .await?;
        if matches!(locked, Answer::Done(_)) {
            tracing::warn!(%user, failures, "account locked after wrong passwords");
        }
        Ok(())
    }

    /// Where the program ended between the last wrong password and the lock, the account is locked now. Another server may be
    /// about to find a guess right which it counted before: it is given the time to say so.
    async fn lock_what_was_not_locked(&self, user: UserId) -> Result<(), Fault> {
        tokio::time::sleep(REFUSED_AFTER).await;
        let credential = self.records.store().credential(user).await?;
        let full = |one: &Credential| {
            one.locked_at.is_none() && one.failed_attempts >= WRONG_PASSWORDS_ALLOWED
        };
        match credential.filter(full) {
            Some(credential) => self.lock(user, credential.failed_attempts).await,
            None => Ok(()),
        }
    }

    /// Waits until nobody else is at the same account.
    async fn one_by_one<'t>(&self, turns: &'t Turns, user: UserId) -> MutexGuard<'t, ()> {
        let turn = usize::from(user.0.as_bytes()[15]) % turns.len();
        turns[turn].lock().await
    }

    /// Goes on where the person didn't do this too often within an hour, and counts it. Only people are counted.
    ///
    /// # Errors
    /// [`Refusal::TooOften`].
    pub fn may_again(&self, person: &Person, what: Often) -> Result<(), Refusal> {
        let may = |user| self.limiter.may_again(what, user);
        if person.user.is_none_or(may) {
            return Ok(());
        }
        tracing::warn!(user = %person.user_name, ?what, "too much within an hour, no more is recorded for now");
        Err(Refusal::TooOften(what))
    }

    async fn person_named(&self, user_name: &str) -> Result<Option<PersonRow>, Fault> {
        match normal_user_name(user_name) {
            Ok(normal) => Ok(self.records.store().person_named(&normal).await?),
            Err(_) => Ok(None),
        }
    }

    async fn roles(&self, user: UserId) -> Result<Vec<(String, Role)>, Fault> {
        let rows = self.records.store().roles(user).await?;
        // A role that this version of the program doesn't know grants nothing.
        let role = |row: RoleRow| Some((row.site, row.role.parse().ok()?));
        Ok(rows.into_iter().filter_map(role).collect())
    }
}

/// An account that proved its password just now.
#[derive(PartialEq, Eq)]
struct Known {
    row: PersonRow,
    credential: Credential,
}
