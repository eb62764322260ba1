//! Why somebody is not let in, or their signature not taken.

use super::{LONGEST, SHORTEST, WRONG_PASSWORDS_ALLOWED};
use domain::refusal::Words;

/// Why somebody is not let in, or their signature not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// One answer for an unknown name, a wrong password, a locked and a disabled account.
    #[error(
        "User name or password is not right, or the account can't be used. After {WRONG_PASSWORDS_ALLOWED} wrong \
         passwords in a row an account is locked; an administrator unlocks it."
    )]
    Wrong,
    /// No password at all: nobody guesses with that, so it doesn't count as a wrong one.
    #[error("Password is empty. Enter it.")]
    NoPassword,
    /// Too many attempts from one place.
    #[error("There were too many attempts to sign in. Wait a minute, then try again.")]
    TooMany,
    /// Signing with another person's user name.
    #[error(
        "You are signed in as {signed_in}. Sign with that user name, or sign out so that the other person can sign in."
    )]
    OtherPerson {
        /// The user name of the session.
        signed_in: String,
    },
    /// The password was set by somebody else.
    #[error(
        "Somebody else set this password. Sign in with it and choose one of your own; until then it signs nothing."
    )]
    MustChange,
    /// The statement of accountability is not accepted yet.
    #[error(
        "Before your first signature, accept on the page “My account” that your electronic signature binds like one by hand."
    )]
    NotAccountable,
    /// A new password that is too short.
    #[error(
        "The password has {length} characters; it needs at least {SHORTEST}. A few words in a row are easy to keep in mind."
    )]
    TooShort {
        /// How many it has.
        length: usize,
    },
    /// A new password that is too long.
    #[error("The password has more than {LONGEST} characters. Choose a shorter one.")]
    TooLong,
    /// A new password that is guessed first.
    #[error(
        "This password is one of those that are guessed first. Choose another, such as a few words in a row."
    )]
    WellKnown,
    /// A new password made of the user name.
    #[error(
        "The password is little more than the user name. Choose another, such as a few words in a row."
    )]
    LikeUserName,
    /// The old password again.
    #[error("The new password is the old one. Choose another.")]
    SamePassword,
    /// The two entries of the new password differ.
    #[error("The new password was typed differently the second time. Type it again.")]
    NotRepeated,
}

impl Refusal {
    /// The words, at the form field that they belong to.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Wrong | Self::NoPassword => Words::at("password", self.to_string()),
            Self::OtherPerson { .. } => Words::at("user_name", self.to_string()),
            Self::TooMany | Self::MustChange | Self::NotAccountable => Words::of(self.to_string()),
            Self::TooShort { .. }
            | Self::TooLong
            | Self::WellKnown
            | Self::LikeUserName
            | Self::SamePassword => Words::at("new_password", self.to_string()),
            Self::NotRepeated => Words::at("repeated_password", self.to_string()),
        }
    }
}
