//! Who may come in: passwords, sessions, and the second look at a password that a signature needs.
//!
//! What an account *is* stands in the organisation's ledger; here is only what proves that somebody is its owner. No
//! clock and no random source of its own: both come from the server.

mod account;
mod confirm;
mod cookie;
mod password;
mod refusal;
mod session;

pub use account::STATEMENT;
pub use cookie::SessionCookie;
pub use password::{LONGEST, SHORTEST, password_rule};
pub use refusal::Refusal;
pub use session::{IDLE, RENEWED, SignedIn};

use domain::{
    ids::{CommandId, UserId},
    ledger::rows::{PersonRow, RoleRow},
    people::{AccountState, PersonCommand, PersonEvent, normal_user_name},
    rights::Role,
    time::Timestamp,
};
use password::Hasher;
use std::{sync::Arc, time::Duration};
use store::{Credential, Person, Records};
use tokio::sync::Mutex;
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
    turns: Arc<[Mutex<()>; 16]>,
}

impl Door {
    /// A door to `records`. `cookie` says how the session's token is kept by the browser.
    ///
    /// # Errors
    /// [`Fault`] where no password can be hashed.
    pub async fn new(
        records: Records,
        random: Random,
        cookie: SessionCookie,
    ) -> Result<Self, Fault> {
        let hasher = Hasher::new(&random).await?;
        Ok(Self {
            records,
            random,
            cookie,
            hasher,
            turns: Arc::default(),
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
    ) -> Result<Result<Known, Refusal>, Fault> {
        if password.is_empty() {
            return Ok(Err(Refusal::NoPassword));
        }
        let refused_at = tokio::time::sleep(REFUSED_AFTER);
        match self.verify_now(user_name, password).await? {
            Some(known) => Ok(Ok(known)),
            None => {
                refused_at.await;
                Ok(Err(Refusal::Wrong))
            }
        }
    }

    async fn verify_now(&self, user_name: &str, password: &str) -> Result<Option<Known>, Fault> {
        let Some(row) = self.person_named(user_name).await? else {
            self.hasher.verify_nothing(password).await?;
            return Ok(None);
        };
        // One after the other for each account: guesses sent at the same moment are all counted.
        let turn = usize::from(row.user.0.as_bytes()[15]) % self.turns.len();
        let _turn = self.turns[turn].lock().await;
        let store = self.records.store();
        let Some(credential) = store.credential(row.user).await? else {
            self.hasher.verify_nothing(password).await?;
            return Ok(None);
        };
        if row.state != AccountState::Active.code() || credential.locked_at.is_some() {
            self.hasher.verify_nothing(password).await?;
            return Ok(None);
        }
        if credential.failed_attempts >= WRONG_PASSWORDS_ALLOWED {
            // The program ended between the last wrong password and the lock.
            self.lock(row.user, credential.failed_attempts).await?;
            self.hasher.verify_nothing(password).await?;
            return Ok(None);
        }
        if self
            .hasher
            .verify(password, &credential.password_hash)
            .await?
        {
            if credential.failed_attempts > 0 {
                store.forget_failures(row.user).await?;
            }
            return Ok(Some(Known { row, credential }));
        }
        let failures = store.count_failure(row.user).await?;
        tracing::warn!(user = %row.user, failures, "wrong password");
        if failures >= WRONG_PASSWORDS_ALLOWED {
            self.lock(row.user, failures).await?;
        }
        Ok(None)
    }

    // P11-300d, A11d-11.7: only an administrator unlocks.
    async fn lock(&self, user: UserId, failures: u32) -> Result<(), Fault> {
        let event = PersonEvent::AccountLocked { failures };
        let command = self.new_command()?;
        let note = PersonCommand::Note(event);
        self.records
            .on_person(&Person::program(), command, user, note)
            .await?;
        let now = self.records.now();
        self.records.store().set_locked(user, Some(now)).await?;
        tracing::warn!(%user, failures, "account locked after wrong passwords");
        self.end_sessions(user, None, "locked").await
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
struct Known {
    row: PersonRow,
    credential: Credential,
}
