//! Accounts: what the organisation's ledger says of the people who use the program. Passwords are not in it.

use crate::{
    ids::UserId,
    ledger::{
        LedgerName,
        rows::{PersonRow, RoleRow},
    },
    refusal::Words,
    rights::{Action, Role, may, words},
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
        /// Why: `signed-out`, `everywhere`, `expired`, `disabled`.
        because: String,
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
    /// Note that an administrator set a new password.
    ResetPassword,
    /// What the account itself or the sign-in notes; asked for by the program, not by a person's right over others.
    Note(PersonEvent),
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
        | PersonCommand::Note(_) => true,
        PersonCommand::Add { .. } | PersonCommand::Grant { .. } | PersonCommand::Enable { .. } => {
            false
        }
    }
}

/// Who asks for a change of an account.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The account; `None` for the command line.
    pub user: Option<UserId>,
    /// Its roles in the organisation (`org`). The command line acts as administrator.
    pub roles: Vec<Role>,
    /// The moment.
    pub now: Timestamp,
    /// The sites that exist.
    pub sites: Vec<String>,
}

/// Why a command on an account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an administrator.
    #[error("Your roles don't allow you to keep accounts. Ask an administrator.")]
    NotAllowed,
    /// A user name that can't be one.
    #[error(
        "“{0}” can't be a user name. Use 3 to 40 small letters, digits, dots and hyphens, beginning with a letter."
    )]
    UserName(String),
    /// The user name was given before.
    #[error("User name {0} was already given, and is never given again. Choose another.")]
    UserNameUsed(String),
    /// A text that must be given is empty or too long.
    #[error("{what} is empty or longer than 300 characters.")]
    Text {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// There is no such site.
    #[error("There is no site {0}.")]
    NoSite(String),
    /// An administrator has no role at a site, and nobody else one in the organisation.
    #[error(
        "An administrator keeps accounts for the whole organisation and can't enter, release or read batches: give that role alone, and for the whole organisation (site “org”)."
    )]
    AdministratorApart,
    /// The role is there already.
    #[error("The account already is {role} at {site}.")]
    HasRole {
        /// Which.
        role: Role,
        /// Where.
        site: String,
    },
    /// The role is not there.
    #[error("The account is not {role} at {site}.")]
    LacksRole {
        /// Which.
        role: Role,
        /// Where.
        site: String,
    },
    /// The account is in another state.
    #[error("The account is {0}.")]
    State(AccountState),
    /// One's own account.
    #[error("You can't change your own roles or state. Ask another administrator.")]
    OwnAccount,
    /// The account that is to be added is there already.
    #[error("This account was added before. Open the page again to add another.")]
    Exists,
    /// There is no such account.
    #[error("There is no such account.")]
    Unknown,
}

impl Refusal {
    /// The words, at the form field that they belong to.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::UserName(_) | Self::UserNameUsed(_) => Words::at("user_name", self.to_string()),
            Self::Text { field, .. } => Words::at(*field, self.to_string()),
            Self::NoSite(_) | Self::AdministratorApart => Words::at("site", self.to_string()),
            _ => Words::of(self.to_string()),
        }
    }
}

/// What a command does to an account. `used` says whether the user name was ever given.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn decide(
    account: Option<&Account>,
    command: PersonCommand,
    asking: &Asking,
    used: bool,
) -> Result<Vec<PersonEvent>, Refusal> {
    if let PersonCommand::Note(event) = command {
        return account.map(|_| vec![event]).ok_or(Refusal::Unknown);
    }
    if asking.user.is_some()
        && !asking
            .roles
            .iter()
            .any(|role| may(*role, Action::KeepAccounts))
    {
        return Err(Refusal::NotAllowed);
    }
    if let PersonCommand::Add {
        user_name,
        printed_name,
        identity_check,
        roles,
    } = command
    {
        // Adding over an account that exists would grant it roles past the rules for granting.
        if account.is_some() {
            return Err(Refusal::Exists);
        }
        return add(
            &user_name,
            &printed_name,
            &identity_check,
            &roles,
            asking,
            used,
        );
    }
    let account = account.ok_or(Refusal::Unknown)?;
    // P11-100b: nobody grants themselves a right.
    if asking.user == Some(account.id) {
        return Err(Refusal::OwnAccount);
    }
    change(account, command, asking)
}

