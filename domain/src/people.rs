//! Accounts: what the organisation's ledger says of the people who use the program. Passwords are not in it.

mod decide;
mod names;
mod refusal;
mod session;

pub use decide::decide;
pub use names::normal_user_name;
pub use refusal::Refusal;
pub use session::{IDLE, LONGEST, MOST_SESSIONS, OpenSession, sessions_over};

use crate::{
    ids::{SessionId, UserId},
    ledger::rows::{PersonRow, RoleRow},
    rights::{self, Role, words},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum PersonEvent {
    /// The account was added.
    AccountAdded {
        /// Its user name, never given again.
        user_name: String,
        /// The full name as printed with signatures.
        printed_name: String,
        /// Who checked the person's identity, when and how (21 CFR 11.100(b)).
        identity_check: String,
    },
    /// A role was granted.
    RoleGranted {
        /// At which site; `org` for the administrator.
        site: String,
        /// Which.
        role: Role,
    },
    /// A role was ended.
    RoleEnded {
        /// At which site.
        site: String,
        /// Which.
        role: Role,
        /// Why.
        reason: String,
    },
    /// The account was disabled.
    AccountDisabled {
        /// Why.
        reason: String,
    },
    /// The account was enabled again.
    AccountEnabled {
        /// Why.
        reason: String,
    },
    /// The account was locked after repeated wrong passwords.
    AccountLocked {
        /// How many in a row.
        failures: u32,
    },
    /// An administrator unlocked the account.
    AccountUnlocked {
        /// Why.
        reason: String,
    },
    /// A password was set; the password itself is not in the record.
    PasswordSet {
        /// Whether somebody else set it, so that it must be changed at the next sign-in.
        by_another: bool,
    },
    /// The person accepted that their electronic signature binds like one by hand (21 CFR 11.10(j)).
    AccountabilityAccepted {
        /// The words that they accepted.
        statement: String,
    },
    /// Sessions ended together with what was done to the account.
    SessionsEnded {
        /// Which.
        sessions: Vec<SessionId>,
        /// Why: a word of [`Ending`].
        because: Ending,
    },
}

words! {
    /// Why a session ended.
    Ending, "a reason for the end of a session" {
        /// The person signed out.
        SignedOut = "signed-out", "signed out";
        /// The person signed out on every device, or chose a new password.
        Everywhere = "everywhere", "signed out everywhere";
        /// It was idle for too long, or lasted too long.
        Expired = "expired", "expired";
        /// There were too many of the person: the one that was used longest ago ends.
        TooMany = "too-many", "too many sessions";
        /// The account was disabled.
        Disabled = "disabled", "disabled";
        /// The account was locked after wrong passwords.
        Locked = "locked", "locked";
        /// An administrator set a new password.
        PasswordReset = "password-reset", "password reset";
    }
}

/// An event of one session: its own short stream, so that years of sign-ins don't lengthen the account's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum SessionEvent {
    /// The person signed in.
    SignedIn {
        /// The user name.
        user_name: String,
    },
    /// The session ended.
    SignedOut {
        /// Why.
        because: Ending,
    },
    /// Other sessions of the person ended together with the beginning of this one.
    OthersEnded {
        /// Which.
        sessions: Vec<SessionId>,
        /// Why.
        because: Ending,
    },
}

impl PersonEvent {
    /// The version of the shape of all kinds.
    pub const VERSION: u16 = 1;
}

words! {
    /// Whether an account can be used.
    AccountState, "a state of an account" {
        /// It can.
        Active = "active", "active";
        /// Locked after wrong passwords; an administrator unlocks it.
        Locked = "locked", "locked";
        /// Disabled by an administrator.
        Disabled = "disabled", "disabled";
    }
}

