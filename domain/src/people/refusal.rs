//! Why a command on an account is refused.

use super::AccountState;
use crate::{
    refusal::{Several, Words},
    rights::{self, Role},
};

/// Why a command on an account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an administrator.
    #[error("Your roles don't allow you to keep accounts. Ask an administrator.")]
    NotAllowed,
    /// The person may not act now: the account, its password or the session is not as it was.
    #[error("{0}")]
    Standing(rights::Refusal),
    /// Nobody could keep accounts after it.
    #[error(
        "{user_name} is the last administrator whose account can be used. Add or enable another administrator first."
    )]
    LastAdministrator {
        /// The account.
        user_name: String,
    },
    /// A user name that looks like another one.
    #[error(
        "User name {wanted} looks like {given}, which was already given, and in a list nobody could tell the two apart. Choose another."
    )]
    UserNameAlike {
        /// What was asked for.
        wanted: String,
        /// The one that it looks like.
        given: String,
    },
    /// A user name that can't be one.
    #[error(
        "“{0}” can't be a user name. Use 3 to 40 small letters, digits, dots and hyphens, beginning with a letter."
    )]
    UserName(String),
    /// The user name was given before.
    #[error("User name {0} was already given, and is never given again. Choose another.")]
    UserNameUsed(String),
    /// More than one thing is wrong with what was typed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
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

impl Several for Refusal {
    fn several(refused: Vec<Self>) -> Self {
        Self::Several(refused)
    }
}

impl Refusal {
    /// The words of everything that was refused, each at its form field.
    #[must_use]
    pub fn all_words(&self) -> Vec<Words> {
        match self {
            Self::Several(refusals) => refusals.iter().flat_map(Self::all_words).collect(),
            one => vec![one.words()],
        }
    }

    /// The words, at the form field that they belong to.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::UserName(_) | Self::UserNameUsed(_) | Self::UserNameAlike { .. } => {
                Words::at("user_name", self.to_string())
            }
            Self::Text { field, .. } => Words::at(*field, self.to_string()),
            Self::NoSite(_) | Self::AdministratorApart => Words::at("site", self.to_string()),
            Self::Several(_)
            | Self::NotAllowed
            | Self::Standing(_)
            | Self::LastAdministrator { .. }
            | Self::HasRole { .. }
            | Self::LacksRole { .. }
            | Self::State(_)
            | Self::OwnAccount
            | Self::Exists
            | Self::Unknown => Words::of(self.to_string()),
        }
    }
}

impl From<rights::Refusal> for Refusal {
    fn from(why: rights::Refusal) -> Self {
        match why {
            rights::Refusal::Role { .. } => Self::NotAllowed,
            why @ (rights::Refusal::NoAccount
            | rights::Refusal::SessionOver { .. }
            | rights::Refusal::State { .. }
            | rights::Refusal::MustChange { .. }
            | rights::Refusal::PasswordChanged { .. }
            | rights::Refusal::NotAccountable) => Self::Standing(why),
        }
    }
}