fn add(
    user_name: &str,
    printed_name: &str,
    identity_check: &str,
    roles: &[(String, Role)],
    asking: &Asking,
    used: bool,
) -> Result<Vec<PersonEvent>, Refusal> {
    let user_name = normal_user_name(user_name)?;
    if used {
        return Err(Refusal::UserNameUsed(user_name));
    }
    let mut events = vec![PersonEvent::AccountAdded {
        user_name,
        printed_name: short("printed_name", "Full name", printed_name)?,
        identity_check: short("identity_check", "Identity check", identity_check)?,
    }];
    let mut held: Vec<(String, Role)> = Vec::new();
    for (site, role) in roles {
        fits(site, *role, held.iter(), asking)?;
        held.push((site.clone(), *role));
        events.push(PersonEvent::RoleGranted {
            site: site.clone(),
            role: *role,
        });
    }
    Ok(events)
}

fn change(
    account: &Account,
    command: PersonCommand,
    asking: &Asking,
) -> Result<Vec<PersonEvent>, Refusal> {
    let in_state = |state: AccountState| {
        if account.state == state {
            Ok(())
        } else {
            Err(Refusal::State(account.state))
        }
    };
    let event = match command {
        PersonCommand::Grant { site, role } => {
            if account.roles.contains_key(&(site.clone(), role)) {
                return Err(Refusal::HasRole { role, site });
            }
            fits(&site, role, account.roles.keys(), asking)?;
            PersonEvent::RoleGranted { site, role }
        }
        PersonCommand::End { site, role, reason } => {
            if !account.roles.contains_key(&(site.clone(), role)) {
                return Err(Refusal::LacksRole { role, site });
            }
            PersonEvent::RoleEnded {
                site,
                role,
                reason: short("reason", "Reason", &reason)?,
            }
        }
        PersonCommand::Disable { reason } => {
            if account.state == AccountState::Disabled {
                return Err(Refusal::State(account.state));
            }
            PersonEvent::AccountDisabled {
                reason: short("reason", "Reason", &reason)?,
            }
        }
        PersonCommand::Enable { reason } => {
            in_state(AccountState::Disabled)?;
            PersonEvent::AccountEnabled {
                reason: short("reason", "Reason", &reason)?,
            }
        }
        PersonCommand::Unlock { reason } => {
            in_state(AccountState::Locked)?;
            PersonEvent::AccountUnlocked {
                reason: short("reason", "Reason", &reason)?,
            }
        }
        PersonCommand::ResetPassword => PersonEvent::PasswordSet { by_another: true },
        // Both were answered before.
        PersonCommand::Add { .. } | PersonCommand::Note(_) => return Err(Refusal::Unknown),
    };
    Ok(vec![event])
}

fn fits<'a>(
    site: &str,
    role: Role,
    mut held: impl Iterator<Item = &'a (String, Role)>,
    asking: &Asking,
) -> Result<(), Refusal> {
    let administrator = role == Role::Administrator;
    let in_organisation = site == LedgerName::org().as_str();
    if administrator != in_organisation
        || held.any(|(_, other)| (*other == Role::Administrator) != administrator)
    {
        return Err(Refusal::AdministratorApart);
    }
    if !in_organisation && !asking.sites.iter().any(|known| known == site) {
        return Err(Refusal::NoSite(site.to_owned()));
    }
    Ok(())
}

/// A user name in its one spelling: small letters.
///
/// # Errors
/// [`Refusal::UserName`] where it can't be one.
pub fn normal_user_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim().to_lowercase();
    let plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-');
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    if plain && begins && (3..=40).contains(&name.len()) {
        return Ok(name);
    }
    Err(Refusal::UserName(text.trim().chars().take(60).collect()))
}

fn short(field: &'static str, what: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 300 {
        return Err(Refusal::Text { field, what });
    }
    Ok(text.to_owned())
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
            | PersonEvent::PasswordSet { .. } => {}
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
