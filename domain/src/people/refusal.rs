//! Why a command on an account is refused.

use super::AccountState;
use crate::{
    refusal::{Several, Words},
    rights::{self, Role},
    typed::NotWords,
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
        "{user_name} is the last administrator who can be sure to sign in. Another one has to have signed in and chosen their own password first: add or enable one, and have them do that."
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
        "“{0}” can't be a user name. Use 3 to 40 small letters, digits, dots and hyphens, beginning with a letter, with no dot or hyphen at the end or beside another."
    )]
    UserName(String),
    /// The user name was given before.
    #[error("User name {0} was already given, and is never given again. Choose another.")]
    UserNameUsed(String),
    /// More than one thing is wrong with what was typed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
    /// A text that must be given can't be kept.
    #[error("{why}")]
    Text {
        /// The form field.
        field: &'static str,
        /// Why.
        why: NotWords,
    },
    /// Letters of two scripts in one word of a full name.
    #[error(
        "“{word}” in the full name has letters of more than one script, which look like others. Type it again, with one keyboard."
    )]
    MixedScripts {
        /// The word.
        word: String,
    },
    /// A full name that prints like another one.
    #[error(
        "The full name {name} prints like {known}, the name of account {user_name}, and nobody could tell their signatures apart. Add what tells the two people apart, as a second first name or the department."
    )]
    PrintedNameAlike {
        /// What was asked for.
        name: String,
        /// The one that it prints like.
        known: String,
        /// Whose that is.
        user_name: String,
    },
    /// An account can't be enabled again, since its full name is another's now.
    #[error(
        "Account {user_name} has a full name that prints like {name}, and nobody could tell their signatures apart. Disable that account first, or add a new account whose full name tells the two people apart."
    )]
    NameInUse {
        /// The full name of the account.
        name: String,
        /// Whose is alike.
        user_name: String,
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
            Self::MixedScripts { .. } | Self::PrintedNameAlike { .. } => {
                Words::at("printed_name", self.to_string())
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
            | Self::NameInUse { .. }
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