/// An account as its events make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: UserId,
    /// Its last event.
    pub version: u64,
    /// The user name.
    pub user_name: String,
    /// The printed name.
    pub printed_name: String,
    /// Who checked the identity, when and how.
    pub identity_check: String,
    /// Since when it exists.
    pub added_at: Timestamp,
    /// Its roles by site, each since when and by whom.
    pub roles: BTreeMap<(String, Role), (Timestamp, String)>,
    /// Whether it can be used.
    pub state: AccountState,
    /// Whether the statement of accountability was accepted.
    pub accountable: bool,
}

/// What can be asked of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonCommand {
    /// Add it.
    Add {
        /// The user name.
        user_name: String,
        /// The printed name.
        printed_name: String,
        /// Who checked the person's identity, when and how.
        identity_check: String,
        /// Its first roles: site and role.
        roles: Vec<(String, Role)>,
        /// Whether the person themselves typed the first password.
        own_password: bool,
    },
    /// Grant a role.
    Grant {
        /// At which site.
        site: String,
        /// Which.
        role: Role,
    },
    /// End a role.
    End {
        /// At which site.
        site: String,
        /// Which.
        role: Role,
        /// Why.
        reason: String,
    },
    /// Disable it.
    Disable {
        /// Why.
        reason: String,
    },
    /// Enable it again.
    Enable {
        /// Why.
        reason: String,
    },
    /// Unlock it.
    Unlock {
        /// Why.
        reason: String,
    },
    /// Set a new password, which its owner has to change.
    ResetPassword,
    /// The person chooses a new password; all other sessions of theirs end.
    ChoosePassword,
    /// The person accepts the statement on electronic signatures.
    Accept {
        /// Its words.
        statement: String,
    },
    /// The person ends all their sessions.
    SignOutEverywhere,
    /// The program locks it after wrong passwords.
    Lock {
        /// How many in a row.
        failures: u32,
    },
}

/// Whether a change of an account is recorded while the clock is in doubt: what two people need to sign in and confirm it,
/// and what takes rights away.
#[must_use]
pub fn is_recorded_in_doubt(command: &PersonCommand) -> bool {
    match command {
        PersonCommand::End { .. }
        | PersonCommand::Disable { .. }
        | PersonCommand::Unlock { .. }
        | PersonCommand::ResetPassword
        | PersonCommand::ChoosePassword
        | PersonCommand::Accept { .. }
        | PersonCommand::SignOutEverywhere
        | PersonCommand::Lock { .. } => true,
        PersonCommand::Add { .. } | PersonCommand::Grant { .. } | PersonCommand::Enable { .. } => {
            false
        }
    }
}

impl PersonCommand {
    /// Whether it concerns the account of the person who asks, and no other.
    #[must_use]
    pub fn is_own(&self) -> bool {
        match self {
            Self::ChoosePassword | Self::Accept { .. } | Self::SignOutEverywhere => true,
            Self::Add { .. }
            | Self::Grant { .. }
            | Self::End { .. }
            | Self::Disable { .. }
            | Self::Enable { .. }
            | Self::Unlock { .. }
            | Self::ResetPassword
            | Self::Lock { .. } => false,
        }
    }

    /// Whether it sets a password.
    #[must_use]
    pub fn sets_password(&self) -> bool {
        match self {
            Self::Add { .. } | Self::ResetPassword | Self::ChoosePassword => true,
            Self::Grant { .. }
            | Self::End { .. }
            | Self::Disable { .. }
            | Self::Enable { .. }
            | Self::Unlock { .. }
            | Self::Accept { .. }
            | Self::SignOutEverywhere
            | Self::Lock { .. } => false,
        }
    }

    /// Why sessions of the account end with it, where they do.
    #[must_use]
    pub fn ends_sessions(&self) -> Option<Ending> {
        match self {
            Self::Disable { .. } => Some(Ending::Disabled),
            Self::Lock { .. } => Some(Ending::Locked),
            Self::ResetPassword => Some(Ending::PasswordReset),
            Self::ChoosePassword | Self::SignOutEverywhere => Some(Ending::Everywhere),
            Self::Add { .. }
            | Self::Grant { .. }
            | Self::End { .. }
            | Self::Enable { .. }
            | Self::Unlock { .. }
            | Self::Accept { .. } => None,
        }
    }
}

