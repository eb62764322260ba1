//! What a command does to an account.

use super::{
    Account, AccountState, Administrator, Asker, Asking, PersonCommand, PersonEvent, Refusal,
    names::{look_of_user_name, normal_user_name, printed_name, unused_name},
};
use crate::{ledger::LedgerName, refusal::Checks, rights::Role, typed::several_lines};

/// The longest name or reason that is kept of an account.
pub(super) const MAX_WORDS: usize = 300;

/// What a command does to an account.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn decide(
    account: Option<&Account>,
    command: PersonCommand,
    asking: &Asking,
) -> Result<Vec<PersonEvent>, Refusal> {
    if let Asker::Person { allowed, .. } = &asking.by {
        allowed.clone()?;
    }
    if let PersonCommand::Add {
        user_name,
        printed_name,
        identity_check,
        roles,
        own_password,
    } = command
    {
        // Adding over an account that exists would grant it roles past the rules for granting.
        if account.is_some() {
            return Err(Refusal::Exists);
        }
        let mut events = add(&user_name, &printed_name, &identity_check, &roles, asking)?;
        events.push(PersonEvent::PasswordSet {
            by_another: !own_password,
        });
        return Ok(events);
    }
    let account = account.ok_or(Refusal::Unknown)?;
    let own = matches!(asking.by, Asker::Person { user, .. } if user == account.id);
    // P11-100b: nobody grants themselves a right, and nobody sees to what is another's own.
    if own != command.is_own() {
        return Err(if own {
            Refusal::OwnAccount
        } else {
            Refusal::NotAllowed
        });
    }
    let because = command.ends_sessions();
    let kept = match command {
        PersonCommand::ChoosePassword => asking.own_session,
        _ => None,
    };
    let mut events: Vec<_> = change(account, command, asking)?.into_iter().collect();
    let mut ended = asking.sessions.clone();
    ended.retain(|session| Some(*session) != kept);
    if let Some(because) = because.filter(|_| !ended.is_empty()) {
        events.push(PersonEvent::SessionsEnded {
            sessions: ended,
            because,
        });
    }
    Ok(events)
}

fn add(
    user_name: &str,
    printed_name: &str,
    identity_check: &str,
    roles: &[(String, Role)],
    asking: &Asking,
) -> Result<Vec<PersonEvent>, Refusal> {
    let mut checks = Checks::default();
    let user_name = checks.take(free_user_name(user_name, asking));
    let printed_name = checks.take(free_printed_name(printed_name, asking));
    let identity_check = checks.take(words("identity_check", "Identity check", identity_check));
    let granted = checks.take(first_roles(roles, asking));
    let (Some(user_name), Some(printed_name), Some(identity_check), Some(granted)) =
        (user_name, printed_name, identity_check, granted)
    else {
        return Err(checks.refused());
    };
    let mut events = vec![PersonEvent::AccountAdded {
        user_name,
        printed_name,
        identity_check,
    }];
    events.extend(granted);
    Ok(events)
}

/// A user name that was never given, in its one spelling.
fn free_user_name(user_name: &str, asking: &Asking) -> Result<String, Refusal> {
    let user_name = normal_user_name(user_name)?;
    if asking.user_names.contains(&user_name) {
        return Err(Refusal::UserNameUsed(user_name));
    }
    let looks = look_of_user_name(&user_name);
    let alike = asking
        .user_names
        .iter()
        .find(|one| look_of_user_name(one) == looks);
    if let Some(given) = alike {
        return Err(Refusal::UserNameAlike {
            wanted: user_name,
            given: given.clone(),
        });
    }
    Ok(user_name)
}

/// A full name that prints like nobody else's.
fn free_printed_name(text: &str, asking: &Asking) -> Result<String, Refusal> {
    let name = printed_name(text)?;
    unused_name(&name, &asking.names_in_use)?;
    Ok(name)
}

/// The roles with which an account begins: all of them, or why one doesn't fit.
fn first_roles(roles: &[(String, Role)], asking: &Asking) -> Result<Vec<PersonEvent>, Refusal> {
    let mut events = Vec::new();
    let mut held: Vec<(String, Role)> = Vec::new();
    for (site, role) in roles {
        let one = (site.clone(), *role);
        if held.contains(&one) {
            return Err(Refusal::HasRole {
                role: *role,
                site: site.clone(),
            });
        }
        fits(site, *role, held.iter(), asking)?;
        held.push(one);
        events.push(PersonEvent::RoleGranted {
            site: site.clone(),
            role: *role,
        });
    }
    Ok(events)
}

/// What a command other than [`PersonCommand::Add`] does; ending all sessions is told of apart.
fn change(
    account: &Account,
    command: PersonCommand,
    asking: &Asking,
) -> Result<Option<PersonEvent>, Refusal> {
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
            if role == Role::Administrator {
                another_administrator_stays(account, asking)?;
            }
            let reason = words("reason", "Reason", &reason)?;
            PersonEvent::RoleEnded { site, role, reason }
        }
        PersonCommand::Disable { reason } => {
            if account.state == AccountState::Disabled {
                return Err(Refusal::State(account.state));
            }
            another_administrator_stays(account, asking)?;
            let reason = words("reason", "Reason", &reason)?;
            PersonEvent::AccountDisabled { reason }
        }
        PersonCommand::Enable { reason } => {
            in_state(AccountState::Disabled)?;
            let reason = words("reason", "Reason", &reason)?;
            // Somebody may have got an account with a name that prints alike meanwhile.
            if let Err(Refusal::PrintedNameAlike { user_name, .. }) =
                unused_name(&account.printed_name, &asking.names_in_use)
            {
                return Err(Refusal::NameInUse {
                    name: account.printed_name.clone(),
                    user_name,
                });
            }
            PersonEvent::AccountEnabled { reason }
        }
        PersonCommand::Unlock { reason } => {
            in_state(AccountState::Locked)?;
            PersonEvent::AccountUnlocked {
                reason: words("reason", "Reason", &reason)?,
            }
        }
        PersonCommand::ResetPassword => PersonEvent::PasswordSet { by_another: true },
        PersonCommand::ChoosePassword => PersonEvent::PasswordSet { by_another: false },
        PersonCommand::Accept { .. } if account.accountable => return Ok(None),
        PersonCommand::Accept { statement } => PersonEvent::AccountabilityAccepted { statement },
        PersonCommand::Lock { failures } => {
            in_state(AccountState::Active)?;
            PersonEvent::AccountLocked { failures }
        }
        PersonCommand::SignOutEverywhere => return Ok(None),
        // It was answered before.
        PersonCommand::Add { .. } => return Err(Refusal::Exists),
    };
    Ok(Some(event))
}

/// Without an administrator who can sign in, nobody could be let in or kept out any more. One who chose their own password
/// gives way only to another one who did. Where nobody has yet, as before the first sign-in of all, one with a password that was
/// set for them stays.
fn another_administrator_stays(account: &Account, asking: &Asking) -> Result<(), Refusal> {
    let all = &asking.administrators;
    let Some(goes) = all.iter().find(|one| one.user == account.id) else {
        return Ok(());
    };
    let is_enough =
        |one: &Administrator| one.user != goes.user && (one.own_password || !goes.own_password);
    if all.iter().any(is_enough) {
        return Ok(());
    }
    Err(Refusal::LastAdministrator {
        user_name: account.user_name.clone(),
    })
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

/// Words that must be given.
fn words(field: &'static str, what: &'static str, text: &str) -> Result<String, Refusal> {
    several_lines(text, what, MAX_WORDS).map_err(|why| Refusal::Text { field, why })
}
