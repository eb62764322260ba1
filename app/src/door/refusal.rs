//! Why somebody is not let in, or their signature not taken.

use super::{LONGEST, Often, SHORTEST, WRONG_PASSWORDS_ALLOWED};
use domain::{
    refusal::{Several, Words},
    rights::{self, Action},
};

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
    #[error(
        "There were too many wrong passwords with this name, in this session or from this place. Wait a minute, then try again."
    )]
    TooMany,
    /// Too many sign-ins of one person.
    #[error("You signed in too often within a minute. Wait a minute, then try again.")]
    TooManySignIns,
    /// Too much of one kind by one person.
    #[error(
        "You {what} {most} times within an hour, which is the most that Autolog records. Nothing was recorded now. Wait some minutes, then try again.", what = .0.words(), most = .0.most()
    )]
    TooOften(Often),
    /// Signing with another person's user name.
    #[error(
        "You are signed in as {signed_in}. Sign with that user name, or sign out so that the other person can sign in."
    )]
    OtherPerson {
        /// The user name of the session.
        signed_in: String,
    },
    /// The person may not do it now; no password was checked for it.
    #[error("{0}")]
    MayNot(rights::Refusal),
    /// A second person who isn't one that may.
    #[error(
        "No account with this user name can {action} at this site now. Check the user name; its password was not checked."
    )]
    NoSecondPerson {
        /// What they would do.
        action: Action,
    },
    /// A form that sets a password was sent again, and another password was set by it or since.
    #[error(
        "This form was sent before and set a password then, which is not the one that you typed now. Open the page again to set another."
    )]
    SentBefore,
    /// More than one thing is wrong with what was typed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
    /// No new password at all.
    #[error("The new password is empty. Enter it.")]
    NoNewPassword,
    /// A form that set a password was sent again after another password was set: what was typed is held against none.
    #[error(
        "This form was sent before and set a password then; another one was set since. Open the page again to see how the account stands."
    )]
    SetSince,
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
    /// A new password that is guessed soon.
    #[error(
        "This password would be guessed soon.{because} Choose another, such as a few words in a row that have nothing to do with you or your work."
    )]
    SoonGuessed {
        /// What makes it so, as a sentence after a blank; empty where nothing stands out.
        because: String,
    },
    /// The published password of the demonstration.
    #[error(
        "This is the password of the demonstration, which everybody can read. Choose another, such as a few words in a row."
    )]
    Published,
    /// The old password again.
    #[error("The new password is the old one. Choose another.")]
    SamePassword,
    /// The two entries of the new password differ.
    #[error("The new password was typed differently the second time. Type it again.")]
    NotRepeated,
    /// The new password was not typed a second time.
    #[error("The new password was typed only once. Type it again here.")]
    TypedOnce,
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
            Self::Wrong | Self::NoPassword => Words::at("password", self.to_string()),
            Self::OtherPerson { .. } => Words::at("user_name", self.to_string()),
            Self::NoSecondPerson { .. } => Words::at("user_name", self.to_string()),
            Self::TooMany
            | Self::TooManySignIns
            | Self::TooOften(_)
            | Self::MayNot(_)
            | Self::SentBefore
            | Self::SetSince
            | Self::Several(_) => Words::of(self.to_string()),
            Self::NoNewPassword
            | Self::TooShort { .. }
            | Self::TooLong
            | Self::SoonGuessed { .. }
            | Self::Published
            | Self::SamePassword => Words::at("new_password", self.to_string()),
            Self::NotRepeated | Self::TypedOnce => Words::at("repeated_password", self.to_string()),
        }
    }
}
