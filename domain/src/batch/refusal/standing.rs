//! A person who may not act now, among the refusals of a command.

use super::Refusal;
use crate::rights;

impl From<rights::Refusal> for Refusal {
    fn from(why: rights::Refusal) -> Self {
        match why {
            rights::Refusal::Role { action } => Self::NotAllowed { action },
            why @ (rights::Refusal::NoAccount
            | rights::Refusal::SessionOver { .. }
            | rights::Refusal::State { .. }
            | rights::Refusal::MustChange { .. }
            | rights::Refusal::PasswordChanged { .. }
            | rights::Refusal::NotAccountable) => Self::Standing(why),
        }
    }
}
