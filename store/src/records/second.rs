//! The second person of a command, as the record knows them at the moment of the decision: a right that was taken away, or
//! an account that was disabled, after their password was checked counts.

use crate::{Loaded, Lookup};
use domain::{batch::BatchCommand, people::AccountState};

/// What has to be looked up of the second person.
pub(super) fn lookups(what: &BatchCommand) -> Vec<Lookup> {
    match what {
        BatchCommand::CorrectResult {
            second: Some(second),
            ..
        } => vec![Lookup::Person(second.user), Lookup::Roles(second.user)],
        _ => Vec::new(),
    }
}

/// The command with the roles that its second person has at the site now; none where the account can't be used.
pub(super) fn as_of_now(what: BatchCommand, loaded: &Loaded, site: &str) -> BatchCommand {
    match what {
        BatchCommand::CorrectResult {
            sample,
            criterion,
            result,
            value,
            tested_on,
            reason,
            raw_data,
            second: Some(mut second),
        } => {
            let active = AccountState::Active.code();
            let usable = (loaded.person(second.user)).is_some_and(|row| row.state == active);
            let rows = loaded.roles(second.user).iter();
            let here = rows.filter(|row| usable && row.site == site);
            second.roles = here.filter_map(|row| row.role.parse().ok()).collect();
            BatchCommand::CorrectResult {
                sample,
                criterion,
                result,
                value,
                tested_on,
                reason,
                raw_data,
                second: Some(second),
            }
        }
        what => what,
    }
}