/// Who asks for a change of an account, and what has to hold of all accounts together: as it stands under the lock under
/// which the change is recorded.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who asks.
    pub by: Asker,
    /// The sites that exist.
    pub sites: Vec<String>,
    /// The user names that were ever given.
    pub user_names: Vec<String>,
    /// User name and full name of each account that isn't disabled.
    pub names_in_use: Vec<(String, String)>,
    /// The accounts that keep accounts and can be used.
    pub administrators: Vec<Administrator>,
    /// The sessions of the account that last.
    pub sessions: Vec<SessionId>,
    /// The session in which the person who asks acts.
    pub own_session: Option<SessionId>,
}

/// An account that keeps accounts and can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administrator {
    /// The account.
    pub user: UserId,
    /// Whether the person chose the password themselves. A password that somebody else set shows of nobody that they can sign
    /// in: it may never have reached them.
    pub own_password: bool,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A person, as [`rights::allowed`] or [`rights::own_account`] answered for them.
    Person {
        /// Their account.
        user: UserId,
        /// The answer.
        allowed: Result<(), rights::Refusal>,
    },
    /// Whoever runs the command line on the server's machine.
    CommandLine,
    /// The program itself.
    Program,
}

impl Account {
    /// The account that its events make; `None` where the first doesn't add it. Each event comes with when and by whom
    /// (as printed) it was recorded.
    pub fn fold(
        id: UserId,
        events: impl IntoIterator<Item = (Timestamp, String, PersonEvent)>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let (added_at, _, first) = events.next()?;
        let PersonEvent::AccountAdded {
            user_name,
            printed_name,
            identity_check,
        } = first
        else {
            return None;
        };
        let mut account = Self {
            id,
            version: 1,
            user_name,
            printed_name,
            identity_check,
            added_at,
            roles: BTreeMap::new(),
            state: AccountState::Active,
            accountable: false,
        };
        for (at, by, event) in events {
            account.version += 1;
            account.apply(at, by, event);
        }
        Some(account)
    }

    fn apply(&mut self, at: Timestamp, by: String, event: PersonEvent) {
        match event {
            PersonEvent::RoleGranted { site, role } => {
                self.roles.insert((site, role), (at, by));
            }
            PersonEvent::RoleEnded { site, role, .. } => {
                self.roles.remove(&(site, role));
            }
            PersonEvent::AccountDisabled { .. } => self.state = AccountState::Disabled,
            PersonEvent::AccountLocked { .. } if self.state == AccountState::Active => {
                self.state = AccountState::Locked;
            }
            PersonEvent::AccountEnabled { .. } | PersonEvent::AccountUnlocked { .. } => {
                self.state = AccountState::Active;
            }
            PersonEvent::AccountabilityAccepted { .. } => self.accountable = true,
            PersonEvent::AccountAdded { .. }
            | PersonEvent::AccountLocked { .. }
            | PersonEvent::PasswordSet { .. }
            | PersonEvent::SessionsEnded { .. } => {}
        }
    }

    /// Its row in the read tables.
    #[must_use]
    pub fn row(&self) -> PersonRow {
        PersonRow {
            user: self.id,
            user_name: self.user_name.clone(),
            printed_name: self.printed_name.clone(),
            state: self.state.code().to_owned(),
            accountable: self.accountable,
            version: self.version,
            added_at: self.added_at,
        }
    }

    /// The rows of its roles.
    #[must_use]
    pub fn role_rows(&self) -> Vec<RoleRow> {
        let row = |((site, role), (since, by)): (&(String, Role), &(Timestamp, String))| RoleRow {
            site: site.clone(),
            role: role.code().to_owned(),
            since: *since,
            by: by.clone(),
        };
        self.roles.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests;
