//! Whether a person may do something now: account, password, session and role put together in one place.
//!
//! It is asked before a password is hashed, so that nobody has a password checked for what they may not do, and again
//! inside the transaction that records the act. The second answer decides.

use super::{Action, Role, may};
use crate::{ledger::Hash, people::AccountState};

/// How a person stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The user name.
    pub user_name: String,
    /// Whether the account can be used.
    pub state: AccountState,
    /// Whether somebody else set the password, or there is none: then nothing is allowed but to choose one.
    pub must_change: bool,
    /// Whether the statement on electronic signatures is accepted.
    pub accountable: bool,
    /// Whether the session in which the person acts is over. A person without a session, as the command line, has none
    /// that could be.
    pub session_over: bool,
    /// Which password it is: a hash over what is kept of it. Two passwords can be set at the same moment of a clock.
    pub password: Option<Hash>,
    /// The roles, each with its site.
    pub roles: Vec<(String, Role)>,
}

/// How something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// In the session alone.
    Hand,
    /// By an electronic signature: user name and password once more.
    Signature,
}

/// Why a person may not act now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such account.
    #[error("There is no such account, and nothing was recorded.")]
    NoAccount,
    /// The session ended meanwhile.
    #[error(
        "The session of {user_name} has ended meanwhile, and nothing was recorded. Sign in again, then send it once more."
    )]
    SessionOver {
        /// Whose.
        user_name: String,
    },
    /// The account is locked or disabled.
    #[error("The account {user_name} is {state}, and nothing was recorded. Ask an administrator.")]
    State {
        /// Whose.
        user_name: String,
        /// What it is.
        state: AccountState,
    },
    /// Somebody else set the password.
    #[error(
        "Somebody else set the password of {user_name}, and nothing was recorded. Sign in with it and choose one of your own; until then it signs nothing."
    )]
    MustChange {
        /// Whose.
        user_name: String,
    },
    /// The password that was given is no longer the account's.
    #[error(
        "The password of {user_name} was changed meanwhile, and nothing was recorded. Enter the new one."
    )]
    PasswordChanged {
        /// Whose.
        user_name: String,
    },
    /// The statement of accountability is not accepted yet.
    #[error(
        "Before your first signature, accept on the page “My account” that your electronic signature binds like one by hand."
    )]
    NotAccountable,
    /// No role allows it.
    #[error("Your roles at this site don't allow you to {action}. Ask a person with that role.")]
    Role {
        /// What was asked for.
        action: Action,
    },
}

/// The role in which the person may do `action` at `site` now.
///
/// # Errors
/// [`Refusal`]: first what concerns the session and the account, then the role.
pub fn allowed(
    standing: Option<&Standing>,
    site: &str,
    action: Action,
    by: By,
) -> Result<Role, Refusal> {
    let standing = standing.ok_or(Refusal::NoAccount)?;
    usable(standing)?;
    if standing.must_change {
        return Err(Refusal::MustChange {
            user_name: standing.user_name.clone(),
        });
    }
    let mut at_site = standing.roles.iter().filter(|(at, _)| at == site);
    let role = at_site.find(|(_, role)| may(*role, action));
    let (_, role) = role.ok_or(Refusal::Role { action })?;
    if by == By::Signature && !standing.accountable {
        return Err(Refusal::NotAccountable);
    }
    Ok(*role)
}

/// Whether the person may see to their own account now: choose a password, and, where they have chosen it themselves,
/// accept the statement.
///
/// # Errors
/// [`Refusal`].
pub fn own_account(standing: Option<&Standing>, chooses_password: bool) -> Result<(), Refusal> {
    let standing = standing.ok_or(Refusal::NoAccount)?;
    usable(standing)?;
    if standing.must_change && !chooses_password {
        return Err(Refusal::MustChange {
            user_name: standing.user_name.clone(),
        });
    }
    Ok(())
}

fn usable(standing: &Standing) -> Result<(), Refusal> {
    let user_name = || standing.user_name.clone();
    match standing.state {
        AccountState::Active => {}
        state @ (AccountState::Locked | AccountState::Disabled) => {
            return Err(Refusal::State {
                user_name: user_name(),
                state,
            });
        }
    }
    if standing.session_over {
        return Err(Refusal::SessionOver {
            user_name: user_name(),
        });
    }
    Ok(())
}

