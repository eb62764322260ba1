//! What goes with a command on an account: who asks for it, and what its events do beside the record.

use super::{Answer, Person};
use crate::{Credential, Effect, Loaded};
use domain::{
    ids::{SessionId, UserId},
    ledger::{Hash, LedgerName},
    people::{Asker, PersonCommand, PersonEvent},
    refusal::Words,
    rights::{Action, By, allowed, own_account},
    time::Timestamp,
};
use std::fmt;

/// What would come of a command on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreseen {
    /// It would be recorded.
    Recorded,
    /// The domain would refuse it with these words.
    Refused(Vec<Words>),
    /// It was given before, or isn't decided now: this is the answer.
    Answered(Answer),
}

/// A password as it is kept, for what sets one.
#[derive(Clone)]
pub struct Password {
    /// Its hash as a PHC string.
    pub hash: String,
    /// The password that the person proved themselves with just now ([`Credential::mark`]); `None` where they didn't.
    pub proved: Option<Hash>,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The hash stays out of every log.
        f.write_str("Password")
    }
}

/// Who asks, and whether they may as things stand.
pub(super) fn asker(
    loaded: &Loaded,
    by: &Person,
    what: &PersonCommand,
    password: Option<&Password>,
) -> Asker {
    let Some(user) = by.user else {
        return if by.is_program() {
            Asker::Program
        } else {
            Asker::CommandLine
        };
    };
    let standing = loaded.standing(user, by.session);
    let allowed = if what.is_own() {
        let proved = password.and_then(|password| password.proved).zip(standing);
        let still = proved.map_or(Ok(()), |(checked, one)| one.has_password(checked));
        // Who has a password of somebody else may leave, too.
        let without_own = matches!(
            what,
            PersonCommand::ChoosePassword | PersonCommand::SignOutEverywhere
        );
        still.and_then(|()| own_account(standing, without_own))
    } else {
        let org = LedgerName::org();
        allowed(standing, org.as_str(), Action::KeepAccounts, By::Hand).map(|_| ())
    };
    Asker::Person { user, allowed }
}

/// What goes with these events beside the record.
pub(super) fn effects(
    events: &[PersonEvent],
    user: UserId,
    now: Timestamp,
    password: Option<&Password>,
) -> Vec<Effect> {
    let of = |event: &PersonEvent| match event {
        PersonEvent::PasswordSet { by_another } => {
            let put = password.map(|password| {
                Effect::PutCredential(Credential {
                    user,
                    password_hash: password.hash.clone(),
                    must_change: *by_another,
                    failed_attempts: 0,
                    locked_at: None,
                    changed_at: now,
                })
            });
            put.into_iter().collect()
        }
        PersonEvent::AccountLocked { .. } => vec![Effect::Lock { user, since: now }],
        // An account that was locked before it was disabled is active again in the record: it must not stay locked here.
        PersonEvent::AccountUnlocked { .. } | PersonEvent::AccountEnabled { .. } => {
            vec![Effect::Unlock { user }]
        }
        PersonEvent::SessionsEnded { sessions, because } => {
            let end = |session: &SessionId| Effect::EndSession {
                session: *session,
                at: now,
                because: *because,
            };
            sessions.iter().map(end).collect()
        }
        PersonEvent::AccountAdded { .. }
        | PersonEvent::RoleGranted { .. }
        | PersonEvent::RoleEnded { .. }
        | PersonEvent::AccountDisabled { .. }
        | PersonEvent::AccountabilityAccepted { .. } => Vec::new(),
    };
    events.iter().flat_map(of).collect()
}