impl Standing {
    /// The roles at a site, in the order of the record.
    #[must_use]
    pub fn roles_at(&self, site: &str) -> Vec<Role> {
        let at_site = self.roles.iter().filter(|(at, _)| at == site);
        at_site.map(|(_, role)| *role).collect()
    }

    /// Goes on where the password that was checked is still the account's.
    ///
    /// # Errors
    /// [`Refusal::PasswordChanged`].
    pub fn has_password(&self, checked: Hash) -> Result<(), Refusal> {
        if self.password == Some(checked) {
            return Ok(());
        }
        Err(Refusal::PasswordChanged {
            user_name: self.user_name.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn qp() -> Standing {
        Standing {
            user_name: "qp.1".to_owned(),
            state: AccountState::Active,
            must_change: false,
            accountable: true,
            session_over: false,
            password: Some(Hash::of(b"the one")),
            roles: vec![("GE".to_owned(), Role::QualifiedPerson)],
        }
    }

    fn user_name() -> String {
        "qp.1".to_owned()
    }

    // P11-10g, A11-12
    #[test]
    fn each_part_of_the_standing_is_asked_for() {
        let cases: [(&str, Standing, Result<Role, Refusal>); 8] = [
            ("as it should be", qp(), Ok(Role::QualifiedPerson)),
            (
                "disabled",
                Standing {
                    state: AccountState::Disabled,
                    ..qp()
                },
                Err(Refusal::State {
                    user_name: user_name(),
                    state: AccountState::Disabled,
                }),
            ),
            (
                "locked",
                Standing {
                    state: AccountState::Locked,
                    ..qp()
                },
                Err(Refusal::State {
                    user_name: user_name(),
                    state: AccountState::Locked,
                }),
            ),
            (
                "session over",
                Standing {
                    session_over: true,
                    ..qp()
                },
                Err(Refusal::SessionOver {
                    user_name: user_name(),
                }),
            ),
            (
                "another's password",
                Standing {
                    must_change: true,
                    ..qp()
                },
                Err(Refusal::MustChange {
                    user_name: user_name(),
                }),
            ),
            (
                "role ended",
                Standing {
                    roles: Vec::new(),
                    ..qp()
                },
                Err(Refusal::Role {
                    action: Action::Certify,
                }),
            ),
            (
                "role at another site",
                Standing {
                    roles: vec![("BA".to_owned(), Role::QualifiedPerson)],
                    ..qp()
                },
                Err(Refusal::Role {
                    action: Action::Certify,
                }),
            ),
            (
                "statement not accepted",
                Standing {
                    accountable: false,
                    ..qp()
                },
                Err(Refusal::NotAccountable),
            ),
        ];
        for (case, standing, expected) in cases {
            let found = allowed(Some(&standing), "GE", Action::Certify, By::Signature);
            assert_eq!(found, expected, "{case}");
        }
        let nobody = allowed(None, "GE", Action::Certify, By::Signature);
        assert_eq!(nobody, Err(Refusal::NoAccount));
    }

    #[test]
    fn only_a_signature_needs_the_statement() {
        let standing = Standing {
            accountable: false,
            ..qp()
        };
        let read = allowed(Some(&standing), "GE", Action::ReadBatch, By::Hand);
        assert_eq!(read, Ok(Role::QualifiedPerson));
    }

    // P11-200a3: nothing but a password of one's own.
    #[test]
    fn with_a_password_of_somebody_else_only_an_own_one_can_be_chosen() {
        let standing = Standing {
            must_change: true,
            ..qp()
        };
        own_account(Some(&standing), true).unwrap();
        let accepts = own_account(Some(&standing), false);
        assert!(matches!(accepts, Err(Refusal::MustChange { .. })));
        let disabled = Standing {
            state: AccountState::Disabled,
            ..standing
        };
        let chooses = own_account(Some(&disabled), true);
        assert!(matches!(chooses, Err(Refusal::State { .. })));
    }

    #[test]
    fn a_password_that_was_replaced_proves_nothing() {
        assert_eq!(qp().has_password(Hash::of(b"the one")), Ok(()));
        assert!(qp().has_password(Hash::of(b"the next")).is_err());
        let none = Standing {
            password: None,
            ..qp()
        };
        assert!(none.has_password(Hash::of(b"the one")).is_err());
    }
}
